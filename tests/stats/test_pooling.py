"""Partial pooling: published and statsmodels' values, the limits of tau², tiny numbers of groups, coverage."""

import numpy as np
import pytest
from scipy import stats

from pipeline.stats.pooling import random_effects, shrink

# The CLASP trials in R. DerSimonian, R. Kacker, Contemporary Clinical Trials 28 (2007), p. 111: cases and persons
CASES = np.array([[5, 5, 12, 69, 9, 313], [8, 17, 9, 94, 11, 352]])
PERSONS = np.array([[156, 303, 565, 1570, 103, 4659], [74, 303, 477, 1565, 105, 4650]])
# Nine measurements of gold in R. N. Kacker, Metrologia 41 (2004), table 1
KACKER = [61.00, 61.40, 62.21, 62.30, 62.34, 62.60, 62.70, 62.84, 65.90]
KACKER_VARIANCE = [0.2025, 1.2100, 0.0900, 0.2025, 0.3844, 0.5625, 0.0676, 0.0225, 1.8225]

UNLIKE = np.array([[0.62, 0.10, 0.45, -0.20, 0.71, 0.33]])
UNLIKE_SE = np.array([[0.21, 0.25, 0.19, 0.30, 0.22, 0.20]])
ALIKE = np.array([[0.50, 0.42, 0.47, 0.53]])
ALIKE_SE = np.array([[0.20, 0.20, 0.25, 0.18]])


def clasp() -> tuple[np.ndarray, np.ndarray]:
    odds = CASES / (PERSONS - CASES)
    return np.log(odds[0] / odds[1])[None], (1 / CASES + 1 / (PERSONS - CASES)).sum(axis=0)[None]


def test_paule_and_mandel_as_published():
    fit = random_effects(*clasp())
    assert np.sqrt(fit.tau2) == pytest.approx(0.3681, abs=5e-5)
    assert fit.mean == pytest.approx(-0.3811, abs=5e-5)
    assert np.sqrt(fit.mean_variance) == pytest.approx(0.2060, abs=5e-5)
    kacker = random_effects(np.array([KACKER]), np.array([KACKER_VARIANCE]))
    assert np.sqrt(kacker.tau2) == pytest.approx(0.8399, abs=5e-5)


def test_unlike_groups_as_in_statsmodels():
    """combine_effects(arctanh(r), se², method_re="iterated", use_t=True, atol=1e-9) of statsmodels 0.15.0."""
    result = shrink(UNLIKE, UNLIKE_SE)
    assert result.tau2 == pytest.approx(0.09537768771165396, rel=1e-6)
    assert np.arctanh(result.mean) == pytest.approx(0.4193669572270073, rel=1e-6)
    assert np.arctanh([result.mean_low[0], result.mean_high[0]]) == pytest.approx([0.01715241, 0.8215815], rel=1e-6)


def test_groups_more_alike_than_their_errors():
    """tau² is 0 as in statsmodels 0.15.0; its Hartung-Knapp interval would be a third of what the errors allow."""
    result = shrink(ALIKE, ALIKE_SE)
    assert result.tau2 == [0.0]
    assert np.arctanh(result.mean) == pytest.approx(0.5296119482, rel=1e-9)
    half_width = stats.t.ppf(0.975, 3) * 0.10160576675503794  # the standard error of the fixed effect
    assert np.arctanh(result.mean_high) == pytest.approx(0.5296119482 + half_width, rel=1e-9)
    assert result.r == pytest.approx(np.full((1, 4), result.mean))


def test_a_group_keeps_the_share_that_tau2_gives_it():
    result = shrink(UNLIKE, UNLIKE_SE)
    kept = result.tau2[:, None] / (result.tau2[:, None] + UNLIKE_SE**2)
    mean = np.arctanh(result.mean)[:, None]
    assert np.arctanh(result.r) == pytest.approx(kept * np.arctanh(UNLIKE) + (1 - kept) * mean)
    assert (np.abs(result.r - result.mean) < np.abs(UNLIKE - result.mean)).all()


def test_the_interval_of_a_group_knows_that_mean_and_tau2_are_estimates():
    """g1 + g2 + 2 g3 of Prasad & Rao (1990), written out for one group."""
    fit = random_effects(*clasp())
    values, variances = (row[0] for row in clasp())
    tau2, weight = fit.tau2[0], 1 / (variances + fit.tau2[0])
    assert (fit.variance[0] <= variances).all()
    own = tau2 * variances[0] / (tau2 + variances[0])
    assert (weight * (values - fit.mean[0]) ** 2).sum() == pytest.approx(5)  # Paule and Mandel's equation
    of_mean = (variances[0] * weight[0]) ** 2 / weight.sum()
    of_tau2 = variances[0] ** 2 * weight[0] ** 3 * 2 * 6 / weight.sum() ** 2
    assert own + of_mean + 2 * of_tau2 < variances[0]
    assert fit.variance[0, 0] == pytest.approx(own + of_mean + 2 * of_tau2)


def test_no_interval_is_wider_than_the_groups_own():
    result = shrink(UNLIKE[:, :2], UNLIKE_SE[:, :2])
    width = (np.arctanh(result.high) - np.arctanh(result.low)) / 2
    assert width == pytest.approx(stats.norm.ppf(0.975) * UNLIKE_SE[:, :2])


