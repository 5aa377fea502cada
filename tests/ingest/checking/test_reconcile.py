"""Printed totals against their rows."""

import pytest

from pipeline.ingest.layouts.extract import Surroundings, extract_sheet
from pipeline.ingest.layouts.recognise import Recognised, SheetNames, recognise
from pipeline.ingest.layouts.sheetrows import SheetRows
from tests.counting import grows_linearly
from tests.hand_made import VOCABULARY, Rows, Value, make_grid

HEADER: list[Value] = ["单位", "市场检查", "寄递检查", "违规户"]
TOWN: list[Value] = ["城区", 300, 10.0, 3]
PLACE: list[Value] = ["驮卢", 150, 5, "—"]


def extract(*rows: list[Value]) -> SheetRows:
    grid = make_grid([HEADER, *rows], name="2019年1月")
    found = recognise(grid, SheetNames("专卖检查月报.xlsx", "2019年1月"), VOCABULARY)
    assert isinstance(found, Recognised)
    return extract_sheet(found, VOCABULARY, Surroundings({}, {}))


def mismatches(*rows: list[Value]) -> list[tuple[int | None, int | None, str, str]]:
    faults = extract(*rows).faults
    assert {fault.code for fault in faults} <= {"total_mismatch"}
    return [(fault.row, fault.column, fault.seen, fault.expected) for fault in faults]


@pytest.mark.parametrize(
    "rows",
    [
        [["合计", 450, 15, 3], TOWN, PLACE],
        [TOWN, PLACE, ["合 计", "450", 15, 3]],
        [TOWN, PLACE, ["平均", 225, 7.5, 3]],
        [TOWN, ["小计", 300, 10, 3], PLACE, ["小计", 150, 5, None], ["合计", 450, 15, 3]],
        [["合计", 450, 15, 3], ["其中:城区", 300, 10, 3], PLACE],
        [TOWN, PLACE, ["累计", 9000, 99, 9]],
        [TOWN, PLACE, ["合计", "/", None, 3]],
    ],
)
def test_right_totals_pass(rows: Rows) -> None:
    assert mismatches(*(list(row) for row in rows)) == []


def test_a_wrong_number_in_a_right_total_is_one_fault_at_its_cell() -> None:
    assert mismatches(TOWN, PLACE, ["合计", 550, 15, 3]) == [(3, 1, "550", "450")]
    assert mismatches(["平均", 225, 7.4, 3], TOWN, PLACE) == [(1, 2, "7.4", "7.5")]


def test_the_printed_precision_is_enough() -> None:
    assert mismatches(["甲", 1, 2, 3], ["乙", 1, 3, 3], ["丙", 2, 3, 3], ["平均", 1.33, 2.7, 3]) == []
    assert mismatches(["甲", 1, 2, 3], ["乙", 1, 3, 3], ["丙", 2, 3, 3], ["平均", 1.34, 2.7, 3]) == [
        (4, 1, "1.34", "1.33")
    ]


@pytest.mark.parametrize(
    ("parts", "total", "is_right"),
    [
        ([100.33, 50.33], 150.67, True),  # 100.334 and 50.334, each rounded to .01
        ([100.33, 50.33], 150.68, False),
        ([100.33, 50.0], 150.34, True),
        ([100.3, 50.3], 150.7, False),  # one decimal is that of points, which are exact
        ([100, 50], 150.01, False),
        ([1.01] * 600, 606.2, True),  # of many, three standard deviations
        ([1.01] * 600, 606.5, False),
    ],
)
def test_rows_that_were_rounded_one_by_one_may_miss_their_total_by_as_much(
    parts: list[float], total: float, is_right: bool
) -> None:
    counted: Rows = [[f"片{n}", part, 1] for n, part in enumerate(parts)]
    rows: Rows = [["单位", "销量(箱)", "销售额(元)"], *counted, ["合计", total]]
    found = recognise(make_grid(rows), SheetNames("2019年1月销售月报.xlsx", "甲"), VOCABULARY)
    assert isinstance(found, Recognised)
    faults = extract_sheet(found, VOCABULARY, Surroundings({}, {})).faults
    assert [fault.code for fault in faults] == ([] if is_right else ["total_mismatch"])


def test_totals_are_kept_with_what_their_rows_come_to() -> None:
    found = extract(TOWN, PLACE, ["合计", 550, 15, 3])
    assert [(total.row, total.label, total.column, total.printed, total.computed) for total in found.totals] == [
        (3, "合计", "market_inspections", 550, 450),
        (3, "合计", "courier_inspections", 15, 15),
        (3, "合计", "offending_retailers", 3, 3),
    ]


