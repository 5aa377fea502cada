"""From tidy tables to arrays on one month axis: what each group and metric has, and what makes a pair unusable."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.stats import reasons
from pipeline.stats.columns import numeric_column, require_columns

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class AlignedSeries:
    """Points and results on the months from the first to the last of the tables (T months, G groups, M metrics).

    Missing values are NaN. ``faults`` holds a reason for a pair (group number, metric number) whose rows cannot be
    trusted.
    """

    months: pd.PeriodIndex  # (T,)
    groups: tuple[str, ...]
    metrics: tuple[str, ...]
    points: FloatArray  # (G, T)
    results: FloatArray  # (G, M, T)
    has_metric: BoolArray  # (G, M): the results table has rows for the pair
    faults: dict[tuple[int, int], str]

    def usable(self, group: int, metric: int) -> BoolArray:
        """Return the months, shape (T,), in which the pair has both values."""
        return np.isfinite(self.points[group]) & np.isfinite(self.results[group, metric])


def align(points: pd.DataFrame, results: pd.DataFrame) -> AlignedSeries:
    """Put ``points`` (group, month, value) and ``results`` (group, month, metric, value) on one month axis.

    Groups and metrics are sorted, so that the order of rows cannot matter. A (group, month) or (group, month, metric)
    that stands there twice, and an infinite value, become faults of their pairs. Raises `ValueError` naming the column
    for a missing column, a missing key, months that are not monthly periods, or values that are not numbers.
    """
    require_columns(points, ("group", "month", "value"), "points")
    require_columns(results, ("group", "month", "metric", "value"), "results")
    point_months, result_months = _month_numbers(points, "points"), _month_numbers(results, "results")
    groups = _levels(results, "group", "results")
    metrics = _levels(results, "metric", "results")
    _levels(points, "group", "points")
    both = np.concatenate([point_months, result_months])
    first, length = (int(both.min()), int(np.ptp(both)) + 1) if len(both) else (0, 0)

    known = points["group"].isin(groups).to_numpy()
    point_keys = (_codes(points["group"][known], groups), point_months[known] - first)
    result_keys = (_codes(results["group"], groups), _codes(results["metric"], metrics), result_months - first)
    points_by_group, point_faults = _spread(
        numeric_column(points["value"][known], "value"), point_keys, (len(groups), length)
    )
    results_by_pair, result_faults = _spread(
        numeric_column(results["value"], "value"), result_keys, (len(groups), len(metrics), length)
    )
    has_metric = np.zeros((len(groups), len(metrics)), dtype=np.bool_)
    has_metric[result_keys[:2]] = True

    pairs = list(zip(*np.nonzero(has_metric), strict=True))
    faults = {(int(g), int(m)): point_faults[(g,)] for g, m in pairs if (g,) in point_faults}
    faults |= {(key[0], key[1]): reason for key, reason in result_faults.items()}
    months = pd.period_range(pd.Period(ordinal=first, freq="M"), periods=length)
    return AlignedSeries(months, groups, metrics, points_by_group, results_by_pair, has_metric, faults)


def _month_numbers(table: pd.DataFrame, name: str) -> npt.NDArray[np.int64]:
    """Return the months of a table as ordinals, months since January 1970."""
    try:
        months = pd.PeriodIndex(table["month"])
    except (TypeError, ValueError) as error:
        if table.empty:
            return np.empty(0, dtype=np.int64)
        raise ValueError(f"{name}: column 'month' must hold monthly periods: {error}") from error
    if len(months) and (months.freqstr != "M" or months.hasnans):
        raise ValueError(
            f"{name}: column 'month' must hold monthly periods without gaps, its frequency is {months.freqstr!r}"
        )
    return np.asarray(months.asi8, dtype=np.int64)


def _levels(table: pd.DataFrame, column: str, name: str) -> tuple[str, ...]:
    if table[column].isna().any():
        raise ValueError(f"{name}: column {column!r} has missing values: expected a name in every row")
    return tuple(sorted(table[column].unique()))


def _codes(names: pd.Series, levels: tuple[str, ...]) -> npt.NDArray[np.int64]:
    return np.asarray(pd.Index(levels).get_indexer(pd.Index(names)), dtype=np.int64)


def _spread(
    values: FloatArray, keys: tuple[npt.NDArray[np.int64], ...], shape: tuple[int, ...]
) -> tuple[FloatArray, dict[tuple[int, ...], str]]:
    """Put long values into an array; return it and the faults by key without the month."""
    array = np.full(shape, np.nan)
    array[keys] = np.where(np.isinf(values), np.nan, values)
    faults: dict[tuple[int, ...], str] = {}
    rows = np.zeros(shape, dtype=np.int64)
    np.add.at(rows, keys, 1)
    for key in zip(*np.nonzero((rows > 1).any(axis=-1)), strict=True):
        faults[tuple(int(part) for part in key)] = reasons.DUPLICATE_MONTHS
    infinite = np.isinf(values)
    for key in zip(*(part[infinite] for part in keys[:-1]), strict=True):
        faults[tuple(int(part) for part in key)] = reasons.INFINITE_VALUES
    return array, faults
