"""Months, years and groups that are written once above rows that leave them empty."""

from pathlib import Path

import pytest

from pipeline.ingest.bureau import Reading
from pipeline.ingest.ledger import Issue
from tests.golden import Read, rows_of
from tests.hand_made import Rows, Value, write_bureau, write_xlsx

SALES: Rows = [["2019年卷烟销售月报"], ["月份", "单位", "销量(箱)", "销售额(元)"]]
ACTIVITIES: Rows = [["2019年活动台账"], ["序号", "日期", "党小组", "活动类型", "主题"]]
PLANS: list[Value] = ["年度", "党小组", "1月", "2月"]


def sold(*months: Value, units: tuple[Value, ...] = ("城区", "驮卢")) -> Rows:
    names = [units[number % len(units)] for number in range(len(months))]
    return [
        *SALES,
        *([month, unit, 10 + n, 280_000 + n] for n, (month, unit) in enumerate(zip(months, names, strict=True))),
    ]


def held(*rows: tuple[str, Value]) -> Rows:
    return [*ACTIVITIES, *([n, day, group, "党小组会", f"第{n}次"] for n, (day, group) in enumerate(rows, 1))]


def codes(reading: Reading) -> list[tuple[str, str | None]]:
    return [(issue.code, issue.cell) for issue in told(reading)]


def told(reading: Reading) -> list[Issue]:
    return [issue for issue in reading.issues if issue.code != "never_handed_in"]


@pytest.mark.parametrize(
    "months", [("1月", None, "2月", None, "3月", None), (12, None, 11, None), ("1月", None, "2月", None, "3月")]
)
def test_a_month_written_once_holds_for_the_rows_below_it(
    months: tuple[Value, ...], tmp_path: Path, read: Read
) -> None:
    write_xlsx(write_bureau(tmp_path) / "卷烟销售月报.xlsx", {"甲": sold(*months)})
    reading = read(tmp_path)
    assert codes(reading) == [("written_once", "A4")]
    assert len(reading.tables["sales_by_group_month"]) == len(months)


def test_a_unit_written_once_above_its_months(tmp_path: Path, read: Read) -> None:
    rows: Rows = [
        *SALES,
        *(
            [f"{month}月", unit if month == 1 else None, 10 * month, 280_000]
            for unit in ("城区", "驮卢")
            for month in (1, 2, 3)
        ),
    ]
    write_xlsx(write_bureau(tmp_path) / "卷烟销售月报.xlsx", {"甲": rows})
    reading = read(tmp_path)
    assert codes(reading) == [("written_once", "B4")]
    assert rows_of(reading, "sales_by_group_month", "month", "party_group")[3:] == [
        ("2019-01", "驮卢片区"),
        ("2019-02", "驮卢片区"),
        ("2019-03", "驮卢片区"),
    ]


def test_months_and_groups_written_once_month_after_month(tmp_path: Path, read: Read) -> None:
    month: list[list[Value]] = [["营销管理", "张三", 10], [None, "李四", 11], ["专卖综合", "王五", 9]]
    rows: Rows = [
        ["2019年积分表"],
        ["月份", "党小组", "姓名", "合计"],
        *([f"{number}月" if at == 0 else None, *row] for number in (1, 2) for at, row in enumerate(month)),
    ]
    write_xlsx(write_bureau(tmp_path) / "积分表.xlsx", {"甲": rows})
    reading = read(tmp_path)
    assert codes(reading) == [("written_once", "A4"), ("written_once", "B4")]
    assert len(reading.tables["printed_points"]) == 6


def test_a_group_written_once_in_a_ledger_that_is_ordered_by_its_groups(tmp_path: Path, read: Read) -> None:
    rows = held(("1.8", "营销管理"), ("1.15", None), ("2.3", None), ("1.9", "专卖综合"), ("1.20", None))
    write_xlsx(write_bureau(tmp_path) / "活动台账.xlsx", {"甲": rows})
    reading = read(tmp_path)
    assert codes(reading) == [("written_once", "C4")]
    groups = [group for (group,) in rows_of(reading, "activities", "party_group")]
    assert groups == ["营销管理"] * 3 + ["专卖综合"] * 2


