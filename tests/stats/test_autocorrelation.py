"""phi is found behind the projection, and each group keeps its own as far as the data tell it apart."""

import numpy as np
import pandas as pd
import pytest

from pipeline.stats.adjust import design_matrix
from pipeline.stats.autocorrelation import PHI_GRID, group_phi, log_likelihood
from pipeline.stats.surrogates import ar1_correlation

MONTHS = pd.period_range("2018-11", periods=36, freq="M")
ALL = np.ones(36, dtype=bool)


def ar1(seed: int, phi: float, series: int, months: int = 36) -> np.ndarray:
    innovations = np.random.default_rng(seed).standard_normal((months, series))
    return np.linalg.cholesky(ar1_correlation(months, phi)) @ innovations


def phi_of(*groups: list, months: int = 36) -> list[float]:
    design = design_matrix(MONTHS[:months])
    return group_phi(np.array([log_likelihood(blocks, design, {}) for blocks in groups])).mean.tolist()


@pytest.mark.parametrize("phi", [0.0, 0.5, 0.8])
@pytest.mark.parametrize("months", [24, 36])
def test_phi_is_found_without_the_bias_of_the_projection(phi, months):
    """The lag-1 correlation of these residuals is biased by about -.3; 400 series leave a standard error near .02."""
    assert phi_of([(ALL[:months], ar1(7, phi, 400, months))], months=months) == pytest.approx([phi], abs=0.06)


def test_phi_pools_series_of_different_months_and_scales():
    late = ALL.copy()
    late[:8] = False
    series = ar1(5, 0.5, 400)
    blocks = [(ALL, series[:, :200] * 1000), (late, series[8:, 200:])]
    assert phi_of(blocks) == pytest.approx([0.5], abs=0.06)


def test_without_groups_there_is_no_phi_and_random_walks_stay_on_the_grid():
    assert group_phi(np.empty((0, len(PHI_GRID)))).mean.tolist() == []
    assert phi_of([(ALL, np.cumsum(ar1(2, 0.9, 50), axis=0))])[0] <= 0.98


@pytest.mark.parametrize("shift", [0.0, 1e8])
def test_phi_of_series_high_above_zero(shift):
    series = ar1(5, 0.5, 100)
    assert phi_of([(ALL, series + shift)]) == pytest.approx(phi_of([(ALL, series)]), abs=1e-4)


def test_the_likelihood_is_that_of_what_the_projection_leaves():
    """Up to a constant: the density of residuals in an orthonormal basis of what the design does not span."""
    usable = ALL.copy()
    usable[[4, 20]] = False
    design, series = design_matrix(MONTHS)[usable], ar1(3, 0.5, 1)[usable]
    rest = np.linalg.svd(design)[0][:, np.linalg.matrix_rank(design) :]
    direct = []
    for phi in PHI_GRID:
        sigma = rest.T @ ar1_correlation(36, phi)[np.ix_(usable, usable)] @ rest
        left = rest.T @ series[:, 0]
        fit = float(left @ np.linalg.solve(sigma, left))
        direct.append(-(np.linalg.slogdet(sigma)[1] + len(sigma) * np.log(fit)) / 2)
    found = log_likelihood([(usable, series)], design_matrix(MONTHS), {})
    assert found - found[0] == pytest.approx(np.array(direct) - direct[0])


def test_unlike_groups_keep_their_own_phi():
    found = phi_of([(ALL, ar1(1, 0.0, 20))], [(ALL, ar1(2, 0.5, 20))], [(ALL, ar1(3, 0.9, 20))])
    assert found == pytest.approx([0.0, 0.5, 0.9], abs=0.1)


def test_groups_with_little_data_lean_on_the_others():
    """One series says little of phi: beside twenty groups at .5 its own estimate hardly counts."""
    odd = [(ALL, ar1(11, -0.2, 1))]
    others = [[(ALL, ar1(100 + seed, 0.5, 10))] for seed in range(20)]
    alone, beside = phi_of(odd)[0], phi_of(odd, *others)[0]
    assert alone < 0.2
    assert beside == pytest.approx(0.5, abs=0.1)


def test_the_posterior_is_a_distribution_and_ignores_constants_of_the_likelihood():
    likelihoods = np.stack([log_likelihood([(ALL, ar1(seed, 0.5, 3))], design_matrix(MONTHS), {}) for seed in (1, 2)])
    found = group_phi(likelihoods)
    assert found.posterior.shape == (2, len(PHI_GRID))
    assert found.posterior.sum(axis=1) == pytest.approx([1, 1])
    assert found.mean == pytest.approx(group_phi(likelihoods + np.array([[5e4], [-3e4]])).mean)
