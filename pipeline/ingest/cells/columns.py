"""What every converter of a column takes and gives."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.catalog import Column
from pipeline.ingest.files.grids import Cell, CellError
from pipeline.ingest.wordforms import compact

LONGEST_EMPTY = 8  # characters with padding; a longer text is not looked up among the words for "nothing"

Value = object  # a Python value of the column's dtype; None is missing


@dataclass(frozen=True)
class ColumnFault:
    """A cell of a column that could not be taken over; ``position`` counts the cells that were handed in."""

    position: int
    code: str
    expected: str = ""


@dataclass
class ConvertedColumn:
    """One value a cell (``None`` for missing and for faults) and the faults, in order of position."""

    values: list[Value]
    faults: list[ColumnFault] = field(default_factory=list)


@dataclass(frozen=True)
class ColumnHints:
    """What a column's surroundings say about its cells.

    ``default_year`` belongs to bare months and days; ``has_percent_header`` is a % in the header; ``is_text_file``
    marks text files, where 2019.1 may once have been the number that it looks like; ``month_means_first_day`` takes
    2018.11 as 2018-11-01.
    """

    default_year: int | None = None
    has_percent_header: bool = False
    has_fractions_beside: bool | None = None  # how other percentages of the sheet are written; None where none tells
    shown_as_percent: frozenset[int] = frozenset()  # positions of numbers in cells that are formatted as percent
    is_text_file: bool = False
    month_means_first_day: bool = False


Words = Mapping[str, frozenset[str]]  # class of words.csv -> compact words
Cells = Sequence[Cell | CellError]
Converter = Callable[[Cells, Column, ColumnHints, Words], ConvertedColumn]


class CellFault(ValueError):
    """Raised when one cell is not what its column holds; ``code`` names the issue."""

    def __init__(self, code: str, expected: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.expected = expected


def convert_each(cells: Cells, convert: Callable[[Cell], Value], empties: frozenset[str]) -> ConvertedColumn:
    """Convert a column cell by cell: empty words are missing, error values are faults, the rest is ``convert``'s."""
    result = ConvertedColumn([None] * len(cells))
    for position, cell in enumerate(cells):
        if cell is None or (isinstance(cell, str) and len(cell) <= LONGEST_EMPTY and compact(cell) in empties):
            continue
        try:
            if isinstance(cell, CellError):
                raise CellFault("error_cell")
            result.values[position] = convert(cell)
        except CellFault as fault:
            result.faults.append(ColumnFault(position, fault.code, fault.expected))
    return result
