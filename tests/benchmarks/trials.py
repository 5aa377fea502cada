"""What is measured: each trial is a kind of bureau, a question asked of its report, and the rate that is wanted."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.stats import assess, assess_relationships
from pipeline.stats.assessment import Assessment
from tests.benchmarks import null_bureaus as worlds
from tests.benchmarks.null_bureaus import Plant, Scenario, make

Tables = tuple[pd.DataFrame, pd.DataFrame]
FloatArray = npt.NDArray[np.float64]

NULL_REPORTS = 1000
STRESS_REPORTS = 400
GUARD_REPORTS = 300


@dataclass(frozen=True)
class Trial:
    """``ask`` returns for one bureau the share (mostly 0 or 1) that a rate is the mean of."""

    target: str
    name: str
    scenario: Scenario
    months: int
    reports: int
    ask: Callable[[Tables, "Trial"], float]
    plant: Plant | None = None
    at_most: float | None = None
    at_least: float | None = None

    @property
    def wanted(self) -> str:
        """The target in words; empty where a rate is only shown."""
        bounds = [(self.at_least, ">="), (self.at_most, "<=")]
        return ", ".join(f"{sign} {100 * bound:g} %" for bound, sign in bounds if bound is not None)

    def is_met(self, rate: float) -> bool:
        """Tell whether the measured rate is inside the target."""
        return not (self.at_most is not None and rate > self.at_most) and not (
            self.at_least is not None and rate < self.at_least
        )


def run_trial(trial: Trial, seed: int, start: int, count: int) -> FloatArray:
    """Ask ``count`` bureaus, numbered from ``start``; the same seed and number make the same bureau."""
    return np.array(
        [
            trial.ask(make(trial.scenario, 100_000 * seed + number, trial.months, plant=_plant(trial, number)), trial)
            for number in range(start, start + count)
        ]
    )


def _plant(trial: Trial, number: int) -> Plant | None:
    """A planted relation leads by 0, 1, 2 and 3 months in turn, unless the interval of the same month is looked at."""
    if trial.plant is None or trial.ask is interval_holds:
        return trial.plant
    return replace(trial.plant, lag=number % 4)


def makes_a_claim(tables: Tables, trial: Trial) -> float:
    return float((assess_relationships(*tables)["verdict"] == "evidence").any())


def coupled_claim(tables: Tables, trial: Trial) -> float:
    """The points are given each group's m0 on top, and m0 is declared: nothing may be said of it."""
    points, results = tables
    component = results[results["metric"] == "m0"].set_index(["group", "month"])["value"]
    composite = points.set_index(["group", "month"])["value"] + component
    table = assess_relationships(composite.reset_index(), results, coupled=("m0",))
    of_m0 = table[table["metric"] == "m0"]
    assert (of_m0["verdict"] == "coupled").all()
    return float((of_m0["verdict"] == "evidence").any())


def uncoupled_claim(tables: Tables, trial: Trial) -> float:
    """The composite less its component, as the rule book's tags take it out: by construction the base null again, which
    is what target 6 asks for.
    """
    points, results = tables
    keys = ["group", "month"]
    component = results[results["metric"] == "m0"].set_index(keys)["value"]
    composite = points.set_index(keys)["value"] + component
    return makes_a_claim(((composite - component).rename("value").reset_index(), results), trial)


def finds_in_pool(tables: Tables, trial: Trial) -> float:
    return _finds(assess_relationships(*tables), "pooled")


def finds_in_group(tables: Tables, trial: Trial) -> float:
    return _finds(assess_relationships(*tables), "group 0")


def _finds(table: pd.DataFrame, scope: str) -> float:
    row = table[(table["scope"] == scope) & (table["metric"] == "m0")].iloc[0]
    return float(row["verdict"] == "evidence")


def interval_holds(tables: Tables, trial: Trial) -> float:
    """The share of the groups' and the pool's intervals of m0, in the same month, that hold the planted r."""
    found: Assessment = assess(*tables)
    rows = found.correlations_by_lag.query("metric == 'm0' and lag == 0")
    rho = trial.plant.rho if trial.plant else 0.0
    return float(((rows["ci_low"] <= rho) & (rho <= rows["ci_high"])).mean())


def null_trial(target: str, scenario: Scenario, months: int, reports: int, at_most: float | None) -> Trial:
    name = f"{scenario.name}, {months} months"
    return Trial(target, name, scenario, months, reports, makes_a_claim, at_most=at_most)


def power_trial(
    scenario: Scenario, months: int, plant: Plant, ask: Callable[[Tables, Trial], float], at_least: float
) -> Trial:
    who = "one group" if plant.groups else f"all of {scenario.groups} groups"
    name = f"r {plant.rho} in {who}, {months} months"
    return Trial("4 power", name, scenario, months, STRESS_REPORTS, ask, plant, at_least=at_least)


def coverage_trial(scenario: Scenario, months: int, rho: float) -> Trial:
    name = f"{scenario.name}, r {rho}, {months} months"
    plant = Plant(rho)
    return Trial("5 coverage", name, scenario, months, 300, interval_holds, plant, at_most=0.98, at_least=0.93)


TRIALS: tuple[Trial, ...] = (
    *(
        Trial("1 too short", f"r .9, {months} months", worlds.BASE, months, 100, makes_a_claim, Plant(0.9), at_most=0.0)
        for months in (3, 12, 23)
    ),
    *(null_trial("2 base null", worlds.BASE, months, NULL_REPORTS, 0.075) for months in (24, 36)),
    *(null_trial("3 stress", one, months, STRESS_REPORTS, 0.08) for one in worlds.STRESSES for months in (24, 36)),
    *(null_trial("3 outlier", worlds.OUTLIER, months, STRESS_REPORTS, 0.10) for months in (24, 36)),
    power_trial(worlds.BASE, 36, Plant(0.5), finds_in_pool, 0.70),
    power_trial(worlds.BASE, 36, Plant(0.7), finds_in_pool, 0.95),
    power_trial(worlds.SIX_GROUPS, 36, Plant(0.5), finds_in_pool, 0.95),
    power_trial(worlds.BASE, 36, Plant(0.7, groups=1), finds_in_group, 0.35),
    power_trial(worlds.BASE, 24, Plant(0.7), finds_in_pool, 0.45),
    *(
        coverage_trial(one, months, rho)
        for one in (worlds.NO_PHI, worlds.BASE)
        for months in (24, 36)
        for rho in (0.0, 0.5)
    ),
    Trial("6 coupled", "points that contain m0, declared", worlds.BASE, 36, 200, coupled_claim, at_most=0.0),
    Trial(
        "6 coupled", "the same without the component", worlds.BASE, 36, STRESS_REPORTS, uncoupled_claim, at_most=0.075
    ),
    *(null_trial("guard", one, 36, GUARD_REPORTS, 0.10) for one in worlds.GUARDS),
    *(
        null_trial("guard", worlds.BY_NAME[name], 24, GUARD_REPORTS, 0.10)
        for name in ("phi 0, .5, .9 by group", "random-walk trends", "two groups merge", "all levels rise at once")
    ),
)
