"""No number of the frozen quarter changes unless CHANGELOG.md says which and why."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pipeline.catalog import load_catalog
from tests.backtests.changelog import CHANGELOG, HEADING, declare, declared
from tests.backtests.frozen import FROZEN, Text, differences, digest, freeze, is_same, read_tables, write_value
from tests.browser.published import SHARED_FOLDER, Published, made_once, make_report

MOST_TOLD = 40
HOW_TO_DECLARE = (
    'If that is right: python -m tests.backtests --declare "which numbers, and why", and commit what it wrote.'
)
MOST_BYTES = 1_000_000


@pytest.fixture(scope="module")
def tables(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Text]:
    """The tables of the sample's report, which other tests of the session look at too."""
    own = tmp_path_factory.getbasetemp()
    session = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    home = Path(os.environ.get(SHARED_FOLDER, session / "reports")) / "zh"
    published = Published(made_once(home, lambda making: make_report(repository, making, "zh")), "zh")
    return list(read_tables(published.tables, repository / "data" / "raw" / "sample", load_catalog()))


def test_no_number_has_changed(tables: list[Text], tell: Callable[[str], None]) -> None:
    changed = differences(tables)
    cells = sum(len(table.rows) * len(table.columns) for table in tables)
    tell(f"backtest: {len(changed)} of {cells} cells changed in {len(tables) - 2} tables of {FROZEN.name}")
    told = [*changed[:MOST_TOLD], *([f"... and {len(changed) - MOST_TOLD} more"] if len(changed) > MOST_TOLD else [])]
    assert not changed, "\n".join([*told, HOW_TO_DECLARE])


def test_the_changelog_declares_the_frozen_tables() -> None:
    """The newest line names the hash of the files as they are: whoever edits one must say so."""
    newest = declared(CHANGELOG.read_text(encoding="utf-8"))[:1]
    assert newest == [digest()], HOW_TO_DECLARE


def test_the_frozen_files_can_be_read_in_a_diff() -> None:
    sizes = {path.name: path.stat().st_size for path in FROZEN.glob("*.csv")}
    assert sum(sizes.values()) < MOST_BYTES


TABLE = Text(
    "points", ("group", "month", "points"), ("group", "month"), (("甲", "2021-10", "88.5"), ("乙", "2021-10", ""))
)


@pytest.mark.parametrize(
    ("rows", "columns", "told"),
    [
        (
            (("甲", "2021-10", "88.6"), TABLE.rows[1]),
            TABLE.columns,
            "points, group=甲, month=2021-10, points: was 88.5, is 88.6",
        ),
        ((TABLE.rows[0], ("乙", "2021-10", "0")), TABLE.columns, "points, group=乙, month=2021-10, points: was , is 0"),
        (TABLE.rows[:1], TABLE.columns, "points, group=乙, month=2021-10: this row is gone"),
        ((*TABLE.rows, TABLE.rows[0]), TABLE.columns, "points, group=甲, month=2021-10': this row is new"),
        (TABLE.rows[::-1], TABLE.columns, "points: the rows stand in another order"),
        (tuple(row[:2] for row in TABLE.rows), TABLE.columns[:2], "points: column points is gone"),
    ],
)
def test_every_change_is_told(
    tmp_path: Path, rows: tuple[tuple[str, ...], ...], columns: tuple[str, ...], told: str
) -> None:
    freeze([TABLE], tmp_path)
    assert differences([TABLE], tmp_path) == []
    assert differences([replace(TABLE, rows=rows, columns=columns)], tmp_path) == [told]


@pytest.mark.parametrize(
    ("was", "now", "same"),
    [
        ("-0.000979506607271", "-0.000979506607278", True),  # two processors
        ("0.833333333", "0.833333335", False),
        ("88.5", "88.5000001", False),
        ("0", "1e-12", False),
        ("1", "", False),
        ("2021-10", "2021-11", False),
        ("12", "-12", False),
    ],
)
def test_numbers_of_another_processor_are_the_same(was: str, now: str, *, same: bool) -> None:
    assert is_same(was, now) is same


def test_a_table_that_comes_or_goes_is_told(tmp_path: Path) -> None:
    freeze([TABLE], tmp_path)
    other = replace(TABLE, name="stars")
    assert differences([TABLE, other], tmp_path) == ["stars: a new table, not frozen yet"]
    assert differences([other], tmp_path)[1:] == ["points: a frozen table that is no longer made"]


def test_a_declaration_names_reason_and_tables() -> None:
    text = "# Changelog\n\n## Unreleased\n\n### Added\n- x\n"
    once = declare(text, "Points of leave\nare averaged", "0123456789abcdef")
    assert f"{HEADING}\n- Points of leave are averaged (backtest 0123456789abcdef)\n" in once
    assert declared(declare(once, "Another reason", "fedcba9876543210")) == ["fedcba9876543210", "0123456789abcdef"]
    with pytest.raises(ValueError, match="in a sentence"):
        declare(text, " ", "0123456789abcdef")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1 / 3, "0.333333333333"),
        (88.5, "88.5"),
        (-0.0, "0"),
        (float("nan"), ""),
        (None, ""),
        (True, "True"),
        (pd.Timestamp("2021-10-01"), "2021-10-01"),
    ],
)
def test_a_cell_is_written_so_that_machines_agree(value: object, text: str) -> None:
    assert write_value(value) == text
