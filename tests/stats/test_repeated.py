"""What the repeated-measures correlation is and when it cannot be judged (published values: test_reference_values)."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from pipeline.stats import within_group_correlation
from tests.stats.published import published


def bland() -> pd.DataFrame:
    return published("bland1995").rename(columns={"ph": "pH", "paco2": "PaCO2"})


def test_names_of_the_result():
    result = within_group_correlation(bland(), "pH", "PaCO2", "subject")
    assert list(result.index[:7]) == ["r", "dof", "p_value", "ci_low", "ci_high", "n_rows", "n_groups"]
    assert list(result.index[7:]) == ["r_between", "r_raw"]
    assert result.attrs["reason"] == ""


def test_the_order_of_rows_and_missing_rows_do_not_matter():
    missing = pd.DataFrame({"subject": [1, None, 2], "pH": [np.nan, 7.0, 7.0], "PaCO2": [5.0, 5.0, None]})
    mixed = pd.concat([bland().sample(frac=1, random_state=3), missing])
    expected = within_group_correlation(bland(), "pH", "PaCO2", "subject")
    assert within_group_correlation(mixed, "pH", "PaCO2", "subject").to_dict() == pytest.approx(expected.to_dict())


def test_one_group_gives_pearson_and_says_so():
    data = pd.DataFrame({"g": "a", "x": [1, 2, 3, 4, 5], "y": [2, 1, 4, 3, 5]})
    result = within_group_correlation(data, "x", "y", "g")
    assert result["r"] == pytest.approx(0.8)
    assert result["dof"] == 3
    assert np.isnan(result["r_between"])
    assert result.attrs["reason"] == "one_group"


def test_groups_that_move_alike_within_and_oppositely_between():
    """Simpson: within each group y rises with x, between the groups it falls."""
    data = pd.DataFrame({"g": list("aaabbbccc"), "x": [1, 2, 3, 4, 5, 6, 7, 8, 9], "y": [7, 8, 9, 4, 5, 6, 1, 2, 3]})
    result = within_group_correlation(data, "x", "y", "g")
    assert (result["r"], result["p_value"], result["r_between"]) == pytest.approx((1.0, 0.0, -1.0))
    assert result["r_raw"] < 0


@pytest.mark.parametrize(
    ("x", "y", "reason"),
    [
        ([np.nan] * 6, [1, 2, 3, 4, 5, 6], "all_missing"),
        ([1, 1, 1, 5, 5, 5], [1, 2, 3, 4, 5, 6], "constant"),
        ([0.1, 0.1, 0.1, 0.3, 0.3, 0.3], [1, 2, 3, 4, 5, 6], "constant"),
        ([0.3, 0.3, 0.1 + 0.2, 0.7, 0.7, 0.7], [1, 2, 3, 4, 5, 6], "constant"),
        ([1, 2, np.inf, 4, 5, 6], [1, 2, 3, 4, 5, 6], "infinite_values"),
        ([1, np.nan, np.nan, 2, np.nan, 4], [1, 2, 3, 4, 5, 6], "too_few_rows"),
    ],
)
def test_what_cannot_be_judged_says_why(x, y, reason):
    result = within_group_correlation(pd.DataFrame({"g": list("aaabbb"), "x": x, "y": y}), "x", "y", "g")
    assert result[["r", "p_value", "ci_low", "ci_high"]].isna().all()
    assert result.attrs["reason"] == reason


def test_one_degree_of_freedom_has_no_interval():
    data = pd.DataFrame({"g": list("aabb"), "x": [1, 2, 3, 5], "y": [1, 3, 2, 3]})
    result = within_group_correlation(data, "x", "y", "g")
    assert result["dof"] == 1
    assert result[["ci_low", "ci_high"]].tolist() == [-1, 1]


def test_groups_of_one_row_leave_no_degree_of_freedom():
    data = pd.DataFrame({"g": list("abcd"), "x": [1.0, 2, 3, 5], "y": [1.0, 3, 2, 3]})
    result = within_group_correlation(data, "x", "y", "g")
    assert result[["dof", "n_rows", "n_groups"]].tolist() == [0, 4, 4]
    assert result.attrs["reason"] == "too_few_rows"
    assert result["r_between"] == pytest.approx(result["r_raw"])


def test_two_group_means_say_nothing_and_three_do():
    data = pd.DataFrame({"g": list("aabbcc"), "x": [1.0, 2, 3, 5, 8, 9], "y": [2.0, 1, 4, 3, 7, 9]})
    assert np.isnan(within_group_correlation(data[:4], "x", "y", "g")["r_between"])
    assert within_group_correlation(data, "x", "y", "g")["r_between"] == pytest.approx(
        np.corrcoef([1.5, 4, 8.5], [1.5, 3.5, 8])[0, 1]
    )


@pytest.mark.parametrize(
    "group",
    [
        pd.Categorical(list("aabbcc"), categories=list("zabc")),  # a category without rows is no group
        [(1, "a"), (1, "a"), (1, "b"), (1, "b"), (2, "a"), (2, "a")],
        [1, 1, "a", "a", 2.5, 2.5],
        pd.PeriodIndex(["2020-01", "2020-01", "2020-02", "2020-02", "2020-03", "2020-03"], freq="M"),
    ],
)
def test_groups_of_every_kind(group):
    x, y = [1.0, 2, 3, 5, 8, 9], [2.0, 1, 4, 3, 7, 9]
    expected = within_group_correlation(pd.DataFrame({"g": list("aabbcc"), "x": x, "y": y}), "x", "y", "g")
    data = pd.DataFrame({"g": group, "x": x, "y": y}, index=[0, 0, 1, 1, 1, 0])
    assert within_group_correlation(data, "x", "y", "g").tolist() == pytest.approx(expected.tolist())


def test_two_degrees_of_freedom_have_an_interval():
    """dof + 2 = 4 rows for Fisher's z: SE 1 / sqrt(4 - 3)."""
    data = pd.DataFrame({"g": list("aabbb"), "x": [1.0, 2, 3, 5, 4], "y": [1.0, 3, 2, 3, 3]})
    result = within_group_correlation(data, "x", "y", "g")
    assert result["dof"] == 2
    half = 1.959964
    expected = np.tanh([np.arctanh(result["r"]) - half, np.arctanh(result["r"]) + half])
    assert result[["ci_low", "ci_high"]].tolist() == pytest.approx(expected.tolist(), rel=1e-6)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_column_is_constant_by_its_own_level(sign):
    """A steps by 1e-9 on a level of 1 and moves; on a level of 1e6 (beside a y of 1) it is rounding."""
    moves = [0.0, 1e-9, 0.0, 1e-9, 1e-9, 0.0]
    y = [sign * value for value in [1.0, 2.0, 1.5, 2.0, 3.0, 1.0]]
    for level, reason in ((sign * 1.0, ""), (sign * 1e6, "constant")):
        data = pd.DataFrame({"g": list("aaabbb"), "x": [level + move for move in moves], "y": y})
        assert within_group_correlation(data, "x", "y", "g").attrs["reason"] == reason
        assert within_group_correlation(data, "y", "x", "g").attrs["reason"] == reason


