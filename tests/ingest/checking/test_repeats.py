"""Keys that stand twice, and equal rows in ledgers without keys."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.ingest.bureau import Reading
from tests.hand_made import Rows, Value, write_bureau, write_xlsx

Read = Callable[[Path], Reading]
VISITS: list[Value] = ["序号", "日期", "党员", "地点", "事项"]
VISIT: list[Value] = [1, "2019-01-08", "张三", "甲村", "走访"]
QUIZ: list[Value] = ["姓名", "手机号", "得分", "用时", "提交时间"]


def test_a_repeated_key_names_the_first_place(tmp_path: Path, read: Read) -> None:
    header: list[Value] = ["单位", "零售户数", "上柜户数", "上柜率"]
    write_xlsx(write_bureau(tmp_path) / "1月上柜.xlsx", {"2019年1月": [header, ["城区", 10, 5, "50%"]]})
    write_xlsx(tmp_path / "上柜(补).xlsx", {"2019年1月": [header, ["城区", 12, 5, "42%"]]})
    (issue,) = read(tmp_path).issues
    assert (issue.file, issue.cell, issue.code) == ("上柜(补).xlsx", "A2", "duplicate_key")
    assert "1月上柜.xlsx [2019年1月] A2" in issue.expected


def test_a_visit_entered_twice_is_told_and_used(tmp_path: Path, read: Read) -> None:
    again: list[Value] = [2, *VISIT[1:]]
    write_xlsx(write_bureau(tmp_path) / "一线台账.xlsx", {"台账": [VISITS, VISIT, again]})
    reading = read(tmp_path)
    assert [(issue.cell, issue.code, issue.expected) for issue in reading.issues] == [("B3", "repeated_row", "B2")]
    assert len(reading.tables["frontline_visits"]) == 2


def test_a_row_repeated_on_another_sheet_names_the_sheet(tmp_path: Path, read: Read) -> None:
    write_xlsx(write_bureau(tmp_path) / "一线台账.xlsx", {"上": [VISITS, VISIT], "下": [VISITS, VISIT]})
    (issue,) = read(tmp_path).issues
    assert (issue.sheet, issue.code, issue.expected) == ("下", "repeated_row", "[上] B2")


def test_an_attempt_with_the_same_time_is_told(tmp_path: Path, read: Read) -> None:
    attempt: list[Value] = ["张三", "138", 95, "3分", "2019/1/15 20:11"]
    write_xlsx(write_bureau(tmp_path) / "答题_20190115.xlsx", {"甲": [QUIZ, attempt, attempt]})
    assert [(issue.cell, issue.code) for issue in read(tmp_path).issues] == [("A3", "repeated_row")]


@pytest.mark.parametrize(
    ("header", "one", "other"),
    [
        (QUIZ, ["张三", "1", 95, "3分", "2019/1/15 20:11"], ["张三", "1", 95, "3分", "2019/1/15 20:15"]),
        ([*VISITS, "备注"], [*VISIT, "上午"], [*VISIT, "下午"]),  # nobody reads the note, but it tells them apart
        (VISITS, VISIT, [2, "2019-01-08", "张三", "甲村", "送货"]),
    ],
)
def test_rows_that_differ_in_any_cell_are_two(
    tmp_path: Path, read: Read, header: list[Value], one: list[Value], other: list[Value]
) -> None:
    name = "答题_20190115.xlsx" if header is QUIZ else "一线台账.xlsx"
    write_xlsx(write_bureau(tmp_path) / name, {"台账": [header, one, other]})
    assert read(tmp_path).issues == ()


def test_two_absences_of_one_kind_are_two_meetings(tmp_path: Path, read: Read) -> None:
    header: list[Value] = ["日期", "党小组", "活动类型", "应到", "实到", "请假人员"]
    meeting: list[Value] = ["2019-01-08", "专卖综合", "党小组会", 5, 4]
    rows: Rows = [header, [*meeting, "王五(公假)"], [*meeting, "张三(公假)"]]
    write_xlsx(write_bureau(tmp_path) / "活动台账.xlsx", {"台账": rows})
    assert read(tmp_path).issues == ()


def test_a_visit_in_the_ledgers_of_two_people_is_told_and_used(tmp_path: Path, read: Read) -> None:
    others: list[list[Value]] = [[number, f"2019-01-1{number}", "李四", "乙村", "走访"] for number in range(2, 5)]
    write_xlsx(write_bureau(tmp_path) / "一线台账.xlsx", {"台账": [VISITS, VISIT, *others]})
    own: list[Value] = [1, "2019.1.8", *VISIT[2:]]
    write_xlsx(tmp_path / "张三的一线台账.xlsx", {"台账": [VISITS, own, [2, "2019-01-18", *VISIT[2:]]]})
    reading = read(tmp_path)
    (issue,) = reading.issues
    assert (issue.file, issue.cell, issue.code) == ("张三的一线台账.xlsx", "B2", "repeated_row")
    assert issue.expected == "一线台账.xlsx [台账] B2"
    assert len(reading.tables["frontline_visits"]) == 6
