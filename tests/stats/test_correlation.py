"""Enumerations by hand, examples of R, awkward columns (published values are also in test_reference_values)."""

from decimal import Decimal
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from pipeline.stats import correlation
from pipeline.stats.correlation import pearson_r
from tests.stats.published import ANSCOMBE_X, ANSCOMBE_X4, ANSCOMBE_Y1, ANSCOMBE_Y4

X123, X4, Y1, Y4 = ANSCOMBE_X, ANSCOMBE_X4, ANSCOMBE_Y1, ANSCOMBE_Y4


def test_pearson_gives_the_t_test_and_fishers_interval():
    result = correlation(X123, Y1)
    # R cor.test: t = 4.2415, df = 9, p = 0.00217, interval 0.4243912 to 0.9506933
    assert result["p_value"] == pytest.approx(0.002169629, rel=1e-6)
    assert (result["ci_low"], result["ci_high"]) == pytest.approx((0.4243912, 0.9506933), abs=5e-8)
    assert result["n"] == 11
    assert list(result.index) == ["r", "p_value", "ci_low", "ci_high", "n"]
    assert result.attrs["reason"] == ""


@pytest.mark.parametrize(("rows", "floor"), [(3, 1 / 3), (4, 1 / 12)])
@pytest.mark.parametrize("method", ["pearson", "spearman", "kendall"])
def test_a_perfect_order_of_three_or_four_is_no_evidence(rows, floor, method):
    result = correlation(range(rows), range(rows), method=method)
    assert result["r"] == pytest.approx(1)
    assert result["p_value"] == pytest.approx(floor)
    assert correlation(range(rows), range(0, -rows, -1), method=method)["p_value"] == pytest.approx(floor)
    assert result["ci_low"] <= 0 or method == "pearson"  # an interval without 0 would be evidence after all


def test_pearson_of_few_rows_is_the_t_test_above_the_floor():
    assert correlation([1, 2, 3, 4], [2, 1, 4, 3])["p_value"] == pytest.approx(
        stats.pearsonr([1, 2, 3, 4], [2, 1, 4, 3])[1]
    )
    assert correlation(range(5), range(5))["p_value"] == 0


@pytest.mark.parametrize("method", ["spearman", "kendall"])
def test_p_with_ties_is_the_share_of_all_pairings(method):
    x, y = [1, 1, 2, 3, 5, 5], [2, 1, 1, 4, 4, 6]
    estimate = {"spearman": stats.spearmanr, "kendall": stats.kendalltau}[method]
    observed = abs(estimate(x, y).statistic)
    as_far = [abs(estimate(x, order).statistic) >= observed - 1e-9 for order in permutations(y)]
    assert correlation(x, y, method=method)["p_value"] == pytest.approx(np.mean(as_far))


@pytest.mark.parametrize("order", [[1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10], [3, 1, 0, 2, 8, 7, 6, 4, 5, 11, 10, 9]])
def test_spearman_goes_over_to_the_t_approximation_after_twelve_rows(order):
    exact = correlation(range(12), order, method="spearman")
    permuted = np.random.default_rng(3).permuted(np.tile(order, (20000, 1)), axis=1) @ np.arange(12)
    far = np.abs(permuted - 12 * 5.5**2) >= abs(np.dot(order, range(12)) - 12 * 5.5**2)
    assert exact["p_value"] == pytest.approx(np.mean(far), abs=0.005)
    longer = [*order, 12]
    assert correlation(range(13), longer, method="spearman")["p_value"] == pytest.approx(
        stats.spearmanr(range(13), longer).pvalue
    )


def test_kendall_without_ties_is_exact_up_to_49_rows():
    y = np.random.default_rng(7).permutation(50) + np.arange(50) + np.linspace(0, 0.5, 50)  # fractions part what ties
    for rows, method in ((49, "exact"), (50, "asymptotic")):
        expected = stats.kendalltau(range(rows), y[:rows], method=method)
        result = correlation(range(rows), y[:rows], method="kendall")
        assert (result["r"], result["p_value"]) == pytest.approx((expected.statistic, expected.pvalue), rel=1e-9)


