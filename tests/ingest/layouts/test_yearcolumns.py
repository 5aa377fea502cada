"""A column of years says of which year a row's month is, also where only the sheet names the month."""

from pathlib import Path

import pytest

from tests.golden import Read, rows_of
from tests.hand_made import Rows, write_bureau, write_xlsx


@pytest.mark.parametrize("header", ["年份", "年度"])
def test_last_years_row_is_not_this_years_month(tmp_path: Path, read: Read, header: str) -> None:
    rows: Rows = [
        ["2019年3月销售情况（单位：箱、元）"],
        ["单位", header, "销量", "销售额"],
        ["城区", "2018年", 580, 16_000_000],
        ["城区", 2019, 600, 17_000_000],
        ["驮卢", None, 230, 5_400_000],
    ]
    write_xlsx(write_bureau(tmp_path) / "2019年3月销售情况.xlsx", {"S": rows})
    reading = read(tmp_path)
    assert rows_of(reading, "sales_by_group_month", "month", "party_group", "volume_xiang") == [
        ("2018-03", "营销管理", 580),
        ("2019-03", "营销管理", 600),
        ("2019-03", "驮卢片区", 230),
    ]
    assert {issue.code for issue in reading.issues} <= {"missing_months", "never_handed_in"}


def test_an_empty_year_below_last_years_is_not_the_year_of_the_sheet(tmp_path: Path, read: Read) -> None:
    rows: Rows = [
        ["2019年3月销售情况（单位：箱、元）"],
        ["单位", "年度", "销量", "销售额"],
        ["城区", 2019, 600, 17_000_000],
        ["城区", 2018, 580, 16_000_000],
        ["驮卢", None, 230, 5_400_000],
    ]
    write_xlsx(write_bureau(tmp_path) / "2019年3月销售情况.xlsx", {"S": rows})
    reading = read(tmp_path)
    assert rows_of(reading, "sales_by_group_month", "month", "party_group") == [
        ("2019-03", "营销管理"),
        ("2018-03", "营销管理"),
    ]
    (issue,) = [issue for issue in reading.issues if issue.severity == "error"]
    assert (issue.code, issue.seen) == ("bad_month", "（年度为空）3月")
    assert "第 5 行" in issue.message
