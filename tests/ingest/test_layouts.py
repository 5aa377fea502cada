"""The nine workbooks of the domain description, each with the table that must come out of it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from pipeline.ingest.bureau import Reading
from tests.hand_made import Rows, Value, write_bureau, write_xlsx

Read = Callable[[Path], Reading]
LINEAGE = ["source_file", "source_sheet", "source_row"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_bureau(tmp_path)


def rows_of(reading: Reading, table: str, *columns: str) -> list[tuple[object, ...]]:
    """Return the rows of a table as plain values: periods and days as text, missing values as None."""
    found = []
    for row in reading.tables[table][list(columns)].itertuples(index=False):
        found.append(tuple(None if pd.isna(value) else _plain(value) for value in row))
    return found


def _plain(value: object) -> object:
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return str(value) if isinstance(value, pd.Period) else value


def assert_clean(reading: Reading) -> None:
    assert [issue.message for issue in reading.issues] == []
    assert all(sheet.balances() for file in reading.files for sheet in file.sheets)
    assert not [sheet for file in reading.files for sheet in file.sheets if sheet.unrecognised or sheet.rejected]


def test_1_roster(folder: Path, read: Read) -> None:
    reading = read(folder)
    assert_clean(reading)
    columns = ("member", "party_group", "party_role", "joined_on", "left_on", "note", "source_row")
    assert rows_of(reading, "memberships", *columns) == [
        ("张三", "营销管理", "组长", "2018-11-01", None, None, 4),
        ("李四", "营销管理", None, "2018-11-01", None, "借调", 5),
        ("王五", "专卖综合", "组长", "2018-11-01", None, None, 6),
        ("阿卜杜·某", "驮卢片区", "组长", "2018-11-01", None, None, 7),
        ("赵六", "营销管理", None, "2018-11-01", "2019-02-01", "转入驮卢片区", 8),
        ("赵六", "驮卢片区", None, "2019-02-01", None, None, 9),
    ]
    roster = next(file for file in reading.files if file.kind == "roster").sheets[0]
    assert (roster.title, roster.header, roster.used, roster.note) == (2, 1, 6, 1)


def test_2_activities(folder: Path, read: Read) -> None:
    header: list[Value] = ["序号", "日期", "党小组", "活动类型", "主题", "应到", "实到", "请假人员", "议题", "图片"]
    sheets: dict[str, Rows] = {
        "1月": [
            ["2019年1月活动台账"],
            header,
            [1, "1.8", "专卖综合", "党小组会", "无证户整治", "５", 4, "王五(公假)", "无证户", "有"],
            [2, 1.15, "驮卢片区党小组", "党小组会", "新品上柜", 5, 5, "无", "—", "无"],
        ],
        "2月": [header, [1, "2月3日", "营销组", "主题党日", "志愿服务", 6, 5, "李四（事假）", None, "√"]],
    }
    write_xlsx(folder / "2019年活动台账.xlsx", sheets)
    reading = read(folder)
    assert_clean(reading)
    columns = ("held_on", "party_group", "activity_type", "expected", "present", "excused_count", "topic", "has_record")
    assert rows_of(reading, "activities", *columns) == [
        ("2019-01-08", "专卖综合", "党小组会", 5, 4, 1, "无证户", True),
        ("2019-01-15", "驮卢片区", "党小组会", 5, 5, 0, None, False),
        ("2019-02-03", "营销管理", "主题党日", 6, 5, 0, None, True),
    ]
    assert rows_of(reading, "coverage", "kind", "month", "party_group") == [
        ("activities", "2019-01", ""),
        ("activities", "2019-02", ""),
    ]


def test_3_monthly_points(folder: Path, read: Read) -> None:
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
    write_xlsx(folder / "2019年1月积分表.xlsx", {"营销管理": rows}, {"营销管理": merges})
    reading = read(folder)
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


def test_4_mutual_review(folder: Path, read: Read) -> None:
    rows: Rows = [
        ["2019年三会一课互评表"],
        ["评价小组＼被评小组", "营销管理", "专卖综合", "驮卢片区"],
        ["营销管理", "/", 92, 95],
        ["专卖综合", 93, "/", 93],
        ["驮卢片区", 94, 90, "/"],
        ["平均", 93.5, 91, 94],
    ]
    write_xlsx(folder / "三会一课互评表(一季度).xlsx", {"互评": rows})
    reading = read(folder)
    assert_clean(reading)
    assert rows_of(reading, "mutual_reviews", "quarter", "rater_group", "rated_group", "score", "source_row") == [
        ("2019Q1", "营销管理", "营销管理", None, 3),
        ("2019Q1", "营销管理", "专卖综合", 92, 3),
        ("2019Q1", "营销管理", "驮卢片区", 95, 3),
        ("2019Q1", "专卖综合", "营销管理", 93, 4),
        ("2019Q1", "专卖综合", "专卖综合", None, 4),
        ("2019Q1", "专卖综合", "驮卢片区", 93, 4),
        ("2019Q1", "驮卢片区", "营销管理", 94, 5),
        ("2019Q1", "驮卢片区", "专卖综合", 90, 5),
        ("2019Q1", "驮卢片区", "驮卢片区", None, 5),
    ]
    assert rows_of(reading, "printed_totals", "label", "printed", "computed") == [
        ("平均", 93.5, 93.5),
        ("平均", 91, 91),
        ("平均", 94, 94),
    ]


def test_5_quiz_in_gbk(folder: Path, read: Read) -> None:
    lines = [
        "姓名,手机号,得分,用时,提交时间",
        "张三,138****,９５,3分20秒,2019/1/15 20:11",
        "张 三,138****,80,65秒,2019/1/15 20:30",
    ]
    lines.append("赵六,139****,88,2:05,2019-02-15")
    (folder / "答题成绩_20190115.csv").write_bytes("\r\n".join(lines).encode("gbk"))
    reading = read(folder)
    assert_clean(reading)
    columns = ("session_on", "member", "score", "duration_s", "submitted_on", "party_group")
    assert rows_of(reading, "quiz_results", *columns) == [
        ("2019-01-15", "张三", 95, 200, "2019-01-15", "营销管理"),
        ("2019-01-15", "张三", 80, 65, "2019-01-15", "营销管理"),
        ("2019-01-15", "赵六", 88, 125, "2019-02-15", "营销管理"),
    ]
    assert "138" not in reading.tables["quiz_results"].to_csv()


def test_6_sales(folder: Path, read: Read) -> None:
    rows: Rows = [
        ["单位：箱、元", None, None, "2019年3月"],
        ["单位", "本月", None, None, None, None, "累计", None, None, None, "一类烟"],
        [None, "销量", "同期", "同比%", "完成率", "销售额", "销量", "同期", "同比%", "单箱", None],
        ["合计", 1000.5, 950.2, "5.29%", "100.1%", 28_000_000, 3001.5, 2900, "3.50%", 27500, 240],
        ["城区", 720.4, 698.2, "3.18%", "101.2%", "20,500,000", 2100.5, 2000, "5.03%", 28500, 190],
        ["驮卢", 280.1, 252, "11.15%", "97.5%", 7_500_000, 901, 900, "0.11%", 25000, 50],
    ]
    merges = ("A2:A3", "B2:F2", "G2:J2", "K2:K3")
    write_xlsx(folder / "2019年1-3月卷烟销售月报.xlsx", {"3月": rows}, {"3月": merges})
    reading = read(folder)
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


def test_7_cases(folder: Path, read: Read) -> None:
    header: list[Value] = [
        "立案号",
        "立案日期",
        "案由",
        "查获地点",
        "办案部门",
        "真烟(条)",
        "假烟(条)",
        "走私(条)",
        "合计(万支)",
    ]
    header += ["案值(元)", "是否寄递", "处理结果", "结案日期", "移送"]
    number = "×烟立[2019]第5号"
    cells: list[Value] = [
        number,
        "2019-01-09",
        "无证运输",
        "某路",
        "驮卢所",
        0,
        12.3,
        "/",
        0.246,
        "2,150",
        "否",
        "罚款",
        None,
        None,
    ]
    other: list[Value] = [
        "×烟立[2019]第6号",
        date(2019, 2, 1),
        "无证经营",
        "某街",
        "专卖股",
        31.3,
        "—",
        "—",
        0.626,
        4000,
        "是",
    ]
    write_xlsx(folder / "专卖案件台账.xlsx", {"案件": [["专卖案件台账"], header, cells, [*other, "罚款", 20190301]]})
    reading = read(folder)
    assert_clean(reading)
    columns = ("case_no", "filed_on", "party_group", "genuine_tiao", "counterfeit_tiao", "smuggled_tiao")
    assert rows_of(reading, "cases", *columns, "total_wansticks", "case_value_yuan", "is_courier", "closed_on") == [
        (number, "2019-01-09", "驮卢片区", 0, 12.3, None, 0.246, 2150, False, None),
        ("×烟立[2019]第6号", "2019-02-01", "专卖综合", 31.3, None, None, 0.626, 4000, True, "2019-03-01"),
    ]


def test_8_unlicensed_shops(folder: Path, read: Read) -> None:
    header: list[Value] = [
        "序号",
        "乡镇",
        "经营者",
        "发现日期",
        "来源",
        "措施(办证/劝退/取缔)",
        "责任人",
        "办结日期",
        "备注",
    ]
    rows: Rows = [
        ["无证户整治台账", None, None, "2019年"],
        header,
        [1, "某镇", "甲", "1.8", "排查", "劝退", "王 五", "2.3", None],
        [2, "某乡", "乙", "2019-03-02", "举报", "办证", "赵六", "—", "—"],
        [3],
    ]
    write_xlsx(folder / "无证户整治台账.xlsx", {"台账": rows})
    reading = read(folder)
    assert_clean(reading)
    assert rows_of(reading, "unlicensed_shops", "township", "found_on", "owner", "closed_on", "party_group") == [
        ("某镇", "2019-01-08", "王五", "2019-02-03", "专卖综合"),
        ("某乡", "2019-03-02", "赵六", None, "驮卢片区"),
    ]
    assert list(reading.tables["unlicensed_shops"].columns)[-4:] == [*LINEAGE, "party_group"]


def test_9_opinions(folder: Path, read: Read) -> None:
    header: list[Value] = [
        "编号",
        "收集日期",
        "收集人",
        "党小组",
        "来源",
        "类别",
        "内容",
        "承办",
        "期限",
        "办结日期",
        "满意度",
    ]
    rows: Rows = [
        header,
        ["001", "2019.1.5", "张三", "营销管理", "走访", "货源", "希望增加", "李四", "2019.2.5", "2019.1.20", "满意"],
        ["002", "2019.1.9", "张三", None, "走访", "配送", "太晚", "李四", "2019.2.9", "无", None],
    ]
    write_xlsx(folder / "群众意见台账.xlsx", {"意见": rows}, {"意见": ("D2:D3",)})
    reading = read(folder)
    assert_clean(reading)
    assert rows_of(reading, "opinions", "opinion_no", "party_group", "due_on", "closed_on", "satisfaction") == [
        ("001", "营销管理", "2019-02-05", "2019-01-20", "满意"),
        ("002", "营销管理", "2019-02-09", None, None),
    ]
