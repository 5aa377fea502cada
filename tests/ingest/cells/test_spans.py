"""A first and a last day in one cell, and the ledger of leave that keeps them so."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pipeline.ingest.bureau import Reading
from pipeline.ingest.cells.spans import split_span
from tests.golden import assert_clean, rows_of
from tests.hand_made import Rows, Value, write_bureau, write_xlsx

Read = Callable[[Path], Reading]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2022.2.8-2022.2.18", date(2022, 2, 8), date(2022, 2, 18)),
        ("2022-02-08至2022-02-18", date(2022, 2, 8), date(2022, 2, 18)),
        ("2022.2.8-2.18", date(2022, 2, 8), date(2022, 2, 18)),
        ("4月6日至4月15日", date(2022, 4, 6), date(2022, 4, 15)),
        ("4月6日—15日（10天）", date(2022, 4, 6), date(2022, 4, 15)),
        ("4.6-15", date(2022, 4, 6), date(2022, 4, 15)),
        ("12月28日 ~ 1月5日", date(2022, 12, 28), date(2023, 1, 5)),
    ],
)
def test_both_days_are_found(text: str, first: date, last: date) -> None:
    assert split_span(text, 2022) == (first, last)


@pytest.mark.parametrize("text", ["2022-02-08", "2022.2.8", "2月8日", "上半年", "", "2月8日-2月30日", 44600.0])
def test_one_day_or_none_is_no_span(text: Value) -> None:
    assert split_span(text, 2022) is None


@pytest.mark.parametrize("written", ["2019.1.8-2019.1.9", "1月8日至9日", "1.8-1.9（2天）"])
def test_leave_is_read_from_one_column_of_both_days(tmp_path: Path, read: Read, written: str) -> None:
    rows: Rows = [["2019年请假登记表"], ["姓名", "假别", "起止时间", "天数"], ["张三", "病假", written, 2]]
    write_xlsx(write_bureau(tmp_path) / "请假台账.xlsx", {"请假": rows})
    reading = read(tmp_path)
    assert_clean(reading)
    assert rows_of(reading, "leaves", "from_on", "to_on") == [("2019-01-08", "2019-01-09")]


def test_leave_of_one_day_begins_and_ends_on_it(tmp_path: Path, read: Read) -> None:
    rows: Rows = [["2019年请假登记表"], ["姓名", "假别", "请假时间"], ["张三", "病假", "1月8日"]]
    write_xlsx(write_bureau(tmp_path) / "请假台账.xlsx", {"请假": rows})
    assert rows_of(read(tmp_path), "leaves", "from_on", "to_on") == [("2019-01-08", "2019-01-08")]


def test_two_columns_of_days_stay_two(tmp_path: Path, read: Read) -> None:
    rows: Rows = [["2019年请假登记表"], ["姓名", "假别", "请假时间", "结束时间"], ["张三", "病假", "1月8日", "1月9日"]]
    write_xlsx(write_bureau(tmp_path) / "请假台账.xlsx", {"请假": rows})
    assert rows_of(read(tmp_path), "leaves", "from_on", "to_on") == [("2019-01-08", "2019-01-09")]


@pytest.mark.parametrize(("days", "told"), [(3, ["missing_value"]), ("3天", ["missing_value"]), ("1天", []), ("/", [])])
def test_one_day_of_several_does_not_say_which_is_the_last(
    tmp_path: Path, read: Read, days: Value, told: list[str]
) -> None:
    rows: Rows = [["2019年请假登记表"], ["姓名", "假别", "请假时间", "天数"], ["张三", "病假", "1月8日", days]]
    write_xlsx(write_bureau(tmp_path) / "请假台账.xlsx", {"请假": rows})
    reading = read(tmp_path)
    assert [issue.code for issue in reading.issues] == told
    assert len(reading.tables["leaves"]) == 1 - len(told)
