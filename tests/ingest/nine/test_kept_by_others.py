"""Workbooks as other offices keep them, each with the rows that a careful person reads out of it."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.golden import Read, Write, rows_of, xls, xlsx
from tests.hand_made import ALIASES, Rows, Value, write_bureau, write_xlsx

SALES = ("month", "party_group", "volume_xiang", "revenue_yuan")
FILE = "2019年3月销售情况.xlsx"
TITLE: Rows = [["卷烟销售情况（单位：箱、元）"]]
TWO_LEVELS = ("A2:A3", "B2:C2", "D2:E2")
LOWER: list[Value] = [None, "销量", "销售额", "销量", "销售额"]


@dataclass(frozen=True)
class Kept:
    """A workbook, the columns that are looked at, their rows, and the issues (code, cell)."""

    write: Write
    table: str
    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]
    issues: tuple[tuple[str, str | None], ...] = ()


def sales(
    rows: Rows,
    expected: list[tuple[object, ...]],
    issues: tuple[tuple[str, str | None], ...] = (),
    merges: tuple[str, ...] = (),
) -> Kept:
    return Kept(xlsx(FILE, {"S": rows}, {"S": merges}), "sales_by_group_month", SALES, expected, issues)


MARCH: list[tuple[object, ...]] = [("2019-03", "营销管理", 400, 11_000_000)]
VISITS: list[Value] = ["日期", "党员", "地点", "事项"]
ACTIVITIES: list[Value] = ["日期", "党小组", "活动类型", "主题", "应到", "实到"]
POINTS: list[Value] = ["序号", "姓名", "会议", "学习", "合计", "名次"]
KEPT: dict[str, Kept] = {
    "months so far over the volume": sales(
        [*TITLE, ["单位", "1-3月"], LOWER[:3], ["城区", 1200, 34_500_000]],
        [],
        (("only_to_date", "B3"),),
        ("A2:A3", "B2:C2"),
    ),
    "a plan over the volume": sales(
        [*TITLE, ["单位", "计划"], LOWER[:3], ["城区", 500, 12_000_000]],
        [],
        (("unrecognised_sheet", None),),
        ("A2:A3", "B2:C2"),
    ),
    "the year before over the volume": sales(
        [*TITLE, ["单位", "去年同期"], LOWER[:3], ["城区", 500, 12_000_000]],
        [],
        (("unrecognised_sheet", None),),
        ("A2:A3", "B2:C2"),
    ),
    "this month beside the months so far, in words of their own": sales(
        [*TITLE, ["单位", "当月销售", None, "1至3月累计销售"], LOWER, ["城区", 400, 11_000_000, 1200, 34_500_000]],
        MARCH,
        (("other_span", "D3"),),
        TWO_LEVELS,
    ),
    "a title of several months in the file of one": sales(
        [["2019年1-3月卷烟销售情况（单位：箱、元）"], ["单位", "销量", "销售额"], ["城区", 1200, 34_500_000]],
        [],
        (("context_conflict", None),),
    ),
    "units in a row of their own below the header": sales(
        [["卷烟销售情况"], ["单位", "销量", "销售额"], [None, "条", "万元"], ["城区", 100_000, 1100]], MARCH
    ),
    "units behind the numbers": sales(
        [["卷烟销售情况"], ["单位名称", "销量", "销售额"], ["城区", "400 箱", "1,100万元"]], MARCH
    ),
    "units in a sentence above": sales(
        [["说明：销量单位为箱，金额单位为万元。"], ["单位", "销量", "销售额"], ["城区", 400, 1100]], MARCH
    ),
    "a unit that nobody converts, in spite of the title": sales(
        [*TITLE, ["单位", "销量（大箱）", "销售额"], ["城区", 400, 11_000_000]], [], (("unit_missing", "B2"),)
    ),
    "money per cigarettes where a sum should be": sales(
        [*TITLE, ["单位", "销量", "销售额（元/箱）"], ["城区", 400, 28_000]], [], (("unit_missing", "C2"),)
    ),
    "comparisons below the total": sales(
        [
            *TITLE,
            ["单位", "销量", "销售额"],
            ["城区", 400, 11_000_000],
            ["县局合计", 400, 11_000_000],
            ["去年同期", 380, 10_000_000],
            ["增减额", 20, 1_000_000],
            ["增减%", "5.3%", "10%"],
        ],
        MARCH,
    ),
    "a header with units on every page": sales(
        [
            ["2019年3月销售情况"],
            ["单位", "本月", None],
            [None, "销量", "销售额"],
            [None, "（箱）", "（万元）"],
            ["城区", 400, 1100],
            ["2019年3月销售情况"],
            ["单位", "本月", None],
            [None, "销量", "销售额"],
            [None, "（箱）", "（万元）"],
            ["驮卢", 200, 500],
            ["合计", 600, 1600],
        ],
        [*MARCH, ("2019-03", "驮卢片区", 200, 5_000_000)],
        (),
        ("A1:C1", "A2:A4", "B2:C2", "A6:C6", "A7:A9", "B7:C7"),
    ),
    "a group twice with the months across": Kept(
        xlsx(
            "2019年销售报表.xlsx",
            {
                "S": [
                    *TITLE,
                    ["单位", "1月", None, "2月"],
                    LOWER,
                    ["城区", 700, 20_000_000, 500, 14_000_000],
                    ["城区", 20, 500_000, 10, 300_000],
                ]
            },
            {"S": TWO_LEVELS},
        ),
        "sales_by_group_month",
        SALES,
        [("2019-01", "营销管理", 700, 20_000_000), ("2019-02", "营销管理", 500, 14_000_000)],
        (("duplicate_key", "A5"), ("duplicate_key", "A5")),
    ),
    "a sheet of sums before the sheet of the month": Kept(
        xlsx(
            "2019年2月销售情况.xlsx",
            {
                "累计汇总": [*TITLE, ["单位", "销量", "销售额"], ["城区", 1200, 34_500_000]],
                "2月": [*TITLE, ["单位", "销量", "销售额"], ["城区", 500, 14_000_000]],
            },
        ),
        "sales_by_group_month",
        SALES,
        [("2019-02", "营销管理", 500, 14_000_000)],
        (("duplicate_key", "A3"),),
    ),
    "changes told in words": Kept(
        xlsx(
            FILE,
            {
                "S": [
                    *TITLE,
                    ["单位", "销量", "同比", "销售额"],
                    ["城区", 400, "增长3.18%", 11_000_000],
                    ["驮卢", 200, "(1.15%)", 5_000_000],
                ]
            },
        ),
        "sales_by_group_month",
        ("party_group", "yoy_pct"),
        [("营销管理", 3.18), ("驮卢片区", -1.15)],
    ),
    "a change in points or in cigarettes": Kept(
        xlsx(FILE, {"S": [*TITLE, ["单位", "销量", "同比（百分点）", "销售额"], ["城区", 400, 3.18, 11_000_000]]}),
        "sales_by_group_month",
        ("party_group", "yoy_pct"),
        [("营销管理", None)],
        (("wrong_unit", "C2"),),
    ),
    "a summary that repeats the months": Kept(
        xlsx(
            "2019年一线台账.xlsx",
            {
                "汇总": [VISITS, *(["2019-01-08", who, "某路", "走访"] for who in ("张三", "李四", "王五"))],
                "上": [VISITS, *(["2019-01-08", who, "某路", "走访"] for who in ("张三", "李四"))],
                "下": [VISITS, ["2019-01-08", "王五", "某路", "走访"]],
            },
        ),
        "frontline_visits",
        ("visited_on", "member"),
        [("2019-01-08", "张三"), ("2019-01-08", "李四"), ("2019-01-08", "王五")],
        (("copied_sheet", None),),
    ),
    "carried forward from page to page": Kept(
        xlsx(
            "2019年1月积分表.xlsx",
            {
                "营销管理": [
                    POINTS,
                    [1, "张三同志", "12 分", 4, 16, "第1名"],
                    ["过次页", None, 12, 4, 16],
                    ["承前页", None, 12, 4, 16],
                    [2, "李四（女）", 10, 3, 13, 2],
                    ["本页合计", None, 10, 3, 13],
                    ["累计", None, 22, 7, 29],
                    ["（以下空白）"],
                ]
            },
        ),
        "printed_points",
        ("member", "meeting_points", "study_points", "total_points", "standing"),
        [("张三", 12, 4, 16, 1), ("李四", 10, 3, 13, 2)],
    ),
    "the same word under several headers": Kept(
        xls(
            "2019年1月积分表.xls",
            {
                "营销管理": [
                    ["姓名", "会议", None, "学习", None, "总分"],
                    [None, "次数", "得分", "次数", "得分"],
                    ["张三", 2, 12, 1, 4, 16],
                ]
            },
        ),
        "printed_points",
        ("member", "meeting_points", "study_points", "total_points"),
        [("张三", 12, 4, 16)],
    ),
    "a breakdown by something else, and signatures under the columns": Kept(
        xlsx(
            "2019年活动台账.xlsx",
            {
                "S": [
                    ACTIVITIES,
                    ["1.8", "专卖综合", "党小组会", "整治", 5, 4],
                    ["其中：女党员", None, None, None, 2, 2],
                    [None, None, None, "制表：张三"],
                    ["填报时间：2019年2月1日"],
                ]
            },
        ),
        "activities",
        ("held_on", "expected"),
        [("2019-01-08", 5)],
    ),
    "sessions told by days without a year": Kept(
        xlsx(
            "2019年答题成绩.xlsx",
            {
                "第1期（1月15日）": [["姓名", "得分"], ["张三", 95]],
                "第2期（2月15日）": [["姓名", "得分"], ["张三", 90]],
            },
        ),
        "quiz_results",
        ("session_on", "score"),
        [("2019-01-15", 95), ("2019-02-15", 90)],
    ),
    "marks for no score, and ranks below": Kept(
        xlsx(
            "2019年一季度互评表.xlsx",
            {
                "互评": [
                    ["评价小组＼被评小组", "营销管理", "专卖综合"],
                    ["营销管理", "×", 92],
                    ["专卖综合", 93, "——"],
                    ["平均得分", 93, 92],
                    ["名次", 1, 2],
                ]
            },
        ),
        "mutual_reviews",
        ("rater_group", "rated_group", "score"),
        [
            ("营销管理", "营销管理", None),
            ("营销管理", "专卖综合", 92),
            ("专卖综合", "营销管理", 93),
            ("专卖综合", "专卖综合", None),
        ],
    ),
}


@pytest.mark.parametrize("name", KEPT)
def test_what_a_careful_person_reads(name: str, tmp_path: Path, read: Read) -> None:
    kept = KEPT[name]
    kept.write(write_bureau(tmp_path))
    reading = read(tmp_path)
    assert rows_of(reading, kept.table, *kept.columns) == kept.rows
    assert tuple((issue.code, issue.cell) for issue in reading.issues) == kept.issues
    assert all(sheet.balances() for file in reading.files for sheet in file.sheets)


def test_a_roster_holds_one_person_a_row(tmp_path: Path, read: Read) -> None:
    write_xlsx(tmp_path / "名称对照.xlsx", {"对照": ALIASES})
    rows: Rows = [
        ["党小组", "姓名", "入组时间"],
        ["营销管理", "张三、李四", "2018.11"],
        ["营销管理", "王五 赵六", "2018.11"],
        ["营销管理", "欧阳 娜娜", "2018.11"],
        ["〃", "张 三同志", "同上"],
    ]
    write_xlsx(tmp_path / "党员名册.xlsx", {"S": rows})
    reading = read(tmp_path)
    assert [(issue.code, issue.cell) for issue in reading.issues] == [
        ("several_members", "B2"),
        ("several_members", "B3"),
    ]
    assert rows_of(reading, "memberships", "party_group", "member", "joined_on") == [
        ("营销管理", "欧阳娜娜", "2018-11-01"),
        ("营销管理", "张三", "2018-11-01"),
    ]
