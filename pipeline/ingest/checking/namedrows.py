"""Which rows a subtotal names: 专卖股小计 and 1月小计 at the end of a ledger sum rows that stand anywhere above."""

from collections.abc import Iterator
from datetime import date

import pandas as pd

from pipeline import periods
from pipeline.ingest.cells.columns import Words
from pipeline.ingest.layouts.rows import cell_at
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.wordforms import brackets_of, compact, header_form

DATED = frozenset({"date", "month"})
NAMING = frozenset({"party_group", "member", "subject", "text"})
ANY_YEAR = 2000


def rows_named(result: SheetRows, row: int, label: str, words: Words) -> list[int]:
    """Return the rows of data with the group, person, text or month that the total in ``row`` is called after."""
    for name in _names(result, row, label, words):
        positions = _of_month(result, name) or _of_text(result, name)
        if positions:
            return list(dict.fromkeys(result.rows[position] for position in positions))
    return []


def _names(result: SheetRows, row: int, label: str, words: Words) -> Iterator[str]:
    """Yield what a total is called after: 专卖股 of 专卖股小计 and of 小计(专卖股), and what stands beside 小计."""
    totals = sorted(words["total"], key=len, reverse=True)
    bare = header_form(label).partition(":")[0]
    yield from (bare.removesuffix(word) for word in totals if bare.endswith(word) and bare != word)
    yield from brackets_of(label)
    for number, name in result.sheet.columns.items():
        cell = cell_at(result.sheet.grid, row, number)
        if name in result.columns and result.columns[name].dtype in NAMING | DATED and isinstance(cell, str):
            yield compact(cell)


def _of_text(result: SheetRows, name: str) -> list[int]:
    columns = [column for column in result.places if result.columns[column].dtype in NAMING]
    return [
        position
        for position in range(len(result.rows))
        if any(isinstance(cell := result.cell(column, position), str) and compact(cell) == name for column in columns)
    ]


def _of_month(result: SheetRows, name: str) -> list[int]:
    """Return the positions dated in the month or quarter that a name is; of any year where it states none."""
    if not periods.is_period(name):
        return []
    year = periods.find_year(name)
    found = periods.find_month(name, ANY_YEAR) or periods.find_quarter(name, ANY_YEAR)
    column = next((name for name, one in result.columns.items() if one.required and one.dtype in DATED), None)
    if column is None or found is None:
        return []
    return [
        position
        for position, value in enumerate(result.values[column])
        if isinstance(value, date | pd.Period)
        and year in (None, value.year)
        and found.start_time.month <= value.month <= found.end_time.month
    ]
