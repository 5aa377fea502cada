"""How often the method claims what is not there, and finds what is: the targets of statistics.md against measurements.

    python -m tests.benchmarks.calibration --seed 1 --workers 2

prints one line a target and one a guard, in under 20 minutes on two cores; `docs/methods.md` holds such a table. The
exit status is 1 when a target is missed by more than twice the standard error. ``--share .1`` measures a tenth.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np

from tests.benchmarks import null_bureaus as worlds
from tests.benchmarks.province_fdr import province_rates
from tests.benchmarks.statistics_speed import milliseconds_a_report, times_slower_rival
from tests.benchmarks.trials import TRIALS, Trial, run_trial

CHUNK = 25  # reports in one task of a worker
PROVINCES = 20
HEAD = "| Target | Measured | % | Reports | Wanted | |\n|---|---|---|---|---|---|"


@dataclass(frozen=True)
class Line:
    """One line of the table: a rate, how many reports it is the mean of, and what is asked of it."""

    target: str
    name: str
    rate: float
    reports: int
    wanted: str
    is_met: Callable[[float], bool]

    @property
    def error(self) -> float:
        """The standard error of the rate; of 0 and 1 that of one report that went the other way."""
        inside = min(max(self.rate, 1 / self.reports), 1 - 1 / self.reports)
        return float(np.sqrt(inside * (1 - inside) / self.reports))

    @property
    def verdict(self) -> str:
        """Whether the target is met; one that is missed by less than twice the error may be met with other seeds."""
        if self.is_met(self.rate):
            return "met"
        near = (self.rate - 2 * self.error, self.rate + 2 * self.error)
        return "within error" if any(map(self.is_met, near)) else "MISSED"

    def __str__(self) -> str:
        rate = f"{100 * self.rate:.1f} (± {100 * self.error:.1f})"
        return f"| {self.target} | {self.name} | {rate} | {self.reports} | {self.wanted} | {self.verdict} |"


def measure(trials: tuple[Trial, ...], seed: int, share: float, pool: ProcessPoolExecutor) -> Iterator[Line]:
    """Run every trial on its reports, spread over the workers; lines come in the order of ``trials``."""
    tasks = []
    for trial in trials:
        reports = max(2, round(trial.reports * share))
        starts = range(0, reports, CHUNK)
        tasks.append([pool.submit(run_trial, trial, seed, start, min(CHUNK, reports - start)) for start in starts])
    for trial, parts in zip(trials, tasks, strict=True):
        outcomes = np.concatenate([part.result() for part in parts])
        yield Line(trial.target, trial.name, float(outcomes.mean()), len(outcomes), trial.wanted, trial.is_met)


def measure_provinces(seed: int, share: float, pool: ProcessPoolExecutor) -> Line:
    """Target 7: the false discovery rate over provinces of which half the bureaus are unrelated."""
    parts = [pool.submit(province_rates, 1000 * seed + place, 1) for place in range(max(2, round(PROVINCES * share)))]
    rate = float(np.mean([part.result().false_share for part in parts]))
    name = "false share of a province's claims, 20 bureaus each"
    return Line("7 provinces", name, rate, len(parts), "<= 10 %", lambda found: found <= 0.10)


def print_speed() -> None:
    """Target 8, and the same correlations done one by one."""
    spent = milliseconds_a_report(worlds.BASE)
    slower = times_slower_rival(spent)
    print(f"| 8 speed | 18 pairs x 4 lags x 999, leave-one-out, one core | {spent:.0f} ms | | about 20 ms | |")
    print(f"| 8 speed | scipy.stats.pearsonr alone, called as often | {slower:.0f} times slower | | | |")


def main(arguments: list[str] | None = None) -> int:
    """Print the table; return 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--share", type=float, default=1.0, help="of the reports of every line")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", default="", help="lines whose target or name holds this text")
    options = parser.parse_args(arguments)
    began = time.monotonic()
    chosen = tuple(trial for trial in TRIALS if options.only in f"{trial.target} {trial.name}")
    print(HEAD)
    missed = 0
    with ProcessPoolExecutor(options.workers) as pool:
        lines = measure(chosen, options.seed, options.share, pool)
        for line in lines:
            print(line, flush=True)
            missed += line.verdict == "MISSED"
        if not options.only:
            province = measure_provinces(options.seed, options.share, pool)
            print(province, flush=True)
            missed += province.verdict == "MISSED"
    if not options.only:
        print_speed()
    print(f"\nseed {options.seed}, {(time.monotonic() - began) / 60:.1f} minutes")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
