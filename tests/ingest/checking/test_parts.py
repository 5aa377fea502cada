"""Amounts of one table on several sheets of a workbook, or in several workbooks."""

from pathlib import Path

import pytest

from tests.golden import Read, assert_clean, rows_of
from tests.hand_made import Rows, Value, write_bureau, write_xlsx

PLANS = ("month", "party_group", "volume_plan_xiang", "inspections_plan")


def plans(header: str, *amounts: int) -> Rows:
    units: list[Value] = ["城区", "驮卢"]
    return [
        ["月份", "单位", header],
        *(["2019年1月", unit, amount] for unit, amount in zip(units, amounts, strict=True)),
    ]


@pytest.mark.parametrize("is_one_file", [True, False])
def test_plans_of_two_sheets_are_one_row_a_month_and_group(tmp_path: Path, read: Read, is_one_file: bool) -> None:
    sheets = {"销量计划": plans("销量计划(箱)", 700, 300), "检查计划": plans("检查计划", 10, 20)}
    write_bureau(tmp_path)
    for name, rows in sheets.items():
        if not is_one_file:
            write_xlsx(tmp_path / f"{name}表.xlsx", {"甲": rows})
    if is_one_file:
        write_xlsx(tmp_path / "计划目标表.xlsx", sheets)
    reading = read(tmp_path)
    assert_clean(reading)
    assert sorted(rows_of(reading, "targets_by_group_month", *PLANS)) == [
        ("2019-01", "营销管理", 700, 10),
        ("2019-01", "驮卢片区", 300, 20),
    ]
    assert [sheet.rejected for file in reading.files for sheet in file.sheets if sheet.rejected] == []


def test_sheets_that_say_one_amount_twice_are_told_as_before(tmp_path: Path, read: Read) -> None:
    sheets = {"甲": plans("销量计划(箱)", 700, 300), "乙": plans("销量计划(箱)", 701, 300)}
    write_xlsx(write_bureau(tmp_path) / "2019年计划目标表.xlsx", sheets)
    reading = read(tmp_path)
    assert [issue.code for issue in reading.issues] == ["overlapping_file"]
    assert len(reading.tables["targets_by_group_month"]) == 2


SOLD = ("month", "party_group", "volume_xiang", "revenue_yuan")


def sold(header: str, *amounts: Value) -> Rows:
    units: list[Value] = ["城区", "驮卢"]
    return [
        ["月份", "单位", header],
        *(["2019年1月", unit, amount] for unit, amount in zip(units, amounts, strict=True)),
    ]


@pytest.mark.parametrize("is_one_file", [True, False])
def test_volume_and_revenue_of_two_sheets_are_one_row(tmp_path: Path, read: Read, is_one_file: bool) -> None:
    sheets = {"销量": sold("销量(箱)", 700, 300), "销售额": sold("销售额(万元)", 2000, 800)}
    write_bureau(tmp_path)
    for name, rows in sheets.items():
        if not is_one_file:
            write_xlsx(tmp_path / f"卷烟销售月报（{name}）.xlsx", {"甲": rows})
    if is_one_file:
        write_xlsx(tmp_path / "卷烟销售月报.xlsx", sheets)
    reading = read(tmp_path)
    assert [issue.code for issue in reading.issues if issue.code != "never_handed_in"] == []
    assert rows_of(reading, "sales_by_group_month", *SOLD) == [
        ("2019-01", "营销管理", 700, 20_000_000),
        ("2019-01", "驮卢片区", 300, 8_000_000),
    ]


def test_a_sheet_of_volumes_that_also_has_the_year_so_far_is_half_of_a_report(tmp_path: Path, read: Read) -> None:
    volumes: Rows = [["月份", "单位", "销量(箱)", "累计销量(箱)"], ["2019年1月", "城区", 700, 700]]
    sheets = {"销量": volumes, "销售额": sold("销售额(万元)", 2000, 800)[:2]}
    write_xlsx(write_bureau(tmp_path) / "卷烟销售月报.xlsx", sheets)
    reading = read(tmp_path)
    assert [issue.code for issue in reading.issues if issue.code != "never_handed_in"] == []
    found = rows_of(reading, "sales_by_group_month", *SOLD, "ytd_volume_xiang")
    assert found == [("2019-01", "营销管理", 700, 20_000_000, 700)]


def test_a_month_without_its_revenue_is_not_called_a_sum_so_far(tmp_path: Path, read: Read) -> None:
    rows: Rows = [["月份", "单位", "销量(箱)", "累计销量(箱)"], ["2019年1月", "城区", 700, 700]]
    write_xlsx(write_bureau(tmp_path) / "卷烟销售月报.xlsx", {"甲": rows})
    reading = read(tmp_path)
    assert [issue.code for issue in reading.issues if issue.code != "never_handed_in"] == []
    assert rows_of(reading, "sales_by_group_month", *SOLD) == [("2019-01", "营销管理", 700, None)]


