"""Which months every kind of workbook was handed in for, and which months and quarters the bureau has results for."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import pandas as pd

from pipeline import periods
from pipeline.catalog import Catalog, Kind
from pipeline.ingest.bureau import Reading
from pipeline.ingest.checking.references import period_column
from pipeline.ingest.layouts.context import (
    GROUP,
    find_sheet_month,
    find_sheet_quarter,
    find_sheet_span,
    find_sheet_year,
)
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.schema import to_dictionary

EVERY_GROUP = ""  # the party_group of a workbook that covers them all
MONTHS_A_QUARTER = 3
MONTHLY = "_by_group_month"
PLANS = "targets_by_group_month"  # set for months to come


def list_coverage(sheets: Sequence[SheetRows], catalog: Catalog) -> pd.DataFrame:
    """Return the table ``coverage``: one row per kind, month, group ("" for all) and file with at least one used row.

    A month column or a sheet, title or file of one month says it. A ledger of a quarter, a half year (1-6月) or a year
    covers that, and one without a year all from its first row on, up to the bureau's last month with results: no
    row means that nothing happened, not that nobody wrote.
    """
    first, last = results_span(sheets)
    found: dict[tuple[str, pd.Period, str], str] = {}
    for rows in sheets:
        kind = rows.sheet.kind
        if kind.cadence == "once" or not rows.handed_in():
            continue
        group = rows.group if kind.per_group and rows.group else EVERY_GROUP
        for month in months_covered(rows, catalog, first, last):
            found.setdefault((kind.kind, month, group), rows.file)
    records = [(*key, file) for key, file in found.items()]
    frame = pd.DataFrame(records, columns=["kind", "month", GROUP, "source_file"]).astype({"month": "period[M]"})
    ordered = frame.sort_values(["kind", "month", GROUP], ignore_index=True)
    return to_dictionary(ordered, "coverage", catalog)


def months_with_results(reading: Reading) -> list[pd.Period]:
    """Return the months for which a result table has rows, in order."""
    return result_months(reading.tables)


def result_months(tables: Mapping[str, pd.DataFrame]) -> list[pd.Period]:
    """Return the months for which a result table among ``tables`` has rows, in order."""
    return sorted({month for name in tables if is_result_table(name) for month in tables[name]["month"].dropna()})


def quarters_with_data(reading: Reading) -> list[pd.Period]:
    """Return the quarters with results for at least one month, in order."""
    return sorted({periods.quarter_of(month) for month in months_with_results(reading)})


def latest_full_quarter(reading: Reading) -> pd.Period | None:
    """Return the last quarter with results for all of its months; ``None`` when there is none."""
    counts = Counter(periods.quarter_of(month) for month in months_with_results(reading))
    return max((quarter for quarter, count in counts.items() if count == MONTHS_A_QUARTER), default=None)


def forms_of(kind: Kind, catalog: Catalog) -> tuple[str, ...]:
    """Return the kinds that fill the table of ``kind``, the first of the catalog first: a matrix and a list of the same
    scores are two forms of one report, and a bureau owes either.
    """
    return tuple(name for name, other in catalog.kinds.items() if other.table == kind.table)


def is_result_table(table: str) -> bool:
    """Tell whether a table holds what was achieved in a month; a table is named for what one row of it is."""
    return table.endswith(MONTHLY) and table != PLANS


def results_span(sheets: Iterable[SheetRows]) -> tuple[pd.Period | None, pd.Period | None]:
    """Return the first and the last month with results; without any, of any row. Plans lie ahead and do not count."""
    of_results: set[pd.Period] = set()
    of_rows: set[pd.Period] = set()
    for rows in sheets:
        table = rows.sheet.kind.table
        months = _row_months(rows) if rows.sheet.kind.cadence != "once" and table != PLANS else set()
        of_rows |= months
        of_results |= months if is_result_table(table) else set()
    months = of_results or of_rows
    return min(months, default=None), max(months, default=None)


def months_covered(
    rows: SheetRows, catalog: Catalog, first: pd.Period | None, last: pd.Period | None
) -> set[pd.Period]:
    """Return the months that one sheet covers."""
    months = _row_months(rows)
    is_statement = {"month", "quarter"} & set(catalog.tables[rows.sheet.kind.table].key)
    if is_statement or first is None or last is None:
        return months  # a row a month: a month without one was not handed in
    named = find_sheet_month(rows.sheet)
    if isinstance(named, pd.Period):
        return {named}
    span, quarter = find_sheet_span(rows.sheet), find_sheet_quarter(rows.sheet)
    stated = periods.month_range(*span) if span else [] if quarter is None else periods.months_of(quarter)
    if stated:
        return {month for month in {*stated, *months} if month <= last}
    year = find_sheet_year(rows.sheet)
    start = max(first, pd.Period(year=year, month=1, freq="M")) if year else min(months, default=last)
    end = min(last, pd.Period(year=year, month=12, freq="M")) if year else last
    return set(periods.month_range(start, end)) | {month for month in months if month <= last}


def _row_months(rows: SheetRows) -> set[pd.Period]:
    """Return the months in which the used rows of a sheet happened; a quarter or a year is all of its months."""
    name = period_column(rows.columns.values())
    values = {rows.values[name][position] for position in rows.handed_in()} if name else set()
    of_days = {(value.year, value.month) for value in values if isinstance(value, date)}
    months = {pd.Period(year=year, month=month, freq="M") for year, month in of_days}
    for value in values:
        if isinstance(value, pd.Period):
            months.update(periods.months_of(value) if value.freqstr.startswith("Q") else [value])
    return months