def test_a_total_over_an_unreadable_number_is_not_judged() -> None:
    found = extract(TOWN, ["驮卢", "约150", 5, None], ["合计", 450, 15, 3])
    assert [fault.code for fault in found.faults] == ["bad_number"]
    assert found.totals[0].computed is None


def test_thousands_of_subtotals_take_no_time() -> None:
    rows: list[list[Value]] = []
    for _ in range(4000):
        rows += [TOWN, ["小计", 300, 10, 3]]
    assert mismatches(*rows) == []


REVIEW: list[Value] = ["评价小组＼被评小组", "营销管理", "专卖综合", "驮卢片区"]


def review_mismatches(*rows: list[Value]) -> list[tuple[int | None, int | None, str, str]]:
    grid = make_grid([REVIEW, *rows], name="2019年一季度")
    found = recognise(grid, SheetNames("互评表.xlsx", "2019年一季度"), VOCABULARY)
    assert isinstance(found, Recognised)
    faults = extract_sheet(found, VOCABULARY, Surroundings({"驮卢所": "驮卢片区", "驮卢片区": "驮卢片区"}, {})).faults
    return [(fault.row, fault.column, fault.seen, fault.expected) for fault in faults if fault.code == "total_mismatch"]


RATINGS: list[list[Value]] = [
    ["营销管理", 100, 92, 94],
    ["专卖综合", 90, 100, 96],
    ["驮卢所", 94, 98, 100],
]


@pytest.mark.parametrize(
    "means",
    [
        ["平均", 92, 95, 95],  # without what each group gave itself
        ["平均", 94.67, 96.67, 96.67],  # with it
    ],
)
def test_the_mean_of_a_matrix_may_leave_out_what_groups_gave_themselves(means: list[Value]) -> None:
    assert review_mismatches(*RATINGS, means) == []


def test_a_wrong_mean_of_a_matrix_is_told_against_the_rows_of_the_others() -> None:
    assert review_mismatches(*RATINGS, ["平均", 92, 95, 97]) == [(4, 3, "97", "95")]


CASES: list[Value] = ["立案号", "立案日期", "办案部门", "真烟(条)", "案值(元)"]
LEDGER: list[list[Value]] = [
    ["第1号", "2019-01-05", "专卖股", 1, 100],
    ["第2号", "2019-02-06", "驮卢所", 2, 200],
    ["第3号", "2019-02-07", "专卖股", 4, 400],
    ["第4号", "2019-01-08", "驮卢所", 8, 800],
]


def mismatches_of_cases(*totals: list[Value]) -> list[tuple[int | None, int | None, str, str]]:
    found = recognise(make_grid([CASES, *LEDGER, *totals]), SheetNames("专卖案件台账.xlsx", "案件"), VOCABULARY)
    assert isinstance(found, Recognised)
    faults = extract_sheet(found, VOCABULARY, Surroundings({}, {})).faults
    return [(fault.row, fault.column, fault.seen, fault.expected) for fault in faults if fault.code == "total_mismatch"]


@pytest.mark.parametrize(
    "totals",
    [
        [["专卖股小计", None, None, 5, 500], ["驮卢所小计", None, None, 10, 1000], ["合计", None, None, 15, 1500]],
        [["小计", None, "专卖股", 5, 500], ["小计", None, "驮卢所", 10, 1000]],
        [["小计（专卖股）", None, None, 5, 500]],
        [["1月小计", None, None, 9, 900], ["2019年2月小计", None, None, 6, 600], ["一季度合计", None, None, 15, 1500]],
    ],
)
def test_subtotals_at_the_end_sum_the_rows_that_they_name(totals: list[list[Value]]) -> None:
    assert mismatches_of_cases(*totals) == []


def test_a_wrong_subtotal_at_the_end_is_told_beside_what_its_own_rows_come_to() -> None:
    assert mismatches_of_cases(["专卖股小计", None, None, 6, 500]) == [(5, 3, "6", "5")]


def test_a_total_with_its_unit_in_the_cell_is_compared() -> None:
    assert mismatches_of_cases(["合计", None, None, "15条", "0.15万元"]) == []
    assert mismatches_of_cases(["合计", None, None, "16条", "0.16万元"]) == [(5, 3, "16", "15"), (5, 4, "0.16", "0.15")]


def test_the_work_of_named_subtotals_grows_with_the_rows_alone() -> None:
    def read(size: int) -> None:
        totals: list[list[Value]] = [["专卖股小计", None, None, 5, 500], ["1月小计", None, None, 9, 900]]
        recorded = [rows for _ in range(size) for rows in (*LEDGER, *totals)]
        found = recognise(make_grid([CASES, *recorded]), SheetNames("专卖案件台账.xlsx", "案件"), VOCABULARY)
        assert isinstance(found, Recognised)
        extract_sheet(found, VOCABULARY, Surroundings({}, {}))

    assert grows_linearly(read, 40)
