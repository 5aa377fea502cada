"""Months in which everything was abnormal at once, such as February 2020: they make unrelated series correlate."""

import numpy as np
import numpy.typing as npt

from pipeline.stats.adjust import CONSTANT_TOLERANCE, full_rank, with_dummies

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]

ROBUST_Z = 3.0  # statistics.md, "Sensitivity"
SHARE_OF_SERIES = 1 / 3
FEWEST_OUTLIERS = 2  # what one series does alone is not shared, however few there are
MAD_TO_SD = 1.4826  # of a normal distribution
LEAST_FREEDOM = 1e-6  # a month that the design explains fully has no residual to scale
MONTHS_PER_ABNORMAL_MONTH = 12  # more than one a year is not abnormal but the way things are


def shared_abnormal_months(calendar: FloatArray, blocks: list[tuple[BoolArray, FloatArray]]) -> IntArray:
    """Return the positions of months in which at least a third of the series is a robust outlier, the most shared month
    first.

    ``calendar`` is the design of season, trend and festival, (T, columns). Each block is a set of usable months, (T,),
    and the series usable in just these, (n, S). Series are judged by what the calendar leaves of them. After each month
    found, it gets its dummy and the rest is judged again.
    """
    found = np.empty(0, dtype=np.int64)
    while len(found) < len(calendar) // MONTHS_PER_ABNORMAL_MONTH:
        share, distance = _outliers(with_dummies(calendar, found), blocks)
        if share.size == 0 or share.max() < SHARE_OF_SERIES:
            break
        # the month dummies spread a shock over the same month of other years: of the most shared, the farthest out
        found = np.append(found, int(np.argmax(np.where(share == share.max(), distance, -1.0))))
    return found


def _outliers(design: FloatArray, blocks: list[tuple[BoolArray, FloatArray]]) -> tuple[FloatArray, FloatArray]:
    """Return for every month, (T,), the share of the series usable there that are outliers, and the sum of how far out
    they all are.
    """
    outliers, present, total = np.zeros((3, len(design)))
    for usable, series in blocks:
        basis = full_rank(design[usable])
        freedom = 1 - (basis**2).sum(axis=1)  # with two years of data a residual is half of the shock that made it
        residuals = (series - basis @ (basis.T @ series)) / np.sqrt(np.maximum(freedom, LEAST_FREEDOM))[:, None]
        distance = np.abs(residuals - np.median(residuals, axis=0))
        spread = MAD_TO_SD * np.median(distance, axis=0)
        judged = spread > CONSTANT_TOLERANCE * distance.max(
            axis=0
        )  # half of the months alike: no scale to judge the rest by
        outliers[usable] += ((distance > ROBUST_Z * spread) & judged).sum(axis=1)
        total[usable] += (distance / np.where(judged, spread, np.inf)).sum(axis=1)
        present[usable] += series.shape[1]
    shared = outliers * (outliers >= FEWEST_OUTLIERS)
    return np.divide(shared, present, out=np.zeros(len(design)), where=present > 0), total
