"""Lags, max-T and leave-one-month-out on arrays small enough to redo the slow way."""

import numpy as np
import pandas as pd
import pytest

from pipeline.stats.adjust import adjustment, design_matrix, with_dummies
from pipeline.stats.lagged import lag_results, lagged_correlations
from pipeline.stats.maxt import MaxT, max_t, spread_around_zero
from pipeline.stats.sensitivity import correlations_without_each_month, survives_every_month
from pipeline.stats.surrogates import innovation_correlation, surrogate_points

MONTHS = pd.period_range("2018-11", periods=36, freq="M")
NONE = np.empty(0, dtype=np.int64)


def usable_but(*missing: int) -> np.ndarray:
    usable = np.ones(36, dtype=bool)
    usable[list(missing)] = False
    return usable


def outcome(observed: np.ndarray, null: np.ndarray) -> MaxT:
    return max_t(observed, null, spread_around_zero(null))


def drawn(*given, **named) -> np.ndarray:
    return np.concatenate(list(surrogate_points(*given, **named)), axis=1)


@pytest.mark.parametrize("missing", [(), (5, 20)])
def test_lag_k_is_pearson_of_points_with_results_k_months_later(missing):
    rng = np.random.default_rng(4)
    usable = usable_but(*missing)
    fit = adjustment(usable, design_matrix(MONTHS), 0.5)
    points, result = fit.residual @ rng.standard_normal(36), fit.residual @ rng.standard_normal(36)
    found = lagged_correlations(points, lag_results(result, fit, 3))
    for lag in range(4):
        both = [t for t in range(36 - lag) if usable[t] and usable[t + lag]]
        later = [t + lag for t in both]
        assert found[lag] == pytest.approx(np.corrcoef(points[both], result[later])[0, 1])


def test_leaving_a_month_out_is_a_dummy_in_each_series():
    """Redone with explicit designs: points of month j, and results of the month that j leads to."""
    rng = np.random.default_rng(5)
    usable, design, phi = usable_but(7), design_matrix(MONTHS), 0.4
    raw_points, raw_result = np.where(usable, rng.standard_normal((2, 36)), 0)
    fit = adjustment(usable, design, phi)
    found = correlations_without_each_month(fit.residual @ raw_points, [fit.residual @ raw_result], fit, 3)[:, 0]
    for month, lag in [(0, 0), (10, 0), (10, 1), (20, 3), (34, 3)]:
        later = month + lag
        points = adjustment(usable, with_dummies(design_matrix(MONTHS), np.array([month])), phi).residual @ raw_points
        fit_later = adjustment(
            usable, with_dummies(design_matrix(MONTHS), np.array([later] if later < 36 else NONE)), phi
        )
        expected = lagged_correlations(points, lag_results(fit_later.residual @ raw_result, fit, 3))[lag]
        assert found[month, lag] == pytest.approx(expected)


def test_p_counts_the_resamples_whose_largest_statistic_is_as_large():
    null = np.array([[[0.1, -0.1]], [[0.2, 0.2]], [[-0.3, 0.3]], [[0.4, -0.4]]])  # one scope, two lags, four resamples
    test = outcome(np.array([[0.25, -0.3]]), null)
    assert test.null_sd == pytest.approx(np.full((1, 2), np.sqrt(0.075)))
    assert test.lag.tolist() == [1]
    assert test.p_value.tolist() == [(1 + 2) / 5]  # a tie counts against the claim
    assert test.critical == np.inf  # no statistic can reach p <= .05 with four resamples
    assert outcome(np.array([[0.0, 0.9]]), null).p_value.tolist() == [1 / 5]


@pytest.mark.parametrize("resamples", [19, 99, 999])
def test_the_critical_statistic_is_the_smallest_with_p_at_most_5_percent(resamples):
    null = np.random.default_rng(1).standard_normal((resamples, 2, 2)) * 0.2
    critical = outcome(np.zeros((2, 2)), null).critical
    null_sd = np.sqrt((null**2).mean(axis=0))
    just = np.nextafter(critical, np.inf) * null_sd[0, 0]
    assert outcome(np.array([[just, 0], [0, 0]]), null).p_value[0] > 0.05 - 2 / (resamples + 1)
    assert outcome(np.array([[just, 0], [0, 0]]), null).p_value[0] <= 0.05
    assert outcome(np.array([[0.99 * just, 0], [0, 0]]), null).p_value[0] > 0.05 - 1e-12


def test_scopes_of_unlike_spread_are_compared_by_their_own_spread():
    rng = np.random.default_rng(2)
    null = rng.standard_normal((999, 2, 1)) * np.array([0.1, 0.3])[None, :, None]
    test = outcome(np.array([[0.3], [0.3]]), null)
    assert test.p_value[0] < 0.02
    assert test.p_value[1] > 0.4


