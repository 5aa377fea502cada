"""Bland & Altman (1995), as in R rmcorr and pingouin: pH and PaCO2 of eight people."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from pipeline.stats import within_group_correlation

# J. M. Bland, D. G. Altman, Calculating correlation coefficients with repeated observations: part 1, BMJ 310 (1995) 446
BLAND_1995 = {
    1: [(6.68, 3.97), (6.53, 4.12), (6.43, 4.09), (6.33, 3.97)],
    2: [(6.85, 5.27), (7.06, 5.37), (7.13, 5.41), (7.17, 5.44)],
    3: [
        *[(7.40, 5.67), (7.42, 3.64), (7.41, 4.32), (7.37, 4.73), (7.34, 4.96)],
        *[(7.35, 5.04), (7.28, 5.22), (7.30, 4.82), (7.34, 5.07)],
    ],
    4: [(7.36, 5.67), (7.33, 5.10), (7.29, 5.53), (7.30, 4.75), (7.35, 5.51)],
    5: [(7.35, 4.28), (7.30, 4.44), (7.30, 4.32), (7.37, 3.23), (7.27, 4.46), (7.28, 4.72), (7.32, 4.75), (7.32, 4.99)],
    6: [(7.38, 4.78), (7.30, 4.73), (7.29, 5.12), (7.33, 4.93), (7.31, 5.03), (7.33, 4.93)],
    7: [(6.86, 6.85), (6.94, 6.44), (6.92, 6.52)],
    8: [(7.19, 5.28), (7.29, 4.56), (7.21, 4.34), (7.25, 4.32), (7.20, 4.41), (7.19, 3.69), (6.77, 6.09), (6.82, 5.58)],
}


def bland() -> pd.DataFrame:
    rows = [(subject, *pair) for subject, pairs in BLAND_1995.items() for pair in pairs]
    return pd.DataFrame(rows, columns=["subject", "pH", "PaCO2"])


def test_bland_and_altman():
    result = within_group_correlation(bland(), "pH", "PaCO2", "subject")
    assert result["r"] == pytest.approx(-0.5067697, rel=1e-6)
    assert result["dof"] == 38
    assert result["p_value"] == pytest.approx(0.0008471081, rel=1e-6)
    assert (result["ci_low"], result["ci_high"]) == pytest.approx((-0.7067146, -0.2318631), rel=1e-6)
    assert result["r_between"] == pytest.approx(0.0818, abs=5e-5)
    assert result["r_raw"] == pytest.approx(-0.0652, abs=5e-5)
    assert (result["n_rows"], result["n_groups"]) == (47, 8)
    assert result.attrs["reason"] == ""
    assert list(result.index[:7]) == ["r", "dof", "p_value", "ci_low", "ci_high", "n_rows", "n_groups"]


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
