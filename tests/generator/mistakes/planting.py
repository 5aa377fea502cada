"""The ground for mistakes: a bureau's books, and which of their rows and sheets already hold one."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from typing import TypeVar

from tests.generator.calendar import years_of
from tests.generator.rendering import EMPTY
from tests.generator.sheets import Book, Position, Sheet, Value, address
from tests.generator.world import World

TOTAL_KEYS = ("合计", "平均")  # facts whose key holds one of them are totals and means
NOTHING = (None, "", EMPTY, "/", "无")
Fact = TypeVar("Fact")


@dataclass(frozen=True)
class Spot:
    """Where a mistake was made; sheet and cell are empty where the whole file, or the whole sheet, is meant."""

    file: str
    sheet: str
    cell: str
    note: str
    spoils: tuple[str, date, str] | None = None  # (party group, month, metric) whose value nobody can know any more


@dataclass(frozen=True, kw_only=True)
class PlantedIssue(Spot):
    """A mistake where it was made, and the one issue that it must become."""

    kind: str  # the code of the issue; where there are several such mistakes, a dot and which one it is

    @property
    def code(self) -> str:
        return self.kind.partition(".")[0]


@dataclass
class Ground:
    """The books into which mistakes are planted, each mistake in a row or a sheet of its own.

    Rows are inserted below the last fact of a sheet only (the sample's own mistakes, which come first, apart), so that
    an address that was written down stays right.
    """

    books: list[Book]
    world: World
    taken: set[tuple[str, str, int]] = field(default_factory=set)  # path, sheet, row
    whole: set[tuple[str, str]] = field(default_factory=set)  # path, sheet

    @property
    def years(self) -> list[int]:
        return list(years_of(self.world.months))

    @property
    def middle_year(self) -> int:
        """Return the second year where there is one; the ledgers of that year get most of the sample's mistakes."""
        return self.years[min(1, len(self.years) - 1)]

    def book(self, part: str) -> Book:
        """Return the first book whose path holds ``part``; raises `LookupError` where there is none."""
        return first((book for book in self.books if part in book.path), f"workbook named {part}")

    def pick(self, part: str, column: str, *, suffix: str = "", sheet: str = "") -> tuple[Book, Sheet, Position]:
        """Return a filled cell of ``column`` in a fact's row that holds no mistake yet, and take that row.

        ``part`` stands in the path (``*`` for anything), ``suffix`` at its end, ``sheet`` is the sheet's name. Raises
        `LookupError` where no such row is left.
        """
        for book in self.books:
            for candidate in book.sheets if fnmatchcase(book.path, f"*{part}*{suffix}") else ():
                if sheet not in ("", candidate.name) or (book.path, candidate.name) in self.whole:
                    continue
                for position in _cells_of(candidate, column):
                    place = (book.path, candidate.name, position[0])
                    if place not in self.taken and candidate.cells.get(position) not in NOTHING:
                        self.taken.add(place)
                        return book, candidate, position
        raise LookupError(f"this bureau has no {column} in {part} left to spoil")

    def own_sheet(self, part: str, suffix: str = "", sheet: str = "") -> tuple[Book, Sheet]:
        """Return the last sheet of such a book that holds no mistake yet, and take the whole of it.

        Raises `LookupError` where every one holds some.
        """
        touched = {(path, name) for path, name, _ in self.taken} | self.whole
        for book in reversed(self.books):
            for candidate in reversed(book.sheets) if fnmatchcase(book.path, f"*{part}*{suffix}") else ():
                if sheet in ("", candidate.name) and (book.path, candidate.name) not in touched:
                    self.whole.add((book.path, candidate.name))
                    return book, candidate
        raise LookupError(f"this bureau has no sheet of {part} left to spoil")

    def mark(self, book: Book, sheet: Sheet, position: Position | None, note: str) -> Spot:
        """Return a place and keep other mistakes out of its row; ``position`` None stands for the whole sheet."""
        if position is None:
            self.whole.add((book.path, sheet.name))
            return Spot(book.path, sheet.name, "", note)
        self.taken.add((book.path, sheet.name, position[0]))
        return Spot(book.path, sheet.name, address(position), note)

    def add(self, book: Book) -> Book:
        """Take up a workbook that holds a mistake of its own, and no other."""
        self.books.append(book)
        self.whole |= {(book.path, sheet.name) for sheet in book.sheets}
        return book

    def append(self, book: Book, sheet: Sheet, values: Iterable[Value]) -> int:
        """Write a row below the last fact of a sheet, take it and return its number."""
        row = 1 + max((r for r, _ in sheet.anchors.values()), default=sheet.next_row - 1)
        while (book.path, sheet.name, row) in self.taken:
            row += 1
        sheet.insert_row(row, list(values))
        self.taken.add((book.path, sheet.name, row))
        return row

    def append_copy(self, part: str, column: str, changes: Mapping[str, Value]) -> tuple[Book, Sheet, Position]:
        """Append a copy of a fact's row, some columns changed, and return the cell of ``column`` in it."""
        book, sheet, (row, number) = self.pick(part, column)
        values = sheet.row_values(row)
        for name, value in changes.items():
            values[column_of(sheet, name) - 1] = value
        return book, sheet, (self.append(book, sheet, values), number)


Planter = Callable[[Ground], Spot]


def first(facts: Iterable[Fact], what: str) -> Fact:
    """Return the first of some facts; raises `LookupError` where the bureau has none."""
    for fact in facts:
        return fact
    raise LookupError(f"this bureau has no {what} to spoil")


def column_of(sheet: Sheet, column: str) -> int:
    """Return the number of a column of the dictionary."""
    return first((c for (_, name), (_, c) in sheet.anchors.items() if name == column), f"column {column}")


def header_of(sheet: Sheet, column: str) -> Position:
    """Return the lowest header cell that stands over a column, where its text is even if it is merged downwards."""
    number = column_of(sheet, column)
    bottom = min(row for row, _ in sheet.anchors.values()) - 1
    return (max(row for row, c in sheet.cells if c == number and row <= bottom), number)


def header_bottom(sheet: Sheet, column: str) -> Position:
    """Return the cell of a column in the last row of the header, whether or not it is merged away."""
    return (min(row for row, _ in sheet.anchors.values()) - 1, column_of(sheet, column))


def _cells_of(sheet: Sheet, column: str) -> Iterator[Position]:
    """Yield the cells of a column in the rows of facts, from the top."""
    yield from sorted(
        position
        for (key, name), position in sheet.anchors.items()
        if name == column and not any(word in key for word in TOTAL_KEYS)
    )
