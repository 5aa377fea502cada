"""How long the statistics of one report take on one core, beside scipy on the same pairs, lags and resamples."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from pipeline.runs.processes.forks import one_thread
from pipeline.stats import assess, assess_relationships
from tests.benchmarks.null_bureaus import BASE, Scenario, make
from tests.benchmarks.rivals.pearsonr import correlate_all

REPORTS = 12
PAIRS, MAX_LAG, RESAMPLES, MONTHS = 18, 3, 999, 36  # 3 groups x 6 metrics
SEED = 0
REPORTS_A_ROUND = 5  # one after the other, as in a batch; each of a bureau of its own
ROOT = Path(__file__).resolve().parents[2]


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

    Measured in a process that counts with one thread, as every process of a report does: two threads of the library of
    linear algebra wait for each other, busily, over matrices as small as these. Both take the same 18 pairs of points
    and results over 36 months, at lags 0 to 3, with 999 resamples. The rival gives each pair and lag r, a p-value and
    an interval. Ours gives these too, and besides takes season, festival, trend, abnormal months and steps out of the
    series, keeps their autocorrelation in the resamples, tests all pairs at one rate of false claims (max-T), pools the
    groups, and says of each pair what is left without any one month.
    """
    with one_thread():
        done = subprocess.run(
            [sys.executable, "-m", __name__, str(rounds)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            check=True,
        )
    ours, rival = json.loads(done.stdout)
    return ours, rival


def _compare(rounds: int) -> tuple[list[float], list[float]]:
    """Do so in this process."""
    _seconds_of_ours(0)  # imports and first calls are not the statistics
    _seconds_of_rival(0)
    ours, rival = [], []
    for number in range(rounds):
        ours.append(_mean(_seconds_of_ours, number))
        rival.append(_mean(_seconds_of_rival, number))
    return ours, rival


def _mean(seconds_of: Callable[[int], float], number: int) -> float:
    """Return the mean over the reports of one round."""
    first = 1 + number * REPORTS_A_ROUND
    return sum(map(seconds_of, range(first, first + REPORTS_A_ROUND))) / REPORTS_A_ROUND


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


if __name__ == "__main__":
    print(json.dumps(_compare(int(sys.argv[1]))))
