"""The correlation of two columns, with a p-value that stays exact when there are few rows."""

from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from pipeline.stats import reasons
from pipeline.stats.columns import numeric_column
from pipeline.stats.fisher import fisher_interval

Method = Literal["pearson", "spearman", "kendall"]
FloatArray = npt.NDArray[np.float64]

EXACT_UP_TO_ROWS = 9  # 9! = 362,880 pairings are enumerated in about 0.1 s; from 10 rows on the approximations are good
FEWEST_ROWS = 3
TOLERANCE = 1e-9  # pairings that tie with the observed one must count, whatever the rounding of sums


def correlation(x: npt.ArrayLike, y: npt.ArrayLike, method: Method = "pearson") -> pd.Series:
    """Correlate two columns of equal length.

    Rows where either value is missing are left out. Returns a `Series`: r, p_value (two-sided), ci_low, ci_high (95 %),
    n (rows used). Where nothing can be said (fewer than 3 rows, a constant column, an infinite value) r, p and interval
    are NaN, and ``result.attrs["reason"]`` holds the code; otherwise that is "".

    p: Pearson by the t distribution, exact under normality; Spearman by enumerating all pairings up to 9 rows (scipy's
    spearmanr is wrong there), then t with n - 2; Kendall exact. Interval: Fisher z with SE 1 / sqrt(n - 3); Spearman
    sqrt((1 + r²/2) / (n - 3)) and Kendall sqrt(.437 / (n - 4)) (Bonett & Wright 2000). Raises `ValueError` naming the
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
    return _as_series(r, p_value, fisher_interval(r, _standard_error(r, len(first), method)), len(first), "")


def pearson_r(x: FloatArray, y: FloatArray) -> float:
    """Return Pearson's r over the rows where both values are there; NaN for fewer than two, a constant or an infinite
    one.
    """
    complete = ~(np.isnan(x) | np.isnan(y))
    x, y = x[complete], y[complete]
    if len(x) < 2 or np.isinf(x).any() or np.isinf(y).any() or np.ptp(x) == 0 or np.ptp(y) == 0:
        return np.nan
    x, y = x - x.mean(), y - y.mean()
    return float(np.clip(x @ y / np.sqrt((x @ x) * (y @ y)), -1, 1))


def _why_not(x: FloatArray, y: FloatArray) -> str:
    if len(x) == 0:
        return reasons.ALL_MISSING
    if np.isinf(x).any() or np.isinf(y).any():
        return reasons.INFINITE_VALUES
    if len(x) < FEWEST_ROWS:
        return reasons.TOO_FEW_ROWS
    return reasons.CONSTANT if np.ptp(x) == 0 or np.ptp(y) == 0 else ""


def _pearson(x: FloatArray, y: FloatArray) -> tuple[float, float]:
    result = stats.pearsonr(x, y)
    return float(result.statistic), float(result.pvalue)


def _spearman(x: FloatArray, y: FloatArray) -> tuple[float, float]:
    rank_x, rank_y = stats.rankdata(x), stats.rankdata(y)
    r, approximate_p = _pearson(rank_x, rank_y)  # the t distribution with n - 2
    if len(x) > EXACT_UP_TO_ROWS:
        return r, approximate_p
    centred_x, centred_y = rank_x - rank_x.mean(), rank_y - rank_y.mean()
    return r, _exact_p(centred_y[_pairings(len(x))] @ centred_x, float(centred_x @ centred_y))


def _kendall(x: FloatArray, y: FloatArray) -> tuple[float, float]:
    result = stats.kendalltau(x, y)
    tied = len(np.unique(x)) < len(x) or len(np.unique(y)) < len(y)
    if not tied or len(x) > EXACT_UP_TO_ROWS:  # scipy is exact without ties only
        return float(result.statistic), float(result.pvalue)
    pairings = _pairings(len(x))
    first, second = np.triu_indices(len(x), k=1)
    sign_x = np.sign(x[first] - x[second])
    sign_y = np.sign(y[:, None] - y[None, :])
    concordance = np.zeros(len(pairings))
    for sign, i, j in zip(sign_x, first, second, strict=True):
        concordance += sign * sign_y[pairings[:, i], pairings[:, j]]
    return float(result.statistic), _exact_p(concordance, float(sign_x @ sign_y[first, second]))


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


def _standard_error(r: float, rows: int, method: Method) -> float:
    if rows <= (4 if method == "kendall" else 3):
        return np.inf
    if method == "kendall":
        return float(np.sqrt(0.437 / (rows - 4)))
    factor = 1 + r**2 / 2 if method == "spearman" else 1.0
    return float(np.sqrt(factor / (rows - 3)))


def _as_series(r: float, p_value: float, interval: tuple[float, float], rows: int, reason: str) -> pd.Series:
    result = pd.Series(
        {"r": r, "p_value": p_value, "ci_low": interval[0], "ci_high": interval[1], "n": rows}, dtype="float64"
    )
    result.attrs["reason"] = reason
    return result
