"""One thing that is unusual on a sheet costs no row in silence: the sheet is read rightly, or the loss is told."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.ingest.bureau import Reading
from tests.hand_made import Rows, Value, write_bureau, write_xlsx

Read = Callable[[Path], Reading]
POINTS: list[Value] = ["序号", "月份", "对象", "项目", "分值", "依据"]
LEDGER: Rows = [[number, "2019年1月", "李四", "M4", 1, f"笔记{number}"] for number in range(1, 7)]


def read_points(folder: Path, read: Read, rows: Rows, merges: tuple[str, ...] = ()) -> Reading:
    write_xlsx(write_bureau(folder) / "2019年积分明细.xlsx", {"积分明细": rows}, {"积分明细": merges})
    return read(folder)


@pytest.mark.parametrize("header", ["分值：", "分值:", "分值 ： ", "分值（分）："])
def test_a_colon_behind_a_header_costs_no_row(tmp_path: Path, read: Read, header: str) -> None:
    head = [header if name == "分值" else name for name in POINTS]
    reading = read_points(tmp_path, read, [["积分明细"], head, *LEDGER])
    assert reading.issues == ()
    assert len(reading.tables["points_ledger"]) == len(LEDGER)
