"""The second reader for OpenDocument spreadsheets: expat over content.xml, repeated rows and cells multiplied out."""

import zipfile
from dataclasses import replace
from io import BytesIO

from pipeline.ingest.files.archives import read_member
from pipeline.ingest.files.counting import Position, SheetCount, add_columns, check_stored_extent
from pipeline.ingest.files.grids import MergedRange, is_blank
from pipeline.ingest.files.markup import SEPARATOR, make_parser, run_parser
from pipeline.ingest.files.row_limits import SHEET_COLUMNS

CONTENT = "content.xml"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0" + SEPARATOR
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0" + SEPARATOR
CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" + SEPARATOR

CELL_ELEMENTS = (TABLE + "table-cell", TABLE + "covered-table-cell")
VALUES = tuple(OFFICE + name for name in ("value", "date-value", "time-value", "boolean-value", "string-value"))
HIDDEN = ("collapse", "filter")
FIRST_DAY_OF_1904 = "1904-01-01"
PERCENTAGE = "percentage"
MAX_LISTED_ROWS = 1_048_576  # rows of a sheet; LibreOffice repeats hidden rows down to the last one


def count_ods_rows(data: bytes) -> tuple[SheetCount, ...]:
    """Count the non-empty rows of every table, in document order.

    Raises `Refused`: zip_incomplete, damaged_part, too_wide.
    """
    content = read_member(zipfile.ZipFile(BytesIO(data)), CONTENT)
    document = _ContentAutomaton()
    run_parser(document.parser, BytesIO(content), CONTENT)
    return tuple(replace(count, from_1904=document.from_1904) for count in document.counts)


class _ContentAutomaton:
    """Tables, rows and cells as expat meets them; comments and tables inside cells are left out."""

    def __init__(self) -> None:
        self.counts: list[SheetCount] = []
        self.from_1904 = False
        self.depth = 0  # of tables
        self.in_note = self.in_cell = False
        self.parser = make_parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == TABLE + "table":
            self.depth += 1
            if self.depth == 1:
                self._open_table(attributes)
        elif name == TABLE + "null-date":
            self.from_1904 = attributes.get(TABLE + "date-value") == FIRST_DAY_OF_1904
        elif self.depth != 1:
            return
        elif name == TABLE + "table-column":
            self._take_columns(attributes)
        elif name == TABLE + "table-row":
            self._open_row(attributes)
        elif name in CELL_ELEMENTS:
            self._open_cell(attributes)
        elif name == OFFICE + "annotation":
            self.in_note = True

    def _end(self, name: str) -> None:
        if name == TABLE + "table":
            if self.depth == 1:
                self._close_table()
            self.depth -= 1
        elif self.depth != 1:
            return
        elif name == TABLE + "table-row":
            self._close_row()
        elif name in CELL_ELEMENTS:
            self._close_cell()
        elif name == OFFICE + "annotation":
            self.in_note = False

    def _characters(self, text: str) -> None:
        if self.in_cell and not self.in_note and self.depth == 1:
            self.text += text

    def _open_table(self, attributes: dict[str, str]) -> None:
        self.name = attributes.get(TABLE + "name", "")
        self.rows = self.row = 0
        self.last_row = self.last_column = 0
        self.errors: dict[Position, str] = {}
        self.formulas: list[Position] = []
        self.hidden: list[int] = []
        self.columns = 0  # described so far
        self.hidden_columns: list[int] = []
        self.merges: list[MergedRange] = []
        self.row_errors: dict[int, str] = {}  # by column, of the open row
        self.row_percent: list[int] = []  # columns
        self.percent: list[Position] = []

    def _open_row(self, attributes: dict[str, str]) -> None:
        self.row_repeats = _number(attributes, "number-rows-repeated")
        self.row_filled = False
        self.column = 0
        if attributes.get(TABLE + "visibility") in HIDDEN:
            self.hidden.extend(range(self.row, min(self.row + self.row_repeats, MAX_LISTED_ROWS)))

    def _take_columns(self, attributes: dict[str, str]) -> None:
        first = self.columns
        self.columns += _number(attributes, "number-columns-repeated")
        if attributes.get(TABLE + "visibility") in HIDDEN:
            add_columns(self.hidden_columns, first, self.columns - 1)

    def _open_cell(self, attributes: dict[str, str]) -> None:
        self.in_cell = True
        self.text = ""
        self.attributes = attributes

    def _close_cell(self) -> None:
        self.in_cell = False
        attributes = self.attributes
        repeats = _number(attributes, "number-columns-repeated")
        value = next((attributes[name] for name in VALUES if name in attributes), "")
        if not (is_blank(value) and is_blank(self.text)):
            self.row_filled = True
            self.last_column = max(self.last_column, self.column + repeats - 1)
            columns = range(self.column, min(self.column + repeats, SHEET_COLUMNS))
            if attributes.get(CALC + "value-type") == "error":
                self.row_errors |= dict.fromkeys(columns, self.text.strip())
            elif attributes.get(OFFICE + "value-type") == PERCENTAGE:
                self.row_percent += columns
        elif TABLE + "formula" in attributes and OFFICE + "value-type" not in attributes:
            self.formulas.append((self.row, self.column))
        spanned = _number(attributes, "number-rows-spanned"), _number(attributes, "number-columns-spanned")
        if spanned != (1, 1):
            self.merges.append((self.row, self.column, self.row + spanned[0] - 1, self.column + spanned[1] - 1))
        self.column += repeats

    def _close_row(self) -> None:
        if self.row_filled:
            self.rows += self.row_repeats
            self.last_row = self.row + self.row_repeats - 1
            # before repeated rows are multiplied out
            check_stored_extent(self.name, self.last_row + 1, self.last_column + 1)
            for row in range(self.row, self.row + self.row_repeats):
                self.errors |= {(row, column): code for column, code in self.row_errors.items()}
                self.percent += [(row, column) for column in self.row_percent]
        self.row_errors, self.row_percent = {}, []
        self.row += self.row_repeats

    def _close_table(self) -> None:
        formulas, hidden, merges = tuple(self.formulas), tuple(self.hidden), tuple(self.merges)
        percent, columns = tuple(self.percent), tuple(self.hidden_columns)
        self.counts.append(SheetCount(self.name, self.rows, self.errors, formulas, hidden, merges, percent, columns))


def _number(attributes: dict[str, str], name: str) -> int:
    """Return a repetition or a span; 1 where none is written."""
    return int(attributes.get(TABLE + name, "1"))
