"""Workbooks written cell by cell for one test, and readers of them that start no process."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

import openpyxl

from pipeline.catalog import load_catalog
from pipeline.ingest.files.grids import FileGrids, Grid, count_non_empty_rows, is_blank
from pipeline.ingest.files.workbooks import read_file
from pipeline.ingest.vocabulary import build_vocabulary
from tests.stand_in_reader import StandInReader

CATALOG = load_catalog()
VOCABULARY = build_vocabulary(CATALOG)

Value = str | int | float | bool | date | datetime | None
Rows = Sequence[Sequence[Value]]

ROSTER: Rows = (
    ["××局(营销部)党支部党小组花名册"],
    ["编制单位：××党支部", None, None, None, None, "填报日期：2019年1月5日"],
    ["序号", "姓名", "性别", "职务", "党小组", "党内职务", "入组时间", "离组时间", "备注"],
    [1, "张 三", "男", "市场经理", "营销管理", "组长", "2018.11", None, None],
    [2, "李四 ", "女", "客户经理", None, "—", "2018.11", None, "借调"],
    [3, "王五", "男", "专卖股长", "专卖综合", "组长", "2018.11", None, None],
    [4, "阿卜杜·某", "男", "管理所长", "驮卢片区", "组长", "2018.11", None, None],
    [5, "赵六", "男", "客户经理", "营销管理", None, date(2018, 11, 1), date(2019, 2, 1), "转入驮卢片区"],
    [6, "赵六", "男", "客户经理", "驮卢片区", None, date(2019, 2, 1), None, None],
    ["负责人签字：            制表人："],
)
ROSTER_MERGES = ("A1:H1", "E4:E5")
ALIASES: Rows = (
    ["名称对照"],
    ["表内写法", "标准名称"],
    ["城区", "营销管理"],
    ["驮卢", "驮卢片区"],
    ["驮卢所", "驮卢片区"],
    ["专卖股", "专卖综合"],
)


def write_xlsx(path: Path, sheets: Mapping[str, Rows], merges: Mapping[str, Sequence[str]] | None = None) -> Path:
    """Write a workbook; ``merges`` lists ranges by sheet. Folders are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _workbook(sheets, merges or {}).save(path)
    return path


def _workbook(sheets: Mapping[str, Rows], merges: Mapping[str, Sequence[str]]) -> openpyxl.Workbook:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets.items():
        worksheet = workbook.create_sheet(name)
        for row in rows:
            worksheet.append(list(row))
        for merged in merges.get(name, ()):
            worksheet.merge_cells(merged)
    return workbook


def write_bureau(folder: Path) -> Path:
    """Write the roster and the other names that every other hand-made workbook counts on."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in _bureau_files().items():
        (folder / name).write_bytes(content)
    return folder


@cache  # nearly every test of reading begins with them
def _bureau_files() -> Mapping[str, bytes]:
    books = {
        "党员花名册.xlsx": _workbook({"花名册": ROSTER}, {"花名册": ROSTER_MERGES}),
        "名称对照.xlsx": _workbook({"对照": ALIASES}, {}),
    }
    contents = {name: BytesIO() for name in books}
    for name, book in books.items():
        book.save(contents[name])
    return {name: content.getvalue() for name, content in contents.items()}


def make_grid(rows: Rows, merges: Sequence[tuple[int, int, int, int]] = (), name: str = "Sheet1") -> Grid:
    """Return rows as a grid, as the reader gives them: blank text is no cell, rows end at their last one."""
    cleaned = []
    for row in rows:
        cells = [None if isinstance(cell, str) and is_blank(cell) else cell for cell in row]
        while cells and cells[-1] is None:
            cells.pop()
        cleaned.append(tuple(cells))
    return Grid(name, True, tuple(cleaned), tuple(merges), count_non_empty_rows(cleaned))


class InProcessReader(StandInReader):
    """Reads files like `pipeline.ingest.files.sandbox.Reader` without its child process, as a test made them itself."""

    def __init__(self, cache: object = None) -> None:
        """Take a cache as the reader does, and use none."""

    def read(self, path: Path) -> FileGrids:
        """Read one file."""
        return read_file(path)
