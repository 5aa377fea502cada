"""Floods of faults: a few hundred are told, one stands for the rest, and every row still counts."""

from pathlib import Path

import pytest

from pipeline.ingest.faults import Fault, MoreFaults
from pipeline.ingest.layouts.faultycells import MAX_TOLD, FaultRegister, with_rest
from pipeline.ingest.reading import check_paths
from pipeline.texts import load_texts
from tests.hand_made import CATALOG, VOCABULARY

COLUMN = next(column for column in VOCABULARY.columns_of(CATALOG.kinds["cases"]).values() if column.dtype == "number")
SPOT = ("bad_number", COLUMN.column)


def faults_of(register: FaultRegister, cells: list[tuple[int, int]]) -> list[Fault]:
    """Note a fault at the cell behind each position and return those that are told."""
    told = []
    for position, (row, column) in enumerate(cells):
        noted = register.note(SPOT, position, len(cells))
        if not noted.is_flood:
            noted.tell((row, column))
            told.append(Fault("bad_number", "a.csv", "a", row, column, "x", about=(COLUMN,)))
    return told


def test_the_first_beyond_the_limit_stands_for_the_rest() -> None:
    register = FaultRegister()
    cells = [(row + 5, 2) for row in range(MAX_TOLD + 31)]
    faults = faults_of(register, cells)
    told = with_rest(faults, register, [row for row, _ in cells], {COLUMN.column: cells})
    assert len(told) == MAX_TOLD + 1
    assert (told[-1].row, told[-1].more) == (MAX_TOLD + 5, MoreFaults(30, MAX_TOLD + 6, MAX_TOLD + 35))
    assert [fault.more for fault in told[:-1]] == [None] * MAX_TOLD


@pytest.mark.parametrize("count", [1, MAX_TOLD, MAX_TOLD + 1])
def test_as_many_as_are_told_stand_for_themselves(count: int) -> None:
    register = FaultRegister()
    cells = [(row, 0) for row in range(count)]
    faults = faults_of(register, cells)
    assert len(faults) == count
    assert with_rest(faults, register, [row for row, _ in cells], {COLUMN.column: cells}) == faults


def test_positions_in_one_merged_cell_are_one_fault() -> None:
    register = FaultRegister()
    cells = [(3, 0)] * (3 * MAX_TOLD)
    faults = faults_of(register, cells)
    assert set(with_rest(faults, register, [row for row, _ in cells], {COLUMN.column: cells})) == {faults[0]}


def test_all_positions_are_known_and_can_be_forgotten() -> None:
    register = FaultRegister()
    faults_of(register, [(row, 0) for row in range(2 * MAX_TOLD)])
    register.forget(3)
    assert register.of_column(COLUMN.column) == register.of_code("bad_number") == {*range(2 * MAX_TOLD)} - {3}
    assert (register.at(3), register.at(2 * MAX_TOLD - 1), register.of_column("other")) == ([], [SPOT], set())


@pytest.mark.process
@pytest.mark.parametrize(
    ("lang", "sentence"),
    [("zh", "另有 99 格也是如此（第 203 行至第 301 行）"), ("en", "99 more cells of this column")],
)
def test_every_row_of_a_flood_is_turned_down(lang: str, sentence: str, tmp_path: Path) -> None:
    rows = "".join(f"甲{number},坏,某由,专卖股,无数{number}\n" for number in range(300))
    path = tmp_path / "案件台账.csv"
    path.write_text("立案号,立案日期,案由,办案部门,案值(元)\n" + rows, encoding="utf-8")
    (ledger,), issues = check_paths([path], CATALOG, load_texts(lang))
    (sheet,) = ledger.sheets
    assert (sheet.physical, sheet.header, sheet.rejected, sheet.used, sheet.balances()) == (301, 1, 300, 0, True)
    for code, letter in (("bad_date", "B"), ("bad_number", "E")):
        found = [issue for issue in issues if issue.code == code]
        assert [issue.cell for issue in found] == [f"{letter}{row}" for row in range(2, MAX_TOLD + 3)]
        assert sentence in found[-1].message
        assert not any(sentence in issue.message for issue in found[:-1])
