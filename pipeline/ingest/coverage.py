"""Which months every kind of workbook was handed in for, and which months and quarters the bureau has results for."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import pandas as pd

from pipeline import periods
from pipeline.catalog import Catalog
from pipeline.ingest.bureau import Reading
from pipeline.ingest.context import GROUP, find_sheet_month, find_sheet_year
from pipeline.ingest.references import period_column
from pipeline.ingest.schema import to_dictionary
from pipeline.ingest.sheetrows import SheetRows

EVERY_GROUP = ""  # the party_group of a workbook that covers them all
MONTHS_A_QUARTER = 3


def list_coverage(sheets: Sequence[SheetRows], catalog: Catalog) -> pd.DataFrame:
    """Return the table ``coverage``: one row per kind, month, group ("" for all) and file with at least one used row.

    A month column or a sheet, title or file of one month says it. A ledger of a year covers that year, and one without a year
    all from its first row on, up to the bureau's last month with results: no row means that nothing happened, not that nobody wrote.
    """
    last = last_month(sheets, catalog)
    found: dict[tuple[str, pd.Period, str], str] = {}
    for rows in sheets:
        if not rows.kept():
            continue
        kind = rows.sheet.kind
        group = rows.group if kind.per_group and rows.group else EVERY_GROUP
        for month in _months_of(rows, last):
            found.setdefault((kind.kind, month, group), rows.file)
    records = [(*key, file) for key, file in found.items()]
    frame = pd.DataFrame(records, columns=["kind", "month", GROUP, "source_file"]).astype({"month": "period[M]"})
    ordered = frame.sort_values(["kind", "month", GROUP], ignore_index=True)
    return to_dictionary(ordered, "coverage", catalog)


def last_month(sheets: Iterable[SheetRows], catalog: Catalog) -> pd.Period | None:
    """Return the last month with results; without any, the last month of any row. Plans lie ahead and do not count."""
    result_tables = _result_tables(catalog)
    of_results, of_rows = set(), set()
    for rows in sheets:
        months = _row_months(rows)
        of_rows |= months if rows.sheet.kind.kind != "targets" else set()
        of_results |= months if rows.sheet.kind.table in result_tables else set()
    return max(of_results or of_rows, default=None)


def months_with_results(tables: Mapping[str, pd.DataFrame], catalog: Catalog) -> list[pd.Period]:
    """Return the months for which a result table has rows, in order."""
    months = {month for table in _result_tables(catalog) for month in tables[table]["month"].dropna()}
    return sorted(months)


def quarters_with_data(reading: Reading, catalog: Catalog) -> list[pd.Period]:
    """Return the quarters with results for at least one month, in order."""
    return sorted({periods.quarter_of(month) for month in months_with_results(reading.tables, catalog)})


def latest_full_quarter(reading: Reading, catalog: Catalog) -> pd.Period | None:
    """Return the last quarter with results for all of its months; ``None`` when there is none."""
    months = pd.Series(months_with_results(reading.tables, catalog), dtype="period[M]")
    counts = months.map(periods.quarter_of).value_counts()
    return max((quarter for quarter, count in counts.items() if count == MONTHS_A_QUARTER), default=None)


def _result_tables(catalog: Catalog) -> list[str]:
    """Return the monthly tables behind the metrics, plans left out."""
    measures = {metric.measure for metric in catalog.metrics.values()}
    plans = {metric.target for metric in catalog.metrics.values()}
    parts = [catalog.measures[name] for name in sorted(measures)]
    parts += [catalog.measures[name] for part in parts if part.aggregate == "quotient" for name in (part.value, part.base)]
    return sorted({part.table for part in parts if part.period == "month" and part.measure not in plans})


def _months_of(rows: SheetRows, last: pd.Period | None) -> set[pd.Period]:
    """Return the months that one sheet covers."""
    if "month" in rows.columns:
        return _row_months(rows)
    named = find_sheet_month(rows.sheet)
    if isinstance(named, pd.Period):
        return {named}
    months = _row_months(rows)
    year = find_sheet_year(rows.sheet)
    if not months or last is None or rows.sheet.kind.cadence not in ("monthly", "yearly"):
        return months
    first = pd.Period(year=year, month=1, freq="M") if year else min(months)
    end = min(last, pd.Period(year=year, month=12, freq="M")) if year else last
    return set(periods.month_range(first, end)) | {month for month in months if month <= last}


def _row_months(rows: SheetRows) -> set[pd.Period]:
    """Return the months in which the used rows of a sheet happened."""
    name = period_column(rows.columns.values())
    if name is None:
        return set()
    values = {rows.values[name][position] for position in rows.kept()}
    return {
        value if isinstance(value, pd.Period) else pd.Period(year=value.year, month=value.month, freq="M")
        for value in values
        if isinstance(value, pd.Period | date)
    }
