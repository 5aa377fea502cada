"""Text, identifiers, names, yes and no, and people on leave."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from pipeline.ingest.cells.columns import ColumnHints
from pipeline.ingest.cells.values import convert_column
from pipeline.ingest.wordforms import brackets_of, cell_text, compact, header_form, person_form
from tests.hand_made import VOCABULARY


def convert(cells: Sequence[Any], table: str, column: str) -> tuple[list[object], list[tuple[int, str]]]:
    found = VOCABULARY.columns[table][column]
    converted = convert_column(cells, found, ColumnHints(), VOCABULARY.words)
    return converted.values, [(fault.position, fault.code) for fault in converted.faults]


def test_forms() -> None:
    assert compact("合　 计\n") == "合计"
    assert header_form(" 落实决议（30） ") == "落实决议"
    assert header_form("措施(办证/劝退/取缔)") == "措施"
    assert header_form("期限（预计办结日期）") == "期限"
    assert brackets_of("真烟（条）[估]") == ("条", "估")
    assert person_form("张　三") == "张三"
    assert person_form("阿卜杜•某") == "阿卜杜·某"


def test_cells_are_shown_as_a_person_reads_them() -> None:
    assert [cell_text(cell) for cell in (3.0, 3.5, None, date(2019, 1, 5), "甲", 1e16)] == [
        "3",
        "3.5",
        "",
        "2019-01-05",
        "甲",
        "1e+16",
    ]


def test_text_keeps_words_that_other_programs_take_for_nothing() -> None:
    assert convert(["NA", "None", " 走访　", "无", 5.0], "opinions", "content") == (
        ["NA", "None", "走访", None, "5"],
        [],
    )


def test_nothing_is_an_answer_where_an_answer_is_required() -> None:
    assert convert(["无", "—"], "attribution", "attribution")[0] == ["无", None]


def test_a_word_of_no_is_nothing_that_stands_against_a_group() -> None:
    cells = ["无", "否", "无一票否决情形", "—", None, "有", "发生安全生产责任事故", "无证驾驶"]
    kept = [None] * 5 + ["有", "发生安全生产责任事故", "无证驾驶"]
    assert convert(cells, "model_votes", "veto_ground") == (kept, [])


def test_identifiers_keep_leading_zeros_and_lose_no_digits() -> None:
    assert convert(["0012", 123.0, "4521012345678901234"], "cases", "case_no")[0] == [
        "0012",
        "123",
        "4521012345678901234",
    ]
    assert convert([4521012345678901.0], "cases", "case_no") == ([None], [(0, "identifier_too_long")])
    assert convert([date(2019, 1, 1)], "cases", "case_no") == ([None], [(0, "bad_identifier")])


@pytest.mark.parametrize("text", ["4.51422E+17", "4e+15", "451422000000001000", "４．５１４２２E+１７"])
def test_a_text_that_shows_lost_digits_is_told(text: str) -> None:
    assert convert([text], "cases", "case_no") == ([None], [(0, "identifier_too_long")])
    kept = "451422198001011234"
    assert convert([kept, text], "cases", "case_no") == ([kept, None], [(1, "identifier_too_long")])


@pytest.mark.parametrize(
    "text", ["451422198001011234", "45142219800101123X", "450000000000000", "甲E+1", "2E5", "LS4e+15", "2019-1"]
)
def test_identifiers_that_lost_nothing_are_kept(text: str) -> None:
    assert convert([text], "cases", "case_no") == ([text], [])


def test_one_zero_behind_the_15th_digit_is_chance_where_others_kept_theirs() -> None:
    assert convert(["4514221980010110"], "cases", "case_no") == ([None], [(0, "identifier_too_long")])
    numbers = ["4514221980010110", "4514221980010117"]
    assert convert(numbers, "cases", "case_no") == (numbers, [])


def test_names_of_people_and_groups() -> None:
    assert convert(["张 三", "阿卜杜·某"], "quiz_results", "member")[0] == ["张三", "阿卜杜·某"]
    assert convert(["营销 管理", "其中：城区"], "activities", "party_group")[0] == ["营销管理", "城区"]


def test_yes_and_no() -> None:
    cells = ["有", "√", "是", True, "无", "×", "否", None, "待定"]
    values = [True, True, True, True, False, False, False, None, None]
    assert convert(cells, "activities", "has_record") == (values, [(8, "bad_boolean")])
    assert convert(["是（快递）", "不是", "非"], "cases", "is_courier") == ([True, False, False], [])


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        ("王五(公假)、李四(病假)", 2),
        ("王五（公假），李四（事假）", 1),
        ("王 五(学习) 李四(产假)", 2),
        ("公假2人、事假1人", 2),
        ("王五(旷会)", 0),
        ("王五公假，李四：病假、事假：赵六", 2),
        ("王五 公假", 1),
        ("无", 0),
        ("无请假", 0),
        ("全勤", 0),
        ("0人", 0),
        (0, 0),
        ("—", 0),
        (None, 0),
    ],
)
def test_approved_leave_is_counted(cell: str | int | None, count: int) -> None:
    assert convert([cell], "activities", "excused_count") == ([count], [])


@pytest.mark.parametrize("cell", ["王五", "王五、李四(公假)", "公假：王五、李四", "王五(有事)", "王五:公假:病假", 2])
def test_leave_that_cannot_be_told_is_a_fault(cell: str | int) -> None:
    assert convert([cell], "activities", "excused_count") == ([None], [(0, "bad_leave")])


@pytest.mark.parametrize("cell", ["张三", "张 三", "张三同志", "张三 同志", "张三（女）", "张三(组长)"])
def test_a_name_comes_without_titles(cell: str) -> None:
    column = VOCABULARY.columns["memberships"]["member"]
    assert convert_column([cell], column, ColumnHints(), VOCABULARY.words).values == ["张三"]


@pytest.mark.parametrize(
    ("cell", "is_one"),
    [
        ("张三、李四", False),
        ("张三 李四", False),
        ("张三\n李四", False),
        ("欧阳 娜娜", True),
        ("阿卜杜·某", True),
        ("张三（大）", True),
        ("=cmd|'/c'!A1", True),
    ],
)
def test_several_people_in_one_cell_are_a_fault(cell: str, is_one: bool) -> None:
    column = VOCABULARY.columns["memberships"]["member"]
    converted = convert_column([cell], column, ColumnHints(), VOCABULARY.words)
    assert [fault.code for fault in converted.faults] == ([] if is_one else ["several_members"])


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("3张", True),
        ("0张", False),
        ("见附件", True),
        ("有（3张）", True),
        ("无照片", False),
        ("照片3张", True),
        ("照片（3张）", True),
        ("现场照片三张", True),
        ("3张照片", True),
        ("照片 0 张", False),
        ("照片3张、签到表1份", True),
        ("照片、签到表各1份", True),
        ("会议记录+照片", True),
    ],
)
def test_pictures_that_are_counted_are_there(written: str, answer: bool) -> None:
    column = VOCABULARY.columns["activities"]["has_record"]
    converted = convert_column([written], column, ColumnHints(), VOCABULARY.words)
    assert (converted.values, converted.faults) == ([answer], [])


def test_a_number_without_a_word_is_no_answer() -> None:
    column = VOCABULARY.columns["activities"]["has_record"]
    faults = convert_column([3.0, "3人", "缺照片3张", "照片3张待补"], column, ColumnHints(), VOCABULARY.words).faults
    assert [fault.code for fault in faults] == ["bad_boolean"] * 4
