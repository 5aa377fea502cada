"""The false-claim rate and the power of the whole pipeline, from workbooks to verdicts.

``python -m tests.benchmarks.bureaus_end_to_end --null 100 --planted 20 --seed 1 --workers 2`` writes the workbooks of
so many bureaus, reads, scores, joins and judges them as the notebooks do, and prints the bureaus that make a claim or
hide a planted relation. Exit status 1 when a target is missed.
"""

import argparse
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence

from tests.benchmarks.outcomes import Outcome, try_carried, try_null, try_planted

MOST_CLAIMING = 0.08  # of the null bureaus
LEAST_SHOWN = 0.90  # of the planted ones, at the right lag
SEEDS_A_RUN = 100_000  # a run's first seed is this many times its --seed
BUREAUS_A_PROCESS = 25  # then a fresh one takes over: memory is given back


def main() -> int:
    """Run both sorts of bureaus and return the exit status."""
    arguments = _parser().parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"  # the workers are the threads
    begin, first = time.perf_counter(), arguments.seed * SEEDS_A_RUN
    nulls = list(_run(try_null, range(first, first + arguments.null), arguments.workers))
    planted = list(_run(try_planted, range(first, first + arguments.planted), arguments.workers))
    carried = list(_run(try_carried, range(first, first + arguments.carried), arguments.workers))
    claiming = _report_null(nulls)
    right = _report_planted(f"planted (target at least {LEAST_SHOWN:.0%} at the right lag)", planted)
    _report_planted("planted, carried over (no target)", carried)
    _report_time([*nulls, *planted, *carried], time.perf_counter() - begin)
    return int(claiming > MOST_CLAIMING * len(nulls) or right < LEAST_SHOWN * len(planted))


def _run(attempt: Callable[[int], Outcome], seeds: Sequence[int], workers: int) -> Iterator[Outcome]:
    """Yield the outcome of every seed, in order, and tell on stderr how far it is."""
    # not ProcessPoolExecutor: with max_tasks_per_child it hangs once all workers have ended (CPython gh-115634)
    with multiprocessing.get_context("spawn").Pool(workers, maxtasksperchild=BUREAUS_A_PROCESS) as pool:
        for number, outcome in enumerate(pool.imap(attempt, seeds), start=1):
            print(f"\r{attempt.__name__} {number} of {len(seeds)}", end="", file=sys.stderr, flush=True)
            yield outcome
    print(file=sys.stderr)


def _report_null(outcomes: Sequence[Outcome]) -> int:
    """Print the bureaus that claim something, and return how many do."""
    claiming = [outcome for outcome in outcomes if outcome.claims]
    for outcome in claiming:
        print(outcome)
    if outcomes:
        tested = sorted(outcome.pairs for outcome in outcomes)
        print(f"null: {len(claiming)} of {len(outcomes)} bureaus make a claim; target at most {MOST_CLAIMING:.0%}")
        print(f"null: {tested[0]} to {tested[-1]} pairs tested, median {tested[len(tested) // 2]}")
    return len(claiming)


def _report_planted(title: str, outcomes: Sequence[Outcome]) -> int:
    """Print the bureaus that hide what was planted, and return how many show it at the right lag."""
    right = [outcome for outcome in outcomes if outcome.has_right_lag]
    for outcome in outcomes:
        if not outcome.has_right_lag:
            print(outcome)
    if outcomes:
        shown = sum(outcome.is_shown for outcome in outcomes)
        print(f"{title}: {shown} of {len(outcomes)} bureaus show it, {len(right)} at the right lag")
    return len(right)


def _report_time(outcomes: Sequence[Outcome], elapsed: float) -> None:
    if outcomes:
        mean = sum(outcome.seconds for outcome in outcomes) / len(outcomes)
        print(f"time: {mean:.1f} s a bureau, {elapsed / 60:.1f} min in all")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.bureaus_end_to_end", description=__doc__)
    parser.add_argument("--null", type=int, default=100, help="bureaus in which nothing is related")
    parser.add_argument("--planted", type=int, default=20, help="bureaus with a planted relation")
    parser.add_argument("--carried", type=int, default=0, help="bureaus with a relation that fades: no target")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    return parser


if __name__ == "__main__":
    sys.exit(main())
