"""From tidy tables to arrays on one month axis: what each group and metric has, and what makes a pair unusable."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.stats import reasons
from pipeline.stats.columns import numeric_column, require_columns

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]
ObjectArray = npt.NDArray[np.object_]
Pair = tuple[int, int]  # group number, metric number
Keys = tuple[IntArray, ...]  # of every row: its place in the array, the month last

POOLED = "pooled"  # the scope of all groups together, which no group can be named


@dataclass(frozen=True)
class AlignedSeries:
    """Points and results on the months from the first to the last that both tables have (T months, G groups, M
    metrics).

    Missing values are NaN. Every series is in units of its own largest value, which no correlation feels. ``faults``
    holds a reason for a pair (group number, metric number) whose rows cannot be trusted.
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

    Groups and metrics are sorted, so that the order of rows cannot matter. Months before or after all that both tables
    have are left out: none is usable, and one mistyped year would make the axis centuries long. A (group, month) or
    (group, month, metric) that stands there twice, and an infinite value, become faults of their pairs. Raises
    `ValueError` naming the column for a missing column, a missing key, names of mixed types, a group named "pooled",
    months that are not monthly periods, or values that are not numbers.
    """
    require_columns(points, ("group", "month", "value"), "points")
    require_columns(results, ("group", "month", "metric", "value"), "results")
    point_months, result_months = _month_numbers(points, "points"), _month_numbers(results, "results")
    of_points, of_results = points["group"].to_numpy(dtype=object), results["group"].to_numpy(dtype=object)
    of_metrics = results["metric"].to_numpy(dtype=object)
    groups = _levels(of_results, "group", "results")
    metrics = _levels(of_metrics, "metric", "results")
    _levels(of_points, "group", "points")
    shared = np.intersect1d(point_months, result_months)
    first, length = (int(shared[0]), int(np.ptp(shared)) + 1) if len(shared) else (0, 0)

    point_keys = (_codes(of_points, groups), point_months - first)
    result_keys = (_codes(of_results, groups), _codes(of_metrics, metrics), result_months - first)
    points_by_group, point_faults = _spread(numeric_column(points["value"], "value"), point_keys, (len(groups), length))
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


def positions_by_group(table: pd.DataFrame, series: AlignedSeries, name: str) -> dict[int, IntArray]:
    """Return the places on the month axis that a table of group and month names, by the number of the group, each once
    and in the order of the table.

    Groups without results and months before the second or after the last of the axis are left out. Raises `ValueError`
    naming a wrong column of the table ``name``.
    """
    require_columns(table, ("group", "month"), name)
    months = _month_numbers(table, name)
    groups = _codes(table["group"].to_numpy(dtype=object), series.groups)
    places = months - (series.months[0].ordinal if len(series.months) else 0)
    kept = (groups >= 0) & (places > 0) & (places < len(series.months))
    found: dict[int, list[int]] = {}
    for group, place in zip(groups[kept].tolist(), places[kept].tolist(), strict=True):
        found.setdefault(group, []).append(place)
    return {group: np.array(list(dict.fromkeys(own)), dtype=np.int64) for group, own in sorted(found.items())}


def _month_numbers(table: pd.DataFrame, name: str) -> IntArray:
    """Return the months of a table as ordinals, months since January 1970.

    Only monthly periods are months: of a date or a text it is not known which month it stands for.
    """
    if table["month"].dtype == "period[M]" and table["month"].notna().all():
        return np.asarray(table["month"].astype("int64"), dtype=np.int64)
    months = list(table["month"])
    wrong = next((month for month in months if not isinstance(month, pd.Period) or month.freqstr != "M"), None)
    if wrong is not None or any(month is None for month in months):
        raise ValueError(f"{name}: column 'month' must hold monthly periods in every row, it holds {wrong!r}")
    return np.array([month.ordinal for month in months], dtype=np.int64)


def _levels(values: ObjectArray, column: str, name: str) -> tuple[str, ...]:
    names = dict.fromkeys(values.tolist())
    if any(map(pd.isna, names)):
        raise ValueError(f"{name}: column {column!r} has missing values: expected a name in every row")
    if column == "group" and POOLED in names:
        raise ValueError(f"{name}: column 'group' holds {POOLED!r}, which is the name of all groups together")
    try:
        return tuple(sorted(names))
    except TypeError as error:
        raise ValueError(f"{name}: column {column!r} holds names of mixed types: {error}") from error


def _codes(names: ObjectArray, levels: tuple[str, ...]) -> IntArray:
    """Return the number of every name among ``levels``, -1 for a name that is not there."""
    number = {level: position for position, level in enumerate(levels)}
    return np.array([number.get(name, -1) for name in names.tolist()], dtype=np.int64)


def _spread(values: FloatArray, keys: Keys, shape: tuple[int, ...]) -> tuple[FloatArray, dict[tuple[int, ...], str]]:
    """Put the long values that have a place into an array, scaled; return it and the faults by key less the month."""
    placed = (keys[0] >= 0) & (keys[-1] >= 0) & (keys[-1] < shape[-1])
    values, keys = values[placed], tuple(part[placed] for part in keys)
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
    largest = np.nan_to_num(np.abs(array)).max(axis=-1, keepdims=True, initial=0.0)
    return array / np.where(largest > 0, largest, 1.0), faults
