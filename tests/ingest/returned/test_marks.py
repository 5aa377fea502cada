"""A mark is put on and taken off without a trace."""

from copy import copy

import openpyxl
import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.ingest.returned.marks import MARK_COLOUR, anchor_cell, fit_comments, put_mark, take_marks_off

EARLIER = "———— 原批注（{author}）————"
YELLOW = PatternFill("solid", start_color="FFFFFF00")


@pytest.fixture
def book() -> Workbook:
    return openpyxl.Workbook()


@pytest.fixture
def sheet(book: Workbook) -> Worksheet:
    return book.worksheets[0]


def mark(sheet: Worksheet, address: str) -> None:
    put_mark(anchor_cell(sheet, address), "融合 · 问题\n请改。", EARLIER)


def test_a_mark_is_a_colour_and_a_comment(sheet: Worksheet) -> None:
    mark(sheet, "B2")
    assert sheet["B2"].fill.fgColor.rgb == MARK_COLOUR
    assert sheet["B2"].comment.text == "融合 · 问题\n请改。\n〔原底纹：无〕"


def test_fill_and_comment_of_the_user_come_back(book: Workbook, sheet: Worksheet) -> None:
    sheet["B2"].fill = YELLOW
    sheet["B2"].comment = Comment("请王五复核\n（1月）", "张三")
    mark(sheet, "B2")
    assert sheet["B2"].comment.text.endswith("———— 原批注（张三）————\n请王五复核\n（1月）")
    take_marks_off(book)
    assert copy(sheet["B2"].fill) == YELLOW
    assert (sheet["B2"].comment.text, sheet["B2"].comment.author) == ("请王五复核\n（1月）", "张三")


def test_a_fill_chosen_since_stays(book: Workbook, sheet: Worksheet) -> None:
    mark(sheet, "B2")
    sheet["B2"].fill = YELLOW
    take_marks_off(book)
    assert copy(sheet["B2"].fill) == YELLOW
    assert sheet["B2"].comment is None


def test_our_colour_without_its_comment_goes_too(book: Workbook, sheet: Worksheet) -> None:
    mark(sheet, "B2")
    sheet["B2"].comment = None
    take_marks_off(book)
    assert sheet["B2"].fill.patternType is None


def test_what_a_person_wrote_below_our_comment_stays(book: Workbook, sheet: Worksheet) -> None:
    mark(sheet, "B2")
    sheet["B2"].comment = Comment("融合:\n" + sheet["B2"].comment.text + "\n已核对，王五", "王五")
    take_marks_off(book)
    assert sheet["B2"].comment.text == "已核对，王五"


def test_other_comments_and_fills_are_left_alone(book: Workbook, sheet: Worksheet) -> None:
    sheet["A1"].fill = YELLOW
    sheet["A1"].comment = Comment("融合 · 不是我们的", "张三")
    take_marks_off(book)
    assert copy(sheet["A1"].fill) == YELLOW
    assert sheet["A1"].comment.text == "融合 · 不是我们的"


def test_no_cell_is_created_on_the_way(book: Workbook, sheet: Worksheet) -> None:
    sheet["A1"], sheet["D9"] = 1, 2
    take_marks_off(book)
    fit_comments(book)
    assert set(sheet._cells) == {(1, 1), (9, 4)}


def test_a_cell_inside_a_merged_range_is_its_first(sheet: Worksheet) -> None:
    sheet.merge_cells("B2:C4")
    assert anchor_cell(sheet, "C3").coordinate == "B2"


def test_boxes_are_as_high_as_their_text(book: Workbook, sheet: Worksheet) -> None:
    sheet["A1"].comment = Comment("短", "张三")
    sheet["A2"].comment = Comment("一二三四五六七八九十" * 11, "张三")  # 220 half-width characters, 5 lines of 44
    fit_comments(book)
    assert (sheet["A1"].comment.height, sheet["A2"].comment.height) == (41, 109)
    assert sheet["A2"].comment.width == 340
