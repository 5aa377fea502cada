"""The adjustment: what the calendar explains is gone, what is left is white, and phi is found behind the projection."""

import numpy as np
import pandas as pd
import pytest

from pipeline.stats.abnormal import shared_abnormal_months
from pipeline.stats.adjust import adjustment, ar1_whitening, design_matrix, full_rank, is_constant, with_dummies
from pipeline.stats.surrogates import ar1_correlation

MONTHS = pd.period_range("2018-11", periods=36, freq="M")
ALL = np.ones(36, dtype=bool)


def ar1(seed: int, phi: float, series: int, months: int = 36) -> np.ndarray:
    innovations = np.random.default_rng(seed).standard_normal((months, series))
    return np.linalg.cholesky(ar1_correlation(months, phi)) @ innovations


def test_the_design_holds_season_trend_festival_and_abnormal_months():
    design = with_dummies(design_matrix(MONTHS), np.array([15]))
    assert design.shape == (36, 12 + 1 + 1 + 1)
    assert design[:, :12].sum(axis=1).tolist() == [1] * 36
    assert np.flatnonzero(design[:, -1]).tolist() == [15]
    assert full_rank(design).shape == (36, 15)


def test_full_rank_drops_what_is_there_twice():
    columns = np.column_stack([np.ones(5), np.arange(5.0), np.arange(5.0) + 1])
    basis = full_rank(columns)
    assert basis.shape == (5, 2)
    assert basis @ (basis.T @ columns) == pytest.approx(columns)


@pytest.mark.parametrize("phi", [-0.3, 0.0, 0.5, 0.9])
@pytest.mark.parametrize("positions", [[0, 1, 2, 3, 4], [0, 1, 4, 5, 9]])
def test_whitening_makes_an_ar1_series_white_even_across_gaps(positions, phi):
    positions = np.array(positions)
    sigma = ar1_correlation(10, phi)[np.ix_(positions, positions)]
    whitening, log_det = ar1_whitening(positions, np.array([phi]))
    assert whitening[0] @ sigma @ whitening[0].T == pytest.approx(np.eye(5))
    assert log_det[0] == pytest.approx(np.linalg.slogdet(sigma)[1])


def test_the_adjustment_is_generalised_least_squares():
    """The residuals are those of whitened data regressed on the whitened design (Frisch-Waugh-Lovell)."""
    usable = ALL.copy()
    usable[[4, 20]] = False
    design, series = design_matrix(MONTHS), np.where(usable, ar1(1, 0.6, 1)[:, 0], 0.0)
    result = adjustment(usable, design, 0.6)
    whitening = ar1_whitening(np.flatnonzero(usable), np.array([0.6]))[0][0]
    white, white_design = whitening @ series[usable], whitening @ design[usable]
    fitted = white_design @ np.linalg.lstsq(white_design, white)[0]
    assert (result.residual @ series)[usable] == pytest.approx(white - fitted)
    assert (result.residual @ series)[~usable].tolist() == [0, 0]
    assert result.dof == 34 - 14
    assert result.residual[np.ix_(usable, usable)] @ design[usable] == pytest.approx(np.zeros((34, 14)))


@pytest.mark.parametrize(
    ("values", "constant"),
    [
        (np.full(36, 98.6), True),
        (98.6 + 1.4e-14 * (np.arange(36) * 7 % 5), True),  # one unit in the last place up and down
        (1e6 + 0.1 * np.arange(36) + 1.2e-10 * (np.arange(36) * 7 % 5), True),
        (np.zeros(36), True),
        (1e8 + ar1(1, 0.5, 1)[:, 0], False),
        (0.1 + 0.3 * np.arange(36), True),
        (np.tile(np.arange(12.0), 3), True),
        (np.eye(36)[5], False),
        (1e6 + ar1(1, 0.5, 1)[:, 0], False),
    ],
)
def test_a_series_that_the_calendar_explains_is_constant(values, constant):
    assert is_constant(values, full_rank(design_matrix(MONTHS))) is constant


def test_a_month_in_which_everything_fell_is_found():
    series = ar1(3, 0.5, 20)
    assert shared_abnormal_months(design_matrix(MONTHS), [(ALL, series)]).tolist() == []
    series[15] -= 8
    assert shared_abnormal_months(design_matrix(MONTHS), [(ALL, series)]).tolist() == [15]


def test_a_shock_at_the_festival_is_seen_through_the_festival_column():
    """With two years of data, dummies and festival leave a quarter of a February's shock in its residual."""
    months = MONTHS[:24]
    series = ar1(3, 0.5, 20, months=24)
    february = list(months).index(pd.Period("2020-02", freq="M"))
    series[february] -= 8
    found = shared_abnormal_months(design_matrix(months), [(ALL[:24], series)])
    assert {months[position].month for position in found} <= {1, 2}
    assert len(found) >= 1


def test_an_outlier_of_a_few_series_is_theirs_alone():
    series = ar1(3, 0.5, 20)
    series[15, :5] -= 8
    assert shared_abnormal_months(design_matrix(MONTHS), [(ALL, series)]).tolist() == []


def test_series_that_hardly_ever_change_do_not_make_a_month_abnormal():
    series = np.zeros((36, 6))
    series[15] = 1
    assert shared_abnormal_months(design_matrix(MONTHS), [(ALL, series)]).tolist() == []


def test_at_most_one_month_a_year_is_abnormal():
    series = ar1(3, 0.5, 20)
    series[[3, 8, 16, 25, 30]] += 20 * np.array([1, -1, 1, -1, 1])[:, None]
    assert len(shared_abnormal_months(design_matrix(MONTHS), [(ALL, series)])) <= 3


def test_a_lone_outlier_is_not_shared_even_among_two():
    series = ar1(3, 0.5, 2)
    series[20, 0] -= 12
    assert 20 not in shared_abnormal_months(design_matrix(MONTHS), [(ALL, series)])
    series[20, 1] -= 12
    assert shared_abnormal_months(design_matrix(MONTHS), [(ALL, series)])[0] == 20
