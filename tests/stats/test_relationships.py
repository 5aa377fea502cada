"""Verdicts on bureaus where the truth is known; the small, seeded version of the calibration."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from pipeline.stats import VERDICTS, assess, assess_relationships, smallest_detectable_r
from tests.stats.bureaus import make_bureau

CONTRACT = ["scope", "metric", "lag", "r", "ci_low", "ci_high", "n_months", "p_max_t", "verdict"]
JUDGED = ["r", "ci_low", "ci_high", "p_max_t", "smallest_r"]


def row(table: pd.DataFrame, scope: str, metric: str = "m0") -> pd.Series:
    return table[(table["scope"] == scope) & (table["metric"] == metric)].iloc[0]


def test_the_table_keeps_the_contract():
    table = assess_relationships(*make_bureau(1, metrics=2), resamples=99)
    assert list(table.columns[:9]) == CONTRACT
    assert table[["scope", "metric"]].apply(tuple, axis=1).tolist() == [
        (scope, metric) for metric in ("m0", "m1") for scope in ("group 0", "group 1", "group 2", "pooled")
    ]
    assert set(table["verdict"]) <= set(VERDICTS)
    assert table["n_months"].tolist() == [36] * 8
    assert table["n_pairs"].tolist() == [8] * 8
    assert not table[JUDGED].isna().any().any()
    assert (table["ci_low"] < table["r"]).all()
    assert (table["r"] < table["ci_high"]).all()
    assert table["lag"].between(0, 3).all()


@pytest.mark.parametrize("lag", [0, 1, 3])
def test_a_planted_relation_is_found_at_its_lag(lag):
    table = assess_relationships(*make_bureau(11, rho=0.8, lag=lag))
    found = row(table, "pooled")
    assert found["verdict"] == "evidence"
    assert found["lag"] == lag
    assert found["r"] == pytest.approx(0.8, abs=0.2)
    assert found["ci_low"] < 0.8 < found["ci_high"]
    others = table[(table["metric"] != "m0") & (table["scope"] == "pooled")]
    assert (others["verdict"] != "evidence").all()


def test_a_negative_relation_keeps_its_sign():
    points, results = make_bureau(11, rho=0.8)
    found = row(assess_relationships(points.assign(value=-points["value"]), results), "pooled")
    assert found["verdict"] == "evidence"
    assert found["r"] < -0.6


def test_results_that_lead_points_are_not_called_points_that_lead_results():
    """Shifted the other way the relation stands at lag -2, which is not looked at."""
    points, results = make_bureau(11, months=40, rho=0.9)
    early = points.assign(month=points["month"] + 2)
    table = assess_relationships(early, results)
    assert (table["verdict"] != "evidence").all()
    assert (table["lag"] == 0).all()  # a lag is named with evidence only
    late = points.assign(month=points["month"] - 2)
    assert row(assess_relationships(late, results), "pooled")[["verdict", "lag"]].tolist() == ["evidence", 2]


def test_a_group_with_a_short_history_does_not_take_the_pool_from_the_others():
    points, results = make_bureau(8, metrics=2, rho=0.8)
    is_new = (results["group"] == "group 2") & (results["month"] < results["month"].max() - 5)
    table = assess_relationships(points, results[~is_new], resamples=99)
    alone = assess_relationships(points, results[results["group"] != "group 2"], resamples=99)
    pooled, without = (one[one["scope"] == "pooled"].set_index("metric") for one in (table, alone))
    assert pooled["n_months"].tolist() == without["n_months"].tolist() == [36, 36]
    assert pooled.loc["m0", "verdict"] == "evidence"
    assert pooled["r"].tolist() == pytest.approx(without["r"].tolist(), abs=0.05)  # the phi of the third is known too
    new = table[table["scope"] == "group 2"]
    assert set(new["verdict"]) == {"insufficient"}


@pytest.mark.parametrize(
    ("months", "groups_judged", "pool_judged"),
    [(23, False, False), (24, False, True), (35, False, True), (36, True, True)],
)
def test_eligibility(months, groups_judged, pool_judged):
    table = assess_relationships(*make_bureau(2, months=months, metrics=2, rho=0.9), resamples=99)
    judged = table["verdict"] != "insufficient"
    assert judged[table["scope"] == "pooled"].eq(pool_judged).all()
    assert judged[table["scope"] != "pooled"].eq(groups_judged).all()
    assert (table["n_months"] == months).all()
    assert (table.loc[~judged, "reason"] == "too_few_months").all()
    assert table.loc[~judged, [*JUDGED, "lag"]].isna().all().all()
    assert table["r_raw"].notna().all()


def test_a_quarter_makes_no_claim():
    table = assess_relationships(*make_bureau(2, months=3))
    assert (table["verdict"] == "insufficient").all()
    assert (table["n_pairs"] == 0).all()


def test_a_coupled_metric_is_not_judged_and_costs_nothing():
    points, results = make_bureau(11, rho=0.9)
    table = assess_relationships(points, results, coupled=("m0", "a metric that this bureau lacks"), resamples=199)
    coupled = table[table["metric"] == "m0"]
    assert (coupled["verdict"] == "coupled").all()
    assert (coupled["reason"] == "coupled").all()
    assert coupled[JUDGED].isna().all().all()
    assert (table["n_pairs"] == 20).all()
    without = assess_relationships(points, results[results["metric"] != "m0"], resamples=199)
    pd.testing.assert_frame_equal(table[table["metric"] != "m0"].reset_index(drop=True), without)


def test_a_composite_that_contains_the_result_would_be_called_evidence():
    """Why the gate is there: points with 40 % of the result in them."""
    points, results = make_bureau(3)
    contained = results[results["metric"] == "m1"].set_index(["group", "month"])["value"]
    keyed = points.set_index(["group", "month"])["value"]
    points = (0.6 * keyed + 0.4 * contained).rename("value").reset_index()
    assert row(assess_relationships(points, results), "pooled", "m1")["verdict"] == "evidence"
    assert row(assess_relationships(points, results, coupled=("m1",)), "pooled", "m1")["verdict"] == "coupled"


def test_one_month_that_hit_everything_is_no_relation():
    claims = 0
    for seed in range(15):
        calm = assess_relationships(*make_bureau(seed), resamples=199)
        hit = assess_relationships(*make_bureau(seed, shock=-12.0), resamples=199)
        assert hit.loc[hit["lag"] == 0, "r"].max() < 0.9
        claims += int((hit["verdict"] == "evidence").any()) - int((calm["verdict"] == "evidence").any())
    assert claims <= 1


def test_a_relation_that_one_month_makes_is_a_clue():
    """One shared outlier in one group and metric: too few series for an abnormal month, and a huge r."""
    points, results = make_bureau(4)
    month = points["month"].min() + 20
    points.loc[(points["group"] == "group 1") & (points["month"] == month), "value"] += 15
    hit = (results["group"] == "group 1") & (results["month"] == month) & (results["metric"] == "m2")
    results.loc[hit, "value"] += 15
    found = row(assess_relationships(points, results), "group 1", "m2")
    assert found["p_max_t"] <= 0.05
    assert found["lag"] == 0
    assert found[["verdict", "reason"]].tolist() == ["clue", "dropped_month"]


def test_the_same_seed_gives_the_same_table_whatever_the_order_of_rows():
    points, results = make_bureau(5, rho=0.5)
    results = results.drop(index=[7, 60, 61])
    first = assess_relationships(points, results, seed=3)
    mixed = assess_relationships(points.sample(frac=1, random_state=1), results.sample(frac=1, random_state=2), seed=3)
    pd.testing.assert_frame_equal(first, mixed)
    assert not first["p_max_t"].equals(assess_relationships(points, results, seed=4)["p_max_t"])


def test_units_and_levels_do_not_matter():
    points, results = make_bureau(5, rho=0.5)
    first = assess_relationships(points, results, resamples=199)
    scaled = assess_relationships(
        points.assign(value=points["value"] * 3 + 90), results.assign(value=results["value"] * 1e4 - 7), resamples=199
    )
    pd.testing.assert_frame_equal(first.drop(columns="r_raw"), scaled.drop(columns="r_raw"))
    assert first["r_raw"].to_numpy() == pytest.approx(scaled["r_raw"].to_numpy())


@pytest.mark.parametrize("factor", [1000, 1e-200])
def test_another_unit_of_one_metric_changes_no_verdict(factor):
    points, results = make_bureau(5, metrics=2, rho=0.5)
    first = assess_relationships(points, results, resamples=199)
    in_unit = results["value"].where(results["metric"] != "m1", results["value"] * factor)
    scaled = assess_relationships(points, results.assign(value=in_unit), resamples=199)
    pd.testing.assert_frame_equal(first, scaled, rtol=1e-9)
    assert first["p_max_t"].equals(scaled["p_max_t"])


def test_the_kind_of_column_does_not_matter():
    points, results = make_bureau(5, metrics=2, rho=0.8)
    first = assess_relationships(points, results, resamples=99)
    another = points.assign(value=points["value"].astype("Float64"), group=points["group"].astype("category"), note="x")
    other = results.assign(value=results["value"].astype(object), month=results["month"].astype(object), note=1.0)
    before = another.copy(), other.copy()
    pd.testing.assert_frame_equal(first, assess_relationships(another, other, resamples=99), check_dtype=False)
    pd.testing.assert_frame_equal(another, before[0])
    pd.testing.assert_frame_equal(other, before[1])
    numbered = [table.assign(group=table["group"].str[-1].astype(int)) for table in (points, results)]
    assert assess_relationships(*numbered, resamples=99)["scope"].tolist() == [0, 1, 2, "pooled"] * 2


def test_months_that_only_one_table_has_change_nothing():
    points, results = make_bureau(5, metrics=2, rho=0.8)
    first = assess_relationships(points, results, resamples=99)
    mistyped = pd.DataFrame({"group": ["group 0"], "month": [pd.Period("0219-05", freq="M")], "value": [1.0]})
    later = results.iloc[:1].assign(month=results["month"].max() + 5)
    table = assess_relationships(pd.concat([points, mistyped]), pd.concat([results, later]), resamples=99)
    pd.testing.assert_frame_equal(first, table)


def test_coupled_metrics_may_come_one_by_one():
    points, results = make_bureau(5, metrics=3)
    table = assess_relationships(points, results, coupled=(name for name in ("m0", "m2")), resamples=99)
    assert set(table.loc[table["verdict"] == "coupled", "metric"]) == {"m0", "m2"}


def test_a_result_of_a_single_case_is_no_evidence():
    """The points fell in the one month of the one case: a perfect coincidence, and nothing without that month."""
    points, results = make_bureau(8, metrics=1)
    month = points["month"].min() + 20
    results["value"] = (results["month"] == month).astype(float)
    points.loc[points["month"] == month, "value"] -= 30
    assert (assess_relationships(points, results, resamples=199)["verdict"] != "evidence").all()


def test_groups_without_a_metric_have_no_row_of_it():
    points, results = make_bureau(6, metrics=2, rho=0.8)
    owned = results[~((results["group"] == "group 1") & (results["metric"] == "m0"))]
    table = assess_relationships(points, owned, resamples=99)
    assert table.loc[table["metric"] == "m0", "scope"].tolist() == ["group 0", "group 2", "pooled"]
    assert (table["n_pairs"] == 7).all()


def test_one_group_has_nothing_to_pool():
    points, results = make_bureau(6, groups=1, metrics=1, rho=0.9)
    table = assess_relationships(points, results, resamples=199)
    assert row(table, "group 0")["verdict"] == "evidence"
    assert row(table, "pooled")[["verdict", "reason"]].tolist() == ["insufficient", "one_group"]


def test_missing_months_are_missing():
    points, results = make_bureau(8, rho=0.8)
    points.loc[[3, 40, 41], "value"] = np.nan
    results = results[~((results["group"] == "group 2") & (results["month"] < results["month"].min() + 20))]
    table = assess_relationships(points, results, resamples=199)
    assert [row(table, scope)["n_months"] for scope in ("group 0", "group 1", "group 2", "pooled")] == [35, 34, 16, 34]
    assert row(table, "group 2")["reason"] == "too_few_months"
    assert row(table, "pooled")["verdict"] == "evidence"


def test_a_lag_at_which_no_months_overlap_is_passed_over():
    """Points of every second month only: lags 1 and 3 never meet a result."""
    points, results = make_bureau(8, months=96, groups=2, metrics=1, rho=0.9, lag=0)
    every_second = points["month"].dt.month % 2 == 0
    both = results["month"].dt.month % 2 == 0
    table = assess_relationships(points[every_second], results[both], resamples=199)
    assert row(table, "pooled")[["verdict", "lag", "n_months"]].tolist() == ["evidence", 0, 48]
    two_later = results.assign(month=results["month"] + 2)
    table = assess_relationships(points[every_second], two_later[both], resamples=199)
    assert row(table, "pooled")[["verdict", "lag"]].tolist() == ["evidence", 2]


def test_a_group_without_points_cannot_be_judged():
    points, results = make_bureau(8, metrics=1)
    table = assess_relationships(points[points["group"] != "group 1"], results, resamples=99)
    assert row(table, "group 1")[["n_months", "verdict", "reason"]].tolist() == [0, "insufficient", "all_missing"]
    assert row(table, "pooled")["verdict"] != "insufficient"


@pytest.mark.parametrize(
    ("constant", "rounding"), [(0.0, 0.0), (98.5, 0.0), (98.6, 1.5e-14), (1e6, 2e-10), (0.3, 6e-17)]
)
def test_a_constant_series_cannot_be_judged(constant, rounding):
    points, results = make_bureau(8, metrics=2)
    of_m1 = results["metric"] == "m1"
    results.loc[of_m1, "value"] = constant + rounding * (np.arange(of_m1.sum()) * 7 % 5)
    table = assess_relationships(points, results, resamples=99)
    flat = table[table["metric"] == "m1"]
    assert (flat["verdict"] == "insufficient").all()
    assert (flat["reason"] == "constant").all()
    assert (flat["n_months"] == 36).all()


def test_faulty_rows_spoil_only_their_pair():
    points, results = make_bureau(8, metrics=2)
    results.loc[
        (results["group"] == "group 0") & (results["metric"] == "m0") & (results["month"] == "2019-05"), "value"
    ] = np.inf
    twice = results[(results["group"] == "group 1") & (results["metric"] == "m1")].iloc[[4]]
    table = assess_relationships(points, pd.concat([results, twice]), resamples=99)
    assert row(table, "group 0", "m0")[["verdict", "reason"]].tolist() == ["insufficient", "infinite_values"]
    assert row(table, "group 1", "m1")[["verdict", "reason"]].tolist() == ["insufficient", "duplicate_months"]
    assert (table["verdict"] == "insufficient").sum() == 2


def test_points_that_stand_there_twice_spoil_their_group():
    points, results = make_bureau(8, metrics=2)
    table = assess_relationships(pd.concat([points, points.iloc[[0]]]), results, resamples=99)
    assert table.loc[table["reason"] == "duplicate_months", "scope"].tolist() == ["group 0", "group 0"]


def test_no_rows_give_no_rows():
    points, results = make_bureau(8, metrics=1)
    table = assess_relationships(points, results.iloc[:0])
    assert table.empty
    assert list(table.columns[:9]) == CONTRACT
    assert assess_relationships(points.iloc[:0], results)["reason"].eq("all_missing").all()


@pytest.mark.parametrize(
    ("change_points", "change_results", "named"),
    [
        (lambda p: p.drop(columns="value"), None, "points: column 'value' is missing"),
        (None, lambda r: r.drop(columns="metric"), "results: column 'metric' is missing"),
        (lambda p: p.assign(value="a"), None, "column 'value'"),
        (lambda p: p.assign(month="spring"), None, "points: column 'month'"),
        (lambda p: p.assign(month=p["month"].dt.asfreq("Q")), None, "points: column 'month'"),
        (lambda p: p.assign(month=p["month"].dt.to_timestamp()), None, "points: column 'month'.*Timestamp"),
        (None, lambda r: r.assign(month=r["month"].astype(str)), "results: column 'month'.*'2018-11'"),
        (None, lambda r: r.assign(month=202101), "results: column 'month'.*202101"),
        (lambda p: p.assign(month=p["month"].where(p.index != 3)), None, "points: column 'month'.*NaT"),
        (
            lambda p: p.assign(month=p["month"].astype(object).where(p.index != 3, None)),
            None,
            "points: column 'month'.*None",
        ),
        (lambda p: p.assign(group=[1, *p["group"][1:]]), None, "points: column 'group' holds names of mixed types"),
        (None, lambda r: r.replace({"group": {"group 1": "pooled"}}), "results: column 'group' holds 'pooled'"),
        (None, lambda r: r.assign(group=None), "results: column 'group'"),
        (lambda p: pd.concat([p, p["value"]], axis=1), None, "stands there 2 times"),
    ],
)
def test_a_wrong_structure_names_table_and_column(change_points, change_results, named):
    points, results = make_bureau(8, metrics=1)
    with pytest.raises(ValueError, match=named):
        assess_relationships(
            change_points(points) if change_points else points, change_results(results) if change_results else results
        )


@pytest.mark.parametrize("options", [{"coupled": "m0"}, {"max_lag": -1}, {"max_lag": 13}, {"resamples": 0}])
def test_impossible_options(options):
    with pytest.raises(ValueError, match=next(iter(options))):
        assess_relationships(*make_bureau(8, metrics=1), **options)


def test_one_test_of_one_pair_is_the_textbook_one():
    """36 months less 14 columns of the design leave 22 dimensions, as 23 plain months do."""
    table = assess_relationships(*make_bureau(8, groups=1, metrics=1), max_lag=0, resamples=9999)
    only = row(table, "group 0")
    half_width = (np.arctanh(only["ci_high"]) - np.arctanh(only["ci_low"])) / 2
    assert half_width == pytest.approx(1.959964 / np.sqrt(22 - 2), rel=0.025)
    assert only["smallest_r"] == pytest.approx(smallest_detectable_r(23), abs=0.007)
    assert only["p_max_t"] == pytest.approx(
        2 * stats.t.sf(abs(only["r"]) * np.sqrt(21 / (1 - only["r"] ** 2)), 21), abs=0.02
    )


def test_verdicts_follow_p():
    judged = pd.concat([assess_relationships(*make_bureau(seed, rho=0.3), resamples=99) for seed in range(20)])
    assert judged["p_max_t"].between(0.15, 0.20).any()
    assert judged["p_max_t"].between(0.21, 0.25).any()
    assert judged.loc[judged["p_max_t"] > 0.20, "verdict"].eq("none").all()
    assert judged.loc[judged["p_max_t"].between(0.051, 0.20), "verdict"].eq("clue").all()
    assert judged.loc[judged["verdict"] != "evidence", "lag"].eq(0).all()
    assert judged.loc[judged["p_max_t"] <= 0.05, "verdict"].isin(["clue", "evidence"]).all()


def test_few_resamples_can_give_no_evidence():
    table = assess_relationships(*make_bureau(11, rho=0.9), resamples=18)
    assert (table["verdict"] != "evidence").all()
    found = row(assess_relationships(*make_bureau(11, rho=0.9), resamples=19), "pooled")
    assert found[["p_max_t", "verdict"]].tolist() == [0.05, "evidence"]


@pytest.mark.parametrize("rho", [0.0, 0.5])
def test_intervals_hold_the_truth_in_95_of_100(rho):
    """80 bureaus of four rows each; the target is 93 to 98 %, rows of one bureau are not independent."""
    table = pd.concat(
        assess_relationships(*make_bureau(3000 + seed, metrics=1, rho=rho), resamples=99) for seed in range(80)
    )
    assert 0.91 <= np.mean((table["ci_low"] <= rho) & (rho <= table["ci_high"])) <= 0.99


def test_bureaus_with_a_relation_mostly_show_it():
    """Planted .7 in all groups over 36 months: the target is 95 %."""
    found = [
        row(assess_relationships(*make_bureau(2000 + seed, rho=0.7, lag=1), resamples=199), "pooled")
        for seed in range(20)
    ]
    assert sum(one["verdict"] == "evidence" and one["lag"] == 1 for one in found) >= 18
    assert np.mean([one["r"] for one in found]) == pytest.approx(0.67, abs=0.06)
    assert np.mean([one["ci_low"] <= 0.7 <= one["ci_high"] for one in found]) >= 0.8


@pytest.mark.parametrize(("factor", "shift"), [(3.7, 0.0), (-1.0, 0.0), (0.1, 250.0)])
def test_a_perfect_relation_is_an_r_of_one(factor, shift):
    for seed in range(8):
        points, results = make_bureau(seed, metrics=2)
        same = points.assign(metric="m0", value=factor * points["value"] + shift)
        table = assess_relationships(points, pd.concat([same, results[results["metric"] == "m1"]]), resamples=99)
        found = table[table["metric"] == "m0"]
        assert found["verdict"].tolist() == ["evidence"] * 4
        assert found["r"].tolist() == pytest.approx([np.sign(factor)] * 4)
        assert found["r"].abs().max() <= 1


@pytest.mark.parametrize("seed", range(12))
def test_rare_cases_are_judged_or_not_and_never_break(seed):
    """Points and results that are 0 in nearly all months: steps and abnormal months may explain all of them."""
    rng = np.random.default_rng(seed)
    points, results = make_bureau(seed, metrics=3)
    points["value"] = (rng.random(len(points)) < 0.06).astype(float)
    results["value"] = (rng.random(len(results)) < 0.06).astype(float)
    table = assess_relationships(points, results, resamples=99)
    assert table["verdict"].isin(VERDICTS).all()
    assert table.loc[table["verdict"].isin(["none", "clue", "evidence"]), "r"].abs().le(1).all()


def test_a_group_that_only_stepped_is_left_out_and_changes_nothing_for_the_others():
    points, results = make_bureau(7, metrics=3)
    month = points["month"].min() + 15
    stepped = [table["group"] == "group 1" for table in (points, results)]
    points.loc[stepped[0], "value"] = np.where(points.loc[stepped[0], "month"] < month, 60.0, 90.0)
    results.loc[stepped[1], "value"] += np.where(results.loc[stepped[1], "month"] < month, 0.0, 40.0)
    found = assess(points, results, resamples=199)
    table = found.relationships
    assert set(table.loc[table["scope"] == "group 1", "reason"]) == {"constant"}
    without = assess(points[~stepped[0]], results[~stepped[1]], resamples=199)
    assert found.adjustment_notes.query("note == 'phi'")["group"].tolist() == ["group 0", "group 2"]
    pd.testing.assert_frame_equal(
        found.adjustment_notes.query("note == 'phi'").reset_index(drop=True),
        without.adjustment_notes.query("note == 'phi'").reset_index(drop=True),
    )


def test_what_the_points_contain_has_no_number_at_all():
    table = assess_relationships(*make_bureau(5, metrics=2), coupled=("m0",), resamples=99)
    numbers = ["r", "ci_low", "ci_high", "p_max_t", "smallest_r", "r_raw", "r_shrunk", "shrunk_low", "shrunk_high"]
    assert table.loc[table["metric"] == "m0", numbers].isna().all(axis=None)
    assert table.loc[table["metric"] == "m1", numbers].notna().all(axis=None)


def test_a_pool_of_which_one_group_has_the_months_says_how_many_the_others_have():
    points, results = make_bureau(8, metrics=1)
    short = (results["group"] != "group 0") & (results["month"] >= results["month"].min() + 11)
    pooled = row(assess_relationships(points, results[~short], resamples=99), "pooled")
    assert pooled[["verdict", "reason", "n_months"]].tolist() == ["insufficient", "too_few_months", 11]
