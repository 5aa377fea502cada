"""A workbook built from grids shows what the grids hold, each value of its own type."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from pipeline.ingest.files.grids import CellError, Grid
from pipeline.ingest.files.workbooks import read_file
from pipeline.ingest.returned import gridcopy
from pipeline.ingest.returned.gridcopy import build_excerpt, build_workbook
from pipeline.ingest.returned.orders import CannotCopy


@pytest.mark.parametrize(
    ("value", "written", "number_format"),
    [
        ("007", "007", "@"),
        ("=1+1", "=1+1", "General"),
        (12.5, 12.5, "General"),
        (True, True, "General"),
        (date(2019, 1, 5), datetime(2019, 1, 5), "yyyy-mm-dd"),
        (datetime(2019, 1, 5, 8, 30), datetime(2019, 1, 5, 8, 30), "yyyy-mm-dd hh:mm:ss"),
        (time(8, 30), time(8, 30), "hh:mm:ss"),
        (timedelta(hours=30), timedelta(hours=30), "[h]:mm:ss"),
        (date(1899, 12, 1), "1899-12-01", "@"),
        (float("nan"), "nan", "General"),
        (CellError("#DIV/0!"), "#DIV/0!", "General"),
    ],
)
def test_a_value_keeps_its_type(value, written, number_format: str) -> None:
    book, _ = build_workbook([Grid("台账", True, ((None, value),), (), 1)])
    cell = book["台账"]["B1"]
    shown = datetime(cell.value.year, cell.value.month, cell.value.day) if type(cell.value) is date else cell.value
    assert (shown, cell.number_format) == (written, number_format)
    assert cell.data_type != "f"
    assert book["台账"]["A1"].value is None


def test_percent_cells_are_shown_as_percent() -> None:
    book, _ = build_workbook([Grid("台账", True, ((0.985, 0.985),), (), 1, percent_cells=((0, 1),))])
    assert [cell.number_format for cell in book["台账"][1]] == ["General", "0.00%"]


def test_merges_hidden_rows_and_sheets_stay() -> None:
    seen = Grid("甲", True, (("标题",), ("a", "b"), ("c",)), ((0, 0, 0, 2),), 3, hidden_rows=(2,))
    book, _ = build_workbook([seen, Grid("乙", False, (("x",),), (), 1)])
    assert [str(merged) for merged in book["甲"].merged_cells.ranges] == ["A1:C1"]
    assert book["甲"].row_dimensions[3].hidden
    assert not book["甲"].row_dimensions[2].hidden
    assert [sheet.sheet_state for sheet in book.worksheets] == ["visible", "hidden"]


def test_hidden_columns_and_the_system_of_days_stay(tmp_path: Path) -> None:
    """A bare number is the same day in the copy; without its system it would lie four years earlier."""
    seen = Grid("甲", True, (("日期", 42012, date(2019, 1, 9)),), (), 1, hidden_columns=(1,), from_1904=True)
    book, _ = build_workbook([seen])
    book.save(tmp_path / "a.xlsx")
    (grid,) = read_file(tmp_path / "a.xlsx").grids
    assert (grid.rows, grid.hidden_columns, grid.from_1904) == (seen.rows, seen.hidden_columns, True)


def test_names_become_legal_and_stay_different() -> None:
    names = ["1/2月", "1:2月", "长" * 40, "A", "a"]
    book, titles = build_workbook([Grid(name, True, (("x",),), (), 1) for name in names])
    assert titles == {
        "1/2月": "1 2月",
        "1:2月": "1 2月 2",
        "长" * 40: "长" * 31,
        "A": "A",
        "a": "a 2",
    }
    assert book.sheetnames == list(titles.values())


def test_columns_are_as_wide_as_their_content() -> None:
    rows = (("××局党支部党小组花名册及其说明",), ("姓名", "一二三四五六七八九十"))
    book, _ = build_workbook([Grid("台账", True, rows, ((0, 0, 0, 1),), 2)])
    widths = book["台账"].column_dimensions
    assert (widths["A"].width, widths["B"].width) == (8, 22)


def test_beyond_the_bound_no_copy_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gridcopy, "MAX_GRID_CELLS", 3)
    build_workbook([Grid("台账", True, (("a", "b", "c"),), (), 1)])
    with pytest.raises(CannotCopy):
        build_workbook([Grid("台账", True, (("a", "b"), ("c", "d")), (), 2)])


def test_an_excerpt_holds_the_top_and_the_faulty_rows_at_their_places() -> None:
    rows = tuple((f"编号{row}", row) for row in range(40))
    grids = [Grid("台账", True, rows, ((30, 0, 31, 0),), 40), Grid("别的", True, (("x",),), (), 1)]
    book, titles = build_excerpt(grids, {("台账", 30), ("台账", 99)}, "融合 · 摘录 ·")
    sheet = book["台账"]
    assert titles == {"台账": "台账"}
    assert sheet["A1"].value == "融合 · 摘录 · 编号0"
    filled = [row for row in range(1, 41) if sheet.cell(row, 2).value is not None]
    assert filled == [*range(1, 11), 31]
    assert sheet.merged_cells.ranges == set()


@pytest.mark.parametrize(
    ("merges", "kept"),
    [
        (((0, 0, 0, 2), (0, 1, 1, 2), (3, 0, 3, 1)), ["A1:C1", "A4:B4"]),  # the second lies over the first
        (((0, 0, 0, 2), (0, 0, 0, 1)), ["A1:C1"]),
        (((1, 0, 1, 1),), []),  # over a value, which would be lost
        (((0, 1, 1, 1),), []),  # the same; its first cell is empty
        (((0, 0, 1_048_575, 16_383),), []),
    ],
)
def test_merges_that_would_do_harm_are_left_out(merges, kept: list[str]) -> None:
    rows = (("标题",), ("a", "b"), ("c",), ("合计",))
    book, _ = build_workbook([Grid("台账", True, rows, merges, 4)])
    assert sorted(str(merged) for merged in book["台账"].merged_cells.ranges) == kept
    assert book["台账"]["B2"].value == "b"
