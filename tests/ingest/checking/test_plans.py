"""Amounts against the plan of their month: what is several times as much, or a fraction, is told and used."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.ingest.bureau import Reading
from tests.hand_made import Rows, Value, write_bureau, write_xlsx

Read = Callable[[Path], Reading]


def told(folder: Path, read: Read, name: str, rows: Rows, plan: list[Value]) -> list[tuple[str | None, str, str]]:
    targets: Rows = [
        ["单位：箱"],
        ["月份", "党小组", "销量计划", "检查计划"],
        *[["2019年2月", *plan], ["2019年3月", *plan]],
    ]
    write_xlsx(write_bureau(folder) / "2019年计划目标表.xlsx", {"计划": targets})
    write_xlsx(folder / name, {"甲": [["单位：箱、元"], *rows]})
    far = [issue for issue in read(folder).issues if issue.code == "far_from_plan"]
    return [(issue.cell, issue.seen, issue.expected) for issue in far]


def sales(*volumes: float) -> Rows:
    months = ("2019年2月", "2019年3月")
    rows: list[list[Value]] = [
        [month, "城区", volume, volume * 28000] for month, volume in zip(months, volumes, strict=True)
    ]
    return [["月份", "单位", "销量", "销售额"], *rows]


@pytest.mark.parametrize(
    ("volumes", "expected"),
    [
        ((720.0, 650.0), []),
        ((1400.0, 300.0), []),
        ((1500.0, 2300.0), [("C3", "1,500 箱", "720 箱")]),  # and one more in the same column
        ((720.0, 60.0), [("C4", "60 箱", "720 箱")]),
        ((0.0, 720.0), [("C3", "0 箱", "720 箱")]),
    ],
)
def test_the_sum_of_months_is_far_from_the_plan_of_one(
    tmp_path: Path, read: Read, volumes: tuple[float, float], expected: list[tuple[str, str, str]]
) -> None:
    found = told(tmp_path, read, "2019年卷烟销售月报.xlsx", sales(*volumes), ["营销管理", 720, None])
    assert found == expected
    assert len(read(tmp_path).tables["sales_by_group_month"]) == 2


def test_inspections_are_all_that_was_inspected(tmp_path: Path, read: Read) -> None:
    rows: Rows = [["月份", "单位", "市场检查", "寄递检查", "违规户"], ["2019年3月", "专卖股", 700, 120, 3]]
    assert told(tmp_path, read, "2019年专卖检查月报.xlsx", rows, ["专卖综合", None, 400]) == [("C3", "820", "400")]


def test_without_a_plan_nothing_is_far_from_it(tmp_path: Path, read: Read) -> None:
    assert told(tmp_path, read, "2019年卷烟销售月报.xlsx", sales(1500.0, 2300.0), ["专卖综合", None, 400]) == []
