"""Do points and results move together? All that one pass over the data says, for managers and for the analyst."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.stats import reasons
from pipeline.stats.aligned import POOLED, AlignedSeries, align, positions_by_group
from pipeline.stats.correlation import pearson_r
from pipeline.stats.estimates import Estimates, estimate
from pipeline.stats.fisher import fisher_interval
from pipeline.stats.judgement import judge
from pipeline.stats.pairs import Estimable, estimable_pairs
from pipeline.stats.pooling import shrink
from pipeline.stats.scopes import Scope, ScopeEstimates, average_over_members, scopes_of

FloatArray = npt.NDArray[np.float64]

LONGEST_LAG = 12  # months: half of the shortest series that is judged
JUDGED_COLUMNS = ("r", "ci_low", "ci_high", "p_max_t", "smallest_r")
SHRUNK_COLUMNS = ("r_shrunk", "shrunk_low", "shrunk_high")
COLUMNS = ("scope", "metric", "lag", "r", "ci_low", "ci_high", "n_months", "p_max_t", "verdict")
MORE_COLUMNS = ("n_pairs", "smallest_r", "r_raw", "reason", *SHRUNK_COLUMNS, "weakest_month")  # beyond the contract

PHI, ABNORMAL_MONTH, STEP, TURNOVER = "phi", "abnormal_month", "step", "turnover"
NOTES = (PHI, ABNORMAL_MONTH, STEP, TURNOVER)  # of what was taken out of the series


@dataclass(frozen=True)
class Assessment:
    """The tables of one pass; each is described in the data dictionary under its name.

    ``relationships`` is what `assess_relationships` returns. The others are for the analyst: ``correlations_by_lag`` of
    every scope that can be estimated at all, ``adjusted_by_group_month`` the residuals that r is computed from, in
    standard deviations, and ``adjustment_notes`` what was taken out of the series.
    """

    relationships: pd.DataFrame
    correlations_by_lag: pd.DataFrame
    adjusted_by_group_month: pd.DataFrame
    adjustment_notes: pd.DataFrame


def assess(
    points: pd.DataFrame,
    results: pd.DataFrame,
    *,
    coupled: Iterable[str] = (),
    turnover: pd.DataFrame | None = None,
    max_lag: int = 3,
    resamples: int = 999,
    seed: int = 0,
) -> Assessment:
    """Estimate and judge every pair of ``points`` and ``results``; both, and the options, as `assess_relationships` has
    them.

    ``turnover`` (group, month) names months in which so many members came or went that the group is another one: from
    there on its series may stand at another level. Raises `ValueError` naming a wrong column or option.
    """
    _check_options(coupled, max_lag, resamples)
    series = align(points, results)
    steps = {} if turnover is None else positions_by_group(turnover, series, "turnover")
    chosen = estimable_pairs(series, frozenset(coupled), steps)
    scopes = scopes_of(series, chosen)
    rows = [_unjudged_row(scope, series) for scope in scopes]
    known = [number for number, scope in enumerate(scopes) if scope.has_estimate]
    if not known:
        return Assessment(
            _relationships(rows), _by_lag([], None), _adjusted(series, chosen, None), _notes(series, chosen)
        )
    estimates = estimate(series, chosen, max_lag, resamples, seed)
    by_scope = average_over_members([scopes[number] for number in known], chosen, estimates)
    judged = [place for place, number in enumerate(known) if not scopes[number].reason]
    if judged:
        for place, fields in zip(judged, judge(by_scope.of(judged), series.months), strict=True):
            rows[known[place]] |= fields
        _add_shrunk(rows, scopes, known, by_scope)
    return Assessment(
        _relationships(rows),
        _by_lag([scopes[number] for number in known], by_scope),
        _adjusted(series, chosen, estimates),
        _notes(series, chosen),
    )


def _check_options(coupled: Iterable[str], max_lag: int, resamples: int) -> None:
    if isinstance(coupled, str):
        raise ValueError(f"coupled must be a collection of metrics, such as ({coupled!r},), not one text")
    if not 0 <= max_lag <= LONGEST_LAG:
        raise ValueError(f"max_lag must be between 0 and {LONGEST_LAG} months, it is {max_lag}")
    if resamples < 1:
        raise ValueError(f"resamples must be 1 or more, it is {resamples}")


def _unjudged_row(scope: Scope, series: AlignedSeries) -> dict[str, object]:
    """Return the row of a scope before judgement: what stands there when nothing can be said."""
    raw = [pearson_r(series.points[group], series.results[group, metric]) for group, metric in scope.pairs]
    known = [r for r in raw if np.isfinite(r)]
    return {
        "scope": scope.name,
        "metric": scope.metric,
        "lag": pd.NA,
        **dict.fromkeys((*JUDGED_COLUMNS, *SHRUNK_COLUMNS), np.nan),
        "n_months": scope.n_months,
        "verdict": "coupled" if scope.reason == reasons.COUPLED else "insufficient",
        "n_pairs": 0,
        "r_raw": float(np.mean(known)) if known else np.nan,
        "reason": scope.reason,
        "weakest_month": pd.NaT,
    }


def _relationships(rows: list[dict[str, object]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=[*COLUMNS, *MORE_COLUMNS])
    table["n_pairs"] = int(table["r"].notna().sum())
    numbers = dict.fromkeys((*JUDGED_COLUMNS, *SHRUNK_COLUMNS, "r_raw"), "float64")
    return table.astype({"lag": "Int64", "n_months": "int64", "weakest_month": "period[M]", **numbers})


def _add_shrunk(
    rows: list[dict[str, object]], scopes: tuple[Scope, ...], known: list[int], by_scope: ScopeEstimates
) -> None:
    """Fill the partially pooled estimates of the judged rows, each at the lag of its row.

    All groups that own a metric and can be estimated share what they know, eligible for a verdict of their own or not;
    the row of the pool gets the mean of the random effects.
    """
    metrics = list(dict.fromkeys(scopes[number].metric for number in known))
    groups = list(dict.fromkeys(scopes[number].name for number in known if scopes[number].name != POOLED))
    lags = by_scope.observed.shape[1]
    r, error = np.full((2, lags, len(metrics), len(groups)), np.nan)
    for place, number in enumerate(known):
        if scopes[number].name != POOLED:
            at = metrics.index(scopes[number].metric), groups.index(scopes[number].name)
            r[:, *at], error[:, *at] = by_scope.observed[place], by_scope.standard_error[place]
    shrunk = shrink(r.reshape(-1, len(groups)), error.reshape(-1, len(groups)))
    for number in known:
        row, scope = rows[number], scopes[number]
        if not scope.reason:
            line = int(str(row["lag"])) * len(metrics) + metrics.index(scope.metric)
            if scope.name == POOLED:
                values = (shrunk.mean[line], shrunk.mean_low[line], shrunk.mean_high[line])
            else:
                place = groups.index(scope.name)
                values = (shrunk.r[line, place], shrunk.low[line, place], shrunk.high[line, place])
            row |= dict(zip(SHRUNK_COLUMNS, map(float, values), strict=True))


def _by_lag(scopes: list[Scope], estimates: ScopeEstimates | None) -> pd.DataFrame:
    columns: Mapping[str, str] = {
        **dict.fromkeys(("scope", "metric"), "str"),
        "lag": "Int64",
        **dict.fromkeys(("r", "ci_low", "ci_high"), "float64"),
        "n_months": "Int64",
    }
    rows = []
    if estimates is not None:
        for place, scope in enumerate(scopes):
            for lag, r in enumerate(estimates.observed[place].tolist()):
                error, months = float(estimates.standard_error[place, lag]), int(estimates.overlap[place, lag])
                if months:
                    rows.append((scope.name, scope.metric, lag, r, *fisher_interval(r, error), months))
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)


def _adjusted(series: AlignedSeries, chosen: Estimable, estimates: Estimates | None) -> pd.DataFrame:
    parts = [pd.DataFrame(columns=["group", "metric", "month", "points_sd", "result_sd"])]
    if estimates is not None:
        for number, ((group, metric), fit) in enumerate(zip(chosen.pairs, chosen.adjustments, strict=True)):
            both = np.stack([estimates.points[number], estimates.results[number]])
            scaled = both / np.sqrt((both**2).sum(axis=1, keepdims=True) / fit.dof)
            parts.append(
                pd.DataFrame(
                    {
                        "group": series.groups[group],
                        "metric": series.metrics[metric],
                        "month": series.months[fit.usable],
                        "points_sd": scaled[0, fit.usable],
                        "result_sd": scaled[1, fit.usable],
                    }
                )
            )
    table = pd.concat(parts[1:] or parts, ignore_index=True)
    return table.astype({"month": "period[M]", "points_sd": "float64", "result_sd": "float64"})


def _notes(series: AlignedSeries, chosen: Estimable) -> pd.DataFrame:
    """Return what was taken out: the phi of every group, abnormal months, steps that were known and steps found."""
    designs = chosen.designs
    rows: list[tuple[str, object, object, float]] = []
    for group, phi in zip(designs.designs, designs.phi.mean.tolist(), strict=True):
        rows.append((PHI, series.groups[group], pd.NaT, phi))
    rows += [(ABNORMAL_MONTH, None, series.months[place], np.nan) for place in designs.abnormal]
    for group, places in designs.steps.items():
        given = set(designs.turnover.get(group, np.empty(0, dtype=np.int64)).tolist())
        rows += [
            (TURNOVER if place in given else STEP, series.groups[group], series.months[place], np.nan)
            for place in sorted(places.tolist())
        ]
    table = pd.DataFrame(rows, columns=["note", "group", "month", "value"])
    return table.astype({"month": "period[M]", "value": "float64"})
