"""The repeated-measures correlation: what moves together *within* groups, whatever the groups' levels."""

import numpy as np
import pandas as pd

from pipeline.stats import reasons
from pipeline.stats.columns import ROUNDING, numeric_column, require_columns
from pipeline.stats.correlation import pearson_r, t_test_p
from pipeline.stats.fisher import fisher_interval

FEWEST_GROUPS_BETWEEN = 3  # two group means always correlate perfectly


def within_group_correlation(data: pd.DataFrame, x: str, y: str, group: str) -> pd.Series:
    """Correlate ``x`` and ``y`` within groups (Bakdash & Marusich 2017).

    One row of ``data`` is one observation of one group; rows where x, y or group is missing are left out. Returns a
    `Series`: r, dof (rows - groups - 1, at least 0), p_value (two-sided t), ci_low, ci_high (95 %, Fisher z with dof +
    2 for n, as R rmcorr >= 0.5.4), n_rows, n_groups, r_between (of the group means, a different question; NaN under
    three groups) and r_raw (groups ignored). What cannot be judged is NaN and ``result.attrs["reason"]`` holds the
    code, otherwise ""; with one group r is Pearson's and the reason "one_group". Raises `ValueError` naming a column
    that is missing or not numeric.
    """
    require_columns(data, (x, y, group), "data")
    rows = pd.DataFrame(
        {"x": numeric_column(data[x], x), "y": numeric_column(data[y], y), "group": data[group].to_numpy()}
    ).dropna()
    n_groups = rows["group"].nunique()
    dof = len(rows) - n_groups - 1
    centred = rows[["x", "y"]] - rows.groupby("group")[["x", "y"]].transform("mean")
    reason = _why_not(rows, centred, dof)
    means = rows.groupby("group")[["x", "y"]].mean()
    r = np.nan if reason else _r(centred["x"], centred["y"])
    low, high = (np.nan, np.nan) if reason else fisher_interval(r, 1 / np.sqrt(dof - 1) if dof > 1 else np.inf)
    result = pd.Series(
        {
            "r": r,
            "dof": max(dof, 0),
            "p_value": t_test_p(r, dof),
            "ci_low": low,
            "ci_high": high,
            "n_rows": len(rows),
            "n_groups": n_groups,
            "r_between": _r(means["x"], means["y"]) if n_groups >= FEWEST_GROUPS_BETWEEN else np.nan,
            "r_raw": _r(rows["x"], rows["y"]),
        },
        dtype="float64",
    )
    result.attrs["reason"] = reason or (reasons.ONE_GROUP if n_groups == 1 else "")
    return result


def _why_not(rows: pd.DataFrame, centred: pd.DataFrame, dof: int) -> str:
    if rows.empty:
        return reasons.ALL_MISSING
    if np.isinf(rows[["x", "y"]].to_numpy()).any():
        return reasons.INFINITE_VALUES
    if dof < 1:
        return reasons.TOO_FEW_ROWS
    left, largest = centred.abs().max(), rows[["x", "y"]].abs().max()
    return reasons.CONSTANT if (left <= ROUNDING * largest).any() else ""


def _r(x: pd.Series, y: pd.Series) -> float:
    return pearson_r(x.to_numpy(dtype="float64"), y.to_numpy(dtype="float64"))
