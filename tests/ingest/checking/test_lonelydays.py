"""A year that is a slip of the pen is told where nothing states the year."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from pipeline.ingest.bureau import Reading
from tests.hand_made import Rows, write_bureau, write_xlsx

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
