"""Rows on growth and on the statistics: ten times the groups in one bureau; one report's pairs beside scipy."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks.speed.bureaus import of_groups, workbooks
from tests.benchmarks.speed.clock import ronghe, run
from tests.benchmarks.speed.plan import QUARTER, Plan
from tests.benchmarks.speed.rows import Bar, Row
from tests.benchmarks.speed.spread import Spread, growth_exponent, ratios
from tests.benchmarks.statistics_speed import compare_statistics

Say = Callable[[str], None]


def group_rows(plan: Plan, cache: Path, work: Path, say: Say) -> Iterator[Row]:
    """Yield the row on a report of a bureau with many groups beside one with few."""
    sizes = (plan.groups, plan.groups * plan.times_groups)
    bureaus = {groups: of_groups(cache, groups) for groups in sizes}
    seconds: dict[int, list[float]] = {groups: [] for groups in sizes}
    for _ in range(plan.groups_rounds):
        for groups, bureau in bureaus.items():
            out = work / f"groups-{groups}"
            places = ("--processed", out / "processed", "--figures", out / "figures")
            seconds[groups].append(run(ronghe("report", "--bureau", bureau, "--quarter", QUARTER, *places)).seconds)
            say(f"{groups} groups: {seconds[groups][-1]:.1f} s")
            shutil.rmtree(out)
    few, many = seconds.values()
    exponents = [growth_exponent(one, other, plan.times_groups) for one, other in zip(few, many, strict=True)]
    note = f"{sizes[1]} groups against {sizes[0]}, {workbooks([bureaus[sizes[1]]])} workbooks each"
    bar = Bar("at_most", 1.0)
    yield Row("groups", "s", Spread.of(many), Spread.of(few), Spread.of(exponents), bar, len(few), (note,))


def statistics_rows(plan: Plan, say: Say) -> Iterator[Row]:
    """Yield the row on the statistics of one report: how many times longer scipy takes."""
    ours, rival = compare_statistics(plan.statistics_rounds)
    slower = ratios(rival, ours)
    say(f"statistics: {Spread.of(slower).median:.0f} times")
    note = "processor time; what ours does besides is in statistics_speed.compare_statistics"
    bar = Bar("at_least", 30)
    yield Row("statistics", "s", Spread.of(ours), Spread.of(rival), Spread.of(slower), bar, len(ours), (note,))
