"""Months between a bureau's first workbook of a kind and its last results."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from pipeline.ingest.bureau import Reading
from pipeline.ingest.reading import check_paths
from pipeline.texts import load_texts
from tests.hand_made import CATALOG, ROSTER, ROSTER_MERGES, Rows, Value, write_bureau, write_xlsx

Read = Callable[[Path], Reading]
INSPECTIONS: Rows = [["单位", "市场检查", "寄递检查", "违规户"], ["驮卢", 100, 1, 0]]
SHELF: Rows = [["单位", "零售户数", "上柜户数"], ["城区", 100, 40]]
POINTS: Rows = [["姓名", "落实决议/会议", "合计", "名次"], ["张三", 6, 6, 1]]
OF_GROUPS = (("营销管理", "张三"), ("专卖综合", "王五"), ("驮卢片区", "阿卜杜·某"))
REVIEW: Rows = [["评价小组＼被评小组", "营销管理", "专卖综合"], ["营销管理", "/", 92], ["专卖综合", 93, "/"]]


def write_months(folder: Path, name: str, rows: Rows, months: Iterable[int]) -> None:
    for month in months:
        write_xlsx(folder / f"2019年{month}月{name}.xlsx", {"甲": of_month(rows, month)})


def activities(month: int) -> Rows:
    return [
        ["日期", "党小组", "活动类型", "主题"],
        [f"2019-{month:02d}-08", "营销管理", "党小组会", "学习"],
        [f"2019-{month:02d}-09", "专卖综合", "党小组会", "学习"],
    ]


def of_month(rows: Rows, month: int) -> Rows:
    """Return rows whose last number is the month: no two workbooks are the same."""
    last: list[Value] = [*rows[-1][:-1], month]
    return [*rows[:-1], last]


def missing(reading: Reading) -> list[tuple[str, str, str]]:
    return told(reading, "missing_months")


def told(reading: Reading, code: str) -> list[tuple[str, str, str]]:
    assert {issue.code for issue in reading.issues} <= {"missing_months", "never_handed_in"}
    assert all((issue.sheet, issue.cell, issue.severity) == (None, None, "warning") for issue in reading.issues)
    return [(issue.file, issue.seen, issue.expected) for issue in reading.issues if issue.code == code]


def test_nothing_is_missing_from_the_first_to_the_last_month(tmp_path: Path, read: Read) -> None:
    write_months(write_bureau(tmp_path), "检查月报", INSPECTIONS, (3, 4, 5))
    write_months(tmp_path, "上柜", SHELF, (4, 5))  # begun a month later
    assert missing(read(tmp_path)) == []


def test_what_may_lie_in_a_file_that_could_not_be_opened_is_not_asked_for(tmp_path: Path, read: Read) -> None:
    write_months(write_bureau(tmp_path), "检查月报", INSPECTIONS, range(1, 10))
    write_months(tmp_path, "上柜", SHELF, (1, 3))
    broken = ("2019年/2月上柜", "2019年二季度上柜", "上柜", "2019年8月", "2018年1-6月上柜")  # of no time; of no kind
    (tmp_path / "2019年").mkdir()
    for name in broken:
        (tmp_path / f"{name}.xlsx").write_bytes(b"PK" + name.encode())
    reading = read(tmp_path)
    assert {file.path for file in reading.files if file.status == "refused"} == {f"{name}.xlsx" for name in broken}
    found = [issue for issue in reading.issues if issue.code == "missing_months"]
    assert [(issue.file, issue.seen) for issue in found] == [("2019年3月上柜.xlsx", "2019-07 … 2019-09")]
    (tmp_path / "2019年上半年上柜.xlsx").write_bytes(b"PK")
    assert [issue.seen for issue in read(tmp_path).issues if issue.code == "missing_months"] == ["2019-07 … 2019-09"]
    (tmp_path / "2019年下半年上柜.xlsx").write_bytes(b"PK")
    assert [issue for issue in read(tmp_path).issues if issue.code == "missing_months"] == []


def test_missing_months_of_a_kind_are_one_issue(tmp_path: Path, read: Read) -> None:
    write_months(write_bureau(tmp_path), "检查月报", INSPECTIONS, range(1, 9))
    write_months(tmp_path, "上柜", SHELF, (1, 3, 6))
    assert missing(read(tmp_path)) == [
        ("2019年6月上柜.xlsx", "2019-02, 2019-04 … 2019-05, 2019-07 … 2019-08", "新品上柜月报")
    ]


def test_a_month_is_missed_in_the_workbook_that_goes_on_after_it(tmp_path: Path, read: Read) -> None:
    """It is the one to mend, and not the newest: that of another year knows nothing of the month."""
    header: list[Value] = ["月份", *INSPECTIONS[0]]
    write_bureau(tmp_path)
    for year, months in ((2018, (1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12)), (2019, (1, 2, 3))):
        below: Rows = [[f"{year}年{month}月", "驮卢", 100 + month, year, 0] for month in months]
        write_xlsx(tmp_path / f"{year}年检查月报.xlsx", {"甲": [header, *below]})
    assert missing(read(tmp_path)) == [("2018年检查月报.xlsx", "2018-04", "专卖检查月报")]


def test_a_workbook_that_groups_hand_in_is_missed_from_its_group(tmp_path: Path, read: Read) -> None:
    write_months(write_bureau(tmp_path), "检查月报", INSPECTIONS, (1, 2, 3))
    for month in (1, 2, 3):
        write_xlsx(tmp_path / f"2019年{month}月营销管理积分表.xlsx", {"甲": of_month(POINTS, month)})
    for month in (1, 3):
        rows: list[list[Value]] = [[*POINTS[0]], ["王五", *POINTS[1][1:-1], month]]
        write_xlsx(tmp_path / f"2019年{month}月专卖综合积分表.xlsx", {"甲": rows})
    assert missing(read(tmp_path)) == [("2019年3月专卖综合积分表.xlsx", "2019-02", "月积分表 专卖综合")]


def test_a_group_without_a_sheet_is_missed_where_the_others_have_theirs(tmp_path: Path, read: Read) -> None:
    write_months(write_bureau(tmp_path), "检查月报", INSPECTIONS, (1, 2, 3))
    for month in (1, 2, 3):
        of_groups = {name: of_month([POINTS[0], [member, *POINTS[1][1:]]], month) for name, member in OF_GROUPS}
        if month > 1:
            of_groups.pop("驮卢片区")
        write_xlsx(tmp_path / f"2019年{month}月积分表.xlsx", of_groups)
    assert missing(read(tmp_path)) == [("2019年3月积分表.xlsx", "2019-02 … 2019-03", "月积分表 驮卢片区")]


@pytest.mark.parametrize(
    ("left_on", "asked_for"), [("2019.2.1", []), ("2019.2.2", ["2019-02"]), (None, ["2019-02 … 2019-03"])]
)
def test_a_group_whose_members_have_all_left_is_asked_for_nothing_more(
    tmp_path: Path, read: Read, left_on: str | None, asked_for: list[str]
) -> None:
    write_months(write_bureau(tmp_path), "检查月报", INSPECTIONS, (1, 2, 3))
    roster = [[*row] for row in ROSTER]
    roster[6][7] = left_on  # of the only member of 驮卢片区 until somebody is moved there
    write_xlsx(tmp_path / "党员花名册.xlsx", {"花名册": roster[:7]}, {"花名册": ROSTER_MERGES})
    for month in (1, 2, 3):
        of_groups = {name: of_month([POINTS[0], [member, *POINTS[1][1:]]], month) for name, member in OF_GROUPS}
        if month > 1:
            of_groups.pop("驮卢片区")
        write_xlsx(tmp_path / f"2019年{month}月积分表.xlsx", of_groups)
    assert [expected for _, expected, _ in missing(read(tmp_path))] == asked_for


def test_a_group_that_hands_in_its_own_workbook_is_not_missed_in_that_of_the_others(tmp_path: Path, read: Read) -> None:
    write_months(write_bureau(tmp_path), "检查月报", INSPECTIONS, (1, 2, 3))
    for month in (1, 2, 3):
        of_groups = {name: of_month([POINTS[0], [member, *POINTS[1][1:]]], month) for name, member in OF_GROUPS}
        alone = {"驮卢片区": of_groups.pop("驮卢片区")}
        write_xlsx(tmp_path / f"2019年{month}月积分表.xlsx", of_groups)
        if month != 2:
            write_xlsx(tmp_path / f"2019年{month}月驮卢片区积分表.xlsx", alone)
    assert missing(read(tmp_path)) == [("2019年3月驮卢片区积分表.xlsx", "2019-02", "月积分表 驮卢片区")]


@pytest.mark.parametrize(
    ("name", "data"), [("上柜2.xlsx", b""), ("上柜2.xlsx", bytes(90)), ("上柜2.xlsx.icloud", b"x")]
)
def test_a_workbook_without_contents_is_asked_for_once(tmp_path: Path, read: Read, name: str, data: bytes) -> None:
    write_months(write_bureau(tmp_path), "检查月报", INSPECTIONS, (1, 2, 3))
    write_months(tmp_path, "上柜", SHELF, (1, 3))
    (tmp_path / f"2019年{name.replace('2', '2月')}").write_bytes(data)
    codes = {issue.code for issue in read(tmp_path).issues}
    assert codes == {"contents_missing", "never_handed_in"}


def test_a_quarter_is_missing_once_it_has_ended(tmp_path: Path, read: Read) -> None:
    write_months(write_bureau(tmp_path), "检查月报", INSPECTIONS, range(1, 12))
    for quarter, score in (("一", 91), ("三", 92)):
        rows: Rows = [*REVIEW[:2], ["专卖综合", score, "/"]]
        write_xlsx(tmp_path / f"2019年{quarter}季度互评表.xlsx", {"互评": rows})
    assert missing(read(tmp_path)) == [("2019年三季度互评表.xlsx", "2019Q2", "三会一课互评表")]


@pytest.mark.parametrize(("left_on", "asked_for"), [("2019.4.1", []), (None, ["2019Q2 … 2019Q3"])])
def test_where_one_group_is_left_nobody_is_asked_to_rate_it(
    tmp_path: Path, read: Read, left_on: str | None, asked_for: list[str]
) -> None:
    write_months(write_bureau(tmp_path), "检查月报", INSPECTIONS, range(1, 12))
    roster = [[*row] for row in ROSTER[:7]]
    for row in roster[5:]:  # the only members of the two other groups
        row[7] = left_on
    write_xlsx(tmp_path / "党员花名册.xlsx", {"花名册": roster}, {"花名册": ROSTER_MERGES})
    write_xlsx(tmp_path / "2019年一季度互评表.xlsx", {"互评": REVIEW})
    assert [expected for _, expected, _ in missing(read(tmp_path))] == asked_for


def test_a_list_by_item_stands_for_the_matrix_of_its_quarter(tmp_path: Path, read: Read) -> None:
    write_months(write_bureau(tmp_path), "检查月报", INSPECTIONS, range(1, 13))
    write_xlsx(tmp_path / "2019年一季度互评表.xlsx", {"互评": REVIEW})
    for quarter in ("二", "四"):
        rows: Rows = [
            ["评价小组", "被评小组", "评价项目", "评分"],
            ["营销管理", "专卖综合", "党课", 92 if quarter == "二" else 93],
        ]
        write_xlsx(tmp_path / f"2019年{quarter}季度互评明细表.xlsx", {"明细": rows})
    assert missing(read(tmp_path)) == [("2019年四季度互评明细表.xlsx", "2019Q3", "三会一课互评表")]


@pytest.mark.parametrize("name", ["2019年2月上柜.xlsx", "上柜.xlsx"])
def test_a_workbook_that_could_not_be_used_is_not_missing(tmp_path: Path, read: Read, name: str) -> None:
    write_months(write_bureau(tmp_path), "检查月报", INSPECTIONS, (1, 2, 3))
    write_months(tmp_path, "上柜", SHELF, (1, 3))
    rows: list[list[Value]] = [["单位", "零售户数", "上柜户数"], ["城区", "约百户", 40]]
    write_xlsx(tmp_path / name, {"2019年2月": rows})
    assert {issue.code for issue in read(tmp_path).issues} == {"bad_number", "never_handed_in"}


def test_a_month_whose_sheet_was_not_recognised_is_not_missing(tmp_path: Path, read: Read) -> None:
    merged: Rows = [["单位", "检查(户次)", "违规户"], ["驮卢", 100, 0]]
    sheets = {f"{month}月": of_month(INSPECTIONS, month) for month in (1, 3, 5)}
    write_xlsx(write_bureau(tmp_path) / "2019年专卖检查月报.xlsx", {**sheets, "2月": merged, "说明一": merged})
    found = [issue for issue in read(tmp_path).issues if issue.code == "missing_months"]
    assert [issue.seen for issue in found] == ["2019-04"]


def test_what_the_bureau_does_not_owe_is_not_missed(tmp_path: Path, read: Read) -> None:
    settings: Rows = [["党小组", "职能", "别名", "组长岗位"], ["专卖综合", "专卖", "驮卢", "股长"]]
    write_xlsx(tmp_path / "党小组设置.xlsx", {"设置": settings})
    write_months(tmp_path, "检查月报", INSPECTIONS, (1, 2, 3))
    shelf: Rows = [SHELF[0], ["驮卢", 100, 40]]
    write_months(tmp_path, "上柜", shelf, (1, 3))  # sells nothing, and hands it in all the same
    assert missing(read(tmp_path)) == []


def test_without_results_the_last_ledger_of_any_kind_ends_the_time(tmp_path: Path, read: Read) -> None:
    for month in (1, 2, 4):
        write_xlsx(write_bureau(tmp_path) / f"2019年{month}月活动台账.xlsx", {"甲": activities(month)})
    write_xlsx(tmp_path / "2019年5月营销管理积分表.xlsx", {"甲": of_month(POINTS, 5)})
    targets: Rows = [["单位", "月份", "销量目标(箱)"], ["城区", "2019-12", 100]]
    write_xlsx(tmp_path / "2019年计划目标表.xlsx", {"甲": targets})  # lies ahead
    reading = read(tmp_path)
    assert missing(reading) == [("2019年4月活动台账.xlsx", "2019-03, 2019-05", "活动台账")]
    assert told(reading, "never_handed_in") == []


def test_what_is_needed_and_never_came_is_told_once_a_kind(tmp_path: Path, read: Read) -> None:
    write_months(write_bureau(tmp_path), "检查月报", INSPECTIONS, (1, 2, 3))
    reading = read(tmp_path)
    found = told(reading, "never_handed_in")
    wanted = {kind.label_zh for kind in CATALOG.kinds.values() if kind.is_expected} - {"专卖检查月报"}
    assert {"活动台账", "卷烟销售月报"} <= wanted
    assert not wanted & {"积分明细", "单位设置", "党员花名册", "月积分表", "承诺台账"}
    assert sorted(found) == sorted((label, "2019-01 … 2019-03", label) for label in wanted)
    assert len(reading.issues) == len(found)


def test_nothing_is_told_as_never_handed_in_before_a_quarter_of_results(tmp_path: Path, read: Read) -> None:
    write_months(write_bureau(tmp_path), "检查月报", INSPECTIONS, (2, 3, 4))
    assert read(tmp_path).issues == ()


@pytest.mark.parametrize("rows", [[], [["城区", "约百户", 40]]])
def test_a_workbook_that_came_empty_or_unusable_was_handed_in(tmp_path: Path, read: Read, rows: Rows) -> None:
    write_months(write_bureau(tmp_path), "检查月报", INSPECTIONS, (1, 2, 3))
    write_xlsx(tmp_path / "2019年1月上柜.xlsx", {"甲": [["单位", "零售户数", "上柜户数"], *rows]})
    never = {issue.expected for issue in read(tmp_path).issues if issue.code == "never_handed_in"}
    assert "卷烟销售月报" in never
    assert "新品上柜月报" not in never


def test_a_group_that_never_hands_in_what_others_do_is_told(tmp_path: Path, read: Read) -> None:
    write_months(write_bureau(tmp_path), "检查月报", INSPECTIONS, (1, 2, 3))
    for month in (1, 2, 3):
        of_group = [[row[0], *row[2:]] for row in activities(month)[:2]]
        write_xlsx(tmp_path / f"2019年{month}月营销管理活动台账.xlsx", {"甲": of_group})
    never = [line for line in told(read(tmp_path), "never_handed_in") if line[0] == "活动台账"]
    assert [line[2] for line in never] == ["活动台账 专卖综合", "活动台账 驮卢片区"]


def test_one_ledger_of_all_groups_is_handed_in_for_each(tmp_path: Path, read: Read) -> None:
    write_months(write_bureau(tmp_path), "检查月报", INSPECTIONS, (1, 2, 3))
    for month in (1, 2, 3):
        write_xlsx(tmp_path / f"2019年{month}月活动台账.xlsx", {"甲": activities(month)})
    assert "活动台账" not in {issue.file for issue in read(tmp_path).issues}


def test_files_checked_without_a_bureau_need_not_be_all(tmp_path: Path, read: Read) -> None:
    del read  # reads in this process
    write_months(tmp_path, "上柜", SHELF, (1, 3))
    assert check_paths([tmp_path], CATALOG, load_texts("zh"))[1] == ()
    write_bureau(tmp_path)
    codes = [issue.code for issue in check_paths([tmp_path], CATALOG, load_texts("zh"))[1]]
    assert codes == ["missing_months"]
    write_months(tmp_path, "检查月报", INSPECTIONS, (2,))
    codes = [issue.code for issue in check_paths([tmp_path], CATALOG, load_texts("zh"))[1]]
    assert {"missing_months", "never_handed_in"} == set(codes)


def test_what_a_metric_needs_every_month_is_expected() -> None:
    metrics = CATALOG.metrics.values()
    tables = {CATALOG.measures[leaf].table for metric in metrics for leaf in CATALOG.leaf_measures(metric.measure)}
    assert {kind.kind for kind in CATALOG.kinds.values() if kind.table in tables and not kind.is_expected} == set()
    assert {kind.cadence for kind in CATALOG.kinds.values() if kind.is_expected} == {"monthly", "quarterly"}
