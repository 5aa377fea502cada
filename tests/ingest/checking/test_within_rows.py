"""Totals and their parts, parts and their wholes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.ingest.bureau import Reading
from tests.hand_made import Value, write_bureau, write_xlsx

Read = Callable[[Path], Reading]
Row = list[Value]
CASE: Row = ["甲1", "2019-01-09", "专卖股"]
SEIZED: Row = ["立案号", "立案日期", "办案部门", "真烟(条)", "假烟(条)", "走私(条)", "合计(万支)"]
POINTS: Row = ["姓名", "落实决议/会议", "落实决议/学习", "特色活动/活动", "工作业绩/销量", "加减分", "合计", "名次"]
ACTIVITIES: Row = ["日期", "党小组", "活动类型", "应到", "实到", "请假人员"]
MEETING: Row = ["2019-01-08", "专卖综合", "党小组会"]


def found(tmp_path: Path, read: Read, name: str, header: Row, *rows: Row) -> list[tuple[str, str | None, str, str]]:
    write_xlsx(write_bureau(tmp_path) / name, {"甲": [header, *rows]})
    return [(issue.code, issue.cell, issue.seen, issue.expected) for issue in read(tmp_path).issues]


@pytest.mark.parametrize(
    ("header", "numbers"),
    [
        (SEIZED, [0, 12.3, "/", 0.246]),
        (SEIZED, [None, None, None, 0.3]),  # nothing to sum
        (SEIZED, [10.0, 12.3, 1, 0.47]),  # 0.466, printed to two places
        ([*SEIZED[:6], "合计(条)"], [10, 2.5, 0, 12.5]),
        ([*SEIZED[:3], "真烟(条)", "合计(万支)"], [10, 3.0]),  # the sheet does not hold the other parts
        ([*SEIZED[:6], "雪茄(条)", "合计(条)"], [10, 2, 1, 3, 16]),  # a part that nobody reads
    ],
)
def test_right_totals_and_those_that_cannot_be_judged_pass(
    tmp_path: Path, read: Read, header: Row, numbers: Row
) -> None:
    assert found(tmp_path, read, "案件台账.xlsx", [*header, "结案日期"], [*CASE, *numbers]) == []


@pytest.mark.parametrize(
    ("header", "numbers", "seen", "expected"),
    [
        (SEIZED, [0, 12.3, "/", 12.3], "12.3", "0.25"),  # 条 written under 万支
        (SEIZED, [10, 12.3, 1, 0.566], "0.566", "0.466"),
        ([*SEIZED[:6], "合计(条)"], [10, 2.5, 0, 13.5], "13.5", "12.5"),
        ([*SEIZED[:6], "合计(条)"], [10, 2, 3, 15.01], "15.01", "15"),  # whole parts are what they say
    ],
)
def test_a_total_that_is_not_its_parts_is_told_in_its_own_unit(
    tmp_path: Path, read: Read, header: Row, numbers: Row, seen: str, expected: str
) -> None:
    told = found(tmp_path, read, "案件台账.xlsx", [*header, "结案日期"], [*CASE, *numbers])
    assert told == [("row_total_mismatch", "G2", seen, expected)]


def test_a_part_that_cannot_be_read_leaves_its_total_alone(tmp_path: Path, read: Read) -> None:
    told = found(tmp_path, read, "案件台账.xlsx", [*SEIZED, "结案日期"], [*CASE, "约30", 12.3, 0, 0.846])
    assert [code for code, *_ in told] == ["bad_number"]


def test_points_are_summed_with_bonus_and_deductions(tmp_path: Path, read: Read) -> None:
    rows: list[Row] = [
        ["张三", 6, 5.33, 10.33, 10.34, -2, 30, 1],  # each rounded to two places
        ["李四", 6, 5, 10, 9, -2, 30, 2],
        ["赵六", 0, 0, 0, 0, -5, 0, 3],  # points end at 0
    ]
    sheet: list[Row] = [["营销管理党小组积分表"], POINTS, *rows]
    write_xlsx(write_bureau(tmp_path) / "2019年1月积分表.xlsx", {"营销管理": sheet})
    issues = read(tmp_path).issues
    assert [(issue.code, issue.cell, issue.seen, issue.expected) for issue in issues] == [
        ("row_total_mismatch", "G4", "30", "28")
    ]


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ([5, 4, "王五(公假)"], []),
        ([5, 5, None], []),
        ([5, None, "王五(公假)"], [("not_counted", "E2", "", "A2 到会率")]),
        ([None, 9, None], [("not_counted", "D2", "", "A2 到会率")]),
        ([5, 6, None], [("more_than_whole", "E2", "6", "≤ 5")]),
        ([5, 5, "王五(公假)"], [("more_than_whole", "E2", "5 + 1", "≤ 5")]),
    ],
)
def test_no_more_can_come_than_were_expected(
    tmp_path: Path, read: Read, numbers: Row, told: list[tuple[str, ...]]
) -> None:
    assert found(tmp_path, read, "活动台账.xlsx", ACTIVITIES, [*MEETING, *numbers]) == told


def test_shops_that_stock_are_shops(tmp_path: Path, read: Read) -> None:
    rows: list[Row] = [["城区", 100, 100], ["驮卢", 100, 120]]
    told = found(tmp_path, read, "2019年1月上柜.xlsx", ["单位", "零售户数", "上柜户数"], *rows)
    assert told == [("more_than_whole", "C3", "120", "≤ 100")]


def test_class_1_is_part_of_the_volume_in_whatever_unit(tmp_path: Path, read: Read) -> None:
    header: Row = ["单位", "本月/销量(箱)", "本月/销售额(元)", "一类烟(条)"]
    rows: list[Row] = [["城区", 2, 60000, 500], ["驮卢", 2, 60000, 501]]
    told = found(tmp_path, read, "2019年1月销售月报.xlsx", header, *rows)
    assert told == [("more_than_whole", "D3", "2.004", "≤ 2")]


def test_a_table_whose_sums_stand_in_no_columns_is_no_reason_to_stop(tmp_path: Path, read: Read) -> None:
    write_xlsx(
        write_bureau(tmp_path) / "甲.xlsx",
        {"Sheet1": [["党小组：营销管理"], ["专卖", "积分总分", "党员", "决议得分", "加减分项", "单箱得分"]]},
    )
    (file,) = (file for file in read(tmp_path).files if file.path == "甲.xlsx")
    assert all(sheet.balances() for sheet in file.sheets)
