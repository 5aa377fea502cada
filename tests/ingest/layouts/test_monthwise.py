"""Tables with the months across: one row a month and group, read from every metric's own block."""

from pathlib import Path

import pytest

from pipeline.ingest.layouts.findings import SheetNames
from pipeline.ingest.layouts.monthwise import recognise_monthwise
from tests.golden import Read, assert_clean, rows_of
from tests.hand_made import VOCABULARY, Rows, Value, make_grid, write_bureau, write_xlsx

COLUMNS = ("month", "party_group", "volume_plan_xiang", "inspections_plan")
GOLDEN = [
    ("2019-01", "营销管理", 700, 10),
    ("2019-01", "驮卢片区", 270, 20),
    ("2019-02", "营销管理", 500, 11),
    ("2019-02", "驮卢片区", 200, 21),
]
MONTHS: list[Value] = ["党小组", "1月", "2月", "全年"]
VARIANTS: dict[str, Rows] = {
    "a block for each metric": [
        ["2019年计划目标表"],
        ["一、销量计划（箱）"],
        MONTHS,
        ["营销管理", 700, 500, 1200],
        ["驮卢片区", 270, 200, 470],
        ["合计", 970, 700, 1670],
        [],
        ["二、检查计划（户次）"],
        MONTHS,
        ["营销管理", 10, 11, 21],
        ["驮卢片区", 20, 21, 41],
    ],
    "headings within one block": [
        ["2019年计划目标表"],
        MONTHS,
        ["销量计划（箱）"],
        ["营销管理", 700, 500, 1200],
        ["驮卢片区", 270, 200, 470],
        ["检查计划"],
        ["营销管理", 10, 11, 21],
        ["驮卢片区", 20, 21, 41],
        ["注：按月分解。"],
    ],
    "the metric in the row": [
        ["2019年计划目标表", None, "单位：箱"],
        ["党小组", "指标", "一月", "二月"],
        ["营销管理", "销量计划", 700, 500],
        ["营销管理", "检查计划", 10, 11],
        ["驮卢片区", "销量计划", 270, 200],
        ["驮卢片区", "检查计划", 20, 21],
    ],
    "the metric above the months": [
        ["2019年计划目标表"],
        ["党小组", "销量计划(箱)", None, "检查计划"],
        [None, "2019.01", "2019.02", "2019.01", "2019.02"],
        ["营销管理", 700, 500, 10, 11],
        ["驮卢片区", 270, 200, 20, 21],
    ],
    "the metric below the months": [
        ["计划目标表"],
        ["党小组", "2019年1月", None, "2019年2月"],
        [None, "销量计划(箱)", "检查计划", "销量计划(箱)", "检查计划"],
        ["营销管理", 700, 10, 500, 11],
        ["驮卢片区", 270, 20, 200, 21],
    ],
}


@pytest.mark.parametrize("name", VARIANTS)
def test_plans_with_months_across(name: str, tmp_path: Path, read: Read) -> None:
    write_xlsx(write_bureau(tmp_path) / "计划目标表.xlsx", {"甲": VARIANTS[name]})
    reading = read(tmp_path)
    assert_clean(reading)
    assert rows_of(reading, "targets_by_group_month", *COLUMNS) == GOLDEN


def test_faults_and_a_wrong_total_stand_at_their_cells(tmp_path: Path, read: Read) -> None:
    rows: Rows = [
        ["2019年销量计划（箱）"],
        ["党小组", "1月", "2月", "3月"],
        ["营销管理", 700, 500, None],
        ["某组", 270, 200, None],
        ["合计", 971, 700, None],
    ]
    write_xlsx(write_bureau(tmp_path) / "计划目标表.xlsx", {"甲": rows})
    reading = read(tmp_path)
    assert {(issue.code, issue.cell, issue.expected) for issue in reading.issues} == {
        ("unknown_group", "A4", "驮卢片区"),
        ("total_mismatch", "B5", "970"),
    }
    ledger = next(file for file in reading.files if file.kind == "targets").sheets[0]
    assert (ledger.title, ledger.header, ledger.used, ledger.rejected, ledger.total) == (1, 1, 1, 1, 1)


def test_what_is_no_number_stands_at_its_cell(tmp_path: Path, read: Read) -> None:
    rows: Rows = [["2019年销量计划（箱）"], ["党小组", "1月", "2月"], ["营销管理", 700, "待定"]]
    write_xlsx(write_bureau(tmp_path) / "计划目标表.xlsx", {"甲": rows})
    assert [(issue.code, issue.cell) for issue in read(tmp_path).issues] == [("bad_number", "C3")]


def test_points_of_members_by_month(tmp_path: Path, read: Read) -> None:
    rows: Rows = [
        ["2019年党员积分汇总表"],
        ["党小组", "姓名", "1月", "2月"],
        ["营销管理", "张三", 70, 72],
        [None, "李四", 66, None],
    ]
    write_xlsx(write_bureau(tmp_path) / "积分汇总.xlsx", {"甲": rows}, {"甲": ("A3:A4",)})
    reading = read(tmp_path)
    assert_clean(reading)
    assert rows_of(reading, "printed_points", "month", "party_group", "member", "total_points") == [
        ("2019-01", "营销管理", "张三", 70),
        ("2019-01", "营销管理", "李四", 66),
        ("2019-02", "营销管理", "张三", 72),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [["甲", "1月", "2月"], ["乙", 1, 2]],
        [["单位", "销量", "销售额"], ["城区", 1, 2]],
        [
            ["1月", None, None, "2月"],
            ["单位", "销量", "销售额", "单位", "销量", "销售额"],
            ["城区", 1, 2, "城区", 3, 4],
        ],
    ],
)
def test_other_sheets_are_not_read_so(rows: Rows) -> None:
    assert recognise_monthwise(make_grid(rows), SheetNames("销售月报.xlsx", "甲"), VOCABULARY) is None


