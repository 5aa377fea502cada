"""The plain method: r and p as scipy's, Neff as published, every pair listed, and what it flags where nothing is."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from pipeline.catalog import load_catalog
from pipeline.periods import month_range
from pipeline.stats.naive import count_flagged, naive_correlations
from tests.stats.bureaus import FIRST_MONTH, make_bureau, points_table, results_table


def tables(points: list[list[float]], results: list[list[list[float]]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return points (groups, months) and results (groups, metrics, months) as tables."""
    months = month_range(FIRST_MONTH, FIRST_MONTH + len(points[0]) - 1)
    return points_table(np.array(points, dtype=float), months), results_table(np.array(results, dtype=float), months)


def one_pair(x: list[float], y: list[float], max_lag: int = 0) -> pd.DataFrame:
    return naive_correlations(*tables([x], [[y]]), max_lag)


@pytest.mark.parametrize("lag", [0, 1, 3])
def test_r_and_p_are_scipys_on_the_overlapping_months(lag):
    points, results = make_bureau(4, months=30)
    naive = naive_correlations(points, results, 3).set_index(["group", "metric", "lag"])
    x = points[points["group"] == "group 1"]["value"].to_numpy()
    y = results[(results["group"] == "group 1") & (results["metric"] == "m2")]["value"].to_numpy()
    expected = stats.pearsonr(x[: 30 - lag], y[lag:])
    row = naive.loc[("group 1", "m2", lag)]
    assert (row["r"], row["p_value"]) == pytest.approx((expected.statistic, expected.pvalue))
    assert (row["n_months"], row["reason"]) == (30 - lag, "")
    assert row["is_flagged"] == (expected.pvalue < 0.05)


def test_missing_months_are_left_out_of_the_pair():
    x = [1.0, np.nan, 3.0, 7.0, 5.0, 2.0, 8.0]
    y = [2.0, 5.0, np.nan, 4.0, 6.0, 1.0, 5.0]
    row = one_pair(x, y).iloc[0]
    expected = stats.pearsonr([1, 7, 5, 2, 8], [2, 4, 6, 1, 5])
    assert (row["r"], row["p_value"], row["n_months"]) == pytest.approx((expected.statistic, expected.pvalue, 5))


def test_effective_months_of_pyper_and_peterman():
    """Neff = n (1 - ab) / (1 + ab), a and b the lag-1 autocorrelations; the interval is Fisher's with it."""
    x, y = np.cumsum(np.random.default_rng(3).standard_normal((2, 24)), axis=1)
    row = one_pair(x.tolist(), y.tolist()).iloc[0]
    a, b = (float((d[1:] * d[:-1]).sum() / (d**2).sum()) for d in (x - x.mean(), y - y.mean()))
    assert a * b > 0.2
    n = 24 * (1 - a * b) / (1 + a * b)
    assert row["n_effective"] == pytest.approx(n)
    interval = np.tanh(np.arctanh(row["r"]) + np.array([-1, 1]) * 1.959963985 / np.sqrt(n - 3))
    assert row[["ci_low", "ci_high"]].tolist() == pytest.approx(interval.tolist())


def test_a_gap_does_not_hide_autocorrelation():
    slow = np.sin(np.arange(40) / 4)
    broken = slow.copy()
    broken[1::3] = np.nan
    whole, gappy = (one_pair(values.tolist(), slow.tolist()).iloc[0] for values in (slow, broken))
    assert whole["n_effective"] / whole["n_months"] < 0.1
    assert gappy["n_effective"] / gappy["n_months"] == pytest.approx(whole["n_effective"] / 40, abs=0.1)


def test_months_are_never_worth_more_than_they_are():
    """Where one series alternates and the other drifts, the formula alone would give more than n."""
    row = one_pair([(-1.0) ** month for month in range(20)], [month**1.1 for month in range(20)]).iloc[0]
    assert row["n_effective"] == 20


def test_three_effective_months_leave_no_interval():
    row = one_pair(list(range(12)), [2.0 * month + (month == 5) for month in range(12)]).iloc[0]
    assert row["n_effective"] < 5
    short = one_pair([1, 2, 4], [1, 3, 2]).iloc[0]
    assert (short["ci_low"], short["ci_high"]) == (-1, 1)
    longer = one_pair([2, 1, 2, 3], [1, 2, 3, 2.5]).iloc[0]
    assert longer["n_effective"] == 4
    assert longer["ci_high"] == pytest.approx(np.tanh(np.arctanh(longer["r"]) + 1.959963985))


def test_a_perfect_r():
    row = one_pair([1, 5, 2, 7, 3, 9, 4], [-2, -10, -4, -14, -6, -18, -8]).iloc[0]
    assert row[["r", "p_value", "ci_low", "ci_high"]].tolist() == [-1, 0, -1, -1]
    assert row["is_flagged"]


