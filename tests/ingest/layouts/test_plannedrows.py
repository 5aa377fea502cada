"""Rows of a ledger that say what is still to be done: 下月计划 below the month's activities."""

from pathlib import Path

import pytest

from pipeline.ingest.layouts.plannedrows import announces
from tests.golden import Read, assert_clean, rows_of
from tests.hand_made import VOCABULARY, Rows, Value, write_bureau, write_xlsx

HEADER: list[Value] = ["序号", "日期", "党小组", "活动类型", "主题", "应到", "实到", "图片"]
DONE: list[Value] = [1, "1.8", "营销管理", "党小组会", "学习", 5, 4, "有"]
PLANNED: list[Value] = [2, "2.8", "营销管理", "党小组会", "计划学习", 5, None, None]
TITLE: list[Value] = ["2019年活动台账"]
COLUMNS = ("held_on", "theme")
HELD = [("2019-01-08", "学习")]
VARIANTS: dict[str, tuple[Rows, str]] = {
    "a heading": ([TITLE, HEADER, DONE, ["下月计划"], PLANNED], "A5"),
    "a heading and the header again": ([TITLE, HEADER, DONE, [], ["二、下阶段工作"], HEADER, PLANNED], "A7"),
    "a heading of a month": ([TITLE, HEADER, DONE, ["2月份工作计划"], PLANNED], "A5"),
    "a heading in a column of the table": (
        [TITLE, HEADER[1:], DONE[1:], ["下步工作打算"], PLANNED[1:], [None, "合计", 1]],
        "A5",
    ),
    "up to the next heading of its rank": (
        [TITLE, HEADER, ["一、1月"], ["二、下月计划"], ["(一)党建"], PLANNED, ["三、1月"], DONE],
        "A6",
    ),
    "below each group": ([TITLE, HEADER, ["一、1月"], ["下月计划"], PLANNED, ["二、1月"], DONE], "A5"),
}


@pytest.mark.parametrize("name", VARIANTS)
def test_what_is_planned_does_not_count_and_is_told_once(name: str, tmp_path: Path, read: Read) -> None:
    rows, cell = VARIANTS[name]
    write_xlsx(write_bureau(tmp_path) / "活动台账.xlsx", {"1月": rows})
    reading = read(tmp_path)
    assert [(issue.code, issue.cell) for issue in reading.issues] == [("planned_rows", cell)]
    assert rows_of(reading, "activities", *COLUMNS) == HELD
    (ledger,) = [file for file in reading.files if file.path == "活动台账.xlsx"]
    assert (ledger.sheets[0].used, ledger.sheets[0].rejected) == (1, 0)


@pytest.mark.parametrize(
    "sheets", [{"下月计划": [TITLE, HEADER, PLANNED]}, {"甲": [["2019年2月活动计划"], HEADER, PLANNED]}]
)
def test_a_sheet_of_plans_is_told(sheets: dict[str, Rows], tmp_path: Path, read: Read) -> None:
    write_xlsx(write_bureau(tmp_path) / "2019年活动台账.xlsx", {"1月": [TITLE, HEADER, DONE], **sheets})
    reading = read(tmp_path)
    assert [(issue.code, issue.cell) for issue in reading.issues] == [("planned_rows", "A3")]
    assert rows_of(reading, "activities", *COLUMNS) == HELD


def test_what_has_taken_place_counts_below_a_plan(tmp_path: Path, read: Read) -> None:
    rows: Rows = [TITLE, HEADER, ["下月计划"], DONE]
    write_xlsx(write_bureau(tmp_path) / "活动台账.xlsx", {"1月": rows})
    reading = read(tmp_path)
    assert_clean(reading)
    assert rows_of(reading, "activities", *COLUMNS) == HELD


def test_a_sheet_called_a_plan_that_says_how_many_came_is_the_ledger(tmp_path: Path, read: Read) -> None:
    dues: list[Value] = [2, "1.9", "营销管理", "党费收缴", "一季度", None, None, None]
    write_xlsx(write_bureau(tmp_path) / "2019年活动台账.xlsx", {"1月工作计划": [TITLE, HEADER, DONE, dues]})
    reading = read(tmp_path)
    assert "planned_rows" not in {issue.code for issue in reading.issues}
    assert rows_of(reading, "activities", *COLUMNS) == [*HELD, ("2019-01-09", "一季度")]


def test_a_numbered_heading_in_a_column_of_the_table_ends_a_plan(tmp_path: Path, read: Read) -> None:
    report: list[Value] = ["1.9", "营销管理", "宣传报道", "一篇"]
    rows: Rows = [TITLE, HEADER[1:], ["一、会议"], DONE[1:], ["二、下月计划"], PLANNED[1:], ["三、宣传"], report]
    write_xlsx(write_bureau(tmp_path) / "活动台账.xlsx", {"1月": rows})
    reading = read(tmp_path)
    assert rows_of(reading, "activities", *COLUMNS) == [*HELD, ("2019-01-09", "一篇")]


DECISIONS: list[Value] = ["编号", "会议日期", "党小组", "决议", "期限", "办结日期"]


@pytest.mark.parametrize("is_heading", [True, False])
def test_open_decisions_below_a_heading_of_what_comes_next_count(is_heading: bool, tmp_path: Path, read: Read) -> None:
    decided: Rows = [
        [1, "2019-01-05", "专卖综合", "走访", "2019-01-31", None],
        [2, "2019-01-05", "营销管理", "上柜", "2019-02-28", "2019-02-20"],
    ]
    heading: Rows = [["下一步工作"]] if is_heading else []
    sheet = "1月" if is_heading else "工作计划"
    write_xlsx(write_bureau(tmp_path) / "2019年决议台账.xlsx", {sheet: [DECISIONS, *heading, *decided]})
    reading = read(tmp_path)
    assert "planned_rows" not in {issue.code for issue in reading.issues}
    assert rows_of(reading, "decisions", "decision", "closed_on") == [("走访", None), ("上柜", "2019-02-20")]


@pytest.mark.parametrize(
    "text", ["计划完成情况", "1月份总结及下月计划", "2019年活动台账", "下乡活动", "工作", "上月计划落实"]
)
def test_a_heading_that_speaks_of_what_was_done_announces_nothing(text: str) -> None:
    assert not announces(text, VOCABULARY)


@pytest.mark.parametrize("rows", [[["下月工作"], ["序号", "计划内容", "时限"]], [["备注"], ["序号", "说明"]]])
def test_a_further_table_of_unknown_words_that_begins_with_its_numbers_is_told_once(
    rows: list[list[Value]], tmp_path: Path, read: Read
) -> None:
    plan: list[Value] = [1, "走访", "2月"]
    sheet = [TITLE, HEADER, DONE, [], *rows, plan[: len(rows[1])]]
    write_xlsx(write_bureau(tmp_path) / "活动台账.xlsx", {"1月": sheet})
    reading = read(tmp_path)
    assert [issue.code for issue in reading.issues] == ["unused_cells"]
    assert rows_of(reading, "activities", *COLUMNS) == HELD
