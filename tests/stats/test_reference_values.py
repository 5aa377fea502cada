"""Published values through our functions: each row of the table "Reference values" of the design, and some more.

The source of each number stands beside it; that of the data in `reference_data/README.md`. Relative tolerance 1e-6
unless the publication gives fewer digits.
"""

from datetime import date
from itertools import permutations

import numpy as np
import pytest
from scipy import stats

from pipeline.periods import spring_festival
from pipeline.stats import assess_relationships, correlation, smallest_detectable_r, within_group_correlation, xmr
from pipeline.stats.adjust import Adjustment
from pipeline.stats.correlation import pearson_r, t_test_p
from pipeline.stats.lagged import lag_results, lagged_correlations
from tests.stats.bureaus import make_bureau
from tests.stats.published import (
    ANSCOMBE_X,
    ANSCOMBE_X4,
    ANSCOMBE_Y1,
    ANSCOMBE_Y2,
    ANSCOMBE_Y3,
    ANSCOMBE_Y4,
    R_NORMAL,
    published,
)

# --- within groups


def test_bland_and_altman_1995():
    result = within_group_correlation(published("bland1995"), "ph", "paco2", "subject")
    # R rmcorr 0.5.4, rmcorr(Subject, PaCO2, pH, bland1995): r, df, p, interval
    assert result[["r", "dof", "p_value", "ci_low", "ci_high"]].tolist() == pytest.approx(
        [-0.5067697, 38, 0.0008471081, -0.7067146, -0.2318631], rel=1e-6
    )
    assert result["r_between"] == pytest.approx(0.0818, abs=5e-5)  # R cor() of the eight means
    assert result["r_raw"] == pytest.approx(-0.0652, abs=5e-5)  # R cor() of all rows
    assert (result["n_rows"], result["n_groups"]) == (47, 8)


def test_raz_2005():
    result = within_group_correlation(published("raz2005"), "age_years", "volume_cm3", "participant")
    # R rmcorr 0.5.4, rmcorr(Participant, Age, Volume, raz2005); Bakdash & Marusich (2017) give r(71) = -.70
    assert result[["r", "dof", "p_value", "ci_low", "ci_high"]].tolist() == pytest.approx(
        [-0.7044077, 71, 3.561007e-12, -0.804153, -0.566080], rel=1e-6
    )


def test_gilden_2010():
    result = within_group_correlation(published("gilden2010"), "seconds", "accuracy", "subject")
    # pingouin 0.7.0 rm_corr; Bakdash & Marusich (2017) give r(32) = -.406, p = .017
    assert result[["r", "dof", "p_value"]].tolist() == pytest.approx([-0.4060970367, 32, 0.01716871244], rel=1e-6)


# --- one correlation


@pytest.mark.parametrize(
    ("x", "y", "pearson", "spearman"),
    [  # Anscombe (1973) gives .816 for all four; R cor(), and with method = "spearman"
        (ANSCOMBE_X, ANSCOMBE_Y1, 0.81642052, 0.81818182),
        (ANSCOMBE_X, ANSCOMBE_Y2, 0.81623651, 0.69090909),
        (ANSCOMBE_X, ANSCOMBE_Y3, 0.81628674, 0.99090909),
        (ANSCOMBE_X4, ANSCOMBE_Y4, 0.81652144, 0.5),
    ],
)
def test_anscombe(x, y, pearson, spearman):
    assert correlation(x, y)["r"] == pytest.approx(pearson, rel=1e-6)
    assert correlation(x, y, method="spearman")["r"] == pytest.approx(spearman, rel=1e-6)


@pytest.mark.parametrize(
    ("rows", "critical"),
    [(5, 1.0000), (6, 0.8857), (7, 0.7857), (8, 0.7381), (9, 0.7000), (10, 0.6485), (11, 0.6182), (12, 0.5874)],
)
def test_the_exact_critical_values_of_spearman(rows, critical):
    """J. H. Zar, Biostatistical Analysis, table B.20: the smallest |r| with two-sided p <= .05, of all n! orders."""
    distance = round((1 - critical) * (rows**3 - rows) / 6)  # r = 1 - 6 sum d² / (n³ - n)
    reached = correlation(range(rows), order_at_distance(rows, distance), method="spearman")
    assert reached["r"] == pytest.approx(critical, abs=5e-5)
    assert reached["p_value"] <= 0.05
    assert correlation(range(rows), order_at_distance(rows, distance + 2), method="spearman")["p_value"] > 0.05


