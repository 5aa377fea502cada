"""Days, months, quarters and years in columns."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

import pandas as pd
import pytest

from pipeline.ingest.cells.columns import ColumnHints
from pipeline.ingest.cells.values import convert_column
from tests.hand_made import VOCABULARY


def convert(
    cells: Sequence[Any], table: str, column: str, hints: ColumnHints | None = None
) -> tuple[list[object], list[tuple[int, str]]]:
    found = VOCABULARY.columns[table][column]
    converted = convert_column(cells, found, hints or ColumnHints(), VOCABULARY.words)
    return converted.values, [(fault.position, fault.code) for fault in converted.faults]


def test_days_in_many_spellings() -> None:
    cells = [
        "2019.1.5",
        "２０１９－０１－０５",
        "2019年1月5日",
        20190105.0,
        43470,
        datetime(2019, 1, 5, 20, 11),
        "20190105",
    ]
    assert convert(cells, "activities", "held_on") == ([date(2019, 1, 5)] * 7, [])


@pytest.mark.parametrize("serial", [42012, 42012.84, "42012", "42012.84", " ４２０１２ "])
def test_a_workbook_may_count_its_days_from_1904(serial: float | str) -> None:
    old, new = ColumnHints(from_1904=True), ColumnHints()
    assert convert([serial], "activities", "held_on", old) == ([date(2019, 1, 9)], [])
    assert convert([serial], "activities", "held_on", new) == ([date(2015, 1, 8)], [])
    assert convert([serial], "printed_points", "month", old) == ([pd.Period("2019-01", "M")], [])
    assert convert([serial], "printed_points", "month", new) == ([pd.Period("2015-01", "M")], [])


def test_what_is_no_serial_is_the_same_in_both_systems() -> None:
    cells = ["2019.1.5", 20190105, "20190105", date(2019, 1, 5)]
    assert convert(cells, "activities", "held_on", ColumnHints(from_1904=True))[0] == [date(2019, 1, 5)] * 4
    assert (
        convert([201901, "201901", "2019-01"], "printed_points", "month", ColumnHints(from_1904=True))[0]
        == [pd.Period("2019-01", "M")] * 3
    )


def test_a_number_written_as_text_is_the_number() -> None:
    """Whatever a number means in a column, it means as text."""
    for serial in (36526, 43466, 43474, 43474.5, 73050, 36525, 73051, 12345, 99999, 20190105, 201901, 201913):
        for table, column in (("activities", "held_on"), ("printed_points", "month")):
            values, faults = convert([str(serial)], table, column)
            assert (values, len(faults)) == (convert([serial], table, column)[0], values.count(None)), serial
            assert convert([f"{serial}.0"], table, column)[0] == values or isinstance(serial, float)
    assert convert(["43466", "43474"], "activities", "held_on")[0] == [date(2019, 1, 1), date(2019, 1, 9)]
    assert convert(["43466", "43474"], "printed_points", "month")[0] == [pd.Period("2019-01", "M")] * 2


def test_a_bare_day_takes_its_year_from_the_surroundings() -> None:
    assert convert(["1.8", 1.8], "activities", "held_on", ColumnHints(default_year=2019))[0] == [date(2019, 1, 8)] * 2
    assert convert(["1.8"], "activities", "held_on") == ([None], [(0, "bare_date")])


def test_days_that_cannot_be_are_faults() -> None:
    cells = ["2020.2.30", "元旦", time(8, 0), True]
    assert convert(cells, "activities", "held_on") == ([None] * 4, [(n, "bad_date") for n in range(4)])
    assert convert([date(1999, 1, 1)], "activities", "held_on") == ([None], [(0, "out_of_range")])


def test_a_number_that_lost_its_zero_is_not_guessed() -> None:
    year = ColumnHints(default_year=2019)
    assert convert([1.2], "activities", "held_on", year) == ([None], [(0, "ambiguous_date")])
    assert convert(["1.2"], "activities", "held_on", year)[0] == [date(2019, 1, 2)]
    typed = ColumnHints(default_year=2019, is_text_file=True)
    assert convert(["1.2"], "activities", "held_on", typed) == ([None], [(0, "ambiguous_date")])
    assert convert([2019.1], "printed_points", "month") == ([None], [(0, "ambiguous_month")])


def test_a_roster_may_give_a_month_for_a_day() -> None:
    first_day = ColumnHints(month_means_first_day=True)
    assert convert(["2018.11", "2018年11月"], "memberships", "joined_on", first_day)[0] == [date(2018, 11, 1)] * 2
    assert convert(["2018.11"], "activities", "held_on") == ([None], [(0, "bad_date")])


def test_months_quarters_and_years() -> None:
    january = pd.Period("2019-01", "M")
    cells = ["2019年1月", "一月", 201901, date(2019, 1, 31)]
    assert convert(cells, "printed_points", "month", ColumnHints(default_year=2019)) == ([january] * 4, [])
    assert convert(["1月", "1-3月"], "printed_points", "month") == ([None, None], [(0, "bare_month"), (1, "bad_month")])
    assert convert([datetime(2919, 1, 1)], "printed_points", "month") == ([None], [(0, "out_of_range")])
    fourth = pd.Period("2021Q4", "Q-DEC")
    cells = ["2021年四季度", "2021Q4", "四季度"]
    assert convert(cells, "quarter_assessments", "quarter", ColumnHints(default_year=2021)) == ([fourth] * 3, [])
    assert convert(["四季度", 4], "quarter_assessments", "quarter")[1] == [(0, "bad_quarter"), (1, "bad_quarter")]
    assert convert([2021, "2021年度", "２０２１年"], "annual_reviews", "year")[0] == [2021] * 3
    assert convert(["去年", 21], "annual_reviews", "year")[1] == [(0, "bad_year"), (1, "bad_year")]


@pytest.mark.parametrize("empty", ["—", "/", "无", None, "未办结", "办理中", "未结案"])
def test_an_open_matter_has_no_closing_day(empty: str | None) -> None:
    assert convert([empty], "cases", "closed_on") == ([None], [])


def test_a_day_that_must_be_there_cannot_be_open() -> None:
    assert convert(["未办结"], "cases", "filed_on") == ([None], [(0, "bad_date")])


def test_chinese_days() -> None:
    year = ColumnHints(default_year=2019)
    cells = ["一月十日", "二〇一九年十二月三十一日", "三月二十号", "五月九日"]
    days = [date(2019, 1, 10), date(2019, 12, 31), date(2019, 3, 20), date(2019, 5, 9)]
    assert convert(cells, "activities", "held_on", year) == (days, [])
    assert convert(["一月十十日", "一月二三日"], "activities", "held_on", year)[0] == [None, None]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2019年6月30日前", date(2019, 6, 30)),
        ("6月30日之前", date(2019, 6, 30)),
        ("2019.6.30前", date(2019, 6, 30)),
        ("6月底", date(2019, 6, 30)),
        ("2020年2月底前", date(2020, 2, 29)),
        ("年底前", date(2019, 12, 31)),
        ("2020年末", date(2020, 12, 31)),
        ("6月", date(2019, 6, 30)),
        ("2020年2月份内", date(2020, 2, 29)),
        ("6月上旬", date(2019, 6, 10)),
        ("6月中旬前", date(2019, 6, 20)),
        ("2月下旬", date(2019, 2, 28)),
        ("一季度末", date(2019, 3, 31)),
        ("2020年第3季度", date(2020, 9, 30)),
        ("2020年上半年", date(2020, 6, 30)),
        ("下半年", date(2019, 12, 31)),
        ("全年", date(2019, 12, 31)),
        ("2020年", date(2020, 12, 31)),
    ],
)
def test_until_when_a_matter_is_due(written: str, day: date) -> None:
    assert convert([written], "opinions", "due_on", ColumnHints(default_year=2019)) == ([day], [])


UNCLEAR = ["6月前", "2019年6月以前", "二季度前", "下半年之前", "2019年前"]  # its first day, or its last


@pytest.mark.parametrize("written", ["13月底", "月底", "年前", "底", "五季度", "年底", "长期", *UNCLEAR])
def test_until_when_that_cannot_be_told_is_a_fault(written: str) -> None:
    hints = ColumnHints(default_year=None if written == "年底" else 2019)
    assert convert([written], "opinions", "due_on", hints) == ([None], [(0, "bad_date")])


def test_a_matter_was_closed_on_a_day_and_not_before_one() -> None:
    hints = ColumnHints(default_year=2019)
    assert convert(["6月底", "6月30日前"], "opinions", "closed_on", hints)[1] == [(0, "bad_date"), (1, "bad_date")]


@pytest.mark.parametrize(
    "written",
    ["1月20日办结", "2019.1.20已办结", "已于1月20日办结", "已办结（1月20日）", "2019年1月20日完成", "1月20日"],
)
def test_the_day_on_which_a_matter_was_closed(written: str) -> None:
    hints = ColumnHints(default_year=2019)
    assert convert([written], "opinions", "closed_on", hints) == ([date(2019, 1, 20)], [])


@pytest.mark.parametrize("written", ["已办结", "1月20日前办结", "1月20日未办结", "计划1月20日办结", "1月20日部分办结"])
def test_a_matter_that_may_not_be_closed_is_not(written: str) -> None:
    hints = ColumnHints(default_year=2019)
    assert convert([written], "opinions", "closed_on", hints) == ([None], [(0, "bad_date")])
