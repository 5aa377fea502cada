"""A ledger of matters without a column for the day of closing is told: each of its matters counts as open for ever."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.ingest.bureau import Reading
from pipeline.ingest.layouts.unused import closing_days
from tests.hand_made import CATALOG, Rows, Value, write_bureau, write_xlsx

Read = Callable[[Path], Reading]
DECISIONS = "支部决议台账.xlsx"
PLEDGES = "承诺台账.xlsx"
# kind -> file, header, a row, the day of closing
LEDGERS: dict[str, tuple[str, list[Value], list[Value], str]] = {
    "decisions": (
        DECISIONS,
        ["编号", "会议日期", "承办党小组", "期限"],
        ["甲1", "2019-01-09", "营销管理", "2019-02-01"],
        "办结日期",
    ),
    "opinions": (
        "意见台账.xlsx",
        ["编号", "收集日期", "党小组", "期限"],
        ["甲1", "2019-01-09", "营销管理", "2019-02-01"],
        "办结日期",
    ),
    "pledges": (
        PLEDGES,
        ["姓名", "承诺日期", "承诺事项", "期限"],
        ["张三", "2019-01-08", "帮扶", "2019-06-30"],
        "兑现日期",
    ),
    "unlicensed": (
        "无证户整治台账.xlsx",
        ["发现日期", "责任人", "乡镇", "经营者"],
        ["2019-01-08", "张三", "城关", "某甲"],
        "办结日期",
    ),
    "cases": (
        "案件台账.xlsx",
        ["立案号", "立案日期", "办案部门", "案由"],
        ["甲1", "2019-01-08", "专卖股", "无证运输"],
        "结案日期",
    ),
}
Told = list[tuple[str, str | None, str]]


def told(folder: Path, read: Read, file: str, rows: Rows) -> Told:
    write_xlsx(write_bureau(folder) / file, {"甲": rows})
    return told_in(read(folder))


def told_in(reading: Reading) -> Told:
    return [(issue.code, issue.cell, issue.expected) for issue in reading.issues]


def another(row: list[Value]) -> list[Value]:
    """Return a second matter like the first one."""
    names: dict[Value, Value] = {"甲1": "甲2", "某甲": "某乙", "帮扶": "学习"}
    return [names.get(cell, cell) for cell in row]


@pytest.mark.parametrize("kind", LEDGERS)
def test_a_ledger_without_the_day_of_closing_is_told_once(tmp_path: Path, read: Read, kind: str) -> None:
    file, header, row, day = LEDGERS[kind]
    assert told(tmp_path, read, file, [header, row, another(row)]) == [("never_closed", None, day)]


@pytest.mark.parametrize("kind", LEDGERS)
def test_a_column_in_which_nothing_is_closed_yet_is_no_fault(tmp_path: Path, read: Read, kind: str) -> None:
    file, header, row, day = LEDGERS[kind]
    assert told(tmp_path, read, file, [[*header, day], row, another(row)]) == []


def test_every_table_of_matters_is_tried() -> None:
    kept = {kind.table for kind in CATALOG.kinds.values() if closing_days(kind.table, CATALOG)}
    assert {CATALOG.kinds[kind].table for kind in LEDGERS} == kept


@pytest.mark.parametrize(("status", "faults"), [("推进中", []), ("已完成", [("not_counted", None, "M6 承诺兑现")])])
def test_where_a_word_says_what_became_of_pledges_only_kept_ones_are_told(
    tmp_path: Path, read: Read, status: str, faults: Told
) -> None:
    _, header, row, _ = LEDGERS["pledges"]
    rows = [[*header, "状态"], [*row, status], [*another(row), status]]
    assert told(tmp_path, read, PLEDGES, rows) == faults


def test_an_unread_column_that_may_be_the_day_is_told_in_its_place(tmp_path: Path, read: Read) -> None:
    _, header, row, day = LEDGERS["decisions"]
    rows = [[*header, "落地的那一天"], [*row, "2019-01-20"]]
    assert told(tmp_path, read, DECISIONS, rows) == [("unused_column", "E1", day)]


def test_where_too_many_columns_may_be_the_day_only_its_lack_is_told(tmp_path: Path, read: Read) -> None:
    _, header, row, day = LEDGERS["decisions"]
    rows = [[*header, "甲", "乙", "丙", "丁"], [*row, "子", "丑", "寅", "卯"]]
    assert told(tmp_path, read, DECISIONS, rows) == [("never_closed", None, day)]


def test_a_ledger_of_which_no_row_is_used_says_nothing_of_closing(tmp_path: Path, read: Read) -> None:
    _, header, row, _ = LEDGERS["decisions"]
    faults = told(tmp_path, read, DECISIONS, [header, [*row[:3], "下半年"]])
    assert [code for code, _, _ in faults] == ["bad_date"]


@pytest.mark.parametrize("kind", ["cases", "opinions"])
@pytest.mark.parametrize("count", [1, 2])
def test_a_card_of_one_matter_may_be_without_the_day_and_a_ledger_on_its_side_may_not(
    tmp_path: Path, read: Read, kind: str, count: int
) -> None:
    file, header, row, day = LEDGERS[kind]
    columns = [header, row, another(row)][: count + 1]
    rows: Rows = [[file.removesuffix(".xlsx")], *zip(*columns, strict=True)]
    write_xlsx(write_bureau(tmp_path) / file, {"甲": rows})
    reading = read(tmp_path)
    assert len(reading.tables[kind]) == count
    assert told_in(reading) == ([("never_closed", None, day)] if count > 1 else [])


def card(number: str, closed: list[Value] | None = None) -> Rows:
    """Return the card of one opinion: labels with their values."""
    rows: list[list[Value]] = [["群众意见登记卡"], ["编号", number, "收集日期", "2019-01-09"]]
    return [*rows, ["党小组", "营销管理", "期限", "2019-02-01"], *([closed] if closed else [])]


@pytest.mark.parametrize(
    ("sheets", "expected"),
    [
        ({"甲1": card("甲1")}, []),
        ({"甲1": card("甲1"), "甲2": card("甲2")}, [("never_closed", None, "办结日期")]),
        ({"甲1": card("甲1"), "甲2": card("甲2", ["办结日期", "2019-01-20"])}, []),
    ],
)
def test_cards_none_of_which_has_a_place_for_the_day_are_told_once(
    sheets: dict[str, Rows], expected: Told, tmp_path: Path, read: Read
) -> None:
    write_xlsx(write_bureau(tmp_path) / "2019年群众意见台账.xlsx", sheets)
    reading = read(tmp_path)
    assert len(reading.tables["opinions"]) == len(sheets)
    assert told_in(reading) == expected