def test_kendall_with_ties_goes_over_to_the_normal_approximation_after_nine_rows():
    """As R cor.test: the variance has the terms of Kendall (1970) for ties, no correction for continuity."""
    x, y = [1, 1, 2, 3, 5, 5, 6, 7, 8, 8], [2, 1, 1, 4, 4, 6, 5, 9, 7, 8]
    result = correlation(x, y, method="kendall")
    assert result["p_value"] == pytest.approx(stats.kendalltau(x, y, method="asymptotic").pvalue)
    nine = correlation(x[:9], y[:9], method="kendall")["p_value"]
    assert nine != pytest.approx(stats.kendalltau(x[:9], y[:9], method="asymptotic").pvalue, rel=0.01)


def test_intervals_of_ranks():
    # Bonett & Wright 2000: Spearman .5, n = 11: z -+ 1.959964 sqrt(1.125 / 8); Kendall: z -+ 1.959964 sqrt(.437 / 7)
    spearman = correlation(X4, Y4, method="spearman")
    half = 1.959964 * np.sqrt(1.125 / 8)
    assert (spearman["ci_low"], spearman["ci_high"]) == pytest.approx(
        tuple(np.tanh([np.arctanh(0.5) - half, np.arctanh(0.5) + half])), abs=1e-6
    )
    kendall = correlation(X123, Y1, method="kendall")
    half = 1.959964 * np.sqrt(0.437 / 7)
    assert kendall["ci_high"] == pytest.approx(np.tanh(np.arctanh(kendall["r"]) + half), abs=1e-6)


def test_missing_rows_are_left_out():
    whole = correlation(X123, Y1)
    gaps = correlation(pd.Series([*X123, np.nan, 3, None]), [*Y1, 5, np.nan, 1])
    assert gaps.to_dict() == pytest.approx(whole.to_dict())


@pytest.mark.parametrize("method", ["pearson", "spearman", "kendall"])
@pytest.mark.parametrize(
    ("x", "y", "reason"),
    [
        ([], [], "all_missing"),
        ([np.nan, 1], [2, np.nan], "all_missing"),
        ([1, 2], [1, 2], "too_few_rows"),
        ([5, 5, 5, 5], [1, 2, 3, 4], "constant"),
        ([1, 2, 3, 4], [0.3, 0.1 + 0.2, 0.3, 0.3], "constant"),  # 0.30000000000000004: no change but rounding
        ([1, 2, 3, np.inf], [1, 2, 3, 4], "infinite_values"),
        ([1, 2, 3, 4], [1, -np.inf, 3, 4], "infinite_values"),
    ],
)
def test_what_cannot_be_judged_says_why(x, y, reason, method):
    result = correlation(x, y, method=method)
    assert result[["r", "p_value", "ci_low", "ci_high"]].isna().all()
    assert result.attrs["reason"] == reason


@pytest.mark.parametrize(("method", "rows"), [("pearson", 3), ("spearman", 3), ("kendall", 3), ("kendall", 4)])
def test_too_few_rows_have_no_interval(method, rows):
    assert correlation(range(rows), [1, 0, *range(2, rows)], method=method)[["ci_low", "ci_high"]].tolist() == [-1, 1]
    assert correlation(range(rows), range(rows), method=method)[["ci_low", "ci_high"]].tolist() == [-1, 1]


def test_a_perfect_order_of_ranks_has_an_interval_with_a_width():
    # half a swap of neighbours below 1: Spearman 1 - .5 x 12 / 120 = .95, SE sqrt((1 + .45125) / 2)
    spearman = correlation(range(5), range(5), method="spearman")
    low = np.tanh(np.arctanh(0.95) - 1.959964 * np.sqrt(1.45125 / 2))
    assert spearman[["r", "ci_low"]].tolist() == pytest.approx([1, low], abs=1e-6)
    assert spearman["ci_high"] == 1
    # Kendall -1 + .5 x 4 / 20 = -.9, SE sqrt(.437)
    kendall = correlation(range(5), range(5, 0, -1), method="kendall")
    high = np.tanh(np.arctanh(-0.9) + 1.959964 * np.sqrt(0.437))
    assert kendall[["r", "ci_high"]].tolist() == pytest.approx([-1, high], abs=1e-6)
    assert kendall["ci_low"] == -1


