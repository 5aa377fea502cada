"""The correlation of two columns, with a p-value that stays exact when there are few rows."""

from math import factorial
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from pipeline.stats import reasons
from pipeline.stats.columns import ROUNDING, is_flat, numeric_column
from pipeline.stats.fisher import fisher_interval

Method = Literal["pearson", "spearman", "kendall"]
FloatArray = npt.NDArray[np.float64]

EXACT_UP_TO_ROWS = 9  # 9! = 362,880 pairings are enumerated in about 0.1 s; from 10 rows on the approximations are good
FEWEST_ROWS = 3
FEWEST_ROWS_TO_TELL = 5  # no order of 3 or 4 rows reaches p <= .05 (statistics.md, exact floors)
TOLERANCE = 1e-9  # pairings that tie with the observed one must count, whatever the rounding of sums


def correlation(x: npt.ArrayLike, y: npt.ArrayLike, method: Method = "pearson") -> pd.Series:
    """Correlate two columns of equal length.

    Rows where either value is missing are left out. Returns a `Series`: r, p_value (two-sided), ci_low, ci_high (95 %),
    n (rows used). Where nothing can be said (fewer than 3 rows, a column that is constant up to rounding, an infinite
    value) r, p and interval are NaN, and ``result.attrs["reason"]`` holds the code; otherwise that is "".

    p: Pearson by the t distribution, which is exact for normal values; with 3 or 4 rows, where nobody can tell whether
    they are normal, never below 2 / n!, the least that any order of them can give (1/3 and 1/12). Spearman by
    enumerating all pairings up to 9 rows (scipy's spearmanr is wrong there), then t with n - 2. Kendall exact up to 9
    rows, without ties up to 33, then normal. Interval: Fisher z with SE 1 / sqrt(n - 3); Spearman sqrt((1 + r²/2) / (n
    - 3)) and Kendall sqrt(.437 / (n - 4)) (Bonett & Wright 2000); (-1, 1) where n leaves no SE. A perfect order of
    ranks has no width in z: its interval starts from half a swap of neighbours less. Raises `ValueError` naming the
    column for text or unequal lengths.
    """
    if method not in get_args(Method):
        raise ValueError(f"method {method!r} is unknown: expected one of {', '.join(get_args(Method))}")
    first, second = numeric_column(x, "x"), numeric_column(y, "y")
    if len(first) != len(second):
        raise ValueError(f"y has {len(second)} values, x has {len(first)}: expected columns of equal length")
    complete = ~(np.isnan(first) | np.isnan(second))
    first, second = first[complete], second[complete]
    reason = _why_not(first, second)
    if reason:
        return _as_series(np.nan, np.nan, (np.nan, np.nan), len(first), reason)
    r, p_value = _ESTIMATES[method](first, second)
    return _as_series(r, p_value, _interval(r, len(first), method), len(first), "")


def pearson_r(x: FloatArray, y: FloatArray) -> float:
    """Return Pearson's r over the rows where both values are there; NaN for fewer than two, an infinite one or a column
    that is constant up to rounding. r within rounding of 1 or -1 is just that.
    """
    complete = ~(np.isnan(x) | np.isnan(y))
    x, y = x[complete], y[complete]
    if len(x) < 2 or np.isinf(x).any() or np.isinf(y).any() or is_flat(x) or is_flat(y):
        return np.nan
    r = float(_direction(x) @ _direction(y))
    return _snapped(r)


def _snapped(r: float) -> float:
    return float(np.sign(r)) if 1 - abs(r) < ROUNDING else r


def _direction(values: FloatArray) -> FloatArray:
    """Return values centred and of unit length; values in any unit, so that no square leaves the range of floats."""
    centred = values / np.abs(values).max()
    centred -= centred.mean()
    return np.asarray(centred / np.linalg.norm(centred), dtype=np.float64)


def t_test_p(r: float, dof: float) -> float:
    """Return the two-sided p of a correlation, t = r sqrt(dof / (1 - r²)) with ``dof`` degrees of freedom."""
    if abs(r) == 1:
        return 0.0
    return float(2 * stats.t.sf(abs(r) * np.sqrt(dof / (1 - r**2)), dof))


