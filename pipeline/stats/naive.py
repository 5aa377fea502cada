"""What would have been seen: every pair correlated as a spreadsheet does it, and what that would have flagged."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import stdtr

from pipeline.stats import reasons
from pipeline.stats.aligned import AlignedSeries, align
from pipeline.stats.columns import ROUNDING
from pipeline.stats.correlation import FEWEST_ROWS
from pipeline.stats.fisher import ALPHA, effective_months, fisher_intervals

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

NUMBERS = ("r", "p_value", "ci_low", "ci_high", "n_effective")
TEXTS = ("group", "metric", "reason")


@dataclass(frozen=True)
class Flagged:
    """How many pairs of group and metric the plain method looks at, at how many lags, and what it flags.

    ``expected_by_chance``: tests of unrelated months that come out below the level anyway, were all pairs unrelated.
    """

    pairs: int
    flagged_pairs: int  # at any lag
    tests: int
    flagged_tests: int
    expected_by_chance: float


def naive_correlations(
    points: pd.DataFrame, results: pd.DataFrame, max_lag: int, *, coupled: Iterable[str] = ()
) -> pd.DataFrame:
    """Correlate every pair of ``points`` and ``results`` (as `assess_relationships` takes them) at lags 0 to
    ``max_lag``, nothing taken out and nothing corrected: what `assess_relationships` is compared with, never a claim.

    Points lead: lag k is corr(points[t], result[t + k]). One row per group that has rows of the metric, metric (those
    of ``coupled`` stay out) and lag: group, metric, lag, r (Pearson), p_value (two-sided t with n - 2), ci_low, ci_high
    (95 %, Fisher z with n_effective), n_months (with both values), n_effective (`effective_months` of the two lag-1
    autocorrelations on those months; never above n_months), is_flagged (p < .05) and reason. Where there is no r, it, p
    and the interval are missing and the reason is a code of `reasons`: too_few_rows (under 3), constant (up to
    rounding), all_missing, duplicate_months or infinite_values. Raises `ValueError` naming a wrong column or option.
    """
    if isinstance(coupled, str):
        raise ValueError(f"coupled must be a collection of metrics, such as ({coupled!r},), not one text")
    if max_lag < 0:
        raise ValueError(f"max_lag must be 0 or more, it is {max_lag}")
    series = align(points, results)
    left_out = frozenset(coupled)
    stays = np.array([metric not in left_out for metric in series.metrics], dtype=np.bool_)
    group, metric = np.nonzero(series.has_metric & stays)
    lags = range(max_lag + 1)
    by_lag = [_at_lag(series.points[group], series.results[group, metric], lag) for lag in lags]
    columns = {name: np.stack([fields[name] for fields in by_lag], axis=1) for name in by_lag[0]}
    _tell_faults(columns, series, list(zip(group.tolist(), metric.tolist(), strict=True)))
    table = {
        "group": np.repeat(np.array(series.groups, dtype=object)[group], len(lags)),
        "metric": np.repeat(np.array(series.metrics, dtype=object)[metric], len(lags)),
        "lag": np.tile(np.arange(len(lags)), len(group)),
        **{name: columns[name].ravel() for name in (*NUMBERS[:-1], "n_months", "n_effective", "is_flagged", "reason")},
    }
    return pd.DataFrame(table).astype(dict.fromkeys(TEXTS, "str"))


def count_flagged(naive: pd.DataFrame) -> Flagged:
    """Count what `naive_correlations` looked at and flagged; rows without r are not counted."""
    computed = naive[naive["r"].notna()]
    by_pair = computed.groupby(["group", "metric"])["is_flagged"].any()
    return Flagged(
        pairs=len(by_pair),
        flagged_pairs=int(by_pair.sum()),
        tests=len(computed),
        flagged_tests=int(computed["is_flagged"].sum()),
        expected_by_chance=ALPHA * len(computed),
    )


def _at_lag(points: FloatArray, results: FloatArray, lag: int) -> dict[str, npt.NDArray[np.generic]]:
    """Return the fields of N pairs at one lag; ``points`` and ``results`` are (N, T)."""
    x, y = points[:, : max(points.shape[1] - lag, 0)], results[:, lag:]
    both = np.isfinite(x) & np.isfinite(y)
    months = both.sum(axis=1)
    x, flat_x = _centred(x, both)
    y, flat_y = _centred(y, both)
    reason = np.select(
        [months == 0, months < FEWEST_ROWS, flat_x | flat_y],
        [reasons.ALL_MISSING, reasons.TOO_FEW_ROWS, reasons.CONSTANT],
        "",
    ).astype(object)
    with np.errstate(invalid="ignore", divide="ignore"):  # of pairs with a reason, which become missing
        r = (x * y).sum(axis=1) / np.sqrt((x**2).sum(axis=1) * (y**2).sum(axis=1))
        r = np.where(1 - np.abs(r) < ROUNDING, np.sign(r), r)
        t = r * np.sqrt((months - 2) / (1 - r**2))
        independent = effective_months(months.astype(np.float64), _autocorrelation(x, both), _autocorrelation(y, both))
    fields = {"r": r, "p_value": 2 * stdtr(months - 2.0, -np.abs(t))}
    fields["n_effective"] = np.minimum(independent, months)
    more = np.maximum(fields["n_effective"] - 3, 0.0)  # three effective months or fewer tell nothing
    error = np.divide(1.0, np.sqrt(more), out=np.full(len(more), np.inf), where=more > 0)
    fields["ci_low"], fields["ci_high"] = fisher_intervals(r, error)
    without = reason != ""
    known = {name: np.where(without, np.nan, fields[name]) for name in NUMBERS}
    return {**known, "n_months": months.astype(np.int64), "is_flagged": known["p_value"] < ALPHA, "reason": reason}


def _centred(values: FloatArray, both: BoolArray) -> tuple[FloatArray, BoolArray]:
    """Return (N, T) values less the mean of the months that count, 0 elsewhere, and whether they are all alike."""
    kept = np.where(both, values, 0.0)
    highest = np.where(both, values, -np.inf).max(axis=1, initial=-np.inf)
    lowest = np.where(both, values, np.inf).min(axis=1, initial=np.inf)
    is_flat = highest - lowest <= ROUNDING * np.abs(kept).max(axis=1, initial=0.0)
    mean = kept.sum(axis=1) / np.maximum(both.sum(axis=1), 1)
    return np.where(both, kept - mean[:, None], 0.0), is_flat


def _autocorrelation(centred: FloatArray, both: BoolArray) -> FloatArray:
    """Return the lag-1 autocorrelation of (N, T) series, (N,): over neighbours that are both there, per neighbour."""
    neighbours = (both[:, 1:] & both[:, :-1]).sum(axis=1)
    products = (centred[:, 1:] * centred[:, :-1]).sum(axis=1)
    complete = (both.sum(axis=1) - 1) / np.maximum(neighbours, 1)  # 1 without gaps, the textbook's r1
    return np.asarray(np.clip(complete * products / (centred**2).sum(axis=1), -1.0, 1.0), dtype=np.float64)


def _tell_faults(
    columns: dict[str, npt.NDArray[np.generic]], series: AlignedSeries, pairs: list[tuple[int, int]]
) -> None:
    """Take r from the pairs whose rows cannot be trusted, at every lag, and say why."""
    for row, pair in enumerate(pairs):
        if pair in series.faults:
            for name in NUMBERS:
                columns[name][row] = np.nan
            columns["is_flagged"][row] = False
            columns["reason"][row] = series.faults[pair]
