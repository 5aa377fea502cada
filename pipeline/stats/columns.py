"""Checks of the columns that callers pass in: a wrong structure raises and names the column."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

FloatArray = npt.NDArray[np.float64]

ROUNDING = 1e-12  # of the largest value; sums and means of decimals differ by 1e-16 to 1e-14 of it


def is_flat(values: FloatArray) -> bool:
    """Tell whether finite values, at least one, are alike up to the rounding of floats: 0.3 and 0.1 + 0.2 are."""
    largest = np.abs(values).max()
    return largest == 0 or bool(np.ptp(values / largest) <= ROUNDING)  # divided first: no difference overflows


def numeric_column(values: npt.ArrayLike, name: str) -> npt.NDArray[np.float64]:
    """Return one column as float64, NaN for missing and masked values, 0 and 1 for booleans.

    Raises `ValueError` naming the column for text (also for numbers kept as text), dates, a number beyond the range of
    floats and anything that has not exactly one dimension.
    """
    if isinstance(values, pd.Series | np.ndarray) and values.dtype == np.float64 and values.ndim == 1:
        return np.array(np.ma.filled(values, np.nan) if isinstance(values, np.ma.MaskedArray) else values)
    column = values if isinstance(values, pd.Series) else _as_column(values, name)
    if not pd.api.types.is_numeric_dtype(column.dtype) and any(isinstance(value, str) for value in column):
        raise ValueError(f"column {name!r} holds values that are not numbers: it has text among them")
    try:
        numbers = column.astype("Float64").to_numpy(dtype="float64", na_value=np.nan)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"column {name!r} holds values that are not numbers: {error}") from error
    return np.asarray(numbers, dtype=np.float64)


def _as_column(values: npt.ArrayLike, name: str) -> pd.Series:
    if isinstance(values, np.ma.MaskedArray):
        values = np.ma.filled(values.astype(np.float64), np.nan)
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise ValueError(f"column {name!r} is not one column: {error}") from error
    if array.ndim != 1:
        raise ValueError(f"column {name!r} has {array.ndim} dimensions: expected one")
    if array.dtype.kind in "mM":
        raise ValueError(f"column {name!r} holds values that are not numbers: they are dates or durations")
    return pd.Series(array.tolist())


def require_columns(data: pd.DataFrame, names: Iterable[str], table: str) -> None:
    """Raise `ValueError` naming every column of ``names`` that ``data`` lacks or has twice."""
    for name in names:
        count = list(data.columns).count(name)
        if count != 1:
            seen = ", ".join(str(column) for column in data.columns)
            problem = "is missing" if count == 0 else f"stands there {count} times"
            raise ValueError(f"{table}: column {name!r} {problem}; the columns are: {seen}")
