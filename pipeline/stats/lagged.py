"""Correlations of points with later results, for all lags, pairs and resamples at once."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.stats.adjust import CONSTANT_TOLERANCE, Adjustment

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class LaggedResults:
    """The results of one pair, made ready so that one product with points gives their correlations at every lag.

    ``scaled`` (T, lags): column k holds at t the result of month t + k, centred and of unit length over the months in
    which both exist. ``overlap`` (T, lags): 1 in those months, else 0.
    """

    scaled: FloatArray
    overlap: FloatArray


def lag_results(result: FloatArray, adjustment: Adjustment, max_lag: int) -> LaggedResults:
    """Line one adjusted results series, (T,), up with points that lead it by 0 to ``max_lag`` months."""
    lagged = np.zeros((len(result), max_lag + 1))
    for lag in range(max_lag + 1):
        lagged[: len(result) - lag, lag] = result[lag:]
    overlap = overlapping_months(adjustment, max_lag)
    return LaggedResults(centred_and_scaled(lagged, overlap), overlap)


def overlapping_months(adjustment: Adjustment, max_lag: int) -> FloatArray:
    """Return 1 where points of month t and results of month t + k are both usable, else 0; shape (T, lags)."""
    usable = adjustment.usable.astype(np.float64)
    overlap = np.zeros((len(usable), max_lag + 1))
    for lag in range(max_lag + 1):
        overlap[: len(usable) - lag, lag] = usable[: len(usable) - lag] * usable[lag:]
    return overlap


def centred_and_scaled(lagged: FloatArray, overlap: FloatArray) -> FloatArray:
    """Centre results, (T, lags, ...), over the overlapping months, (T, lags), and give them unit length there; 0 where
    nothing but rounding is left of them.
    """
    weight = overlap.reshape(overlap.shape + (1,) * (lagged.ndim - 2))
    centred = (lagged - (lagged * weight).sum(axis=0) / np.maximum(weight.sum(axis=0), 1)) * weight
    length = np.sqrt((centred**2).sum(axis=0))
    left = length > CONSTANT_TOLERANCE * length.max()
    return np.divide(centred, length, out=np.zeros_like(centred), where=left)


def lagged_correlations(points: FloatArray, results: LaggedResults) -> FloatArray:
    """Correlate adjusted points, shape (..., T), with one pair's results: Pearson's r over the overlapping months
    (0 where there are none, or nothing but rounding is left of the points), (..., lags).
    """
    covariation = points @ results.scaled  # the results are centred, so the points need not be
    return scaled_by_points(covariation, points, results.overlap)


def scaled_by_points(covariation: FloatArray, points: FloatArray, overlap: FloatArray) -> FloatArray:
    """Divide sums of products, (..., lags), by the length of the points, (..., T), over the overlapping months, (T,
    lags); 0 where that length is rounding only.
    """
    sums, squares = points @ overlap, points**2 @ overlap
    variation = squares - sums**2 / np.maximum(overlap.sum(axis=0), 1)
    left = variation > CONSTANT_TOLERANCE * squares.max()
    r = np.divide(
        covariation,
        np.sqrt(variation, where=left, out=np.ones_like(variation)),
        out=np.zeros_like(covariation),
        where=left,
    )
    return np.clip(r, -1.0, 1.0)  # rounding may step beyond
