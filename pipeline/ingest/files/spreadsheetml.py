"""The first reader of Excel 2003 XML (SpreadsheetML): libxml2, a row at a time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from io import BytesIO
from math import isfinite

from lxml import etree

from pipeline.ingest.files.cell_styles import shows_percent
from pipeline.ingest.files.counting import add_columns, check_extent
from pipeline.ingest.files.grids import Cell, CellError, Grid, MergedRange, Row, cell_address, is_blank
from pipeline.ingest.files.refusals import Refused
from pipeline.ingest.files.row_limits import SHEET_COLUMNS, SHEET_ROWS

SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
VISIBLE = "{urn:schemas-microsoft-com:office:excel}Visible"
STYLE, SHEET, TABLE, COLUMN, ROW = (SS + name for name in ("Style", "Worksheet", "Table", "Column", "Row"))
CELL, DATA = SS + "Cell", SS + "Data"

TRUE = ("1", "true")
DEFAULT_STYLE = "Default"
PERCENT_FORMAT = "Percent"  # a format by its name
DATE_TIME = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d(?:\.\d{1,6})?)\d*)?")
BEFORE_ALL_DAYS = (date(1899, 12, 30), date(1899, 12, 31), date(1904, 1, 1))
"""The days under which a time of day is written: serial 0 by OpenDocument's count, by Excel's, and by that of 1904."""


def read_spreadsheetml_grids(data: bytes) -> Iterator[Grid]:
    """Yield the worksheets of UTF-8 XML without a document type, ``physical_rows`` left to the second reader.

    Numbers are floats, dates dates, times of a day times; a formula without data is listed; text formatted in part is
    the whole text; hidden rows, columns and sheets are read and said to be hidden. Raises `Refused`: damaged,
    damaged_address (rows or cells that go back), too_wide.
    """
    events = etree.iterparse(
        BytesIO(data),
        events=("start", "end"),
        tag=(STYLE, SHEET, TABLE, COLUMN, ROW, VISIBLE),
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
    )
    percent_styles: set[str] = set()
    sheet: _Sheet | None = None
    try:
        for event, element in events:
            if event == "start":
                if element.tag == SHEET:
                    sheet = _Sheet(element.get(SS + "Name", ""), frozenset(percent_styles))
                elif element.tag == TABLE and sheet is not None:
                    sheet.style = element.get(SS + "StyleID", DEFAULT_STYLE)
                continue
            if element.tag == STYLE:
                _take_style(element, percent_styles)
            elif sheet is not None and element.tag == SHEET:
                yield sheet.grid()
                sheet = None
            elif sheet is not None:
                sheet.take(element)
            if element.tag != STYLE:
                _forget(element)
    except etree.LxmlError as error:
        raise Refused("damaged") from error


def _take_style(style: etree._Element, percent_styles: set[str]) -> None:
    """Add a style that shows percent, by its own format or by that of the style it derives from."""
    number_format = style.find(SS + "NumberFormat")
    if number_format is None:
        is_percent = style.get(SS + "Parent") in percent_styles
    else:
        code = number_format.get(SS + "Format", "")
        is_percent = code == PERCENT_FORMAT or shows_percent(code)
    if is_percent:
        percent_styles.add(style.get(SS + "ID", ""))


def _forget(element: etree._Element) -> None:
    """Free what has been read, so that no whole sheet is ever in memory as a tree."""
    element.clear(keep_tail=False)
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


@dataclass
class _Sheet:
    """A worksheet while it is being read; rows and columns count from 0."""

    name: str
    percent_styles: frozenset[str]
    style: str = DEFAULT_STYLE
    visible: bool = True
    row: int = -1
    column: int = -1  # of column definitions
    width: int = 0
    column_styles: dict[int, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    merges: list[MergedRange] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    percent: list[tuple[int, int]] = field(default_factory=list)

    def grid(self) -> Grid:
        """Return the sheet once all its elements have been taken."""
        while self.rows and not self.rows[-1]:
            self.rows.pop()
        return Grid(
            name=self.name,
            visible=self.visible,
            rows=tuple(self.rows),
            merges=tuple(self.merges),
            physical_rows=0,
            formulas_without_value=tuple(self.formulas),
            hidden_rows=tuple(row for row in self.hidden if row < len(self.rows)),
            percent_cells=tuple(self.percent),
            hidden_columns=tuple(self.hidden_columns),
        )

    def take(self, element: etree._Element) -> None:
        """Take a column definition, a row, or whether the sheet is visible."""
        if element.tag == COLUMN:
            self._take_column(element)
        elif element.tag == ROW:
            self._take_row(element)
        elif element.tag == VISIBLE:
            self.visible = (element.text or "").strip() not in ("SheetHidden", "SheetVeryHidden")

    def _take_column(self, element: etree._Element) -> None:
        first = self._next(element, self.column, SHEET_COLUMNS)
        self.column = min(first + _number(element, "Span"), SHEET_COLUMNS)
        if element.get(SS + "Hidden") in TRUE:
            add_columns(self.hidden_columns, first, self.column)
        if SS + "StyleID" in element.attrib:
            self.column_styles |= dict.fromkeys(range(first, self.column + 1), element.get(SS + "StyleID", ""))

    def _take_row(self, element: etree._Element) -> None:
        first = self._next(element, self.row, SHEET_ROWS)
        self.row = min(first + _number(element, "Span"), SHEET_ROWS)
        if element.get(SS + "Hidden") in TRUE:
            self.hidden += range(first, self.row + 1)
        cells: dict[int, Cell | CellError] = {}
        column = -1
        for cell in element.iterchildren(CELL):
            column = self._next(cell, column, SHEET_COLUMNS)
            value = self._take_cell(cell, first, column, element.get(SS + "StyleID"))
            if value is not None:
                cells[column] = value
            column += _number(cell, "MergeAcross")
        if cells:
            self.width = max(self.width, max(cells) + 1)
            check_extent(self.name, first + 1, self.width)
            self.rows.extend(() for _ in range(first - len(self.rows)))
            self.rows.append(tuple(map(cells.get, range(max(cells) + 1))))

    def _take_cell(self, cell: etree._Element, row: int, column: int, row_style: str | None) -> Cell | CellError:
        """Return the value of a cell, and note how it is merged, shown, or not yet calculated."""
        down, across = _number(cell, "MergeDown"), _number(cell, "MergeAcross")
        if down or across:
            self.merges.append((row, column, min(row + down, SHEET_ROWS - 1), min(column + across, SHEET_COLUMNS - 1)))
        data = cell.find(DATA)
        if data is None:
            if SS + "Formula" in cell.attrib:
                self.formulas.append(cell_address(row, column))
            return None
        value = _value(data)
        style = cell.get(SS + "StyleID") or row_style or self.column_styles.get(column) or self.style
        if isinstance(value, float) and style in self.percent_styles:
            self.percent.append((row, column))
        return value

    def _next(self, element: etree._Element, before: int, limit: int) -> int:
        """Return where an element stands: after the one before, or where its index says, which never goes back."""
        here = _number(element, "Index") - 1 if SS + "Index" in element.attrib else before + 1
        if here <= before:
            raise Refused("damaged_address", address=f"{etree.QName(element).localname} {here + 1}")
        if here >= limit:
            is_row = element.tag == ROW
            raise Refused(
                "too_wide",
                sheet=self.name,
                rows=here + 1 if is_row else max(self.row, 0) + 1,
                columns=self.width if is_row else here + 1,
            )
        return here


def _number(element: etree._Element, name: str) -> int:
    """Return a whole number in an attribute, 0 where there is none; raises `Refused` (damaged)."""
    text = element.get(SS + name, "0").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise Refused("damaged")
    return int(text)


def _value(data: etree._Element) -> Cell | CellError:
    """Return the value of a cell by its declared type; blank text is None."""
    text = "".join(data.itertext())
    if is_blank(text):
        return None
    kind = data.get(SS + "Type", "String")
    try:
        match kind:
            case "Number":
                return number if isfinite(number := float(text)) else CellError(text.strip())
            case "Boolean":
                return text.strip() in TRUE
            case "Error":
                return CellError(text.strip())
            case "DateTime":
                return _moment(text.strip())
    except ValueError as error:
        raise Refused("damaged") from error
    return text


def _moment(text: str) -> Cell:
    """Return a date, a date with a time, or a time of day; raises `ValueError` for anything else."""
    match = DATE_TIME.fullmatch(text)
    if match is None:
        raise ValueError(text)
    day = date.fromisoformat(match[1])
    clock = time.fromisoformat(match[2]) if match[2] else time()
    if day in BEFORE_ALL_DAYS and match[2]:
        return clock
    return datetime.combine(day, clock) if clock != time() else day
