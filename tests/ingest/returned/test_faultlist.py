"""The list of faults stands first, leads to the cells, and is known again."""

import openpyxl
import pytest
from openpyxl import Workbook

from pipeline.ingest.returned.faultlist import add_list, is_list, link_target
from pipeline.ingest.returned.orders import LIST_MARK, ListLine

HEADER = ("序号", "工作表", "单元格", "问题", "看到的", "应当是", "轻重", "状态")


def line(sheet: str | None, cell: str | None, *, is_mended: bool = False) -> ListLine:
    return ListLine(sheet, cell, "=1+1 不是数字", "=1+1", "数字", "必须改", "新发现", is_mended)


@pytest.fixture
def book() -> Workbook:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "王五's 台账"
    book.create_sheet("台账 2").sheet_view.tabSelected = True
    return book


def add(book: Workbook, *lines: ListLine) -> None:
    titles = {"王五's 台账": "王五's 台账", "台账/2": "台账 2"}
    add_list(book, [f"{LIST_MARK} · a.xlsx", "说明"], HEADER, lines, titles)


def test_it_stands_first_and_says_what_was_seen(book: Workbook) -> None:
    add(book, line("台账/2", "B2"))
    sheet = book.worksheets[0]
    assert book.sheetnames == ["问题清单", "王五's 台账", "台账 2"]
    assert [cell.value for cell in sheet[3]] == list(HEADER)
    expected = [1, "台账/2", "B2", "=1+1 不是数字", "=1+1", "数字", "必须改", "新发现"]
    assert [cell.value for cell in sheet[4]] == expected
    assert sheet["E4"].data_type == "s"
    assert is_list(sheet)
    assert not is_list(book.worksheets[1])


def test_it_leads_to_the_cells(book: Workbook) -> None:
    add(book, line("王五's 台账", "D7"), line("台账/2", None), line(None, None), line("台账/2", "B2", is_mended=True))
    sheet = book.worksheets[0]
    links = {cell.coordinate: cell.hyperlink.location for row in sheet for cell in row if cell.hyperlink}
    assert links == {"B4": "'王五''s 台账'!D7", "C4": "'王五''s 台账'!D7", "B5": "'台账 2'!A1"}


def test_the_name_is_varied_when_it_is_taken(book: Workbook) -> None:
    book.create_sheet("问题清单")
    book.create_sheet("问题清单2")
    add(book, line("台账/2", "B2"))
    assert book.sheetnames[0] == "问题清单3"


def test_no_other_sheet_is_chosen_with_it(book: Workbook) -> None:
    add(book, line("台账/2", "B2"))
    assert book.active is book.worksheets[0]
    assert [sheet.sheet_view.tabSelected for sheet in book.worksheets] == [True, False, False]


def test_every_line_is_high_enough_for_its_text(book: Workbook) -> None:
    long = ListLine("台账/2", "B2", "一二三四五六七八九十" * 9, "", "", "", "", False)  # 180 half-widths, 60 a line
    add(book, line("台账/2", "B2"), long)
    heights = [book.worksheets[0].row_dimensions[row].height for row in (4, 5)]
    assert heights == [19, 49]


def test_an_apostrophe_is_doubled() -> None:
    assert link_target("a'b", "C3") == "'a''b'!C3"
    assert link_target("a", None) == "'a'!A1"
