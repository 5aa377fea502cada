"""The sales report, kept in four ways and more: the same sales come out of each."""

from pathlib import Path

import pytest

from tests.golden import Read, Write, assert_clean, csv_in, rows_of, xls, xlsx
from tests.hand_made import Rows, Value, write_bureau, write_xlsx

COLUMNS = ("month", "party_group", "volume_xiang", "revenue_yuan")
GOLDEN = [
    ("2019-01", "营销管理", 720.4, 20_500_000),
    ("2019-01", "驮卢片区", 280.2, 7_500_000),
    ("2019-02", "营销管理", 500.5, 14_000_000),
    ("2019-02", "驮卢片区", 200.5, 5_600_000),
]
HEADER: list[Value] = ["单位", "销量", "上年同期", "销售额"]
VARIANTS: dict[str, Write] = {
    "a sheet a month with repeated headers, the total on top with a blank rank, in an old workbook": xls(
        "2019年销售统计表.xls",
        {
            "1月份": [
                ["单位：箱、万元"],
                ["片区", "本期", None, None, None, "销售额"],
                [None, "销量", "排名", "同期", "排名"],
                ["合计", 1000.6, None, 968.2, None, 2800],
                ["城区", 720.4, 1, 698.2, 1, 2050],
                ["驮卢", 280.2, 2, 270, 2, 750],
            ],
            "2月份": [
                ["单位：箱、万元"],
                ["片区", "本期", None, None, None, "销售额"],
                [None, "销量", "排名", "同期", "排名"],
                ["城区", 500.5, 1, 480, 1, 1400],
                ["驮卢", 200.5, 2, 190, 2, 560],
            ],
        },
    ),
    "the months as blocks, side by side": xlsx(
        "2019年销售情况.xlsx",
        {
            "销售": [
                ["2019年销售情况（单位：箱、元）"],
                ["1月", None, None, None, None, "2月"],
                [*HEADER, None, *HEADER],
                ["城区", 720.4, 698, 20_500_000, None, "城区", 500.5, 480, 14_000_000],
                ["驮卢", 280.2, 270, 7_500_000, None, "驮卢", 200.5, 190, 5_600_000],
                ["合计", 1000.6, 968, 28_000_000, None, "合计", 701, 670, 19_600_000],
            ]
        },
    ),
    "the months across, volume and revenue under each": xlsx(
        "2019年销售报表.xlsx",
        {
            "销售": [
                ["单位：箱、元"],
                ["营销部", "1月", None, "2月", None],
                [None, "销量", "销售额", "销量", "销售额"],
                ["城区", 720.4, 20_500_000, 500.5, 14_000_000],
                ["驮卢", 280.2, 7_500_000, 200.5, 5_600_000],
                ["合计", 1000.6, 28_000_000, 701, 19_600_000],
            ]
        },
        {"销售": ("A2:A3", "B2:C2", "D2:E2")},
    ),
    "a month column, other units in the header, in a GBK text file": csv_in(
        "gb18030",
        "卷烟销售数据.csv",
        [
            ["月份", "部门", "卷烟销量（条）", "销售金额（万元）", "联系人"],
            ["2019年1月", "城区", "180,100", 2050, "甲"],
            ["2019年1月", "驮卢", "70,050", 750, "甲"],
            ["2019年2月", "城区", "125,125", 1400, "甲"],
            ["2019年2月", "驮卢", "50,125", 560, "甲"],
        ],
    ),
}


def test_as_the_domain_description_shows_it(tmp_path: Path, read: Read) -> None:
    rows: Rows = [
        ["单位：箱、元", None, None, "2019年3月"],
        ["单位", "本月", None, None, None, None, "累计", None, None, None, "一类烟"],
        [None, "销量", "同期", "同比%", "完成率", "销售额", "销量", "同期", "同比%", "单箱", None],
        ["合计", 1000.5, 950.2, "5.29%", "100.1%", 28_000_000, 3001.5, 2900, "3.50%", 27500, 240],
        ["城区", 720.4, 698.2, "3.18%", "101.2%", "20,500,000", 2100.5, 2000, "5.03%", 28500, 190],
        ["驮卢", 280.1, 252, "11.15%", "97.5%", 7_500_000, 901, 900, "0.11%", 25000, 50],
    ]
    merges = ("A2:A3", "B2:F2", "G2:J2", "K2:K3")
    write_xlsx(write_bureau(tmp_path) / "2019年1-3月卷烟销售月报.xlsx", {"3月": rows}, {"3月": merges})
    reading = read(tmp_path)
    assert_clean(reading)
    columns = ("month", "party_group", "volume_xiang", "yoy_pct", "plan_rate_pct", "revenue_yuan", "ytd_volume_xiang")
    assert rows_of(reading, "sales_by_group_month", *columns, "ytd_revenue_per_case_yuan", "class1_volume_xiang") == [
        ("2019-03", "营销管理", 720.4, 3.18, 101.2, 20_500_000, 2100.5, 28500, 190),
        ("2019-03", "驮卢片区", 280.1, 11.15, 97.5, 7_500_000, 901, 25000, 50),
    ]
    totals = reading.tables["printed_totals"]
    assert set(totals["column"]) == {
        "volume_xiang",
        "volume_last_year_xiang",
        "revenue_yuan",
        "ytd_volume_xiang",
        "ytd_volume_last_year_xiang",
        "class1_volume_xiang",
    }


