"""Sheets without a table that are no fault."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.ingest.bureau import Reading
from pipeline.ingest.layouts.guides import is_guide, reports_nothing
from tests.hand_made import VOCABULARY, Rows, Value, make_grid, write_bureau, write_xlsx

CASES: list[Value] = ["立案号", "立案日期", "案由", "办案部门", "真烟", "案值(元)", "结案日期"]


def test_our_own_sheets_are_known_by_their_first_cell() -> None:
    assert is_guide(make_grid([["融合 · 问题清单"], ["1"]]))
    assert not is_guide(make_grid([["问题清单"], ["1"]]))
    assert not is_guide(make_grid([[]]))


@pytest.mark.parametrize("rows", [[["本月无案件"]], [["2019年2月案件台账"], [], ["本 月 无"]]])
def test_a_sheet_may_say_that_nothing_happened(rows: list[list[Value]]) -> None:
    assert reports_nothing(make_grid(rows), VOCABULARY)


@pytest.mark.parametrize("rows", [[["本月案件"]], [["本月无证户"], ["甲"]], [], [["a"], ["b"], ["c"], ["本月无"]]])
def test_other_sheets_say_something(rows: list[list[Value]]) -> None:
    assert not reports_nothing(make_grid(rows), VOCABULARY)


def test_a_month_without_cases_is_no_fault(tmp_path: Path, read: Callable[[Path], Reading]) -> None:
    folder = write_bureau(tmp_path)
    sheets: dict[str, Rows] = {
        "1月": [["单位：条"], CASES, ["甲1", "2019-01-09", "无证运输", "专卖股", 12, 2150, "2019-02-01"]],
        "2月": [["2019年2月案件台账"], CASES, ["本月无案件"]],
        "3月": [["2019年3月案件台账"], CASES],
        "4月": [["本月无案件"]],
    }
    write_xlsx(folder / "2019年案件台账.xlsx", sheets)
    reading = read(folder)
    assert [issue.message for issue in reading.issues] == []
    (ledger,) = (file for file in reading.files if file.kind == "cases")
    assert [(sheet.used, sheet.note, sheet.rejected, sheet.unrecognised) for sheet in ledger.sheets] == [
        (1, 0, 0, 0),
        (0, 1, 0, 0),
        (0, 0, 0, 0),
        (0, 1, 0, 0),
    ]
