"""Tables into an xlsx file: text that never becomes a formula, frozen headers, filters, the same bytes every time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import openpyxl
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.spreadsheets.cells import save_bytes, write_text
from pipeline.spreadsheets.cleaning import sheet_title, text_width

MIN_WIDTH, MAX_WIDTH, PADDING = 8, 60, 2  # in half-width characters
DATE_FORMAT = "yyyy-mm-dd"
HEADER_FILL = PatternFill("solid", start_color="FFE8ECF1")
WARNING_FILL = PatternFill("solid", start_color="FFFFE3A3")

CellValue = str | float | int | date | None


@dataclass(frozen=True)
class Number:
    """A number with the format it is shown in."""

    value: float | int | None
    number_format: str


@dataclass(frozen=True)
class Sheet:
    """One sheet: lines of words above, a header, rows; ``warning`` is a line that must not be missed."""

    title: str
    lines: tuple[str, ...]
    header: tuple[str, ...]
    rows: Sequence[Sequence[CellValue | Number]]
    warning: str | None = None


def write_spreadsheet(sheets: Sequence[Sheet], path: Path, created: date) -> None:
    """Write ``sheets`` to ``path``; ``created`` stands in the document's properties instead of the clock."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for sheet in sheets:
        _fill_sheet(workbook.create_sheet(sheet_title(sheet.title)), sheet)
    path.write_bytes(save_bytes(workbook, datetime(created.year, created.month, created.day)))


def _fill_sheet(worksheet: Worksheet, sheet: Sheet) -> None:
    row = 1
    for line in (sheet.warning, *sheet.lines):
        if line is None:
            continue
        cell = _write(worksheet, row, 1, line)
        cell.font = Font(bold=row == 1)
        if line == sheet.warning:
            cell.fill = WARNING_FILL
        row += 1
    header = row
    for column, label in enumerate(sheet.header, start=1):
        cell = _write(worksheet, header, column, label)
        cell.font, cell.fill = Font(bold=True), HEADER_FILL
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for offset, values in enumerate(sheet.rows, start=1):
        for column, value in enumerate(values, start=1):
            _write(worksheet, header + offset, column, value)
    worksheet.freeze_panes = f"B{header + 1}"
    last = get_column_letter(len(sheet.header))
    worksheet.auto_filter.ref = f"A{header}:{last}{header + len(sheet.rows)}"
    for column, width in enumerate(_widths(sheet), start=1):
        worksheet.column_dimensions[get_column_letter(column)].width = width


def _write(worksheet: Worksheet, row: int, column: int, value: CellValue | Number) -> Cell:
    """Write one value and return its cell; a text is a text whatever it begins with."""
    cell = worksheet.cell(row, column)
    assert isinstance(cell, Cell)  # we merge nothing
    if isinstance(value, Number):
        cell.value, cell.number_format = value.value, value.number_format
    elif isinstance(value, str):
        write_text(cell, value)
    elif isinstance(value, date):
        cell.value, cell.number_format = value, DATE_FORMAT
    else:
        cell.value = value
    return cell


def _widths(sheet: Sheet) -> list[int]:
    columns = zip(sheet.header, *sheet.rows, strict=True)
    longest = [max(_width(value) for value in column) for column in columns]
    return [min(max(width + PADDING, MIN_WIDTH), MAX_WIDTH) for width in longest]


def _width(value: CellValue | Number) -> int:
    """Return how many half-width characters a value takes."""
    if isinstance(value, Number):
        return len(f"{value.value:,.1f}") if value.value is not None else 0
    return text_width(str(value or ""))
