"""Monthly points, kept in four ways and more: the same points come out of each."""

from pathlib import Path

import pytest

from tests.golden import Read, Write, assert_clean, rows_of, xls, xlsx
from tests.hand_made import Rows, Value, write_bureau, write_xlsx

COLUMNS = ("month", "party_group", "member", "meeting_points", "guidance_points", "revenue_points", "total_points")
GOLDEN = [
    ("2019-01", "营销管理", "张三", 12, 5, 16, 70),
    ("2019-01", "专卖综合", "王五", 10, 4, 15, 66),
]
UPPER: list[Value] = ["落实决议", None, None, "特色活动", None, "工作业绩", None, "加减分", "合计"]
LOWER: list[Value] = ["会议", "学习", "决议", "活动", "帮扶", "销量", "单箱"]
ZHANG: list[Value] = [12, 4, 8, 5, 5, 20, 16, 0, 70]
WANG: list[Value] = [10, 4, 8, 5, 4, 20, 15, 0, 66]
PARTS_REVERSED: list[Value] = ["加扣分", "单箱（分）", "销量", "帮扶（分）", "活动", "决议¹", "学习（分）", "会 议*"]
MERGED = ("A{0}:C{0}", "D{0}:E{0}", "F{0}:G{0}", "H{0}:H{1}", "I{0}:I{1}")


def merges_at(row: int) -> tuple[str, ...]:
    return tuple(text.format(row, row + 1) for text in MERGED)


VARIANTS: dict[str, Write] = {
    "a form for each member": xlsx(
        "2019年积分表.xlsx",
        {
            "张三": [
                ["党员月积分表"],
                ["姓名：张 三", None, "党小组：营销管理", None, "考核月份：2019年1月"],
                UPPER,
                LOWER,
                ZHANG,
            ],
            "王五": [
                ["党员月积分表"],
                ["姓名", "王五", None, "党小组", "专卖股", None, "考核月份", "1月"],
                UPPER,
                LOWER,
                WANG,
            ],
        },
        {"张三": merges_at(3), "王五": merges_at(3)},
    ),
    "a block for each group, the month in the title": xlsx(
        "积分表.xlsx",
        {
            "Sheet1": [
                ["2019年1月党员积分表"],
                ["营销管理党小组"],
                [
                    "姓名",
                    "会议得分",
                    "学习得分",
                    "决议得分",
                    "活动得分",
                    "帮扶得分",
                    "销量得分",
                    "单箱得分",
                    "加减分",
                    "总分",
                ],
                ["张三", *ZHANG],
                ["小组平均", *ZHANG],
                ["专卖综合党小组"],
                [
                    "姓名",
                    "会议得分",
                    "学习得分",
                    "决议得分",
                    "活动得分",
                    "帮扶得分",
                    "销量得分",
                    "单箱得分",
                    "加减分",
                    "总分",
                ],
                ["王五", *WANG],
                ["小组平均", *WANG],
            ]
        },
    ),
    "an old workbook with the group as a column and no merged cells": xls(
        "2019年1月积分表.xls",
        {
            "全部": [
                ["党小组", "姓名", *UPPER, "排名"],
                [None, None, *LOWER],
                ["营销管理", "张三", *ZHANG, 1],
                ["专卖综合", "王五", *WANG, 2],
                ["平均", None, 11, 4, 8, 5, 4.5, 20, 15.5, 0, 68],
            ]
        },
    ),
    "a sheet a month, columns in another order, totals on top": xlsx(
        "2019年度积分表.xlsx",
        {
            "一月": [
                ["所在党小组", "党员姓名", "名次", "总积分", *PARTS_REVERSED],
                ["总计", None, None, 136, 0, 31, 40, 9, 10, 16, 8, 22],
                ["营销管理", "张三", 1, 70, *ZHANG[7::-1]],
                ["专卖综合", "王五", 2, 66, *WANG[7::-1]],
            ]
        },
    ),
}


def test_as_the_domain_description_shows_it(tmp_path: Path, read: Read) -> None:
    upper = [
        "序号",
        "姓名",
        "落实决议(30)",
        None,
        None,
        "特色活动(30)",
        None,
        "工作业绩(40)",
        None,
        "加减分",
        "合计",
        "名次",
    ]
    lower = [None, None, "会议", "学习", "决议", "活动", "帮扶", "销量", "单箱"]
    rows: Rows = [
        ["营销管理党小组2019年1月积分表"],
        upper,
        lower,
        ["小组平均", None, 11, 3.5, 8, 5, 4.5, 20, 16, 0, 68, None],
        [1, "张 三", 12, 4, 8, 5, 5, 20, 16, 0, 70, 1],
        [2, "李四", 10, 3, 8, 5, 4, 20, 16, 0, 66, 2],
    ]
    merges = ("A1:L1", "A2:A3", "B2:B3", "C2:E2", "F2:G2", "H2:I2", "J2:J3", "K2:K3", "L2:L3", "A4:B4")
    write_xlsx(write_bureau(tmp_path) / "2019年1月积分表.xlsx", {"营销管理": rows}, {"营销管理": merges})
    reading = read(tmp_path)
    assert_clean(reading)
    columns = ("month", "party_group", "member", "meeting_points", "guidance_points", "revenue_points", "total_points")
    assert rows_of(reading, "printed_points", *columns, "standing", "enforcement_points") == [
        ("2019-01", "营销管理", "张三", 12, 5, 16, 70, 1, None),
        ("2019-01", "营销管理", "李四", 10, 4, 16, 66, 2, None),
    ]
    totals = rows_of(reading, "printed_totals", "party_group", "month", "label", "column", "printed", "computed")
    assert len(totals) == 9
    assert totals[-1] == ("营销管理", "2019-01", "小组平均", "total_points", 68, 68)
    assert rows_of(reading, "coverage", "kind", "month", "party_group") == [("monthly_points", "2019-01", "营销管理")]


@pytest.mark.parametrize("name", VARIANTS)
def test_kept_in_another_way(name: str, tmp_path: Path, read: Read) -> None:
    folder = write_bureau(tmp_path)
    VARIANTS[name](folder)
    reading = read(folder)
    assert_clean(reading)
    assert rows_of(reading, "printed_points", *COLUMNS) == GOLDEN