def test_a_row_of_which_the_other_sheet_has_no_half_is_told(tmp_path: Path, read: Read) -> None:
    sheets = {"销量": sold("销量(箱)", 700, 300), "销售额": sold("销售额(万元)", 2000, 800)[:2]}
    write_xlsx(write_bureau(tmp_path) / "卷烟销售月报.xlsx", sheets)
    reading = read(tmp_path)
    (issue,) = [issue for issue in reading.issues if issue.code != "never_handed_in"]
    assert (issue.code, issue.sheet, issue.cell) == ("lone_amount", "销量", None)
    assert "第 3 行" in issue.message
    assert rows_of(reading, "sales_by_group_month", *SOLD) == [
        ("2019-01", "营销管理", 700, 20_000_000),
        ("2019-01", "驮卢片区", 300, None),
    ]


def test_a_ratio_of_two_sheets_that_cannot_be_is_turned_down(tmp_path: Path, read: Read) -> None:
    sheets = {"销量": sold("销量(箱)", 700, 300), "销售额": sold("销售额(万元)", 2000, 80_000)}
    write_xlsx(write_bureau(tmp_path) / "卷烟销售月报.xlsx", sheets)
    reading = read(tmp_path)
    assert [issue.code for issue in reading.issues if issue.code != "never_handed_in"] == ["impossible_ratio"]


def test_more_shops_that_stock_than_shops_on_two_sheets_are_told(tmp_path: Path, read: Read) -> None:
    sheets = {"零售户数": sold("零售户数", 100, 100), "上柜户数": sold("上柜户数", 40, 120)}
    write_xlsx(write_bureau(tmp_path) / "新品上柜月报.xlsx", sheets)
    reading = read(tmp_path)
    assert [issue.code for issue in reading.issues if issue.code != "never_handed_in"] == ["more_than_whole"]


@pytest.mark.parametrize(
    ("other", "lacks"), [(["销量(箱)", "销售额(元)"], ["lacking_column"]), (["累计销售额(元)"], [])]
)
def test_a_table_of_volumes_that_is_no_half_of_another_one_is_read_and_lacks_what_others_state(
    tmp_path: Path, read: Read, other: list[Value], lacks: list[str]
) -> None:
    rows: Rows = [
        ["月份", "单位", *other],
        ["2019年1月", "城区", *([700, 20_000_000] if len(other) > 1 else [20_000_000])],
    ]
    write_xlsx(write_bureau(tmp_path) / "卷烟销售月报.xlsx", {"销量": sold("销量(箱)", 700, 300), "乙": rows})
    reading = read(tmp_path)
    assert [i.code for i in reading.issues if i.sheet == "销量" and i.severity == "warning"] == lacks
    assert 700 in reading.tables["sales_by_group_month"]["volume_xiang"].tolist()


def test_a_row_that_repeats_a_key_takes_nothing_from_the_row_that_counts(tmp_path: Path, read: Read) -> None:
    volumes, inspections = plans("销量计划(箱)", 700, 300), plans("检查计划", 10, 20)
    sheets: dict[str, Rows] = {
        "销量计划": [*volumes, ["2019年1月", "城区", 710]],
        "检查计划": [*inspections, ["2019年1月", "城区", 11]],
    }
    write_xlsx(write_bureau(tmp_path) / "计划目标表.xlsx", sheets)
    reading = read(tmp_path)
    assert sorted(rows_of(reading, "targets_by_group_month", *PLANS)) == [
        ("2019-01", "营销管理", 700, 10),
        ("2019-01", "驮卢片区", 300, 20),
    ]
    told = [(issue.code, issue.sheet, issue.cell) for issue in reading.issues]
    assert told == [("duplicate_key", "销量计划", "B4"), ("duplicate_key", "检查计划", "B4")]


def test_amounts_go_to_the_sheet_that_counts_and_not_to_its_copy(tmp_path: Path, read: Read) -> None:
    folder = write_bureau(tmp_path)
    write_xlsx(folder / "2019年计划 - 副本.xlsx", {"甲": plans("销量计划(箱)", 701, 300)})
    write_xlsx(folder / "2019年计划.xlsx", {"甲": plans("销量计划(箱)", 700, 300)})
    write_xlsx(folder / "2019年检查计划.xlsx", {"乙": plans("检查计划", 10, 20)})
    reading = read(folder)
    assert sorted(rows_of(reading, "targets_by_group_month", *PLANS)) == [
        ("2019-01", "营销管理", 700, 10),
        ("2019-01", "驮卢片区", 300, 20),
    ]
    (issue,) = reading.issues
    assert (issue.code, issue.file) == ("overlapping_file", "2019年计划 - 副本.xlsx")
    assert "C2: 701 ≠ 700" in issue.message
    assert "≠ —" not in issue.message


def test_neither_half_of_a_row_that_cannot_be_is_used(tmp_path: Path, read: Read) -> None:
    sheets = {"销量": sold("销量(箱)", 700, 300), "销售额": sold("销售额(万元)", 2, 800)}
    write_xlsx(write_bureau(tmp_path) / "卷烟销售月报.xlsx", sheets)
    reading = read(tmp_path)
    assert len(reading.tables["sales_by_group_month"]) == 1
    (ledger,) = [file for file in reading.files if file.path == "卷烟销售月报.xlsx"]
    assert [(sheet.used, sheet.rejected) for sheet in ledger.sheets] == [(1, 1), (1, 1)]