def _test_of(critical: float) -> MaxT:
    return MaxT(np.full((1, 2), 0.1), np.zeros((1, 2)), np.array([0]), np.array([0.01]), critical)


@pytest.mark.parametrize(
    ("without", "survives"),
    [
        ([[0.5, 0.1], [0.43, 0.1]], True),
        ([[0.5, 0.1], [0.42, 0.1]], False),  # under .85 x 5 x .1
        ([[0.5, 0.1], [0.43, 0.44]], False),  # another lag
        ([[0.5, 0.1], [-0.5, 0.1]], False),  # another sign
    ],
)
def test_evidence_survives_every_month(without, survives):
    observed = np.array([[0.6, 0.1]])
    assert survives_every_month(observed, np.array(without)[:, None, :], _test_of(5.0)).tolist() == [survives]


def test_surrogates_are_ar1_and_keep_the_groups_common_moves():
    wanted = np.array([[1, 0.8, 0], [0.8, 1, 0], [0, 0, 1]])
    series = drawn(wanted, np.full(3, 0.5), months=30, resamples=4000, seed=1)
    assert series.shape == (3, 4000, 30)
    assert np.corrcoef(series.reshape(3, -1)) == pytest.approx(wanted, abs=0.02)
    assert np.corrcoef(series[0, :, 10], series[0, :, 11])[0, 1] == pytest.approx(0.5, abs=0.05)
    assert np.corrcoef(series[0, :, 10], series[0, :, 12])[0, 1] == pytest.approx(0.25, abs=0.05)
    assert series[0].std(axis=0) == pytest.approx(np.ones(30), abs=0.06)


def test_every_group_has_surrogates_of_its_own_phi():
    series = drawn(np.eye(3), np.array([0.0, 0.5, 0.9]), months=40, resamples=4000, seed=1)
    after = [np.corrcoef(one[:, 20], one[:, 21])[0, 1] for one in series]
    assert after == pytest.approx([0.0, 0.5, 0.9], abs=0.04)
    assert series.std(axis=(1, 2)) == pytest.approx(np.ones(3), abs=0.06)
    assert series[:, :, 0].std(axis=1) == pytest.approx(np.ones(3), abs=0.06)  # stationary from the first month on


def test_impossible_correlations_are_brought_to_the_nearest():
    impossible = np.array([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]])
    series = drawn(impossible, np.zeros(3), months=10, resamples=500, seed=1)
    assert series.std(axis=(1, 2)) == pytest.approx(np.ones(3), abs=0.05)


def test_common_moves_are_measured_in_the_shared_months():
    innovations = np.array([[1.0, 2, 3, 0], [2.0, 4, 0, 5], [0.0, 0, 0, 7]])
    found = innovation_correlation(innovations)
    assert found[0, 1] == pytest.approx(1)  # over the first two months
    assert found[1, 2] == pytest.approx(1)
    assert found[0, 2] == 0
    assert np.diag(found).tolist() == [1, 1, 1]


def test_a_month_that_is_all_there_is_leaves_no_correlation():
    """A result that left its trend once in three years: without that month only rounding is left, and must not
    correlate.
    """
    fit = adjustment(usable_but(), design_matrix(MONTHS), 0.5)
    points, result = (
        fit.residual @ np.random.default_rng(6).standard_normal(36),
        fit.residual @ (98.6 + 0.1 * np.arange(36) + 0.37 * np.eye(36)[20]),
    )
    assert abs(lagged_correlations(points, lag_results(result, fit, 3))[0]) > 0.01
    without = correlations_without_each_month(points, [result], fit, 3)[:, 0]
    assert [without[20 - lag, lag] for lag in range(4)] == [0, 0, 0, 0]
    swapped = correlations_without_each_month(result, [points], fit, 3)[:, 0]
    assert swapped[20].tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("resamples", [1, 127, 128, 129, 300])
def test_batches_change_nothing(resamples, monkeypatch):
    given = (np.eye(3), np.array([0.0, 0.5, 0.9]), 12, resamples, 7)
    parts = list(surrogate_points(*given))
    assert [part.shape[1] for part in parts] == [min(128, resamples - first) for first in range(0, resamples, 128)]
    null = np.tanh(np.concatenate(parts, axis=1).swapaxes(0, 1)[:, :, :4])
    found = max_t(null[0] * 1.01, null, spread_around_zero(null))
    for module in ("surrogates", "maxt"):
        monkeypatch.setattr(f"pipeline.stats.{module}.BATCH", resamples)
    (whole,) = surrogate_points(*given)
    assert np.array_equal(np.concatenate(parts, axis=1), whole)
    again = max_t(null[0] * 1.01, null, spread_around_zero(null))
    assert np.array_equal(found.p_value, again.p_value)
    assert found.critical == again.critical
