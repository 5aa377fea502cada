"""From estimates to verdicts: every eligible scope is tested together with all others, at one rate of false claims."""

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.stats import reasons
from pipeline.stats.aligned import POOLED, AlignedSeries, Pair
from pipeline.stats.correlation import pearson_r
from pipeline.stats.fisher import fisher_interval, smallest_detectable_r
from pipeline.stats.maxt import EVIDENCE_P, max_t
from pipeline.stats.pooling import shrink
from pipeline.stats.scopes import Scope, ScopeEstimates
from pipeline.stats.sensitivity import survives_every_month, weakest_months

Row = dict[str, object]
FloatArray = npt.NDArray[np.float64]

VERDICTS = ("insufficient", "none", "clue", "evidence", "coupled")
CLUE_P = 0.20
SAME_MONTH = 0  # the lag that is reported without evidence for another (statistics.md, "What managers see")

COLUMNS = ("scope", "metric", "lag", "r", "ci_low", "ci_high", "n_months", "p_max_t", "verdict")  # the contract's
JUDGED = ("r", "ci_low", "ci_high", "p_max_t", "smallest_r")
SHRUNK = ("r_shrunk", "shrunk_low", "shrunk_high")
MORE_COLUMNS = ("n_pairs", "smallest_r", "r_raw", "reason", *SHRUNK, "weakest_month")


def verdicts_of(scopes: tuple[Scope, ...], series: AlignedSeries, by_scope: ScopeEstimates | None) -> pd.DataFrame:
    """Return the table of `assess_relationships`: a row a scope; ``by_scope`` has the scopes with an estimate, in
    order.
    """
    raw = _raw_correlations(scopes, series)
    rows = [_unjudged_row(scope, raw) for scope in scopes]
    known = [number for number, scope in enumerate(scopes) if scope.has_estimate]
    judged = [place for place, number in enumerate(known) if not scopes[number].reason]
    if by_scope is not None and judged:
        for place, fields in zip(judged, _judge(by_scope.of(judged), series.months), strict=True):
            rows[known[place]] |= fields
        _add_shrunk(rows, scopes, known, by_scope)
    return _as_table(rows, len(judged))


def _as_table(rows: list[Row], n_pairs: int) -> pd.DataFrame:
    """Return the rows as a table with the dtypes of every column, also where all is missing."""
    numbers = (*JUDGED, *SHRUNK, "r_raw")
    columns: dict[str, object] = {
        name: [row[name] for row in rows] or np.empty(0, dtype=object)
        for name in (*COLUMNS, *MORE_COLUMNS)
        if name != "n_pairs"
    }
    columns |= {name: np.array(columns[name], dtype=np.float64) for name in numbers}
    columns["lag"] = pd.array(columns["lag"], dtype="Int64")  # type: ignore[call-overload]
    columns["n_months"] = np.array(columns["n_months"], dtype=np.int64)
    columns["n_pairs"] = np.full(len(rows), n_pairs, dtype=np.int64)
    columns["weakest_month"] = pd.array(columns["weakest_month"], dtype="period[M]")  # type: ignore[call-overload]
    return pd.DataFrame(columns, columns=[*COLUMNS, *MORE_COLUMNS])


def _raw_correlations(scopes: tuple[Scope, ...], series: AlignedSeries) -> dict[Pair, float]:
    """Return the plain r of every pair that is told of."""
    pairs = dict.fromkeys(pair for scope in scopes if scope.reason != reasons.COUPLED for pair in scope.pairs)
    return {pair: pearson_r(series.points[pair[0]], series.results[pair]) for pair in pairs}


