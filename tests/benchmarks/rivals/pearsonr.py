"""The rival of the statistics: scipy's ``pearsonr`` for every pair and lag, with its own resampling methods."""

import numpy as np
import pandas as pd
from scipy.stats import BootstrapMethod, PermutationMethod, pearsonr


def correlate_all(
    points: pd.DataFrame, results: pd.DataFrame, max_lag: int, resamples: int, seed: int
) -> dict[tuple[str, str, int], tuple[float, float, float, float]]:
    """Return by group, metric and lag r, p (``resamples`` permutations) and a 95 % interval (as many bootstraps).

    ``points`` (group, month, value) lead ``results`` (group, month, metric, value); every month is there. Resampling is
    vectorised within scipy, one call a pair and lag, as its documentation shows it.
    """
    rng = np.random.default_rng(seed)
    permutations, bootstraps = PermutationMethod(resamples, rng=rng), BootstrapMethod(resamples, rng=rng)
    by_group = {group: own["value"].to_numpy() for group, own in points.groupby("group")}
    found: dict[tuple[str, str, int], tuple[float, float, float, float]] = {}
    for (group, metric), own in results.groupby(["group", "metric"]):
        values = own["value"].to_numpy()
        for lag in range(max_lag + 1):
            kept = len(values) - lag
            test = pearsonr(by_group[group][:kept], values[lag:], method=permutations)
            low, high = test.confidence_interval(0.95, method=bootstraps)
            found[str(group), str(metric), lag] = (float(test.statistic), float(test.pvalue), float(low), float(high))
    return found
