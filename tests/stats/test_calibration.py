"""The small, seeded version of the calibration: the same trials on a few bureaus, against what chance allows."""

import numpy as np
import pytest
from scipy.stats import binom

from tests.benchmarks import null_bureaus as worlds
from tests.benchmarks.calibration import Line
from tests.benchmarks.null_bureaus import BY_NAME, make
from tests.benchmarks.trials import TRIALS, Trial, makes_a_claim, run_trial

REPORTS = 24
SEED = 7
RARELY = 0.998  # a trial at its target fails here once in five hundred times
NULLS = (
    "base",
    "small counts",
    "phi 0, .5, .9 by group",
    "phi .95 in one group",
    "random walks",
    "points capped at 100",
    "heavier tails, t with 2",
    "two groups merge",
    "all levels rise at once",
    "one shared outlier month",
)


@pytest.mark.parametrize(("name", "months"), [("base", 24), *((name, 36) for name in NULLS)])
def test_bureaus_without_a_relation_rarely_make_a_claim(name, months):
    trial = Trial("small", name, BY_NAME[name], months, REPORTS, makes_a_claim)
    claims = run_trial(trial, SEED, 0, REPORTS).sum()
    assert claims <= binom.ppf(RARELY, REPORTS, 0.06)


@pytest.mark.parametrize("trial", [one for one in TRIALS if one.target == "4 power"], ids=lambda one: one.name)
def test_a_planted_relation_is_found_as_often_as_the_target_asks(trial):
    found = run_trial(trial, SEED, 0, REPORTS).sum()
    assert found >= binom.ppf(1 - RARELY, REPORTS, trial.at_least)


@pytest.mark.parametrize("trial", [one for one in TRIALS if one.target == "1 too short"], ids=lambda one: one.name)
def test_under_two_years_nothing_is_claimed(trial):
    assert run_trial(trial, SEED, 0, 8).sum() == 0


def test_points_that_contain_a_result_say_nothing_of_it():
    (declared,) = (one for one in TRIALS if one.name == "points that contain m0, declared")
    assert run_trial(declared, SEED, 0, 8).sum() == 0


def test_the_same_seed_makes_the_same_bureau_and_another_one_another():
    first, again, other = (make(worlds.BASE, seed, 24)[0] for seed in (3, 3, 4))
    assert first.equals(again)
    assert not first.equals(other)


@pytest.mark.parametrize("scenario", BY_NAME.values(), ids=lambda one: one.name)
def test_every_scenario_makes_whole_bureaus(scenario):
    points, results = make(scenario, 1, 36)
    assert len(points) == scenario.groups * 36
    assert len(results) == scenario.groups * 6 * 36
    assert not np.isinf(results["value"]).any()
    assert results["value"].notna().mean() > 0.8
    assert scenario == worlds.BASE or not points.equals(make(worlds.BASE, 1, 36)[0])


@pytest.mark.parametrize(
    ("rate", "verdict"), [(0.06, "met"), (0.075, "met"), (0.08, "within error"), (0.10, "MISSED"), (0.0, "met")]
)
def test_a_line_says_whether_its_target_is_met(rate, verdict):
    line = Line("2 base null", "base", rate, 1000, "<= 7.5 %", lambda found: found <= 0.075)
    assert line.verdict == verdict
    assert f"| {100 * rate:.1f} (± " in str(line)
