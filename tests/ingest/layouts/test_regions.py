"""Several tables on one sheet, and that every row of it is counted once."""

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import pytest

from pipeline.ingest.layouts.extract import Surroundings, extract_sheet
from pipeline.ingest.layouts.findings import AlmostRecognised, Recognised, SheetNames
from pipeline.ingest.layouts.regions import cut_out, find_tables
from pipeline.ingest.layouts.sheetrows import sheet_ledger
from tests.golden import Read, assert_clean, rows_of
from tests.hand_made import VOCABULARY, Rows, Value, make_grid, write_bureau, write_xlsx

ACTIVITIES: list[Value] = ["日期", "党小组", "活动类型", "主题", "应到", "实到"]
MEETING: list[Value] = ["2019.1.8", "专卖综合", "党小组会", "整治", 5, 4]
DECISIONS: list[Value] = ["编号", "会议日期", "承办党小组", "决议", "期限", "办结日期"]
DECISION: list[Value] = ["J1", "2019.1.8", "营销管理", "走访", "2019.2.1", "2019.1.20"]
NAMES = SheetNames("台账.xlsx", "甲")
SHELF: list[Value] = ["单位", "零售户数", "上柜户数"]


def tables_of(rows: Rows, file: str = "台账.xlsx") -> list[tuple[str, int, int]]:
    """Return kind, header row and first column of every table."""
    found = find_tables(make_grid(rows), SheetNames(file, "甲"), VOCABULARY)
    return [(table.kind.kind, table.header.top, table.header.named[0][0]) for table in found]


def test_two_kinds_below_each_other() -> None:
    rows: Rows = [["活动台账"], ACTIVITIES, MEETING, [], ["支部决议台账"], DECISIONS, DECISION]
    assert tables_of(rows) == [("activities", 1, 0), ("decisions", 5, 0)]


def test_the_first_table_need_not_be_its_best() -> None:
    wider = [*ACTIVITIES, "地点", "主持人", "记录人"]
    rows: Rows = [["活动台账"], wider, MEETING, [], ["支部决议台账"], DECISIONS, DECISION]
    assert tables_of(rows) == [("activities", 1, 0), ("decisions", 5, 0)]
    lacking: Rows = [["活动台账"], ["某日", *ACTIVITIES[1:]], MEETING, ["支部决议台账"], DECISIONS, DECISION]
    found = find_tables(make_grid(lacking), NAMES, VOCABULARY)
    assert [(type(table), table.kind.kind) for table in found] == [
        (AlmostRecognised, "activities"),
        (Recognised, "decisions"),
    ]


def test_two_kinds_side_by_side() -> None:
    rows: Rows = [["活动和决议"], [*ACTIVITIES, None, *DECISIONS], [*MEETING, None, *DECISION]]
    assert tables_of(rows) == [("activities", 1, 0), ("decisions", 1, 7)]


def test_a_header_on_every_page_begins_no_new_table_but_one_under_another_title_does() -> None:
    assert tables_of([["活动台账"], ACTIVITIES, MEETING, ACTIVITIES, MEETING]) == [("activities", 1, 0)]
    again: Rows = [["活动台账"], ACTIVITIES, MEETING, ["活动台账"], ACTIVITIES, MEETING]
    assert tables_of(again) == [("activities", 1, 0)]
    other: Rows = [["活动台账"], ACTIVITIES, MEETING, ["二月活动台账"], ACTIVITIES, MEETING]
    assert tables_of(other) == [("activities", 1, 0), ("activities", 4, 0)]


def test_a_list_in_columns_is_cut_where_its_first_header_stands_again() -> None:
    rows: Rows = [["姓名", "得分", "用时"] * 3, ["张三", 90, "3分"] * 3]
    assert tables_of(rows, "答题20190115.xlsx") == [("quiz", 0, 0), ("quiz", 0, 3), ("quiz", 0, 6)]


def test_one_table_with_empty_columns_stays_one() -> None:
    header = [ACTIVITIES[0], None, *ACTIVITIES[1:3], None, *ACTIVITIES[3:]]
    assert tables_of([["活动台账"], header, [MEETING[0], None, *MEETING[1:3], None, *MEETING[3:]]]) == [
        ("activities", 1, 0)
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [["活动台账"], ACTIVITIES, MEETING, ["合计", None, None, None, 5, 4], ["支部决议台账"], DECISIONS, DECISION],
        [["活动和决议"], [*ACTIVITIES, None, *DECISIONS], [*MEETING, None, *DECISION], [*[None] * 7, *DECISION]],
    ],
)
def test_every_row_of_several_tables_is_counted_once(rows: Sequence[Sequence[Value]]) -> None:
    grid = make_grid(rows)
    tables = [table for table in find_tables(grid, NAMES, VOCABULARY) if isinstance(table, Recognised)]
    assert len(tables) == 2
    surroundings = Surroundings({}, {})
    ledger = sheet_ledger(grid, [extract_sheet(table, VOCABULARY, surroundings).outcomes() for table in tables])
    assert ledger.balances()
    assert (ledger.used, ledger.rejected, ledger.unrecognised) == (2, 0, 0)