def _unjudged_row(scope: Scope, raw: Mapping[Pair, float]) -> Row:
    """Return the row of a scope before judgement: what stands there when nothing can be said."""
    told = scope.pairs if scope.reason != reasons.COUPLED else ()
    known = [raw[pair] for pair in told if np.isfinite(raw[pair])]
    return {
        "scope": scope.name,
        "metric": scope.metric,
        "lag": pd.NA,
        **dict.fromkeys((*JUDGED, *SHRUNK), np.nan),
        "n_months": scope.n_months,
        "verdict": "coupled" if scope.reason == reasons.COUPLED else "insufficient",
        "r_raw": float(np.mean(known)) if known else np.nan,
        "reason": scope.reason,
        "weakest_month": pd.NaT,
    }


def _judge(estimates: ScopeEstimates, months: pd.PeriodIndex) -> list[Row]:
    """Return for each scope the fields that a judged row has beyond an unjudged one.

    With evidence, lag, r, interval and smallest_r are those of the lag that stands out most; otherwise those of the
    same month.
    """
    test = max_t(estimates.observed, estimates.null, estimates.null_sd)
    survives = survives_every_month(estimates.observed, estimates.without, test)
    weakest = weakest_months(estimates.without, test)
    rows: list[Row] = []
    for row, p_value in enumerate(test.p_value.tolist()):
        verdict, reason = _verdict(p_value, bool(survives[row]))
        lag = int(test.lag[row]) if verdict == "evidence" else SAME_MONTH
        r, null_sd = float(estimates.observed[row, lag]), float(estimates.null_sd[row, lag])
        low, high = fisher_interval(r, float(estimates.standard_error[row, lag]))
        rows.append(
            {
                "lag": lag,
                "r": r,
                "ci_low": low,
                "ci_high": high,
                "p_max_t": p_value,
                "smallest_r": smallest_detectable_r(1 / null_sd**2 + 1, critical_r=test.critical * null_sd),
                "weakest_month": months[weakest[row]],
                "verdict": verdict,
                "reason": reason,
            }
        )
    return rows


def _verdict(p_value: float, survives: bool) -> tuple[str, str]:
    """Return the verdict of a judged scope, and the reason why it is no more than that."""
    if p_value > CLUE_P:
        return "none", ""
    if p_value > EVIDENCE_P:
        return "clue", ""
    return ("evidence", "") if survives else ("clue", reasons.DROPPED_MONTH)


def _add_shrunk(rows: list[Row], scopes: tuple[Scope, ...], known: list[int], by_scope: ScopeEstimates) -> None:
    """Fill the partially pooled estimates of the judged rows, each at the lag of its row.

    All groups that own a metric and can be estimated share what they know, eligible for a verdict of their own or not;
    the row of the pool gets the mean of the random effects.
    """
    metrics = _numbered(scopes[number].metric for number in known)
    groups = _numbered(scopes[number].name for number in known if scopes[number].name != POOLED)
    lags = by_scope.observed.shape[1]
    r, error = np.full((2, lags, len(metrics), len(groups)), np.nan)
    for place, number in enumerate(known):
        if scopes[number].name != POOLED:
            at = metrics[scopes[number].metric], groups[scopes[number].name]
            r[:, *at], error[:, *at] = by_scope.observed[place], by_scope.standard_error[place]
    shrunk = shrink(r.reshape(-1, len(groups)), error.reshape(-1, len(groups)))
    for number in known:
        row, scope = rows[number], scopes[number]
        if scope.reason:
            continue
        line = int(str(row["lag"])) * len(metrics) + metrics[scope.metric]
        ends: tuple[FloatArray, ...] = (shrunk.mean, shrunk.mean_low, shrunk.mean_high)
        if scope.name != POOLED:
            place = groups[scope.name]
            ends = (shrunk.r[:, place], shrunk.low[:, place], shrunk.high[:, place])
        row |= {name: float(end[line]) for name, end in zip(SHRUNK, ends, strict=True)}


def _numbered(names: Iterable[str]) -> dict[str, int]:
    """Return a number for every name, in order of their first use."""
    return {name: number for number, name in enumerate(dict.fromkeys(names))}
