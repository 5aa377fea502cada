"""A group that merged with another stands at another level in everything; that is one event and no relation."""

import numpy as np
import pandas as pd
import pytest

from pipeline.stats.adjust import Adjustment, adjustment, design_matrix
from pipeline.stats.aligned import align
from pipeline.stats.designs import find_designs
from pipeline.stats.pairs import estimable_pairs
from pipeline.stats.steps import _step_directions, _step_t, shared_step, step_design
from tests.stats.bureaus import make_bureau, noise

MONTHS = pd.period_range("2018-11", periods=36, freq="M")


def fit(phi: float = 0.5, missing: tuple[int, ...] = ()) -> Adjustment:
    usable = np.ones(36, dtype=bool)
    usable[list(missing)] = False
    return adjustment(usable, design_matrix(MONTHS), phi)


def series(seed: int, stepped: list[int], at: int = 17, size: float = 4.0) -> np.ndarray:
    """Points (row 0) and six results; those of ``stepped`` stand ``size`` higher from month ``at`` on."""
    values = noise(np.random.default_rng(seed), (7,), 36)
    values[stepped, at:] += size
    return values


def found(values: np.ndarray, missing: tuple[int, ...] = ()) -> int | None:
    own = fit(missing=missing)
    values = np.where(own.usable, values, 0.0)
    return shared_step(values[0], [(result, own) for result in values[1:]])


def test_a_step_is_one_from_its_month_on():
    assert step_design(4, np.array([1, 3])).tolist() == [[0, 0], [1, 0], [1, 0], [1, 1]]


@pytest.mark.parametrize("at", [3, 10, 17, 33])
def test_a_step_of_points_and_results_is_found_at_its_month(at):
    assert found(series(1, list(range(7)), at, size=8.0)) == at


def test_a_step_down_and_one_up_are_shared_as_well():
    values = series(2, [0], size=6.0) - series(2, [1, 2, 3], size=6.0) + series(2, [], size=0.0)
    assert found(values) == 17


@pytest.mark.parametrize("stepped", [[], [0], [0, 1], [1, 2, 3, 4, 5, 6]])
def test_a_step_that_is_not_shared_is_none(stepped):
    """Of the points alone, of one result in six, of the results without the points."""
    assert found(series(8, stepped, size=8.0)) is None


def test_two_of_six_results_are_a_third():
    assert found(series(3, [0, 1, 2], size=8.0)) == 17


def test_a_level_of_two_months_is_no_step():
    assert found(series(4, list(range(7)), at=2, size=12.0)) != 2
    assert found(series(4, list(range(7)), at=34, size=12.0)) != 34


def test_months_that_are_missing_are_passed_over():
    assert found(series(5, list(range(7)), size=8.0), missing=(3, 16, 17, 18)) in (16, 17, 18, 19)


def test_steps_are_rarely_found_where_there_is_none():
    """About one group in forty; more than 5 of 60 would happen once in a thousand times."""
    assert sum(found(series(seed, [])) is not None for seed in range(60)) <= 5


def merged(seed: int, groups: int = 1) -> tuple[pd.DataFrame, pd.DataFrame]:
    points, results = make_bureau(seed)
    names, month = [f"group {number}" for number in range(groups)], points["month"].min() + 18
    for table in (points, results):
        table["value"] += 6.0 * (table["group"].isin(names) & (table["month"] >= month))
    return points, results


def test_the_design_of_the_merged_group_alone_has_the_step():
    series = align(*merged(1))
    pairs = [(group, metric) for group in range(3) for metric in range(6)]
    designs = find_designs(series, pairs, design_matrix(series.months), {})
    assert designs.steps[0].tolist() == [18]
    assert [designs.designs[group].shape[1] - designs.designs[2].shape[1] for group in range(3)] == [1, 0, 0]
    assert designs.designs[0][:, -1].tolist() == [0.0] * 18 + [1.0] * 18


def test_a_known_turnover_needs_no_search():
    series = align(*make_bureau(1))
    designs = find_designs(series, [(0, 0), (1, 0)], design_matrix(series.months), {1: np.array([5])})
    assert [steps.tolist() for steps in designs.steps.values()] == [[], [5]]
    assert designs.designs[1][4:6, -1].tolist() == [0.0, 1.0]
    chosen = estimable_pairs(series, (), {1: np.array([5])})
    dof = {pair: adjustment.dof for pair, adjustment in zip(chosen.pairs, chosen.adjustments, strict=True)}
    assert dof[1, 0] == dof[0, 0] - 1


def test_at_most_one_step_a_year_is_looked_for():
    rng = np.random.default_rng(3)
    points, results = make_bureau(3, groups=1)
    jumps = np.cumsum(np.where(np.arange(36) % 6 == 0, 30.0 * rng.choice([-1, 1], 36), 0.0))
    points["value"] += jumps
    results["value"] += np.tile(jumps, 6)
    series = align(points, results)
    assert (
        len(find_designs(series, [(0, metric) for metric in range(6)], design_matrix(series.months), {}).steps[0]) <= 3
    )


def test_a_group_of_steady_coming_and_going_keeps_one_step_a_year():
    series = align(*make_bureau(1))
    chosen = estimable_pairs(series, (), {1: np.array([30, 4, 11, 17, 22, 27])})
    assert chosen.designs.steps[1].tolist()[:3] == [30, 4, 11]  # the first are the largest
    assert len(chosen.designs.steps[1]) == 3
    assert not chosen.reasons


def test_t_of_a_step_is_that_of_a_regression():
    own = fit()
    result = noise(np.random.default_rng(9), (36,), 1)[:, 0]
    adjusted = own.residual @ result
    direction = own.residual @ step_design(36, np.array([17]))[:, 0]
    slope = direction @ adjusted / (direction @ direction)
    rest = adjusted - slope * direction
    expected = abs(slope) / np.sqrt(rest @ rest / (own.dof - 1) / (direction @ direction))
    assert _step_t(adjusted, _step_directions(own), own.dof)[17] == pytest.approx(expected)


def test_a_step_of_moderate_size_is_mostly_found():
    """Four standard deviations: |t| is mostly between 2.25 and 4.5."""
    assert sum(found(series(seed, list(range(7)), size=4.0)) is not None for seed in range(12)) >= 9
