"""A year that is a slip of the pen is told where nothing states the year."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from pipeline.ingest.bureau import Reading
from pipeline.ingest.checking.lonelydays import note_lonely_days
from pipeline.ingest.layouts.extract import Surroundings, extract_sheet
from pipeline.ingest.layouts.recognise import Recognised, SheetNames, recognise
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.reading import read_bureau
from pipeline.texts import load_texts
from tests.counting import grows_linearly
from tests.hand_made import CATALOG, VOCABULARY, Rows, make_grid, write_bureau, write_xlsx

Read = Callable[[Path], Reading]


def told(
    folder: Path, read: Read, days: Sequence[str], name: str = "帮扶台账.xlsx"
) -> list[tuple[str, str | None, str]]:
    visits = [[day, "张三", f"LS{number:02d}"] for number, day in enumerate(days)]
    rows: Rows = [["日期", "党员", "零售户编号"], *visits]
    write_xlsx(write_bureau(folder) / name, {"甲": rows})
    return [(issue.code, issue.cell, issue.expected) for issue in read(folder).issues]


def test_a_day_in_another_time_is_told_and_used(tmp_path: Path, read: Read) -> None:
    days = ["2019-01-08", "2091-01-09", "2019-02-10", "2019-03-11"]
    assert told(tmp_path, read, days) == [("lonely_day", "A3", "2019-03-11")]
    assert len(read(tmp_path).tables["guidance_visits"]) == 4


def test_rows_of_one_slip_are_told_together_and_as_such(tmp_path: Path, read: Read) -> None:
    days = [*(f"2019-0{month}-08" for month in range(1, 7)), "2091-05-10", "2091-01-09", "2031-01-01", "2031-03-01"]
    assert told(tmp_path, read, days) == [("lonely_day", "A8", "2031-03-01"), ("lonely_day", "A10", "2019-06-08")]
    both = [issue.message for issue in read_bureau(tmp_path, CATALOG, load_texts("en")).issues]
    assert all("more than a year from the rest of the sheet" in message and "every" not in message for message in both)


def test_the_work_of_lonely_days_grows_with_their_rows_alone() -> None:
    def ledger_of(size: int) -> SheetRows:
        days = [*["2019-01-08"] * 3 * size, *["2091-01-09"] * size]
        rows: Rows = [["日期", "党员", "零售户编号"], *([day, "张三", f"LS{row}"] for row, day in enumerate(days))]
        found = recognise(make_grid(rows), SheetNames("帮扶台账.xlsx", "甲"), VOCABULARY)
        assert isinstance(found, Recognised)
        return extract_sheet(found, VOCABULARY, Surroundings({}, {}))

    ledgers = {size: ledger_of(size) for size in (50, 100, 150)}
    assert grows_linearly(lambda size: note_lonely_days(ledgers[size], VOCABULARY.words), 50)
    assert all(fault.code == "lonely_day" for rows in ledgers.values() for fault in rows.faults)


@pytest.mark.parametrize(
    "days",
    [
        ["2019-01-08", "2019-02-10", "2020-03-11", "2021-04-01"],  # one a year
        ["2019-01-08", "2021-02-10", "2021-03-11"],  # too few to tell which of them are many
        ["2019-01-08", "2019-02-08", "2019-03-08", "2021-02-10", "2021-03-11"],  # two times of one ledger
    ],
)
def test_a_ledger_of_several_years_has_no_lonely_days(tmp_path: Path, read: Read, days: list[str]) -> None:
    assert told(tmp_path, read, days) == []


def test_where_the_year_is_stated_a_day_outside_it_is_told_once(tmp_path: Path, read: Read) -> None:
    days = ["2019-01-08", "2091-01-09", "2019-02-10", "2019-03-11"]
    codes = {code for code, _, _ in told(tmp_path, read, days, "2019年帮扶台账.xlsx")}
    assert codes == {"outside_period", "missing_months"}
