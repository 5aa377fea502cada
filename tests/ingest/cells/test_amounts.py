"""Numbers, percentages and durations as people write them."""

from collections.abc import Sequence
from datetime import time, timedelta
from typing import Any

import pytest

from pipeline.catalog import Column
from pipeline.ingest.cells.amounts import are_fractions, parse_number
from pipeline.ingest.cells.columns import CellFault, ColumnHints
from pipeline.ingest.cells.values import convert_column
from pipeline.ingest.files.grids import CellError
from tests.hand_made import VOCABULARY

LEVEL = VOCABULARY.columns["sales_by_group_month"]["plan_rate_pct"]
CHANGE = VOCABULARY.columns["sales_by_group_month"]["yoy_pct"]
DURATION = VOCABULARY.columns["quiz_results"]["duration_s"]
PLAIN = ColumnHints()
PERCENT = ColumnHints(has_percent_header=True)


def convert(
    cells: Sequence[Any], column: Column, hints: ColumnHints = PLAIN
) -> tuple[list[object], list[tuple[int, str]]]:
    converted = convert_column(cells, column, hints, VOCABULARY.words)
    return converted.values, [(fault.position, fault.code) for fault in converted.faults]


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("９５", 95),
        (" 1,750,610 ", 1_750_610),
        ("(1,750,610)", -1_750_610),
        ("（12.5）", -12.5),
        ("−3", -3),
        ("¥1,200.50", 1200.5),
        ("+.5", 0.5),
        ("1 234", 1234),
        ("1　234　567.5", 1_234_567.5),
        ("-12 345", -12_345),
        ("7, 000, 000", 7_000_000),
        ("1，　234", 1234),
        ("98. 5", 98.5),
        ("　634.7　", 634.7),
        (7, 7),
        (3.25, 3.25),
    ],
)
def test_a_number_is_read(cell: str | float, number: float) -> None:
    assert parse_number(cell) == number


@pytest.mark.parametrize(
    "cell",
    [
        "约30",
        "1,75",
        "12箱",
        "",
        "3-5",
        "1e999",
        "1 2",
        "1\n2",
        "5 4",
        "1\n234",
        "1 23",
        "1234 567",
        "1 234 5",
        "1 .5",
        "1, 2",
        "1,\n234",
        "5. \n4",
        "１　２",
        True,
        time(3, 20),
        "NaN",
    ],
)
def test_what_is_no_number_is_a_fault(cell: str | bool | time) -> None:
    with pytest.raises(CellFault, match="bad_number"):
        parse_number(cell)


def test_empties_are_missing_and_error_values_are_faults() -> None:
    cells = ["—", "–", "-", "/", "无", None, "－", CellError("#DIV/0!"), 1]
    column = VOCABULARY.columns["cases"]["case_value_yuan"]
    assert convert(cells, column) == ([None] * 8 + [1.0], [(7, "error_cell")])


def test_two_numbers_in_one_cell_are_no_number() -> None:
    volume, present = (
        VOCABULARY.columns["sales_by_group_month"]["volume_xiang"],
        VOCABULARY.columns["activities"]["present"],
    )
    hints = ColumnHints(own_units={"箱": 1.0, "万支": 0.2})
    cells = ["634.7 箱", "634.7　箱", "1 234.5 箱", "63 4.7 箱", "634.7 箱 2"]
    assert convert(cells, volume, hints) == ([634.7, 634.7, 1234.5, None, None], [(3, "bad_number"), (4, "bad_number")])
    assert convert(["5 人", "5 4", "5 4人", "5\n4"], present)[0] == [5, None, None, None]
    assert convert(["98. 5%", "98 5%", "98.5 %"], LEVEL)[0] == [98.5, None, 98.5]
    assert convert(["增长 3.18 %", "增长3 18%"], CHANGE)[0] == [3.18, None]
    assert convert(["3 分 20 秒", "3分2 0秒", "3 20"], DURATION)[0] == [200, None, None]


