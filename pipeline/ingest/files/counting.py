"""The second reader: how many rows of each sheet hold something, counted without the engine that reads the cells.

A row is non-empty when a cell of it stores a value whose text is not blank. Error values count; a formula without a
stored value does not. What calamine does not tell comes from here too: error codes, formulas without a value, hidden
rows and columns, percent, the day from which days are counted, merged ranges of ods and xlsb.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.ingest.files.grids import MergedRange
from pipeline.ingest.files.refusals import Refused
from pipeline.ingest.files.row_limits import SHEET_COLUMNS, SHEET_ROWS

MAX_GRID_CELLS = 16 * 1_048_576
"""Cells of the rectangle around everything stored: sixteen full columns. calamine lays it out in memory."""

Position = tuple[int, int]  # row and column from 0


@dataclass(frozen=True)
class SheetCount:
    """What the second reader found on one worksheet; ``rows`` is the number of non-empty ones."""

    name: str
    rows: int
    errors: Mapping[Position, str] = field(default_factory=dict)
    formulas_without_value: tuple[Position, ...] = ()
    hidden_rows: tuple[int, ...] = ()
    merges: tuple[MergedRange, ...] = ()
    percent_cells: tuple[Position, ...] = ()  # numbers in cells that show percent
    hidden_columns: tuple[int, ...] = ()
    shifted_cells: tuple[Position, ...] = ()  # numbers in cells that show another power of ten
    struck_cells: tuple[Position, ...] = ()  # filled cells in struck-through letters
    from_1904: bool = False  # days are counted from 1904-01-01, and not from 1900


def check_extent(sheet: str, rows: int, columns: int) -> None:
    """Refuse a sheet whose stored cells span more than can be laid out, or columns that no sheet has.

    Raises `Refused` (too_wide).
    """
    if columns > SHEET_COLUMNS or rows * columns > MAX_GRID_CELLS:
        raise Refused("too_wide", sheet=sheet, rows=rows, columns=columns)


def check_stored_extent(sheet: str, rows: int, columns: int) -> None:
    """As `check_extent`, for containers whose rows have numbers: refuse also rows that no sheet has."""
    if rows > SHEET_ROWS:
        raise Refused("too_wide", sheet=sheet, rows=rows, columns=columns)
    check_extent(sheet, rows, columns)


def add_columns(listed: list[int], first: int, last: int) -> None:
    """Append the columns from ``first`` to ``last`` to those ``listed``, each once: every format goes to the right."""
    after = listed[-1] + 1 if listed else 0
    listed += range(max(first, after), min(last + 1, SHEET_COLUMNS))
