"""The sheet that explains a template: one line a column."""

from collections.abc import Sequence
from math import ceil

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.ingest.layouts.guides import GUIDE_MARK
from pipeline.ingest.templates.choices import Choices
from pipeline.ingest.templates.forms import Field, Form
from pipeline.ingest.templates.validation import DAYS, NO_BOUND, NUMBERS
from pipeline.spreadsheets.cells import write_text
from pipeline.spreadsheets.cleaning import text_width
from pipeline.spreadsheets.tables import HEADER_FILL
from pipeline.texts import Texts

WIDTHS = (22, 36, 8, 8, 60, 24)  # in half-width characters: header, meaning, unit, required, accepted, example
LINE_HEIGHT = 16  # points, at the default size of 11
MAX_LISTED = 12  # choices that are written out; of more the drop-down is the list
HEADINGS = ("header", "meaning", "unit", "required", "accepted", "example")


def write_guide(workbook: Workbook, forms: Sequence[Form], texts: Texts) -> None:
    """Add the sheet 填写说明, a block for each form; its first cell carries the mark by which reading takes it as
    notes.
    """
    worksheet = workbook.create_sheet(texts("templates.sheet_guide"))
    kinds = texts("templates.word_separator").join(form.kind.label_zh for form in forms)
    _write(worksheet, 1, 1, f"{GUIDE_MARK}{texts('templates.guide_title', kind=kinds)}").font = Font(bold=True, size=14)
    is_matrix = any(form.kind.layout == "matrix" for form in forms)
    _write(worksheet, 2, 1, texts("templates.guide_how_matrix" if is_matrix else "templates.guide_how"))
    worksheet.merge_cells(start_row=2, start_column=1, end_row=2, end_column=len(WIDTHS))
    worksheet.cell(2, 1).alignment = Alignment(wrap_text=True, vertical="top")
    worksheet.row_dimensions[2].height = 4 * LINE_HEIGHT
    row = 3
    for form in forms:
        if len(forms) > 1:
            _write(worksheet, row, 1, form.kind.label_zh).font = Font(bold=True, size=12)
            row += 1
        row = _write_block(worksheet, row, form, texts)
    for letter, width in zip("ABCDEF", WIDTHS, strict=True):
        worksheet.column_dimensions[letter].width = width
    worksheet.freeze_panes = "A4" if len(forms) == 1 else "A3"
    worksheet.page_setup.orientation, worksheet.page_setup.paperSize = "landscape", worksheet.PAPERSIZE_A4
    worksheet.page_setup.fitToWidth, worksheet.page_setup.fitToHeight = 1, 0
    worksheet.sheet_properties.pageSetUpPr.fitToPage = True


def _write_block(worksheet: Worksheet, top: int, form: Form, texts: Texts) -> int:
    """Write the columns of one form from row ``top`` on; return the next free row."""
    rows = [tuple(texts(f"templates.guide_{heading}") for heading in HEADINGS)]
    rows += [_line(field, texts) for field in (*form.stated, *form.fields)]
    for number, row in enumerate(rows, start=top):
        for column, text in enumerate(row, start=1):
            cell = _write(worksheet, number, column, text)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == top:
                cell.font, cell.fill = Font(bold=True), HEADER_FILL
        worksheet.row_dimensions[number].height = LINE_HEIGHT * _lines(row)
    return top + len(rows)


def _lines(row: Sequence[str]) -> int:
    """Return how many lines the fullest cell of a row takes: not every program makes room by itself."""
    return max(ceil(text_width(text) / width) for text, width in zip(row, WIDTHS, strict=True)) or 1


def _line(field: Field, texts: Texts) -> tuple[str, ...]:
    required = texts("templates.required" if field.column.required else "templates.optional")
    return field.header, field.meaning, field.unit, required, _accepted(field, texts), field.example


def _accepted(field: Field, texts: Texts) -> str:
    """Return what a column accepts: its type, the dictionary's bounds, and the words to choose from."""
    column = field.column
    is_plain = column.dtype == "text" and field.choices is not None  # the words to choose from say it all
    parts = [] if is_plain or not field.accepted else [field.accepted]
    if column.dtype in (*DAYS, *NUMBERS) and (column.minimum or column.maximum):
        parts.append(texts("templates.between", low=column.minimum or NO_BOUND, high=column.maximum or NO_BOUND))
    if field.choices is not None:
        parts.append(_choices(field.choices, texts))
    return texts("templates.separator").join(parts)


def _choices(choices: Choices, texts: Texts) -> str:
    if len(choices.words) > MAX_LISTED:
        return texts("templates.from_list" if choices.closed else "templates.from_open_list")
    listed = texts("templates.word_separator").join(choices.words)
    return texts("templates.one_of" if choices.closed else "templates.such_as", words=listed)


def _write(worksheet: Worksheet, row: int, column: int, text: str) -> Cell:
    cell = worksheet.cell(row, column)
    assert isinstance(cell, Cell)  # merged ranges are made after their text
    write_text(cell, text)
    return cell
