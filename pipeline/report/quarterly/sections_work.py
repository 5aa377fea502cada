"""Section: the ledgers of work by group: what was closed in time, and whom it reached."""

import pandas as pd

from pipeline.catalog import Matter
from pipeline.catalog.records import MEMBERS
from pipeline.report.material.marks import BY_GROUP, group_marks
from pipeline.report.material.membership import regrouped
from pipeline.report.material.numbers import RATE_DIGITS, listed, month_text, rate_text
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.page.blocks import Block, Bullets, Prose, Section, Stack
from pipeline.report.page.table_block import Column, Table, is_missing
from pipeline.report.quarterly.sections_headcount import headcount_blocks
from pipeline.report.quarterly.sections_learning import learning_blocks
from pipeline.report.quarterly.sections_posts import posts_blocks
from pipeline.report.quarterly.work_rows import gap_sentence, in_group_order, or_not_submitted


def show_work(report: QuarterReport) -> Stack:
    """Show closures and coverage of the ledgers of work, learning, members, posts and duties; no names."""
    texts, work = report.texts, _by_matter(report)
    closures, coverage = work[work["has_due"]], work[work["has_coverage"]]
    gaps = gap_sentence(report, [(label, table, list(own["party_group"])) for (label, table), own in _ledgers(work)])
    blocks: list[Block] = [Section("work", texts("work.title"), _lead(report, closures))]
    blocks += [Prose((gaps,))] if gaps else []
    blocks += [_closures(report, closures), _coverage(report, coverage)]
    served = _served(report, coverage)
    blocks += [Bullets(served)] if served else []
    return Stack((*blocks, *learning_blocks(report), *headcount_blocks(report), *posts_blocks(report)))


def _by_matter(report: QuarterReport) -> pd.DataFrame:
    """Return the quarter's rows in the order of matters and groups, with the words and the nature of each matter."""
    rows = report.of_quarter("work_by_group_quarter")
    matters = [report.catalog.matters[name] for name in rows["matter"]]
    order = {name: place for place, name in enumerate(report.catalog.matters)}
    named = rows.assign(
        label=[report.label(matter) for matter in matters],
        ledger=[matter.table for matter in matters],
        has_due=[bool(matter.due) for matter in matters],
        has_coverage=[bool(matter.covers) for matter in matters],
        place=rows["matter"].map(order),
    )
    return in_group_order(report, named).sort_values("place", kind="stable", ignore_index=True)


def _ledgers(work: pd.DataFrame) -> list[tuple[tuple[str, str], pd.DataFrame]]:
    grouped = work.groupby(["label", "ledger"], sort=False)
    return [((str(label), str(ledger)), own) for (label, ledger), own in grouped]


def _lead(report: QuarterReport, closures: pd.DataFrame) -> str:
    """Say for every matter with a due date how much was due in the quarter and closed in time."""
    texts, parts = report.texts, []
    for label, own in closures.groupby("label", sort=False):
        due, on_time = own["due_count"].sum(min_count=1), own["on_time_count"].sum(min_count=1)
        if is_missing(due):
            parts.append(texts("work.lead_unknown", matter=label))
        elif due == 0:
            parts.append(texts("work.lead_nothing_due", matter=label))
        else:
            share = rate_text(100.0 * on_time / due, texts)
            parts.append(texts("work.lead_part", matter=label, due=int(due), on_time=int(on_time), share=share))
    return texts("work.lead", parts=texts("list.clauses").join(parts))


def _closures(report: QuarterReport, rows: pd.DataFrame) -> Table:
    texts = report.texts
    frame = rows.assign(
        group=group_marks(report, rows["party_group"]),
        entries=or_not_submitted(report, rows, "entry_count"),
    )
    columns = (
        Column("label", texts("work.matter")),
        Column("group", texts("column.party_group")),
        Column("entries", texts("work.entries"), digits=0),
        Column("due_count", texts("work.due"), digits=0),
        Column("on_time_count", texts("work.on_time"), digits=0),
        Column("on_time_pct", texts("work.on_time_rate"), digits=RATE_DIGITS, unit=texts("unit.pct")),
        Column("median_days_d", texts("work.median_days"), digits=RATE_DIGITS, unit=texts("unit.d")),
        Column("overdue_count", texts("work.overdue"), digits=0),
        Column("longest_overdue_d", texts("work.longest"), digits=0, unit=texts("unit.d")),
    )
    return Table(frame, columns, caption=texts("work.closures"), note=texts("work.closures_note"), keys=BY_GROUP)


def _coverage(report: QuarterReport, rows: pd.DataFrame) -> Table:
    texts = report.texts
    units = {name: texts(f"work.unit_{_unit(matter)}") for name, matter in report.catalog.matters.items()}
    frame = rows.assign(
        label=[
            texts("work.matter_with_unit", matter=label, unit=units[matter])
            for label, matter in zip(rows["label"], rows["matter"], strict=True)
        ],
        group=group_marks(report, rows["party_group"]),
        entries=or_not_submitted(report, rows, "entry_count"),
        left=(rows["coverage_base"] - rows["covered_count"]).clip(lower=0),
    )
    columns = (
        Column("label", texts("work.matter")),
        Column("group", texts("column.party_group")),
        Column("entries", texts("work.entries"), digits=0),
        Column("covered_count", texts("work.covered"), digits=0),
        Column("repeated_count", texts("work.repeated"), digits=0),
        Column("left", texts("work.left"), digits=0),
        Column("coverage_base", texts("work.base"), digits=0),
        Column("coverage_pct", texts("work.coverage_rate"), digits=RATE_DIGITS, unit=texts("unit.pct")),
    )
    return Table(frame, columns, caption=texts("work.coverage"), note=texts("work.coverage_note"), keys=BY_GROUP)


def _served(report: QuarterReport, rows: pd.DataFrame) -> tuple[str, ...]:
    """Say how many retailers each group served once, more than once and not at all; a description, no comparison."""
    matters = report.catalog.matters
    others = [name for name, matter in matters.items() if _unit(matter) != MEMBERS]
    lines = []
    known = rows[rows["matter"].isin(others)].dropna(subset=["covered_count", "coverage_base"])
    for row in known.to_dict("records"):
        covered, again, base = (int(row[name]) for name in ("covered_count", "repeated_count", "coverage_base"))
        values = {"once": covered - again, "again": again, "left": f"{max(base - covered, 0):,}", "base": f"{base:,}"}
        lines.append(report.texts("work.served", group=row["party_group"], matter=row["label"], **values))
        moved = regrouped(report, row["party_group"], report.months[0] - 12, report.months[-1])
        if moved:
            months = listed((month_text(month, report.texts) for month in moved), report.texts)
            lines.append(report.texts("work.regrouped", group=row["party_group"], months=months))
    return tuple(lines)


def _unit(matter: Matter) -> str:
    return MEMBERS if matter.coverage_base == MEMBERS else "retailers"
