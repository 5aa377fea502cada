"""Intervals, effective months and the smallest correlation that could be seen (its table: test_reference_values)."""

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import brentq

from pipeline.stats.fisher import effective_months, fisher_interval, smallest_detectable_r


def test_smallest_detectable_r_grows_with_what_the_test_asks_for():
    assert smallest_detectable_r(36, critical_r=0.6) > smallest_detectable_r(36, critical_r=0.5) > 0.5


@pytest.mark.parametrize(("months", "critical_r"), [(3, None), (2, 0.5), (36, 1.0), (36, np.inf)])
def test_nothing_can_be_seen(months, critical_r):
    assert smallest_detectable_r(months, critical_r=critical_r) == 1


def test_effective_months():
    # Pyper & Peterman 1998: 36 x .75 / 1.25
    assert effective_months(36, 0.5, 0.5) == pytest.approx(21.6)
    assert effective_months(36, 0.5, 0.0) == 36


@pytest.mark.filterwarnings("error")
def test_interval():
    # r = .5, n = 28: z = .549306 -+ 1.959964 / 5
    assert fisher_interval(0.5, 0.2) == pytest.approx((0.156028, 0.735818), abs=1e-6)
    assert fisher_interval(1.0, 0.2) == (1, 1)
    assert fisher_interval(-1.0, 0.2) == (-1, -1)
    assert fisher_interval(0.5, np.inf) == (-1, 1)
    assert fisher_interval(1.0, np.inf) == (-1, 1)


def test_a_sample_just_above_three_shows_nothing():
    assert smallest_detectable_r(3.0001) == 1
    assert smallest_detectable_r(4) == pytest.approx(0.98685, abs=1e-5)
    assert smallest_detectable_r(24, phi=1.0) == smallest_detectable_r(24, phi=-1.0) == 1
    assert smallest_detectable_r(2.5, critical_r=0.5) == 1
    assert smallest_detectable_r(24, critical_r=0.0) == pytest.approx(0.17788, abs=1e-5)


@pytest.mark.parametrize("months", [3.01, 3.5, 4, 12, 36, 600])
@pytest.mark.parametrize("critical_r", [0.05, 0.3, 0.6, 0.9, 0.999])
def test_smallest_detectable_r_solves_its_equation_as_scipys_root_finder_does(months, critical_r):
    needed = np.arctanh(critical_r) + stats.norm.ppf(0.80) / np.sqrt(months - 3)
    largest = np.nextafter(1.0, 0.0)
    gap = lambda r: np.arctanh(r) + r / (2 * (months - 1)) - needed  # noqa: E731
    expected = brentq(gap, 0.0, largest) if gap(largest) > 0 else 1.0
    assert smallest_detectable_r(months, critical_r=critical_r) == pytest.approx(expected, abs=2e-12)


def test_smallest_detectable_r_has_the_power_it_says():
    """80 % of samples of 20 with that r are significant at .05: 20,000 seeded samples, +- 1 percent point."""
    rho, rng = smallest_detectable_r(20), np.random.default_rng(11)
    x, noise = rng.standard_normal((2, 20000, 20))
    y = rho * x + np.sqrt(1 - rho**2) * noise
    found = np.mean(stats.pearsonr(x, y, axis=1).pvalue < 0.05)
    assert found == pytest.approx(0.80, abs=0.01)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((np.nan,), "months"),
        ((24, 1.5), "phi"),
        ((24, -1.5), "phi"),
        ((24, np.nan), "phi"),
        ((24, 0, -0.5), "critical_r"),
    ],
)
def test_arguments_out_of_range_are_named(arguments, named):
    with pytest.raises(ValueError, match=named):
        smallest_detectable_r(*arguments)
