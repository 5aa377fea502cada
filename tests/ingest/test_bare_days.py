"""Days that a workbook stores as bare numbers, counted from 1900 or from 1904."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest
import xlwt
from openpyxl import load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from pipeline.ingest.bureau import Reading
from tests.hand_made import Rows, Value, write_bureau, write_xlsx
from tests.ingest.test_issue_codes import CASE, CASES, POINTS, changed

Read = Callable[[Path], Reading]


@pytest.mark.parametrize(
    ("epoch", "serial"),
    [
        (CALENDAR_MAC_1904, 42012),
        (CALENDAR_MAC_1904, "42012"),
        (CALENDAR_MAC_1904, date(2019, 1, 9)),
        (CALENDAR_WINDOWS_1900, 43474),
    ],
)
def test_bare_numbers_are_days_of_the_system_that_the_workbook_states(
    tmp_path: Path, read: Read, epoch: datetime, serial: Value
) -> None:
    path = write_bureau(tmp_path) / "案件台账.xlsx"
    write_xlsx(path, {"案件": [CASES, changed(changed(CASE, 1, serial), 6, None)]})
    workbook = load_workbook(path)
    workbook.epoch = epoch
    workbook.save(path)
    reading = read(tmp_path)
    assert reading.issues == ()
    assert [pd.Timestamp(day) for day in reading.tables["cases"]["filed_on"]] == [pd.Timestamp("2019-01-09")]


@pytest.mark.parametrize(("from_1904", "serial"), [(True, 42012), (False, 43474)])
def test_bare_numbers_are_months_of_an_old_workbook_too(
    tmp_path: Path, read: Read, from_1904: bool, serial: int
) -> None:
    book = xlwt.Workbook()
    book.dates_1904 = from_1904
    sheet = book.add_sheet("甲")
    rows: Rows = [POINTS, [serial, "营销管理", "D1", 2, "表彰"]]
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            sheet.write(row, column, value)
    book.save(write_bureau(tmp_path) / "积分明细.xls")
    reading = read(tmp_path)
    assert reading.issues == ()
    assert [str(month)[:7] for month in reading.tables["points_ledger"]["month"]] == ["2019-01"]


def test_a_form_counts_as_its_workbook_does(tmp_path: Path, read: Read) -> None:
    rows: Rows = [
        ["专卖案件登记表"],
        ["立案号", "甲1", "立案日期", 42012],
        ["案由", "无证运输", "办案部门", "专卖股"],
        ["真烟(条)", 12, "案值(元)", 2150],
    ]
    path = write_xlsx(write_bureau(tmp_path) / "专卖案件.xlsx", {"甲1": rows})
    workbook = load_workbook(path)
    workbook.epoch = CALENDAR_MAC_1904
    workbook.save(path)
    assert [pd.Timestamp(day) for day in read(tmp_path).tables["cases"]["filed_on"]] == [pd.Timestamp("2019-01-09")]
