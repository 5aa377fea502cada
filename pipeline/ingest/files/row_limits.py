"""Sheets that end exactly where their format ends: whoever exported them lost the rows that came after."""

from collections.abc import Sequence

from pipeline.ingest.files.grids import Container, Grid, Row
from pipeline.ingest.files.refusals import Refused

BIFF_ROWS = 65_536
"""Rows of a sheet up to Excel 2003; files that were exported so and converted later still end there."""

SHEET_ROWS, SHEET_COLUMNS = 1_048_576, 16_384
"""Rows and columns of a sheet since Excel 2007, of LibreOffice and of WPS."""

RUN_ROWS = 1_000
"""Rows without a gap before the last one that make it the end of a table, and not a note or a stray cell at the very
bottom of a sheet: more than any title, footer or form holds, and a small part of a table that fills a sheet."""


def check_row_limit(grid: Grid, container: Container) -> None:
    """Refuse a sheet that was cut off by the last row of its format; raises `Refused` (row_limit).

    Physical rows decide: the last row stands exactly on a limit, and the `RUN_ROWS` rows up to it all hold something.
    A text file or a web page has no last row, so that one with more rows than any sheet is refused too: opened and
    saved in a spreadsheet program, it loses the rest.
    """
    length = len(grid.rows)
    limits = (BIFF_ROWS,) if container == "xls" else (BIFF_ROWS, SHEET_ROWS)
    is_longer = length > SHEET_ROWS
    if is_longer or (length in limits and _is_full(grid.rows[-RUN_ROWS:])):
        raise Refused("row_limit", sheet=grid.name, rows=SHEET_ROWS if is_longer else length)


def _is_full(rows: Sequence[Row]) -> bool:
    return all(any(cell is not None for cell in row) for row in rows)
