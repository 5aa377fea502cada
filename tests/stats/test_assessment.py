"""What the analyst sees beyond the verdicts: every lag, the adjusted series, and what was taken out of them."""

import numpy as np
import pandas as pd
import pytest

from pipeline.catalog import load_catalog
from pipeline.ingest.schema import to_dictionary
from pipeline.stats import assess, assess_relationships
from tests.stats.bureaus import make_bureau

TABLES = ("relationships", "correlations_by_lag", "adjusted_by_group_month", "adjustment_notes")


def rows(table: pd.DataFrame, scope: str, metric: str = "m0") -> pd.DataFrame:
    return table[(table["scope"] == scope) & (table["metric"] == metric)].set_index("lag")


def test_the_verdicts_are_those_of_the_contract():
    bureau = make_bureau(5, metrics=2, rho=0.7)
    found = assess(*bureau, resamples=99, seed=2)
    pd.testing.assert_frame_equal(found.relationships, assess_relationships(*bureau, resamples=99, seed=2))


@pytest.mark.parametrize("months", [36, 20])
def test_every_table_is_one_of_the_dictionary(months):
    found, catalog = assess(*make_bureau(5, months=months, metrics=2), resamples=99), load_catalog()
    for name in TABLES:
        typed = to_dictionary(getattr(found, name), name, catalog)
        assert list(typed.columns) == [column.column for column in catalog.columns_of(name)]
        assert len(typed) == len(getattr(found, name))


def test_every_lag_of_every_scope_has_an_estimate():
    found = assess(*make_bureau(5, metrics=2, rho=0.8, lag=2), resamples=199)
    by_lag = found.correlations_by_lag
    assert len(by_lag) == 4 * 2 * 4
    own = rows(by_lag, "group 1")
    assert own.index.tolist() == [0, 1, 2, 3]
    assert own["n_months"].tolist() == [36, 35, 34, 33]
    assert own["r"].idxmax() == 2
    assert ((own["ci_low"] < own["r"]) & (own["r"] < own["ci_high"])).all()
    pooled = rows(by_lag, "pooled")
    means = [np.mean([rows(by_lag, f"group {group}")["r"][lag] for group in range(3)]) for lag in range(4)]
    assert pooled["r"].tolist() == pytest.approx(means)
    verdict = rows(found.relationships, "pooled")
    assert verdict.index.tolist() == [2]
    assert verdict.loc[2, ["r", "ci_low", "ci_high"]].tolist() == pooled.loc[2, ["r", "ci_low", "ci_high"]].tolist()


def test_the_adjusted_series_are_those_that_r_is_computed_from():
    found = assess(*make_bureau(6, metrics=2), resamples=99)
    adjusted = found.adjusted_by_group_month
    assert len(adjusted) == 3 * 2 * 36
    for (group, metric), own in adjusted.groupby(["group", "metric"]):
        r = np.corrcoef(own["points_sd"], own["result_sd"])[0, 1]
        assert rows(found.correlations_by_lag, str(group), str(metric))["r"][0] == pytest.approx(r)
        assert (own["points_sd"] ** 2).sum() == pytest.approx(36 - 14)  # a standard deviation of 1 for what is left
        assert (own["result_sd"] ** 2).sum() == pytest.approx(36 - 14)


def test_pairs_that_may_not_be_judged_are_estimated_all_the_same():
    """Two and a half years: nothing is said of one group, and the analyst sees its numbers."""
    found = assess(*make_bureau(5, months=30, metrics=1), resamples=99)
    assert rows(found.relationships, "group 0")["verdict"].tolist() == ["insufficient"]
    assert rows(found.relationships, "group 0")["r_shrunk"].isna().all()
    assert rows(found.correlations_by_lag, "group 0")["n_months"].tolist() == [30, 29, 28, 27]


def test_a_lag_without_a_month_has_no_estimate():
    points, results = make_bureau(8, months=96, groups=2, metrics=1)
    every_second = points["month"].dt.month % 2 == 0
    found = assess(points[every_second], results[results["month"].dt.month % 2 == 0], resamples=99)
    assert rows(found.correlations_by_lag, "pooled").index.tolist() == [0, 2]


