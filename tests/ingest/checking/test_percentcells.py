"""Scores that a cell shows as percent are told, and never read as the fraction that is stored."""

from collections.abc import Callable
from pathlib import Path

import openpyxl

from pipeline.ingest.bureau import Reading
from tests.hand_made import Rows, write_bureau, write_xlsx

Read = Callable[[Path], Reading]
QUIZ: Rows = [["姓名", "得分"], ["张三", 0.95], ["李四", 0], ["王五", 95]]


def shown_as_percent(path: Path, cells: tuple[str, ...]) -> None:
    workbook = openpyxl.load_workbook(path)
    for cell in cells:
        workbook.worksheets[0][cell].number_format = "0%"
    workbook.save(path)


def test_a_score_that_is_shown_as_percent_is_told_as_it_is_seen(tmp_path: Path, read: Read) -> None:
    path = write_xlsx(write_bureau(tmp_path) / "答题成绩_20190115.xlsx", {"甲": QUIZ})
    shown_as_percent(path, ("B2", "B3"))
    reading = read(tmp_path)
    assert [(issue.code, issue.cell, issue.seen) for issue in reading.issues] == [("bad_number", "B2", "95%")]
    assert reading.tables["quiz_results"]["score"].tolist() == [0.0, 95.0]


def test_in_a_column_that_may_be_empty_the_row_stays(tmp_path: Path, read: Read) -> None:
    rows: Rows = [["党小组", "支委评分", "互评得分"], ["营销管理", 0.95, 93]]
    path = write_xlsx(write_bureau(tmp_path) / "2019年一季度考核表.xlsx", {"季度考核": rows})
    shown_as_percent(path, ("B2",))
    reading = read(tmp_path)
    assert [(issue.code, issue.cell) for issue in reading.issues] == [("bad_number", "B2")]
    assert reading.tables["quarter_assessments"]["mutual_score"].tolist() == [93.0]
