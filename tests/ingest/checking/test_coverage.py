"""Which months were handed in, and which quarters can be reported."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from pipeline.ingest.bureau import Reading
from pipeline.ingest.reading import latest_full_quarter, quarters_with_data
from tests.hand_made import Rows, Value, write_bureau, write_xlsx

Read = Callable[[Path], Reading]
INSPECTIONS: Rows = [["单位", "市场检查", "寄递检查", "违规户"], ["城区", 10, 1, 0]]
VISITS: Rows = [["日期", "党员", "地点", "事项"]]


def write_inspections(folder: Path, *months: str) -> None:
    write_xlsx(folder / "专卖检查月报.xlsx", dict.fromkeys(months, INSPECTIONS))


def months_of(reading: Reading, kind: str) -> list[str]:
    coverage = reading.tables["coverage"]
    return [str(month) for month in coverage.loc[coverage["kind"] == kind, "month"]]


def test_statements_cover_the_months_that_have_a_row(tmp_path: Path, read: Read) -> None:
    write_inspections(write_bureau(tmp_path), "2018年11月", "2018年12月", "2019年2月")
    reading = read(tmp_path)
    assert months_of(reading, "inspections") == ["2018-11", "2018-12", "2019-02"]
    assert set(reading.tables["coverage"]["party_group"]) == {""}


def test_a_ledger_of_a_year_covers_it_up_to_the_last_month_with_results(tmp_path: Path, read: Read) -> None:
    write_inspections(write_bureau(tmp_path), "2018年11月", "2018年12月", "2019年3月")
    write_xlsx(tmp_path / "一线台账2018.xlsx", {"台账": [*VISITS, ["2018-12-05", "张三", "甲村", "走访"]]})
    write_xlsx(tmp_path / "一线台账2019.xlsx", {"台账": [*VISITS, ["2019-01-05", "张三", "甲村", "走访"]]})
    assert months_of(read(tmp_path), "frontline") == ["2018-11", "2018-12", "2019-01", "2019-02", "2019-03"]


def test_a_ledger_of_a_quarter_says_nothing_of_the_quarters_after_it(tmp_path: Path, read: Read) -> None:
    write_inspections(write_bureau(tmp_path), *(f"2019年{month}月" for month in range(1, 13)))
    rows: Rows = [*VISITS, ["2019-01-05", "张三", "甲村", "走访"]]
    write_xlsx(tmp_path / "2019年一季度一线台账.xlsx", {"台账": rows})
    title: Rows = [["2019年第三季度一线台账"], *VISITS, ["2019-08-05", "张三", "甲村", "走访"]]
    write_xlsx(tmp_path / "一线台账.xlsx", {"台账": title})
    assert months_of(read(tmp_path), "frontline") == [f"2019-{month:02d}" for month in (1, 2, 3, 7, 8, 9)]


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("2019年上半年一线台账", 1, 6),
        ("2019年1-5月一线台账", 1, 5),
        ("2019年第一至三季度一线台账", 1, 9),
        ("2019.02-2019.08一线台账", 2, 8),
    ],
)
def test_a_ledger_of_some_months_says_nothing_of_those_after_it(
    tmp_path: Path, read: Read, name: str, first: int, last: int
) -> None:
    write_inspections(write_bureau(tmp_path), *(f"2019年{month}月" for month in range(1, 13)))
    write_xlsx(tmp_path / f"{name}.xlsx", {"台账": [*VISITS, ["2019-02-05", "张三", "甲村", "走访"]]})
    reading = read(tmp_path)
    assert months_of(reading, "frontline") == [f"2019-{month:02d}" for month in range(first, last + 1)]
    assert "outside_period" not in {issue.code for issue in reading.issues}


def test_a_ledger_without_a_year_starts_with_its_first_row(tmp_path: Path, read: Read) -> None:
    write_inspections(write_bureau(tmp_path), "2018年11月", "2019年1月")
    write_xlsx(tmp_path / "一线台账.xlsx", {"台账": [*VISITS, ["2018-12-05", "张三", "甲村", "走访"]]})
    assert months_of(read(tmp_path), "frontline") == ["2018-12", "2019-01"]


def test_a_sheet_of_one_month_without_rows_covers_nothing(tmp_path: Path, read: Read) -> None:
    write_inspections(write_bureau(tmp_path), "2019年1月")
    header: list[Value] = ["序号", "日期", "党小组", "活动类型", "主题", "应到", "实到"]
    row: list[Value] = [1, "1.8", "专卖综合", "党小组会", "学习", 5, 5]
    write_xlsx(tmp_path / "2019年活动台账.xlsx", {"1月": [header, row], "2月": [header]})
    assert months_of(read(tmp_path), "activities") == ["2019-01"]


def test_quarters(tmp_path: Path, read: Read) -> None:
    write_inspections(
        write_bureau(tmp_path), "2018年11月", "2018年12月", "2019年1月", "2019年2月", "2019年3月", "2019年4月"
    )
    reading = read(tmp_path)
    assert [str(quarter) for quarter in quarters_with_data(reading)] == ["2018Q4", "2019Q1", "2019Q2"]
    assert latest_full_quarter(reading) == pd.Period("2019Q1", "Q-DEC")


def test_no_results_no_quarter(tmp_path: Path, read: Read) -> None:
    reading = read(write_bureau(tmp_path))
    assert quarters_with_data(reading) == []
    assert latest_full_quarter(reading) is None
