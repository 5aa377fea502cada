"""The sheet that the tables of a web page, and the text between them, make one below the other."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.ingest.files.counting import check_extent
from pipeline.ingest.files.grids import Cell, CellError, Grid, MergedRange, Row, is_blank
from pipeline.ingest.files.html_values import cell_value
from pipeline.ingest.files.refusals import Refused
from pipeline.ingest.files.row_limits import SHEET_COLUMNS, SHEET_ROWS

SPAN = re.compile(r"\s*([0-9]{1,9})")
SPACE = re.compile(r"[ \t\r\n\f]+")  # what HTML takes for one space
SPACE_RUN = re.compile(r" {2,}")
LINE_BREAK = re.compile(r" *\n[ \n]*")

Attributes = Mapping[str, str]
Cells = dict[int, Cell | CellError]


@dataclass
class _Cell:
    """A cell that is being read: where it starts, and the pieces of its text."""

    column: int
    attributes: Attributes
    pieces: list[str] = field(default_factory=list)


@dataclass
class _Table:
    """A table that is being read; its rows are numbered from 0, whatever their place on the sheet."""

    number: int = -1
    column: int = 0
    row: Cells | None = None
    percent: list[int] = field(default_factory=list)  # columns of the open row
    cell: _Cell | None = None
    places: list[int] = field(default_factory=list)  # where on the sheet each row stands
    taken: dict[int, int] = field(default_factory=dict)  # column -> number of the row in which it is free again
    spans: list[tuple[int, int, int, int]] = field(default_factory=list)  # row, column, rows, columns
    arranges: bool = False  # other tables; its own rows are then torn apart

    def merges(self) -> list[MergedRange]:
        """Return its spans as ranges of the sheet, cut at its last row."""
        if self.arranges:
            return []
        ends = ((min(row + rows, len(self.places)) - 1, columns) for row, _, rows, columns in self.spans)
        ranges = (
            (self.places[row], column, self.places[last], column + columns - 1)
            for (row, column, _, _), (last, columns) in zip(self.spans, ends, strict=True)
        )
        return [merged for merged in ranges if merged[:2] != merged[2:]]


class Layout:
    """Takes tables, rows, cells, text and ends of lines in the order of the page, each start with its end.

    Raises `Refused`: row_limit, too_wide, as soon as no sheet could hold the page.
    """

    def __init__(self, sheet: str) -> None:
        self.sheet = sheet
        self.formats: dict[str, str] = {}  # number format by class
        self.hidden_holders = 0  # open tables and rows that are not shown
        self._rows: list[Cells] = []
        self._percent: list[tuple[int, int]] = []
        self._merges: list[MergedRange] = []
        self._hidden: list[int] = []
        self._tables: list[_Table] = []
        self._line: list[str] = []  # text outside any cell

    def grid(self) -> Grid:
        """Return the sheet once the page has ended; raises `Refused` (too_wide)."""
        self.end_line()
        while self._tables:
            self.end_table()
        while self._rows and not self._rows[-1]:
            self._rows.pop()
        length = len(self._rows)
        check_extent(self.sheet, length, max((max(row) + 1 for row in self._rows if row), default=0))
        return Grid(
            name=self.sheet,
            visible=True,
            rows=tuple(_row(cells) for cells in self._rows),
            merges=tuple(merged for merged in self._merges if merged[2] < length),
            physical_rows=0,
            hidden_rows=tuple(row for row in self._hidden if row < length),
            percent_cells=tuple(self._percent),
        )

    def add_text(self, text: str) -> None:
        """Take text into the open cell, else into the line between tables."""
        cell = self._open_cell()
        (self._line if cell is None else cell.pieces).append(SPACE.sub(" ", text))

    def end_line(self) -> None:
        """End a line of text: within a cell it breaks there, elsewhere it is a row of one cell."""
        cell = self._open_cell()
        if cell is not None:
            cell.pieces.append("\n")
            return
        text = _tidy(self._line)
        self._line = []
        if text is not None:
            self._add_row({0: text})

    def start_table(self) -> None:
        """Open a table. Within a cell of another, what that row holds so far becomes a row above it."""
        if self._tables:
            outer = self._tables[-1]
            outer.arranges = True
            cell = outer.cell
            if cell is not None and outer.row is not None:
                self._close_cell(outer)
                self._close_row(outer)
                outer.row = {}
                outer.cell = _Cell(cell.column, {})  # what follows the inner table
        self._tables.append(_Table())

    def end_table(self) -> None:
        """Close a table."""
        if self._tables:
            self.end_row()
            self._merges += self._tables.pop().merges()

    def start_row(self) -> None:
        """Open a row; one that stands outside any table opens that too."""
        if not self._tables:
            self.start_table()
        self.end_row()
        table = self._tables[-1]
        table.number += 1
        table.column = 0
        table.row = {}

    def end_row(self) -> None:
        """Close the open row of the innermost table."""
        if self._tables and self._tables[-1].row is not None:
            self.end_cell()
            self._close_row(self._tables[-1])

    def start_cell(self, attributes: Attributes) -> None:
        """Open a cell in the first free column, and take the columns that it spans.

        Raises `Refused` (too_wide) beyond the last column of a sheet.
        """
        if not self._tables or self._tables[-1].row is None:
            self.start_row()
        self.end_cell()
        table = self._tables[-1]
        while table.taken.get(table.column, 0) > table.number:
            table.column += 1
        rows, columns = _span(attributes, "rowspan"), _span(attributes, "colspan") or 1
        if table.column + columns > SHEET_COLUMNS:
            raise Refused("too_wide", sheet=self.sheet, rows=len(self._rows) + 1, columns=table.column + columns)
        table.cell = _Cell(table.column, attributes)
        if (rows, columns) != (1, 1):
            height = rows or SHEET_ROWS  # 0: down to the end of the table
            table.spans.append((table.number, table.column, height, columns))
            if height > 1:
                table.taken.update(dict.fromkeys(range(table.column, table.column + columns), table.number + height))
        table.column += columns

    def end_cell(self) -> None:
        """Close the open cell of the innermost table."""
        if self._tables and self._tables[-1].cell is not None:
            self._close_cell(self._tables[-1])

    def _open_cell(self) -> _Cell | None:
        return self._tables[-1].cell if self._tables else None

    def _close_cell(self, table: _Table) -> None:
        cell, table.cell = table.cell, None
        text = _tidy(cell.pieces) if cell else None
        if cell is None or table.row is None or text is None:
            return
        value, is_percent = cell_value(text, cell.attributes, self.formats)
        table.row[cell.column] = value
        if is_percent:
            table.percent.append(cell.column)

    def _close_row(self, table: _Table) -> None:
        """Put a row on the sheet; a part of a row around another table only when it holds something."""
        row, table.row = table.row, None
        if row or not table.arranges:
            table.places.append(len(self._rows))
            self._percent += [(len(self._rows), column) for column in table.percent]
            table.percent = []
            self._add_row(row or {})

    def _add_row(self, row: Cells) -> None:
        if len(self._rows) > SHEET_ROWS:
            raise Refused("row_limit", sheet=self.sheet, rows=SHEET_ROWS)
        if self.hidden_holders:
            self._hidden.append(len(self._rows))
        self._rows.append(row)


def _span(attributes: Attributes, name: str) -> int:
    """Return how many rows or columns a cell covers; 1 where none is declared."""
    match = SPAN.match(attributes.get(name, ""))
    return int(match[1]) if match else 1


def _tidy(pieces: list[str]) -> str | None:
    """Return pieces of text as one, without space at both ends and empty lines; None when it is blank."""
    text = LINE_BREAK.sub("\n", SPACE_RUN.sub(" ", "".join(pieces))).strip(" \n")
    return None if is_blank(text) else text


def _row(cells: Cells) -> Row:
    return tuple(map(cells.get, range(max(cells) + 1))) if cells else ()