@pytest.mark.parametrize("name", VARIANTS)
def test_kept_in_another_way(name: str, tmp_path: Path, read: Read) -> None:
    folder = write_bureau(tmp_path)
    VARIANTS[name](folder)
    reading = read(folder)
    assert_clean(reading)
    assert rows_of(reading, "sales_by_group_month", *COLUMNS) == GOLDEN


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("2019年3月", [["单位", "累计销量(箱)", "累计销售额(元)"], ["城区", 300, 8_000_000]]),
        ("2019年3月", [["单位", "1-3月销量(箱)", "1-3月销售额(元)"], ["城区", 300, 8_000_000]]),
        (
            "2019年3月",
            [["单位", "累计", None, None], [None, "销量(箱)", "同期", "销售额(元)"], ["城区", 300, 290, 8_000_000]],
        ),
        ("2019年1-3月", [["单位", "销量(箱)", "销售额(元)"], ["城区", 300, 8_000_000]]),
    ],
)
def test_sums_so_far_alone_are_told_and_are_no_month(name: str, rows: Rows, tmp_path: Path, read: Read) -> None:
    write_xlsx(write_bureau(tmp_path) / f"{name}卷烟销售月报.xlsx", {"甲": rows})
    reading = read(tmp_path)
    assert [issue.code for issue in reading.issues] == ["only_to_date"]
    assert reading.tables["sales_by_group_month"].empty


def test_a_report_of_volumes_as_the_form_shows_it_is_read(tmp_path: Path, read: Read) -> None:
    """`domain.md` section 5, workbook 6: no sales value of the month."""
    rows: Rows = [
        ["单位：箱、元", *[None] * 7, "2019年3月"],
        ["单位", "本月", None, None, None, "累计", None, None, None, "一类烟"],
        [None, "销量", "同期", "同比%", "完成率", "销量", "同期", "同比%", "单箱", None],
        ["合计", 1000.6, 968.2, "3.35%", "101%", 3001.8, 2904.6, "3.35%", 29_000, 100],
        ["城区", 720.4, 698.2, "3.18%", "101.2%", 2161.2, 2094.6, "3.18%", 29_000, 80],
        ["驮卢", 280.2, 270, "3.78%", "100.5%", 840.6, 810, "3.78%", 29_000, 20],
    ]
    write_xlsx(write_bureau(tmp_path) / "2019年1-3月卷烟销售月报.xlsx", {"甲": rows})
    reading = read(tmp_path)
    assert_clean(reading)
    assert rows_of(reading, "sales_by_group_month", *COLUMNS) == [
        ("2019-03", "营销管理", 720.4, None),
        ("2019-03", "驮卢片区", 280.2, None),
    ]


def test_sales_values_that_other_reports_or_other_rows_state_are_missed(tmp_path: Path, read: Read) -> None:
    bureau, header = write_bureau(tmp_path), ["单位", "销量(箱)", "销售收入(元)"]
    whole: Rows = [header, ["城区", 720.4, 20_500_000], ["驮卢", 280.2, None]]
    write_xlsx(bureau / "2019年1月卷烟销售月报.xlsx", {"甲": whole})
    write_xlsx(bureau / "2019年2月卷烟销售月报.xlsx", {"甲": [row[:2] for row in whole]})
    reading = read(tmp_path)
    told = [(issue.code, issue.cell) for issue in reading.issues if issue.code != "never_handed_in"]
    assert told == [("lone_amount", "C3"), ("lacking_column", None)]
    assert [volume for _, _, volume, _ in rows_of(reading, "sales_by_group_month", *COLUMNS)] == [720.4, 280.2] * 2
