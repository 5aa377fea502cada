"""Words that points are counted by: blanks and synonyms are understood, what nobody knows is told and stays."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.ingest.bureau import Reading
from tests.hand_made import CATALOG, Value, write_bureau, write_xlsx

Read = Callable[[Path], Reading]

ACTIVITIES: list[Value] = ["日期", "党小组", "活动类型", "应到", "实到", "图片"]
LEAVES: list[Value] = ["姓名", "假别", "开始日期", "结束日期"]


def read_types(folder: Path, read: Read, *types: str) -> Reading:
    meetings: list[list[Value]] = [
        [f"2019-01-{day:02}", "专卖综合", word, 5, 4, "有"] for day, word in enumerate(types, 1)
    ]
    write_xlsx(write_bureau(folder) / "活动台账.xlsx", {"甲": [ACTIVITIES, *meetings]})
    return read(folder)


def read_leaves(folder: Path, read: Read, *kinds: str) -> Reading:
    days = [f"2019-01-{day:02}" for day in range(1, len(kinds) + 1)]
    absences: list[list[Value]] = [["张三", kind, day, day] for kind, day in zip(kinds, days, strict=True)]
    write_xlsx(write_bureau(folder) / "请假台账.xlsx", {"甲": [LEAVES, *absences]})
    return read(folder)


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("党小组 会", "党小组会"),
        ("党小组会议", "党小组会"),
        ("主题党日活动", "主题党日"),
        ("缴纳党费", "党费收缴"),
        ("特色　活动", "特色活动"),
        ("支部大会", "支部党员大会"),
        ("7月主题党日", "主题党日"),
        ("2019年7月份主题党日活动", "主题党日"),
        ("“主题党日”活动", "主题党日"),
        ("主题党日（第三季度）", "主题党日"),
        ("党小组会（7月）", "党小组会"),
        ("第七次党小组会", "党小组会"),
        ("一月支委会会议", "支委会"),
        ("党小组会活动", "党小组会"),
        ("小组会", "党小组会"),
        ("特色活动（送学上门）", "特色活动"),
        ("党小组会（视频会议）", "党小组会"),
        ("主题党日（与营销管理联合开展）", "主题党日"),
    ],
)
def test_another_spelling_of_a_known_activity_counts(tmp_path: Path, read: Read, written: str, word: str) -> None:
    reading = read_types(tmp_path, read, written)
    assert reading.issues == ()
    assert reading.tables["activities"]["activity_type"].tolist() == [word]


@pytest.mark.parametrize(
    "word",
    [
        "党小组会2次",
        "党小组会（未召开）",
        "主题党日（改期）",
        "党小组会、主题党日",
        "1-3月主题党日",
        "党费收缴会议",
        "党小组会（取消）",
        "党小组会（因会议室维修顺延）",
        "主题党日（暂停）",
        "特色活动（撤销）",
        "党小组会（改至周五）",
        "党小组会（下月）",
        "党小组会（两次）",
    ],
)
def test_a_word_that_says_more_than_when_is_told(tmp_path: Path, read: Read, word: str) -> None:
    assert [(issue.code, issue.seen) for issue in read_types(tmp_path, read, word).issues] == [
        ("unknown_activity", word)
    ]


def test_approved_leave_is_what_is_written_and_nothing_else(tmp_path: Path, read: Read) -> None:
    issues = read_leaves(tmp_path, read, "病假（未批）", "学习活动", "公假（转事假）").issues
    assert [issue.code for issue in issues] == ["unknown_leave"] * 3


def test_what_people_call_their_leave(tmp_path: Path, read: Read) -> None:
    written = ("因公出差", "培训学习", "病假（住院）", "公假（开会）", "事")
    reading = read_leaves(tmp_path, read, *written)
    assert reading.issues == ()
    assert reading.tables["leaves"]["leave_type"].tolist() == ["公假", "学习", "病假", "公假", "事假"]


def test_an_unknown_activity_is_told_at_its_cell_and_stays(tmp_path: Path, read: Read) -> None:
    reading = read_types(tmp_path, read, "党小组会", "碰头会")
    (issue,) = reading.issues
    assert (issue.code, issue.cell, issue.severity, issue.seen) == ("unknown_activity", "C3", "warning", "碰头会")
    assert "党小组会 / 主题党日 / 特色活动" in issue.expected
    assert issue.expected in issue.message
    assert reading.tables["activities"]["activity_type"].tolist() == ["党小组会", "碰头会"]


def test_an_unknown_word_is_told_once_for_all_its_rows(tmp_path: Path, read: Read) -> None:
    reading = read_types(tmp_path, read, "碰头会", "政治学习", "党小组会", "政治 学习", "碰头会", "政治学习")
    assert [(issue.cell, issue.seen) for issue in reading.issues] == [("C2", "碰头会"), ("C3", "政治学习")]
    one, two = (issue.message for issue in reading.issues)
    assert "另有 1 格也是如此（第 6 行至第 6 行）" in one
    assert "另有 2 格也是如此（第 5 行至第 7 行）" in two


@pytest.mark.parametrize(
    "word", ["支部党员大会", "支委会", "党课", "组长教育", "主题教育", "学习交流", "组织生活会", "志愿服务"]
)
def test_an_activity_that_no_rule_scores_is_no_fault(tmp_path: Path, read: Read, word: str) -> None:
    reading = read_types(tmp_path, read, word)
    assert reading.issues == ()
    assert reading.tables["activities"]["activity_type"].tolist() == [word]


def test_leave_is_understood_in_other_words(tmp_path: Path, read: Read) -> None:
    reading = read_leaves(tmp_path, read, "病 假", "因公请假", "事假")
    assert reading.issues == ()
    assert reading.tables["leaves"]["leave_type"].tolist() == ["病假", "公假", "事假"]


def test_leave_of_which_nobody_knows_whether_it_is_approved_is_told(tmp_path: Path, read: Read) -> None:
    reading = read_leaves(tmp_path, read, "出差", "年休假")
    assert [(issue.code, issue.cell) for issue in reading.issues] == [("unknown_leave", "B2"), ("unknown_leave", "B3")]
    assert "不从应到人数中扣除" in reading.issues[0].message
    assert reading.tables["leaves"]["leave_type"].tolist() == ["出差", "年休假"]


def test_every_word_that_a_measure_asks_for_is_known() -> None:
    asked = {
        (measure.table, *clause.split("="))
        for measure in CATALOG.measures.values()
        for clause in measure.filter.split(";")
        if clause.partition("=")[0] == "activity_type"
    }
    known = {
        (table, name, word)
        for table in ("activities",)
        for name, of in CATALOG.wordings_of(table).items()
        for word in of
    }
    assert asked
    assert asked <= known


def test_every_choice_of_a_template_is_known() -> None:
    choices = {
        (CATALOG.kinds[entry.kind].table, entry.column, choice)
        for entry in CATALOG.templates
        if entry.column in ("activity_type", "leave_type")
        for choice in entry.choices
    }
    unknown = {(table, name, word) for table, name, word in choices if word not in CATALOG.wordings_of(table)[name]}
    assert choices
    assert unknown == set()


@pytest.mark.parametrize(
    ("written", "role"),
    [
        ("支委、党小组长", "党小组长"),
        ("党小组长（兼）", "党小组长"),
        ("小组长兼组织委员", "小组长"),
        ("组织委员/组长", "组长"),
        ("副组长", "副组长"),
        ("组长（已卸任）", "组长(已卸任)"),
        ("支委（原组长）", "支委(原组长)"),
        ("组员", "组员"),
    ],
)
def test_who_leads_a_group_may_be_more_than_that(tmp_path: Path, read: Read, written: str, role: str) -> None:
    rows = [["姓名", "党小组", "党内职务", "入组时间"], ["张三", "营销管理", written, "2018-11-01"]]
    write_xlsx(tmp_path / "党员花名册.xlsx", {"花名册": rows})
    assert read(tmp_path).tables["memberships"]["party_role"].tolist() == [role]
