"""What the overdue matters of a quarter rest on: the kinds of matter, and which of their ledgers could be read."""

from collections.abc import Collection

import pandas as pd

from pipeline.report.material.membership import ended_groups, ended_text
from pipeline.report.material.numbers import listed, quantity, short_month_text
from pipeline.report.material.quarter import QuarterReport

MATTERS = ("decisions", "opinions", "pledges")  # as list_overdue names them; their workbook kinds have the same names


def matter_gaps(report: QuarterReport) -> dict[str, tuple[pd.Period, ...]]:
    """Return the months of the quarter without a usable ledger, by kind of matter (only those that lack any)."""
    submissions = report.of_quarter("submissions")
    open_ones = submissions[~submissions["is_submitted"].astype(bool)]
    months = {matter: tuple(open_ones.loc[open_ones["kind"] == matter, "month"]) for matter in MATTERS}
    return {matter: lacking for matter, lacking in months.items() if lacking}


def unread_matters(report: QuarterReport) -> frozenset[str]:
    """Return the kinds of matter of which no ledger of the quarter could be used: no row is then no answer."""
    submissions = report.of_quarter("submissions")
    handed_in = submissions.groupby("kind")["is_submitted"].any()
    return frozenset(matter for matter in MATTERS if matter in handed_in.index and not handed_in[matter])


def matter_gap_text(gaps: dict[str, tuple[pd.Period, ...]], report: QuarterReport) -> str:
    """Return gaps as words: 决议（10月、11月）、承诺（12月）."""
    texts = report.texts
    return listed(
        (
            texts(
                "gap.named_months",
                name=texts(f"overdue.{matter}"),
                months=listed((short_month_text(month, texts) for month in months), texts),
            )
            for matter, months in gaps.items()
        ),
        texts,
    )


def longest_overdue(report: QuarterReport, left_out: Collection[str] = ()) -> str:
    """Return by how long the oldest matter is overdue, with its unit; "" when nothing is. Those of groups in
    ``left_out`` are not looked at.
    """
    overdue = report.tables["overdue"]
    days = overdue.loc[~overdue["party_group"].isin(list(left_out)), "days_overdue_d"]
    return quantity(int(days.max()), "d", 0, report.texts) if len(days) else ""


def ended_lines(report: QuarterReport) -> tuple[str, ...]:
    """Return a line for each group without members that still has overdue matters: somebody else must close them."""
    texts, counts = report.texts, report.tables["overdue"]["party_group"].value_counts()
    return tuple(
        texts("overdue.of_ended", ended=ended_text(report, group), group=group, count=int(counts[group]))
        for group in ended_groups(report)
        if group in counts
    )


def overdue_elsewhere(report: QuarterReport) -> str:
    """Return the overdue matters of other ledgers, which no list names; "" where there are none."""
    texts, rows = report.texts, report.of_quarter("work_by_group_quarter")
    late = rows[~rows["matter"].isin(MATTERS) & (rows["overdue_count"] > 0)]
    parts = [
        texts(
            "overdue.elsewhere_part",
            matter=report.label(report.catalog.matters[str(matter)]),
            count=int(own["overdue_count"].sum()),
            longest=quantity(int(own["longest_overdue_d"].max()), "d", 0, texts),
        )
        for matter, own in late.groupby("matter", sort=True)
    ]
    return texts("overdue.elsewhere", parts=listed(parts, texts)) if parts else ""