def test_a_row_that_one_table_uses_and_another_does_not_is_used() -> None:
    grid = make_grid([["甲"], ["乙"], ["丙"]])
    ledger = sheet_ledger(grid, [{0: "title", 1: "used"}, {0: "header", 1: "rejected"}])
    assert (ledger.used, ledger.header, ledger.rejected, ledger.unrecognised) == (1, 1, 0, 1)


def test_a_title_right_above_wins_over_that_of_the_sheet_and_units_reach_down(tmp_path: Path, read: Read) -> None:
    header: list[Value] = ["单位", "销量", "销售额"]
    rows: Rows = [
        ["2019年2月销售月报"],
        ["单位：箱、元"],
        header,
        ["城区", 700, 20_000_000],
        ["2019年3月"],
        header,
        ["城区", 500, 14_000_000],
        ["2019年4月（单位：条、元）"],
        header,
        ["城区", 250_000, 28_000_000],
    ]
    write_xlsx(write_bureau(tmp_path) / "销售月报.xlsx", {"甲": rows})
    reading = read(tmp_path)
    assert_clean(reading)
    assert rows_of(reading, "sales_by_group_month", "month", "volume_xiang", "source_row") == [
        ("2019-02", 700, 4),
        ("2019-03", 500, 7),
        ("2019-04", 1000, 10),
    ]


def test_an_issue_of_the_second_table_stands_at_its_cell(tmp_path: Path, read: Read) -> None:
    shelf: Rows = [["城区", 100, 40], ["驮卢", 50, "约20"]]
    rows: Rows = [
        ["2019年新品上柜月报"],
        ["1月", None, None, None, "2月"],
        [*SHELF, None, *SHELF],
        [*shelf[0], None, *shelf[0]],
        ["驮卢", 50, 20, None, *shelf[1]],
    ]
    write_xlsx(write_bureau(tmp_path) / "2019年上柜.xlsx", {"甲": rows})
    reading = read(tmp_path)
    assert [(issue.code, issue.cell) for issue in reading.issues] == [("bad_number", "G5")]
    ledger = next(file for file in reading.files if file.kind == "shelf").sheets[0]
    assert (ledger.used, ledger.rejected) == (2, 0)  # the row's other half is used
    assert len(reading.tables["shelf_rates_by_group_month"]) == 3


def test_a_second_table_that_lacks_a_column_leaves_the_first_alone() -> None:
    rows: Rows = [["活动台账"], ACTIVITIES, MEETING]
    (found,) = find_tables(make_grid(rows), NAMES, VOCABULARY)
    assert isinstance(found, Recognised)
    (almost,) = find_tables(make_grid([["活动台账"], ["活动日", *ACTIVITIES[1:]], MEETING]), NAMES, VOCABULARY)
    assert isinstance(almost, AlmostRecognised)
    assert (almost.missing, dict(almost.nearest)) == (("held_on",), {"held_on": 0})


def test_what_is_cut_out_keeps_its_addresses() -> None:
    grid = make_grid([["a", "b"], ["c", "d"], ["e", "f"]], ((0, 0, 0, 1), (1, 1, 2, 1)))
    cut = cut_out(grid, rows=(1, 3), columns=(1, 2))
    assert cut.rows == ((), (None, "d"), (None, "f"))
    assert (cut.merges, cut.physical_rows) == (((1, 1, 2, 1),), 2)


def test_finding_tables_does_not_grow_with_the_rows_of_a_long_ledger() -> None:
    body: list[list[Value]] = [[*MEETING[:3], f"整治{number}", 5, 4] for number in range(20_000)]
    seconds = []
    for count in (5_000, 20_000):
        grid = make_grid([["活动台账"], ACTIVITIES, *body[:count]])
        runs = []
        for _ in range(3):
            start = perf_counter()
            assert len(find_tables(grid, NAMES, VOCABULARY)) == 1
            runs.append(perf_counter() - start)
        seconds.append(min(runs))
    assert seconds[1] < 3 * seconds[0]


def test_a_matrix_for_each_quarter(tmp_path: Path, read: Read) -> None:
    corner: list[Value] = ["评价小组＼被评小组", "营销管理", "专卖综合"]
    rows: Rows = [
        ["2019年三会一课互评表"],
        ["一季度"],
        corner,
        ["营销管理", "/", 92],
        ["专卖综合", 93, "/"],
        [],
        ["二季度"],
        corner,
        ["营销管理", "/", 90],
        ["专卖综合", 91, "/"],
    ]
    write_xlsx(write_bureau(tmp_path) / "互评.xlsx", {"甲": rows})
    reading = read(tmp_path)
    assert_clean(reading)
    found = rows_of(reading, "mutual_reviews", "quarter", "rater_group", "score", "source_row")
    assert [row for row in found if row[2] is not None] == [
        ("2019Q1", "营销管理", 92, 4),
        ("2019Q1", "专卖综合", 93, 5),
        ("2019Q2", "营销管理", 90, 9),
        ("2019Q2", "专卖综合", 91, 10),
    ]
