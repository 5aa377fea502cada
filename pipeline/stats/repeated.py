"""The repeated-measures correlation: what moves together *within* groups, whatever the groups' levels."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.stats import reasons
from pipeline.stats.columns import ROUNDING, numeric_column, require_columns
from pipeline.stats.correlation import pearson_r, t_test_p
from pipeline.stats.fisher import fisher_interval

FloatArray = npt.NDArray[np.float64]

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
    both = pd.DataFrame({"x": numeric_column(data[x], x), "y": numeric_column(data[y], y)})
    names = data[group].to_numpy(dtype=object)
    complete = both.notna().all(axis=1).to_numpy() & ~pd.isna(names)
    both, (code, groups) = both[complete], pd.factorize(names[complete], sort=True)
    means = both.groupby(code).mean().to_numpy()
    values, n_groups = both.to_numpy(), len(groups)
    dof = len(values) - n_groups - 1
    with np.errstate(invalid="ignore"):  # of infinite values, which are told below
        centred = values - means[code]
    reason = _why_not(values, centred, dof)
    r = np.nan if reason else pearson_r(*centred.T)
    low, high = (np.nan, np.nan) if reason else fisher_interval(r, 1 / np.sqrt(dof - 1) if dof > 1 else np.inf)
    result = pd.Series(
        {
            "r": r,
            "dof": max(dof, 0),
            "p_value": t_test_p(r, dof),
            "ci_low": low,
            "ci_high": high,
            "n_rows": len(values),
            "n_groups": n_groups,
            "r_between": pearson_r(*means.T) if n_groups >= FEWEST_GROUPS_BETWEEN else np.nan,
            "r_raw": pearson_r(*values.T),
        },
        dtype="float64",
    )
    result.attrs["reason"] = reason or (reasons.ONE_GROUP if n_groups == 1 else "")
    return result


def _why_not(values: FloatArray, centred: FloatArray, dof: int) -> str:
    if not len(values):
        return reasons.ALL_MISSING
    if np.isinf(values).any():
        return reasons.INFINITE_VALUES
    if dof < 1:
        return reasons.TOO_FEW_ROWS
    left, largest = np.abs(centred).max(axis=0), np.abs(values).max(axis=0)
    return reasons.CONSTANT if (left <= ROUNDING * largest).any() else ""
