"""Section: who may be the model group of the year, condition by condition, with what each rests on."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.report.annual.model_group import (
    SHARE,
    VETOES,
    actual_text,
    checks_of,
    condition_name,
    evidence_text,
    model_group_sentence,
    required_text,
    verdict_of,
    votes_of,
)
from pipeline.report.annual.view import AnnualReport
from pipeline.report.material.marks import BY_GROUP, group_marks
from pipeline.report.material.numbers import RATE_DIGITS
from pipeline.report.page.blocks import Block, ForFacet, Prose, Section, Stack, Subheading, Tone
from pipeline.report.page.facets import Facet
from pipeline.report.page.table_block import Column, Mark, Table, is_missing

TONES: Mapping[str, Tone] = {"met": "good", "not_met": "bad", "open": "neutral"}


def show_model_group(report: AnnualReport) -> Stack:
    """Show the outcome, the groups side by side, every condition with its evidence, and the votes."""
    texts = report.texts
    blocks: list[Block] = [Section("model-group", texts("model.title"), model_group_sentence(report))]
    if not report.of_year("model_group_checks").empty:
        blocks += [_overview(report), *_checklists(report)]
    votes = votes_of(report)
    if len(votes):
        blocks.append(_votes(report, votes))
    return Stack((*blocks, Prose((texts("model.note"),))))


def _overview(report: AnnualReport) -> Table:
    texts, rows = report.texts, report.group_rows("annual_by_group_year")
    lines = []
    for group, row in rows.items():
        verdicts = [verdict_of(check) for check in checks_of(report, group)]
        counts = {verdict: verdicts.count(verdict) for verdict in TONES}
        lines.append(
            {
                "group": group_marks(report, [group])[0],
                "eligible": _verdict_mark(report, _eligible(row)),
                "conditions": texts("model.conditions", all=len(verdicts), **counts),
                "veto": _veto_text(report, str(group), bool(row["has_veto"])),
                "share": row[SHARE],
                "model": texts("workbook.yes" if row["is_model_group"] else "workbook.no") if report.is_over else None,
            }
        )
    columns = (
        Column("group", texts("column.party_group")),
        Column("eligible", texts("model.eligible")),
        Column("conditions", texts("model.conditions_met")),
        Column("veto", texts("model.veto")),
        Column("share", texts("model.share"), digits=RATE_DIGITS, unit=texts("unit.pct")),
        Column("model", texts("model.model_group")),
    )
    return Table(pd.DataFrame(lines), columns, caption=texts("model.overview"), keys=BY_GROUP)


def _veto_text(report: AnnualReport, group: str, has_veto: bool) -> str:
    """Return whether a group is vetoed; where neither a ledger nor the form of votes could tell, nobody can say no."""
    votes = votes_of(report)
    is_open = any(check["condition"] == VETOES and verdict_of(check) == "open" for check in checks_of(report, group))
    if not has_veto and is_open and not (votes["party_group"] == group).any():
        return report.texts("model.open")
    return report.texts("workbook.yes" if has_veto else "workbook.no")


def _eligible(row: Mapping[Any, Any]) -> str:
    if is_missing(row["is_eligible"]):
        return "open"
    return "met" if row["is_eligible"] else "not_met"


def _verdict_mark(report: AnnualReport, verdict: str) -> Mark:
    return Mark(report.texts(f"model.{verdict}"), TONES[verdict])


def _checklists(report: AnnualReport) -> list[Block]:
    texts = report.texts
    columns = (
        Column("condition", texts("model.condition")),
        Column("required", texts("model.required")),
        Column("actual", texts("model.actual")),
        Column("verdict", texts("model.verdict")),
        Column("evidence", texts("model.evidence")),
    )
    blocks: list[Block] = [Subheading(texts("model.checklist"))]
    for group in report.groups:
        rows = [
            {
                "condition": condition_name(report, check["condition"]),
                "required": required_text(report, check),
                "actual": actual_text(report, check),
                "verdict": _verdict_mark(report, verdict_of(check)),
                "evidence": evidence_text(report, check),
            }
            for check in checks_of(report, group)
        ]
        if rows:
            blocks.append(ForFacet(Table(pd.DataFrame(rows), columns, caption=group), Facet(group)))
    return blocks


def _votes(report: AnnualReport, votes: pd.DataFrame) -> Table:
    texts = report.texts
    share = 100.0 * votes["votes"].astype("Float64") / votes["voters"].where(votes["voters"] > 0).astype("Float64")
    frame = votes.assign(group=group_marks(report, votes["party_group"]), share=share)
    columns = (
        Column("group", texts("column.party_group")),
        Column("round_name", texts("model.round")),
        Column("votes", texts("model.votes_cast"), digits=0),
        Column("voters", texts("model.voters"), digits=0),
        Column("share", texts("model.share"), digits=RATE_DIGITS, unit=texts("unit.pct")),
    )
    return Table(frame, columns, caption=texts("model.vote_table"), keys=BY_GROUP)
