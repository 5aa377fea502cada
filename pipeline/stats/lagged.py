"""Correlations of points with later results, for all lags, pairs and resamples at once."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.stats.adjust import Adjustment

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class LaggedResults:
    """The results of one pair, made ready so that one product with points gives their correlations at every lag.

    ``scaled`` (T, lags): column k holds at t the result of month t + k, centred and of unit length over the months in which both exist.
    ``overlap`` (T, lags): 1 in those months, else 0.
    """

    scaled: FloatArray
    overlap: FloatArray


def lag_results(result: FloatArray, adjustment: Adjustment, max_lag: int) -> LaggedResults:
    """Adjust one results series, (T,) with NaN for missing, and line it up with points that lead by 0 to ``max_lag`` months."""
    return line_up(adjustment.residual @ np.nan_to_num(result), adjustment, max_lag)


def line_up(residuals: FloatArray, adjustment: Adjustment, max_lag: int) -> LaggedResults:
    """Line adjusted results up with points that lead; ``residuals`` is (T,) or (T, variants), the variants come last."""
    months = len(residuals)
    usable = adjustment.usable.astype(np.float64)
    overlap = np.zeros((months, max_lag + 1))
    lagged = np.zeros((months, max_lag + 1, *residuals.shape[1:]))
    for lag in range(max_lag + 1):
        overlap[: months - lag, lag] = usable[: months - lag] * usable[lag:]
        lagged[: months - lag, lag] = residuals[lag:]
    weight = overlap.reshape(overlap.shape + (1,) * (residuals.ndim - 1))
    centred = (lagged - (lagged * weight).sum(axis=0) / weight.sum(axis=0)) * weight
    length = np.sqrt((centred**2).sum(axis=0))
    return LaggedResults(np.divide(centred, length, out=np.zeros_like(centred), where=length > 0), overlap)


def lagged_correlations(points: FloatArray, results: LaggedResults) -> FloatArray:
    """Correlate adjusted points, shape (..., T), with one pair's results: Pearson's r over the overlapping months, (..., lags)."""
    sums, squares = points @ results.overlap, points**2 @ results.overlap
    variation = squares - sums**2 / results.overlap.sum(axis=0)
    covariation = points @ results.scaled  # the results are centred, so the points need not be
    return np.divide(covariation, np.sqrt(variation), out=np.zeros_like(covariation), where=variation > 0)
