"""Rows that a rule counts: what they do not say, and points that are not the rule's, are told."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from pipeline.ingest.bureau import Reading
from tests.hand_made import Rows, Value, write_bureau, write_xlsx

Read = Callable[[Path], Reading]
ACTIVITIES: list[Value] = ["日期", "党小组", "活动类型", "应到", "实到", "图片"]


def read_sheet(folder: Path, read: Read, name: str, rows: Rows) -> list[tuple[str, str | None, str]]:
    write_xlsx(write_bureau(folder) / name, {"甲": rows})
    return [(issue.code, issue.cell, issue.expected) for issue in read(folder).issues]


def test_an_activity_of_which_no_record_is_told_is_said_to_earn_nothing(tmp_path: Path, read: Read) -> None:
    days = ("2019-01-08", "2019-01-09", "2019-01-10")
    rows: list[list[Value]] = [
        [day, "专卖综合", "特色活动", 5, 4, has] for day, has in zip(days, ("有", None, None), strict=True)
    ]
    told = read_sheet(tmp_path, read, "活动台账.xlsx", [ACTIVITIES, *rows])
    assert told == [("not_counted", "F3", "B1 特色活动")]


def test_a_ledger_without_that_column_says_so_once(tmp_path: Path, read: Read) -> None:
    rows: list[list[Value]] = [[f"2019-01-0{day}", "专卖综合", "特色活动", 5, 4] for day in (7, 8, 9)]
    told = read_sheet(tmp_path, read, "活动台账.xlsx", [ACTIVITIES[:5], *rows])
    assert told == [("not_counted", None, "B1 特色活动")]


@pytest.mark.parametrize(
    ("activity", "expected", "present", "record"),
    [
        ("特色活动", 5, 4, "无"),
        ("特色活动", 5, 4, "—"),
        ("特色活动", None, None, "有"),
        ("党小组会", 5, 4, None),
        ("支委会", None, None, None),
    ],
)
def test_what_is_answered_or_not_asked_is_no_fault(
    tmp_path: Path, read: Read, activity: str, expected: Value, present: Value, record: Value
) -> None:
    row: list[Value] = ["2019-01-08", "专卖综合", activity, expected, present, record]
    assert read_sheet(tmp_path, read, "活动台账.xlsx", [ACTIVITIES, row]) == []


def test_a_meeting_without_numbers_is_no_part_of_attendance(tmp_path: Path, read: Read) -> None:
    row: list[Value] = ["2019-01-08", "专卖综合", "党小组会", 5, "—", "有"]
    told = read_sheet(tmp_path, read, "活动台账.xlsx", [ACTIVITIES, row])
    assert told == [("not_counted", "E2", "A2 到会率")]


@pytest.mark.parametrize(
    ("subject", "item", "points", "told"),
    [
        ("张三", "M4", 1, []),
        ("张三", "M4", 2, [("other_points", "D2", "1")]),
        ("专卖综合", "D2", -4, [("other_points", "D2", "-2")]),
        ("专卖综合", "D2", 2, [("other_points", "D2", "-2")]),
        ("专卖综合", "D1", 5, []),
    ],
)
def test_points_that_the_rule_does_not_give_for_one_entry(
    tmp_path: Path, read: Read, subject: str, item: str, points: float, told: list[tuple[str, str, str]]
) -> None:
    rows: Rows = [["月份", "对象", "项目", "分值", "依据"], ["2019年1月", subject, item, points, "某事"]]
    assert read_sheet(tmp_path, read, "积分明细.xlsx", rows) == told


@pytest.mark.parametrize(
    ("status", "kept_on", "told"),
    [
        ("推进中", None, []),
        ("已完成", "2019-06-01", []),
        ("基本做到", "2019-06-01", []),
        ("基本做到", None, [("unknown_status", "E2")]),
        ("已完成", None, [("not_counted", "F2")]),
        ("√", None, [("not_counted", "F2")]),
        ("按期完成", None, [("not_counted", "F2")]),
        ("2019年6月25日完成", None, []),
        ("完成80%", None, [("unknown_status", "E2")]),
    ],
)
def test_a_pledge_that_may_be_kept_without_a_day_is_told(
    tmp_path: Path, read: Read, status: str, kept_on: Value, told: list[tuple[str, str]]
) -> None:
    head: list[Value] = ["姓名", "承诺日期", "承诺事项", "期限", "状态", "兑现日期"]
    row: list[Value] = ["张三", "2019-01-08", "帮扶", "2019-06-30", status, kept_on]
    issues = read_sheet(tmp_path, read, "承诺台账.xlsx", [head, row])
    assert [(code, cell) for code, cell, _ in issues] == told


@pytest.mark.parametrize("header", [["状态"], ["状态", "兑现日期"]])
@pytest.mark.parametrize("status", ["已完成（2019.6.25）", "6月25日完成", "于2019年6月25日兑现"])
def test_a_status_that_says_on_which_day_a_pledge_was_kept_gives_the_day(
    tmp_path: Path, read: Read, status: str, header: list[Value]
) -> None:
    rows: Rows = [
        ["姓名", "承诺日期", "承诺事项", "期限", *header],
        ["张三", "2019-01-08", "帮扶", "2019-06-30", status],
    ]
    write_xlsx(write_bureau(tmp_path) / "2019年承诺台账.xlsx", {"甲": rows})
    reading = read(tmp_path)
    assert reading.issues == ()
    assert [str(day.date()) for day in reading.tables["pledges"]["closed_on"]] == ["2019-06-25"]


@pytest.mark.parametrize(("written", "offending"), [("无", 0), ("×", 0), (None, 0), (3, 3), ("约3", None)])
def test_no_offence_is_none_and_one_that_cannot_be_read_is_unknown(
    tmp_path: Path, read: Read, written: Value, offending: int | None
) -> None:
    rows: Rows = [["单位", "市场检查", "寄递检查", "违规户"], ["专卖股", 400, 20, written]]
    write_xlsx(write_bureau(tmp_path) / "2019年3月专卖检查月报.xlsx", {"3月": rows})
    (found,) = read(tmp_path).tables["inspections_by_group_month"]["offending_retailers"].astype(object)
    assert (None if pd.isna(found) else found) == offending


def test_a_report_without_offences_knows_none(tmp_path: Path, read: Read) -> None:
    rows: Rows = [["单位", "市场检查", "寄递检查"], ["专卖股", 400, 20]]
    write_xlsx(write_bureau(tmp_path) / "2019年3月专卖检查月报.xlsx", {"3月": rows})
    assert read(tmp_path).tables["inspections_by_group_month"]["offending_retailers"].isna().all()


def test_a_part_without_a_column_is_told_once_for_the_like_sheets_of_a_file(tmp_path: Path, read: Read) -> None:
    sheets: dict[str, Rows] = {
        f"{month}月": [[f"2019年{month}月检查月报"], ["单位", "市场检查"], ["专卖股", 10]] for month in (1, 2, 3)
    }
    write_xlsx(write_bureau(tmp_path) / "2019年检查月报.xlsx", sheets)
    told = [(issue.sheet, issue.seen) for issue in read(tmp_path).issues if issue.code == "part_lacking"]
    assert told == [("1月", "市场与寄递检查")]
