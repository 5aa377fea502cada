"""Columns of several months or of another one in a month's report: told once for the like sheets of a file."""

from pathlib import Path

import pytest

from tests.golden import Read
from tests.hand_made import Rows, Value, write_bureau, write_xlsx

INSPECTED: list[Value] = ["城区", 300, 10, 3000, 90]


def told(folder: Path, read: Read, file: str, sheets: dict[str, Rows]) -> list[tuple[str | None, str | None, str]]:
    write_xlsx(write_bureau(folder) / file, sheets)
    reading = read(folder)
    assert {issue.code for issue in reading.issues} <= {"other_span"}
    return [(issue.sheet, issue.cell, issue.seen) for issue in reading.issues]


def test_sums_that_have_no_column_are_told_once_a_file(tmp_path: Path, read: Read) -> None:
    head: list[Value] = ["单位", "市场检查", "寄递检查", "累计市场检查", "寄递检查累计"]
    sheets: dict[str, Rows] = {f"{month}月": [head, INSPECTED] for month in (9, 10)}
    found = told(tmp_path, read, "2019年检查月报.xlsx", sheets)
    assert found == [("9月", "D1", "累计市场检查 / 寄递检查累计")]


def test_the_month_before_beside_the_month_is_told(tmp_path: Path, read: Read) -> None:
    rows: Rows = [["单位", "9月销量(箱)", "10月销量(箱)", "10月销售额(元)"], ["城区", 700, 650, 19_000_000]]
    assert told(tmp_path, read, "2019年10月销售月报.xlsx", {"10月": rows}) == [("10月", "B1", "9月销量(箱)")]


@pytest.mark.parametrize(
    "header", ["累计完成率", "累计占比", "年度计划", "去年累计", "备注", "10月底在册户", "9月30日前整改"]
)
def test_rates_plans_and_remarks_are_nobodys_fault(header: str, tmp_path: Path, read: Read) -> None:
    rows: Rows = [["单位", "市场检查", "寄递检查", header], ["城区", 300, 10, 95]]
    assert told(tmp_path, read, "2019年10月检查月报.xlsx", {"10月": rows}) == []


def test_an_empty_column_is_no_loss(tmp_path: Path, read: Read) -> None:
    rows: Rows = [["单位", "市场检查", "寄递检查", "累计检查"], ["城区", 300, 10, "—"]]
    assert told(tmp_path, read, "2019年10月检查月报.xlsx", {"10月": rows}) == []