@pytest.mark.parametrize(("rows", "least_p"), [(3, 1 / 3), (4, 1 / 12)])
@pytest.mark.parametrize("method", ["spearman", "kendall"])
def test_no_order_of_three_or_four_is_significant(rows, least_p, method):
    """2 of 3! and 2 of 4! orders are as far from chance as the perfect one."""
    assert correlation(range(rows), range(rows), method=method)["p_value"] == pytest.approx(least_p, rel=1e-6)


def order_at_distance(rows, distance):
    """Return an order of 0 .. rows - 1 with this sum of squared differences to the sorted one."""
    if distance > 70:  # six reversed, and the rest
        return [5, 4, 3, 2, 1, 0, *(6 + place for place in order_at_distance(rows - 6, distance - 70))]
    head = list(range(rows - 6))
    for tail in permutations(range(max(0, rows - 6), rows)):
        if sum((place - value) ** 2 for place, value in enumerate([*head, *tail])) == distance:
            return [*head, *tail]
    raise AssertionError(f"no order of {rows} has the distance {distance}")


def test_hseinv_a_shared_trend():
    """Wooldridge, example 10.7: log investment per head and log price rise together; without trends they do not."""
    table = published("hseinv")
    investment = np.log(table["investment_million_usd"] / table["population_thousands"])
    price = np.log(table["price_index"])
    assert correlation(investment, price)["r"] == pytest.approx(0.4565, abs=5e-5)
    year = table["year"]
    without = [series - np.polyval(np.polyfit(year, series, 1), year) for series in (investment, price)]
    assert correlation(without[0], without[1])["r"] == pytest.approx(-0.0895, abs=5e-5)


def test_two_random_walks_are_significant_too_often():
    """R. Davidson & J. G. MacKinnon, Econometric Theory and Methods, chapter 14: 66.2 % at n = 50."""
    walks = np.random.default_rng(1993).standard_normal((4000, 2, 50)).cumsum(axis=2)
    significant = [t_test_p(pearson_r(x, y), 50 - 2) < 0.05 for x, y in walks]
    assert np.mean(significant) == pytest.approx(0.662, abs=0.02)


# --- direction of lags


POINTS_OF_CCF = [3.0, 7, 2, 8, 5, 9, 4, 6, 1, 7, 3, 8]
SALES_OF_CCF = [5.0, 5, 4, 8, 3, 9, 6, 10, 5, 7, 2, 8]


def test_points_lead_sales_as_in_statsmodels():
    """statsmodels 0.15: ccf(sales, points, adjusted=False)[k] is corr(sales[t + k], points[t]) with divisor n."""
    published_ccf = [0.67662703, -0.53918717, 0.89512118, -0.52156667]
    months = len(POINTS_OF_CCF)
    unadjusted = Adjustment(np.ones(months, dtype=bool), np.eye(months), months - 1)
    ours = lagged_correlations(np.array(POINTS_OF_CCF), lag_results(np.array(SALES_OF_CCF), unadjusted, max_lag=3))
    assert int(np.argmax(np.abs(ours))) == int(np.argmax(np.abs(published_ccf))) == 2
    for lag in range(4):
        points, sales = np.array(POINTS_OF_CCF[: months - lag]), np.array(SALES_OF_CCF[lag:])
        assert float(ours[lag]) == pytest.approx(float(correlation(points, sales)["r"]))
        # the same sum of products, about the means of the overlapping months there and of all months here
        products = (points - np.mean(POINTS_OF_CCF)) @ (sales - np.mean(SALES_OF_CCF))
        scale = months * np.std(POINTS_OF_CCF) * np.std(SALES_OF_CCF)
        assert products / scale == pytest.approx(published_ccf[lag], rel=1e-6)


def test_a_planted_lead_of_two_months_is_found_as_a_lead_of_two():
    points, results = make_bureau(seed=5, months=48, rho=0.9, lag=2)
    assessed = assess_relationships(points, results, resamples=199).set_index(["scope", "metric"])
    assert assessed.loc[("pooled", "m0"), "lag"] == 2
    assert float(assessed["r"].loc[("pooled", "m0")]) > 0.7


# --- many tests


