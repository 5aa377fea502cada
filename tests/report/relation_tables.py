"""The tables of the statistics that a page shows, made by hand: plausible numbers, the right shapes, no method."""

import numpy as np
import pandas as pd

from pipeline.catalog import load_catalog
from pipeline.panel import correlated_results, process_points
from pipeline.stats import within_group_correlation

HALF_WIDTH = 0.3  # of every made-up interval
LAGS = (0, 1, 2, 3)
FEWEST = 6  # months; with fewer there is no row


def statistics_tables(panel: pd.DataFrame, relationships: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the tables beside ``relationships`` (returned too, with its columns of partial pooling)."""
    points, results = process_points(panel), correlated_results(panel, load_catalog())
    both = results.merge(points.rename(columns={"value": "points"}), on=["group", "month"]).dropna()
    adjusted = pd.concat([_adjusted(own) for _, own in both.groupby(["group", "metric"])] or [_adjusted(both)])
    by_lag = pd.concat([_by_lag(own) for _, own in adjusted.groupby(["group", "metric"])] or [_by_lag(adjusted)])
    constant = ["scope", "metric", "lag", "r", "ci_low", "ci_high", "n_months", "p_max_t", "verdict", "reason"]
    return {
        "relationships": _pooled_partially(relationships),
        "adjusted_by_group_month": adjusted,
        "correlations_by_lag": by_lag,
        "adjustment_notes": _notes(adjusted),
        "within_group_by_metric": _within(both),
        "naive_correlations": _naive(by_lag),
        "turnover_by_group_month": _turnover(panel),
        "relationships_constant": relationships[constant],
    }


def _pooled_partially(relationships: pd.DataFrame) -> pd.DataFrame:
    shrunk = relationships["r"] * 0.6
    return relationships.assign(
        r_shrunk=shrunk,
        shrunk_low=(shrunk - HALF_WIDTH / 2).clip(-1, 1),
        shrunk_high=(shrunk + HALF_WIDTH / 2).clip(-1, 1),
        weakest_month=pd.PeriodIndex(["2020-02"] * len(relationships), freq="M"),
    )


def _adjusted(own: pd.DataFrame) -> pd.DataFrame:
    """Return deviations from the mean of each calendar month, in standard deviations."""
    month = own["month"].dt.month
    left = {name: own[name] - own.groupby(month)[name].transform("mean") for name in ("points", "value")}
    scaled = {name: values / (values.std() or 1.0) for name, values in left.items()}
    return own[["group", "metric", "month"]].assign(points_sd=scaled["points"], result_sd=scaled["value"])


def _by_lag(own: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for lag in LAGS:
        later = own[["month", "result_sd"]].assign(month=own["month"] - lag)
        pairs = own[["month", "points_sd"]].merge(later, on="month")
        if len(pairs) >= FEWEST and pairs["points_sd"].std() and pairs["result_sd"].std():
            r = float(np.corrcoef(pairs["points_sd"], pairs["result_sd"])[0, 1])
            ends = {"ci_low": max(-1.0, r - HALF_WIDTH), "ci_high": min(1.0, r + HALF_WIDTH)}
            rows.append({"scope": own["group"].iloc[0], "metric": own["metric"].iloc[0], "lag": lag, "r": r} | ends)
            rows[-1]["n_months"] = len(pairs)
    return pd.DataFrame(rows, columns=["scope", "metric", "lag", "r", "ci_low", "ci_high", "n_months"])


def _notes(adjusted: pd.DataFrame) -> pd.DataFrame:
    groups = list(dict.fromkeys(adjusted["group"]))
    month = pd.Period("2020-02", freq="M")
    rows: list[tuple[str, str | None, object, float | None]] = [
        ("phi", None, pd.NaT, 0.42),
        ("abnormal_month", None, month, None),
    ]
    rows += [("step", group, month + 7, None) for group in groups[:1]]
    rows += [("turnover", group, month + 7, None) for group in groups[:1]]
    table = pd.DataFrame(rows, columns=["note", "group", "month", "value"])
    return table.assign(month=pd.PeriodIndex(table["month"], freq="M"))


def _within(both: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for metric, own in both.groupby("metric"):
        found = within_group_correlation(own, "points", "value", "group")
        names = ("r", "dof", "p_value", "ci_low", "ci_high", "n_rows", "n_groups", "r_between", "r_raw")
        rows.append({"metric": metric, **{name: found[name] for name in names}, "reason": ""})
    columns = ["metric", "r", "dof", "p_value", "ci_low", "ci_high", "n_rows", "n_groups", "r_between", "r_raw"]
    columns.append("reason")
    return pd.DataFrame(rows, columns=columns)


def _naive(by_lag: pd.DataFrame) -> pd.DataFrame:
    table = by_lag.rename(columns={"scope": "group"}).assign(n_effective=by_lag["n_months"] * 0.7, reason="")
    p = (1 - table["r"].abs()) ** 4
    return table.assign(p_value=p, is_flagged=p < 0.05)


def _turnover(panel: pd.DataFrame) -> pd.DataFrame:
    months = panel[["party_group", "month"]].drop_duplicates().sort_values(["party_group", "month"])
    first = months["month"] == months.groupby("party_group")["month"].transform("min")
    changed = months["month"] == pd.Period("2021-05", freq="M")
    changed &= months["party_group"] == months["party_group"].iloc[-1]
    return months.assign(
        member_count=5,
        joined_count=changed.astype(int),
        left_count=changed.astype(int) * 2,
        turnover_pct=(changed * 40.0).mask(first),
        is_flagged=changed,
    )