@pytest.mark.parametrize(
    ("book", "rows", "cells"),
    [
        ("卷烟销售月报", sold("1月", "1月", None, "2月"), ["A5"]),  # one was forgotten
        (
            "卷烟销售月报",
            sold("2月", None, "1月", None, "3月", None, units=("城区", "驮卢", "营销管理")),
            ["A4", "A6", "A8"],
        ),  # in no order, and no habit
        ("卷烟销售月报", sold("1月", None, units=("城区",)), ["A4"]),  # one month alone
        ("活动台账", held(("1.8", "营销管理"), ("1.9", None), ("1.10", "专卖综合"), ("1.11", None)), ["C4", "C6"]),
    ],
)
def test_where_the_shape_leaves_a_doubt_nothing_is_filled_in(
    book: str, rows: Rows, cells: list[str], tmp_path: Path, read: Read
) -> None:
    write_xlsx(write_bureau(tmp_path) / f"{book}.xlsx", {"甲": rows})
    assert codes(read(tmp_path)) == [("missing_value", cell) for cell in cells]


def test_many_months_of_which_nobody_can_tell_are_told_together(tmp_path: Path, read: Read) -> None:
    write_xlsx(write_bureau(tmp_path) / "卷烟销售月报.xlsx", {"甲": sold("1月", *[None] * 7)})
    reading = read(tmp_path)
    assert codes(reading) == [("missing_value", "A4")]
    assert "6" in told(reading)[0].message
    (file,) = [file for file in reading.files if file.path == "卷烟销售月报.xlsx"]
    assert file.sheets[0].rejected == 7


@pytest.mark.parametrize("first", ["年度", "党小组"])
def test_a_year_written_once_beside_months_across(first: str, tmp_path: Path, read: Read) -> None:
    by_year: list[list[Value]] = [
        [2018, "营销管理", 6, 5],
        [None, "驮卢片区", 2, 1],
        [2019, "营销管理", 7, 6],
        [None, "驮卢片区", 3, 2],
    ]
    by_group: list[list[Value]] = [
        ["营销管理", 2018, 6, 5],
        [None, 2019, 7, 6],
        ["驮卢片区", 2018, 2, 1],
        [None, 2019, 3, 2],
    ]
    header = PLANS if first == "年度" else [PLANS[1], PLANS[0], *PLANS[2:]]
    rows: Rows = [["2019年销量计划（箱）"], header, *(by_year if first == "年度" else by_group)]
    write_xlsx(write_bureau(tmp_path) / "销量计划表.xlsx", {"甲": rows})
    reading = read(tmp_path)
    assert codes(reading) == [("written_once", "A4")]
    assert sorted(rows_of(reading, "targets_by_group_month", "month", "party_group", "volume_plan_xiang")) == sorted([
        ("2018-01", "营销管理", 6), ("2018-02", "营销管理", 5), ("2018-01", "驮卢片区", 2), ("2018-02", "驮卢片区", 1),
        ("2019-01", "营销管理", 7), ("2019-02", "营销管理", 6), ("2019-01", "驮卢片区", 3), ("2019-02", "驮卢片区", 2),
    ])  # fmt: skip


def test_a_year_that_stands_alone_above_an_empty_cell_moves_no_row_into_the_year_of_the_sheet(
    tmp_path: Path, read: Read
) -> None:
    rows: Rows = [["2019年销量计划（箱）"], PLANS, [2018, "营销管理", 6, 5], [None, "驮卢片区", 2, 1]]
    write_xlsx(write_bureau(tmp_path) / "销量计划表.xlsx", {"甲": rows})
    reading = read(tmp_path)
    assert [code for code, _ in codes(reading)] == ["bad_month", "bad_month"]
    assert {group for (group,) in rows_of(reading, "targets_by_group_month", "party_group")} == {"营销管理"}