def test_a_whole_number_may_not_be_broken() -> None:
    assert convert(["５", 5.0, 5.5], VOCABULARY.columns["activities"]["present"]) == (
        [5, 5, None],
        [(2, "bad_integer")],
    )


def test_a_percent_sign_settles_what_a_number_means() -> None:
    assert convert(["98.5%", "９８．５％", "0.5 %"], LEVEL) == ([98.5, 98.5, 0.5], [])


def test_numbers_under_a_percent_header_are_percent() -> None:
    assert convert([98.5, 101.2], LEVEL, PERCENT) == ([98.5, 101.2], [])
    assert convert([0.5, -1.5], CHANGE, PERCENT) == ([0.5, -1.5], [])


def test_a_level_without_any_sign_is_judged_by_its_whole_column() -> None:
    assert convert([0.985, 1.012, 0], LEVEL) == ([98.5, 101.2, 0], [])
    assert convert([98.5, 12, 0], LEVEL) == ([98.5, 12, 0], [])


@pytest.mark.parametrize(
    ("cells", "hints", "kept"),
    [
        ([98.5, 0.985, 97], PLAIN, [98.5, None, 97]),
        ([98.5, 0.985, 97, 0], PERCENT, [98.5, None, 97, 0]),
        (["98.5%", 99.0, 0.985], PLAIN, [98.5, 99.0, None]),
        (["98.5%", "0.9%", 99.0], PLAIN, [98.5, 0.9, 99.0]),  # its sign says what it is
        ([3.0, 1.5, 0.8], PLAIN, [3.0, 1.5, 0.8]),  # rates that are low
        ([98.5, 5.0, 97], PLAIN, [98.5, 5.0, 97]),  # no fraction, however far below
    ],
)
def test_a_fraction_among_percentages_is_not_guessed(
    cells: Sequence[Any], hints: ColumnHints, kept: list[float | None]
) -> None:
    faults = [(position, "ambiguous_percentage") for position, value in enumerate(kept) if value is None]
    assert convert(cells, LEVEL, hints) == (kept, faults)


def test_a_small_change_among_large_ones_stays() -> None:
    assert convert([30.0, 0.3, -45], CHANGE) == ([30.0, 0.3, -45], [])


def test_a_level_under_a_percent_header_that_looks_like_fractions_is_not_guessed() -> None:
    assert convert([0.985, 0], LEVEL, PERCENT) == ([None, 0], [(0, "ambiguous_percentage")])


def test_a_change_without_a_sign_follows_the_percentages_beside_it() -> None:
    cells = [0.0318, -0.05]
    assert convert(cells, CHANGE) == ([None, None], [(0, "ambiguous_percentage"), (1, "ambiguous_percentage")])
    assert convert(cells, CHANGE, ColumnHints(has_fractions_beside=True)) == ([3.18, -5.0], [])
    assert convert(cells, CHANGE, ColumnHints(has_fractions_beside=False)) == ([0.0318, -0.05], [])
    assert convert([3.18, 0.5], CHANGE) == ([3.18, 0.5], [])


@pytest.mark.parametrize(
    ("cells", "hints", "told"),
    [([0.98, 1.01], PLAIN, True), ([98, 101], PLAIN, False), (["98%"], PLAIN, None), ([98.0], PERCENT, None)],
)
def test_only_a_level_without_signs_tells_how_a_sheet_writes(
    cells: Sequence[Any], hints: ColumnHints, told: bool | None
) -> None:
    assert are_fractions(cells, LEVEL, hints, VOCABULARY.words) is told


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        ("3分20秒", 200),
        ("１分５秒", 65),
        ("45秒", 45),
        ("1小时2分3秒", 3723),
        ("3:20", 200),
        ("0:03:20", 200),
        (time(0, 3, 20), 200),
        (timedelta(minutes=2), 120),
        (95.0, 95),
    ],
)
def test_a_duration_is_read(cell: object, seconds: int) -> None:
    assert convert([cell], DURATION) == ([seconds], [])


