"""The funnel: limits by precision, who lies outside, who has no place in it, and that alike bureaus stay inside."""

import numpy as np
import pandas as pd
import pytest

from pipeline.stats.fisher import fisher_interval
from pipeline.stats.funnel import funnel, funnel_curve


def estimates(*bureaus: tuple[float, float], metric: str = "m", lag: int = 0) -> pd.DataFrame:
    """Return the pooled rows of bureaus of (r, standard error of z), named from a on."""
    rows = [
        (chr(97 + number), "pooled", metric, lag, r, *fisher_interval(r, error), 36)
        for number, (r, error) in enumerate(bureaus)
    ]
    return pd.DataFrame(rows, columns=["bureau", "scope", "metric", "lag", "r", "ci_low", "ci_high", "n_months"])


def test_centre_precision_and_limits_by_hand():
    table = funnel(estimates((0.5, 0.2), (0.1, 0.1)), "m")
    centre = (25 * np.arctanh(0.5) + 100 * np.arctanh(0.1)) / 125
    assert table["bureau"].tolist() == ["a", "b"]
    assert table["standard_error"].tolist() == pytest.approx([0.2, 0.1])
    assert table["effective_months"].tolist() == pytest.approx([28, 103])
    assert table["centre"].tolist() == pytest.approx([np.tanh(centre)] * 2)
    assert table["low_95"].tolist() == pytest.approx(np.tanh([centre - 1.959964 * 0.2, centre - 1.959964 * 0.1]))
    assert table["high_998"].tolist() == pytest.approx(np.tanh([centre + 3.090232 * 0.2, centre + 3.090232 * 0.1]))
    assert (table["n_months"] == 36).all()


def test_who_lies_outside_depends_on_precision():
    """Nine precise bureaus at 0 hold the centre; what is far for a precise bureau is near for a coarse one."""
    table = funnel(estimates(*[(0.0, 0.02)] * 9, (0.4, 0.1), (0.3, 0.14), (0.3, 0.3), (-0.4, 0.1)), "m")
    assert table["outside"].tolist() == [""] * 9 + ["outside_998", "outside_95", "", "outside_998"]
    beyond = (table["r"] > table["high_95"]) | (table["r"] < table["low_95"])
    assert beyond.tolist() == (table["outside"] != "").tolist()


def test_only_the_pooled_rows_of_the_metric_and_lag_count():
    other = estimates((0.9, 0.1), metric="n")
    later = estimates((0.8, 0.1), lag=1)
    group = estimates((0.7, 0.1)).assign(scope="a group")
    both = pd.concat([other, later, group, estimates((0.1, 0.1))])
    assert funnel(both, "m")["r"].tolist() == [0.1]
    assert funnel(both, "m", lag=1)["r"].tolist() == [0.8]


def test_what_has_no_precision_has_no_place():
    table = estimates((0.4, 0.2), (1.0, 0.2), (0.2, np.inf), (0.3, 0.2))
    table = pd.concat([table, table.tail(1).assign(bureau="e", r=np.nan, ci_low=np.nan, ci_high=np.nan)])
    table = pd.concat([table, table.head(1).assign(bureau="f", ci_low=0.4, ci_high=0.4)])
    table["lag"] = table["lag"].astype("Int64")
    table.loc[table["bureau"] == "e", "lag"] = pd.NA
    assert funnel(table.sample(frac=1, random_state=2), "m")["bureau"].tolist() == ["a", "d"]


def test_no_bureau_at_all():
    table = funnel(estimates((0.4, 0.2)), "another metric")
    assert table.empty
    curve = funnel_curve(table)
    assert curve.empty
    assert list(curve.columns) == ["effective_months", "centre", "low_95", "high_95", "low_998", "high_998"]


def test_the_curve_passes_through_the_limits_of_the_bureaus():
    table = funnel(estimates((0.5, 0.2), (0.1, 0.1), (0.2, 0.15)), "m")
    curve = funnel_curve(table)
    assert curve["effective_months"].iloc[0] < 28
    assert curve["effective_months"].iloc[-1] > 103
    for name in ("low_95", "high_95", "low_998", "high_998"):
        along = np.interp(table["effective_months"], curve["effective_months"], curve[name])
        assert along == pytest.approx(table[name].to_numpy(), abs=1e-3)
    assert curve["centre"].unique() == pytest.approx(table["centre"].iloc[:1])


def test_a_bureau_of_hardly_any_months_has_a_curve():
    curve = funnel_curve(funnel(estimates((0.5, 1.5)), "m"))
    assert np.isfinite(curve.to_numpy()).all()
    assert (curve["high_998"] <= 1).all()


def test_bureaus_that_are_alike_stay_inside_nineteen_times_in_twenty():
    rng = np.random.default_rng(8)
    errors = rng.uniform(0.05, 0.3, 4000)
    r = np.tanh(0.3 + errors * rng.standard_normal(4000))
    rows = pd.concat([estimates(*zip(r, errors, strict=True))]).assign(bureau=[f"{n:04d}" for n in range(4000)])
    shares = funnel(rows, "m")["outside"].value_counts(normalize=True)
    assert shares[""] == pytest.approx(0.95, abs=0.01)
    assert shares["outside_998"] == pytest.approx(0.002, abs=0.002)


def test_wrong_tables_are_errors():
    table = estimates((0.4, 0.2))
    with pytest.raises(ValueError, match="'ci_low' is missing"):
        funnel(table.drop(columns="ci_low"), "m")
    with pytest.raises(ValueError, match="'a' stands there twice"):
        funnel(pd.concat([table, table]), "m")
