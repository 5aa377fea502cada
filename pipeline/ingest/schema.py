"""Tables as the data dictionary has them: empty ones, frames brought to their dtypes, and values it does not allow."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import pandas as pd
from pandas.api.extensions import ExtensionArray
from pandas.api.types import pandas_dtype

from pipeline.catalog import Catalog, Column
from pipeline.catalog.records import Dtype
from pipeline.ingest.wordforms import compact

DTYPES: Mapping[Dtype, str] = {
    "text": "str",
    "identifier": "str",
    "party_group": "str",
    "member": "str",
    "subject": "str",
    "member_list": "str",
    "ground": "str",
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
    columns = tuple((column.column, DTYPES[column.dtype]) for column in catalog.columns_of(table))
    return _without_rows(columns, pd.get_option("mode.string_storage")).copy(deep=False)


@cache  # of thirty tables most bureaus fill a part, and an empty one takes as long as one with rows
def _without_rows(columns: tuple[tuple[str, str], ...], _storage: str) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series([], dtype=dtype) for name, dtype in columns})


def to_dictionary(frame: pd.DataFrame, table: str, catalog: Catalog) -> pd.DataFrame:
    """Return ``frame`` with the columns of ``table`` in the dictionary's order and dtypes.

    Missing values become the missing value of the dtype. Raises `TableError` for a missing column and for one that the
    dictionary does not know.
    """
    wanted = {column.column: DTYPES[column.dtype] for column in _columns_of(frame, table, catalog)}
    seen = dict(zip(frame.columns, map(str, frame.dtypes), strict=True))
    cast = {name: _cast(frame[name], dtype) for name, dtype in wanted.items() if seen[name] != dtype}
    typed = frame.assign(**cast)
    return typed if list(seen) == list(wanted) else typed[list(wanted)]


def _columns_of(frame: pd.DataFrame, table: str, catalog: Catalog) -> tuple[Column, ...]:
    """Return the columns of a table; raises `TableError` unless ``frame`` has just these."""
    columns = catalog.columns_of(table)
    names = [column.column for column in columns]
    seen = list(frame.columns)
    if missing := [name for name in names if name not in seen]:
        raise TableError(f"table {table!r} lacks {', '.join(missing)}: it has {', '.join(map(str, seen))}")
    if beyond := [str(name) for name in seen if name not in names]:
        raise TableError(f"table {table!r} has {', '.join(beyond)}: the data dictionary knows {', '.join(names)}")
    return columns


def find_failing_values(frame: pd.DataFrame, table: str, catalog: Catalog) -> list[FailingValue]:
    """Return every value of ``frame`` that the data dictionary does not allow, all of them at once.

    Checked are required values, ranges, closed vocabularies and the key; of repeated keys the first row is right, and
    each of the others is one failing value, at the first column of the key. A value is told once, for the first of
    these that it fails. What is in no single row (a column missing, unknown or of another dtype) raises `TableError`. A
    table without rows has no values to check, only columns.
    """
    columns = _columns_of(frame, table, catalog)
    found: dict[tuple[object, str], FailingValue] = {}
    for column in columns if len(frame) else ():
        values = frame[column.column]
        _check_dtype(values, table, column)
        for expected, failing in _failing(values, table, column, catalog):
            for row, seen in failing.items():
                text = "" if pd.isna(seen) else str(seen)
                found.setdefault((row, column.column), FailingValue(row, column.column, text, expected))
    key = list(catalog.tables[table].key)
    if key:
        repeated = frame.duplicated(key)
        labels = {column.column: column.label_zh for column in columns}
        expected = " + ".join(labels[part] for part in key)
        for row, seen in frame.loc[repeated, key[0]].items() if repeated.any() else ():
            found.setdefault((row, key[0]), FailingValue(row, key[0], "" if pd.isna(seen) else str(seen), expected))
    return list(found.values())


def _check_dtype(values: pd.Series, table: str, column: Column) -> None:
    wanted, seen = DTYPES[column.dtype], str(values.dtype)
    if seen != wanted:
        raise TableError(f"table {table!r}: column {column.column!r}: expected dtype {wanted!r}, saw {seen!r}")


def _failing(values: pd.Series, table: str, column: Column, catalog: Catalog) -> Iterator[tuple[str, pd.Series]]:
    """Yield what is expected of a column with the values that are not so: required, in its range, one of its words."""
    words = catalog.closed_words(table, column.column)
    is_bounded = bool(column.minimum or column.maximum)
    if not (column.required or is_bounded or words is not None):
        return
    missing = values.array.isna()  # of the array: a series for each of hundreds of small columns costs more than all
    is_whole = not missing.any()
    present = values if is_whole else values[~missing]
    if column.required and not is_whole:
        yield column.label_zh, values[missing]
    if is_bounded:
        yield f"{column.minimum} … {column.maximum}", _outside(present, column)
    if words is not None:
        known = {compact(word) for word in words}
        unknown = [word for word in present.unique() if compact(str(word)) not in known]
        if unknown:
            yield " / ".join(sorted(words)), values[values.isin(unknown)]


def _outside(values: pd.Series, column: Column) -> pd.Series:
    """Return those of some values, none of them missing, that lie outside the range of their column."""
    low, high = (_bound(text, column) for text in (column.minimum, column.maximum))
    if values.empty or ((low is None or low <= values.min()) and (high is None or values.max() <= high)):
        return values[:0]
    is_low = values < low if low is not None else False
    is_high = values > high if high is not None else False
    return values[is_low | is_high]


def _bound(text: str, column: Column) -> float | pd.Timestamp | None:
    if not text:
        return None
    return pd.Timestamp(text) if column.dtype == "date" else float(text)


def typed_array(values: Sequence[object], dtype: Dtype) -> ExtensionArray:
    """Return a list of Python values (``None`` for missing) as an array of the dictionary's dtype."""
    return pd.Series(list(values), dtype=pandas_dtype(DTYPES[dtype])).array


def _cast(series: pd.Series, wanted: str) -> pd.Series:
    if wanted.startswith("period"):
        return _to_periods(series, wanted)
    return series.astype(pandas_dtype(wanted))


def _to_periods(series: pd.Series, wanted: str) -> pd.Series:
    """Read the text "2021-10" or "2021Q4" back into periods."""
    if isinstance(series.dtype, pd.PeriodDtype):
        return series.astype(pandas_dtype(wanted))
    codes, texts = pd.factorize(series)  # years of rows hold few months
    frequency = wanted.removeprefix("period[").removesuffix("]")
    known = pd.PeriodIndex([*texts, pd.NaT], freq=frequency)  # the code of a missing value is -1, the last one
    return pd.Series(known[codes], index=series.index, dtype=wanted)
