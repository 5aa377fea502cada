"""Tables on sheets: text that never becomes a formula, frozen headers, filters, columns as wide as what they hold."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from openpyxl.cell import Cell
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.styles.cell_style import StyleArray
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.spreadsheets.cells import write_text
from pipeline.spreadsheets.cleaning import sheet_title, text_width

MIN_WIDTH, MAX_WIDTH, PADDING = 8, 60, 2  # in half-width characters
LINE_HEIGHT, TITLE_HEIGHT = 15.5, 21  # points: a line of 11 pt, the line of the title
WARNING_COLUMNS = 8  # of a wide table that the ground of its warning covers
DATE_FORMAT = "yyyy-mm-dd"
HEADER_FILL = PatternFill("solid", start_color="FFE8ECF1")
WARNING_FILL = PatternFill("solid", start_color="FFFFE3A3")
LINK_FONT = Font(color="FF0B57A4", underline="single")
TOP = Alignment(vertical="top")
WRAPPED = Alignment(wrap_text=True, vertical="top")
OVER_NUMBERS = Alignment(wrap_text=True, vertical="top", horizontal="right")


@dataclass(frozen=True)
class Number:
    """A number, or a day, with the format it is shown in."""

    value: float | int | date | None
    number_format: str


@dataclass(frozen=True)
class Link:
    """A text that leads to the sheet named ``sheet`` of the same workbook."""

    text: str
    sheet: str


CellValue = str | float | int | date | Number | Link | None


@dataclass(frozen=True)
class Sheet:
    """One sheet: lines of words above, a header, rows; ``warning`` is a line that must not be missed.

    ``back`` leads to the first sheet. ``tints`` colour the cells of a column (by its place in the header, from 0) that
    hold a word; the word says all that the colour says.
    """

    title: str
    lines: tuple[str, ...]
    header: tuple[str, ...]
    rows: Sequence[Sequence[CellValue]]
    warning: str | None = None
    back: Link | None = None
    tints: Mapping[int, Mapping[str, str]] = field(default_factory=dict)

    @property
    def header_row(self) -> int:
        """The row of the sheet that holds the header, from 1."""
        return 1 + len(self.above)

    @property
    def above(self) -> tuple[str | Link, ...]:
        """The lines above the header, the warning first."""
        return tuple(line for line in (self.warning, *self.lines, self.back) if line is not None)

    @cached_property
    def widths(self) -> list[int]:
        """The widths of the columns, in half-width characters."""
        return column_widths([self.header, *self.rows])


def fill_table(worksheet: Worksheet, sheet: Sheet) -> None:
    """Write ``sheet``; its header stays in view, and its rows can be filtered."""
    widths = sheet.widths
    write_lines(worksheet, sheet.above, sheet.warning, min(len(widths), WARNING_COLUMNS))
    write_rows(worksheet, sheet.header_row, sheet.header, sheet.rows, widths)
    worksheet.freeze_panes = f"B{sheet.header_row + 1}"
    last = sheet.header_row + len(sheet.rows)
    worksheet.auto_filter.ref = f"A{sheet.header_row}:{get_column_letter(len(sheet.header))}{last}"
    set_widths(worksheet, widths)
    for place, words in sheet.tints.items():
        column = get_column_letter(place + 1)
        for word, colour in words.items():
            quoted = word.replace('"', '""')
            look = DifferentialStyle(fill=PatternFill("solid", bgColor=colour))
            rule = Rule(type="cellIs", operator="equal", formula=[f'"{quoted}"'], dxf=look)
            worksheet.conditional_formatting.add(f"{column}{sheet.header_row + 1}:{column}{last}", rule)


def write_lines(worksheet: Worksheet, lines: Sequence[str | Link], warning: str | None, columns: int) -> None:
    """Write ``lines`` from the first row on: the warning marked over ``columns``, the first of the others bold."""
    is_first = True
    for row, line in enumerate(lines, start=1):
        cell = write(worksheet, row, 1, line)
        if line == warning:
            cell.font = Font(bold=True)
            for column in range(1, columns + 1):
                worksheet.cell(row, column).fill = WARNING_FILL
        elif is_first:
            cell.font, is_first = Font(bold=True, size=14), False
            worksheet.row_dimensions[row].height = TITLE_HEIGHT


def write_rows(
    worksheet: Worksheet,
    header_row: int,
    header: Sequence[str],
    rows: Sequence[Sequence[CellValue]],
    widths: Sequence[int],
) -> None:
    """Write a header and the rows below it; a text that is wider than its column is wrapped."""
    for column, label in enumerate(header, start=1):
        cell = write(worksheet, header_row, column, label)
        cell.font, cell.fill = Font(bold=True), HEADER_FILL
        is_of_numbers = any(isinstance(row[column - 1], Number) for row in rows if len(row) >= column)
        cell.alignment = OVER_NUMBERS if is_of_numbers else WRAPPED
    top, wrapped = _alignment_numbers(worksheet)
    cells = worksheet._cells  # `Worksheet.cell` looks for one that is there already
    for row, values in enumerate(rows, start=header_row + 1):
        lines = list(map(_lines, values, widths))
        for column, (value, taken) in enumerate(zip(values, lines, strict=True), start=1):
            cell = cells[row, column] = Cell(worksheet, row, column)
            _fill(cell, value)
            style = cell._style or StyleArray()  # type: ignore[attr-defined]
            style.alignmentId = wrapped if taken > 1 else top
            cell._style = style  # type: ignore[attr-defined]
        if max(lines) > 1:  # not every program makes room for wrapped text by itself
            worksheet.row_dimensions[row].height = max(lines) * LINE_HEIGHT


def _alignment_numbers(worksheet: Worksheet) -> tuple[int, int]:
    """Return under which numbers the workbook knows `TOP` and `WRAPPED`.

    Given as an alignment, openpyxl would look it up by all its properties for every cell: a quarter of the time that
    writing takes.
    """
    known = worksheet.parent._alignments  # type: ignore[union-attr]  # a sheet of ours has a workbook
    return known.add(TOP), known.add(WRAPPED)


def write(worksheet: Worksheet, row: int, column: int, value: CellValue) -> Cell:
    """Write one value and return its cell; a text is a text whatever it begins with."""
    cell = worksheet.cell(row, column)
    assert isinstance(cell, Cell)  # we merge nothing
    _fill(cell, value)
    return cell


def _fill(cell: Cell, value: CellValue) -> None:
    if isinstance(value, Number):
        cell.value, cell.number_format = value.value, value.number_format
    elif isinstance(value, Link):
        write_text(cell, value.text)
        quoted = sheet_title(value.sheet).replace("'", "''")
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!A1")
        cell.font = LINK_FONT
    elif isinstance(value, str):
        write_text(cell, value)
    elif isinstance(value, date):
        cell.value, cell.number_format = value, DATE_FORMAT
    elif value is not None:
        cell.value = value


def column_widths(rows: Iterable[Sequence[CellValue]]) -> list[int]:
    """Return the width of every column of ``rows``, by its longest value."""
    longest = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return [min(max(width + PADDING, MIN_WIDTH), MAX_WIDTH) for width in longest]


def set_widths(worksheet: Worksheet, widths: Sequence[int]) -> None:
    """Make the columns as wide as ``widths``."""
    for column, width in enumerate(widths, start=1):
        worksheet.column_dimensions[get_column_letter(column)].width = width


def _lines(value: CellValue, width: int) -> int:
    """Return how many lines a value takes in a column of ``width``."""
    return -(-_width(value) // (width - PADDING))


def _width(value: CellValue) -> int:
    """Return how many half-width characters a value takes."""
    if isinstance(value, str):
        return text_width(value)
    if isinstance(value, Number):
        return len(f"{value.value:,.1f}") if isinstance(value.value, float | int) else _width(value.value)
    if isinstance(value, Link):
        return text_width(value.text)
    return text_width("" if value is None else str(value))
