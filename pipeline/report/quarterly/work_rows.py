"""Rows of the ledgers of work as their tables show them: in order, with words for what was not handed in."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from pipeline.report.material.base import kept
from pipeline.report.material.covering import kinds_of_tables
from pipeline.report.material.numbers import listed, short_month_text
from pipeline.report.material.quarter import QuarterReport

NOT_SUBMITTED = "not_submitted"


def in_group_order(report: QuarterReport, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows in the bureau's own order of groups."""
    places = {group: place for place, group in enumerate(report.groups)}
    return rows.sort_values("party_group", key=lambda names: names.map(places), kind="stable", ignore_index=True)


def or_not_submitted(report: QuarterReport, rows: pd.DataFrame, column: str) -> list[Any]:
    """Return the numbers of a column, or by ``state`` the words that no ledger of the quarter was handed in."""
    words = report.texts("work.not_submitted")
    pairs = zip(rows[column], rows["state"], strict=True)
    return [words if state == NOT_SUBMITTED else value for value, state in pairs]


def months_lacking(report: QuarterReport, table: str, group: str) -> tuple[pd.Period, ...]:
    """Return the months of the quarter that no workbook behind ``table`` covers for ``group``."""
    covered = _months_covered(report, table)
    return tuple(month for month in report.months if not {(group, month), ("", month)} & covered)


@kept
def _months_covered(report: QuarterReport, table: str) -> frozenset[tuple[str, pd.Period]]:
    """Return groups with the months that a workbook behind ``table`` covers; "" for a workbook about all groups."""
    coverage = report.of_quarter("coverage")
    own = coverage[coverage["kind"].isin(kinds_of_tables({table}, report.catalog))]
    return frozenset(zip(own["party_group"].fillna(""), own["month"], strict=True))


def gap_sentence(report: QuarterReport, ledgers: Iterable[tuple[str, str, Iterable[str]]]) -> str:
    """Name the months without data of ledgers, given as (label, table, groups); "" when none lacks any.

    Groups are named where they do not all lack the same months.
    """
    texts, parts = report.texts, []
    for label, table, groups in ledgers:
        lacking = {group: months_lacking(report, table, group) for group in groups}
        if len(set(lacking.values())) == 1:
            months = next(iter(lacking.values()))
            parts += [texts("gap.named_months", name=label, months=_months(months, report))] if months else []
            continue
        named = [
            texts("gap.group_months", group=group, months=_months(months, report))
            for group, months in lacking.items()
            if months
        ]
        parts.append(texts("gap.named_months", name=label, months=texts("list.clauses").join(named)))
    return texts("work.gaps", ledgers=listed(parts, texts)) if parts else ""


def _months(months: Iterable[pd.Period], report: QuarterReport) -> str:
    return listed((short_month_text(month, report.texts) for month in months), report.texts)
