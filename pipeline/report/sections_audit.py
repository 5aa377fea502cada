"""Section: do the totals that the bureau printed stand up to being recomputed, and what did corrections change?"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.points.audit import NO_COUNTERPART
from pipeline.report.audit_words import (
    CARRIED,
    NOT_FOUND,
    audit_rows,
    explanation_text,
    part_text,
    period_text,
    place_text,
)
from pipeline.report.blocks import Block, Fold, Prose, Section, Stack, Subheading
from pipeline.report.marks import group_marks
from pipeline.report.numbers import POINT_DIGITS, date_text, joined, month_text, quarter_text
from pipeline.report.quarter import QuarterReport
from pipeline.report.ranking import ranking_of
from pipeline.report.table_block import Column, Mark, Table, is_missing

PRINTED_DIGITS = 2  # the sheets print two decimals
DIFFERENCES_SHOWN = 40  # report.xlsx holds them all


def show_audit(report: QuarterReport) -> Stack:
    """Show what was compared, what differs and why, and what corrections restated."""
    texts = report.texts
    own, before = audit_rows(report)
    blocks: list[Block] = [Section("audit", texts("audit.title"), lead_sentence(own, report))]
    differing = own[own["is_difference"]]
    if len(differing):
        blocks.append(_table(differing, texts("audit.table", count=len(differing)), report))
    blocks += _before(before, report)
    return Stack((*blocks, Subheading(texts("audit.restated_title")), *_restated(report)))


def lead_sentence(rows: pd.DataFrame, report: QuarterReport) -> str:
    """Say how many totals were compared, how many differ, and how many of those are explained."""
    texts = report.texts
    unknown = int((rows["explanation"] == NO_COUNTERPART).sum())
    compared, differ = len(rows) - unknown, rows[rows["is_difference"]]
    if rows.empty:
        return texts("audit.lead_none")
    said = texts("audit.lead_agree", count=compared)
    if len(differ):
        open_ones = int(differ["explanation"].isin(NOT_FOUND).sum())
        carried = int(differ["explanation"].isin(CARRIED).sum())
        said = texts(
            "audit.lead",
            count=compared,
            differ=len(differ),
            own=len(differ) - carried - open_ones,
            carried=carried,
            open=open_ones,
        )
    return joined((said, texts("audit.lead_unknown", count=unknown) if unknown else ""), texts)


def _table(rows: pd.DataFrame, caption: str, report: QuarterReport) -> Table:
    texts = report.texts
    places = {group: place for place, group in enumerate(report.groups)}
    ordered = rows.assign(place=rows["party_group"].map(places)).sort_values(
        ["place", "level", "period"], kind="stable"
    )
    shown = ordered.head(DIFFERENCES_SHOWN)
    records = shown.to_dict("records")
    frame = shown.assign(
        group=group_marks(report, shown["party_group"]),
        period=[period_text(str(row["level"]), str(row["period"]), report) for row in records],
        part=[part_text(str(row["part"]), report) for row in records],
        explanation=[_explanation(row, report) for row in records],
        place=[place_text(row, report) for row in records],
    )
    columns = (
        Column("group", texts("column.party_group")),
        Column("period", texts("audit.period")),
        Column("part", texts("audit.part")),
        Column("printed_points", texts("audit.printed"), digits=PRINTED_DIGITS),
        Column("recomputed_points", texts("audit.recomputed"), digits=PRINTED_DIGITS),
        Column("difference_points", texts("audit.difference"), digits=PRINTED_DIGITS, signed=True),
        Column("explanation", texts("audit.explanation")),
        Column("place", texts("column.place")),
    )
    cut = texts("audit.cut", shown=len(shown), all=len(rows)) if len(rows) > len(shown) else ""
    return Table(frame, columns, caption=caption, note=joined((cut, texts("audit.note")), texts))


def _explanation(row: Mapping[Any, Any], report: QuarterReport) -> Any:
    text = explanation_text(row, report)
    return Mark(text, "bad") if row["explanation"] in NOT_FOUND else text


def _before(rows: pd.DataFrame, report: QuarterReport) -> list[Block]:
    """Say what was compared in the periods before, with their differences folded away."""
    texts, differ = report.texts, rows[rows["is_difference"]]
    compared = int((rows["explanation"] != NO_COUNTERPART).sum())
    if not compared:
        return []
    open_ones = int(differ["explanation"].isin(NOT_FOUND).sum())
    said = Prose((texts("audit.before", count=compared, differ=len(differ), open=open_ones),))
    if differ.empty:
        return [said]
    caption = texts("audit.before_table", count=len(differ))
    return [
        said,
        Fold(texts("audit.before_fold"), _table(differ.sort_values("period", ascending=False), caption, report)),
    ]


def _restated(report: QuarterReport) -> list[Block]:
    """Show quarter by quarter what corrections changed: before and after, never the one instead of the other."""
    texts, table = report.texts, report.tables["restatements"]
    touched = (table["correction_count"] > 0) | (table["change_points"].abs().round(PRINTED_DIGITS) > 0)
    rows = table[touched].sort_values(["quarter", "party_group"], ascending=[False, True])
    if rows.empty:
        return [Prose((texts("audit.no_corrections"),))]
    frame = rows.assign(
        period=[quarter_text(quarter, texts) for quarter in rows["quarter"]],
        group=group_marks(report, rows["party_group"]),
        dated=[_date(day, report) for day in rows["last_corrected_on"]],
        late=[texts("audit.after_quarter" if late else "audit.within_quarter") for late in rows["is_after_quarter"]],
        ranks=[_ranks(row, report) for row in rows.to_dict("records")],
    )
    columns = [
        Column("period", texts("audit.quarter")),
        Column("group", texts("column.party_group")),
        Column("points_mean_before", texts("audit.points_before"), digits=PRINTED_DIGITS),
        Column("points_mean", texts("audit.points_after"), digits=PRINTED_DIGITS),
        Column("change_points", texts("audit.change"), digits=PRINTED_DIGITS, signed=True),
        Column("correction_count", texts("audit.corrections"), digits=0),
        Column("dated", texts("audit.corrected_on")),
        Column("late", texts("audit.late")),
    ]
    if frame["ranks"].notna().any():
        columns.insert(5, Column("ranks", texts("column.rank")))
    restated = Table(frame, tuple(columns), caption=texts("audit.restated"), note=texts("audit.restated_note"))
    return [restated, *_corrections(report)]


def _ranks(row: Mapping[Any, Any], report: QuarterReport) -> Any:
    """Return the rank before and after where it changed, and the quarter's gaps are clear enough to rank at all."""
    if row["rank_before"] == row["rank"] or not ranking_of(report, row["quarter"]).is_spread_clear:
        return None
    return f"{row['rank_before']} → {row['rank']}"


