"""A bureau's own rule book: faultless versions count, a version with any fault does not."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from pipeline.ingest.bureau import Reading
from pipeline.points.scoring import rules_in_effect
from tests.hand_made import CATALOG, Rows, Value, write_xlsx

Read = Callable[[Path], Reading]
HEADER: list[Value] = [
    "版本",
    "生效月份",
    "编码",
    "类别",
    "项目",
    "计量",
    "计分方式",
    "分值",
    "分档",
    "目标",
    "月封顶",
    "季封顶",
    "关联指标",
    "适用对象",
    "考核人",
    "该项记零",
]


def test_a_rule_book_holds_from_its_month_on(tmp_path: Path, read: Read) -> None:
    rows: Rows = [
        HEADER,
        ["2.0", "2020年1月", "A1", "A", "小组会", "党小组会次数", "each", 3, None, None, 6, None, None],
        [
            "2.0",
            "2020年1月",
            "C1",
            "工作业绩",
            "销量",
            "volume_xiang",
            "attain",
            10,
            None,
            "销量计划",
            10,
            None,
            "销量",
        ],
        ["2.0", "2020年1月", "A2", "A", "到会率", "到会率", "bands", None, "95:6;85:4", None, 6, None, None],
    ]
    write_xlsx(tmp_path / "积分细则.xlsx", {"细则": rows})
    reading = read(tmp_path)
    assert reading.issues == ()
    own = [rule for rule in reading.bureau.rules if rule.version == "2.0"]
    assert len(reading.bureau.rules) == len(CATALOG.rules) + 3
    assert [(rule.item, rule.category, rule.measure, rule.points, rule.target, rule.metric) for rule in own] == [
        ("A1", "A", "group_meetings", 3.0, "", ""),
        ("C1", "C", "volume_xiang", 10.0, "volume_plan_xiang", "volume_xiang"),
        ("A2", "A", "attendance_rate_pct", None, "", ""),
    ]
    assert own[2].bands == ((95.0, 6.0), (85.0, 4.0))
    assert own[0].effective_month == "2020-01"


def test_a_rule_book_from_the_first_month_replaces_the_default(tmp_path: Path, read: Read) -> None:
    rows: Rows = [
        HEADER,
        ["1.0", "2018年11月", "A1", "A", "小组会", "党小组会次数", "each", 3, None, None, 6, None, None],
    ]
    write_xlsx(tmp_path / "积分细则.xlsx", {"细则": rows})
    assert [rule.version for rule in read(tmp_path).bureau.rules] == ["1.0"]


Change = tuple[int, Value]
RULE: list[Value] = ["1.0", "2018年11月", "A1", "A", "小组会", "党小组会次数", "each", 3, None, None, 6, None, None]
BANDS: list[Value] = ["1.0", "2018年11月", "A2", "A", "到会率", "到会率", "bands", None, "95:6", None, 6, None, None]
RATE: list[Value] = ["1.0", "2018年11月", "A3", "A", "办结率", "决议按期办结率", "rate", 8, None, None, 8, None, None]
ATTAIN: list[Value] = ["1.0", "2018年11月", "C1", "C", "销量", "销量", "attain", 9, None, "销量计划", 9, None, "销量"]
LATER: list[Value] = ["2.0", "2020年1月", *RULE[2:]]
OF_MEMBER = ("党员", "宣传委员", None)
NOTES: list[Value] = [
    "1.0",
    "2018年11月",
    "M4",
    "M",
    "笔记",
    "学习笔记篇数",
    "each",
    1,
    None,
    None,
    4,
    None,
    None,
    *OF_MEMBER,
]
QUIZ: list[Value] = [
    *("1.0", "2018年11月", "M3", "M", "答题", "答题成绩(每场取最高)"),
    *("bands_each", None, "90-100:1.5;80-90:1", None, 6, None, None),
    *OF_MEMBER,
]
VETO: list[Value] = ["1.0", "2018年11月", "V1", "V", "否决", "一票否决", "veto", *[None] * 6, "两者", "支委会", "否"]
FALSE: list[Value] = [
    *("1.0", "2018年11月", "D3", "D", "弄虚作假", "弄虚作假", "each", -5, None, None, None, None, None),
    *("党小组", "支委会", "是"),
]


def changed(row: list[Value], *changes: Change) -> list[Value]:
    result = list(row)
    for column, value in changes:
        result[column] = value
    return result


@pytest.mark.parametrize(
    ("row", "change", "code", "cell"),
    [
        (RULE, (3, "心情"), "wrong_setting", "D3"),
        (RULE, (5, "group_meetingz"), "wrong_setting", "F3"),
        (RULE, (6, "随缘"), "wrong_setting", "G3"),
        (RULE, (7, "六"), "bad_number", "H3"),
        (RULE, (7, None), "missing_rule_part", "H3"),
        (RULE, (6, "rate"), "rule_needs_rate", "F3"),
        (RULE, (10, 2), "low_cap", "K3"),
        (RULE, (10, -6), "low_cap", "K3"),
        (RULE, (11, 2), "low_cap", "L3"),
        (RULE, (1, "某月"), "bad_month", "B3"),
        (RULE, (2, "C9"), "repeated_rule", "C3"),
        (RULE, (12, "幸福感"), "wrong_setting", "M3"),
        (BANDS, (8, None), "missing_rule_part", "I3"),
        (BANDS, (8, "高:6"), "wrong_setting", "I3"),
        (BANDS, (8, "nan:6"), "wrong_setting", "I3"),
        (BANDS, (10, 5), "low_cap", "K3"),
        (BANDS, (8, "90-95:4;96-100:6"), "band_gap", "I3"),
        (BANDS, (8, "85-95:4;90-100:6"), "band_overlap", "I3"),
        (BANDS, (5, "答题成绩(每场取最高)"), "rule_mismatch", "F3"),
        (BANDS, (6, "bands_each"), "rule_mismatch", "G3"),
        ([*RATE, None], (13, "党员"), "rule_mismatch", "D3"),
        (ATTAIN, (9, None), "missing_rule_part", "J3"),
        (ATTAIN, (9, "答题成绩(每场取最高)"), "rule_mismatch", "J3"),
        (RULE, (5, "无故缺席次数"), "rule_mismatch", "F3"),
        (RULE, (3, "M"), "rule_mismatch", "D3"),
        (RULE, (3, "V"), "rule_mismatch", "D3"),
        (NOTES, (13, None), "rule_mismatch", "D3"),
        (NOTES, (13, "某人"), "wrong_setting", "N3"),
        (NOTES, (5, "党小组会次数"), "rule_mismatch", "F3"),
        (NOTES, (6, "rate"), "rule_mismatch", "G3"),
        (NOTES, (6, "attain"), "rule_mismatch", "G3"),
        (QUIZ, (6, "each"), "rule_mismatch", "F3"),
        (QUIZ, (8, None), "missing_rule_part", "I3"),
        (QUIZ, (5, "学习笔记篇数"), "rule_mismatch", "F3"),
        (QUIZ, (10, 1), "low_cap", "K3"),
        (VETO, (3, "D"), "rule_mismatch", "D3"),
        (VETO, (5, "弄虚作假"), "rule_mismatch", "F3"),
        (FALSE, (5, "党小组会次数"), "rule_mismatch", "F3"),
        (FALSE, (15, "也许"), "bad_boolean", "P3"),
    ],
)
def test_one_fault_puts_the_whole_version_out_of_use(
    tmp_path: Path, read: Read, row: list[Value], change: Change, code: str, cell: str
) -> None:
    rows: Rows = [HEADER, changed(RULE, (2, "C9")), changed(row, change)]
    write_xlsx(tmp_path / "积分细则.xlsx", {"细则": rows})
    reading = read(tmp_path)
    assert [(issue.code, issue.cell) for issue in reading.issues] == [(code, cell)]
    assert "积分细则“1.0”因此整版未采用，改按“默认1.0”计分" in reading.issues[0].message
    assert reading.bureau.rules == CATALOG.rules
    assert reading.tables["rule_book"].empty
    assert (reading.files[0].sheets[0].used, reading.files[0].sheets[0].rejected) == (0, 2)


def test_the_other_version_of_the_bureau_counts_instead(tmp_path: Path, read: Read) -> None:
    rows: Rows = [HEADER, RULE, LATER, changed(LATER, (2, "A2"), (7, None)), changed(LATER, (2, "A3"), (3, "Z"))]
    write_xlsx(tmp_path / "积分细则.xlsx", {"细则": rows})
    reading = read(tmp_path)
    assert [(issue.code, issue.cell) for issue in reading.issues] == [
        ("missing_rule_part", "H4"),
        ("wrong_setting", "D5"),
    ]
    assert all("“2.0”因此整版未采用，改按“1.0”计分" in issue.message for issue in reading.issues)
    assert [(rule.version, rule.item) for rule in reading.bureau.rules] == [("1.0", "A1")]
    assert (reading.files[0].sheets[0].used, reading.files[0].sheets[0].rejected) == (1, 3)


def test_a_later_version_counts_from_its_month_when_the_first_is_out_of_use(tmp_path: Path, read: Read) -> None:
    rows: Rows = [HEADER, changed(RULE, (5, "group_meetingz")), LATER]
    write_xlsx(tmp_path / "积分细则.xlsx", {"细则": rows})
    reading = read(tmp_path)
    assert "改按“默认1.0”计分" in reading.issues[0].message
    assert {rule.version for rule in reading.bureau.rules} == {"默认1.0", "2.0"}


def test_a_row_without_its_version_puts_every_version_of_the_sheet_out_of_use(tmp_path: Path, read: Read) -> None:
    rows: Rows = [HEADER, RULE, LATER, changed(LATER, (0, None), (2, "A2"))]
    write_xlsx(tmp_path / "积分细则.xlsx", {"细则": rows})
    reading = read(tmp_path)
    assert [(issue.code, issue.cell) for issue in reading.issues] == [("missing_value", "A4")]
    assert "积分细则“1.0, 2.0”因此整版未采用" in reading.issues[0].message
    assert reading.bureau.rules == CATALOG.rules


def test_a_copy_of_the_rule_book_in_another_file_is_no_fault(tmp_path: Path, read: Read) -> None:
    write_xlsx(tmp_path / "积分细则.xlsx", {"细则": [HEADER, RULE]})
    write_xlsx(tmp_path / "积分细则（副本）.xlsx", {"细则": [["积分细则"], HEADER, RULE]})
    reading = read(tmp_path)
    assert [issue.code for issue in reading.issues] == ["duplicate_file"]
    assert [rule.item for rule in reading.bureau.rules] == ["A1"]


def test_items_of_members_and_vetoes_are_read_with_their_place(tmp_path: Path, read: Read) -> None:
    write_xlsx(tmp_path / "积分细则.xlsx", {"细则": [HEADER, NOTES, QUIZ, VETO, FALSE]})
    reading = read(tmp_path)
    assert reading.issues == ()
    assert [
        (rule.item, rule.scope, rule.assessor, rule.zeroes_item, rule.source_sheet, rule.source_row)
        for rule in reading.bureau.rules
    ] == [
        ("M4", "member", "宣传委员", False, "细则", 2),
        ("M3", "member", "宣传委员", False, "细则", 3),
        ("V1", "both", "支委会", False, "细则", 4),
        ("D3", "group", "支委会", True, "细则", 5),
    ]
    assert reading.bureau.rules[1].bands == ((90.0, 1.5), (80.0, 1.0))


def test_bands_as_people_write_them_are_the_thresholds_of_the_default(tmp_path: Path, read: Read) -> None:
    written = changed(BANDS, (8, "７５％－８５％：2、85-95:4；95以上得6分"))
    write_xlsx(tmp_path / "积分细则.xlsx", {"细则": [HEADER, written]})
    reading = read(tmp_path)
    assert reading.issues == ()
    assert reading.bureau.rules[0].bands == ((95.0, 6.0), (85.0, 4.0), (75.0, 2.0))


def test_a_hole_is_told_with_the_values_in_it(tmp_path: Path, read: Read) -> None:
    write_xlsx(tmp_path / "积分细则.xlsx", {"细则": [HEADER, changed(BANDS, (8, "90-95:4;96-100:5"))]})
    (issue,) = read(tmp_path).issues
    assert (issue.seen, issue.expected) == ("90-95:4;96-100:5", "[95, 96)")
    assert "[95, 96) 不属于任何一档" in issue.message


def test_what_would_fit_is_told_with_the_fault(tmp_path: Path, read: Read) -> None:
    write_xlsx(tmp_path / "积分细则.xlsx", {"细则": [HEADER, changed(NOTES, (5, "党小组会次数"))]})
    (issue,) = read(tmp_path).issues
    assert "学习笔记篇数" in issue.expected
    assert "党小组会次数" not in issue.expected
    assert "答题成绩" not in issue.expected  # single results go with bands_each


def test_two_versions_in_one_year_hold_each_in_its_months(tmp_path: Path, read: Read) -> None:
    later = changed(LATER, (1, "2018年12月"), (7, 2))
    write_xlsx(tmp_path / "积分细则.xlsx", {"细则": [HEADER, RULE, later]})
    rules = read(tmp_path).bureau.rules
    found = {month: rules_in_effect(rules, pd.Period(month, "M")) for month in ("2018-10", "2018-11", "2018-12")}
    assert {month: [(rule.version, rule.points) for rule in own] for month, own in found.items()} == {
        "2018-10": [],
        "2018-11": [("1.0", 3.0)],
        "2018-12": [("2.0", 2.0)],
    }
