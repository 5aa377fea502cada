"""The XmR chart: how much a monthly series moves by itself, and which months stand out (Wheeler; NHS England, Making
Data Count).
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.stats import reasons
from pipeline.stats.columns import ROUNDING, numeric_column

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

LIMIT_FACTOR = 2.66  # 3 / d2, d2 = 1.128 for ranges of two values (Wheeler)
SCREEN_FACTOR = 3.267  # D4 for ranges of two values: larger moving ranges are exceptional themselves
TRIAL_BELOW_POINTS = 12  # fewer points give trial limits only (NHS England)
SHIFT_POINTS = 7  # so many in a row on one side of the mean
TREND_POINTS = 6  # so many in a row, each higher (or each lower) than the last
OUTER_THIRD = 2 / 3  # of the way from the mean to a limit: two of three points beyond it, on one side, are a signal
UNKNOWN_MEAN = (reasons.ALL_MISSING, reasons.INFINITE_VALUES, reasons.DUPLICATE_MONTHS)
RULES = ("outside", "shift", "trend", "two_of_three")  # a month that meets several rules is named by the first


def xmr(values: npt.ArrayLike, screen: bool = False) -> pd.Series:
    """Return the centre and the natural limits of a series in order of time.

    Returns a `Series`: mean, lower, upper (mean -+ 2.66 x mean moving range, in the unit of ``values``), moving_range
    (their mean), trial (fewer than 12 points). A missing value has no moving range to either neighbour; neither has a
    month that a `Series` of months has no row for. ``screen=True`` leaves out moving ranges above 3.267 x their mean
    once. Under two neighbouring points, with an infinite value or a month that stands twice, the limits are NaN and
    ``result.attrs["reason"]`` holds the code, otherwise "". Raises `ValueError` for values that are not one column of
    numbers, and for months out of order.
    """
    numbers = numeric_column(_every_month(values) if isinstance(values, pd.Series) else values, "values")
    present = numbers[~np.isnan(numbers)]
    reason = reasons.DUPLICATE_MONTHS if _has_months_twice(values) else _why_not(numbers)
    is_known = reason not in UNKNOWN_MEAN
    mean = float(present.mean()) if is_known else np.nan
    moving_range = np.nan if reason else _mean_moving_range(numbers, screen)
    result = pd.Series(
        {
            "mean": mean,
            "lower": mean - LIMIT_FACTOR * moving_range,
            "upper": mean + LIMIT_FACTOR * moving_range,
            "moving_range": moving_range,
            "trial": len(present) < TRIAL_BELOW_POINTS,
        }
    )
    result.attrs["reason"] = reason
    return result


def xmr_signals(values: pd.Series, screen: bool = False) -> pd.DataFrame:
    """Return every month of ``values`` (index: months, in order) with value, mean, lower, upper and signal.

    ``signal`` is "" or the first rule of `RULES` that the month meets: outside the limits; 7 in a row on one side of
    the mean; 6 in a row rising or falling; two of three in the outer third of one side. A missing month ends a run,
    whether its value or its row is missing. Differences within the rounding of floats are none: a constant series has
    no signal. Raises `ValueError` as `xmr`.
    """
    limits = xmr(values, screen=screen)
    every_month = _every_month(values)
    numbers = numeric_column(every_month, "values")
    mean, lower, upper = (float(limits[name]) for name in ("mean", "lower", "upper"))
    signal = np.full(len(numbers), "", dtype=object)
    if not limits.attrs["reason"]:
        rounding = ROUNDING * np.nanmax(np.abs(numbers))
        above, below, steps = numbers - mean - rounding, mean - numbers - rounding, np.diff(numbers)
        met = {
            "outside": (below > mean - lower) | (above > upper - mean),
            "shift": _runs(above > 0, SHIFT_POINTS) | _runs(below > 0, SHIFT_POINTS),
            "trend": _trend(steps > rounding) | _trend(steps < -rounding),
            "two_of_three": _two_of_three(above > OUTER_THIRD * (upper - mean))
            | _two_of_three(below > OUTER_THIRD * (mean - lower)),
        }
        for rule in reversed(RULES):
            signal[met[rule]] = rule
    table = {"value": numbers, "mean": mean, "lower": lower, "upper": upper, "signal": signal}
    rows = pd.DataFrame(table, index=every_month.index)
    return rows if len(rows) == len(values) else rows.loc[values.index]


def _every_month(values: pd.Series) -> pd.Series:
    """Return a series of months with a row for each month from its first to its last, any other series as it is."""
    if not isinstance(values.index, pd.PeriodIndex) or values.empty or _has_months_twice(values):
        return values
    if not values.index.is_monotonic_increasing:
        raise ValueError("column 'values' has months out of order: expected one row a month, in order of time")
    return values.reindex(pd.period_range(values.index[0], values.index[-1]))


def _has_months_twice(values: object) -> bool:
    return isinstance(values, pd.Series) and isinstance(values.index, pd.PeriodIndex) and not values.index.is_unique


def _why_not(numbers: FloatArray) -> str:
    if np.isnan(numbers).all():
        return reasons.ALL_MISSING
    if np.isinf(numbers).any():
        return reasons.INFINITE_VALUES
    return reasons.TOO_FEW_ROWS if np.isnan(np.diff(numbers)).all() else ""


def _mean_moving_range(numbers: FloatArray, screen: bool) -> float:
    ranges = np.abs(np.diff(numbers))
    ranges = ranges[~np.isnan(ranges)]
    if screen:
        ranges = ranges[ranges <= SCREEN_FACTOR * ranges.mean()]
    return float(ranges.mean())


def _runs(condition: BoolArray, length: int) -> BoolArray:
    """Mark every position inside a run of at least ``length`` true values."""
    inside = np.zeros(len(condition), dtype=np.bool_)
    for start in range(len(condition) - length + 1):
        if condition[start : start + length].all():
            inside[start : start + length] = True
    return inside


def _trend(steps: BoolArray) -> BoolArray:
    """Mark the points joined by a run of steps in one direction; n points have n - 1 steps."""
    inside = _runs(steps, TREND_POINTS - 1)
    marked = np.zeros(len(steps) + 1, dtype=np.bool_)
    marked[:-1] |= inside
    marked[1:] |= inside
    return marked


def _two_of_three(beyond: BoolArray) -> BoolArray:
    """Mark the points beyond the outer third wherever two of three in a row are."""
    marked = np.zeros(len(beyond), dtype=np.bool_)
    for start in range(len(beyond) - 2):
        window = beyond[start : start + 3]
        if window.sum() >= 2:
            marked[start : start + 3] |= window
    return marked
