"""A plain table made of a form: what it notes about cells, and everything read from it back at the real cells."""

from dataclasses import replace

from pipeline.ingest.layouts.extract import Surroundings, extract_sheet
from pipeline.ingest.layouts.findings import Recognised, SheetNames
from pipeline.ingest.layouts.regions import find_tables
from tests.hand_made import VOCABULARY, Rows, make_grid

FORM: Rows = [
    ["新品上柜登记表（2019年1月）"],
    ["单位", "营销管理", "零售户数", 100],
    ["上柜户数", None, "上柜率", 0.4],
]


def test_cells_shown_as_percent_and_formulas_without_a_value_are_known_by_their_real_place() -> None:
    grid = replace(make_grid(FORM), percent_cells=((2, 3),), formulas_without_value=("B3",))
    (sheet,) = find_tables(grid, SheetNames("上柜.xlsx", "甲"), VOCABULARY)
    assert isinstance(sheet, Recognised)
    result = extract_sheet(sheet, VOCABULARY, Surroundings({}, {}))
    assert result.values["shelf_rate_pct"] == [40]
    assert [(fault.code, fault.row, fault.column) for fault in result.faults] == [("formula_without_value", 2, 1)]
    assert result.outcomes() == {0: "title", 1: "rejected", 2: "rejected"}
    assert (result.sheet, result.rows, list(result.spans)) == (sheet, [1], [(1, 2)])


def test_labels_above_a_table_stand_in_every_row_of_data_and_in_no_other() -> None:
    rows: Rows = [["积分表"], ["姓名", "张三"], ["会议", "学习", "合计"], [1, 2, 3], ["合计", None, 3], ["注：无"]]
    (sheet,) = find_tables(make_grid(rows), SheetNames("2019年1月积分表.xlsx", "营销管理"), VOCABULARY)
    assert isinstance(sheet, Recognised)
    result = extract_sheet(sheet, VOCABULARY, Surroundings({"营销管理": "营销管理"}, {}))
    assert (result.rows, result.values["member"], list(result.places["member"])) == ([3], ["张三"], [(1, 1)])
    assert list(result.outcomes().values()) == ["title", "title", "header", "used", "total", "note"]
