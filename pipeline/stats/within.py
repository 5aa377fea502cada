"""Within groups and between them: two different questions, one row a metric."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from pipeline.stats import reasons
from pipeline.stats.aligned import align
from pipeline.stats.repeated import within_group_correlation

ESTIMATES = ("r", "p_value", "ci_low", "ci_high", "r_between", "r_raw")
COUNTS = ("n_rows", "n_groups")


def within_group_by_metric(points: pd.DataFrame, results: pd.DataFrame, *, coupled: Iterable[str] = ()) -> pd.DataFrame:
    """Correlate points and every metric within groups, in the same month (`within_group_correlation`), unadjusted.

    ``points`` and ``results`` as `assess_relationships` takes them; metrics of ``coupled`` stay out. A group counts
    with the months in which it has both values. One row per other metric, sorted: metric, r, dof, p_value, ci_low,
    ci_high, n_rows, n_groups, r_between (of the groups' means: a different question, missing under three groups), r_raw
    (groups ignored) and reason. r, dof, p and interval are missing where nothing can be said, and the reason is a code
    of `reasons`: all_missing, too_few_rows, constant; "one_group" stands beside the plain r of a single group. One
    group's duplicate months or infinite values leave the metric without any r: which row is right is not known.
    Raises `ValueError` naming a wrong column or option.
    """
    if isinstance(coupled, str):
        raise ValueError(f"coupled must be a collection of metrics, such as ({coupled!r},), not one text")
    series = align(points, results)
    left_out = frozenset(coupled)
    faults: dict[str, str] = {}
    for pair in sorted(series.faults):
        faults.setdefault(series.metrics[pair[1]], series.faults[pair])
    both = points[["group", "month", "value"]].merge(results, on=["group", "month"], suffixes=("_points", "_results"))
    rows = []
    for metric in series.metrics:
        if metric not in left_out:
            own = both[both["metric"] == metric]
            rows.append({"metric": metric, **_row(own, faults.get(metric, ""))})
    columns = ["metric", "r", "dof", "p_value", "ci_low", "ci_high", *COUNTS, "r_between", "r_raw", "reason"]
    numbers = dict.fromkeys((*ESTIMATES, "dof"), "float64")
    return pd.DataFrame(rows, columns=columns).astype(
        {**numbers, **dict.fromkeys(COUNTS, "int64"), **dict.fromkeys(("metric", "reason"), "str")}
    )


def _row(own: pd.DataFrame, fault: str) -> dict[str, object]:
    """Return the fields of one metric; ``own``: group, value_points, value_results."""
    result = within_group_correlation(own, "value_points", "value_results", "group")
    reason = fault or str(result.attrs["reason"])
    fields: dict[str, object] = dict(result)
    if fault:
        fields |= dict.fromkeys(ESTIMATES, np.nan)
    if reason not in ("", reasons.ONE_GROUP):
        fields["dof"] = np.nan
    return {**fields, "reason": reason}
