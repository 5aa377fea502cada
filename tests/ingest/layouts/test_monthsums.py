"""Sums over months beside the months of a row: right ones are no row and no fault, wrong ones are told."""

from pathlib import Path

import pytest

from pipeline.ingest.layouts.monthsums import SumColumn, find_sum_columns
from tests.golden import Read, assert_clean, rows_of
from tests.hand_made import VOCABULARY, Rows, Value, write_bureau, write_xlsx

FILE = "2019年计划目标表.xlsx"
TITLE: list[Value] = ["2019年销量计划（箱）"]
YEAR: list[Value] = ["党小组", *(f"{m}月" for m in range(1, 7)), "上半年", *(f"{m}月" for m in range(7, 13)), "下半年"]
PLANS = [100 + month for month in range(12)]


def of_year(group: str, halves: tuple[int, int], year: int) -> list[Value]:
    return [group, *PLANS[:6], halves[0], *PLANS[6:], halves[1], year]


def told(folder: Path, read: Read, rows: Rows) -> list[tuple[str, str | None, str]]:
    write_xlsx(write_bureau(folder) / FILE, {"计划": rows})
    return [(issue.code, issue.cell, issue.seen) for issue in read(folder).issues]


@pytest.mark.parametrize(
    "rows",
    [
        [TITLE, [*YEAR, "全年"], of_year("营销管理", (615, 651), 1266)],
        [TITLE, ["党小组", "1月", "2月", "全年"], ["营销管理", 100, 200, 3000]],  # of months that have no column
        [TITLE, [*YEAR, "全年"], ["营销管理", *PLANS[:6], 615, *[None] * 6, None, 1266]],  # the rest is not planned yet
        [TITLE, ["党小组", "1月", "2月", "合计"], ["营销管理", 1.25, 2.25, 3.51]],  # rounded
        [TITLE, ["党小组", "1月", "2月", "月平均"], ["营销管理", 1, 2, 1.5]],
        [TITLE, [*YEAR, "全年考核目标"], of_year("营销管理", (615, 651), 1400)],
        [TITLE, [*YEAR, "年度排名"], of_year("营销管理", (615, 651), 2)],
        [TITLE, [*YEAR, "上半年完成率(%)"], of_year("营销管理", (615, 651), 98)],
        [TITLE, [*YEAR, "上半年（%）"], of_year("营销管理", (615, 651), 98)],
        [TITLE, [*YEAR, "年度"], of_year("营销管理", (615, 651), 2019)],
    ],
)
def test_what_agrees_or_cannot_be_known_is_no_fault(rows: Rows, tmp_path: Path, read: Read) -> None:
    write_xlsx(write_bureau(tmp_path) / FILE, {"计划": rows})
    assert_clean(read(tmp_path))


@pytest.mark.parametrize(
    ("header", "row", "wrong"),
    [
        (["党小组", "1月", "2月", "合计"], ["营销管理", 700, 500, 1300], [("D3", "1300")]),
        ([*YEAR, "全年"], of_year("营销管理", (620, 648), 1270), [("H3", "620"), ("O3", "648"), ("P3", "1270")]),
        (
            ["党小组", "1月", "2月", "3月", "一季度", "4月", "5月", "小计"],
            ["营销管理", 1, 2, 3, 7, 4, 5, 15],
            [("E3", "7"), ("H3", "15")],
        ),
        (["党小组", "1月", "2月", "1-2月累计"], ["营销管理", 1, 2, 4], [("D3", "4")]),
    ],
)
def test_a_sum_that_is_not_that_of_its_months_is_told(
    header: list[Value], row: list[Value], wrong: list[tuple[str, str]], tmp_path: Path, read: Read
) -> None:
    faults = told(tmp_path, read, [TITLE, header, row])
    assert faults == [("total_mismatch", cell, seen) for cell, seen in wrong]


def test_of_two_years_nobody_knows_which_one_is_summed() -> None:
    labels, words = {4: "合计"}, VOCABULARY.words
    assert find_sum_columns(labels, {1: 11, 2: 12, 3: 12}, words) == {}
    assert find_sum_columns(labels, {1: 10, 2: 11, 3: 12}, words) == {4: SumColumn((1, 2, 3))}


def test_each_amount_has_sums_of_its_own(tmp_path: Path, read: Read) -> None:
    head: Rows = [["党小组", "销量计划(箱)", None, None, "检查计划"], [None, *["1月", "2月", "合计"] * 2]]
    rows: Rows = [["2019年计划目标表"], *head, ["营销管理", 1, 2, 3, 10, 20, 31]]
    assert told(tmp_path, read, rows) == [("total_mismatch", "G4", "31")]
    assert rows_of(read(tmp_path), "targets_by_group_month", "volume_plan_xiang", "inspections_plan") == [
        (1, 10),
        (2, 20),
    ]


def test_a_year_so_far_without_its_months_is_told(tmp_path: Path, read: Read) -> None:
    rows: Rows = [TITLE, ["党小组", "5月", "6月", "1-6月"], ["营销管理", 1, 2, 20]]
    assert told(tmp_path, read, rows) == [("unused_cells", "D3", "D3")]
