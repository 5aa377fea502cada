"""What a whole sheet says of its rows: which of two columns is of their month."""

from pathlib import Path

import pytest

from tests.golden import Read, rows_of
from tests.hand_made import Rows, write_bureau, write_xlsx


@pytest.mark.parametrize(
    ("headers", "volume"),
    [
        (("9月销量(箱)", "10月销量(箱)"), 701),
        (("10月销量(箱)", "9月销量(箱)"), 700),
        (("2018年10月销量(箱)", "2019年10月销量(箱)"), 701),
    ],
)
def test_of_the_columns_of_two_months_that_of_the_sheet_is_read(
    headers: tuple[str, str], volume: float, tmp_path: Path, read: Read
) -> None:
    rows: Rows = [["2019年10月卷烟销售月报"], ["单位", *headers, "销售额(元)"], ["城区", 700, 701, 20_010_000]]
    write_xlsx(write_bureau(tmp_path) / "2019年卷烟销售月报.xlsx", {"销售": rows})
    reading = read(tmp_path)
    assert [issue.code for issue in reading.issues] == ["other_span"]
    assert rows_of(reading, "sales_by_group_month", "month", "volume_xiang") == [("2019-10", volume)]


@pytest.mark.parametrize("headers", [("8月销量(箱)", "9月销量(箱)"), ("10月销量(箱)", "2019年10月销量(箱)")])
def test_columns_of_which_not_just_one_is_of_the_month_of_the_sheet_stay_open(
    headers: tuple[str, str], tmp_path: Path, read: Read
) -> None:
    rows: Rows = [["2019年10月卷烟销售月报"], ["单位", *headers, "销售额(元)"], ["城区", 700, 701, 20_010_000]]
    write_xlsx(write_bureau(tmp_path) / "2019年卷烟销售月报.xlsx", {"销售": rows})
    reading = read(tmp_path)
    assert [issue.code for issue in reading.issues] == ["duplicate_column"]
    assert rows_of(reading, "sales_by_group_month", "month") == []


@pytest.mark.parametrize(
    "headers",
    [
        ["2018年10月销量", "2018年10月销售额", "2019年10月销量", "2019年10月销售额"],
        ["9月销量", "9月销售额", "10月销量", "10月销售额"],
    ],
)
def test_a_report_of_one_month_that_shows_another_one_beside_it_is_of_its_own(
    headers: list[str], tmp_path: Path, read: Read
) -> None:
    rows: Rows = [["2019年10月卷烟销售月报（单位：箱、元）"], ["单位", *headers], ["城区", 700, 2e7, 701, 20_010_000]]
    write_xlsx(write_bureau(tmp_path) / "2019年10月卷烟销售月报.xlsx", {"销售": rows})
    reading = read(tmp_path)
    assert [(issue.code, issue.seen) for issue in reading.issues] == [("other_span", " / ".join(headers[:2]))]
    assert rows_of(reading, "sales_by_group_month", "month", "volume_xiang", "revenue_yuan") == [
        ("2019-10", 701, 20_010_000)
    ]
