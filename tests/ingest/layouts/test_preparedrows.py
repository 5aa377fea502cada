"""Rows that were prepared and never filled in cost no fault; one that was forgotten is told."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.ingest.bureau import Reading
from tests.golden import assert_clean
from tests.hand_made import Rows, Value, write_bureau, write_xlsx

Read = Callable[[Path], Reading]
SALES: list[Value] = ["月份", "单位", "销量(箱)", "销售额(万元)"]
CASES: list[Value] = ["序号", "立案号", "立案日期", "办案部门", "真烟(条)", "案值(元)", "结案日期"]
ACTIVITIES: list[Value] = ["序号", "日期", "党小组", "活动类型"]
TO_COME: Rows = [["3月", "城区"], ["4月", "城区"], ["合计", None, 1300, 3800]]
PREPARED: dict[str, tuple[str, Rows]] = {
    "months to come": (
        "2019年卷烟销售月报.xlsx",
        [SALES, ["1月", "城区", 700, 2000], ["2月", "城区", 600, 1800], *TO_COME],
    ),
    "formulas that give zero": (
        "2019年专卖案件台账.xlsx",
        [
            CASES,
            [1, "第1号", "2019-01-04", "专卖股", 1, 100],
            [2, None, None, None, None, 0],
            [3, None, None, None, 0, 0],
        ],
    ),
    "a group copied down": (
        "2019年活动台账.xlsx",
        [ACTIVITIES, [1, "1.8", "专卖综合", "党小组会"], [2, None, "专卖综合"], [3, None, "专卖综合", "—"]],
    ),
}


def read_sheet(folder: Path, read: Read, file: str, rows: Rows) -> Reading:
    write_xlsx(write_bureau(folder) / file, {"甲": rows})
    return read(folder)


@pytest.mark.parametrize(("file", "rows"), PREPARED.values(), ids=PREPARED)
def test_prepared_rows_are_no_fault(tmp_path: Path, read: Read, file: str, rows: Rows) -> None:
    assert_clean(read_sheet(tmp_path, read, file, rows))


def test_a_month_to_come_merged_over_its_groups_is_no_fault(tmp_path: Path, read: Read) -> None:
    rows: Rows = [SALES, ["1月", "城区", 700, 2000], [None, "驮卢", 70, 200], ["2月", "城区"], [None, "驮卢"]]
    write_xlsx(write_bureau(tmp_path) / "2019年卷烟销售月报.xlsx", {"甲": rows}, {"甲": ("A2:A3", "A4:A5")})
    assert_clean(read(tmp_path))


def test_a_forgotten_group_of_a_month_that_is_merged_over_its_groups_is_told(tmp_path: Path, read: Read) -> None:
    months: Rows = [["1月", "城区", 700, 2000], [None, "驮卢", 70, 200], ["2月", "城区", 600, 1800], [None, "驮卢"]]
    file = write_bureau(tmp_path) / "2019年卷烟销售月报.xlsx"
    write_xlsx(file, {"甲": [SALES, *months]}, {"甲": ("A2:A3", "A4:A5")})
    assert [(issue.code, issue.cell) for issue in read(tmp_path).issues] == [("missing_value", "C5")]


FORGOTTEN: dict[str, tuple[str, Rows]] = {
    "a group in a month that the others have": (
        "2019年卷烟销售月报.xlsx",
        [SALES, ["1月", "城区", 700, 2000], ["1月", "驮卢"]],
    ),
    "a group under a sign for the month above": (
        "2019年卷烟销售月报.xlsx",
        [SALES, ["1月", "城区", 700, 2000], ["〃", "驮卢"]],
    ),
    "a group with a dash in place of its day": (
        "2019年专卖案件台账.xlsx",
        [CASES, [1, "第1号", "2019-01-04", "专卖股", 1, 100], [2, None, "—", "专卖股"]],
    ),
    "a group of a table of one month": (
        "2019年1月卷烟销售月报.xlsx",
        [SALES[1:], ["城区", 700, 2000], ["驮卢", None, 700]],
    ),
    "a month in between": (
        "2019年卷烟销售月报.xlsx",
        [SALES, ["1月", "城区", 700, 2000], ["2月", "城区"], ["3月", "城区", 700, 2000]],
    ),
}


@pytest.mark.parametrize(("file", "rows"), FORGOTTEN.values(), ids=FORGOTTEN)
def test_a_forgotten_row_is_told(tmp_path: Path, read: Read, file: str, rows: Rows) -> None:
    reading = read_sheet(tmp_path, read, file, rows)
    assert [issue.code for issue in reading.issues if issue.sheet == "甲"][:1] == ["missing_value"]
