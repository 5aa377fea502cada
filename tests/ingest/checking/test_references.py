"""Names of groups and members, and who belonged where on which day."""

from datetime import date
from pathlib import Path

import pytest

from pipeline.ingest.checking.references import Membership, Names, memberships_of, resolve_names
from pipeline.ingest.layouts.extract import Surroundings, extract_sheet
from pipeline.ingest.layouts.recognise import Recognised, SheetNames, recognise
from pipeline.ingest.layouts.sheetrows import SheetRows, sheet_ledger
from tests.golden import Read
from tests.hand_made import VOCABULARY, Rows, Value, make_grid, write_bureau, write_xlsx

GROUPS = {"营销管理": "营销管理", "城区": "营销管理", "驮卢片区": "驮卢片区", "驮卢": "驮卢片区"}
MOVED = (
    Membership("营销管理", date(2018, 11, 1), date(2019, 2, 16)),
    Membership("驮卢片区", date(2019, 2, 16), None),
)
LEFT = (Membership("营销管理", date(2018, 11, 1), date(2019, 3, 10)),)
BRANCH = frozenset({"全体党员", "各党小组"})
NAMES = Names(
    GROUPS,
    {"赵六": "赵六", "老赵": "赵六", "钱七": "钱七"},
    {"赵六": MOVED, "钱七": LEFT},
    BRANCH,
    VOCABULARY.words["everybody"],
)


def extracted(rows: Rows, file: str) -> SheetRows:
    found = recognise(make_grid(rows), SheetNames(file, "Sheet1"), VOCABULARY)
    assert isinstance(found, Recognised)
    return extract_sheet(found, VOCABULARY, Surroundings(GROUPS, {}))


def resolved(rows: Rows, file: str) -> SheetRows:
    found = extracted(rows, file)
    resolve_names(found, NAMES)
    return found


def visits(*entries: tuple[str, str]) -> SheetRows:
    rows = [["日期", "党员", "地点", "事项"], *([day, member, "甲村", "走访"] for day, member in entries)]
    return resolved(rows, "一线台账.xlsx")


def test_a_member_brings_the_group_of_the_day() -> None:
    found = visits(("2019-02-15", "赵六"), ("2019-02-16", "老 赵"))
    assert found.values["member"] == ["赵六", "赵六"]
    assert found.values["party_group"] == ["营销管理", "驮卢片区"]


def test_a_member_after_leaving_is_turned_down() -> None:
    found = visits(("2019-03-09", "钱七"), ("2019-03-10", "钱七"))
    assert found.rejected == {1}
    assert [(fault.code, fault.expected) for fault in found.faults] == [
        ("not_a_member_then", "营销管理 2018-11-01 … 2019-03-10")
    ]


def test_whoever_is_turned_down_on_the_day_of_leaving_is_told_why(tmp_path: Path, read: Read) -> None:
    folder = write_bureau(tmp_path)
    roster: Rows = [["姓名", "党小组", "入组时间", "离组时间"], ["钱七", "营销管理", "2018-11-01", "2019-03-10"]]
    write_xlsx(folder / "党员花名册.xlsx", {"甲": roster})
    write_xlsx(
        folder / "2019年一线台账.xlsx",
        {"甲": [["日期", "党员", "地点", "事项"], ["2019-03-10", "钱七", "甲村", "走访"]]},
    )
    (message,) = [issue.message for issue in read(folder).issues if issue.code == "not_a_member_then"]
    assert "离组日期那天起就不在组里了" in message


@pytest.mark.parametrize(
    ("month", "group"), [("2019年1月", "营销管理"), ("2019年2月", "营销管理"), ("2019年3月", "驮卢片区")]
)
def test_a_month_counts_where_the_member_was_on_the_15th(month: str, group: str) -> None:
    rows: Rows = [["月份", "岗位", "责任区", "党员", "履职次数"], [month, "示范岗", "一号", "赵六", 2]]
    assert resolved(rows, "设岗定责.xlsx").values["party_group"] == [group]


def test_a_month_that_is_only_touched_still_has_a_group() -> None:
    rows: Rows = [["月份", "岗位", "责任区", "党员", "履职次数"], ["2019年3月", "示范岗", "一号", "钱七", 2]]
    found = resolved(rows, "设岗定责.xlsx")
    assert (found.values["party_group"], found.rejected) == (["营销管理"], set())


def test_a_member_must_have_been_in_the_group_that_the_row_names() -> None:
    rows: Rows = [["月份", "党小组", "姓名", "落实决议/会议", "合计", "名次"]]
    rows = [*rows, ["2019年2月", "驮卢", "赵六", 6, 90, 1], ["2019年4月", "城区", "赵六", 6, 90, 1]]
    found = resolved(rows, "积分表.xlsx")
    assert found.rejected == {1}
    assert [fault.code for fault in found.faults] == ["not_a_member_then"]


def test_an_unknown_person_in_charge_is_missing_and_the_row_stays() -> None:
    header = ["编号", "会议日期", "承办党小组", "决议", "责任人", "期限"]
    found = resolved([header, ["1", "2019-01-05", "城区", "走访", "孙九", "2019-02-05"]], "决议台账.xlsx")
    assert (found.values["owner"], found.rejected) == ([None], set())
    assert [fault.code for fault in found.faults] == ["unknown_member"]


def test_what_breaks_a_total_down_by_something_else_is_no_row() -> None:
    rows: Rows = [
        ["单位", "市场检查", "寄递检查", "违规户"],
        ["合计", 9, 9, 9],
        ["城区", 9, 9, 9],
        ["其中：夜间", 4, 4, 4],
    ]
    found = resolved(rows, "2019年1月检查月报.xlsx")
    ledger = sheet_ledger(found.sheet.grid, [found.outcomes()])
    assert (ledger.used, ledger.total, ledger.rejected, found.faults) == (1, 2, 0, [])
    assert found.values["party_group"] == ["营销管理", None]


