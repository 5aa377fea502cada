"""Columns that nobody sees: told where a table is read from them, and only there."""

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipeline.ingest.bureau import Reading
from pipeline.ingest.reading import check_paths
from pipeline.texts import load_texts
from tests.hand_made import CATALOG, Rows, write_bureau, write_xlsx
from tests.ingest.test_issue_codes import CASE, CASES

Read = Callable[[Path], Reading]


def hide(path: Path, letters: str) -> None:
    workbook = load_workbook(path)
    for letter in letters:
        workbook.worksheets[0].column_dimensions[letter].hidden = True
    workbook.save(path)


def test_hidden_columns_that_are_not_read_are_not_told(tmp_path: Path, read: Read) -> None:
    path = write_xlsx(write_bureau(tmp_path) / "案件台账.xlsx", {"案件": [["序号", *CASES, None], [1, *CASE]]})
    hide(path, "AIJ")
    assert read(tmp_path).issues == ()


@pytest.mark.parametrize(("hidden", "told"), [("CEGH", ["C, E"]), ("FGH", [])])
def test_values_above_a_table_are_columns_of_it(tmp_path: Path, read: Read, hidden: str, told: list[str]) -> None:
    rows: Rows = [
        ["岗位履职记录"],
        ["姓名", "李四", None, "月份", "2019年1月"],
        ["岗位", "责任区", "履职次数"],
        ["宣传岗", "城东", 3],
        ["监督岗", "城西", 2],
    ]
    path = write_xlsx(write_bureau(tmp_path) / "岗位履职.xlsx", {"李四": rows})
    hide(path, hidden)
    assert [(issue.code, issue.seen) for issue in read(tmp_path).issues] == [("hidden_columns", seen) for seen in told]


def test_the_columns_of_a_form_are_those_of_its_values(tmp_path: Path, read: Read) -> None:
    rows: Rows = [
        ["专卖案件登记表"],
        ["立案号", "甲1", "立案日期", "2019-01-09"],
        ["案由", "无证运输", "办案部门", "专卖股"],
        ["真烟(条)", 12, "案值(元)", 2150],
    ]
    hide(write_xlsx(write_bureau(tmp_path) / "专卖案件.xlsx", {"甲1": rows}), "CD")  # C holds nothing but labels
    (issue,) = read(tmp_path).issues
    assert (issue.code, issue.seen, issue.cell, issue.severity) == ("hidden_columns", "D", None, "warning")


@pytest.mark.process
def test_check_tells_them_of_any_file(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "案件台账.xlsx", {"案件": [CASES, CASE]})
    hide(path, "BF")
    _, issues = check_paths([path], CATALOG, load_texts("en"))
    (message,) = [issue.message for issue in issues if issue.code == "hidden_columns"]
    assert message == "Columns B, F are hidden; they were used all the same. Show them and check."
