"""A sheet as a plain grid of cells, whatever container it came from."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

Cell = str | float | int | bool | date | datetime | time | timedelta | None
MergedRange = tuple[int, int, int, int]  # first row, first column, last row, last column; from 0, ends included


@dataclass(frozen=True)
class CellError:
    """An error value that a spreadsheet stored, such as ``#DIV/0!``."""

    code: str


@dataclass(frozen=True)
class Grid:
    """One sheet. ``rows[i][j]`` is the cell in row i, column j counted from A1 (0, 0); short rows end early.

    Empty cells are ``None``; text is as stored; dates are dates; error values are `CellError`. ``merges`` lists true merged ranges only.
    ``physical_rows`` is the number of non-empty rows as counted by the second, independent reader.
    """

    name: str
    visible: bool
    rows: tuple[tuple[Cell | CellError, ...], ...]
    merges: tuple[MergedRange, ...]
    physical_rows: int
    formulas_without_value: tuple[str, ...] = ()  # cell addresses, "D7"
    hidden_rows: tuple[int, ...] = ()  # from 0
