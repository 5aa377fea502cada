"""Headings within a table: whose the rows below them are, and of which month or year."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.ingest.bureau import Reading
from tests.golden import assert_clean, rows_of
from tests.hand_made import Rows, Value, write_bureau, write_xlsx

Read = Callable[[Path], Reading]
POINTS: list[Value] = ["序号", "对象", "项目", "分值", "依据"]
NOTES: Rows = [[number, "李四", "M4", 1, f"笔记{number}"] for number in (1, 2)]
ACTIVITIES: list[Value] = ["序号", "日期", "活动类型", "主题"]
MEETING: list[Value] = [1, "1.8", "党小组会", "无证户整治"]
OF_GROUPS: list[Value] = [*ACTIVITIES, "党小组"]
OF_GROUP: list[Value] = [*MEETING, "营销管理"]
SALES: Rows = [["单位：箱、万元"], ["单位", "销量", "销售额"]]


def read_sheet(folder: Path, read: Read, file: str, sheet: str, rows: Rows) -> Reading:
    write_xlsx(write_bureau(folder) / file, {sheet: rows})
    return read(folder)


def told(reading: Reading) -> list[tuple[str, str, str]]:
    """Return the issues of a reading of which every row is used."""
    assert not [sheet for file in reading.files for sheet in file.sheets if sheet.unrecognised or sheet.rejected]
    return [(issue.code, issue.seen, issue.expected) for issue in reading.issues]


@pytest.mark.parametrize("first", [["1月"], None])
def test_rows_below_the_heading_of_a_month_are_of_that_month(
    tmp_path: Path, read: Read, first: list[Value] | None
) -> None:
    rows: Rows = [POINTS, *([first] if first else []), *NOTES, ["2月份"], *NOTES]
    reading = read_sheet(tmp_path, read, "2019年1月积分明细.xlsx", "积分明细", rows)
    assert told(reading) == [("outside_period", "2019-02", "2019-01")]  # once for all rows: the file says January
    assert rows_of(reading, "points_ledger", "month") == [("2019-01",)] * 2 + [("2019-02",)] * 2


def test_a_month_alone_in_the_first_column_is_a_heading(tmp_path: Path, read: Read) -> None:
    rows: Rows = [*SALES, ["9月"], ["城区", 700, 2000], ["2019年10月"], ["城区", 701, 2001]]
    reading = read_sheet(tmp_path, read, "2019年卷烟销售月报.xlsx", "销售", rows)
    assert_clean(reading)
    found = rows_of(reading, "sales_by_group_month", "month", "party_group", "volume_xiang")
    assert found == [("2019-09", "营销管理", 700), ("2019-10", "营销管理", 701)]


def test_rows_above_the_first_heading_belong_to_the_group_of_the_sheet(tmp_path: Path, read: Read) -> None:
    rows: Rows = [ACTIVITIES, MEETING, ["专卖综合"], MEETING]
    reading = read_sheet(tmp_path, read, "2019年活动台账.xlsx", "营销管理", rows)
    assert_clean(reading)
    assert rows_of(reading, "activities", "party_group") == [("营销管理",), ("专卖综合",)]


def test_rows_below_the_heading_of_an_unknown_unit_are_told(tmp_path: Path, read: Read) -> None:
    rows: Rows = [ACTIVITIES, ["营销管理"], MEETING, ["物流股"], MEETING]
    reading = read_sheet(tmp_path, read, "2019年活动台账.xlsx", "活动", rows)
    assert [(issue.code, issue.cell) for issue in reading.issues] == [("missing_value", None)]
    assert rows_of(reading, "activities", "party_group") == [("营销管理",)]


def test_rows_that_no_heading_and_no_name_gives_a_month_are_told(tmp_path: Path, read: Read) -> None:
    rows: Rows = [*SALES, ["城区", 700, 2000], ["10月"], ["城区", 701, 2001]]
    reading = read_sheet(tmp_path, read, "2019年卷烟销售月报.xlsx", "销售", rows)
    assert [issue.code for issue in reading.issues] == ["missing_value"]
    assert rows_of(reading, "sales_by_group_month", "month") == [("2019-10",)]


def test_a_bare_day_takes_its_year_from_the_heading_above_it(tmp_path: Path, read: Read) -> None:
    rows: Rows = [
        ACTIVITIES,
        MEETING,
        ["2018年结转"],
        [1, "12.8", "党小组会", "旧案"],
        ["2019年"],
        [2, "1.9", *MEETING[2:]],
    ]
    reading = read_sheet(tmp_path, read, "2019年活动台账.xlsx", "营销管理", rows)
    assert rows_of(reading, "activities", "held_on") == [("2019-01-08",), ("2018-12-08",), ("2019-01-09",)]
    assert [(issue.code, issue.cell) for issue in reading.issues] == [("outside_period", "B4")]


@pytest.mark.parametrize("heading", ["以上为2月补登", "（以上为2月补登）", "截至2月5日"])
def test_a_heading_of_the_rows_above_or_of_a_day_gives_no_month(tmp_path: Path, read: Read, heading: str) -> None:
    rows: Rows = [POINTS, *NOTES, [heading], [3, "李四", "M4", 1, "笔记3"]]
    reading = read_sheet(tmp_path, read, "2019年1月积分明细.xlsx", "积分明细", rows)
    assert rows_of(reading, "points_ledger", "month") == [("2019-01",)] * 3


def test_amounts_below_a_heading_of_several_months_are_those_of_no_month(tmp_path: Path, read: Read) -> None:
    rows: Rows = [*SALES, ["1-10月", None, None], ["城区", 7000, 20000]]
    reading = read_sheet(tmp_path, read, "2019年10月卷烟销售月报.xlsx", "销售", rows)
    assert "missing_value" in {issue.code for issue in reading.issues}
    assert rows_of(reading, "sales_by_group_month", "month") == []


@pytest.mark.parametrize("heading", [["营销管理党小组"], [None, "营销管理（2人）"]])
def test_a_group_alone_in_a_column_of_members_is_a_heading(heading: list[Value], tmp_path: Path, read: Read) -> None:
    rows: Rows = [["序号", "姓名", "会议", "合计"], heading, [1, "李四", 5, 10], ["专卖综合"], [1, "王五", 4, 9]]
    reading = read_sheet(tmp_path, read, "2019年1月积分表.xlsx", "积分", rows)
    assert_clean(reading)
    assert rows_of(reading, "printed_points", "party_group", "member") == [("营销管理", "李四"), ("专卖综合", "王五")]


def test_a_sheet_all_of_whose_columns_are_claimed_twice_is_no_error(tmp_path: Path, read: Read) -> None:
    rows: Rows = [
        ["日期", "活动日期", "类型", "活动类型", "主题", "活动主题"],
        ["营销管理"],
        ["1.8", "1.9", "会", "会", "a", "a"],
    ]
    reading = read_sheet(tmp_path, read, "2019年活动台账.xlsx", "营销管理", rows)
    assert {issue.code for issue in reading.issues} == {"duplicate_column"}


@pytest.mark.parametrize(
    ("heading", "year"),
    [
        ("一、2018年结转", "2018"),
        ("2018年度（5件）", "2018"),
        ("（2018年）", "2018"),
        ("2018年专卖综合未结案件：", "2018"),
        ("上年遗留问题（2018年）", "2018"),
        ("参照2018年办法执行", "2019"),
        ("（以上为2018年）", "2019"),
        ("2018年度组织生活会整改事项", "2019"),
        ("整改事项（2018年）", "2019"),
    ],
)
def test_only_a_heading_that_is_nothing_but_a_year_gives_it(
    heading: str, year: str, tmp_path: Path, read: Read
) -> None:
    reading = read_sheet(tmp_path, read, "2019年活动台账.xlsx", "活动", [OF_GROUPS, OF_GROUP, [heading], OF_GROUP])
    assert rows_of(reading, "activities", "held_on")[1] == (f"{year}-01-08",)


@pytest.mark.parametrize(
    ("second", "year"), [("二、本年新立", "2019"), ("专卖综合", "2019"), ("1月", "2018"), ("2018年", "2018")]
)
def test_a_heading_without_a_year_ends_that_of_the_one_above_it_unless_it_is_a_month_of_it(
    second: str, year: str, tmp_path: Path, read: Read
) -> None:
    rows: Rows = [OF_GROUPS, ["一、2018年结转"], OF_GROUP, [second], OF_GROUP]
    reading = read_sheet(tmp_path, read, "2019年活动台账.xlsx", "活动", rows)
    assert rows_of(reading, "activities", "held_on") == [("2018-01-08",), (f"{year}-01-08",)]


def test_a_month_below_the_heading_of_a_year_is_of_that_year(tmp_path: Path, read: Read) -> None:
    rows: Rows = [POINTS, ["2018年"], ["12月"], *NOTES, ["2019年"], ["1月"], *NOTES]
    reading = read_sheet(tmp_path, read, "2019年积分明细.xlsx", "积分明细", rows)
    assert rows_of(reading, "points_ledger", "month") == [("2018-12",)] * 2 + [("2019-01",)] * 2


@pytest.mark.parametrize(
    ("heading", "group"),
    [
        ("二、专卖综合党小组（5人）", "专卖综合"),
        ("（二）专卖综合：", "专卖综合"),
        ("党小组：专卖综合 共5人", "专卖综合"),
        ("2019年1月专卖综合组活动情况", "专卖综合"),
        ("第二党小组（专卖综合）", "专卖综合"),
        ("专卖综合党小组 组长：王五", "专卖综合"),
        ("与专卖综合党小组联合开展", "营销管理"),
        ("二、由专卖综合协办", "营销管理"),
        ("（由专卖综合协办）", "营销管理"),
        ("联合活动（专卖综合协办）", "营销管理"),
        ("借调到专卖综合组", "营销管理"),
    ],
)
def test_only_a_heading_that_is_nothing_but_a_group_gives_it(
    heading: str, group: str, tmp_path: Path, read: Read
) -> None:
    rows: Rows = [ACTIVITIES, MEETING, [heading], [2, "1.9", "党小组会", "新品上柜"]]
    reading = read_sheet(tmp_path, read, "2019年活动台账.xlsx", "营销管理", rows)
    assert_clean(reading)
    assert rows_of(reading, "activities", "party_group") == [("营销管理",), (group,)]


@pytest.mark.parametrize(
    ("heading", "month"),
    [
        ("二、2月份（共2条）", "2019-02"),
        ("2019年2月积分明细", "2019-02"),
        ("二月", "2019-02"),
        ("2019.02", "2019-02"),
        ("2月份检查发现问题的整改", "2019-01"),
        ("整改（2月）", "2019-01"),
    ],
)
def test_only_a_heading_that_is_nothing_but_a_month_gives_it(
    heading: str, month: str, tmp_path: Path, read: Read
) -> None:
    rows: Rows = [POINTS, *NOTES, [heading], [3, "李四", "M4", 1, "笔记3"], [4, "李四", "M4", 1, "笔记4"]]
    reading = read_sheet(tmp_path, read, "2019年积分明细.xlsx", "1月", rows)
    assert told(reading) == ([("outside_period", month, "2019-01")] if month != "2019-01" else [])
    assert rows_of(reading, "points_ledger", "month") == [("2019-01",)] * 2 + [(month,)] * 2


def test_a_mention_of_another_group_below_the_heading_of_one_leaves_open_whose_the_rows_are(
    tmp_path: Path, read: Read
) -> None:
    rows: Rows = [ACTIVITIES, ["营销管理"], MEETING, ["专卖综合承办的特色活动"], MEETING, ["营销管理承办"], MEETING]
    reading = read_sheet(tmp_path, read, "2019年活动台账.xlsx", "活动", rows)
    assert [issue.code for issue in reading.issues] == ["missing_value"] * 2
    assert rows_of(reading, "activities", "party_group") == [("营销管理",)]


def test_a_lone_text_that_mentions_a_group_is_no_heading(tmp_path: Path, read: Read) -> None:
    rows: Rows = [["姓名", "会议", "合计"], ["李四", 5, 10], ["借调到专卖综合"], ["张三", 4, 9]]
    reading = read_sheet(tmp_path, read, "2019年1月积分表.xlsx", "营销管理", rows)
    assert {(issue.cell or "")[1:] for issue in reading.issues} == {"3"}
    assert rows_of(reading, "printed_points", "party_group") == [("营销管理",)] * 2


@pytest.mark.parametrize("heading", ["支委会", "全体党员", "其他", "营销管理、专卖综合"])
def test_a_heading_of_no_group_ends_the_rows_of_the_one_before(heading: str, tmp_path: Path, read: Read) -> None:
    rows: Rows = [ACTIVITIES[1:], ["营销管理"], MEETING[1:], [heading], ["1.9", "党小组会", "学习"]]
    reading = read_sheet(tmp_path, read, "2019年活动台账.xlsx", "活动", rows)
    assert [(issue.code, issue.message.count("第 5 行")) for issue in reading.issues] == [("missing_value", 1)]
    assert rows_of(reading, "activities", "party_group") == [("营销管理",)]


@pytest.mark.parametrize(
    ("headings", "days"),
    [
        (("2018年11月", "12月", "1月"), ["2018-11-08", "2018-12-08", "2019-01-08"]),
        (("2019年2月", "1月", "12月"), ["2019-02-08", "2019-01-08", "2018-12-08"]),
        (("2018年3月", "1月", "2月"), ["2018-03-08", "2018-01-08", "2018-02-08"]),
    ],
)
def test_headings_of_months_go_over_the_turn_of_a_year(
    headings: tuple[str, ...], days: list[str], tmp_path: Path, read: Read
) -> None:
    rows: Rows = [OF_GROUPS]
    for number, (heading, day) in enumerate(zip(headings, days, strict=True), start=1):
        rows = [*rows, [heading], [number, f"{int(day[5:7])}.8", "党小组会", "学习", "营销管理"]]
    reading = read_sheet(tmp_path, read, "活动台账.xlsx", "活动", rows)
    assert_clean(reading)
    assert rows_of(reading, "activities", "held_on") == [(day,) for day in days]


@pytest.mark.parametrize("empty", [None, "/"])
def test_an_empty_column_of_groups_does_not_hide_the_headings(tmp_path: Path, read: Read, empty: Value) -> None:
    row: list[Value] = [*MEETING, empty]
    rows: Rows = [OF_GROUPS, ["一、营销管理党小组"], row, ["二、专卖综合党小组（2人）"], row]
    reading = read_sheet(tmp_path, read, "2019年活动台账.xlsx", "活动", rows)
    assert_clean(reading)
    assert rows_of(reading, "activities", "party_group") == [("营销管理",), ("专卖综合",)]


def test_an_empty_column_of_groups_does_not_hide_the_name_of_the_sheet(tmp_path: Path, read: Read) -> None:
    reading = read_sheet(tmp_path, read, "2019年活动台账.xlsx", "专卖综合", [OF_GROUPS, [*MEETING, None]])
    assert_clean(reading)
    assert rows_of(reading, "activities", "party_group") == [("专卖综合",)]


def test_a_row_without_its_group_is_told_where_others_have_theirs(tmp_path: Path, read: Read) -> None:
    rows: Rows = [OF_GROUPS, ["一、营销管理党小组"], OF_GROUP, [*MEETING, None]]
    reading = read_sheet(tmp_path, read, "2019年活动台账.xlsx", "活动", rows)
    assert [(issue.code, issue.cell) for issue in reading.issues if issue.severity == "error"] == [
        ("missing_value", "E4")
    ]


@pytest.mark.parametrize("day", ["5日", "五日", "5号 下午3点"])
def test_a_day_alone_is_of_the_month_of_its_heading(tmp_path: Path, read: Read, day: str) -> None:
    row: list[Value] = [1, day, "党小组会", "无证户整治"]
    rows: Rows = [ACTIVITIES, ["一月"], row, ["二月份"], row]
    reading = read_sheet(tmp_path, read, "2019年活动台账.xlsx", "营销管理", rows)
    assert_clean(reading)
    assert rows_of(reading, "activities", "held_on") == [("2019-01-05",), ("2019-02-05",)]


def test_a_day_alone_is_of_the_month_of_its_sheet_and_of_none_below_other_headings(tmp_path: Path, read: Read) -> None:
    row: list[Value] = [1, "5日", "党小组会", "无证户整治"]
    rows: Rows = [ACTIVITIES, ["营销管理"], row, ["1-3月"], row]
    reading = read_sheet(tmp_path, read, "2019年活动台账.xlsx", "1月", rows)
    assert [(issue.code, issue.cell) for issue in reading.issues] == [("bad_date", "B5")]
    assert rows_of(reading, "activities", "party_group", "held_on") == [("营销管理", "2019-01-05")]


@pytest.mark.parametrize("day", ["5日", "32日"])
def test_a_day_alone_without_a_month_or_beyond_it_is_told(tmp_path: Path, read: Read, day: str) -> None:
    sheet = "营销管理" if day == "5日" else "营销管理1月"
    rows: Rows = [ACTIVITIES, [1, day, "党小组会", "无证户整治"]]
    reading = read_sheet(tmp_path, read, "2019年活动台账.xlsx", sheet, rows)
    assert [(issue.code, issue.cell) for issue in reading.issues] == [("bad_date", "B2")]


@pytest.mark.parametrize("year", ["2018年", "2018", 2018, "2018年度"])
def test_a_column_of_years_says_of_when_each_row_is(year: Value, tmp_path: Path, read: Read) -> None:
    head: Rows = [["卷烟销售月报", None, "单位：箱、元"], ["年度", "月份", "单位", "销量", "销售额"]]
    rows: Rows = [[year, "1月", "城区", 690, 2e7], [2019, "1月", "城区", 700, 2e7], [None, "2月", "城区", 500, 1.4e7]]
    write_xlsx(write_bureau(tmp_path) / "2019年卷烟销售月报.xlsx", {"销售": [*head, *rows]})
    found = rows_of(read(tmp_path), "sales_by_group_month", "month", "volume_xiang")
    assert found == [("2018-01", 690), ("2019-01", 700), ("2019-02", 500)]


def test_a_year_in_a_row_of_months_across_is_that_of_its_months(tmp_path: Path, read: Read) -> None:
    head: Rows = [["2019年销量计划（箱）"], ["党小组", "年度", "1月", "2月", "合计"]]
    rows: Rows = [["营销管理", "2018年", 690, 480, 1170], [None, "2019年", 1000, 1018, 2018]]
    write_xlsx(write_bureau(tmp_path) / "2019年计划目标表.xlsx", {"计划": [*head, *rows]}, {"计划": ("A3:A4",)})
    found = rows_of(read(tmp_path), "targets_by_group_month", "month", "volume_plan_xiang")
    assert sorted(found) == [("2018-01", 690), ("2018-02", 480), ("2019-01", 1000), ("2019-02", 1018)]


CASES: list[Value] = ["年度", "立案号", "立案日期", "办案部门", "结案日期"]


def test_what_a_column_of_years_says_is_no_slip_and_its_matters_end_in_the_next_one(tmp_path: Path, read: Read) -> None:
    rows: Rows = [CASES, ["2018年", "第1号", "12.28", "专卖股", "1.3"], [2019, "第2号", "1.8", "专卖股", "1.9"]]
    write_xlsx(write_bureau(tmp_path) / "2019年专卖案件台账.xlsx", {"案件": rows})
    reading = read(tmp_path)
    assert_clean(reading)
    assert rows_of(reading, "cases", "filed_on", "closed_on") == [
        ("2018-12-28", "2019-01-03"),
        ("2019-01-08", "2019-01-09"),
    ]


def test_what_began_in_the_year_of_its_heading_may_end_in_the_next_one(tmp_path: Path, read: Read) -> None:
    rows: Rows = [["序号", *CASES[1:]], ["2018年结转"], [1, "第1号", "12.28", "专卖股", "1.3"]]
    write_xlsx(write_bureau(tmp_path) / "2019年专卖案件台账.xlsx", {"案件": rows})
    assert rows_of(read(tmp_path), "cases", "filed_on", "closed_on") == [("2018-12-28", "2019-01-03")]


def test_an_empty_cell_below_another_year_than_that_of_the_sheet_says_none(tmp_path: Path, read: Read) -> None:
    rows: Rows = [CASES, ["2018年", "第1号", "12.28", "专卖股"], [None, "第2号", "12.30", "专卖股"]]
    write_xlsx(write_bureau(tmp_path) / "2019年专卖案件台账.xlsx", {"案件": rows})
    reading = read(tmp_path)
    assert [(issue.code, issue.cell) for issue in reading.issues] == [("bare_date", "C3")]
    assert rows_of(reading, "cases", "filed_on") == [("2018-12-28",)]


@pytest.mark.parametrize(
    "heading", ["二、全体党员", "（二）全体党员", "2.各党小组", "二、党支部活动", "全体党员（9人）"]
)
def test_a_heading_of_the_whole_branch_ends_that_of_a_group_however_it_is_numbered(
    heading: str, tmp_path: Path, read: Read
) -> None:
    row: list[Value] = [*MEETING, None]
    rows: Rows = [OF_GROUPS, ["一、营销管理党小组"], row, [heading], row]
    reading = read_sheet(tmp_path, read, "2019年活动台账.xlsx", "活动", rows)
    assert [(issue.code, issue.sheet) for issue in reading.issues] == [("missing_value", "活动")]
    assert rows_of(reading, "activities", "party_group") == [("营销管理",)]


@pytest.mark.parametrize(
    ("due", "codes", "days"),
    [("15日前", [], ["2019-01-15"]), ("15号", [], ["2019-01-15"]), ("15日", ["bad_date"], [])],
)
def test_a_deadline_that_may_be_a_number_of_days_is_told(
    due: str, codes: list[str], days: list[str], tmp_path: Path, read: Read
) -> None:
    header: list[Value] = ["编号", "决议日期", "决议内容", "责任人", "期限", "党小组"]
    rows: Rows = [header, ["一", "5日", "走访", "张三", due, "营销管理"]]
    reading = read_sheet(tmp_path, read, "2019年1月支部决议台账.xlsx", "决议", rows)
    assert [issue.code for issue in reading.issues if issue.severity == "error"] == codes
    assert [day for (day,) in rows_of(reading, "decisions", "due_on")] == days
