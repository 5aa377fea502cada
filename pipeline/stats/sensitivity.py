"""Leave one month out: a relation that one month carries is no evidence."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pipeline.stats.adjust import Adjustment
from pipeline.stats.lagged import centred_and_scaled, overlapping_months, scaled_by_points
from pipeline.stats.maxt import MaxT, standardised

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]

SHARE_OF_CRITICAL = 0.85  # statistics.md, "Sensitivity"
LEVERAGE_TOLERANCE = 1e-8  # below it the calendar already explains the month fully, and leaving it out changes nothing


def correlations_without_each_month(
    points: FloatArray, results: Sequence[FloatArray], adjustment: Adjustment, max_lag: int
) -> FloatArray:
    """Return r of ``points`` with each of n results at every lag without month j, for every j; shape (T, n, lags). All
    series are adjusted alike, (T,).

    At lag k, the points of month j and the results of month j + k are left out: the one observation that month j is
    there. Each is left out by a dummy of its own, which is a rank-one change of the projection (Frisch-Waugh).
    """
    length = np.linalg.norm(adjustment.residual, axis=0)
    felt = length > LEVERAGE_TOLERANCE
    directions = np.divide(
        adjustment.residual, length, out=np.zeros_like(adjustment.residual), where=felt
    )  # (T, month)
    points_without = points[:, None] - directions * (directions.T @ points)
    overlap = overlapping_months(adjustment, max_lag)
    covariation = np.empty((len(results), len(points), max_lag + 1))
    for number, result in enumerate(results):
        results_without = result[:, None] - directions * (directions.T @ result)
        lagged = np.zeros((len(result), max_lag + 1, len(result)))
        for lag in range(max_lag + 1):
            kept = len(result) - lag
            lagged[:kept, lag, :kept] = results_without[lag:, lag:]
            lagged[:kept, lag, kept:] = result[lag:, None]  # points so late that no result follows them
        covariation[number] = np.einsum("tj,tkj->jk", points_without, centred_and_scaled(lagged, overlap))
    return scaled_by_points(covariation, points_without.T, overlap).swapaxes(0, 1)


def survives_every_month(observed: FloatArray, without: FloatArray, test: MaxT) -> BoolArray:
    """Tell for each of F scopes whether, without any one month, lag and sign stay and the statistic holds 85 % of the
    critical one.

    ``observed`` is r, (F, K); ``without`` r without each month, (T, F, K). Returns (F,).
    """
    scope = np.arange(len(observed))
    statistic = standardised(without, test.null_sd)
    same_lag = statistic.argmax(axis=2) == test.lag
    same_sign = np.sign(without[:, scope, test.lag]) == np.sign(observed[scope, test.lag])
    strong = statistic[:, scope, test.lag] >= SHARE_OF_CRITICAL * test.critical
    return np.asarray((same_lag & same_sign & strong).all(axis=0))


def weakest_months(without: FloatArray, test: MaxT) -> IntArray:
    """Return for each of F scopes the month (position) without which the statistic of its lag is weakest, (F,)."""
    scope = np.arange(len(test.lag))
    return np.asarray(standardised(without, test.null_sd)[:, scope, test.lag].argmin(axis=0))
