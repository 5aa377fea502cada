"""Tables as the data dictionary has them: empty ones, frames brought to their dtypes, and values it does not allow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
from pandas.api.types import pandas_dtype

from pipeline.catalog import Catalog, Column
from pipeline.catalog.records import Dtype
from pipeline.ingest.wordforms import compact

if TYPE_CHECKING:
    from pandera.pandas import Check, DataFrameSchema

DTYPES: Mapping[Dtype, str] = {
    "text": "str",
    "identifier": "str",
    "party_group": "str",
    "member": "str",
    "subject": "str",
    "member_list": "str",
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


REPEATED, EMPTY = "multiple_fields_uniqueness", "not_nullable"  # what pandera calls these two checks


class TableError(ValueError):
    """Raised when a frame is not what the data dictionary promises; names the table, its columns and what was seen."""


@dataclass(frozen=True)
class FailingValue:
    """A value that the dictionary does not allow; ``row`` is the label of its row in the frame."""

    row: object
    column: str
    seen: str
    expected: str


def empty_table(table: str, catalog: Catalog) -> pd.DataFrame:
    """Return ``table`` without rows but with every column of the dictionary in its dtype."""
    columns = catalog.columns_of(table)
    return pd.DataFrame({column.column: pd.Series([], dtype=DTYPES[column.dtype]) for column in columns})


def to_dictionary(frame: pd.DataFrame, table: str, catalog: Catalog) -> pd.DataFrame:
    """Return ``frame`` with the columns of ``table`` in the dictionary's order and dtypes.

    Missing values become the missing value of the dtype. Raises `TableError` for a missing column and for one that the
    dictionary does not know.
    """
    columns = {column.column: column for column in catalog.columns_of(table)}
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise TableError(f"table {table!r} lacks {', '.join(missing)}: it has {', '.join(map(str, frame.columns))}")
    beyond = [str(name) for name in frame.columns if name not in columns]
    if beyond:
        raise TableError(f"table {table!r} has {', '.join(beyond)}: the data dictionary knows {', '.join(columns)}")
    return pd.DataFrame({name: _cast(frame[name], column) for name, column in columns.items()}, index=frame.index)


def find_failing_values(frame: pd.DataFrame, table: str, catalog: Catalog) -> list[FailingValue]:
    """Return every value of ``frame`` that the data dictionary does not allow, all of them at once.

    Checked are required values, ranges, closed vocabularies and the key; of repeated keys the first row is right, and
    each of the others is one failing value. What is in no single row (a column missing, unknown or of another dtype)
    raises `TableError`. A table without rows has no values to check, only columns.
    """
    if frame.empty:
        to_dictionary(frame, table, catalog)
        return []
    from pandera.errors import SchemaErrors  # imported here: only reading needs pandera, which takes .2 s

    try:
        _schema_of(table, frame, catalog).validate(frame, lazy=True)
    except SchemaErrors as error:
        return _failing_values(error.failure_cases, table, catalog)
    return []


def _schema_of(table: str, frame: pd.DataFrame, catalog: Catalog) -> "DataFrameSchema":
    """Return the schema of a table; a closed vocabulary is judged once for each distinct word of ``frame``."""
    import pandera.pandas as pandera

    columns = {}
    for column in catalog.columns_of(table):
        checks = [_range_check(column)] if column.minimum or column.maximum else []
        words = catalog.closed_words(table, column.column)
        if words is not None and column.column in frame.columns:
            known = {compact(word) for word in words}
            written = [word for word in frame[column.column].dropna().unique() if compact(str(word)) in known]
            checks.append(pandera.Check.isin(written, error=" / ".join(sorted(words))))
        columns[column.column] = pandera.Column(
            pandas_dtype(DTYPES[column.dtype]), checks=checks, nullable=not column.required
        )
    key = list(catalog.tables[table].key)
    return pandera.DataFrameSchema(columns, strict=True, unique=key or None, report_duplicates="exclude_first")


def _range_check(column: Column) -> "Check":
    from pandera.pandas import Check

    low, high = (_bound(text, column) for text in (column.minimum, column.maximum))
    told = f"{column.minimum} … {column.maximum}"
    if low is None:
        return Check.le(high, error=told)
    return Check.ge(low, error=told) if high is None else Check.in_range(low, high, error=told)


def _bound(text: str, column: Column) -> float | pd.Timestamp | None:
    if not text:
        return None
    return pd.Timestamp(text) if column.dtype == "date" else float(text)


def _failing_values(cases: pd.DataFrame, table: str, catalog: Catalog) -> list[FailingValue]:
    """Return pandera's failure cases as failing values; a repeated key is told once, at its first column."""
    labels = {column.column: column.label_zh for column in catalog.columns_of(table)}
    key = catalog.tables[table].key
    found: dict[tuple[object, str], FailingValue] = {}
    for name, check, seen, row in zip(
        cases["column"], cases["check"], cases["failure_case"], cases["index"], strict=True
    ):
        if pd.isna(row):
            told = seen if pd.isna(name) else name
            raise TableError(f"table {table!r}: column {told!r}: expected {check}, saw {seen!r}")
        expected = {REPEATED: " + ".join(labels[part] for part in key), EMPTY: labels[name]}.get(check, str(check))
        column = key[0] if check == REPEATED else str(name)
        text = "" if pd.isna(seen) else str(seen)
        found.setdefault((row, column), FailingValue(row, column, text, expected))
    return list(found.values())


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
