"""Rows that number the columns are part of the header."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.ingest.bureau import Reading
from pipeline.ingest.layouts.numberings import numbers_columns
from tests.golden import assert_clean
from tests.hand_made import Rows, Value, write_bureau, write_xlsx

Read = Callable[[Path], Reading]


@pytest.mark.parametrize(
    "row", [["甲", 1, 2], ["栏次", "1", "2"], ["(1)", "（2）", "(3)"], [None, "①", "②"], ["A", "B", "C"]]
)
def test_a_row_that_numbers_the_columns_is_no_record(row: list[Value], tmp_path: Path, read: Read) -> None:
    rows: Rows = [["单位", "销量(箱)", "销售额(万元)"], row, ["城区", 700, 2000]]
    write_xlsx(write_bureau(tmp_path) / "2019年10月卷烟销售月报.xlsx", {"销售": rows})
    reading = read(tmp_path)
    assert_clean(reading)
    assert len(reading.tables["sales_by_group_month"]) == 1


@pytest.mark.parametrize("row", [["城区", 1, 2], [1, 2, 3], ["甲", 1], ["甲", 2, 3], ["A", "C"], ["A", 1, 3]])
def test_other_rows_may_be_records(row: list[str | int]) -> None:
    assert not numbers_columns(list(row))


def test_a_list_of_names_is_no_numbering() -> None:
    assert numbers_columns(["甲", 1, 2], ["城区", 1, 2])
    assert not numbers_columns(["甲", 1, 2], ["乙", 1, 3])
