"""What corrections changed, on the pages of a quarter and of a year: before and after, never the one for the other."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.points.standings import PRINTED_DECIMALS
from pipeline.report.material.base import PageMaterial
from pipeline.report.material.marks import BY_GROUP, group_marks
from pipeline.report.material.numbers import POINT_DIGITS, date_text, month_text, printed_change, quarter_text
from pipeline.report.material.ranking import ranking_of
from pipeline.report.page.facets import RowKeys
from pipeline.report.page.table_block import Column, Table, is_missing

SAME = 1e-9  # points: two numbers that were computed in different ways


def touched(restatements: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of ``restatements`` whose group was corrected or whose points changed."""
    changed = restatements["change_points"].abs().round(PRINTED_DECIMALS) > 0
    return restatements[(restatements["correction_count"] > 0) | changed]


def restatement_table(report: PageMaterial, restatements: pd.DataFrame) -> Table:
    """Return what corrections changed in each group and quarter, the latest quarter first."""
    texts = report.texts
    rows = restatements.sort_values(["quarter", "party_group"], ascending=[False, True])
    pairs = zip(rows["points_mean"], rows["points_mean_before"], strict=True)
    changes = [printed_change(after, before, PRINTED_DECIMALS) for after, before in pairs]
    frame = rows.assign(
        period=[quarter_text(quarter, texts) for quarter in rows["quarter"]],
        change=pd.Series(changes, index=rows.index, dtype="float64"),
        group=group_marks(report, rows["party_group"]),
        dated=[_date(day, report) for day in rows["last_corrected_on"]],
        late=[texts("audit.after_quarter" if late else "audit.within_quarter") for late in rows["is_after_quarter"]],
        ranks=[_ranks(row, report) for row in rows.to_dict("records")],
    )
    columns = [
        Column("period", texts("audit.quarter")),
        Column("group", texts("column.party_group")),
        Column("points_mean_before", texts("audit.points_before"), digits=PRINTED_DECIMALS),
        Column("points_mean", texts("audit.points_after"), digits=PRINTED_DECIMALS),
        Column("change", texts("audit.change"), digits=PRINTED_DECIMALS, signed=True),
        Column("correction_count", texts("audit.corrections"), digits=0),
        Column("dated", texts("audit.corrected_on")),
        Column("late", texts("audit.late")),
    ]
    if frame["ranks"].notna().any():
        columns.insert(5, Column("ranks", texts("column.rank")))
    keys = RowKeys(group="group", period="quarter")
    return Table(frame, tuple(columns), caption=texts("audit.restated"), note=texts("audit.restated_note"), keys=keys)


def correction_table(report: PageMaterial, corrections: pd.DataFrame) -> Table:
    """Return the corrections of groups one by one, the latest first; those of members are the secretary's."""
    texts = report.texts
    own = corrections.sort_values("corrected_on", ascending=False)
    labels = {rule.item: report.label(rule) for rule in report.bureau.rules}
    frame = own.assign(
        dated=[_date(day, report) for day in own["corrected_on"]],
        scored=[month_text(month, texts) for month in own["month"]],
        group=group_marks(report, own["party_group"]),
        what=[f"{item} {labels.get(item, '')}".strip() for item in own["item"]],
        outcome=[
            texts(_remark(asked, applied)) if _remark(asked, applied) else ""
            for asked, applied in zip(own["change_points"], own["applied_points"], strict=True)
        ],
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
    return Table(frame, columns, caption=texts("audit.corrections_table"), keys=BY_GROUP)


def _remark(asked: float, applied: float) -> str:
    """Return the text that says why a correction was not applied as it is written; "" where it was."""
    if is_missing(applied):
        return "audit.not_applied"
    return "" if abs(asked - applied) < SAME else "audit.no_room"


def _ranks(row: Mapping[Any, Any], report: PageMaterial) -> Any:
    """Return the rank before and after where it changed, and the quarter's gaps are clear enough to rank at all."""
    if row["rank_before"] == row["rank"] or not ranking_of(report, row["quarter"]).is_spread_clear:
        return None
    return f"{row['rank_before']} → {row['rank']}"


def _date(day: object, report: PageMaterial) -> Any:
    return None if is_missing(day) else date_text(pd.Timestamp(str(day)).date(), report.texts)
