"""Each notebook of a page reads the files that are listed for it, all of them and no others."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pipeline.catalog import load_catalog
from pipeline.ingest.store import load_bureau, read_table, save_reading, write_table
from pipeline.report.annual import ANNUAL_TABLES, load_year
from pipeline.report.board import BOARD_TABLES, build_board
from pipeline.report.files_read import files_of_board, files_of_quarter, files_of_year
from pipeline.report.quarter import PAGE_TABLES, build_quarter, load_quarter
from pipeline.texts import load_texts
from tests.report.material import derived_tables, sample_reading
from tests.report.year_material import year_reading, year_tables

CATALOG = load_catalog()
QUARTER = pd.Period("2021Q4", "Q-DEC")


@pytest.fixture
def processed(tmp_path: Path) -> Path:
    """The tables of a quarter as notebooks 1 to 3 leave them."""
    reading = sample_reading()
    tables = {name: _known_columns(name, frame) for name, frame in reading.tables.items()}
    save_reading(replace(reading, tables=tables), tmp_path, CATALOG)
    derived = {**year_tables("2021Q4"), **derived_tables(QUARTER)}
    _write(tmp_path, derived, (*PAGE_TABLES, *ANNUAL_TABLES, *BOARD_TABLES))
    return tmp_path


def _known_columns(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    known = [column.column for column in CATALOG.columns_of(name)]
    return frame[[column for column in known if column in frame]]


def _write(folder: Path, tables: dict[str, pd.DataFrame], names: Iterable[str]) -> None:
    for name in dict.fromkeys(names):
        write_table(_known_columns(name, tables[name]), name, folder, CATALOG)


def _board(folder: Path) -> pd.DataFrame:
    """What notebook 6 does before it shows anything."""
    tables = {name: read_table(name, folder, CATALOG) for name in BOARD_TABLES}
    return build_board(tables, load_bureau(folder), CATALOG, QUARTER)


LOADERS: dict[str, tuple[Callable[[Path], object], tuple[str, ...]]] = {
    "quarter": (lambda folder: load_quarter(folder, "2021Q4", "zh"), files_of_quarter(CATALOG)),
    "year": (lambda folder: load_year(folder, "2021Q4", "zh"), files_of_year(CATALOG)),
    "board": (_board, files_of_board()),
}


@pytest.mark.parametrize("page", LOADERS)
def test_a_page_needs_the_files_listed_for_it_and_no_others(
    page: str, processed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load, files = LOADERS[page]
    for path in processed.iterdir():
        if path.is_file() and path.name not in files:
            path.unlink()
    seen: list[str] = []
    whole = Path.read_bytes

    def watched(path: Path) -> bytes:
        if path.parent == processed:
            seen.append(path.name)
        return whole(path)

    monkeypatch.setattr(Path, "read_bytes", watched)
    load(processed)
    assert sorted(set(seen)) == sorted(files)


def test_a_page_knows_the_same_of_lean_tables(processed: Path) -> None:
    lean = load_quarter(processed, "2021Q4", "zh")
    whole = build_quarter(sample_reading(), derived_tables(QUARTER), QUARTER, load_texts("zh"), CATALOG)
    assert (lean.files, lean.findings) == (whole.files, whole.findings)
    assert lean.redact.names == whole.redact.names


def test_the_year_knows_the_same_of_lean_tables(tmp_path: Path) -> None:
    save_reading(year_reading(), tmp_path, CATALOG)
    _write(tmp_path, year_tables("2021Q4"), ANNUAL_TABLES)
    lean = load_year(tmp_path, "2021Q4", "zh")
    assert len(lean.tables["model_votes"])
    assert {"覃桂芳", "蒙小川"} <= lean.redact.names
