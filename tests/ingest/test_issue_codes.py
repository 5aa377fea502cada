"""Every kind of fault once: the one issue that it becomes, where it stands, and what was done with the row."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
from openpyxl import load_workbook

from pipeline.catalog.records import Dtype
from pipeline.ingest.bureau import Reading
from pipeline.ingest.faults import SEVERITIES
from pipeline.ingest.ledger import Issue
from pipeline.ingest.wordforms import header_form
from pipeline.texts import load_texts
from tests.hand_made import CATALOG, VOCABULARY, Rows, Value, write_bureau, write_xlsx

Read = Callable[[Path], Reading]

ACTIVITIES: list[Value] = ["序号", "日期", "党小组", "活动类型", "主题", "应到", "实到", "请假人员", "议题", "图片"]
MEETING: list[Value] = [1, "2019-01-08", "专卖综合", "党小组会", "学习", 5, 4, "王五(公假)", "无证户", "有"]
CASES: list[Value] = ["立案号", "立案日期", "案由", "办案部门", "真烟(条)", "案值(元)", "结案日期"]
CASE: list[Value] = ["甲1", "2019-01-09", "无证运输", "专卖股", 12, 2150, "2019-02-01"]
QUIZ: list[Value] = ["姓名", "得分", "用时", "提交时间"]
SHELF: list[Value] = ["单位", "零售户数", "上柜户数", "上柜率"]
VISITS: list[Value] = ["日期", "党员", "地点", "事项"]
VISIT: list[Value] = ["2019-01-08", "张三", "甲村", "走访"]
POINTS: list[Value] = ["月份", "对象", "项目", "分值", "依据"]
SALES: list[Value] = ["单位", "本月/销量(箱)", "本月/同比", "本月/销售额(元)"]


def changed(row: list[Value], column: int, value: Value) -> list[Value]:
    return [value if number == column else cell for number, cell in enumerate(row)]


# code -> (file, sheet, rows, cell, seen, rows rejected)
Case = tuple[str, str, Rows, str | None, str, int]
CASES_BY_CODE: dict[str, Case] = {
    "missing_column": (
        "案件台账.xlsx",
        "案件",
        [changed(CASES, 3, "科室"), CASE],
        "A1",
        "立案号, 立案日期, 案由, 科室",
        1,
    ),
    "duplicate_column": (
        "答题_20190115.xlsx",
        "甲",
        [[*QUIZ, "成绩"], ["张三", 9, 9, None, 8]],
        "E1",
        "得分 (B1), 成绩",
        1,
    ),
    "unused_column": ("案件台账.xlsx", "案件", [changed(CASES, 4, "真烟的数量(条)"), CASE], "E1", "真烟的数量", 0),
    "lacking_column": (
        "2019年1月销售月报.xlsx",
        "甲",
        [[*SALES, "甲", "乙", "丙", "丁"], ["城区", 1, "5%", 30_000, 1, 2, 3, 4]],
        None,
        "甲",
        0,
    ),
    "only_to_date": (
        "2019年1月销售月报.xlsx",
        "甲",
        [["单位", "累计销量(箱)", "累计销售额(元)"], ["城区", 1, 28_000]],
        "B1",
        "累计销量(箱) / 累计销售额(元)",
        1,
    ),
    "planned_rows": ("活动台账.xlsx", "甲", [ACTIVITIES, MEETING, ["下月计划"], MEETING[:6]], "A4", "下月计划", 0),
    "unused_cells": ("案件台账.xlsx", "案件", [CASES, CASE, [], [*[None] * 8, "甲2", 3]], "I4", "I4:J4", 0),
    "unrecognised_sheet": ("通知.xlsx", "甲", [["关于报送的通知"], ["请按时"]], None, "2", 0),
    "lone_amount": (
        "2019年1月销售月报.xlsx",
        "甲",
        [["单位", "销量(箱)", "销售额(元)"], ["城区", 1, 30_000], ["驮卢", 1, None]],
        "C3",
        "",
        0,
    ),
    "context_without_year": ("1月销售月报.xlsx", "甲", [SALES, ["城区", 1, "5%", 30_000]], None, "1月销售月报", 1),
    "context_missing": ("销售月报.xlsx", "甲", [SALES, ["城区", 1, "5%", 30_000]], None, "甲", 1),
    "context_conflict": (
        "2019年1月销售月报.xlsx",
        "2月",
        [SALES, ["城区", 1, "5%", 30_000]],
        None,
        "2019-02 ≠ 2019-01",
        1,
    ),
    "column_without_unit": (
        "2019年1月销售月报.xlsx",
        "甲",
        [["单位", "销量(箱)", "销售额(元)", "累计单箱销售额"], ["城区", 700, 20_000_000, 29_000]],
        "D1",
        "累计单箱销售额",
        0,
    ),
    "unit_missing": (
        "2019年1月销售月报.xlsx",
        "甲",
        [["单位", "本月/销量", "本月/销售额(元)"], ["城区", 1, 2]],
        "B1",
        "本月/销量",
        1,
    ),
    "unit_contradicted": (
        "2019年1月销售月报.xlsx",
        "甲",
        [["单位：箱、元"], ["单位", "销量", "销售额"], ["城区", 1, 30_000], ["注：本表销量以万支计"]],
        "B2",
        "注：本表销量以万支计",
        0,
    ),
    "missing_value": ("案件台账.xlsx", "案件", [CASES, changed(CASE, 1, "—")], "B2", "—", 1),
    "error_cell": ("案件台账.xlsx", "案件", [CASES, changed(CASE, 5, "#DIV/0!")], "F2", "#DIV/0!", 0),
    "bad_number": ("案件台账.xlsx", "案件", [CASES, changed(CASE, 4, "约30")], "E2", "约30", 0),
    "bad_integer": ("活动台账.xlsx", "甲", [ACTIVITIES, changed(MEETING, 5, 5.5)], "F2", "5.5", 0),
    "bad_percentage": ("2019年1月上柜.xlsx", "甲", [SHELF, ["城区", 100, 40, "四成"]], "D2", "四成", 0),
    "ambiguous_percentage": ("2019年1月销售月报.xlsx", "甲", [SALES, ["城区", 1, 0.5, 30_000]], "C2", "0.5", 0),
    "bad_date": ("案件台账.xlsx", "案件", [CASES, changed(CASE, 1, "上周三")], "B2", "上周三", 1),
    "ambiguous_date": ("2019年活动台账.xlsx", "甲", [ACTIVITIES, changed(MEETING, 1, 1.2)], "B2", "1.2", 1),
    "bare_date": ("活动台账.xlsx", "甲", [ACTIVITIES, changed(MEETING, 1, "1.8")], "B2", "1.8", 1),
    "bad_month": ("积分明细.xlsx", "甲", [POINTS, ["1-3月", "营销管理", "D1", 2, "表彰"]], "A2", "1-3月", 1),
    "ambiguous_month": ("积分明细.xlsx", "甲", [POINTS, [2019.1, "营销管理", "D1", 2, "表彰"]], "A2", "2019.1", 1),
    "bare_month": ("积分明细.xlsx", "甲", [POINTS, ["1月", "营销管理", "D1", 2, "表彰"]], "A2", "1月", 1),
    "bad_quarter": ("季度考核.xlsx", "甲", [["季度", "党小组", "支委评分"], ["上季", "营销管理", 90]], "A2", "上季", 1),
    "bad_year": ("年度总评.xlsx", "甲", [["年度", "党小组", "民主评议"], ["去年", "营销管理", 90]], "A2", "去年", 1),
    "bad_boolean": ("活动台账.xlsx", "甲", [ACTIVITIES, changed(MEETING, 9, "待补")], "J2", "待补", 0),
    "bad_duration": ("答题_20190115.xlsx", "甲", [QUIZ, ["张三", 95, "很快", None]], "C2", "很快", 0),
    "bad_identifier": ("案件台账.xlsx", "案件", [CASES, changed(CASE, 0, date(2019, 1, 5))], "A2", "2019-01-05", 1),
    "bad_leave": ("活动台账.xlsx", "甲", [ACTIVITIES, changed(MEETING, 7, "王五")], "H2", "王五", 0),
    "identifier_too_long": (
        "案件台账.xlsx",
        "案件",
        [CASES, changed(CASE, 0, 4521012345678901)],
        "A2",
        "4521012345678901",
        1,
    ),
    "out_of_range": ("答题_20190115.xlsx", "甲", [QUIZ, ["张三", 950, "3分", None]], "B2", "950", 1),
    "unknown_group": ("活动台账.xlsx", "甲", [ACTIVITIES, changed(MEETING, 2, "驼卢片区")], "C2", "驼卢片区", 1),
    "several_groups": ("活动台账.xlsx", "甲", [ACTIVITIES, changed(MEETING, 2, "各党小组")], "C2", "各党小组", 1),
    "unknown_member": ("答题_20190115.xlsx", "甲", [QUIZ, ["张三儿", 95, "3分", None]], "A2", "张三儿", 1),
    "several_members": ("答题_20190115.xlsx", "甲", [QUIZ, ["张三、李四", 95, "3分", None]], "A2", "张三、李四", 1),
    "nothing_above": ("答题_20190115.xlsx", "甲", [QUIZ, ["〃", 95, "3分", None]], "A2", "〃", 1),
    "wrong_unit": (
        "2019年1月上柜.xlsx",
        "甲",
        [[*SHELF[:3], "上柜率(户)"], ["城区", 9, 3, "33%"]],
        "D1",
        "上柜率(户)",
        0,
    ),
    "not_a_member_then": ("答题_20180115.xlsx", "甲", [QUIZ, ["张三", 95, "3分", None]], "A2", "张三", 1),
    "unknown_item": ("积分明细.xlsx", "甲", [POINTS, ["2019年1月", "营销管理", "D9", 2, "表彰"]], "C2", "D9", 1),
    "unknown_activity": ("活动台账.xlsx", "甲", [ACTIVITIES, changed(MEETING, 3, "党小组碰头")], "D2", "党小组碰头", 0),
    "void_row": ("案件台账.xlsx", "案件", [[*CASES, "说明"], [*CASE, "作废"]], "H2", "作废", 0),
    "unknown_leave": (
        "请假台账.xlsx",
        "甲",
        [["姓名", "假别", "开始日期", "结束日期"], ["张三", "年休假", "2019-01-08", "2019-01-09"]],
        "B2",
        "年休假",
        0,
    ),
    "unknown_status": (
        "承诺台账.xlsx",
        "甲",
        [["姓名", "承诺日期", "承诺事项", "期限", "状态"], ["张三", "2019-01-08", "帮扶", "2019-06-30", "基本做到"]],
        "E2",
        "基本做到",
        0,
    ),
    "not_counted": ("活动台账.xlsx", "甲", [ACTIVITIES, changed(MEETING, 6, None)], "G2", "", 0),
    "second_column": (
        "2019年1月销售月报.xlsx",
        "甲",
        [[*SALES, "同比"], ["城区", 1, "5%", 30_000, "4%"], ["驮卢", 1, None, 30_000, "3%"]],
        "E3",
        "同比",
        0,
    ),
    "never_closed": ("案件台账.xlsx", "甲", [CASES[:6], CASE[:6]], None, "甲", 0),
    "part_lacking": (
        "2019年1月检查月报.xlsx",
        "甲",
        [["单位", "市场检查", "违规户"], ["城区", 300, 2]],
        None,
        "市场与寄递检查",
        0,
    ),
    "other_span": (
        "2019年1月检查月报.xlsx",
        "甲",
        [["单位", "市场检查", "寄递检查", "累计检查"], ["城区", 300, 2, 900]],
        "D1",
        "累计检查",
        0,
    ),
    "prepared_zeros": (
        "2019年检查月报.xlsx",
        "甲",
        [["月份", "单位", "市场检查", "寄递检查"], ["1月", "城区", 300, 2], ["2月", "城区", 0, 0]],
        "A3",
        "2019-02",
        0,
    ),
    "lonely_day": (
        "帮扶台账.xlsx",
        "甲",
        [
            ["日期", "党员", "零售户编号"],
            *([f"20{year}-01-08", "张三", f"LS{year}"] for year in (19, 20, 21, 91)),
        ],
        "A5",
        "2091-01-08",
        0,
    ),
    "counted_once": (
        "帮扶台账.xlsx",
        "甲",
        [["日期", "党员", "零售户编号", "帮扶次数"], ["2019-01-08", "张三", "LS01", 3]],
        "D2",
        "帮扶次数 3",
        0,
    ),
    "other_points": ("积分明细.xlsx", "甲", [POINTS, ["2019年1月", "张三", "M4", 2, "两篇"]], "D2", "2", 0),
    "wrong_subject": ("积分明细.xlsx", "甲", [POINTS, ["2019年1月", "张三", "D2", -2, "投诉"]], "B2", "张三", 1),
    "copied_row": ("案件台账.xlsx", "案件", [CASES, CASE, CASE], "A3", "甲1", 1),
    "duplicate_key": ("案件台账.xlsx", "案件", [CASES, CASE, changed(CASE, 4, 13)], "A3", "甲1", 1),
    "due_before_start": (
        "决议台账.xlsx",
        "甲",
        [["编号", "会议日期", "承办党小组", "期限", "办结日期"], ["甲1", "2019-01-09", "营销管理", "2019-01-01"]],
        "D2",
        "2019-01-01",
        0,
    ),
    "date_order": ("案件台账.xlsx", "案件", [CASES, changed(CASE, 6, "2019-01-01")], "G2", "2019-01-01", 0),
    "total_mismatch": ("案件台账.xlsx", "案件", [CASES, CASE, ["合计", None, None, None, 13, 2150]], "E3", "13", 0),
    "repeated_row": ("一线台账.xlsx", "台账", [VISITS, VISIT, VISIT], "A3", "2019-01-08", 0),
    "outside_period": (
        "2019年活动台账.xlsx",
        "1月",
        [ACTIVITIES, changed(MEETING, 1, "2019-02-08")],
        "B2",
        "2019-02-08",
        0,
    ),
    "year_conflict": (
        "2019年新品上柜.xlsx",
        "甲",
        [["2018年新品上柜月报"], ["月份", *SHELF], ["1月", "城区", 100, 40, "40%"]],
        None,
        "2018 ≠ 2019",
        0,
    ),
    "late_report": (
        "2019年1月上柜.xlsx",
        "甲",
        [["新品上柜月报", "填报日期：2019年2月15日"], SHELF, ["城区", 100, 40, "40%"]],
        "B1",
        "2019-02-15",
        0,
    ),
    "row_total_mismatch": (
        "案件台账.xlsx",
        "案件",
        [[*CASES[:5], "假烟(条)", "合计(万支)", "结案日期"], [*CASE[:5], 0.3, 0.264]],
        "G2",
        "0.264",
        0,
    ),
    "impossible_ratio": (
        "2019年1月销售月报.xlsx",
        "甲",
        [SALES, ["城区", 700, "5%", 7_000_000_000]],
        "D2",
        "10,000,000 元/箱",
        1,
    ),
    "more_than_whole": ("活动台账.xlsx", "甲", [ACTIVITIES, changed(MEETING, 6, 5)], "G2", "5 + 1", 0),
    "wrong_setting": ("单位设置.xlsx", "甲", [["项目", "内容"], ["销量单位", "大箱"]], "B2", "大箱", 1),
}
ELSEWHERE = {
    "far_from_plan",
    "merged_amount",
    "shifted_number",
    "overlapping_membership",
    "hidden_sheet",
    "hidden_rows",
    "hidden_columns",
    "struck_row",
    "struck_ended_row",
    "formula_without_value",
    "duplicate_file",
    "copied_sheet",
    "overlapping_file",
    "correction_sheet",
    "carried_on",
    "part_rows",
    "missing_roster",
    "contents_missing",
    "cut_off",
    "missing_months",
    "never_handed_in",
    "against_dictionary",
    "missing_rule_part",
    "rule_needs_rate",
    "repeated_rule",
    "rule_mismatch",
    "low_cap",
    "band_gap",
    "band_overlap",
    "wrong_term",
    "terms_do_not_sum",
    "terms_without_rules",
    "unassigned_member",
}


def issues_of(reading: Reading, code: str) -> list[Issue]:
    assert {issue.code for issue in reading.issues} == {code}
    assert all(sheet.balances() for file in reading.files for sheet in file.sheets)
    return list(reading.issues)


@pytest.mark.parametrize("code", CASES_BY_CODE)
def test_a_fault_becomes_one_issue(code: str, tmp_path: Path, read: Read) -> None:
    file, sheet, rows, cell, seen, rejected = CASES_BY_CODE[code]
    write_xlsx(write_bureau(tmp_path) / file, {sheet: rows})
    reading = read(tmp_path)
    (issue,) = issues_of(reading, code)
    assert (issue.file, issue.sheet, issue.cell, issue.severity) == (file, sheet, cell, SEVERITIES[code])
    assert seen in issue.seen
    assert f"“{file}”" not in issue.message  # the place is printed once, beside the message
    ledger = next(entry for entry in reading.files if entry.path == file).sheets[0]
    assert ledger.rejected == rejected


def test_every_code_is_tried() -> None:
    assert CASES_BY_CODE.keys() | ELSEWHERE == SEVERITIES.keys()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_code_has_its_sentence(lang: str) -> None:
    texts = load_texts(lang)
    assert [code for code in SEVERITIES if not texts.has(f"issue.{code}")] == []


def test_the_nearest_name_is_shown_and_not_used(tmp_path: Path, read: Read) -> None:
    write_xlsx(write_bureau(tmp_path) / "活动台账.xlsx", {"甲": [ACTIVITIES, changed(MEETING, 2, "驼卢片区")]})
    reading = read(tmp_path)
    assert issues_of(reading, "unknown_group")[0].expected == "驮卢片区"
    assert reading.tables["activities"].empty


def test_a_bad_value_in_an_optional_column_leaves_the_row(tmp_path: Path, read: Read) -> None:
    write_xlsx(write_bureau(tmp_path) / "案件台账.xlsx", {"案件": [CASES, changed(CASE, 4, "约30")]})
    cases = read(tmp_path).tables["cases"]
    assert len(cases) == 1
    assert cases["genuine_tiao"].isna().all()
    assert cases["case_value_yuan"].tolist() == [2150]


def test_a_fault_in_a_merged_cell_is_one_issue(tmp_path: Path, read: Read) -> None:
    rows = [ACTIVITIES, changed(MEETING, 2, "某组"), changed(MEETING, 2, None), changed(MEETING, 2, None)]
    write_xlsx(write_bureau(tmp_path) / "活动台账.xlsx", {"甲": rows}, {"甲": ("C2:C4",)})
    reading = read(tmp_path)
    assert [issue.cell for issue in issues_of(reading, "unknown_group")] == ["C2"]
    assert next(file for file in reading.files if file.kind == "activities").sheets[0].rejected == 3


def test_an_unknown_group_on_top_of_a_matrix_is_one_issue_at_its_header(tmp_path: Path, read: Read) -> None:
    rows: Rows = [["评价小组＼被评小组", "营销管理", "某组"], ["营销管理", "/", 92], ["专卖综合", 93, 91]]
    write_xlsx(write_bureau(tmp_path) / "互评表2019年一季度.xlsx", {"互评": rows})
    reading = read(tmp_path)
    assert [issue.cell for issue in issues_of(reading, "unknown_group")] == ["C1"]
    assert len(reading.tables["mutual_reviews"]) == 2


def test_hidden_things_are_read_and_reported(tmp_path: Path, read: Read) -> None:
    path = write_xlsx(
        write_bureau(tmp_path) / "案件台账.xlsx", {"案件": [CASES, CASE], "乙": [CASES, changed(CASE, 0, "甲2")]}
    )
    workbook = load_workbook(path)
    workbook["案件"].row_dimensions[2].hidden = True
    for letter in "BF":
        workbook["案件"].column_dimensions[letter].hidden = True
    workbook["乙"].sheet_state = "hidden"
    workbook.save(path)
    reading = read(tmp_path)
    assert [(issue.sheet, issue.code, issue.seen) for issue in reading.issues] == [
        ("案件", "hidden_rows", "2"),
        ("案件", "hidden_columns", "B, F"),
        ("乙", "hidden_sheet", "乙"),
    ]
    assert len(reading.tables["cases"]) == 2


def test_two_titles_that_differ_are_told_as_such(tmp_path: Path, read: Read) -> None:
    rows: Rows = [["2021年10月卷烟销售月报", None, None, "2021年9月"], SALES, ["城区", 1, "5%", 30_000]]
    write_xlsx(write_bureau(tmp_path) / "销售月报.xlsx", {"甲": rows})
    (issue,) = issues_of(read(tmp_path), "context_conflict")
    assert issue.seen == "2021-10 ≠ 2021-09"


def test_two_groups_above_a_column_of_groups_do_not_hide_another_year(tmp_path: Path, read: Read) -> None:
    rows: Rows = [["2019年活动台账", "营销管理", "专卖综合"], ACTIVITIES, MEETING]
    write_xlsx(write_bureau(tmp_path) / "2018年活动台账.xlsx", {"甲": rows})
    assert [issue.code for issue in read(tmp_path).issues] == ["year_conflict"]


@pytest.mark.parametrize(
    ("header", "value", "seen", "expected"),
    [
        ("本月/销售额(万元)", 19_045_911, "19045911 = 190459110000 元", "0 … 10000000000 元"),
        ("本月/销售额(元)", "19045911万元", "19045911万元 = 190459110000 元", "0 … 10000000000 元"),
        ("本月/销售额(元)", 190_459_110_000, "190459110000", "0 … 10000000000"),
        ("本月/销售额(元)", "190,459,110,000", "190,459,110,000", "0 … 10000000000"),
    ],
)
def test_a_number_outside_its_range_is_shown_in_the_unit_of_the_range(
    tmp_path: Path, read: Read, header: str, value: Value, seen: str, expected: str
) -> None:
    write_xlsx(
        write_bureau(tmp_path) / "2019年1月销售月报.xlsx", {"甲": [[*SALES[:3], header], ["城区", 700, "5%", value]]}
    )
    (issue,) = issues_of(read(tmp_path), "out_of_range")
    assert (issue.cell, issue.seen, issue.expected) == ("D2", seen, expected)


def test_a_transfer_without_an_end_is_told(tmp_path: Path, read: Read) -> None:
    header: list[Value] = ["姓名", "党小组", "入组时间", "离组时间", "职务"]
    rows: Rows = [header, ["甲", "营销管理", "2018.11", None, "员"], ["甲", "专卖综合", "2019.5", None, "员"]]
    write_xlsx(tmp_path / "花名册.xlsx", {"花名册": rows})
    (issue,) = issues_of(read(tmp_path), "overlapping_membership")
    assert (issue.cell, issue.seen, issue.expected) == ("C3", "2019.5", "营销管理 2018-11-01 …")


def test_a_formula_without_its_value_is_told(tmp_path: Path, read: Read) -> None:
    write_xlsx(write_bureau(tmp_path) / "案件台账.xlsx", {"案件": [CASES, changed(CASE, 5, "=1+1")]})
    assert [issue.cell for issue in issues_of(read(tmp_path), "formula_without_value")] == ["F2"]


def test_a_column_name_that_a_message_asks_for_is_a_known_header() -> None:
    known = [
        (kind.kind, column.column, VOCABULARY.headers.get(header_form(column.label_zh), {}).get(kind.kind))
        for kind in CATALOG.kinds.values()
        for column in VOCABULARY.columns_of(kind).values()
        if column.column in VOCABULARY.named_columns[kind.kind]
    ]
    assert [(kind, column) for kind, column, found in known if found != column] == []


def test_a_group_near_no_other_is_answered_with_all_of_them(tmp_path: Path, read: Read) -> None:
    write_xlsx(write_bureau(tmp_path) / "活动台账.xlsx", {"甲": [ACTIVITIES, changed(MEETING, 2, "XYZ")]})
    assert issues_of(read(tmp_path), "unknown_group")[0].expected == "专卖综合 / 营销管理 / 驮卢片区"


def test_a_message_tells_whether_the_row_or_only_the_cell_was_left_out(tmp_path: Path, read: Read) -> None:
    rows = [CASES, changed(changed(CASE, 1, "某日"), 4, "约30")]
    write_xlsx(write_bureau(tmp_path) / "案件台账.xlsx", {"案件": rows})
    day, amount = read(tmp_path).issues
    assert "这一行未计入" in day.message
    assert "这一格按空白处理" in amount.message


@pytest.mark.parametrize(
    ("day", "told", "expected"),
    [
        ("2020.2.30", "日历上没有这一天", "2020-02-01 … 2020-02-29"),
        ("2021.13.5", "日历上没有这一天", "2021-01 … 2021-12"),
        ("20210431", "日历上没有这一天", "2021-04-01 … 2021-04-30"),
        ("2021年6月0日", "日历上没有这一天", "2021-06-01 … 2021-06-30"),
        ("上周三", "应为日期", "日期，如 2019-01-05"),
    ],
)
def test_a_day_of_no_calendar_is_not_told_to_be_written_otherwise(
    tmp_path: Path, read: Read, day: str, told: str, expected: str
) -> None:
    write_xlsx(write_bureau(tmp_path) / "案件台账.xlsx", {"案件": [CASES, changed(CASE, 1, day)]})
    (issue,) = issues_of(read(tmp_path), "bad_date")
    assert issue.expected == expected
    assert told in issue.message
    assert ("请写成" in issue.message) == (told == "应为日期")


def test_a_month_of_no_year_is_told(tmp_path: Path, read: Read) -> None:
    rows: Rows = [POINTS, ["2021年13月", "营销管理", "D1", 2, "表彰"]]
    write_xlsx(write_bureau(tmp_path) / "积分明细.xlsx", {"甲": rows})
    (issue,) = issues_of(read(tmp_path), "bad_month")
    assert issue.expected == "2021-01 … 2021-12"
    assert "没有这个月份" in issue.message


def test_a_code_that_the_points_ledger_does_not_score_is_turned_down(tmp_path: Path, read: Read) -> None:
    codes = ("V1", "D1", "D9", "A1")
    ledger: Rows = [["2019年1月", "营销管理", code, 2, f"依据{code}"] for code in codes]
    rows: Rows = [POINTS, *ledger]
    write_xlsx(write_bureau(tmp_path) / "积分明细.xlsx", {"甲": rows})
    reading = read(tmp_path)
    assert [(issue.cell, issue.seen, issue.expected) for issue in issues_of(reading, "unknown_item")] == [
        ("C4", "D9", "D1 / D2 / D3 / D4 / M4 / M8 / V1"),
        ("C5", "A1", "D1 / D2 / D3 / D4 / M4 / M8 / V1"),
    ]
    assert reading.tables["points_ledger"]["item"].tolist() == ["V1", "D1"]
    assert next(file for file in reading.files if file.kind == "points_ledger").sheets[0].rejected == 2


def test_a_correction_is_about_any_item_of_the_rules(tmp_path: Path, read: Read) -> None:
    header: list[Value] = ["更正日期", "积分月份", "对象", "项目", "更正分值"]
    rows: Rows = [header, *(["2019-03-08", "2019年1月", "营销管理", item, 2] for item in ("A1", "Z9"))]
    write_xlsx(write_bureau(tmp_path) / "积分更正台账.xlsx", {"甲": rows})
    reading = read(tmp_path)
    assert [(issue.cell, issue.seen) for issue in issues_of(reading, "unknown_item")] == [("D3", "Z9")]
    assert reading.tables["corrections"]["item"].tolist() == ["A1"]


@pytest.mark.parametrize(
    ("subject", "item", "expected"), [("李四", "D1", "党小组"), ("营销管理", "M8", "党员"), ("城区", "M4", "党员")]
)
def test_an_entry_is_about_whom_its_item_is_for(
    tmp_path: Path, read: Read, subject: str, item: str, expected: str
) -> None:
    rows: Rows = [POINTS, ["2019年1月", subject, item, 1, "依据"]]
    write_xlsx(write_bureau(tmp_path) / "积分明细.xlsx", {"甲": rows})
    reading = read(tmp_path)
    (issue,) = issues_of(reading, "wrong_subject")
    assert (issue.cell, issue.seen, issue.expected) == ("B2", subject, expected)
    assert expected in issue.message
    assert reading.tables["points_ledger"].empty


def test_a_veto_is_about_either_and_other_items_about_their_own(tmp_path: Path, read: Read) -> None:
    entries = [("营销管理", "V1", 0), ("张三", "V1", 0), ("营销管理", "D2", -2), ("张三", "M8", -5)]
    ledger: Rows = [["2019年1月", subject, item, points, f"{subject}{item}"] for subject, item, points in entries]
    write_xlsx(write_bureau(tmp_path) / "积分明细.xlsx", {"甲": [POINTS, *ledger]})
    reading = read(tmp_path)
    assert reading.issues == ()
    assert reading.tables["points_ledger"]["subject"].tolist() == [subject for subject, _, _ in entries]


def test_a_correction_is_of_whom_its_item_is_for(tmp_path: Path, read: Read) -> None:
    header: list[Value] = ["更正日期", "积分月份", "对象", "项目", "更正分值"]
    entries = [("张三", "A1"), ("营销管理", "A1"), ("营销管理", "M3"), ("张三", "M3")]
    ledger: Rows = [["2019-03-08", "2019年1月", subject, item, 2] for subject, item in entries]
    write_xlsx(write_bureau(tmp_path) / "积分更正台账.xlsx", {"甲": [header, *ledger]})
    reading = read(tmp_path)
    assert [(issue.cell, issue.expected) for issue in issues_of(reading, "wrong_subject")] == [
        ("C2", "党小组"),
        ("C4", "党员"),
    ]
    assert reading.tables["corrections"]["subject"].tolist() == ["营销管理", "张三"]


def test_an_unknown_subject_is_told_once(tmp_path: Path, read: Read) -> None:
    write_xlsx(write_bureau(tmp_path) / "积分明细.xlsx", {"甲": [POINTS, ["2019年1月", "张三儿", "D2", -2, "投诉"]]})
    assert [issue.cell for issue in issues_of(read(tmp_path), "unknown_member")] == ["B2"]


def test_a_member_without_a_group_is_told_and_stays(tmp_path: Path, read: Read) -> None:
    header: list[Value] = ["姓名", "党小组", "入组时间", "职务"]
    rows: Rows = [header, ["甲", None, "2018.11", "员"], ["乙", "专卖组合", "2018.11", "员"]]
    write_xlsx(tmp_path / "花名册.xlsx", {"花名册": rows})
    reading = read(tmp_path)
    assert [(issue.code, issue.cell, issue.severity) for issue in reading.issues] == [
        ("unassigned_member", "B2", "warning"),
        ("unknown_group", "B3", "error"),
    ]
    assert "这一格按空白处理" in reading.issues[1].message
    roster = reading.tables["memberships"]
    assert (roster["member"].tolist(), roster["party_group"].isna().tolist()) == (["甲", "乙"], [True, True])


@pytest.mark.parametrize(("kind", "header"), [("一线台账", VISITS), ("积分明细", POINTS)])
def test_a_fault_in_any_column_of_people_can_be_told(
    tmp_path: Path, read: Read, kind: str, header: list[Value]
) -> None:
    row: list[Value] = (
        ["2019-01-08", "某人", "甲村", "走访"] if kind == "一线台账" else ["2019年1月", "某人", "D1", 2, "表彰"]
    )
    write_xlsx(write_bureau(tmp_path) / f"{kind}.xlsx", {"甲": [header, row]})
    assert [issue.cell for issue in issues_of(read(tmp_path), "unknown_member")] == ["B2"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_dtype_has_its_word(lang: str) -> None:
    texts = load_texts(lang)
    assert [dtype for dtype in get_args(Dtype) if not texts.has(f"value.{dtype}")] == []
