"""Headers that are months: 1月 … 12月 above their amounts, alone or with what these are in the same cell (9月销量)."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache

from pipeline.ingest.files.grids import Cell, CellError, Grid, Row
from pipeline.ingest.layouts.headers import (
    MAX_HEADER,
    Header,
    MergesByRow,
    blocks_from,
    first_cells,
    is_level,
    known_levels,
    read_block,
)
from pipeline.ingest.vocabulary import Vocabulary
from pipeline.ingest.wordforms import LONGEST_REMEMBERED, REMEMBERED, cell_text, compact

MIN_MONTHS = 2  # of one row that are written as months
MIN_DATES = 3  # of one row that are first days of a month; fewer may be any two dates
_YEAR = re.compile(r"((?:19|20)\d{2})(?:年度?)?")
_MONTH = re.compile(r"(?:(?:19|20)\d{2}[年./-]?)?(?:0?[1-9]|1[0-2]|十[一二]?|[一二三四五六七八九元])月份?")
FIRST_MONTH, LAST_MONTH = 190001, 209912  # numbers between them may be 201901
_YEAR_MONTH = re.compile(r"(?:19|20)\d{2}[年./-]?(?:0[1-9]|1[0-2])(?:-01)?")  # 201901, 2019-01, a date of a first day


def month_headers(grid: Grid, merges: MergesByRow, vocabulary: Vocabulary) -> Iterator[Header]:
    """Yield the header of every block: the row of months, with the level of metrics above or below it."""
    cells = {cell for row in grid.rows for cell in row}  # a ledger repeats most of its cells from row to row
    months = {cell: text for cell in cells if (text := _month_above(cell, vocabulary)) is not None}
    for number, row in enumerate(grid.rows if months else ()):
        if not _holds_months(row, months):
            continue
        above, below = number > 0 and grid.rows[number - 1], number + 1 < len(grid.rows) and grid.rows[number + 1]
        top = number - 1 if above and len(filled_cells(above)) > 1 and known_levels(above, vocabulary) else number
        is_below = below and known_levels(below, vocabulary) >= MIN_MONTHS and not _holds_months(below, months)
        bottom = number + 1 if is_below else next(blocks_from(grid, number, merges)).bottom
        yield read_block(grid, top, bottom if top < number or is_below else number, merges)


def _holds_months(row: Row, months: Mapping[Cell | CellError, str]) -> bool:
    """Tell whether a row holds several of the cells that are ``months``, each by its text."""
    found = {months[cell]: isinstance(cell, date) for _, cell in first_cells(row) if cell in months}
    return len(found) >= (MIN_DATES if all(found.values()) else MIN_MONTHS)


def month_text(cell: Cell | CellError) -> str | None:
    """Return a header that is one month, as text that a month column can read; ``None`` for anything else."""
    if isinstance(cell, date):
        return f"{cell.year}-{cell.month:02}" if cell.day == 1 else None
    if isinstance(cell, float | int):
        return _month_in(str(int(cell))) if FIRST_MONTH <= cell <= LAST_MONTH and cell == int(cell) else None
    return _month_in(cell) if isinstance(cell, str) and len(cell) <= LONGEST_REMEMBERED else None


def _month_above(cell: Cell | CellError, vocabulary: Vocabulary) -> str | None:
    """Return the month of a header that is one, or that is one with a known header behind it: 9月销量."""
    spoken = spoken_month(cell, vocabulary) if isinstance(cell, str) and len(cell) <= MAX_HEADER else None
    return month_text(cell) if spoken is None else spoken[0]


@lru_cache(maxsize=REMEMBERED)
def spoken_month(label: str, vocabulary: Vocabulary) -> tuple[str, str] | None:
    """Return the month that a label is or begins with, and the header behind it ("" where there is none)."""
    if (month := month_text(label)) is not None:
        return month, ""
    text = compact(label)
    found = _MONTH.match(text)
    rest = text[found.end() :] if found else ""
    return (found[0], rest) if found and rest and is_level(rest, vocabulary) else None


@lru_cache(maxsize=REMEMBERED)
def _month_in(written: str) -> str | None:
    text = compact(written)
    if _YEAR_MONTH.fullmatch(text):
        return text[: -len("-01")] if text.count("-") == 2 else text
    return text if _MONTH.fullmatch(text) else None


def year_alone(cell: Cell | CellError) -> int | None:
    """Return the year that is all that a cell says: 2018, 2018年, 2018年度."""
    found = _YEAR.fullmatch(compact(cell_text(cell)))
    return int(found[1]) if found else None


def filled_cells(row: Row) -> list[tuple[int, Cell | CellError]]:
    """Return the filled cells of a row with their columns."""
    return [(number, cell) for number, cell in enumerate(row) if cell is not None]
