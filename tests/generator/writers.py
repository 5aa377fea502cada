"""Books become files: xlsx by openpyxl, BIFF xls by xlwt, csv in GBK; the same book always gives the same bytes."""

import csv
import io
import re
import unicodedata
import zipfile
from datetime import date, datetime
from pathlib import Path

import xlwt
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tests.generator.sheets import Book, Position, Sheet, Value

ZIP_TIME = (2022, 1, 10, 0, 0, 0)
CORE_TIME = b"2022-01-10T00:00:00Z"  # created and modified, as docProps/core.xml writes it
UNIX = 3  # zip's number for the system that made a member; the host's own would differ
WIDEST = 36  # characters
MARGIN = 2
XLS_CHARACTER = 256  # xlwt measures widths in 1/256 of a character
DATE_FORMAT = "yyyy/m/d"
ERROR_VALUES = ("#DIV/0!", "#N/A", "#REF!", "#VALUE!")  # openpyxl knows them by themselves, xlwt has to be told

CENTRED = Alignment(horizontal="center", vertical="center")
BOLD = Font(bold=True)


def write_book(book: Book, folder: Path) -> Path:
    """Write one book under ``folder`` and return its path; raises `ValueError` for a suffix that has no writer."""
    path = folder / book.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(render_book(book))
    return path


def render_book(book: Book) -> bytes:
    """Return the bytes of the file."""
    suffix = Path(book.path).suffix
    if suffix == ".xlsx":
        return _render_xlsx(book)
    if suffix == ".xls":
        return _render_xls(book)
    if suffix == ".csv":
        return _render_csv(book)
    raise ValueError(f"{book.path}: no writer for {suffix or 'a file without a suffix'}")


def _render_xlsx(book: Book) -> bytes:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for sheet in book.sheets:
        _fill_worksheet(workbook.create_sheet(sheet.name), sheet)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return _settle_times(buffer)


def _fill_worksheet(target: Worksheet, sheet: Sheet) -> None:
    for (row, column), value in sheet.cells.items():
        cell = target.cell(row, column, value)
        if isinstance(value, date):
            cell.number_format = DATE_FORMAT
    for (row, column), number_format in sheet.formats.items():
        target.cell(row, column).number_format = number_format
    for row, column in sheet.bold:
        head = target.cell(row, column)
        head.font, head.alignment = BOLD, CENTRED
    for top, left, bottom, right in sheet.merges:
        target.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
        target.cell(top, left).alignment = CENTRED
    for row in sheet.hidden_rows:
        target.row_dimensions[row].hidden = True
    for column in sheet.hidden_columns:
        target.column_dimensions[get_column_letter(column)].hidden = True
    if sheet.is_hidden:
        target.sheet_state = Worksheet.SHEETSTATE_HIDDEN
    for column, width in _widths(sheet).items():
        target.column_dimensions[get_column_letter(column)].width = width


def _settle_times(buffer: io.BytesIO) -> bytes:
    """Return a workbook's archive again with fixed times, so that two runs give identical bytes."""
    settled = io.BytesIO()
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", CORE_TIME, data)
            member = zipfile.ZipInfo(name, ZIP_TIME)
            member.create_system = UNIX
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, data)
    return settled.getvalue()


def _render_xls(book: Book) -> bytes:
    workbook = xlwt.Workbook(encoding="utf-8")
    plain = xlwt.easyxf()
    head = xlwt.easyxf("font: bold on; align: horiz center, vert center")
    dated = xlwt.easyxf(num_format_str=DATE_FORMAT)
    for sheet in book.sheets:
        target = workbook.add_sheet(sheet.name)
        merged = {(top, left): (bottom, right) for top, left, bottom, right in sheet.merges}
        for place, value in sheet.cells.items():
            style = head if place in sheet.bold else dated if isinstance(value, date) else plain
            if place in sheet.formats:
                style = xlwt.easyxf(num_format_str=sheet.formats[place])
            _fill_xls_cell(target, place, value, style, merged)
        for row in sheet.hidden_rows:
            target.row(row - 1).hidden = True
        for column in sheet.hidden_columns:
            target.col(column - 1).hidden = True
        target.visibility = int(sheet.is_hidden)
        for column, width in _widths(sheet).items():
            target.col(column - 1).width = width * XLS_CHARACTER
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _fill_xls_cell(
    target: xlwt.Worksheet,
    place: Position,
    value: Value,
    style: xlwt.XFStyle,
    merged: dict[Position, Position],
) -> None:
    row, column = place
    if value in ERROR_VALUES:
        target.row(row - 1).set_cell_error(column - 1, value, style)
    elif place in merged:
        bottom, right = merged[place]
        target.write_merge(row - 1, bottom - 1, column - 1, right - 1, value, style)
    else:
        target.write(row - 1, column - 1, value, style)


def _render_csv(book: Book) -> bytes:
    """Return the first sheet as GBK with CRLF, as Chinese office systems export it."""
    (sheet,) = book.sheets
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    for row in range(1, sheet.next_row):
        writer.writerow([_csv_text(value) for value in sheet.row_values(row)])
    return buffer.getvalue().encode("gbk")


def _csv_text(value: Value) -> str:
    if isinstance(value, datetime):
        return f"{value.year}/{value.month}/{value.day} {value:%H:%M}"
    return "" if value is None else str(value)


def _widths(sheet: Sheet) -> dict[int, int]:
    """Return a readable width for each column; merged cells (titles) do not count."""
    spanning = {(top, left) for top, left, _, right in sheet.merges if right > left}
    widths: dict[int, int] = {}
    for place, value in sheet.cells.items():
        if place not in spanning:
            text = DATE_FORMAT if isinstance(value, date) else str(value)
            width = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
            widths[place[1]] = min(WIDEST, max(widths.get(place[1], 0), width + MARGIN))
    return widths
