"""A workbook before it is a file: cells by address, merged ranges, and where each recorded fact was written down."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

Value = str | int | float | date | datetime | None
Anchor = tuple[str, str]  # (key of the fact, column of the data dictionary)
Position = tuple[int, int]  # row and column from 1
PERCENT = "0.0%"


@dataclass
class Sheet:
    """One sheet while it is being written; rows and columns count from 1."""

    name: str
    cells: dict[Position, Value] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(
        default_factory=list
    )  # first row, first column, last row, last column
    formats: dict[Position, str] = field(default_factory=dict)
    bold: set[Position] = field(default_factory=set)
    anchors: dict[Anchor, Position] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    is_hidden: bool = False
    next_row: int = 1

    def put(self, row: int, column: int, value: Value) -> None:
        """Write a cell; None leaves it empty."""
        if value is not None:
            self.cells[row, column] = value

    def merge(self, first: Position, last: Position) -> None:
        """Merge a range of more than one cell."""
        if first != last:
            self.merges.append((*first, *last))

    def add_title(self, text: str, width: int) -> None:
        """Write a title merged over the whole width."""
        self.put(self.next_row, 1, text)
        self.bold.add((self.next_row, 1))
        self.merge((self.next_row, 1), (self.next_row, width))
        self.next_row += 1

    def add_line(self, parts: Mapping[int, str]) -> None:
        """Write a row of loose remarks, by column: who reports, when, in which unit, who signs."""
        for column, text in parts.items():
            self.put(self.next_row, column, text)
        self.next_row += 1

    def add_header(self, levels: Sequence[str | tuple[str, Sequence[str]]]) -> None:
        """Write one header row, or two where an entry has sub-headers: (upper, [lower ...]). The others merge down."""
        two = any(not isinstance(entry, str) for entry in levels)
        row, column = self.next_row, 1
        for entry in levels:
            upper, lowers = (entry, ()) if isinstance(entry, str) else entry
            self.put(row, column, upper)
            for offset, lower in enumerate(lowers):
                self.put(row + 1, column + offset, lower)
            width = max(1, len(lowers))
            bottom = row + 1 if two and not lowers else row
            self.merge((row, column), (bottom, column + width - 1))
            column += width
        self.bold |= {(r, c) for r in (row, row + two) for c in range(1, column)}
        self.next_row += 1 + two

    def add_row(self, values: Sequence[Value], key: str = "", columns: Sequence[str] = ()) -> int:
        """Write one row and remember under ``key`` where each of ``columns`` stands; returns the row."""
        row = self.next_row
        for index, value in enumerate(values, start=1):
            self.put(row, index, value)
        for index, column in enumerate(columns, start=1):
            if key and column:
                self.anchors[key, column] = (row, index)
        self.next_row += 1
        return row

    def merge_down(self, column: int, first_row: int, last_row: int) -> None:
        """Merge equal cells of a column into one, as people do with a group's name; only the first value stays."""
        for row in range(first_row + 1, last_row + 1):
            self.cells.pop((row, column), None)
        self.merge((first_row, column), (last_row, column))

    def insert_row(self, above: int, values: Sequence[Value]) -> None:
        """Insert a row; everything from ``above`` on moves down by one. Refuses to cut a merged range in two."""
        if any(top < above <= bottom for top, _, bottom, _ in self.merges):
            raise ValueError(f"{self.name}: row {above} lies within a merged range")
        self.cells = {_moved(place, above): value for place, value in self.cells.items()}
        self.formats = {_moved(place, above): value for place, value in self.formats.items()}
        self.bold = {_moved(place, above) for place in self.bold}
        self.hidden_rows = {row + (row >= above) for row in self.hidden_rows}
        self.anchors = {anchor: _moved(place, above) for anchor, place in self.anchors.items()}
        self.merges = [(t + (t >= above), left, b + (t >= above), right) for t, left, b, right in self.merges]
        self.next_row += 1
        for index, value in enumerate(values, start=1):
            self.put(above, index, value)

    def row_values(self, row: int) -> list[Value]:
        """Return the values of a row, empty cells as None."""
        width = max((column for r, column in self.cells if r == row), default=0)
        return [self.cells.get((row, column)) for column in range(1, width + 1)]


@dataclass
class Book:
    """One file to be; its suffix says which container it gets."""

    path: str  # relative to the bureau's folder, with forward slashes
    sheets: list[Sheet]

    def find(self, key: str, column: str) -> tuple[Sheet, Position] | None:
        """Return where a fact's column was written, None where this book does not hold it."""
        return next(((s, s.anchors[key, column]) for s in self.sheets if (key, column) in s.anchors), None)


def find_cell(books: Iterable[Book], key: str, column: str) -> tuple[Book, Sheet, Position]:
    """Return the first place where a fact's column was written; raises `LookupError` where none was."""
    for book in books:
        found = book.find(key, column)
        if found:
            return book, *found
    raise LookupError(f"{column} of {key} was not written down")


def address(position: Position) -> str:
    """Return the address of a cell: (7, 4) is "D7"."""
    row, column = position
    letters = ""
    while column:
        column, digit = divmod(column - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return f"{letters}{row}"


def _moved(place: Position, above: int) -> Position:
    row, column = place
    return (row + 1, column) if row >= above else place
