"""The correlation of two columns, with a p-value that stays exact when there are few rows."""

from math import factorial
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import stdtr  # scipy.stats takes a second to import

from pipeline.stats import reasons
from pipeline.stats.columns import ROUNDING, is_flat, numeric_column
from pipeline.stats.fisher import fisher_interval

Method = Literal["pearson", "spearman", "kendall"]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

SPEARMAN_EXACT_UP_TO_ROWS = 12  # about 0.2 s; from 13 rows on t is less than a tenth off near p = .05
KENDALL_TIES_EXACT_UP_TO_ROWS = 9  # 9! = 362,880 pairings are enumerated in about 0.1 s
KENDALL_EXACT_UP_TO_ROWS = 49  # without ties; where R's cor.test goes over to the normal approximation
FEWEST_ROWS = 3
FEWEST_ROWS_TO_TELL = 5  # no order of 3 or 4 rows reaches p <= .05 (statistics.md, exact floors)


def correlation(x: npt.ArrayLike, y: npt.ArrayLike, method: Method = "pearson") -> pd.Series:
    """Correlate two columns of equal length, paired by position whatever their index (a lag is a slice of each).

    Rows where either value is missing are left out. Returns a `Series`: r, p_value (two-sided), ci_low, ci_high (95 %),
    n (rows used). Where nothing can be said (fewer than 3 rows, a column that is constant up to rounding, an infinite
    value) r, p and interval are NaN, and ``result.attrs["reason"]`` holds the code; otherwise that is "".

    p: Pearson by the t distribution, which is exact for normal values; with 3 or 4 rows, where nobody can tell whether
    they are normal, never below 2 / n!, the least that any order of them can give (1/3 and 1/12). Spearman by all
    pairings up to 12 rows (scipy's spearmanr is wrong there), then t with n - 2. Kendall's tau-b exact up to 9 rows,
    without ties up to 49, then normal. Interval: Fisher z with SE 1 / sqrt(n - 3); Spearman sqrt((1 + r²/2) / (n - 3))
    and Kendall sqrt(.437 / (n - 4)) (Bonett & Wright 2000); (-1, 1) where n leaves no SE. A perfect order of ranks has
    no width in z: its interval starts from half a swap of neighbours less. Raises `ValueError` naming the column for
    text, a second dimension or unequal lengths, and for two `Series` with the same labels in another order.
    """
    if method not in get_args(Method):
        raise ValueError(f"method {method!r} is unknown: expected one of {', '.join(get_args(Method))}")
    first, second = numeric_column(x, "x"), numeric_column(y, "y")
    if len(first) != len(second):
        raise ValueError(f"y has {len(second)} values, x has {len(first)}: expected columns of equal length")
    _require_same_order(x, y)
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
    return float(2 * stdtr(dof, -abs(r) * np.sqrt(dof / (1 - r**2))))


def _require_same_order(x: npt.ArrayLike, y: npt.ArrayLike) -> None:
    if not isinstance(x, pd.Series) or not isinstance(y, pd.Series) or x.index.equals(y.index):
        return
    if x.index.is_unique and y.index.is_unique and x.index.isin(y.index).all():
        raise ValueError("y has the labels of x in another order: sort both alike, values are paired by position")


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
    from scipy.stats import rankdata  # imported here: no report ranks, and every report would wait for it

    rank_x, rank_y = rankdata(x), rankdata(y)
    r = pearson_r(rank_x, rank_y)
    if len(x) > SPEARMAN_EXACT_UP_TO_ROWS:
        return r, t_test_p(r, len(x) - 2)
    return r, _exact_p_of_ranks((2 * rank_x).astype(np.int64), (2 * rank_y).astype(np.int64))


def _exact_p_of_ranks(x: IntArray, y: IntArray) -> float:
    """Return the share of all pairings whose sum of products is at least as far from its mean as the observed one.

    Whole numbers (twice the ranks) keep it exact. Without listing n! orders: ``counts`` holds for each set of y's, as
    bits, how many ways of giving them to the first x's lead to each sum.
    """
    size = int(np.sort(x) @ np.sort(y)) + 1
    counts = {0: np.eye(1, size, dtype=np.int64)[0]}
    for value in x:
        following: dict[int, IntArray] = {}
        for used, ways in counts.items():
            for place, other in enumerate(y):
                if not used >> place & 1:
                    target = following.setdefault(used | 1 << place, np.zeros(size, dtype=np.int64))
                    target[value * other :] += ways[: size - value * other]
        counts = following
    (ways,) = counts.values()
    distance = np.abs(len(x) * np.arange(size) - x.sum() * y.sum())
    return float(ways[distance >= distance[x @ y]].sum() / ways.sum())


def _kendall(x: FloatArray, y: FloatArray) -> tuple[float, float]:
    from scipy.stats import kendalltau  # as in _spearman

    tied = len(np.unique(x)) < len(x) or len(np.unique(y)) < len(y)
    exact = not tied and len(x) <= KENDALL_EXACT_UP_TO_ROWS
    result = kendalltau(x, y, method="exact" if exact else "asymptotic")
    tau = _snapped(float(result.statistic))
    if exact or len(x) > KENDALL_TIES_EXACT_UP_TO_ROWS:
        return tau, float(result.pvalue)
    return tau, _exact_p_of_concordance(x, y)


def _exact_p_of_concordance(x: FloatArray, y: FloatArray) -> float:
    """Return the share of all pairings that have at least as many concordant over discordant pairs, or the reverse."""
    pairings = _pairings(len(x))
    first, second = np.triu_indices(len(x), k=1)
    sign_x = np.sign(x[first] - x[second])
    sign_y = np.sign(y[:, None] - y[None, :])
    concordance = np.zeros(len(pairings))
    for sign, i, j in zip(sign_x, first, second, strict=True):
        concordance += sign * sign_y[pairings[:, i], pairings[:, j]]
    return float(np.mean(np.abs(concordance) >= abs(sign_x @ sign_y[first, second])))


_ESTIMATES = {"pearson": _pearson, "spearman": _spearman, "kendall": _kendall}


def _pairings(rows: int) -> IntArray:
    """Return every order of ``rows`` things, shape (rows!, rows)."""
    orders = np.zeros((1, 1), dtype=np.int64)
    for size in range(1, rows):
        orders = np.concatenate([np.insert(orders, place, size, axis=1) for place in range(size + 1)])
    return orders


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
