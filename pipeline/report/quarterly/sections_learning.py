"""Learning by group: sessions, who took part, how well, and hours of training."""

from pipeline.report.material.marks import BY_GROUP, group_marks
from pipeline.report.material.numbers import RATE_DIGITS, joined
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.page.blocks import Block
from pipeline.report.page.table_block import Column, Table
from pipeline.report.quarterly.work_rows import gap_sentence, in_group_order, or_not_submitted


def learning_blocks(report: QuarterReport) -> tuple[Block, ...]:
    """Return the table of learning, with the months that lack a ledger."""
    texts = report.texts
    rows = in_group_order(report, report.of_quarter("learning_by_group_quarter"))
    gaps = gap_sentence(
        report,
        [(texts("work.quiz"), "quiz_results", report.groups), (texts("work.training"), "trainings", report.groups)],
    )
    frame = rows.assign(
        group=group_marks(report, rows["party_group"]),
        sessions=or_not_submitted(report, rows, "session_count"),
    )
    columns = (
        Column("group", texts("column.party_group")),
        Column("sessions", texts("work.sessions"), digits=0),
        Column("expected_count", texts("work.expected"), digits=0),
        Column("participant_count", texts("work.participants"), digits=0),
        Column("participation_pct", texts("work.participation"), digits=RATE_DIGITS, unit=texts("unit.pct")),
        Column("quiz_mean", texts("work.quiz_mean"), digits=RATE_DIGITS, unit=texts("unit.points")),
        Column("retake_count", texts("work.retakes"), digits=0),
        Column("excused_count", texts("work.excused"), digits=0),
        Column("training_hours_h", texts("work.training_hours"), digits=RATE_DIGITS, unit=texts("unit.h")),
    )
    note = joined((texts("work.learning_note"), gaps), texts)
    table = Table(frame, columns, caption=texts("work.learning"), note=note, keys=BY_GROUP)
    return (table,)
