"""Rows outside the stated period, and workbooks filed late."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pipeline.ingest.bureau import Reading
from tests.hand_made import Rows, Value, write_bureau, write_xlsx

Read = Callable[[Path], Reading]
Row = list[Value]
SHELF: Rows = [["单位", "零售户数", "上柜户数"], ["城区", 100, 40]]
VISITS: Row = ["日期", "党员", "地点", "事项"]
CASES: Row = ["立案号", "立案日期", "办案部门", "真烟(条)", "结案日期"]


def found(tmp_path: Path, read: Read, file: str, sheet: str, *rows: Row) -> list[tuple[str, str | None, str, str]]:
    write_xlsx(write_bureau(tmp_path) / file, {sheet: list(rows)})
    return [(issue.code, issue.cell, issue.seen, issue.expected) for issue in read(tmp_path).issues]


def visits(*days: Value) -> list[Row]:
    return [VISITS, *([day, "张三", "甲村", f"走访{number}"] for number, day in enumerate(days))]


@pytest.mark.parametrize(
    ("file", "sheet", "title", "days"),
    [
        ("2019年一线台账.xlsx", "台账", None, ["2019-01-01", "2019-12-31"]),
        ("2019年一线台账.xlsx", "3月", None, ["3.1", "2019-03-31"]),
        ("2019年1-3月一线台账.xlsx", "台账", None, ["2019-01-02", "2019-03-05"]),
        ("2018-2019年一线台账.xlsx", "台账", None, ["2018-12-02", "2019-03-05"]),
        ("一线台账.xlsx", "台账", "党员到一线台账（截至2019年12月31日）", ["2019-01-02", "2018-12-05"]),
        ("一线台账.xlsx", "台账", "党员到一线台账（截至2019年12月）", ["2019-01-02", "2018-12-05"]),
        ("一线台账.xlsx", "台账", "党员到一线台账 填报日期：2019年12月31日", ["2019-01-02", "2018-12-05"]),
        ("一线台账.xlsx", "Sheet1", None, ["2019-01-02", "2020-12-05"]),
        ("2020年归档/一线台账2019.xlsx", "Sheet1", None, ["2019-01-02"]),
    ],
)
def test_rows_inside_what_is_stated_pass(
    tmp_path: Path, read: Read, file: str, sheet: str, title: str | None, days: Row
) -> None:
    titles: list[Row] = [[title]] if title else []
    assert found(tmp_path, read, file, sheet, *titles, *visits(*days)) == []


@pytest.mark.parametrize(
    ("file", "sheet", "title", "day", "stated"),
    [
        ("2019年一线台账.xlsx", "台账", None, "2020-01-03", "2019"),
        ("一线台账.xlsx", "台账", "2019年党员到一线台账", "2018-12-31", "2019"),
        ("2019年一线台账.xlsx", "3月", None, "2019-04-01", "2019-03"),
        ("一线台账.xlsx", "3月", None, "2019-04-01", "03"),
        ("2019年3月一线台账.xlsx", "台账", None, "2019-02-28", "2019-03"),
        ("2019年1-3月一线台账.xlsx", "2月", None, "2019-03-01", "2019-02"),
    ],
)
def test_a_row_outside_is_told_at_its_date_and_used(
    tmp_path: Path, read: Read, file: str, sheet: str, title: str | None, day: str, stated: str
) -> None:
    titles: list[Row] = [[title]] if title else []
    inside = "2019-02-05" if sheet == "2月" else "2019-03-05"
    told = found(tmp_path, read, file, sheet, *titles, *visits(inside, day))
    assert told == [("outside_period", f"A{len(titles) + 3}", day, stated)]
    assert len(read(tmp_path).tables["frontline_visits"]) == 2


def test_only_the_date_that_says_when_it_happened_counts(tmp_path: Path, read: Read) -> None:
    rows: list[Row] = [CASES, ["甲1", "2019-12-09", "专卖股", 12, "2020-03-01"]]
    assert found(tmp_path, read, "2019年案件台账.xlsx", "案件", *rows) == []


def test_a_sheet_that_lies_outside_altogether_is_told_once(tmp_path: Path, read: Read) -> None:
    told = found(tmp_path, read, "2019年一线台账.xlsx", "3月", *visits("4.1", "4.2", "4.3", "4.4"))
    assert told == [("outside_period", "A2", "4.1", "2019-03")]


def test_a_month_column_of_another_year_is_told(tmp_path: Path, read: Read) -> None:
    rows: list[Row] = [["月份", "对象", "项目", "分值", "依据"], ["2019年1月", "营销管理", "D1", 2, "表彰"]]
    rows.append(["2020年1月", "营销管理", "D1", 2, "表彰二"])
    assert found(tmp_path, read, "2019年积分明细.xlsx", "甲", *rows) == [("outside_period", "A3", "2020年1月", "2019")]


@pytest.mark.parametrize(
    ("rows", "cell"),
    [
        ([["填报日期：2019年2月11日"], *SHELF], "A1"),
        ([["新品上柜月报", None, "上报日期", date(2019, 2, 11)], *SHELF], "D1"),
        ([["新品上柜月报", "报送日期：", date(2019, 2, 11)], *SHELF], "C1"),
        ([*SHELF, ["制表人：甲", "填报日期：2019-02-11"]], "B3"),
    ],
)
def test_a_filing_date_after_the_deadline_is_told_at_its_cell(
    tmp_path: Path, read: Read, rows: list[Row], cell: str
) -> None:
    told = found(tmp_path, read, "2019年1月上柜.xlsx", "甲", *rows)
    assert told == [("late_report", cell, "2019-02-11", "≤ 2019-02-10")]


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("2019年1月上柜.xlsx", "填报日期：2019年2月10日"),  # the last day (kinds.csv: 10 days)
        ("2019年1月上柜.xlsx", "填报日期：2019年1月28日"),
        ("2019年1月上柜.xlsx", "打印日期：2019年3月28日"),  # not the day of filing
        ("2019年1月上柜.xlsx", "填报日期：3月28日"),  # of no known year
        ("2019年1月上柜.xlsx", "填报日期：   年  月  日"),
    ],
)
def test_a_workbook_in_time_or_without_a_date_passes(tmp_path: Path, read: Read, file: str, line: str) -> None:
    assert found(tmp_path, read, file, "甲", [line], *map(list, SHELF)) == []


def test_quarters_and_years_have_deadlines_of_their_own(tmp_path: Path, read: Read) -> None:
    review: list[Row] = [["评价小组＼被评小组", "营销管理", "专卖综合"], ["营销管理", "/", 92], ["专卖综合", 93, "/"]]
    for number, day in ((1, "2019年4月15日"), (2, "2019年7月16日")):
        write_xlsx(tmp_path / f"2019年{'一二'[number - 1]}季度互评表.xlsx", {"互评": [[f"填报日期：{day}"], *review]})
    year: list[Row] = [["填报日期：2020年2月1日"], ["年度", "党小组", "民主评议"], [2019, "营销管理", 90]]
    write_xlsx(tmp_path / "2019年度总评.xlsx", {"甲": year})
    write_bureau(tmp_path)
    assert [(issue.file, issue.expected) for issue in read(tmp_path).issues] == [
        ("2019年二季度互评表.xlsx", "≤ 2019-07-15"),
        ("2019年度总评.xlsx", "≤ 2020-01-31"),
    ]


def test_a_roster_has_no_deadline(tmp_path: Path, read: Read) -> None:
    assert read(write_bureau(tmp_path)).issues == ()  # filed in January 2019, members since November 2018