@pytest.mark.parametrize(
    ("x", "y", "method", "named"),
    [
        (["a", "b", "c"], [1, 2, 3], "pearson", "'x'"),
        ([1, 2, 3], ["a", "b", "c"], "pearson", "'y'"),
        ([1, 2, 3], ["1", "2", "3"], "pearson", "'y' holds .* text"),  # numbers kept as text are text
        ([1, 2, 3], [1, 2], "pearson", "y has 2"),
        ([[1, 2], [3, 4]], [1, 2], "pearson", "'x' has 2 dimensions"),
        (pd.DataFrame({"a": [1, 2, 3]}), [1, 2, 3], "pearson", "'x' has 2 dimensions"),
        (5, [1], "pearson", "'x' has 0 dimensions"),
        ([[1, 2], [3]], [1, 2], "pearson", "'x' is not one column"),
        ([10**400, 1, 2], [1, 2, 3], "pearson", "'x' holds"),  # beyond the range of floats
        (pd.date_range("2020-01-01", periods=3), [1, 2, 3], "pearson", "'x' holds"),
        ([1, 2, 3], [1, 2j, 3], "pearson", "'y' holds"),
        ([1, 2, 3], [1, 2, 3], "distance", "'distance'"),
    ],
)
def test_a_wrong_structure_names_the_column(x, y, method, named):
    with pytest.raises(ValueError, match=named):
        correlation(x, y, method=method)


@pytest.mark.parametrize(
    "x",
    [
        (1, 2, None, 5, 4),
        np.array([1, 2, np.nan, 5, 4]),
        np.ma.array([1.0, 2, 99, 5, 4], mask=[False, False, True, False, False]),
        np.ma.array([1, 2, 99, 5, 4], mask=[False, False, True, False, False]),
        pd.Series([1, 2, pd.NA, 5, 4], dtype=object),
        pd.Series([1, 2, None, 5, 4], dtype="Int64", index=[7, 7, 8, 8, 8]),
        pd.Series([1, 2, None, 5, 4], dtype="double[pyarrow]"),
        pd.array([1, 2, None, 5, 4], dtype="Float64"),
        pd.Index([1, 2, np.nan, 5, 4]),
        [Decimal(1), Decimal(2), None, Decimal(5), Decimal(4)],
        pd.Series(pd.Categorical([1, 2, None, 5, 4])),
    ],
)
def test_columns_of_every_kind(x):
    expected = correlation([1, 2, 5, 4], [3, 1, 8, 6])
    assert correlation(x, [3, 1, 9, 8, 6]).tolist() == pytest.approx(expected.tolist())


def test_booleans_are_0_and_1():
    assert correlation([True, False, True, True, False], [1, 2, 4, 3, 5])["r"] == pytest.approx(
        correlation([1, 0, 1, 1, 0], [1, 2, 4, 3, 5])["r"]
    )


def test_series_are_paired_by_position_so_that_a_lag_is_a_slice():
    points, sales = pd.Series([5.0, 1, 4, 2, 8, 3]), pd.Series([9.0, 5, 1, 4, 2, 8])
    assert correlation(points[:-1], sales[1:])["r"] == pytest.approx(1)


def test_the_same_labels_in_another_order_are_a_mistake():
    x = pd.Series([1.0, 2, 4, 3], index=list("abcd"))
    with pytest.raises(ValueError, match="y has the labels of x in another order"):
        correlation(x, x[::-1])
    assert correlation(x, x.set_axis(list("aabb")))["r"] == pytest.approx(1)


def test_values_as_large_as_floats_go():
    assert correlation([1e308, -1e308, 1e308, 0], [1, -1, 1, 0])["r"] == pytest.approx(1)
    assert correlation([5e-324, 0, 1e-323, 2e-323], [1, 0, 2, 4])["r"] == pytest.approx(1)
    assert correlation([0, 0, 0, 0], [1, 0, 2, 4]).attrs["reason"] == "constant"


# M. Hollander & D. A. Wolfe, Nonparametric Statistical Methods (1973), p. 185: tuna; the example of R's ?cor.test
LIGHTNESS = [44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1]
PANEL_SCORE = [2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8]


@pytest.mark.parametrize(
    ("method", "r", "p_value"),
    [("kendall", 0.4444444, 0.1194), ("spearman", 0.6, 0.0968), ("pearson", 0.5711816, 0.1082)],
)
def test_tuna(method, r, p_value):
    result = correlation(LIGHTNESS, PANEL_SCORE, method=method)
    assert result["r"] == pytest.approx(r, abs=5e-8)
    assert result["p_value"] == pytest.approx(p_value, abs=5e-5)


