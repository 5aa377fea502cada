"""The Goodhart watch on tables worked out by hand, raised and quiet, and with too little to judge by."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import sqrt

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from pipeline.catalog import load_catalog
from pipeline.points.thresholds import list_thresholds
from pipeline.stats.goodhart import (
    CHANCE,
    CHECKS,
    COLUMNS,
    WatchedTables,
    _rare_count,
    goodhart_watch,
    watch_caps,
    watch_divergence,
    watch_late_entries,
    watch_spread,
    watch_thresholds,
    year_on_year,
)

QUARTER = pd.Period("2021Q4", "Q-DEC")
LAST = pd.Period("2021-12", "M")
YEAR = pd.period_range("2021-01", "2021-12", freq="M")
TWO_YEARS = pd.period_range("2020-01", "2021-12", freq="M")
GROUPS = ("甲组", "乙组", "丙组")


def item_months(points: Sequence[float], item: str = "A1", state: str = "scored", full: float = 6.0) -> pd.DataFrame:
    """Points of one item, month by month, group after group."""
    keys = [(group, month) for group in GROUPS for month in YEAR][: len(points)]
    frame = pd.DataFrame(keys, columns=["party_group", "month"])
    return frame.assign(item=item, points=points, full_points=full, state=state, rule_version="1", value=points)


def measured(values: Iterable[float], item: str = "A2") -> pd.DataFrame:
    """Measured values of one item in bands."""
    frame = pd.DataFrame({"value": list(values)})
    months = pd.PeriodIndex([LAST] * len(frame), freq="M")
    return frame.assign(rule_version="1", item=item, state="scored", month=months, points=1.0, full_points=6.0)


def lines(*thresholds: float, item: str = "A2", width: float = 1.0) -> pd.DataFrame:
    rows = [("1", item, threshold, width) for threshold in thresholds]
    return pd.DataFrame(rows, columns=["rule_version", "item", "threshold", "width"])


def standings(**means: tuple[float | None, ...]) -> pd.DataFrame:
    rows = [
        (group, pd.Period(quarter, "Q-DEC"), mean)
        for quarter, own in means.items()
        for group, mean in zip(GROUPS, own, strict=False)
    ]
    return pd.DataFrame(rows, columns=["party_group", "quarter", "points_mean"]).astype({"points_mean": "float64"})


def process(values: Sequence[float], group: str = "甲组") -> pd.DataFrame:
    return pd.DataFrame({"party_group": group, "month": TWO_YEARS, "process_points": values})


def result(values: Sequence[float], metric: str = "volume_xiang", direction: int = 1) -> pd.DataFrame:
    frame = pd.DataFrame({"party_group": "甲组", "month": TWO_YEARS, "value": values})
    return frame.assign(metric=metric, direction=direction)


def entries(*delays: int | None, month: str = "2021-11") -> pd.DataFrame:
    end = pd.Period(month, "M").end_time.normalize()
    days = [pd.NaT if delay is None else end + pd.Timedelta(days=delay) for delay in delays]
    months = pd.PeriodIndex([month] * len(delays), freq="M")
    return pd.DataFrame({"month": months, "recorded_on": pd.Series(days, dtype="datetime64[us]")})


def one(table: pd.DataFrame) -> pd.Series:
    (row,) = table.to_dict("records")
    return pd.Series(row)


# At the cap


def test_an_item_that_nearly_everybody_gets_in_full_is_raised() -> None:
    row = one(watch_caps(item_months([6.0] * 34 + [4.0, 2.0]), LAST))
    assert row[["comparison", "n_count", "is_raised"]].tolist() == [34, 36, True]
    assert row["value"] == pytest.approx(100 * 34 / 36)


def test_the_limit_itself_is_raised_and_one_month_less_is_not() -> None:
    full = [6.0] * 16 + [0.0] * 4
    assert one(watch_caps(item_months(full), LAST))["is_raised"]  # 16 of 20: 80 %
    assert not one(watch_caps(item_months([0.0, *full[1:]]), LAST))["is_raised"]


def test_full_points_are_met_up_to_the_rounding_of_a_rescaled_category() -> None:
    full = 4.0 * 30 / 22
    row = one(watch_caps(item_months([4.0 / 22 * 30] * 12, full=full), LAST))
    assert row["value"] == 100.0


def test_what_was_not_handed_in_or_is_a_deduction_says_nothing() -> None:
    unknown = item_months([0.0] * 12, state="not_submitted")
    row = one(watch_caps(unknown, LAST))
    assert row["n_count"] == 0
    assert np.isnan(row["value"])
    assert not row["is_raised"]
    mixed = pd.concat([item_months([6.0] * 12), unknown.assign(party_group="乙组")])
    assert one(watch_caps(mixed, LAST))[["value", "n_count"]].tolist() == [100.0, 12]
    assert watch_caps(item_months([-2.0] * 12, full=0.0), LAST).empty


def test_too_few_months_are_not_judged_and_older_ones_do_not_count() -> None:
    row = one(watch_caps(item_months([6.0] * 11), LAST))
    assert row["n_count"] == 11
    assert np.isnan(row["value"])
    old = item_months([6.0] * 12).assign(month=YEAR - 12)
    assert watch_caps(old, LAST).empty


# Bunching


def test_values_that_pile_up_just_above_a_line_are_raised() -> None:
    row = one(watch_thresholds(measured([85.2] * 9 + [84.5] * 2 + [99.0, 60.0]), lines(85.0)))
    assert row[["n_count", "is_raised"]].tolist() == [11, True]  # of 11 near values 9 or more are rare: p = .033
    assert row[["value", "comparison", "threshold"]].tolist() == pytest.approx(
        [100 * 9 / 11, 100 * 2 / 11, 100 * 9 / 11]
    )


def test_one_value_less_above_the_line_is_chance() -> None:
    row = one(watch_thresholds(measured([85.2] * 8 + [84.5] * 3 + [99.0]), lines(85.0)))
    assert not row["is_raised"]  # 8 of 11: p = .11


def test_the_rare_count_is_that_of_the_binomial_distribution() -> None:
    for near in (*range(1, 300), 1_023, 1_024, 17_280, 1_000_003):
        assert _rare_count(near) == int(binom.isf(CHANCE, near, 0.5)) + 1


def test_many_values_must_be_twice_as_many_above() -> None:
    values = [85.2] * 130 + [84.5] * 70 + [99.0]
    row = one(watch_thresholds(measured(values), lines(85.0)))
    assert row["threshold"] == 67.0  # 134 of 200, though 113 would be rare already
    assert not row["is_raised"]


def test_a_line_closes_its_band_below_and_the_width_is_open_above() -> None:
    above = one(watch_thresholds(measured([85.0] * 10 + [99.0]), lines(85.0)))
    assert above["value"] == 100.0
    below = one(watch_thresholds(measured([84.0] * 10 + [86.0, 99.0]), lines(85.0)))
    assert below[["value", "comparison", "n_count"]].tolist() == [0.0, 100.0, 10]


def test_all_lines_of_an_item_count_together_under_their_own_version() -> None:
    both = lines(75.0, 85.0)
    values = measured([75.1] * 5 + [85.1] * 5 + [99.0])
    assert one(watch_thresholds(values, both))["n_count"] == 10
    assert one(watch_thresholds(values, both.assign(rule_version="2")))["n_count"] == 0


def test_the_top_of_a_scale_is_no_line_to_pile_up_at() -> None:
    row = one(watch_thresholds(measured([100.0] * 30 + [99.5] * 3), lines(100.0)))
    assert row["n_count"] == 0
    assert np.isnan(row["value"])
    assert not row["is_raised"]


def test_too_few_near_values_are_not_judged() -> None:
    row = one(watch_thresholds(measured([85.2] * 9 + [99.0]), lines(85.0)))
    assert row[["n_count", "is_raised"]].tolist() == [9, False]
    assert np.isnan(row["value"])
    nothing = measured([85.2] * 20).assign(state="not_submitted")
    assert one(watch_thresholds(nothing, lines(85.0)))["n_count"] == 0


def test_an_even_spread_is_rarely_raised() -> None:
    draw = np.random.default_rng(20211231)
    raised = [
        bool(one(watch_thresholds(measured(draw.uniform(60, 100, 200)), lines(75.0, 85.0, 95.0)))["is_raised"])
        for _ in range(200)
    ]
    assert sum(raised) <= 10  # 5 %


# Spread


@pytest.mark.parametrize(("means", "is_raised"), [((88.0, 86.5, 85.1), True), ((88.0, 86.0, 85.0), False)])
def test_groups_within_three_points_are_raised(means: tuple[float, ...], is_raised: bool) -> None:
    row = one(watch_spread(standings(**{"2021Q4": means, "2021Q3": (90.0, 80.0, 85.0)}), QUARTER))
    assert row["value"] == pytest.approx(max(means) - min(means))
    assert row[["comparison", "threshold", "n_count", "is_raised"]].tolist() == [10.0, 3.0, 3, is_raised]


def test_one_group_has_no_spread() -> None:
    row = one(watch_spread(standings(**{"2021Q4": (88.0, None)}), QUARTER))
    assert row[["n_count", "is_raised"]].tolist() == [1, False]
    assert row[["value", "comparison"]].isna().all()
    assert one(watch_spread(standings(), QUARTER))["n_count"] == 0


# Divergence

NOISE = [0.0, 2.0] * 6  # differences from the year before: mean 1, each moving range 2
CLEAR = 2.66 * 2.0 / sqrt(12)


def test_a_change_is_measured_against_its_own_movement() -> None:
    values = pd.Series([50.0] * 12 + [50.0 + step for step in NOISE], index=TWO_YEARS)
    change = year_on_year(values, LAST)
    assert change.month_count == 12
    assert change.mean == pytest.approx(1.0)
    assert change.clear == pytest.approx(CLEAR)


def test_the_season_is_on_both_sides() -> None:
    season = [90.0, 40.0, 60.0, 55.0, 52.0, 58.0, 61.0, 47.0, 88.0, 50.0, 57.0, 63.0]
    change = year_on_year(pd.Series(season + [value + 3.0 for value in season], index=TWO_YEARS), LAST)
    assert change.mean == pytest.approx(3.0)
    assert change.clear == pytest.approx(0.0, abs=1e-9)


def test_points_that_rise_over_flat_results_are_raised() -> None:
    risen = process([50.0] * 12 + [55.0 + step for step in NOISE])
    flat = result([700.0] * 12 + [699.0 + step for step in NOISE])  # no change on average
    other = result([20.0] * 12 + [19.0 + step for step in NOISE], "inspections")
    table = watch_divergence(risen, pd.concat([flat, other]), LAST)
    assert table["is_raised"].tolist() == [True, True]
    assert table["metric"].tolist() == ["inspections", "volume_xiang"]
    assert table["value"].tolist() == pytest.approx([6.0, 6.0])
    assert table["comparison"].tolist() == pytest.approx([0.0, 0.0])
    assert table["threshold"].tolist() == pytest.approx([CLEAR, CLEAR])


def test_one_result_that_improves_clears_the_group() -> None:
    risen = process([50.0] * 12 + [55.0 + step for step in NOISE])
    flat = result([700.0] * 12 + [699.0 + step for step in NOISE])
    better = result([20.0] * 12 + [25.0 + step for step in NOISE], "inspections")
    assert not watch_divergence(risen, pd.concat([flat, better]), LAST)["is_raised"].any()
    fewer_is_better = better.assign(direction=-1)
    assert watch_divergence(risen, pd.concat([flat, fewer_is_better]), LAST)["is_raised"].all()


def test_a_rise_within_the_noise_is_no_rise() -> None:
    noisy = process([50.0] * 12 + [50.0 + step for step in NOISE])  # 1 point, clear only above 1.54
    flat = result([700.0] * 24)
    assert not watch_divergence(noisy, flat, LAST)["is_raised"].any()


def test_too_few_months_of_either_side_are_not_judged() -> None:
    risen = process([50.0] * 12 + [60.0] * 12)
    short = result([700.0] * 12 + [np.nan] * 4 + [700.0] * 8)
    row = one(watch_divergence(risen, short, LAST))
    assert row[["n_count", "is_raised"]].tolist() == [8, False]
    assert np.isnan(row["comparison"])
    new = process([np.nan] * 12 + [60.0] * 12)
    row = one(watch_divergence(new, result([700.0] * 24), LAST))
    assert row["n_count"] == 0
    assert np.isnan(row["value"])
    assert not row["is_raised"]


# Late entries


def test_entries_made_long_after_the_month_are_raised() -> None:
    row = one(watch_late_entries(entries(16, 15, 3, -2, 0, 1, 2, 4, 5, 5), LAST))
    assert row[["value", "comparison", "n_count", "is_raised"]].tolist() == [10.0, 3.5, 10, True]
    in_time = one(watch_late_entries(entries(15, 15, 3, -2, 0, 1, 2, 4, 5, 5), LAST))
    assert in_time[["value", "is_raised"]].tolist() == [0.0, False]


def test_entries_without_a_day_or_of_other_years_do_not_count() -> None:
    few = pd.concat([entries(*[40] * 9), entries(None, None), entries(*[40] * 5, month="2020-12")])
    row = one(watch_late_entries(few, LAST))
    assert row[["n_count", "is_raised"]].tolist() == [9, False]
    assert row[["value", "comparison"]].isna().all()
    assert one(watch_late_entries(entries(), LAST))["n_count"] == 0


# All together


def test_the_table_has_every_check_in_the_dictionarys_columns() -> None:
    tables = WatchedTables(
        items=pd.concat([item_months([6.0] * 36), measured([85.2] * 12 + [99.0])]),
        points=process([50.0] * 24),
        standings=standings(**{"2021Q4": (88.0, 86.0)}),
        entries=entries(1, 2),
        thresholds=lines(85.0),
        results=result([700.0] * 24),
    )
    table = goodhart_watch(tables, QUARTER)
    catalog = load_catalog()
    assert list(table.columns) == [column.column for column in catalog.columns_of("goodhart_watch")] == list(COLUMNS)
    assert set(table["check"]) == set(CHECKS)
    later = replace(tables, items=tables.items.assign(month=tables.items["month"] + 12))
    found = goodhart_watch(later, QUARTER).set_index("check")
    assert "at_cap" not in found.index  # months after the quarter are not known yet
    assert found.loc["bunching", "n_count"] == 0


def test_nothing_at_all_is_raised_on_empty_tables() -> None:
    tables = WatchedTables(
        items=item_months([]),
        points=process([50.0] * 24).iloc[:0],
        standings=standings(),
        entries=entries(),
        thresholds=lines(),
        results=result([700.0] * 24).iloc[:0],
    )
    table = goodhart_watch(tables, QUARTER)
    assert table["check"].tolist() == ["small_spread", "late_entry"]
    assert not table["is_raised"].any()
    assert table["value"].isna().all()


def test_thresholds_are_those_of_the_rule_book() -> None:
    catalog = load_catalog()
    table = list_thresholds(catalog.rules, catalog)
    assert table.groupby("item")["threshold"].apply(list).to_dict() == {
        "A2": [75.0, 85.0, 95.0],
        "A5": [60.0, 80.0, 90.0],
        "A6": [100.0],
    }
    assert set(table["width"]) == {1.0}
    close = tuple(replace(rule, bands=((91.0, 2.0), (90.0, 1.0))) for rule in catalog.rules if rule.item == "A2")
    assert set(list_thresholds(close, catalog)["width"]) == {0.5}
    counted = tuple(replace(rule, measure="theme_days") for rule in close)
    assert list_thresholds(counted, catalog).empty
