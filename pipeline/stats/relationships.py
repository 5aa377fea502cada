"""Do points and results move together? One table of verdicts, at a false-claim rate that is measured."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.stats import reasons
from pipeline.stats.aligned import AlignedSeries, align
from pipeline.stats.correlation import pearson_r
from pipeline.stats.estimates import Estimates, estimate
from pipeline.stats.fisher import fisher_interval, smallest_detectable_r
from pipeline.stats.maxt import EVIDENCE_P, max_t
from pipeline.stats.pairs import Estimable, estimable_pairs
from pipeline.stats.scopes import Scope, averaging, scopes_of
from pipeline.stats.sensitivity import survives_every_month

FloatArray = npt.NDArray[np.float64]

VERDICTS = ("insufficient", "none", "clue", "evidence", "coupled")
CLUE_P = 0.20
SAME_MONTH = 0  # the lag that is reported without evidence for another (statistics.md, "What managers see")
LONGEST_LAG = 12  # months: half of the shortest series that is judged
JUDGED_COLUMNS = ("r", "ci_low", "ci_high", "p_max_t", "smallest_r")


def assess_relationships(
    points: pd.DataFrame,
    results: pd.DataFrame,
    *,
    coupled: Iterable[str] = (),
    max_lag: int = 3,
    resamples: int = 999,
    seed: int = 0,
) -> pd.DataFrame:
    """Judge for every group and metric, and for the groups together, whether process points and results move together.

    ``points``: group, month (monthly `Period`), value; ``results``: group, month, metric, value; a missing month or
    value is missing, never 0. ``coupled``: metrics that the points contain; they get no estimate. Points lead: lag k is
    corr(points[t], result[t + k]).

    One row per metric and scope (each group that has rows of the metric, then "pooled", the mean of the groups' r):
    scope, metric, lag, r (adjusted for season, festival, trend and autocorrelation), ci_low, ci_high (95 %), n_months
    (usable ones; pooled: of the shortest group), p_max_t, verdict (of `VERDICTS`), then n_pairs (rows that were tested,
    the same everywhere), smallest_r (that this test would find with 80 % power), r_raw (plain Pearson in the same
    month, pooled: mean) and reason (of `reasons.REASONS`, or ""). lag, r, ci, p and smallest_r are missing for the
    verdicts insufficient and coupled only. The same seed gives the same table, whatever the order of rows. Duplicate
    months and infinite values make their pair insufficient; a wrong structure raises `ValueError` naming the column.

    With evidence, lag, r, interval and smallest_r are those of the lag that stands out most; otherwise those of the
    same month, lag 0: the largest of several r is far from 0 by its choice alone, and its interval held 0 in 82 % of
    unrelated pairs only. p_max_t and the verdict are of all lags. The interval is that of one r and not of the whole
    search, so one in twenty misses the truth, and one that leaves 0 out is no claim by itself.
    """
    _check_options(coupled, max_lag, resamples)
    series = align(points, results)
    chosen = estimable_pairs(series, frozenset(coupled))
    scopes = scopes_of(series, chosen)
    rows = [_unjudged_row(scope, series) for scope in scopes]
    judged = [number for number, scope in enumerate(scopes) if not scope.reason]
    if judged:
        estimates = estimate(series, chosen, max_lag, resamples, seed)
        for number, verdict in zip(
            judged, _judge([scopes[number] for number in judged], chosen, estimates), strict=True
        ):
            rows[number] |= verdict
    table = pd.DataFrame(rows, columns=_COLUMNS)
    table["n_pairs"] = len(judged)
    return table.astype({"lag": "Int64", "n_months": "int64", **dict.fromkeys((*JUDGED_COLUMNS, "r_raw"), "float64")})


_COLUMNS = ["scope", "metric", "lag", "r", "ci_low", "ci_high", "n_months", "p_max_t", "verdict"]
_COLUMNS += ["n_pairs", "smallest_r", "r_raw", "reason"]  # beyond the contract


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
        **dict.fromkeys(JUDGED_COLUMNS, np.nan),
        "n_months": scope.n_months,
        "verdict": "coupled" if scope.reason == reasons.COUPLED else "insufficient",
        "r_raw": float(np.mean(known)) if known else np.nan,
        "reason": scope.reason,
    }


def _judge(scopes: list[Scope], chosen: Estimable, estimates: Estimates) -> list[dict[str, object]]:
    """Return the judged fields of every scope; all of them are tested together."""
    weights = averaging(scopes, len(chosen.pairs))
    observed, null, without = (
        np.asarray(np.einsum("fn,...nk->...fk", weights, part, optimize=True))
        for part in (estimates.observed, estimates.null, estimates.without)
    )
    test = max_t(observed, null)
    survives = survives_every_month(observed, without, test)
    dof = weights @ np.array([adjustment.dof for adjustment in chosen.adjustments], dtype=np.float64)
    rows: list[dict[str, object]] = []
    for row, p_value in enumerate(test.p_value.tolist()):
        words = _verdict(p_value, bool(survives[row]))
        lag = int(test.lag[row]) if words["verdict"] == "evidence" else SAME_MONTH
        r, null_sd = float(observed[row, lag]), float(test.null_sd[row, lag])
        low, high = fisher_interval(r, _standard_error(null_sd, float(dof[row])))
        rows.append(
            {
                "lag": lag,
                "r": r,
                "ci_low": low,
                "ci_high": high,
                "p_max_t": p_value,
                "smallest_r": smallest_detectable_r(1 / null_sd**2 + 1, critical_r=test.critical * null_sd),
                **words,
            }
        )
    return rows


def _standard_error(null_sd: float, dof: float) -> float:
    """Return the standard error of Fisher's z.

    r of d dimensions has null variance 1 / d and z has variance 1 / (d - 2): the null spread of the surrogates, which
    knows about overlapping months and groups that move together, is widened by just that.
    """
    return null_sd * float(np.sqrt(dof / (dof - 2)))


def _verdict(p_value: float, survives: bool) -> dict[str, object]:
    if p_value > CLUE_P:
        return {"verdict": "none", "reason": ""}
    if p_value > EVIDENCE_P:
        return {"verdict": "clue", "reason": ""}
    return {"verdict": "evidence", "reason": ""} if survives else {"verdict": "clue", "reason": reasons.DROPPED_MONTH}
