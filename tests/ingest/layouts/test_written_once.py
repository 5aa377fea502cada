"""Months, years and groups that are written once above rows that leave them empty: only merged cells hold below."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.styles import Font

from pipeline.ingest.bureau import Reading
from pipeline.ingest.layouts.faultycells import MAX_TOLD
from pipeline.ingest.ledger import Issue
from tests.golden import Read, rows_of
from tests.hand_made import Rows, Value, write_bureau, write_xlsx

SALES: Rows = [["2019年卷烟销售月报"], ["月份", "单位", "销量(箱)", "销售额(元)"]]
PLANS: list[Value] = ["年度", "党小组", "1月", "2月"]


def sold(*months: Value) -> Rows:
    units = [("城区", "驮卢")[number % 2] for number in range(len(months))]
    return [
        *SALES,
        *([month, unit, 10 + n, 280_000 + n] for n, (month, unit) in enumerate(zip(months, units, strict=True))),
    ]


def told(reading: Reading) -> list[Issue]:
    return [issue for issue in reading.issues if issue.code != "never_handed_in"]


@pytest.mark.parametrize(
    ("months", "cells", "used"),
    [
        (("1月", "1月", None, "2月"), ["A5"], 3),  # one was forgotten
        (("1月", None, "2月", None, "3月", None), ["A4", "A6", "A8"], 3),
        (("1月", None, "2月", None, "3月", None, "4月", None), ["A4", "A6", "A8", "A10"], 4),
        (("1月", *[None] * 7), [f"A{row}" for row in range(4, 11)], 1),
    ],
)
def test_an_empty_month_is_not_that_above_it_and_each_is_told_where_it_stands(
    months: tuple[Value, ...], cells: list[str], used: int, tmp_path: Path, read: Read
) -> None:
    write_xlsx(write_bureau(tmp_path) / "卷烟销售月报.xlsx", {"甲": sold(*months)})
    reading = read(tmp_path)
    assert [(issue.code, issue.cell) for issue in told(reading)] == [("missing_value", cell) for cell in cells]
    assert len(reading.tables["sales_by_group_month"]) == used
    (file,) = [file for file in reading.files if file.path == "卷烟销售月报.xlsx"]
    assert file.sheets[0].rejected == len(months) - used


def test_a_year_that_stands_alone_above_an_empty_cell_moves_no_row_into_the_year_of_the_sheet(
    tmp_path: Path, read: Read
) -> None:
    rows: Rows = [["2019年销量计划（箱）"], PLANS, [2018, "营销管理", 6, 5], [None, "驮卢片区", 2, 1]]
    write_xlsx(write_bureau(tmp_path) / "销量计划表.xlsx", {"甲": rows})
    reading = read(tmp_path)
    assert [issue.code for issue in told(reading)] == ["bad_month", "bad_month"]
    assert {group for (group,) in rows_of(reading, "targets_by_group_month", "party_group")} == {"营销管理"}


@pytest.mark.parametrize(
    ("row", "cell", "rest"),
    [
        (MAX_TOLD + 4, f"A{MAX_TOLD + 3}", f"另有 4 格也是如此（第 {MAX_TOLD + 5} 行至第 {MAX_TOLD + 8} 行）"),
        (MAX_TOLD + 8, f"A{MAX_TOLD + 4}", f"另有 3 格也是如此（第 {MAX_TOLD + 5} 行至第 {MAX_TOLD + 7} 行）"),
    ],
)
def test_a_crossed_out_row_takes_no_other_empty_month_with_it(
    row: int, cell: str, rest: str, tmp_path: Path, read: Read
) -> None:
    path = write_xlsx(write_bureau(tmp_path) / "卷烟销售月报.xlsx", {"甲": sold("1月", *[None] * (MAX_TOLD + 5))})
    workbook = load_workbook(path)
    for written in workbook.worksheets[0][f"B{row}:D{row}"][0]:
        written.font = Font(strike=True)
    workbook.save(path)
    *_, issue = [issue for issue in told(read(tmp_path)) if issue.code == "missing_value"]
    assert (issue.cell, rest in issue.message) == (cell, True)
