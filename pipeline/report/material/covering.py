"""Which workbooks and sheets belong to a quarter, also those of which nothing could be used."""

from pathlib import PurePosixPath

import pandas as pd

from pipeline.catalog import Catalog
from pipeline.periods import find_month, find_quarter, find_year, months_of


def named_months(text: str, default_year: int | None = None) -> tuple[pd.Period, pd.Period] | None:
    """Return the first and last month that a file or sheet name speaks of; None when it names no time."""
    month = find_month(text, default_year)
    if month is not None:
        return month, month
    quarter = find_quarter(text, default_year)
    if quarter is not None:
        months = months_of(quarter)
        return months[0], months[-1]
    year = find_year(text)
    return (pd.Period(year=year, month=1, freq="M"), pd.Period(year=year, month=12, freq="M")) if year else None


def is_named_after(file: str, last: pd.Period) -> bool:
    """Tell whether a file's name speaks of later months only."""
    named = named_months(PurePosixPath(file).name)
    return named is not None and named[0] > last


def span_of(file: str, sheet: str | None) -> tuple[pd.Period, pd.Period] | None:
    """Return the months that a sheet's name speaks of, else its file's name; None when neither names a time."""
    name = PurePosixPath(file).name
    named = named_months(sheet, find_year(name)) if sheet is not None else None
    return named or named_months(name)


def speaks_of(file: str, sheet: str | None, months: list[pd.Period]) -> bool:
    """Tell whether a fault in a sheet may concern ``months``; names without any time may concern every month."""
    span = span_of(file, sheet)
    return span is None or (span[0] <= months[-1] and span[1] >= months[0])


def kinds_of_tables(tables: set[str], catalog: Catalog) -> set[str]:
    """Return the kinds of workbook that fill any of ``tables``."""
    return {kind.kind for kind in catalog.kinds.values() if kind.table in tables}
