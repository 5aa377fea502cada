"""Do points and results move together? All that one pass over the data says, for managers and for the analyst."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.stats.aligned import AlignedSeries, align, positions_by_group
from pipeline.stats.estimates import Estimates, estimate
from pipeline.stats.fisher import fisher_intervals
from pipeline.stats.judgement import verdicts_of
from pipeline.stats.pairs import Estimable, estimable_pairs
from pipeline.stats.scopes import Scope, ScopeEstimates, average_over_members, scopes_of

LONGEST_LAG = 12  # months: half of the shortest series that is judged
PHI, ABNORMAL_MONTH, STEP, TURNOVER = "phi", "abnormal_month", "step", "turnover"
NOTES = (PHI, ABNORMAL_MONTH, STEP, TURNOVER)  # of what was taken out of the series


@dataclass(frozen=True)
class Assessment:
    """One pass over the data, and the tables that it gives; each is described in the data dictionary under its name.

    ``estimates`` of the pairs and ``by_scope`` of the scopes with an estimate are missing where no pair can be
    estimated.
    """

    series: AlignedSeries
    chosen: Estimable
    scopes: tuple[Scope, ...]
    estimates: Estimates | None
    by_scope: ScopeEstimates | None

    @property
    def relationships(self) -> pd.DataFrame:
        """What `assess_relationships` returns."""
        return verdicts_of(self.scopes, self.series, self.by_scope)

    @property
    def correlations_by_lag(self) -> pd.DataFrame:
        """Every lag of every scope that can be estimated at all, eligible for a verdict or not."""
        names = ["scope", "metric", "lag", "r", "ci_low", "ci_high", "n_months"]
        known = [scope for scope in self.scopes if scope.has_estimate]
        if self.by_scope is None:
            return pd.DataFrame({name: [] for name in names})
        lags = self.by_scope.observed.shape[1]
        low, high = fisher_intervals(self.by_scope.observed, self.by_scope.standard_error)
        columns = [
            np.repeat([scope.name for scope in known], lags),
            np.repeat([scope.metric for scope in known], lags),
            np.tile(np.arange(lags), len(known)),
            *(part.ravel() for part in (self.by_scope.observed, low, high)),
            self.by_scope.overlap.ravel().astype(np.int64),
        ]
        table = pd.DataFrame(dict(zip(names, columns, strict=True)))
        return table[table["n_months"] > 0].reset_index(drop=True)

    @property
    def adjusted_by_group_month(self) -> pd.DataFrame:
        """The residuals that r is computed from, in standard deviations of what was left free."""
        names = ["group", "metric", "month", "points_sd", "result_sd"]
        if self.estimates is None:
            return pd.DataFrame({name: [] for name in names})
        pairs, fits = self.chosen.pairs, self.chosen.adjustments
        usable = np.stack([fit.usable for fit in fits])  # (N, T)
        both = np.stack([self.estimates.points, self.estimates.results])  # (2, N, T)
        dof = np.array([fit.dof for fit in fits], dtype=np.float64)
        scaled = both / np.sqrt((both**2).sum(axis=2) / dof)[:, :, None]
        number, month = np.nonzero(usable)
        columns = [
            [self.series.groups[pairs[place][0]] for place in number],
            [self.series.metrics[pairs[place][1]] for place in number],
            self.series.months[month],
            *scaled[:, usable],
        ]
        return pd.DataFrame(dict(zip(names, columns, strict=True)))

    @property
    def adjustment_notes(self) -> pd.DataFrame:
        """What was taken out: the phi of every group, abnormal months, steps that were known and steps found."""
        designs, series = self.chosen.designs, self.series
        rows: list[tuple[str, object, object, float]] = []
        for group, phi in zip(designs.designs, designs.phi.mean.tolist(), strict=True):
            rows.append((PHI, series.groups[group], pd.NaT, phi))
        rows += [(ABNORMAL_MONTH, None, series.months[place], np.nan) for place in designs.abnormal]
        for group, places in designs.steps.items():
            given = designs.turnover.get(group, np.empty(0, dtype=np.int64)).tolist()
            rows += [
                (TURNOVER if place in given else STEP, series.groups[group], series.months[place], np.nan)
                for place in sorted(places.tolist())
            ]
        table = pd.DataFrame(rows, columns=["note", "group", "month", "value"])
        return table.astype({"month": "period[M]", "value": "float64"})


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
    """Estimate every pair of ``points`` and ``results``; both, and the options, as `assess_relationships` has them.

    ``turnover`` (group, month) names months in which so many members came or went that the group is another one: from
    there on its series may stand at another level. Of each group the first rows count, one a year of the series: more
    steps would leave nothing to compare. Raises `ValueError` naming a wrong column or option.
    """
    _check_options(coupled, max_lag, resamples)
    series = align(points, results)
    steps = {} if turnover is None else positions_by_group(turnover, series, "turnover")
    chosen = estimable_pairs(series, frozenset(coupled), steps)
    scopes = scopes_of(series, chosen)
    known = [scope for scope in scopes if scope.has_estimate]
    if not known:
        return Assessment(series, chosen, scopes, None, None)
    estimates = estimate(series, chosen, max_lag, resamples, seed)
    return Assessment(series, chosen, scopes, estimates, average_over_members(known, chosen, estimates))


def _check_options(coupled: Iterable[str], max_lag: int, resamples: int) -> None:
    if isinstance(coupled, str):
        raise ValueError(f"coupled must be a collection of metrics, such as ({coupled!r},), not one text")
    if not 0 <= max_lag <= LONGEST_LAG:
        raise ValueError(f"max_lag must be between 0 and {LONGEST_LAG} months, it is {max_lag}")
    if resamples < 1:
        raise ValueError(f"resamples must be 1 or more, it is {resamples}")
