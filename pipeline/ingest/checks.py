"""Checks within one row: what ended before it began."""

from datetime import date

from pipeline.ingest.references import period_column
from pipeline.ingest.sheetrows import SheetRows

ENDS = ("closed_on", "left_on")  # columns of the data dictionary that end what the row's date began


def check_date_order(rows: SheetRows) -> None:
    """Take out an end before its beginning: one of the two is wrong, and an unfinished matter claims the least."""
    start = period_column(rows.columns.values())
    ends = [name for name in ENDS if name in rows.columns and name in rows.places]
    if start is None:
        return
    for name in ends:
        values = rows.values[name]
        for position, (began, ended) in enumerate(zip(rows.values[start], values, strict=True)):
            if isinstance(began, date) and isinstance(ended, date) and ended < began:
                rows.fault("date_order", name, position, f"≥ {began.isoformat()}")
                values[position] = None