def _why_not(x: FloatArray, y: FloatArray) -> str:
    if len(x) == 0:
        return reasons.ALL_MISSING
    if np.isinf(x).any() or np.isinf(y).any():
        return reasons.INFINITE_VALUES
    if len(x) < FEWEST_ROWS:
        return reasons.TOO_FEW_ROWS
    return reasons.CONSTANT if is_flat(x) or is_flat(y) else ""


def _pearson(x: FloatArray, y: FloatArray) -> tuple[float, float]:
    r = pearson_r(x, y)
    floor = 2 / factorial(len(x)) if len(x) < FEWEST_ROWS_TO_TELL else 0.0
    return r, max(t_test_p(r, len(x) - 2), floor)


def _spearman(x: FloatArray, y: FloatArray) -> tuple[float, float]:
    rank_x, rank_y = stats.rankdata(x), stats.rankdata(y)
    r = pearson_r(rank_x, rank_y)
    if len(x) > EXACT_UP_TO_ROWS:
        return r, t_test_p(r, len(x) - 2)
    centred_x, centred_y = rank_x - rank_x.mean(), rank_y - rank_y.mean()
    return r, _exact_p(centred_y[_pairings(len(x))] @ centred_x, float(centred_x @ centred_y))


def _kendall(x: FloatArray, y: FloatArray) -> tuple[float, float]:
    result = stats.kendalltau(x, y)
    tied = len(np.unique(x)) < len(x) or len(np.unique(y)) < len(y)
    if not tied or len(x) > EXACT_UP_TO_ROWS:  # scipy is exact without ties only
        return _snapped(float(result.statistic)), float(result.pvalue)
    pairings = _pairings(len(x))
    first, second = np.triu_indices(len(x), k=1)
    sign_x = np.sign(x[first] - x[second])
    sign_y = np.sign(y[:, None] - y[None, :])
    concordance = np.zeros(len(pairings))
    for sign, i, j in zip(sign_x, first, second, strict=True):
        concordance += sign * sign_y[pairings[:, i], pairings[:, j]]
    return _snapped(float(result.statistic)), _exact_p(concordance, float(sign_x @ sign_y[first, second]))


_ESTIMATES = {"pearson": _pearson, "spearman": _spearman, "kendall": _kendall}


def _pairings(rows: int) -> npt.NDArray[np.int64]:
    """Return every order of ``rows`` things, shape (rows!, rows)."""
    orders = np.zeros((1, 1), dtype=np.int64)
    for size in range(1, rows):
        orders = np.concatenate([np.insert(orders, place, size, axis=1) for place in range(size + 1)])
    return orders


def _exact_p(all_pairings: FloatArray, observed: float) -> float:
    """Return the share of pairings at least as far from 0 as the observed one, which is among them."""
    return float(np.mean(np.abs(all_pairings) >= abs(observed) - TOLERANCE))


def _interval(r: float, rows: int, method: Method) -> tuple[float, float]:
    if rows <= (4 if method == "kendall" else 3):
        return -1.0, 1.0
    if method == "pearson":
        return fisher_interval(r, 1 / np.sqrt(rows - 3))
    swap = 12 / (rows**3 - rows) if method == "spearman" else 4 / (rows**2 - rows)  # of two neighbours, in r
    inner = float(np.clip(r, -1 + swap / 2, 1 - swap / 2))
    variance = 0.437 / (rows - 4) if method == "kendall" else (1 + inner**2 / 2) / (rows - 3)
    low, high = fisher_interval(inner, float(np.sqrt(variance)))
    return min(low, r), max(high, r)


def _as_series(r: float, p_value: float, interval: tuple[float, float], rows: int, reason: str) -> pd.Series:
    result = pd.Series(
        {"r": r, "p_value": p_value, "ci_low": interval[0], "ci_high": interval[1], "n": rows}, dtype="float64"
    )
    result.attrs["reason"] = reason
    return result
