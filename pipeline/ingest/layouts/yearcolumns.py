"""A column 年度 or 年份 that nobody reads, and the year that it says of each row."""

from collections.abc import Sequence

from pipeline.ingest.cells.columns import Words
from pipeline.ingest.layouts.findings import Recognised
from pipeline.ingest.layouts.monthheaders import year_alone
from pipeline.ingest.layouts.rows import cell_at

NO_YEAR = "（年度为空）"  # before a month of which nobody can tell the year; told as no month


def has_year_column(sheet: Recognised, words: Words) -> bool:
    """Tell whether a column of a sheet says the year of each row."""
    return _year_column(sheet, words) is not None


def years_beside(sheet: Recognised, rows: Sequence[int], words: Words) -> list[int | None]:
    """Return the year that stands beside each of some rows; none at all where no column says any."""
    number = _year_column(sheet, words)
    if number is None:
        return []
    spans = [merged for merged in sheet.grid.merges if merged[1] == number and merged[0] > sheet.header.bottom]
    anchors = {row: first for first, _, last, _ in spans for row in range(first, last + 1)}
    said = [year_alone(cell_at(sheet.grid, anchors.get(row, row), number)) for row in rows]
    return said if any(said) else []


def _year_column(sheet: Recognised, words: Words) -> int | None:
    dated = (n for n, path in sheet.header.named if n not in sheet.columns and path in words["year_column"])
    return next(dated, None)
