"""A bureau whose every name tries to break out of where it is shown: of a page, a workbook, a chart, a file's name."""

from collections.abc import Mapping
from pathlib import Path
from unittest.mock import patch

import openpyxl

from tests.generator import people
from tests.generator.books import build_books
from tests.generator.printed import print_points
from tests.generator.sheets import Book, Sheet, Value
from tests.generator.world import build_world, score_world
from tests.generator.writers import write_book

FIRST_MONTH, LAST_MONTH = "2021-04", "2021-12"
FORMULA = "=cmd|' -C calc'!A0"  # a sheet's name may hold no slash
TAG = "<img src=x onerror=stolen()>"
CLOSING = "</script></style><img src=x onerror=stolen()><!--"
TURNED = "甲\u202e组\u2066<b>"
TEMPLATE = "{{7*7}}{% raw %}${x}"
ENDLESS = "长" * 500
LINK = "<a href='javascript:stolen()'>点</a>"
GROUPS = {"营销管理": TAG, "专卖综合": FORMULA, "驮卢片区": f"{TURNED}{'久' * 20}"}
MEMBERS = (
    f"{CLOSING}张三",
    f"{FORMULA}李四",
    "javascript:stolen()",
    '=HYPERLINK("https://example.org")',
    TEMPLATE,
    f"{TURNED}钱七",
    "😀🏴‍☠️周九",
    ENDLESS,
    "null",
    "NaN",
    "@SUM(A1)",
    "-1+1",
)
TEXTS = {
    **GROUPS,
    "示例县烟草专卖局": f"{CLOSING}{LINK}局",
    "示例县局（营销部）党支部": f"{TAG}{TEMPLATE}支部",
    "示例1.0": f"<i>{TEMPLATE}",
    "党小组会按月召开": f"{FORMULA}{LINK}",
    "到会率": f"{CLOSING}到会率",
    "主题党日": TURNED + "主题党日",
    "单箱销售额": TAG + "单箱销售额",
    "节日营销": f"{LINK}节日营销",
    "无证户整治": f"{CLOSING}无证户整治",
    "寄递监管": FORMULA,
    "落实节日货源投放与客户走访": ENDLESS,
    "稽查队": "=1+1",
}
FILES = {"销售月报": f"销售月报 {TAG} {FORMULA}", "活动台账": "活动台账 {{7*7}} ${x} javascript：stolen() 😀"}
SHEETS = {"花名册": "=1+1 <b>"}
PUBLISH_NAMES = {"公示姓名": "是"}


def write_hostile_bureau(folder: Path) -> None:
    """Write the workbooks of the bureau under ``folder``; its numbers are those of any small synthetic one."""
    with patch.object(people, "FIRST_NAMES", MEMBERS):
        world = build_world(3, len(MEMBERS), FIRST_MONTH, LAST_MONTH, {}, seed=7)
    printed = print_points(score_world(world), world.people, [], seed=7)
    for book in build_books(world, printed, frozenset(), []):
        _keep_texts(write_book(_hostile(book), folder))


def _hostile(book: Book) -> Book:
    path = Path(book.path)
    name = _replaced(path.name, FILES).replace(".csv", ".xlsx")  # such names have no place in GBK
    return Book((path.parent / name).as_posix(), [_hostile_sheet(sheet) for sheet in book.sheets])


def _hostile_sheet(sheet: Sheet) -> Sheet:
    sheet.name = _replaced(sheet.name, {**SHEETS, **GROUPS})
    sheet.cells = {place: _cell(value) for place, value in sheet.cells.items()}
    for (row, column), value in list(sheet.cells.items()):
        if value in PUBLISH_NAMES:
            sheet.cells[row, column + 1] = PUBLISH_NAMES[str(value)]
    return sheet


def _cell(value: Value) -> Value:
    return _replaced(value, TEXTS) if isinstance(value, str) else value


def _replaced(text: str, words: Mapping[str, str]) -> str:
    for word, other in words.items():
        text = text.replace(word, other)
    return text


def _keep_texts(path: Path) -> None:
    """Make texts of what openpyxl took for formulas: a person who types one after an apostrophe has a text."""
    if path.suffix != ".xlsx":
        return
    workbook = openpyxl.load_workbook(path)
    formulas = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    for cell in formulas:
        cell.data_type = "s"
    if formulas:
        workbook.save(path)
