"""The nine workbooks as `domain.md` section 5 prints them, column by column; each bureau here has such a roster."""

from pathlib import Path

import pytest

from tests.golden import Read, Write, assert_clean, csv_in, rows_of, xls, xlsx
from tests.hand_made import Rows, Value, write_bureau

MEETING: list[Value] = [1, "1.8", "专卖综合", "党小组会", "无证户整治", 5, 4, "王五(公假)", "无证户", "有"]
POINTS: Rows = [
    ["序号", "姓名", "落实决议(30)", None, None, "特色活动(30)", None, "工作业绩(40)", None, "加减分", "合计", "名次"],
    [None, None, "会议", "学习", "决议", "活动", "帮扶", "销量", "单箱", None, None, None],
    [1, "张三", 10, 10, 8, 14, 14, 19, 18, 1, 94, 1],
    ["小组平均", None, 10, 10, 8, 14, 14, 19, 18, 1, 94, None],
]
SALES: Rows = [
    ["单位：箱、元", *[None] * 8, "2019年3月"],
    ["单位", "本月", None, None, None, "累计", None, None, None, "一类烟"],
    [None, "销量", "同期", "同比%", "完成率", "销量", "同期", "同比%", "单箱", None],
    ["合计", 1000.6, 968.2, "3.35%", "101%", 3001.8, 2904.6, "3.35%", 29_000, 100],
    ["城区", 720.4, 698.2, "3.18%", "101.2%", 2161.2, 2094.6, "3.18%", 29_000, 80],
    ["驮卢", 280.2, 270, "3.78%", "100.5%", 840.6, 810, "3.78%", 29_000, 20],
]
CASES: Rows = [
    ["立案号", "立案日期", "案由", "查获地点", "办案部门", "真烟(条)", "假烟(条)", "走私(条)", "合计(万支)", "案值(元)",
     "是否寄递", "处理结果", "结案日期", "移送"],
    ["×烟立[2019]第5号", "2019-01-09", "无证运输", "某路", "驮卢所", 0, 12.3, "/", 0.246, "2,150", "否", "罚款",
     "2019-02-01", "否"],
]  # fmt: skip
SHOPS: Rows = [
    ["序号", "乡镇", "经营者", "发现日期", "来源", "措施(办证/劝退/取缔)", "责任人", "办结日期", "备注"],
    [1, "驮卢", "某店", "2019.1.10", "巡查", "办证", "王五", "2019.2.1", None],
]
OPINIONS: Rows = [
    ["编号", "收集日期", "收集人", "党小组", "来源", "类别", "内容", "承办", "期限", "办结日期", "满意度"],
    ["1", "2019-01-10", "张三", "营销管理", "走访", "供货", "某事", "李四", "2019-01-20", "2019-01-18", "满意"],
]
REVIEWS: Rows = [
    ["评价小组＼被评小组", "营销管理", "专卖综合", "驮卢片区"],
    ["营销管理", "/", 92, 95],
    ["专卖综合", 93, "/", 93],
    ["驮卢片区", 94, 90, "/"],
    ["平均", 93.5, 91, 94],
]
QUIZ: Rows = [
    ["姓名", "手机号", "得分", "用时", "提交时间"],
    ["张三", "13800000000", "９５", "3分20秒", "2019/1/15 20:11"],
]
FORMS: dict[str, tuple[Write, str, list[tuple[object, ...]]]] = {
    "activities": (
        xls("2019年活动台账.xls", {"1月": [["序号", "日期", "党小组", "活动类型", "主题", "应到", "实到", "请假人员",
                                           "议题", "图片"], MEETING]}),
        "activities: held_on party_group expected present excused_count has_record",
        [("2019-01-08", "专卖综合", 5, 4, 1, True)],
    ),
    "points": (
        xlsx("2019年1月积分表.xlsx", {"营销管理": POINTS}, {"营销管理": ("C1:E1", "F1:G1", "H1:I1")}),
        "printed_points: month party_group member decision_points volume_points revenue_points total_points",
        [("2019-01", "营销管理", "张三", 8, 19, 18, 94)],
    ),
    "mutual reviews": (
        xlsx("2019年三会一课互评表(一季度).xlsx", {"互评": REVIEWS}),
        "mutual_reviews: quarter rater_group score",
        [("2019Q1", row[0], None if score == "/" else score) for row in REVIEWS[1:4] for score in row[1:]],
    ),
    "quiz": (csv_in("gbk", "答题成绩_20190115.csv", QUIZ), "quiz_results: session_on member score", [
        ("2019-01-15", "张三", 95)]),
    "sales": (
        xls("2019年1-3月卷烟销售月报.xls", {"3月": SALES}),
        "sales_by_group_month: month party_group volume_xiang revenue_yuan ytd_volume_xiang class1_volume_xiang",
        [("2019-03", "营销管理", 720.4, None, 2161.2, 80), ("2019-03", "驮卢片区", 280.2, None, 840.6, 20)],
    ),
    "cases": (
        xlsx("专卖案件台账.xlsx", {"案件": CASES}),
        "cases: filed_on party_group counterfeit_tiao total_wansticks case_value_yuan is_courier closed_on",
        [("2019-01-09", "驮卢片区", 12.3, 0.246, 2150, False, "2019-02-01")],
    ),
    "unlicensed shops": (
        xlsx("无证户整治台账.xlsx", {"整治": SHOPS}),
        "unlicensed_shops: found_on party_group remedy closed_on",
        [("2019-01-10", "专卖综合", "办证", "2019-02-01")],
    ),
    "opinions": (
        xlsx("群众意见台账.xlsx", {"意见": OPINIONS}),
        "opinions: collected_on party_group due_on closed_on satisfaction",
        [("2019-01-10", "营销管理", "2019-01-20", "2019-01-18", "满意")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_a_workbook_as_it_is_shown_is_read_without_an_issue(form: str, tmp_path: Path, read: Read) -> None:
    write, names, expected = FORMS[form]
    write(write_bureau(tmp_path))
    reading = read(tmp_path)
    assert_clean(reading)
    table, _, columns = names.partition(": ")
    assert rows_of(reading, table, *columns.split()) == expected
