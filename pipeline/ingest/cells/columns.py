"""What every converter of a column takes and gives."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.catalog import Column
from pipeline.ingest.files.grids import Cell, CellError
from pipeline.ingest.wordforms import compact

LONGEST_EMPTY = 8  # characters with padding; a longer text is not looked up among the words for "nothing"

Value = object  # a Python value of the column's dtype; None is missing


class ColumnFault(NamedTuple):
    """A cell of a column that could not be taken over; ``position`` counts the cells that were handed in.

    ``number`` is what the cell came to in the dictionary's unit, where it is a number outside its range.
    """

    position: int
    code: str
    expected: str = ""
    number: float | None = None


@dataclass
class ConvertedColumn:
    """One value a cell (``None`` for missing and for faults) and the faults, in order of position."""

    values: list[Value]
    faults: list[ColumnFault] = field(default_factory=list)


@dataclass(frozen=True)
class ColumnHints:
    """What a column's surroundings say about its cells.

    ``default_year`` belongs to bare months and days, ``default_month`` to a day without either (5日);
    ``has_percent_header`` is a % in the header; ``is_text_file`` marks text files, where 2019.1 may once have been the
    number that it looks like; ``month_means_first_day`` takes 2018.11 as 2018-11-01; ``from_1904`` counts numbers that
    stand for days from 1904. ``lists_kinds`` is a header (案件类型) under which a word says of what kind a row is, and
    not yes or no. ``own_units`` maps units that may follow a number in its cell to factors to the unit of
    the column's bare numbers.
    """

    default_year: int | None = None
    default_month: int | None = None
    has_percent_header: bool = False
    has_fractions_beside: bool | None = None  # how other percentages of the sheet are written; None where none tells
    shown_as_percent: frozenset[int] = frozenset()  # positions of numbers in cells that are formatted as percent
    is_text_file: bool = False
    from_1904: bool = False
    month_means_first_day: bool = False
    lists_kinds: bool = False
    own_units: Mapping[str, float] = field(default_factory=dict)


Words = Mapping[str, frozenset[str]]  # class of words.csv -> compact words
Cells = Sequence[Cell | CellError]
Converter = Callable[[Cells, Column, ColumnHints, Words], ConvertedColumn]


class CellFault(ValueError):
    """Raised when one cell is not what its column holds; ``code`` names the issue."""

    def __init__(self, code: str, expected: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.expected = expected


def convert_each(
    cells: Cells, convert: Callable[[Cell], Value], empties: frozenset[str], ready: type | None = None
) -> ConvertedColumn:
    """Convert a column, each distinct cell once: empty words are missing, error values are faults, the rest is
    ``convert``'s.

    Cells of the type ``ready`` are values already.
    """
    outcomes = _Outcomes(convert, empties)
    values = [cell if cell.__class__ is ready else outcomes[cell.__class__][cell] for cell in cells]
    result = ConvertedColumn(values)
    if outcomes.has_faults:
        for position, value in enumerate(values):
            if value.__class__ is _Unread:
                result.faults.append(ColumnFault(position, *value))
                result.values[position] = None
    return result


class _Unread(NamedTuple):
    """What is wrong with a cell; the exception that said so would keep every frame it went through alive."""

    code: str
    expected: str = ""


class _Outcomes(dict[type, "_OutcomesOfType"]):
    """What becomes of the cells of a column by type, since 1 and True and 1.0 are the same key, and by cell."""

    def __init__(self, convert: Callable[[Cell], Value], empties: frozenset[str]) -> None:
        super().__init__()
        self._convert = convert
        self._empties = empties

    def __missing__(self, type_: type) -> "_OutcomesOfType":
        self[type_] = outcomes = _OutcomesOfType(self._outcome)
        return outcomes

    @property
    def has_faults(self) -> bool:
        """Tell whether any cell that was looked up is a fault."""
        return any(value.__class__ is _Unread for outcomes in self.values() for value in outcomes.values())

    def _outcome(self, cell: Cell | CellError) -> Value:
        """Return the value of a cell, or the fault that it is."""
        if cell is None or (isinstance(cell, str) and len(cell) <= LONGEST_EMPTY and compact(cell) in self._empties):
            return None
        if isinstance(cell, CellError):
            return _Unread("error_cell")
        try:
            return self._convert(cell)
        except CellFault as fault:
            return _Unread(fault.code, fault.expected)


class _OutcomesOfType(dict[Cell | CellError, Value]):
    def __init__(self, outcome: Callable[[Cell | CellError], Value]) -> None:
        super().__init__()
        self._outcome = outcome

    def __missing__(self, cell: Cell | CellError) -> Value:
        self[cell] = outcome = self._outcome(cell)
        return outcome