def test_benjamini_and_hochberg_1995():
    """Their section 4: of fifteen p-values (Neuhaus et al. 1992) Bonferroni rejects 3 at .05, their procedure 4."""
    significant = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459]
    p_values = np.array([*significant, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000])
    assert int((stats.false_discovery_control(p_values, method="bh") <= 0.05).sum()) == 4
    assert int((p_values * len(p_values) <= 0.05).sum()) == 3


@pytest.mark.parametrize(
    ("months", "phi", "expected"),
    [
        *[(6, 0, 0.91), (12, 0, 0.72), (24, 0, 0.54), (36, 0, 0.45), (48, 0, 0.39)],
        *[(24, 0.5, 0.67), (36, 0.5, 0.56), (48, 0.5, 0.50)],
    ],
)
def test_smallest_detectable_r(months, phi, expected):
    """Cohen (1988), p. 546, at 80 % power and .05, two-sided; with phi after Pyper & Peterman (1998)."""
    assert smallest_detectable_r(months, phi) == pytest.approx(expected, abs=0.005)


# --- XmR charts


def test_xmr_of_twenty_normal_values_of_r():
    # R NHSRplotthedots, tests of ptd_spc_standard: mean_col, lpl, upl
    for screen in (False, True):
        result = xmr(R_NORMAL, screen=screen)
        assert result[["mean", "lower", "upper"]].tolist() == pytest.approx([0.1416238, -3.01138, 3.294627], rel=1e-6)
    assert not result["trial"]


@pytest.mark.parametrize(("screen", "lower", "upper"), [(True, -2.383666, 3.722497), (False, -4.596625, 5.935457)])
def test_xmr_screens_as_nhs_england_does(screen, lower, upper):
    """The same tests of NHSRplotthedots: the fifteenth value is 10, screen_outliers TRUE and FALSE."""
    values = [*R_NORMAL[:14], 10.0, *R_NORMAL[15:]]
    result = xmr(values, screen=screen)
    assert result[["mean", "lower", "upper"]].tolist() == pytest.approx([0.6694159, lower, upper], rel=1e-6)


def test_xmr_of_nist_flow_rates():
    """NIST/SEMATECH e-Handbook 6.3.2.2; its 3 / 1.128 = 2.6596 where Wheeler and we say 2.66."""
    result = xmr([49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1])
    assert result["mean"] == pytest.approx(50.81)
    assert result["moving_range"] == pytest.approx(1.8778, abs=5e-5)
    assert (result["lower"], result["upper"]) == pytest.approx((45.8159, 55.8041), abs=0.001)
    assert result["trial"]


def test_xmr_of_montgomery_concentrations():
    """D. C. Montgomery & G. C. Runger, Applied Statistics and Probability for Engineers (2003), table 16-3."""
    values = [102.0, 94.8, 98.3, 98.4, 102.0, 98.5, 99.0, 97.7, 100.0, 98.1]
    values += [101.3, 98.7, 101.1, 98.4, 97.0, 96.7, 100.3, 101.4, 97.2, 101.0]
    result = xmr(values)
    assert result["mean"] == pytest.approx(99.1, abs=0.05)
    assert result["moving_range"] == pytest.approx(2.59, abs=0.005)
    assert (result["lower"], result["upper"]) == pytest.approx(
        (92.21, 105.99), abs=0.02
    )  # they round mean and range first


# --- calendar

# PyPI sxtwl 2.0.7 (寿星天文历), fromLunar(year, 1, 1), years 2000 to 2050
SPRING_FESTIVALS = """
02-05 01-24 02-12 02-01 01-22 02-09 01-29 02-18 02-07 01-26 02-14 02-03 01-23 02-10 01-31 02-19 02-08
01-28 02-16 02-05 01-25 02-12 02-01 01-22 02-10 01-29 02-17 02-06 01-26 02-13 02-03 01-23 02-11 01-31
02-19 02-08 01-28 02-15 02-04 01-24 02-12 02-01 01-22 02-10 01-30 02-17 02-06 01-26 02-14 02-02 01-23
"""


def test_spring_festivals_from_2000_to_2050():
    listed = [date.fromisoformat(f"{year}-{day}") for year, day in enumerate(SPRING_FESTIVALS.split(), start=2000)]
    assert [spring_festival(day.year) for day in listed] == listed
    assert listed[-1].year == 2050


def test_spring_festivals_of_the_design():
    assert [spring_festival(year).isoformat() for year in (2024, 2025, 2026)] == [
        "2024-02-10",
        "2025-01-29",
        "2026-02-17",
    ]