ROSTER: list[Value] = ["姓名", "党小组", "入组时间", "离组时间", "职务"]


def test_a_member_whose_roster_row_was_turned_down_is_known_but_not_where() -> None:
    roster = resolved(
        [ROSTER, ["赵六", "某组", "2018.11", None, "员"], ["钱七", "驮卢", "2018.13.1", None, "员"]], "花名册.xlsx"
    )
    stays = memberships_of([roster])
    assert stays == {
        "赵六": (Membership(None, date(2018, 11, 1), None),),  # since then in no known group
        "钱七": (Membership(None, date.min, None),),
    }
    assert not Names(GROUPS, {}, stays).has_roster


def test_rows_of_such_a_member_are_no_faults_of_their_own() -> None:
    stays = {"赵六": (Membership(None, date.min, None), *MOVED[:1]), "钱七": LEFT}
    names = Names(GROUPS, {"赵六": "赵六", "钱七": "钱七"}, stays)
    rows: Rows = [
        ["日期", "党员", "地点", "事项"],
        ["2019-02-15", "赵六", "甲村", "走访"],
        ["2019-06-15", "赵六", "甲村", "走访"],
    ]
    found = extracted(rows, "一线台账.xlsx")
    resolve_names(found, names)
    assert found.faults == []
    assert found.values["party_group"] == ["营销管理", None]


def test_a_stay_that_ends_before_it_begins_has_no_end() -> None:
    roster = resolved([ROSTER, ["赵六", "驮卢", "2018.11", "2017.5.1", "员"]], "花名册.xlsx")
    assert memberships_of([roster]) == {"赵六": (Membership("驮卢片区", date(2018, 11, 1), None),)}


LEDGER: Rows = [["月份", "对象", "项目", "分值", "依据"]]


def test_a_subject_is_a_group_or_a_member_in_a_group_of_the_month() -> None:
    rows = [*LEDGER, *(["2019年3月", name, "D1", 2, "表彰"] for name in ("城区", "老赵", "驮卢片"))]
    found = resolved(rows, "积分明细.xlsx")
    assert found.values["subject"] == ["营销管理", "赵六", None]
    assert found.values["party_group"] == ["营销管理", "驮卢片区", None]
    assert found.values["member"] == [None, "赵六", None]
    (fault,) = found.faults
    assert (fault.code, fault.column, fault.expected) == ("unknown_member", 1, "驮卢片区")  # what it may have meant


@pytest.mark.parametrize(
    ("day", "group", "written", "present", "named"),
    [
        ("2019-02-15", "营销管理", "全体党员", None, "赵六、钱七"),
        ("2019-02-16", "营销管理", "全体党员（1人）", 1, "钱七"),
        ("2019-02-16", "驮卢", "全体", None, "赵六"),
        ("2019-02-15", "营销管理", "全体党员", 1, None),
        ("2019-03-10", "营销管理", "全体党员", None, None),
    ],
)
def test_all_members_are_those_of_the_group_on_the_day(
    day: str, group: str, written: str, present: int | None, named: str | None
) -> None:
    header = ["日期", "党小组", "活动类型", "主题", "实到", "参加人员"]
    rows: Rows = [header, [day, group, "特色活动", "走访", present, written]]
    found = resolved(rows, "2019年活动台账.xlsx")
    assert (found.values["attendees"], found.faults) == ([named], [])


def test_a_list_of_members_keeps_those_who_are_known() -> None:
    header = ["日期", "党小组", "活动类型", "主题", "应到", "实到", "参加人员"]
    row: list[Value] = ["2019-01-08", "城区", "党小组会", "学习", 3, 3]
    lists = ("老赵、钱 七，某人", "老赵 钱七", "钱 七")
    found = resolved([header, *([*row, people] for people in lists)], "活动台账.xlsx")
    assert found.values["attendees"] == ["赵六、钱七", "赵六、钱七", "钱七"]
    assert [(fault.code, fault.seen) for fault in found.faults] == [("unknown_member", "某人")]


@pytest.mark.parametrize(
    ("excused", "named"),
    [("赵六(公假)", None), ("赵 六（事假）", None), ("公假1人", None), ("无", "赵六、钱七"), (0, "赵六、钱七")],
)
def test_all_members_but_those_on_leave_are_nobody_by_name(excused: Value, named: str | None) -> None:
    header = ["日期", "党小组", "活动类型", "主题", "请假人员", "参加人员"]
    rows: Rows = [header, ["2019-02-15", "营销管理", "特色活动", "走访", excused, "全体党员"]]
    assert resolved(rows, "2019年活动台账.xlsx").values["attendees"] == [named]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("各党小组", "several_groups"),
        ("全体党员", "several_groups"),
        ("城区、驮卢", "several_groups"),
        ("城区和驮卢", "several_groups"),
        ("城区、西区", "unknown_group"),
        ("西区", "unknown_group"),
    ],
)
def test_the_branch_as_a_whole_is_no_unknown_group(written: str, code: str) -> None:
    found = resolved([["日期", "党小组", "活动类型"], ["2019-01-08", written, "主题党日"]], "活动台账.xlsx")
    assert ([fault.code for fault in found.faults], found.rejected) == ([code], {0})


def test_everybody_is_no_unknown_member() -> None:
    found = visits(("2019-02-15", "全体党员"))
    assert ([fault.code for fault in found.faults], found.rejected) == (["several_members"], {0})
