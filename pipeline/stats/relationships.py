"""The verdicts alone: one table of them, at a false-claim rate that is measured."""

from collections.abc import Iterable

import pandas as pd

from pipeline.stats.assessment import assess


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
    month, pooled: mean), reason (of `reasons.REASONS`, or ""), r_shrunk, shrunk_low, shrunk_high (the estimate drawn
    towards those of the other groups, see `pooling`; pooled: the mean of the random effects) and weakest_month (without
    which the statistic is weakest). What is judged is missing for the verdicts insufficient and coupled only. The same
    seed gives the same table, whatever the order of rows. Duplicate months and infinite values make their pair
    insufficient; a wrong structure raises `ValueError` naming the column.

    With evidence, lag, r, interval and smallest_r are those of the lag that stands out most; otherwise those of the
    same month, lag 0: the largest of several r is far from 0 by its choice alone, and its interval held 0 in 82 % of
    unrelated pairs only. p_max_t and the verdict are of all lags. The interval is that of one r and not of the whole
    search, so one in twenty misses the truth, and one that leaves 0 out is no claim by itself.
    """
    return assess(points, results, coupled=coupled, max_lag=max_lag, resamples=resamples, seed=seed).relationships
