"""Checks of the columns that callers pass in: a wrong structure raises and names the column."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

FloatArray = npt.NDArray[np.float64]

ROUNDING = 1e-12  # of the largest value; sums and means of decimals differ by 1e-16 to 1e-14 of it


def is_flat(values: FloatArray) -> bool:
    """Tell whether finite values, at least one, are alike up to the rounding of floats: 0.3 and 0.1 + 0.2 are."""
    return bool(np.ptp(values) <= ROUNDING * np.abs(values).max())


def numeric_column(values: npt.ArrayLike, name: str) -> npt.NDArray[np.float64]:
    """Return one column as float64, NaN for missing; raises `ValueError` naming it for text or a second dimension."""
    if np.ndim(values) != 1:
        raise ValueError(f"column {name!r} has {np.ndim(values)} dimensions: expected one")
    column = values if isinstance(values, pd.Series) else pd.Series(np.asarray(values).tolist())
    try:
        numbers = column.astype("Float64").to_numpy(dtype="float64", na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise ValueError(f"column {name!r} holds values that are not numbers: {error}") from error
    return np.asarray(numbers, dtype=np.float64)


def require_columns(data: pd.DataFrame, names: Iterable[str], table: str) -> None:
    """Raise `ValueError` naming every column of ``names`` that ``data`` lacks or has twice."""
    for name in names:
        count = list(data.columns).count(name)
        if count != 1:
            seen = ", ".join(str(column) for column in data.columns)
            problem = "is missing" if count == 0 else f"stands there {count} times"
            raise ValueError(f"{table}: column {name!r} {problem}; the columns are: {seen}")
