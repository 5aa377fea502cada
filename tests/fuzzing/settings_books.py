"""A bureau's own settings at random: bands with holes, huge numbers, formulas, aliases in circles, and rows to score.

Whatever they say, reading and scoring end with tables, and with an issue for what could not be used.
"""

import random
import shutil
import traceback
from collections.abc import Sequence
from pathlib import Path
from unittest.mock import patch

import pandas as pd

from pipeline.ingest import opening
from pipeline.ingest.reading import read_bureau
from pipeline.points import score_points
from pipeline.texts import load_texts
from tests.fuzzing.sheets import FORMS
from tests.hand_made import CATALOG, ROSTER, InProcessReader, Rows, Value, write_xlsx

Books = dict[str, list[list[Value]]]
BOOKS = {
    "单位设置": "bureau_settings",
    "党小组设置": "party_groups",
    "名称对照": "aliases",
    "指标归属": "attribution",
    "积分细则": "rule_book",
    "考核办法": "rule_terms",
}
RULED = {"积分细则", "考核办法", "党小组设置"}  # what scoring hears of
GROUPS = sorted(CATALOG.groups)
RULES = sorted({rule.item for rule in CATALOG.rules})
TERMS = sorted({term.name for term in CATALOG.terms})
LABELS = sorted({metric.label_zh for metric in CATALOG.metrics.values()})
WORDS = sorted({word.word for word in CATALOG.words})
SETTINGS = sorted(word.word for word in CATALOG.words if word.class_.startswith("setting_"))
NUMBERS: Sequence[Value] = (0, 1, -1, 0.5, 30, 100, 1e15, -1e15, 1e300, 10**20, 0.1 + 0.2, 5e-324, True)
TEXTS: Sequence[Value] = (
    *(
        "",
        None,
        "无",
        "—",
        "=1+1",
        "=A1",
        "1e999",
        "NaN",
        "９５",
        "1,000",
        "-5",
        "98%",
        "是",
        "否",
        "2019-01",
        "2019年1月",
    ),
    *("1900-01", "9999-12", "2019年13月", ">=95:6, >=85:4", "95:6;85:4;75:2", "90-95:4;96-100:5", "90-100:1;80-95:2"),
    *("0:0", ":", ";;;", "a:b", "100:1e308", "≥90：5；<90：0", "甲" * 300, "\u202e甲", "<b>", "甲\n乙", "、、，;"),
)
SAID = (
    *GROUPS,
    *RULES,
    *TERMS,
    *LABELS,
    *SETTINGS,
    *WORDS,
    "甲组",
    "乙组",
    "张三",
    "示例2.0",
    "示例1.0",
    "箱",
    "万元",
    "元",
)
VERSIONS = ("示例1.0", "示例2.0", "2019", "", None)
HELD: list[list[Value]] = [["2019-01-08", group, "党小组会", "学习", 5, 4] for group in (*GROUPS, "甲组", "乙组")]
ACTIVITIES: Rows = [
    ["日期", "党小组", "活动类型", "主题", "应到", "实到"],
    *HELD,
]
QUARTER = pd.Period("2019Q1", "Q-DEC")


def make_books(rng: random.Random) -> Books:
    """Return the sheets of some settings workbooks, each a header and random rows."""
    names = rng.sample(sorted(BOOKS), rng.randint(1, len(BOOKS)))
    return {name: _rows(FORMS[BOOKS[name]], rng) for name in sorted(names)}


def _rows(form: Sequence[tuple[str, str]], rng: random.Random) -> list[list[Value]]:
    columns = [entry for entry in form if rng.random() < 0.93]
    rng.shuffle(columns)
    body = [[_cell(column, rng) for _, column in columns] for _ in range(rng.randint(0, 12))]
    return [[header.rpartition("/")[2] for header, _ in columns], *body]


def _cell(column: str, rng: random.Random) -> Value:
    """Return what may stand in a column; more often than not something that is meant for it."""
    if rng.random() < 0.25:
        return rng.choice((*NUMBERS, *TEXTS, *SAID))
    meant: dict[str, Sequence[Value]] = {
        "setting": SETTINGS,
        "version": VERSIONS,
        "effective_month": ("2019-01", "2018-01", "2019年3月", "9999-12", "1900-01"),
        "item": RULES,
        "party_group": (*GROUPS, "甲组", "乙组"),
        "alias": (*GROUPS, "甲组", "乙组", "张三", "李四"),
        "standard_name": (*GROUPS, "甲组", "乙组", "张三", "李四"),
        "alias_list": ("甲组、乙组", "乙组、甲组", "营销管理", "张三"),
        "metric": LABELS,
        "name": TERMS,
    }
    return rng.choice(meant.get(column, (*NUMBERS, *TEXTS, *WORDS)))


def failure_of_settings(books: Books, folder: Path) -> str | None:
    """Read and score a bureau under these settings; return what went wrong, by kind and place, and None for nothing."""
    shutil.rmtree(folder, ignore_errors=True)
    write_xlsx(folder / "花名册.xlsx", {"花名册": ROSTER})
    write_xlsx(folder / "2019年活动台账.xlsx", {"1月": ACTIVITIES})
    for name, rows in books.items():
        write_xlsx(folder / f"{name}.xlsx", {name: [[_written(cell) for cell in row] for row in rows]})
    try:
        with patch.object(opening, "Reader", InProcessReader):
            reading = read_bureau(folder, CATALOG, load_texts("zh"))
        if not RULED.isdisjoint(books):
            score_points(reading, CATALOG, QUARTER)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
        place = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__}, {Path(place.filename).name}:{place.lineno}"
    unexpected = [file.reason for file in reading.files if file.status == "refused"]
    if unexpected:
        return str(unexpected[0])
    return (
        None if all(sheet.balances() for file in reading.files for sheet in file.sheets) else "rows not accounted for"
    )


def _written(cell: Value) -> Value:
    """Return a cell as a file can hold it: text without what XML may not hold."""
    return (
        "".join(character for character in cell if character >= " " or character == "\n")
        if isinstance(cell, str)
        else cell
    )


def smaller_books(books: Books, folder: Path, failure: str) -> Books:
    """Return fewer books and fewer rows that fail in the same way."""
    for name in sorted(books):
        rest = {other: rows for other, rows in books.items() if other != name}
        if failure_of_settings(rest, folder) == failure:
            books = rest
    for name in sorted(books):
        for row in range(len(books[name]) - 1, 0, -1):
            fewer = {**books, name: books[name][:row] + books[name][row + 1 :]}
            if failure_of_settings(fewer, folder) == failure:
                books = fewer
    return books
