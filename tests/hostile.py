"""Bureaus whose every name tries to break out of where it is shown: of a page, a workbook, a chart, a file's name.

A bureau bears the payloads of `tests.payloads`: each as the name of a member and in every free text, by turns; a few
as the names of groups. The bureaus with the numbers 0 to `BUREAUS` - 1 together have each as the name of a group.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import cycle
from pathlib import Path
from unittest.mock import patch

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from pipeline.catalog import load_catalog
from tests.generator import people
from tests.generator.books import build_books
from tests.generator.printed import print_points
from tests.generator.sheets import Book, Sheet, Value
from tests.generator.world import build_world, score_world
from tests.generator.writers import write_book
from tests.payloads import PAYLOADS

FIRST_MONTH, LAST_MONTH = "2021-07", "2021-12"
GROUPS_EACH = 8
REFUSED = frozenset({"nul"})  # a file that holds it is refused
NOT_NAMES = REFUSED | {"empty", "blank"}  # a group or a member without a name is no group and no member
LONGEST_GROUP = 60  # a longer one would fill a legend by itself; members and texts may be as long as they like
USABLE = tuple(name for name in PAYLOADS if name not in NOT_NAMES)
TEXTS = tuple(name for name in PAYLOADS if name not in REFUSED)
BUREAUS = -(-len(USABLE) // GROUPS_EACH)
# Free texts by their headers: nothing is looked up by them, so that each row may have another payload
FREE_TEXTS = frozenset(
    [
        *("主题", "备注", "依据", "内容", "问题", "结果", "地点", "事项", "承诺事项", "决议", "案由", "责任区"),
        *("乡镇", "经营者", "登记人", "批准人", "收集人", "承办", "更正依据", "评价人", "标准", "查获地点"),
    ]
)
LISTS_OF_NAMES = frozenset({"参加人员", "无故缺席人员", "请假人员"})  # a name with a slash in it is several there
# Words that several workbooks have in common: the same payload wherever they stand
COMMON_WORDS = ("单箱销售额", "节日营销", "无证户整治", "寄递监管", "落实节日货源投放与客户走访")
BUREAU_NAMES = ("示例县烟草专卖局", "示例县局（营销部）党支部", "示例1.0", "纪检委员办公室（示例，不留电话）")
SHEETS = {"花名册": "=1+1 <b>"}
PUBLISH_NAMES = {"公示姓名": "是"}
SETTINGS = "设置"  # the folder whose workbooks are read word by word
ONLY_GROUPS = ("指标归属", "互评")  # books whose labels are words of the catalog
EMPTY = frozenset({"—", "/", "无", "-", ""})
NO_SHEET = re.compile(r"[\[\]:*?/\\]")
NO_FILE = re.compile(r"[/\\\x00]")
MOST_FILE_BYTES = 120
UNHELD = re.compile(f"{ILLEGAL_CHARACTERS_RE.pattern}|[\ud800-\udfff]")
# Refused, so that a terminal and a log are told its name: colours, a cleared screen, a line of its own
BROKEN_FILE = NO_FILE.sub("", f"{PAYLOADS['ansi']}{PAYLOADS['log_lines']}{PAYLOADS['bidi_override']}stolen().xlsx")


@dataclass
class Hostile:
    """One bureau: which payloads stand where, and the ``planted`` pairs of (field, payload) that were written."""

    number: int
    planted: set[tuple[str, str]] = field(default_factory=set)

    @cached_property
    def group_names(self) -> tuple[str, ...]:
        """The payloads that are names of its groups."""
        return USABLE[self.number :: BUREAUS]  # some of every kind

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """The names of the groups as they are written."""
        return tuple(as_name(name, LONGEST_GROUP) for name in self.group_names)

    @property
    def members(self) -> tuple[str, ...]:
        """The names of the members as they are written."""
        return tuple(as_name(name) for name in USABLE)

    def write(self, folder: Path) -> None:
        """Write the workbooks under ``folder``; their numbers are those of any small synthetic bureau."""
        with patch.object(people, "FIRST_NAMES", self.members):
            world = build_world(len(self.groups), len(USABLE), FIRST_MONTH, LAST_MONTH, {}, seed=7)
        specs = (spec.party_group for spec in world.people.groups)
        words = dict(zip(specs, self.groups, strict=True)) | self._words()
        self._note("memberships.member", USABLE)
        self._note("party_groups.party_group", self.group_names)
        printed = print_points(score_world(world), world.people, [], seed=7)
        for number, book in enumerate(build_books(world, printed, frozenset(), [])):
            _keep_texts(write_book(self._book(book, number, words), folder))
        (folder / BROKEN_FILE).write_bytes(b"no workbook")

    def _words(self) -> dict[str, str]:
        """Return what else is called by a payload: the bureau, its branch, rules, items and topics."""
        labels = [rule.label_zh for rule in load_catalog().rules]
        words = dict.fromkeys((*BUREAU_NAMES, *sorted(set(labels), key=len, reverse=True), *COMMON_WORDS))
        turns = cycle(USABLE[self.number :] + USABLE[: self.number])
        found = {}
        for word, name in zip(words, turns, strict=False):
            found[word] = f"{PAYLOADS[name][:LONGEST_GROUP]}{word}"
            self._note("rule_book.item_label" if word in labels else f"bureau.{word}", [name])
        return found

    def _note(self, place: str, names: Sequence[str]) -> None:
        self.planted |= {(place, name) for name in names}

    def _book(self, book: Book, number: int, words: Mapping[str, str]) -> Book:
        name = USABLE[(number + self.number) % len(USABLE)]
        path = Path(book.path)
        stem = NO_FILE.sub("", PAYLOADS[name]).encode("utf-8", "replace")[:MOST_FILE_BYTES].decode("utf-8", "ignore")
        prefix = "" if stem.startswith(("~$", ".")) else stem
        self._note("file name", [name])
        renamed = path.parent / f"{prefix} {path.name}".strip().replace(".csv", ".xlsx").replace(".xls.", ".")
        renamed = renamed.with_suffix(".xlsx")  # such names have no place in GBK
        groups = {word: text for word, text in words.items() if text in self.groups}
        own = groups if any(part in book.path for part in ONLY_GROUPS) else words
        return Book(renamed.as_posix(), [self._sheet(sheet, book.path, own) for sheet in book.sheets])

    def _sheet(self, sheet: Sheet, place: str, words: Mapping[str, str]) -> Sheet:
        if not place.startswith(SETTINGS):
            self._fill_free_texts(sheet, place)
        sheet.name = NO_SHEET.sub("", _replaced(sheet.name, {**SHEETS, **words}))[:31].strip("'") or "_"
        sheet.name = ILLEGAL_CHARACTERS_RE.sub("", sheet.name).encode("utf-8", "ignore").decode("utf-8")
        sheet.cells = {at: _as_cell(_cell(value, words)) for at, value in sheet.cells.items()}
        for (row, column), value in list(sheet.cells.items()):
            if value in PUBLISH_NAMES:
                sheet.cells[row, column + 1] = PUBLISH_NAMES[str(value)]
        return sheet

    def _fill_free_texts(self, sheet: Sheet, place: str) -> None:
        """Put payloads before the free texts: the next one in each row."""
        headers = {at: str(value) for at, value in sheet.cells.items() if at in sheet.bold}
        for (top, column), header in headers.items():
            below = [at for at in sheet.cells if at[1] == column and at[0] > top]
            if header in LISTS_OF_NAMES:
                sheet.cells = {at: value for at, value in sheet.cells.items() if at not in below}
            for row, own in below if header in FREE_TEXTS else ():
                value = sheet.cells[row, own]
                if isinstance(value, str) and value not in EMPTY:
                    name = TEXTS[(row + column + self.number) % len(TEXTS)]
                    sheet.cells[row, own] = f"{PAYLOADS[name]}{value}"
                    self._note(f"{Path(place).parent}.{header}", [name])


def as_name(name: str, longest: int | None = None) -> str:
    """Return a payload as a name that is its own: without blanks, which names lose, and with a mark of its place."""
    text = PAYLOADS[name][:longest]
    if "<" in text:
        text = text.replace(" ", "/")  # which parts attributes as well
    for separator in "、，,；;":
        text = text.replace(separator, "")  # which part names in a list
    return f"{text}{mark_of(name)}"


def mark_of(name: str) -> str:
    """Return the letters that tell a payload's name on a page."""
    return f"z{USABLE.index(name):02d}q"


def _cell(value: Value, words: Mapping[str, str]) -> Value:
    return _replaced(value, words) if isinstance(value, str) else value


def _as_cell(value: Value) -> Value:
    """Return a text as an xlsx file can hold it: a character that XML cannot hold by its number."""
    if not isinstance(value, str):
        return value
    return UNHELD.sub(lambda found: f"_x{ord(found[0]):04X}_", value)


def _replaced(text: str, words: Mapping[str, str]) -> str:
    """Return a text with every word replaced, each once: what has been put in is left alone."""
    pattern = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return re.sub(pattern, lambda found: words[found[0]], text)


def _keep_texts(path: Path) -> None:
    """Make texts of what openpyxl took for formulas: a person who types one after an apostrophe has a text."""
    workbook = openpyxl.load_workbook(path)
    formulas = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    for cell in formulas:
        cell.data_type = "s"
    if formulas:
        workbook.save(path)