@pytest.mark.parametrize(
    ("x", "y", "reason", "months"),
    [
        ([1.0, 2.0, np.nan, np.nan], [np.nan, np.nan, 3.0, 4.0], "all_missing", 0),
        ([1.0, 2.0, np.nan, np.nan], [3.0, 1.0, 3.0, 4.0], "too_few_rows", 2),
        ([0.3, 0.1 + 0.2, 0.3, 0.3], [3.0, 1.0, 3.0, 4.0], "constant", 4),
        ([3.0, 1.0, 3.0, 4.0], [7.0, 7.0, 7.0, 7.0], "constant", 4),
        ([3.0, 1.0, 3.0, 4.0], [-7.0, -7.0, -7.0, -7.0], "constant", 4),
        ([3.0, 1.0, 3.0, 4.0], [1e-9, 0.1 + 0.2, 0.3, 0.3], "", 4),
        ([3.0, 1.0, np.inf, 4.0], [7.0, 6.0, 7.0, 5.0], "infinite_values", 3),
    ],
)
def test_a_pair_that_cannot_be_computed_has_its_row_and_a_reason(x, y, reason, months):
    naive = one_pair(x, y)
    assert len(naive) == 1
    row = naive.iloc[0]
    assert row[["r", "p_value", "ci_low", "ci_high", "n_effective"]].isna().all() == (reason != "")
    assert (row["reason"], row["n_months"], row["is_flagged"]) == (reason, months, False)


def test_duplicate_months_are_told_at_every_lag():
    points, results = tables([[1, 2, 3, 5, 4, 6]], [[[2, 1, 3, 4, 6, 5]]])
    naive = naive_correlations(points, pd.concat([results, results.head(1)]), 2)
    assert naive["reason"].tolist() == ["duplicate_months"] * 3
    assert naive["r"].isna().all()


def test_a_lag_longer_than_the_data_is_no_error():
    naive = one_pair([1, 2, 4, 3], [2, 1, 3, 4], max_lag=6)
    assert naive["n_months"].tolist() == [4, 3, 2, 1, 0, 0, 0]
    assert naive["reason"].tolist() == ["", "", "too_few_rows", "too_few_rows", *["all_missing"] * 3]


def test_coupled_metrics_and_foreign_metrics_stay_out():
    points, results = make_bureau(1)
    results = results[~((results["group"] == "group 2") & (results["metric"] == "m1"))]
    naive = naive_correlations(points, results, 1, coupled=("m0",))
    pairs = set(zip(naive["group"], naive["metric"], strict=True))
    assert len(pairs) == 3 * 5 - 1
    assert ("group 2", "m1") not in pairs
    assert "m0" not in set(naive["metric"])


def test_the_order_of_rows_does_not_matter_and_the_columns_are_the_dictionarys():
    points, results = make_bureau(2)
    naive = naive_correlations(points, results, 2)
    mixed = naive_correlations(points.sample(frac=1, random_state=1), results.sample(frac=1, random_state=2), 2)
    pd.testing.assert_frame_equal(naive, mixed)
    assert list(naive.columns) == [column.column for column in load_catalog().columns_of("naive_correlations")]
    nothing = naive_correlations(points, results, 2, coupled=[f"m{number}" for number in range(6)])
    assert nothing.empty
    assert nothing.dtypes.to_dict() == naive.dtypes.to_dict()
    assert count_flagged(nothing).tests == 0


def test_the_count_of_what_was_flagged():
    naive = pd.DataFrame(
        {
            "group": ["a", "a", "a", "b", "b", "b", "c"],
            "metric": ["m", "m", "n", "m", "m", "n", "m"],
            "r": [0.9, 0.8, 0.1, 0.2, 0.9, np.nan, np.nan],
            "is_flagged": [True, True, False, False, True, False, False],
        }
    )
    counts = count_flagged(naive)
    assert (counts.pairs, counts.flagged_pairs, counts.tests, counts.flagged_tests) == (3, 2, 5, 3)
    assert counts.expected_by_chance == pytest.approx(0.25)


def test_where_nothing_is_related_the_plain_method_sees_a_lot():
    """statistics.md: p < .05 on any pair in 99.8 % of unrelated bureaus of 24 months, with 18 pairs."""
    counts = [count_flagged(naive_correlations(*make_bureau(seed, months=24), 3)) for seed in range(20)]
    assert all(count.flagged_pairs > 0 for count in counts)
    assert {(count.pairs, count.tests) for count in counts} == {(18, 72)}
    assert np.mean([count.flagged_tests for count in counts]) > 2 * 3.6


@pytest.mark.parametrize(("options", "message"), [({"coupled": "m0"}, "coupled"), ({"max_lag": -1}, "max_lag")])
def test_wrong_options_are_errors(options, message):
    with pytest.raises(ValueError, match=message):
        naive_correlations(*make_bureau(1), **{"max_lag": 3, **options})
