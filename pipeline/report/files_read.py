"""Which files of ``processed_dir`` the notebooks of pages read: where none of them has changed, their pages stand."""

from collections.abc import Iterable

from pipeline.catalog import Catalog
from pipeline.ingest.store import BUREAU, LEDGER, TABLE
from pipeline.report.annual import ANNUAL_TABLES
from pipeline.report.board import BOARD_TABLES
from pipeline.report.inputs import input_tables
from pipeline.report.quarter import PAGE_TABLES


def files_of_quarter(catalog: Catalog) -> tuple[str, ...]:
    """Return the files of ``processed_dir`` that notebook 4 reads; of input tables some columns only."""
    return _files((*PAGE_TABLES, *input_tables(catalog)), BUREAU, LEDGER)


def files_of_year(catalog: Catalog) -> tuple[str, ...]:
    """Return the files that notebook 5 reads; of input tables but the votes some columns only."""
    return _files((*ANNUAL_TABLES, *input_tables(catalog)), BUREAU, LEDGER)


def files_of_board() -> tuple[str, ...]:
    """Return the files that notebook 6 reads, but for the table that it writes itself."""
    return _files(BOARD_TABLES, BUREAU)


def _files(tables: Iterable[str], *others: str) -> tuple[str, ...]:
    return (*(f"{table}{TABLE}" for table in dict.fromkeys(tables)), *others)