@pytest.mark.parametrize(("column", "named"), [("z", "'z' is missing"), ("word", "'word' holds")])
def test_a_wrong_structure_names_the_column(column, named):
    data = bland().assign(word="a")
    with pytest.raises(ValueError, match=named):
        within_group_correlation(data, "pH", column, "subject")


@pytest.mark.parametrize("seed", range(5))
def test_it_is_the_slope_of_a_regression_with_a_dummy_for_every_group(seed):
    """Analysis of covariance: r = t / sqrt(t² + dof), on unbalanced groups, one of them of a single row."""
    rng = np.random.default_rng(seed)
    group = rng.permutation(np.repeat([3, 1, 4, 2], [1, 3, 8, 6]))
    x, y = rng.standard_normal((2, 18)) + group
    design = np.column_stack([x, *(group == name for name in np.unique(group))]).astype(float)
    slope, *_ = np.linalg.lstsq(design, y)[0]
    dof = 18 - 4 - 1
    error = np.sum((y - design @ np.linalg.lstsq(design, y)[0]) ** 2) / dof
    t = slope / np.sqrt(error * np.linalg.inv(design.T @ design)[0, 0])
    result = within_group_correlation(pd.DataFrame({"g": group, "x": x, "y": y}), "x", "y", "g")
    assert result["dof"] == dof
    assert result["r"] == pytest.approx(t / np.sqrt(t**2 + dof))
    assert result["p_value"] == pytest.approx(2 * stats.t.sf(abs(t), dof))


def test_a_high_level_does_not_make_a_column_constant():
    expected = within_group_correlation(bland(), "pH", "PaCO2", "subject")
    lifted = within_group_correlation(bland().assign(pH=lambda rows: rows["pH"] + 1e8), "pH", "PaCO2", "subject")
    assert lifted["r"] == pytest.approx(expected["r"], abs=1e-6)
