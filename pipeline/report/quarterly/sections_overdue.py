"""Section: which decisions, opinions and pledges are overdue, and whose?"""

import pandas as pd

from pipeline.report.material.marks import BY_GROUP, group_marks
from pipeline.report.material.numbers import date_text
from pipeline.report.material.overdue import MATTERS, ended_lines, unread_matters
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.page.blocks import Block, Bullets, Prose, Section, Stack
from pipeline.report.page.table_block import Column, Table
from pipeline.report.quarterly.sentences import overdue_sentence

ROWS_SHOWN = 40  # the longest overdue; the workbook holds them all


def show_overdue(report: QuarterReport) -> Stack:
    """Show overdue matters by group, then one by one with number, topic and days; no names."""
    texts, overdue = report.texts, report.tables["overdue"]
    blocks: list[Block] = [Section("overdue", texts("overdue.title"), overdue_sentence(report))]
    if overdue.empty:
        return Stack(tuple(blocks))
    blocks.append(_by_group(report, overdue))
    if lines := ended_lines(report):
        blocks.append(Bullets(lines))
    return Stack((*blocks, _one_by_one(report, overdue), Prose((texts("overdue.no_names"),))))


def _by_group(report: QuarterReport, overdue: pd.DataFrame) -> Table:
    texts = report.texts
    counts = overdue.groupby(["party_group", "matter"], dropna=False).size().unstack("matter", fill_value=0)
    counts = counts.reindex(columns=list(MATTERS), fill_value=0)
    counts = counts.reindex([group for group in report.groups if group in counts.index]).astype("Int64")
    for matter in unread_matters(report):
        counts[matter] = counts[matter].replace(0, pd.NA)  # not read is not nothing
    frame = counts.reset_index().assign(
        group=group_marks(report, counts.index),
        longest=overdue.groupby("party_group")["days_overdue_d"].max().reindex(counts.index).to_numpy(),
    )
    columns = (
        Column("group", texts("column.party_group")),
        *(Column(matter, texts(f"overdue.{matter}"), digits=0) for matter in MATTERS),
        Column("longest", texts("overdue.longest"), digits=0, unit=texts("unit.d")),
    )
    return Table(frame, columns, caption=texts("overdue.by_group"), keys=BY_GROUP)


def _one_by_one(report: QuarterReport, overdue: pd.DataFrame) -> Table:
    texts = report.texts
    longest = overdue.sort_values(["days_overdue_d", "number"], ascending=[False, True], kind="stable").head(ROWS_SHOWN)
    frame = longest.assign(
        what=[texts(f"overdue.one_of_{matter}") for matter in longest["matter"]],
        group=group_marks(report, longest["party_group"]),
        due=[date_text(day.date(), texts) for day in longest["due_on"]],
        number=longest["number"].replace("", None),
        topic=longest["topic"].replace("", None),
        source=[
            texts("overdue.source_place", file=file, row=row)
            for file, row in zip(longest["source_file"], longest["source_row"], strict=True)
        ],
    )
    columns = (
        Column("what", texts("overdue.matter")),
        Column("number", texts("overdue.number")),
        Column("group", texts("column.party_group")),
        Column("topic", texts("overdue.topic")),
        Column("due", texts("overdue.due"), is_day=True),
        Column("days_overdue_d", texts("overdue.days"), digits=0, unit=texts("unit.d")),
        Column("source", texts("overdue.source")),
    )
    note = texts("overdue.note", shown=len(frame), all=len(overdue), day=date_text(report.as_of, texts))
    return Table(frame, columns, caption=texts("overdue.table"), note=note, keys=BY_GROUP)
