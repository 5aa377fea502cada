"""Posts and duty areas by group, and the duties of posts that nobody holds; no names."""

from pipeline.report.material.marks import BY_GROUP, group_marks
from pipeline.report.material.numbers import RATE_DIGITS, joined
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.page.blocks import Block, Prose
from pipeline.report.page.table_block import Column, Table
from pipeline.report.quarterly.work_rows import gap_sentence, in_group_order

DUTIES_SHOWN = 40  # the tables of the run hold them all


def posts_blocks(report: QuarterReport) -> tuple[Block, ...]:
    """Show posts and duty areas by group, and the duties of posts that nobody holds."""
    texts = report.texts
    rows = in_group_order(report, report.of_quarter("posts_by_group_quarter"))
    holders, words = rows["members_with_post"], texts("work.not_submitted")
    frame = rows.assign(
        group=group_marks(report, rows["party_group"]),
        holders=holders.astype("object").where(holders.notna(), words),
    )
    columns = (
        Column("group", texts("column.party_group")),
        Column("member_count", texts("work.members"), digits=0),
        Column("holders", texts("work.with_post"), digits=0),
        Column("post_coverage_pct", texts("work.post_rate"), digits=RATE_DIGITS, unit=texts("unit.pct")),
        Column("duty_area_count", texts("work.areas"), digits=0),
        Column("duty_areas_served", texts("work.areas_served"), digits=0),
        Column("duty_area_coverage_pct", texts("work.area_rate"), digits=RATE_DIGITS, unit=texts("unit.pct")),
        Column("pioneer_post_count", texts("work.pioneers"), digits=0),
        Column("duty_count", texts("work.duties_done"), digits=0),
    )
    gaps = gap_sentence(report, [(texts("work.posts_ledger"), "post_duties", report.groups)])
    note = joined((texts("work.posts_note"), gaps), texts)
    table = Table(frame, columns, caption=texts("work.posts"), note=note, keys=BY_GROUP)
    return (table, *_duties(report, bool(holders.notna().any())))


def _duties(report: QuarterReport, is_kept: bool) -> tuple[Block, ...]:
    """Show the duties without an owner; without a list of duties or of posts nothing can be said."""
    texts, free = report.texts, report.tables["duties_without_owner"]
    if not any(file.kind == "duty_list" and file.status == "read" for file in report.files):
        return (Prose((texts("work.no_duty_list"),)),)
    if not is_kept:
        return (Prose((texts("work.posts_unknown"),)),)
    if free.empty:
        return (Prose((texts("work.all_duties_held"),)),)
    posts = free["post"].nunique()
    said = texts("work.duties_free", posts=posts, count=len(free))
    columns = (
        Column("post", texts("work.post")),
        Column("duty", texts("work.duty")),
        Column("standard", texts("work.standard")),
    )
    shown = free.head(DUTIES_SHOWN)
    note = texts("work.duties_note", shown=len(shown), all=len(free))
    return (Prose((said,)), Table(shown, columns, caption=texts("work.duties"), note=note))
