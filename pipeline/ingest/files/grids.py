"""A sheet as a plain grid of cells, whatever its container; a file as its grids, or the reason there are none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pipeline.ingest.ledger import Status

if TYPE_CHECKING:
    from pipeline.texts import Texts

Cell = str | float | int | bool | date | datetime | time | timedelta | None
MergedRange = tuple[int, int, int, int]  # first row, first column, last row, last column; from 0, ends included
DEATHS = frozenset({"timeout", "memory", "crashed"})  # codes of reasons: how a worker ended
WITHOUT_CONTENTS = frozenset({"placeholder", "unfinished", "not_arrived", "empty"})  # of workbooks that are elsewhere
Container = Literal["xlsx", "xlsb", "xls", "ods", "text", "html", "spreadsheetml"]


@dataclass(frozen=True)
class CellError:
    """An error value that a spreadsheet stored, such as ``#DIV/0!``."""

    code: str


Row = tuple[Cell | CellError, ...]


@dataclass(frozen=True)
class Grid:
    """One sheet. ``rows[i][j]`` is the cell in row i, column j counted from A1 (0, 0); short rows end early.

    Empty cells, and cells whose text is blank, are ``None``; other text is as stored; dates are dates; error values are
    `CellError`. ``merges`` lists true merged ranges only. ``physical_rows`` is the number of non-empty rows as counted
    by the second, independent reader; it equals the number of ``rows`` with a cell.
    """

    name: str
    visible: bool
    rows: tuple[Row, ...]
    merges: tuple[MergedRange, ...]
    physical_rows: int
    formulas_without_value: tuple[str, ...] = ()  # cell addresses, "D7"
    hidden_rows: tuple[int, ...] = ()  # from 0
    percent_cells: tuple[tuple[int, int], ...] = ()  # (row, column) from 0 of numbers that are shown as percent
    hidden_columns: tuple[int, ...] = ()  # from 0
    from_1904: bool = False  # whether a number that stands for a day counts from 1904-01-01
    is_cut_off: bool = False  # whether a text or a page ends in the middle of its table
    struck_rows: tuple[int, ...] = ()  # from 0, those of which every filled cell is struck through
    shifted_cells: tuple[tuple[int, int], ...] = ()  # numbers that are shown in another power of ten (21500 as 2.15)


@dataclass(frozen=True)
class Reason:
    """Why a file was not read: ``code`` names the sentence, ``values`` fill its placeholders."""

    status: Literal["refused", "skipped"]
    code: str
    values: Mapping[str, str | int] = field(default_factory=dict)

    def explain(self, texts: "Texts") -> str:
        """Return the sentence for people: what is wrong and what to do."""
        if self.status == "skipped":
            return texts(f"skipped.{self.code}", **self.values)
        return texts(f"refused.{self.code}", **self.values)


@dataclass(frozen=True)
class FileGrids:
    """One file as it was read: its grids, or the reason why there are none.

    ``sha256`` is of the very bytes that were parsed, empty for a file that was not loaded; ``container`` is None for
    one that was not read.
    """

    path: Path
    sha256: str
    status: Status
    reason: Reason | None
    container: Container | None
    grids: tuple[Grid, ...]

    @property
    def is_certain(self) -> bool:
        """Tell whether the same file gives the same again: not where a worker died over it or it could not be loaded.

        One that was not loaded because of its name, or because it is elsewhere, has no hash and will have none.
        """
        if self.status == "skipped":
            return True
        return bool(self.sha256) and (self.reason is None or self.reason.code not in DEATHS)


def is_blank(text: str) -> bool:
    """Tell whether text holds nothing but white space (U+3000 and no-break spaces included)."""
    return not text or text.isspace()


def count_non_empty_rows(rows: Sequence[Sequence[Cell | CellError]]) -> int:
    """Count the rows of a grid with at least one cell."""
    return sum(any(cell is not None for cell in row) for row in rows)


def cell_address(row: int, column: int) -> str:
    """Return the address of a cell, both numbers from 0: (6, 3) is "D7"."""
    return f"{column_letters(column)}{row + 1}"


def column_letters(column: int) -> str:
    """Return the letters of a column, its number from 0: 27 is "AB"."""
    letters = ""
    number = column + 1
    while number:
        number, digit = divmod(number - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters
