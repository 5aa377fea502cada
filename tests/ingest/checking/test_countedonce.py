"""A row is one visit, whatever it says of itself; where it says more, that is told."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.ingest.bureau import Reading
from tests.hand_made import Rows, Value, write_bureau, write_xlsx

Read = Callable[[Path], Reading]
VISITS: list[Value] = ["日期", "党员", "零售户编号", "帮扶次数"]


def told(folder: Path, read: Read, rows: Rows, name: str = "帮扶台账.xlsx") -> list[tuple[str, str | None, str, str]]:
    write_xlsx(write_bureau(folder) / name, {"甲": rows})
    return [(issue.code, issue.cell, issue.seen, issue.expected) for issue in read(folder).issues]


@pytest.mark.parametrize("shop", ["4521 2510 0123", "2019-001/002", "LS01 LS02", "450001、二组", "45/0001、"])
def test_one_number_with_marks_in_it_is_no_list(tmp_path: Path, read: Read, shop: str) -> None:
    assert told(tmp_path, read, [VISITS[:3], ["2019-01-08", "张三", shop]]) == []


def test_a_row_that_says_it_twice_is_one_row(tmp_path: Path, read: Read) -> None:
    found = told(tmp_path, read, [VISITS, ["2019-01-08", "张三", "450001、450002", 3]])
    assert found == [("counted_once", "C2", "450001、450002", "1")]


@pytest.mark.parametrize(("shop", "times"), [("LS01", 1), ("LS01", None), ("LS-01", "1次"), ("450001", "—")])
def test_one_visit_of_one_shop(tmp_path: Path, read: Read, shop: Value, times: Value) -> None:
    assert told(tmp_path, read, [VISITS, ["2019-01-08", "张三", shop, times]]) == []


def test_times_in_a_column_of_their_own_are_told_once(tmp_path: Path, read: Read) -> None:
    rows: Rows = [
        VISITS,
        *([f"2019-01-0{day}", "张三", f"LS0{day}", times] for day, times in ((7, 1), (8, 3), (9, "2次"))),
    ]
    assert told(tmp_path, read, rows) == [("counted_once", "D3", "帮扶次数 3", "2")]


@pytest.mark.parametrize("shops", ["LS01、LS02", "4501,4502;\n4503", "LS01\nLS02", "450001/450002", "450003等5户"])
def test_several_shops_in_one_cell_are_told(tmp_path: Path, read: Read, shops: str) -> None:
    assert told(tmp_path, read, [VISITS[:3], ["2019-01-08", "张三", shops]]) == [("counted_once", "C2", shops, "1")]


def test_times_of_which_the_table_has_a_column_are_counted(tmp_path: Path, read: Read) -> None:
    rows: Rows = [["月份", "岗位", "党员", "履职次数"], ["2019年1月", "宣传岗", "张三", 3]]
    assert told(tmp_path, read, rows, "设岗定责台账.xlsx") == []
