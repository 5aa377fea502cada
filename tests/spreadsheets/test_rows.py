"""Our rows are, byte for byte, those of openpyxl."""

import zipfile
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from pipeline.spreadsheets.cells import write_text
from pipeline.spreadsheets.rows import RowWriter

TEXTS = (
    "",
    "党建",
    "a<b>&c\"d'e",
    "]]>",
    " leading",
    "trailing\u3000",
    "\ttab",
    "two\nlines",
    "back\r\nand\rforth",
    "\x7f\x85\u2028\ud7ff\ue000\ufffd",
    "\U0001f600\U0010ffff\U0001fffe",
    "=1+1",
    "#N/A",
    "_x0041_",
    "x" * 40_000,
)
VALUES: tuple[Any, ...] = (
    None,
    0,
    -1,
    10**20,
    0.1,
    1 / 3,
    -0.0,
    1e300,
    float("nan"),
    float("inf"),
    True,
    False,
    date(2021, 12, 31),
    date(1900, 1, 1),
    datetime(2021, 12, 31, 23, 59, 59),
    time(12, 30),
    timedelta(hours=30),
    "=SUM(A1:A2)",
    "#REF!",
    CellRichText("plain ", TextBlock(InlineFont(b=True), "bold")),
)


def sheet_parts(writer: type[ExcelWriter], workbook: Workbook) -> dict[str, bytes]:
    """Return the parts of the saved workbook."""
    workbook.properties.created = workbook.properties.modified = datetime(2000, 1, 1)
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        writer(workbook, archive).save()
    with zipfile.ZipFile(BytesIO(buffer.getvalue())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def cell_of(sheet: Worksheet, row: int, column: int) -> Cell:
    """Return a cell that is not merged into another."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    return cell


def many_cells() -> Workbook:
    """Return a workbook of every kind of cell: each in a row of its own, and all of them in one."""
    workbook = Workbook()
    workbook.create_sheet("second")
    for sheet in workbook.worksheets:
        for number, value in enumerate(VALUES, start=1):
            sheet.cell(number, 2, value)
            sheet.cell(number, 3, value).font = Font(bold=True)
            sheet.cell(100, number, value)
        for number, text in enumerate(TEXTS, start=30):
            write_text(cell_of(sheet, number, 1), text)
            styled = cell_of(sheet, number, 3)
            write_text(styled, text)
            styled.alignment, styled.fill = Alignment(wrap_text=True), PatternFill("solid", start_color="FF00FF00")
        sheet.cell(50, 1, 1).hyperlink = "https://example.org/?a=1&b=2"
        sheet.cell(51, 1, 1).comment = Comment("seen", "somebody")
        sheet.cell(52, 1, "wide").font = Font(italic=True)
        sheet.merge_cells("A52:D53")
        sheet.row_dimensions[30].height = 31.0
        sheet.row_dimensions[31].hidden = True
        sheet.row_dimensions[60].height = 12.5
        sheet.row_dimensions[61].outlineLevel = 1
        sheet.row_dimensions[30].font = Font(bold=True)
    return workbook


def test_every_part_is_as_openpyxl_writes_it() -> None:
    assert sheet_parts(RowWriter, many_cells()) == sheet_parts(ExcelWriter, many_cells())


@pytest.mark.parametrize("settings", [{"epoch": CALENDAR_MAC_1904}, {"iso_dates": True}])
def test_days_count_as_the_workbook_says(settings: dict[str, Any]) -> None:
    ours, theirs = many_cells(), many_cells()
    for workbook in (ours, theirs):
        for name, value in settings.items():
            setattr(workbook, name, value)
    assert sheet_parts(RowWriter, ours) == sheet_parts(ExcelWriter, theirs)


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\ud800", "\ufffe", "\uffff"])
def test_a_character_that_xml_cannot_hold_is_refused_as_by_openpyxl(character: str) -> None:
    workbook = Workbook()
    cell = workbook.worksheets[0].cell(1, 1)
    cell._value, cell.data_type = f"a{character}b", "s"
    with pytest.raises(ValueError, match=r"XML compatible|surrogates"):
        sheet_parts(RowWriter, workbook)


def test_a_text_that_was_cleaned_is_never_a_formula_or_an_error() -> None:
    sheet = Workbook().worksheets[0]
    for row, text in enumerate(("=1+1", "#N/A", "\x00=1"), start=1):
        write_text(cell_of(sheet, row, 1), text)
    assert [sheet.cell(row, 1).data_type for row in (1, 2, 3)] == ["s"] * 3
