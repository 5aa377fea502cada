"""How long the statistics of one report take on one core, beside scipy on the same pairs, lags and resamples."""

import time

from pipeline.stats import assess, assess_relationships
from tests.benchmarks.null_bureaus import BASE, Scenario, make
from tests.benchmarks.rivals.pearsonr import correlate_all

REPORTS = 12
PAIRS, MAX_LAG, RESAMPLES, MONTHS = 18, 3, 999, 36  # 3 groups x 6 metrics
SEED = 0


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
    """Return how many times longer than ``milliseconds`` the rival takes for one report."""
    return 1000 * _seconds_of_rival(0) / milliseconds


def compare_statistics(rounds: int) -> tuple[list[float], list[float]]:
    """Return the processor seconds of one report's statistics in ``rounds`` interleaved rounds: ours, and the rival's.

    Both take the same 18 pairs of points and results over 36 months, at lags 0 to 3, with 999 resamples, a bureau of
    its own each round. The rival gives each pair and lag r, a p-value and an interval. Ours gives these too, and
    besides takes season, festival, trend, abnormal months and steps out of the series, keeps their autocorrelation in
    the resamples, tests all pairs at one rate of false claims (max-T), pools the groups, and says of each pair what is
    left without any one month.
    """
    _seconds_of_ours(0)  # imports and first calls are not the statistics
    _seconds_of_rival(0)
    ours, rival = [], []
    for number in range(1, rounds + 1):
        ours.append(_seconds_of_ours(number))
        rival.append(_seconds_of_rival(number))
    return ours, rival


def _seconds_of_ours(number: int) -> float:
    points, results = make(BASE, number, MONTHS)
    began = time.process_time()
    relationships = assess(points, results, max_lag=MAX_LAG, resamples=RESAMPLES, seed=SEED).relationships
    spent = time.process_time() - began
    if not (relationships["scope"] != "pooled").sum() == PAIRS == relationships["n_pairs"].iloc[0] - 6:
        raise AssertionError(f"ours looked at other pairs: {len(relationships)} rows")
    return spent


def _seconds_of_rival(number: int) -> float:
    points, results = make(BASE, number, MONTHS)
    began = time.process_time()
    found = correlate_all(points, results, MAX_LAG, RESAMPLES, SEED)
    spent = time.process_time() - began
    if len(found) != PAIRS * (MAX_LAG + 1):
        raise AssertionError(f"the rival looked at {len(found)} pairs and lags")
    return spent
