"""Published quarters of a hand-made bureau, for the tests of the period library: tables and what a manifest tells."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from pipeline.catalog import load_catalog
from pipeline.ingest.store import save_reading, write_table
from pipeline.report.board.table import build_board
from pipeline.report.library.view import LIBRARY_TABLES, Library, load_library
from pipeline.report.material.lacking import ITEMS
from pipeline.report.material.published import Changes, PublishedQuarter
from tests.report.sample_material import derived_tables, sample_reading

QUARTERS = ("2020Q4", "2021Q3", "2021Q4")
NEWEST = pd.Period("2021Q4", freq="Q-DEC")
PAGES = ("annual.html", "appendix.html", "board.html", "report.html", "report.xlsx")
Alter = Callable[[pd.DataFrame], pd.DataFrame]


def write_tables(folder: Path, quarter: str, altered: Mapping[str, Alter] | None = None) -> None:
    """Write what the library reads of one quarter; ``altered`` changes tables on their way."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in _files_of(quarter).items():
        (folder / name).write_bytes(content)
    for name, alter in (altered or {}).items():
        write_table(alter(_tables_of(quarter)[name].copy()), name, folder, load_catalog())


@cache
def _files_of(quarter: str) -> Mapping[str, bytes]:
    with TemporaryDirectory() as home:
        save_reading(replace(sample_reading(), tables={}), Path(home), load_catalog())  # the settings of the bureau
        for name, frame in _tables_of(quarter).items():
            write_table(frame, name, Path(home), load_catalog())
        return {path.name: path.read_bytes() for path in Path(home).iterdir()}


@cache
def _tables_of(quarter: str) -> Mapping[str, pd.DataFrame]:
    period = pd.Period(quarter, freq="Q-DEC")
    tables = derived_tables(period)
    board = build_board(tables, sample_reading().bureau, load_catalog(), period)
    return {name: {**tables, "board": board}[name] for name in (*LIBRARY_TABLES, ITEMS)}


def entry(quarter: str, **changes: object) -> PublishedQuarter:
    """What the manifest of a quarter would tell."""
    told = PublishedQuarter(
        quarter=quarter,
        pages=PAGES,
        run_at=f"{quarter[:4]}-12-31T08:0{quarter[-1]}:00+00:00",
        lang="zh",
        rule_versions=("示例1.0",),
        rows_used=900,
        rows_rejected=4,
        is_synthetic=True,
        changes=Changes(causes=("first",)),
    )
    return replace(told, **changes)  # type: ignore[arg-type]


def library_of(
    home: Path,
    altered: Mapping[str, Mapping[str, Alter]] | None = None,
    entries: Mapping[str, PublishedQuarter] | None = None,
) -> Library:
    """A library of `QUARTERS`; ``altered`` and ``entries`` by quarter take the place of what is usual."""
    for quarter in QUARTERS:
        write_tables(home / quarter, quarter, (altered or {}).get(quarter))
    return load_library([(entries or {}).get(quarter, entry(quarter)) for quarter in QUARTERS], home, "示例县局")


def with_value(column: str, value: float, **where: object) -> Alter:
    """Return a change of ``column`` in the rows where columns have the given values."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        chosen = pd.Series(True, index=frame.index)
        for name, wanted in where.items():
            chosen &= frame[name] == wanted
        assert chosen.any(), f"no row has {where}"
        return frame.assign(**{column: frame[column].mask(chosen, value)})

    return change
