"""What corrections changed, as a table: before and after stand side by side, nothing is overwritten."""

import pandas as pd

from pipeline.report.marks import group_marks
from pipeline.report.material import PageMaterial
from pipeline.report.numbers import date_text, quarter_text
from pipeline.report.table_block import MISSING, Column, Table, is_missing
from pipeline.report.weighing import SCORE_DIGITS


def restatement_table(report: PageMaterial, restated: pd.DataFrame) -> Table:
    """Return rows of ``restatements`` in the order of quarters and groups; ranks are left to the pages that show them.

    A group without a correction of its own stands there because another group of its quarter was corrected.
    """
    texts, places = report.texts, {group: place for place, group in enumerate(report.groups)}
    rows = restated.assign(place=restated["party_group"].map(places)).sort_values(["quarter", "place"], kind="stable")
    frame = rows.assign(
        when=[quarter_text(quarter, texts) for quarter in rows["quarter"]],
        group=group_marks(report, rows["party_group"]),
        last=[date_text(day.date(), texts) if not is_missing(day) else MISSING for day in rows["last_corrected_on"]],
        after=[texts("workbook.yes" if late else "workbook.no") for late in rows["is_after_quarter"]],
    )
    columns = (
        Column("when", texts("restated.quarter")),
        Column("group", texts("column.party_group")),
        Column("points_mean_before", texts("restated.before"), digits=SCORE_DIGITS),
        Column("points_mean", texts("restated.after"), digits=SCORE_DIGITS),
        Column("change_points", texts("restated.change"), digits=SCORE_DIGITS, signed=True),
        Column("correction_count", texts("restated.count"), digits=0),
        Column("last", texts("restated.last")),
        Column("after", texts("restated.after_quarter")),
    )
    return Table(frame, columns, caption=texts("restated.table"), note=texts("restated.note"))
