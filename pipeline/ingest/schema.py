"""Tables in the types of the data dictionary: empty ones, and frames brought to their dtypes."""

from collections.abc import Mapping, Sequence

import pandas as pd
from pandas.api.types import pandas_dtype

from pipeline.catalog import Catalog, Column
from pipeline.catalog.records import Dtype

DTYPES: Mapping[Dtype, str] = {
    "text": "str",
    "identifier": "str",
    "party_group": "str",
    "member": "str",
    "integer": "Int64",
    "leave_count": "Int64",
    "year": "Int64",
    "duration_s": "Int64",
    "number": "float64",
    "pct": "float64",
    "date": "datetime64[us]",
    "month": "period[M]",
    "quarter": "period[Q-DEC]",
    "boolean": "boolean",
}


class TableError(ValueError):
    """Raised when a frame lacks a column that the data dictionary promises; names the table and the columns."""


def empty_table(table: str, catalog: Catalog) -> pd.DataFrame:
    """Return ``table`` without rows but with every column of the dictionary in its dtype."""
    columns = catalog.columns_of(table)
    return pd.DataFrame({column.column: pd.Series([], dtype=DTYPES[column.dtype]) for column in columns})


def to_dictionary(frame: pd.DataFrame, table: str, catalog: Catalog) -> pd.DataFrame:
    """Return ``frame`` with the columns of ``table`` first, in order and in their dtypes; other columns follow as
    they are.

    Missing values become the missing value of the dtype. Raises `TableError` for a missing column.
    """
    columns = catalog.columns_of(table)
    missing = [column.column for column in columns if column.column not in frame.columns]
    if missing:
        raise TableError(f"table {table!r} lacks {', '.join(missing)}: it has {', '.join(map(str, frame.columns))}")
    lineage = {column.column: column for column in catalog.columns if column.table == "*"}
    known = {column.column: column for column in columns} | {
        name: column for name, column in lineage.items() if name in frame.columns
    }
    extra = [name for name in frame.columns if name not in known]
    typed = {name: _cast(frame[name], column) for name, column in known.items()}
    return pd.DataFrame({**typed, **{name: frame[name] for name in extra}}, index=frame.index)


def typed_series(values: Sequence[object], dtype: Dtype) -> pd.Series:
    """Return a list of Python values (``None`` for missing) as a series of the dictionary's dtype."""
    return pd.Series(list(values), dtype="object").astype(pandas_dtype(DTYPES[dtype]))


def _cast(series: pd.Series, column: Column) -> pd.Series:
    wanted = DTYPES[column.dtype]
    if str(series.dtype) == wanted:
        return series
    if wanted.startswith("period"):
        return _to_periods(series, wanted)
    return series.astype(pandas_dtype(wanted))


def _to_periods(series: pd.Series, wanted: str) -> pd.Series:
    """Read the text "2021-10" or "2021Q4" back into periods."""
    if isinstance(series.dtype, pd.PeriodDtype):
        return series.astype(pandas_dtype(wanted))
    frequency = wanted.removeprefix("period[").removesuffix("]")
    periods = [pd.NaT if pd.isna(value) else pd.Period(value, freq=frequency) for value in series]
    return pd.Series(periods, index=series.index, dtype=wanted)
