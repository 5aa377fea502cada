"""How long the statistics of one report take on one core, beside doing the same correlations one by one with scipy."""

import time

import numpy as np
from scipy.stats import pearsonr

from pipeline.stats import assess_relationships
from tests.benchmarks.null_bureaus import Scenario, make

REPORTS = 12
PAIRS, LAGS, RESAMPLES, MONTHS = 18, 4, 999, 36
TIMED_CALLS = 400  # of the rival; the rest is extrapolated


def milliseconds_a_report(scenario: Scenario) -> float:
    """Return the processor time of the fastest of some reports: 3 groups x 6 metrics x 4 lags, 36 months."""
    bureaus = [make(scenario, number, MONTHS) for number in range(REPORTS)]
    assess_relationships(*bureaus[0])  # imports and first calls are not the statistics
    spent = []
    for bureau in bureaus:
        began = time.process_time()
        assess_relationships(*bureau)
        spent.append(time.process_time() - began)
    return 1000 * min(spent)


def times_slower_rival(milliseconds: float) -> float:
    """Return how many times longer `scipy.stats.pearsonr` takes, called for every pair, lag and resample alone."""
    rng = np.random.default_rng(1)
    series = rng.standard_normal((2, MONTHS))
    began = time.process_time()
    for _ in range(TIMED_CALLS):
        pearsonr(*series)
    each = (time.process_time() - began) / TIMED_CALLS
    return each * PAIRS * LAGS * RESAMPLES * 1000 / milliseconds