def _corrections(report: QuarterReport) -> list[Block]:
    """Show the corrections of groups one by one; those of members are the secretary's."""
    texts, table = report.texts, report.tables["corrections_applied"]
    own = table.sort_values("corrected_on", ascending=False)
    if own.empty:
        return []
    labels = {rule.item: report.label(rule) for rule in report.bureau.rules}
    frame = own.assign(
        dated=[_date(day, report) for day in own["corrected_on"]],
        scored=[month_text(month, texts) for month in own["month"]],
        group=group_marks(report, own["party_group"]),
        what=[f"{item} {labels.get(item, '')}".strip() for item in own["item"]],
        outcome=[texts("audit.not_applied") if is_missing(points) else "" for points in own["applied_points"]],
    )
    columns = (
        Column("dated", texts("audit.corrected_on")),
        Column("scored", texts("audit.month_of_points")),
        Column("group", texts("column.party_group")),
        Column("what", texts("audit.item")),
        Column("change_points", texts("audit.correction"), digits=POINT_DIGITS, signed=True),
        Column("applied_points", texts("audit.applied"), digits=POINT_DIGITS, signed=True),
        Column("outcome", texts("audit.remark")),
    )
    return [Fold(texts("audit.corrections_fold"), Table(frame, columns, caption=texts("audit.corrections_table")))]


def _date(day: object, report: QuarterReport) -> Any:
    return None if is_missing(day) else date_text(pd.Timestamp(str(day)).date(), report.texts)