@pytest.mark.parametrize("cell", ["很快", time(3, 20), True])
def test_what_is_no_duration_is_a_fault(cell: object) -> None:
    assert convert([cell], DURATION) == ([None], [(0, "bad_duration")])


def test_what_lies_outside_the_range_is_taken_out_after_conversion() -> None:
    column = VOCABULARY.columns["quiz_results"]["score"]
    converted = convert_column([95, 950, -1], column, PLAIN, VOCABULARY.words)
    assert converted.values == [95.0, None, None]
    assert [(fault.position, fault.code, fault.expected) for fault in converted.faults] == [
        (1, "out_of_range", "0 … 100"),
        (2, "out_of_range", "0 … 100"),
    ]


def test_a_factor_converts_numbers_before_the_range_is_looked_at() -> None:
    column = VOCABULARY.columns["sales_by_group_month"]["volume_xiang"]
    assert convert_column([500_000.0], column, PLAIN, VOCABULARY.words, 1 / 250).values == [2000.0]


def test_the_word_that_counts_may_follow_and_a_unit_of_cigarettes_or_money_may_not() -> None:
    assert convert(["5人", "４ 名", "5户"], VOCABULARY.columns["activities"]["expected"]) == (
        [5, 4, None],
        [(2, "bad_number")],
    )
    assert convert(["95.5分"], VOCABULARY.columns["quiz_results"]["score"]) == ([95.5], [])
    assert convert(["12条", "5人"], VOCABULARY.columns["cases"]["genuine_tiao"])[1] == [
        (0, "bad_number"),
        (1, "bad_number"),
    ]


def test_minutes_and_seconds_as_marks() -> None:
    assert convert(["3'20\"", "3′20″", "3’20''", "3'"], DURATION) == ([200, 200, 200, 180], [])


def test_a_change_under_a_percent_header_beside_fractions_is_not_guessed() -> None:
    beside = ColumnHints(has_percent_header=True, has_fractions_beside=True)
    assert convert([0.0318, -0.1], CHANGE, beside)[1] == [(0, "ambiguous_percentage"), (1, "ambiguous_percentage")]
    assert convert([3.18, -0.1], CHANGE, beside) == ([3.18, -0.1], [])


def test_the_format_of_a_cell_settles_what_its_number_is() -> None:
    shown = ColumnHints(has_percent_header=True, shown_as_percent=frozenset({0, 2}))
    assert convert([0.985, 0.5, 3.5, "12%"], CHANGE, shown) == ([98.5, 0.5, 350.0, 12.0], [])
    assert are_fractions([0.985, 0.5], LEVEL, shown, VOCABULARY.words) is True


def test_a_number_may_carry_a_unit_of_its_own() -> None:
    hints = ColumnHints(own_units={"元": 1.0, "万元": 10_000.0})
    column = VOCABULARY.columns["cases"]["case_value_yuan"]
    assert convert(["4万元", "2,150 元", "300", "4担"], column, hints) == (
        [40_000, 2150, 300, None],
        [(3, "bad_number")],
    )


def test_a_change_may_be_told_in_words() -> None:
    cells = ["增长3.18%", "下降1.15%", "↓0.5%", "持平", "(2.67%)", "下降-1%", "增长3.18"]
    assert convert(cells, CHANGE) == (
        [3.18, -1.15, -0.5, 0, -2.67, None, None],
        [(5, "bad_percentage"), (6, "bad_percentage")],
    )
    assert convert(["增长3.18%"], LEVEL) == ([None], [(0, "bad_percentage")])


def test_a_rank_may_be_written_as_one() -> None:
    column = VOCABULARY.columns["printed_points"]["standing"]
    assert convert(["第1名", "第 12", 3.0], column) == ([1, 12, 3], [])