def test_fuel_and_weight_of_r_mtcars():
    weight = [2.62, 2.875, 2.32, 3.215, 3.44, 3.46, 3.57, 3.19, 3.15, 3.44, 3.44, 4.07, 3.73, 3.78, 5.25, 5.424]
    weight += [5.345, 2.2, 1.615, 1.835, 2.465, 3.52, 3.435, 3.84, 3.845, 1.935, 2.14, 1.513, 3.17, 2.77, 3.57, 2.78]
    miles = [21, 21, 22.8, 21.4, 18.7, 18.1, 14.3, 24.4, 22.8, 19.2, 17.8, 16.4, 17.3, 15.2, 10.4, 10.4]
    miles += [14.7, 32.4, 30.4, 33.9, 21.5, 15.5, 15.2, 13.3, 19.2, 27.3, 26, 30.4, 15.8, 19.7, 15, 21.4]
    # R cor.test: r -.8676594, p 1.294e-10, interval -.9338264 to -.7440872; Spearman -.886422, Kendall tau-b -.7278321
    result = correlation(weight, miles)
    assert result.drop("n").tolist() == pytest.approx([-0.8676594, 1.293959e-10, -0.9338264, -0.7440872], rel=1e-6)
    assert correlation(weight, miles, method="spearman")["r"] == pytest.approx(-0.886422, abs=5e-7)
    assert correlation(weight, miles, method="kendall")["r"] == pytest.approx(-0.7278321, abs=5e-8)


def test_height_and_weight_of_r_women_keep_a_tiny_p():
    result = correlation(range(58, 73), [115, 117, 120, 123, 126, 129, 132, 135, 139, 142, 146, 150, 154, 159, 164])
    assert (result["r"], result["p_value"]) == pytest.approx((0.9954948, 1.091e-14), rel=1e-4)


@pytest.mark.parametrize("method", ["pearson", "spearman", "kendall"])
@pytest.mark.parametrize(("factor", "shift"), [(1e9, 0), (1e-200, 0), (1e200, 0), (1, 1e6)])
def test_units_and_levels_do_not_matter(factor, shift, method):
    first = correlation(X123, Y1, method=method)
    scaled = correlation(X123, np.array(Y1) * factor + shift, method=method)
    assert scaled.tolist() == pytest.approx(first.tolist(), rel=1e-7)


def test_pearson_r_leaves_out_missing_rows_and_says_nan_where_there_is_none():
    assert pearson_r(np.array([1.0, 2, np.nan, 4]), np.array([2.0, 4, 5, 8])) == 1
    assert pearson_r(np.array([1.0, 2]), np.array([5.0, 3])) == -1
    assert np.isnan(pearson_r(np.array([1.0]), np.array([5.0])))
    for x, y in (([1, np.inf, 2], [1, 2, 3]), ([1, 2, 3], [1, -np.inf, 2])):
        assert np.isnan(pearson_r(np.array(x, dtype=float), np.array(y, dtype=float)))


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ([1, 1, 2, 3, 5, 6], [6, 5, 3, 4, 2, 1]),  # ties in x alone, falling
        ([1, 2, 3, 4, 5, 6], [1, 1, 4, 2, 5, 6]),  # ties in y alone
    ],
)
def test_kendall_with_ties_in_one_column_is_the_share_of_all_pairings(x, y):
    observed = abs(stats.kendalltau(x, y).statistic)
    as_far = [abs(stats.kendalltau(x, order).statistic) >= observed - 1e-9 for order in permutations(y)]
    assert correlation(x, y, method="kendall")["p_value"] == pytest.approx(np.mean(as_far))


def test_four_rows_of_ranks_have_an_interval_of_spearman():
    r, half = 0.8, 1.959964 * np.sqrt(1 + 0.8**2 / 2)
    result = correlation([1, 2, 3, 4], [1, 2, 4, 3], method="spearman")
    assert result[["r", "ci_low", "ci_high"]].tolist() == pytest.approx(
        [r, np.tanh(np.arctanh(r) - half), np.tanh(np.arctanh(r) + half)], rel=1e-6
    )