def test_coupled_and_short_series_have_no_estimate():
    found = assess(*make_bureau(5, metrics=2), coupled=["m1"], resamples=99)
    assert found.correlations_by_lag["metric"].unique().tolist() == ["m0"]
    assert found.adjusted_by_group_month["metric"].unique().tolist() == ["m0"]
    short = assess(*make_bureau(5, months=23), resamples=99)
    assert [len(getattr(short, name)) for name in TABLES] == [24, 0, 0, 0]


def test_groups_are_drawn_towards_each_other_at_the_lag_of_their_row():
    found = assess(*make_bureau(2000, metrics=1, rho=0.7, lag=1), resamples=199)
    table, by_lag = found.relationships.set_index("scope"), found.correlations_by_lag
    assert table.loc["pooled", "lag"] == 1
    assert table.loc["pooled", ["shrunk_low", "r_shrunk", "shrunk_high"]].is_monotonic_increasing
    for scope in ("group 0", "group 1", "group 2"):
        own = table.loc[scope]
        at_lag = by_lag[(by_lag["lag"] == own["lag"]) & by_lag["scope"].str.startswith("group")]["r"]
        assert min(own["r"], at_lag.mean()) - 0.02 <= own["r_shrunk"] <= max(own["r"], at_lag.mean()) + 0.02
        assert own["shrunk_low"] < own["r_shrunk"] < own["shrunk_high"]


def test_what_was_taken_out_is_noted():
    points, results = make_bureau(3, shock=-12.0)
    step = points["month"].min() + 22
    for table in (points, results):
        table["value"] += 8.0 * ((table["group"] == "group 1") & (table["month"] >= step))
    known = pd.DataFrame({"group": ["group 2", "nobody"], "month": pd.PeriodIndex(["2020-01", "2020-01"], freq="M")})
    notes = assess(points, results, turnover=known, resamples=99).adjustment_notes
    assert set(notes["note"]) == {"phi", "abnormal_month", "step", "turnover"}
    assert notes["group"].isna().tolist() == (notes["note"] == "abnormal_month").tolist()
    assert points["month"].min() + 15 in notes.loc[notes["note"] == "abnormal_month", "month"].tolist()
    assert notes.loc[notes["note"] == "step", ["group", "month"]].values.tolist() == [["group 1", step]]
    assert notes.loc[notes["note"] == "turnover", ["group", "month"]].values.tolist() == [
        ["group 2", pd.Period("2020-01", freq="M")]
    ]
    assert notes.loc[notes["note"] == "phi", "value"].between(0, 0.98).all()


def test_turnover_outside_the_months_is_no_step():
    bureau = make_bureau(3, metrics=1)
    outside = pd.DataFrame({"group": "group 0", "month": pd.PeriodIndex(["2018-11", "2030-01"], freq="M")})
    notes = assess(*bureau, turnover=outside, resamples=99).adjustment_notes
    assert (notes["note"] == "phi").all()


def test_the_month_that_carries_a_relation_is_named():
    points, results = make_bureau(4)
    month = points["month"].min() + 20
    points.loc[(points["group"] == "group 1") & (points["month"] == month), "value"] += 15
    hit = (results["group"] == "group 1") & (results["month"] == month) & (results["metric"] == "m2")
    results.loc[hit, "value"] += 15
    found = rows(assess(points, results, resamples=199).relationships, "group 1", "m2")
    assert found["weakest_month"].tolist() == [month]


@pytest.mark.parametrize(
    ("turnover", "named"),
    [
        (pd.DataFrame({"group": ["group 0"]}), "turnover: column 'month' is missing"),
        (pd.DataFrame({"group": ["group 0"], "month": ["2020-01"]}), "turnover: column 'month' must hold monthly"),
    ],
)
def test_a_wrong_turnover_table_names_its_column(turnover, named):
    with pytest.raises(ValueError, match=named):
        assess(*make_bureau(3, metrics=1), turnover=turnover, resamples=99)