def test_a_note_below_months_across_states_their_unit(tmp_path: Path, read: Read) -> None:
    rows: Rows = [
        ["2019年计划目标表"],
        ["党小组", "指标", "一月", "二月"],
        ["营销管理", "销量计划", 700, 500],
        ["驮卢片区", "销量计划", 270, 200],
        ["注：销量单位为万支"],
    ]
    write_xlsx(write_bureau(tmp_path) / "2019年计划目标表.xlsx", {"目标": rows})
    reading = read(tmp_path)
    assert {issue.code for issue in reading.issues} <= {"never_handed_in"}
    assert sorted(reading.tables["targets_by_group_month"]["volume_plan_xiang"]) == [40, 54, 100, 140]


@pytest.mark.parametrize("columns", [("9月", "10月", "1-10月累计"), ("1-10月累计", "9月", "10月")])
def test_the_year_so_far_beside_the_months_belongs_to_its_last_month_in_any_order(
    columns: tuple[str, ...], tmp_path: Path, read: Read
) -> None:
    volumes, revenues = {"9月": 700, "10月": 701, "1-10月累计": 7000}, {"9月": 2000, "10月": 2001, "1-10月累计": 20000}
    rows: Rows = [
        ["单位：箱、万元"],
        ["单位", "指标", *columns],
        ["城区", "销量", *(volumes[column] for column in columns)],
        ["城区", "销售额", *(revenues[column] for column in columns)],
    ]
    write_xlsx(write_bureau(tmp_path) / "2019年卷烟销售情况.xlsx", {"销售": rows})
    reading = read(tmp_path)
    of_revenue = f"{'CDE'[columns.index('1-10月累计')]}4"  # which the table has no column for
    assert [(issue.code, issue.seen) for issue in reading.issues] == [("unused_cells", of_revenue)]
    found = rows_of(reading, "sales_by_group_month", "month", "volume_xiang", "ytd_volume_xiang")
    assert found == [("2019-09", 700, None), ("2019-10", 701, 7000)]


@pytest.mark.parametrize("december", [False, True])
def test_a_year_so_far_whose_last_month_has_no_column_is_told(december: bool, tmp_path: Path, read: Read) -> None:
    rows: Rows = [
        ["单位：箱、万元"],
        ["单位", "指标", "9月", "10月", "1-12月", *(["12月"] if december else [])],
        ["城区", "销量", 700, 701, 8000],
        ["城区", "销售额", 2000, 2001, 23000],
    ]
    write_xlsx(write_bureau(tmp_path) / "2019年卷烟销售情况.xlsx", {"销售": rows})
    reading = read(tmp_path)
    told = [("unused_cells", "E3")]
    assert [(issue.code, issue.cell) for issue in reading.issues] == ([] if december else told)
    found = rows_of(reading, "sales_by_group_month", "month", "volume_xiang", "ytd_volume_xiang")
    assert found == [("2019-09", 700, None), ("2019-10", 701, None)]


def test_a_month_and_its_metric_may_stand_in_one_header(tmp_path: Path, read: Read) -> None:
    rows: Rows = [
        ["单位", "9月销量(箱)", "9月销售额(万元)", "10月销量(箱)", "10月销售额(万元)", "1-10月销量(箱)"],
        ["城区", 700, 2000, 701, 2001, 7000],
    ]
    write_xlsx(write_bureau(tmp_path) / "2019年卷烟销售情况.xlsx", {"销售": rows})
    reading = read(tmp_path)
    assert_clean(reading)
    found = rows_of(reading, "sales_by_group_month", "month", "volume_xiang", "revenue_yuan", "ytd_volume_xiang")
    assert found == [("2019-09", 700, 20_000_000, None), ("2019-10", 701, 20_010_000, 7000)]


def test_rows_of_numbers_without_a_group_are_told_also_at_the_end(tmp_path: Path, read: Read) -> None:
    rows: Rows = [
        ["单位", "项目", "9月", "10月"],
        ["专卖股", "市场检查", 376, 300],
        [None, "寄递检查", 48, 40],
        ["驮卢所", "市场检查", 199, 200],
        [None, "违规户", 2, 1],
        ["城区", "市场检查", 20, 21],
        ["制表人：", None, "审核人："],
    ]
    write_xlsx(write_bureau(tmp_path) / "2019年专卖检查月报.xlsx", {"检查": rows})
    reading = read(tmp_path)
    assert [(issue.code, issue.seen) for issue in reading.issues] == [
        ("unused_cells", "B3:D3, B5:D5"),
        ("part_lacking", "市场与寄递检查"),
    ]


def test_another_month_than_the_files_is_shown_at_its_cell(tmp_path: Path, read: Read) -> None:
    rows: Rows = [
        ["单位", "10月", None, "9月", None],
        [None, "销量(箱)", "销售额(万元)", "销量(箱)", "销售额(万元)"],
        ["城区", 700, 2000, 690, 1990],
    ]
    write_xlsx(write_bureau(tmp_path) / "2019年10月卷烟销售月报.xlsx", {"销售": rows}, {"销售": ("B1:C1", "D1:E1")})
    reading = read(tmp_path)
    assert [(issue.code, issue.cell, issue.seen) for issue in reading.issues] == [("outside_period", "D1", "9月")]
