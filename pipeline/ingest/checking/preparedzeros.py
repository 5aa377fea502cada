"""Months to come whose results stand there as zeros: formulas copied down, a workbook of a year made in January."""

from collections.abc import Collection, Iterator, Sequence

import pandas as pd

from pipeline.catalog import Catalog, Measure
from pipeline.ingest.checking.coverage import is_result_table
from pipeline.ingest.checking.gaps import listed_periods
from pipeline.ingest.checking.scoredrows import added_columns
from pipeline.ingest.layouts.headers import MONTH
from pipeline.ingest.layouts.sheetrows import SheetRows


def leave_out_prepared_zeros(sheets: Sequence[SheetRows], catalog: Catalog) -> None:
    """Leave out, and tell once a file, the rows of months after the last one in which anything was achieved, where they
    hold zeros alone.

    Nobody filled them in: a group may sell or inspect nothing in a month, but not all groups in all that is counted.
    What stands beside (last year's amounts, the year so far, rates of nothing, the shops that a rate is of) may be
    there already.
    """
    results = [rows for rows in sheets if is_result_table(rows.sheet.kind.table)]
    amounts = {id(rows): list(_amounts(rows, catalog)) for rows in results}
    filled = (month for found in amounts.values() for _, month, amount in found if amount != 0)
    last = max(filled, default=None)
    if last is None:
        return
    months: dict[str, set[pd.Period]] = {}  # by file
    first: dict[str, SheetRows] = {}
    for rows in results:
        zeros = {position: month for position, month, amount in amounts[id(rows)] if amount == 0 and month > last}
        if zeros:
            _leave_out(rows, zeros.keys())
            first.setdefault(rows.file, rows)
            months.setdefault(rows.file, set()).update(zeros.values())
    for file, rows in first.items():
        place = rows.place(MONTH, min(rows.prepared)) or (rows.rows[min(rows.prepared)], 0)
        rows.sheet_fault("prepared_zeros", listed_periods(sorted(months[file])), place=place)


def _leave_out(rows: SheetRows, zeros: Collection[int]) -> None:
    """Take rows for prepared ones, with what is wrong in them; a row of the sheet may hold a year."""
    others = {row for position, row in enumerate(rows.rows) if position not in zeros}
    rows.forgive({position for position in zeros if rows.rows[position] not in others})
    rows.rejected.difference_update(zeros)
    rows.prepared.update(zeros)


def _amounts(rows: SheetRows, catalog: Catalog) -> Iterator[tuple[int, pd.Period, float]]:
    """Yield the rows that hold an amount which is counted, with their month and what it comes to; one that could not be
    read is more than nothing.
    """
    measures = [one for one in _achieved(catalog) if one.table == rows.sheet.kind.table]
    names = {name for one in measures for name in added_columns(one)} & rows.places.keys()
    faulty = {position for name in names for position in rows.faulty.of_column(name)}
    for position, month in enumerate(rows.values.get(MONTH, ())):
        values = [rows.values[name][position] for name in names]
        numbers = [abs(float(value)) for value in values if isinstance(value, int | float)]
        if isinstance(month, pd.Period) and position not in rows.breakdown and (numbers or position in faulty):
            yield position, month, 1.0 if position in faulty else sum(numbers)


def _achieved(catalog: Catalog) -> Iterator[Measure]:
    """Yield the measures of what was achieved: all but those that rates are of and nothing else."""
    rates = [one for one in catalog.measures.values() if one.aggregate == "quotient"]
    told = {one.value for one in rates} | {metric.measure for metric in catalog.metrics.values()}
    bases = {one.base for one in rates} - told
    return (one for one in catalog.measures.values() if one.measure not in bases)
