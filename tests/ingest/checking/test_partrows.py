"""A part of a month is no month: of rows that a further column tells apart none counts."""

from pathlib import Path

import pytest

from tests.golden import Read, rows_of
from tests.hand_made import Rows, Value, write_bureau, write_xlsx

WEEKS: Rows = [
    ["2019年3月市场检查统计"],
    ["单位", "周次", "市场检查", "寄递检查"],
    ["专卖股", "第一周", 80, 10],
    ["专卖股", "第二周", 90, 10],
    ["驮卢所", "第一周", 40, 5],
]
SHOWN = ("month", "party_group", "market_inspections")


def read_sheet(folder: Path, read: Read, rows: Rows) -> tuple[list[tuple[object, ...]], list[tuple[str, str | None]]]:
    write_xlsx(write_bureau(folder) / "2019年3月市场检查月报.xlsx", {"S": rows})
    reading = read(folder)
    told = [(issue.code, issue.cell) for issue in reading.issues if issue.severity == "error"]
    return rows_of(reading, "inspections_by_group_month", *SHOWN), told


def test_the_weeks_of_a_month_are_not_the_month(tmp_path: Path, read: Read) -> None:
    found, told = read_sheet(tmp_path, read, WEEKS)
    assert (found, told) == ([], [("part_rows", "B3")])


def test_the_message_names_the_column_and_its_words(tmp_path: Path, read: Read) -> None:
    write_xlsx(write_bureau(tmp_path) / "2019年3月市场检查月报.xlsx", {"S": WEEKS})
    (issue,) = (issue for issue in read(tmp_path).issues if issue.code == "part_rows")
    assert "按“周次”分开（第一周 / 第二周）" in issue.message
    assert "共 3 行" in issue.message


@pytest.mark.parametrize("second", ["备注", "单位负责人"])
def test_what_tells_no_part_leaves_the_first_as_before(tmp_path: Path, read: Read, second: str) -> None:
    told_by: list[Value] = ["甲", "乙"] if second == "备注" else ["甲", "甲"]
    rows: Rows = [
        ["2019年3月市场检查统计"],
        ["单位", second, "市场检查", "寄递检查"],
        *(["专卖股", word, 80 + number, 10] for number, word in enumerate(told_by)),
    ]
    assert read_sheet(tmp_path, read, rows) == ([("2019-03", "专卖综合", 80)], [("duplicate_key", "A4")])


def test_one_row_for_each_group_may_have_any_further_column(tmp_path: Path, read: Read) -> None:
    rows: Rows = [*WEEKS[:3], ["驮卢所", "第一周", 40, 5]]
    found, told = read_sheet(tmp_path, read, rows)
    assert (len(found), told) == (2, [])


def test_one_row_written_twice_costs_no_other_month(tmp_path: Path, read: Read) -> None:
    months: Rows = [[f"{month}月", "专卖股", "甲", 80 + month] for month in range(1, 7)]
    rows: Rows = [["月份", "单位", "联系人", "市场检查"], *months, ["3月", "专卖股", "乙", 90]]
    write_xlsx(write_bureau(tmp_path) / "2019年市场检查月报.xlsx", {"S": rows})
    reading = read(tmp_path)
    counted = [amount for (amount,) in rows_of(reading, "inspections_by_group_month", "market_inspections")]
    assert counted == [81, 82, 83, 84, 85, 86]
    assert [(issue.code, issue.cell) for issue in reading.issues if issue.severity == "error"] == [
        ("duplicate_key", "B8")
    ]


@pytest.mark.parametrize(("last", "counted"), [("合计", 170), ("平均", None), ("累计", None)])
def test_the_row_that_says_it_is_all_of_them_counts(tmp_path: Path, read: Read, last: str, counted: int | None) -> None:
    parts: Rows = [["专卖股", "第一周", 80, 10], ["专卖股", "第二周", 90, 10], ["专卖股", last, 170, 20]]
    found, told = read_sheet(tmp_path, read, [*WEEKS[:2], *parts, ["驮卢所", "合计", 40, 5]])
    own: list[tuple[object, ...]] = [] if counted is None else [("2019-03", "专卖综合", counted)]
    assert found == [*own, ("2019-03", "驮卢片区", 40)]
    assert told == ([] if counted else [("part_rows", "B3")])


@pytest.mark.parametrize(("weeks", "expected"), [(4, []), (2, [("2019-03", "专卖综合", 80)])])
def test_the_first_week_of_a_group_that_is_named_once_is_not_its_month(
    tmp_path: Path, read: Read, weeks: int, expected: list[tuple[object, ...]]
) -> None:
    named: list[Value] = ["专卖股", *[None] * (weeks - 1)]  # of two rows the name of one may have been forgotten
    parts: Rows = [[name, f"第{week}周", 80 + week, 10] for week, name in enumerate(named)]
    found, told = read_sheet(tmp_path, read, [*WEEKS[:2], *parts, ["驮卢所", "全月", 200, 40]])
    assert found == [*expected, ("2019-03", "驮卢片区", 200)]
    assert ("part_rows" in dict(told), "missing_value" in dict(told)) == (not expected, True)
