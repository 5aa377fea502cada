"""A formula of a saved workbook gets the value it came to."""

from datetime import date, datetime, timedelta
from io import BytesIO

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from pipeline.ingest.files.grids import Cell, CellError
from pipeline.ingest.returned.stored import store_values
from pipeline.spreadsheets.cells import save_bytes

STAMP = datetime(2000, 1, 1)


def test_every_type_of_value_is_stored() -> None:
    book = openpyxl.Workbook()
    book.create_sheet("台账")
    values: dict[str, Cell | CellError] = {
        "A1": 3.5,
        "A2": "甲 & <乙>",
        "A3": True,
        "A4": CellError("#DIV/0!"),
        "A5": datetime(2019, 1, 5, 12),
        "A6": date(2019, 1, 5),
        "A7": timedelta(hours=36),
    }
    for address in values:
        book["台账"][address] = "=B1"
    data = store_values(save_bytes(book, STAMP), book, {"台账": values})
    stored = openpyxl.load_workbook(BytesIO(data), data_only=True)["台账"]
    assert [stored[address].value for address in values] == [3.5, "甲 & <乙>", True, "#DIV/0!", 43470.5, 43470, 1.5]
    assert openpyxl.load_workbook(BytesIO(data))["台账"]["A1"].value == "=B1"


def test_days_count_from_the_epoch_of_the_workbook() -> None:
    stored = {}
    for epoch in (CALENDAR_WINDOWS_1900, CALENDAR_MAC_1904):
        book = openpyxl.Workbook()
        book.epoch = epoch
        book.worksheets[0]["A1"] = "=B1"
        data = store_values(save_bytes(book, STAMP), book, {"Sheet": {"A1": date(2019, 1, 5)}})
        read = openpyxl.load_workbook(BytesIO(data), data_only=True)
        stored[epoch] = read.worksheets[0]["A1"].value
    assert stored == {CALENDAR_WINDOWS_1900: 43470, CALENDAR_MAC_1904: 42008}


def test_without_values_the_bytes_are_the_same() -> None:
    book = openpyxl.Workbook()
    data = save_bytes(book, STAMP)
    assert store_values(data, book, {}) is data
