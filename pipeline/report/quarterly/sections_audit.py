"""Section: do the totals that the bureau printed stand up to being recomputed, and what did corrections change?"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.points.audit import NO_COUNTERPART
from pipeline.report.material.audit_words import (
    CARRIED,
    NOT_FOUND,
    audit_rows,
    explanation_text,
    part_text,
    period_text,
    place_text,
)
from pipeline.report.material.marks import BY_GROUP, group_marks
from pipeline.report.material.numbers import joined
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.material.restated import correction_table, restatement_table, touched
from pipeline.report.page.blocks import Block, Fold, Prose, Section, Stack, Subheading
from pipeline.report.page.table_block import Column, Mark, Table

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
    return Table(frame, columns, caption=caption, note=joined((cut, texts("audit.note")), texts), keys=BY_GROUP)


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
        Fold(texts("audit.before_fold"), _table(differ, caption, report)),
    ]


def _restated(report: QuarterReport) -> list[Block]:
    """Show quarter by quarter what corrections changed, and folded, the corrections of groups one by one."""
    texts, rows = report.texts, touched(report.tables["restatements"])
    if rows.empty:
        return [Prose((texts("audit.no_corrections"),))]
    blocks: list[Block] = [restatement_table(report, rows)]
    corrections = report.tables["corrections_applied"]
    if len(corrections):
        blocks.append(Fold(texts("audit.corrections_fold"), correction_table(report, corrections)))
    return blocks
