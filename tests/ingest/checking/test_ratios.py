"""A sales value and a volume that cannot both be right cost their row, and nothing else."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.ingest.bureau import Reading
from tests.hand_made import Rows, Value, write_bureau, write_xlsx

Read = Callable[[Path], Reading]
HEADER: list[Value] = ["单位", "本月/销量(箱)", "本月/销售额(元)"]


def read_sales(folder: Path, read: Read, *rows: list[Value], header: list[Value] = HEADER) -> Reading:
    sheet: Rows = [header, *rows]
    write_xlsx(write_bureau(folder) / "2019年1月销售月报.xlsx", {"甲": sheet})
    return read(folder)


def used(reading: Reading) -> list[tuple[str, float]]:
    table = reading.tables["sales_by_group_month"]
    return list(zip(table["party_group"], table["volume_xiang"], strict=True))


def test_a_value_with_digits_too_many_is_an_error_and_its_row_is_not_used(tmp_path: Path, read: Read) -> None:
    total: list[Value] = ["合计", 900, 26_000_000]
    rows: list[list[Value]] = [["城区", 700, 20_000_000], ["驮卢", 200, 6_000_000_000]]
    reading = read_sales(tmp_path, read, total, *rows)
    (issue,) = reading.issues
    assert (issue.code, issue.severity, issue.cell) == ("impossible_ratio", "error", "C4")
    assert (issue.seen, issue.expected) == ("30,000,000 元/箱", "1,000 … 250,000 元/箱")
    assert issue.seen in issue.message
    assert issue.expected in issue.message
    assert used(reading) == [("营销管理", 700)]
    totals = reading.tables["printed_totals"]
    assert totals["computed"].isna().all()


@pytest.mark.parametrize(("volume", "value"), [(700, 300_000), (700, 0), (0.1, 30_000), (700, 175_000_001)])
def test_outside_the_limits_nothing_of_the_row_is_used(tmp_path: Path, read: Read, volume: float, value: float) -> None:
    reading = read_sales(tmp_path, read, ["城区", volume, value])
    assert [issue.code for issue in reading.issues] == ["impossible_ratio"]
    assert used(reading) == []


@pytest.mark.parametrize(("volume", "value"), [(700, 700_000), (700, 175_000_000), (0, 0), (0, 30_000)])
def test_within_the_limits_and_without_a_volume_nothing_is_told(
    tmp_path: Path, read: Read, volume: float, value: float
) -> None:
    reading = read_sales(tmp_path, read, ["城区", volume, value])
    assert reading.issues == ()
    assert used(reading) == [("营销管理", volume)]


def test_a_negative_volume_is_told_as_such(tmp_path: Path, read: Read) -> None:
    reading = read_sales(tmp_path, read, ["城区", -700, 20_000_000])
    assert [issue.code for issue in reading.issues] == ["out_of_range"]


def test_the_units_of_both_are_converted(tmp_path: Path, read: Read) -> None:
    header: list[Value] = ["单位", "本月/销量(万支)", "本月/销售额(万元)"]
    reading = read_sales(tmp_path, read, ["城区", 3500, 2000], header=header)
    assert reading.issues == ()