def test_two_groups_say_hardly_anything_about_groups_such_as_these():
    result = shrink(ALIKE[:, :2], ALIKE_SE[:, :2])
    assert (result.mean_low[0], result.mean_high[0]) == pytest.approx((-0.857, 0.981), abs=0.02)


def test_metrics_do_not_touch_each_other_and_missing_groups_stay_missing():
    r = np.vstack([np.append(UNLIKE[0], np.nan), np.append(np.nan, UNLIKE[0, ::-1]), np.full(7, np.nan)])
    errors = np.vstack([np.append(UNLIKE_SE[0], 0.2), np.append(np.nan, UNLIKE_SE[0, ::-1]), np.full(7, 0.2)])
    result, alone = shrink(r, errors), shrink(UNLIKE, UNLIKE_SE)
    assert result.r[0, :6] == pytest.approx(alone.r[0])
    assert result.high[1, 1:] == pytest.approx(alone.high[0, ::-1])
    assert np.isnan(result.r[0, 6])
    assert np.isnan(result.low[1, 0])
    assert result.mean_low[:2] == pytest.approx(np.repeat(alone.mean_low, 2))
    assert np.isnan([part[2] for part in (result.mean, result.mean_low, result.mean_high, result.tau2)]).all()


def test_one_group_keeps_its_own_and_is_the_mean():
    result = shrink(np.array([[np.nan, 0.4]]), np.array([[0.2, 0.2]]))
    own = [0.4, *np.tanh(np.arctanh(0.4) + np.array([-1, 1]) * stats.norm.ppf(0.975) * 0.2)]
    assert [result.r[0, 1], result.low[0, 1], result.high[0, 1]] == pytest.approx(own)
    assert [result.mean[0], result.mean_low[0], result.mean_high[0]] == pytest.approx(own)
    assert np.isnan(result.tau2).all()


@pytest.mark.parametrize(
    ("r", "error", "interval"), [(1.0, 0.2, (1, 1)), (-1.0, 0.2, (-1, -1)), (0.3, np.inf, (-1, 1))]
)
def test_what_has_no_z_or_no_precision_is_left_out_and_left_alone(r, error, interval):
    result = shrink(np.append(UNLIKE, [[r]], axis=1), np.append(UNLIKE_SE, [[error]], axis=1))
    others = shrink(UNLIKE, UNLIKE_SE)
    assert (result.r[0, 6], result.low[0, 6], result.high[0, 6]) == (r, *interval)
    assert result.r[0, :6] == pytest.approx(others.r[0])
    assert result.mean_high == pytest.approx(others.mean_high)


def test_only_groups_that_cannot_be_pooled():
    result = shrink(np.array([[1.0, 0.2]]), np.array([[0.1, np.inf]]))
    assert result.r.tolist() == [[1.0, 0.2]]
    assert np.isnan([result.mean[0], result.mean_low[0], result.tau2[0]]).all()


def test_far_apart_and_precise():
    result = shrink(np.array([[-0.999999, 0.0, 0.999999]]), np.full((1, 3), 1e-6))
    assert result.tau2 == pytest.approx(np.var(np.arctanh([-0.999999, 0, 0.999999]), ddof=1))
    assert result.r == pytest.approx(np.array([[-0.999999, 0.0, 0.999999]]))


@pytest.mark.parametrize(
    ("r", "error", "message"),
    [
        ([0.1, 0.2], [0.2, 0.2], "expected"),
        ([[0.1, 0.2]], [[0.2]], "expected"),
        ([[0.1, 1.2]], [[0.2, 0.2]], "1.2"),
        ([[0.1, 0.2]], [[0.2, 0.0]], "above 0"),
        ([[0.1, 0.2]], [[0.2, -0.1]], "above 0"),
        ([[0.1, 0.2]], [[0.2, np.nan]], "above 0"),
    ],
)
def test_wrong_input_is_an_error(r, error, message):
    with pytest.raises(ValueError, match=message):
        shrink(np.array(r), np.array(error))


@pytest.mark.parametrize(("groups", "ratio"), [(2, 0.0), (3, 0.0), (3, 1.0), (6, 0.5), (6, 1.0), (12, 0.5), (6, 2.0)])
def test_intervals_of_groups_hold_their_truth(groups, ratio):
    """At least 94 % whether groups are alike or not, and the shrunk r is nearer to the truth where they are alike."""
    rng = np.random.default_rng(groups)
    variance = np.tile(0.06 * np.linspace(0.7, 1.4, groups), (2000, 1))
    truth = 0.3 + ratio * np.sqrt(0.06) * rng.standard_normal((2000, groups))
    z = truth + np.sqrt(variance) * rng.standard_normal((2000, groups))
    fit = random_effects(z, variance)
    held = np.abs(fit.estimate - truth) <= stats.norm.ppf(0.975) * np.sqrt(fit.variance)
    assert held.mean() >= 0.94
    assert ((fit.estimate - truth) ** 2).mean() < ((z - truth) ** 2).mean()
