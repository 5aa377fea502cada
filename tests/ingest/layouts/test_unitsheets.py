"""Results kept on a sheet for each unit, whose name alone says whose they are."""

from pathlib import Path

from tests.golden import Read, assert_clean, rows_of
from tests.hand_made import Rows, write_bureau, write_xlsx

INSPECTED = ("month", "party_group", "market_inspections")


def inspections(january: int) -> Rows:
    title, header = ["2019年专卖检查月报"], ["月份", "市场检查", "寄递检查"]
    return [title, header, ["1月", january, 40], ["2月", 200, 30], ["合计", january + 200, 70]]


def test_a_sheet_that_is_called_like_a_unit_is_of_that_unit(tmp_path: Path, read: Read) -> None:
    sheets = {"专卖股": inspections(300), "驮卢所": inspections(150)}
    write_xlsx(write_bureau(tmp_path) / "2019年专卖检查月报.xlsx", sheets)
    reading = read(tmp_path)
    assert_clean(reading)
    assert rows_of(reading, "inspections_by_group_month", *INSPECTED) == [
        ("2019-01", "专卖综合", 300),
        ("2019-02", "专卖综合", 200),
        ("2019-01", "驮卢片区", 150),
        ("2019-02", "驮卢片区", 200),
    ]


def test_months_across_and_what_is_counted_down_on_a_sheet_of_a_unit(tmp_path: Path, read: Read) -> None:
    rows: Rows = [["2019年销售统计"], ["指标", "1月", "2月"], ["销量（箱）", 700, 500], ["销售额（万元）", 2000, 1400]]
    write_xlsx(write_bureau(tmp_path) / "2019年销售统计.xlsx", {"城区": rows})
    reading = read(tmp_path)
    assert rows_of(reading, "sales_by_group_month", "month", "party_group", "volume_xiang", "revenue_yuan") == [
        ("2019-01", "营销管理", 700, 20_000_000),
        ("2019-02", "营销管理", 500, 14_000_000),
    ]


def test_headings_of_units_hold_for_the_months_below(tmp_path: Path, read: Read) -> None:
    title, header, *months = inspections(300)
    rows: Rows = [title, header, ["专卖股"], *months[:2], ["驮卢所"], ["1月", 150, 4], ["2月", 120, 3]]
    write_xlsx(write_bureau(tmp_path) / "2019年专卖检查月报.xlsx", {"S": rows})
    assert rows_of(read(tmp_path), "inspections_by_group_month", *INSPECTED) == [
        ("2019-01", "专卖综合", 300),
        ("2019-02", "专卖综合", 200),
        ("2019-01", "驮卢片区", 150),
        ("2019-02", "驮卢片区", 120),
    ]


def test_who_filled_a_report_in_is_not_whose_results_it_holds(tmp_path: Path, read: Read) -> None:
    rows = [["2019年专卖检查月报（专卖股填报）"], *inspections(300)[1:]]
    write_xlsx(write_bureau(tmp_path) / "2019年专卖股检查月报.xlsx", {"Sheet1": rows})
    reading = read(tmp_path)
    assert reading.tables["inspections_by_group_month"].empty
    assert [(issue.code, issue.cell) for issue in reading.issues] == [("missing_column", "A2")]
    assert "单位" in reading.issues[0].message
