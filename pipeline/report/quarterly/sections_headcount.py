"""Who is in which group, by month: counts and movements, and what the roster leaves open; no names."""

from pipeline.points.roster import NO_LEADER, TWO_GROUPS, TWO_LEADERS, UNASSIGNED
from pipeline.report.material.marks import BY_GROUP, group_marks
from pipeline.report.material.numbers import short_month_text
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.page.blocks import Block, Bullets
from pipeline.report.page.table_block import Column, Table

OF_MEMBERS, OF_GROUPS = (UNASSIGNED, TWO_GROUPS), (NO_LEADER, TWO_LEADERS)


def headcount_blocks(report: QuarterReport) -> tuple[Block, ...]:
    """Show the members of each group on the 15th of the quarter's months, who came and went, and open questions."""
    texts, rows = report.texts, report.of_quarter("headcount_by_group_month")
    counts = rows.pivot_table(index="party_group", columns="month", values="member_count", aggfunc="sum")
    counts = counts.reindex(index=list(report.groups), columns=report.months)
    moves = rows.groupby("party_group")[["joined_count", "left_count"]].sum().reindex(list(report.groups))
    frame = counts.set_axis([str(month) for month in report.months], axis=1).join(moves).reset_index()
    frame["group"] = group_marks(report, counts.index)
    columns = (
        Column("group", texts("column.party_group")),
        *(Column(str(month), short_month_text(month, texts), digits=0) for month in report.months),
        Column("joined_count", texts("work.joined"), digits=0),
        Column("left_count", texts("work.left_count"), digits=0),
    )
    table = Table(frame, columns, caption=texts("work.headcount"), note=texts("work.headcount_note"), keys=BY_GROUP)
    findings = _findings(report)
    return (table, Bullets(findings)) if findings else (table,)


def _findings(report: QuarterReport) -> tuple[str, ...]:
    """Return a sentence a finding: members are counted, groups are named."""
    texts, findings = report.texts, report.tables["roster_findings"]
    counts = findings["finding"].value_counts()
    lines = [texts(f"work.roster_{name}", count=int(counts[name])) for name in OF_MEMBERS if name in counts]
    for name in OF_GROUPS:
        groups = findings.loc[findings["finding"] == name, "party_group"].dropna().unique()
        lines += [texts(f"work.roster_{name}", group=group) for group in groups]
    return tuple(lines)
