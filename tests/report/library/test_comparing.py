"""Two sides of a comparison: which values, which differences, and what is never compared."""

from dataclasses import replace
from functools import cache
from math import hypot, pi, sin, sqrt

import pandas as pd
import pytest

from pipeline.periods import months_of
from pipeline.report.library.compare_words import difference_text, notes, remark, value_text
from pipeline.report.library.comparing import (
    MARCH,
    SCORE,
    SPRING,
    TOTAL,
    Item,
    Sides,
    Value,
    difference,
    in_parts,
    items_of,
)
from pipeline.report.material.base import PageMaterial
from pipeline.report.material.lacking import ITEMS, whole_months
from pipeline.report.material.noise import monthly_noise
from pipeline.report.material.ranking import ranking_of
from pipeline.stats import xmr
from pipeline.stats.xmr import LIMIT_FACTOR
from pipeline.texts import load_texts
from tests.report.altered import with_gap
from tests.report.library_material import NEWEST
from tests.report.sample_material import GROUPS, sample_report

SELLING, ENFORCING = "营销管理", "专卖综合"
SPRING_QUARTER = pd.Period("2021Q1", freq="Q-DEC")


@cache
def sides() -> Sides:
    return Sides(sample_report())


def item(code: str) -> Item:
    rows = [*items_of(sides().material), *in_parts(items_of(sides().material))]
    return next(row for row in rows if row.code == code)


def table(name: str) -> pd.DataFrame:
    return sides().material.tables[name]


def test_points_and_metrics_are_those_of_the_tables() -> None:
    side = sides().side(SELLING, NEWEST)
    standing = table("standings_by_group_quarter").set_index(["party_group", "quarter"]).loc[(SELLING, NEWEST)]
    assert side[TOTAL].number == round(standing["points_mean"], 1)  # as printed: so is a difference
    metrics = table("metrics_by_group_quarter").set_index(["party_group", "quarter", "metric"])["value"]
    assert side["volume_xiang"].number == metrics[(SELLING, NEWEST, "volume_xiang")]
    own = table("points_by_group_month_category")
    own = own[(own["party_group"] == SELLING) & (own["category"] == "A") & own["month"].isin(months_of(NEWEST))]
    assert side["A"].number == pytest.approx(own["points"].mean())


def test_a_metric_of_others_has_no_value() -> None:
    assert sides().side(ENFORCING, NEWEST)["volume_xiang"] == Value(None, "not_owned")


def test_a_first_quarter_has_january_with_february_and_march_beside_the_whole() -> None:
    side = sides().side(SELLING, SPRING_QUARTER)
    months = table("panel").set_index(["party_group", "metric", "month"])["value"]
    january, february, march = (months[(SELLING, "volume_xiang", month)] for month in months_of(SPRING_QUARTER))
    assert side[f"volume_xiang@{SPRING}"].number == pytest.approx(january + february)
    assert side[f"volume_xiang@{MARCH}"].number == pytest.approx(march)
    assert side["volume_xiang"].number == pytest.approx(january + february + march)
    assert f"volume_xiang@{SPRING}" not in sides().side(SELLING, NEWEST)


def test_a_price_over_two_months_is_sum_by_sum() -> None:
    measures = table("measures_by_group_month")
    own = measures[(measures["party_group"] == SELLING) & (measures["measure"] == "revenue_per_case_yuan")]
    own = own[own["month"].isin(months_of(SPRING_QUARTER)[:2])]
    found = sides().side(SELLING, SPRING_QUARTER)[f"revenue_per_case_yuan@{SPRING}"]
    assert found.number == pytest.approx(own["numerator"].sum() / own["denominator"].sum())


def test_a_quarter_of_two_months_is_no_whole_sum() -> None:
    first = pd.Period("2018Q4", freq="Q-DEC")  # the records begin in November
    side = sides().side(SELLING, first)
    assert side["volume_xiang"].is_partial
    assert side["revenue_per_case_yuan"].is_partial  # nor its price that of a quarter
    found = difference(
        item("volume_xiang"),
        side["volume_xiang"],
        sides().side(SELLING, NEWEST)["volume_xiang"],
        is_same_season=True,
    )
    assert (found.number, found.reason) == (None, "partial")


def test_the_noise_of_points_is_that_of_the_report() -> None:
    left, right = sides().side(SELLING, NEWEST), sides().side(ENFORCING, NEWEST)
    whole = whole_months(table("points_by_group_month"), table(ITEMS))
    assert whole["total_points"].isna().sum() > table("points_by_group_month")["total_points"].isna().sum()
    gap = monthly_noise(whole, months_per_mean=3).clear_gap
    assert hypot(left[TOTAL].noise or 0, right[TOTAL].noise or 0) == pytest.approx(gap)
    assert ranking_of(sample_report()).months.clear_gap == gap
    assert left[SCORE].noise == pytest.approx(0.7 * (left[TOTAL].noise or 0))


def test_the_noise_of_a_sum_grows_with_its_months_and_that_of_a_price_shrinks() -> None:
    side = sides().side(SELLING, SPRING_QUARTER)
    panel = table("panel").set_index(["party_group", "metric"]).sort_index()
    for metric, factor in (("volume_xiang", sqrt(3)), ("revenue_per_case_yuan", 1 / sqrt(3))):
        months = panel.loc[(SELLING, metric)].set_index("month")["value"]
        assert side[metric].noise == pytest.approx(LIMIT_FACTOR * xmr(months)["moving_range"] * factor)
    spring, march = (side[f"volume_xiang@{part}"].noise or 0 for part in (SPRING, MARCH))
    assert spring == pytest.approx(march * sqrt(2))


@pytest.mark.parametrize(
    ("code", "left", "right", "words", "is_clear"),
    [
        ("points_mean", Value(80.25, noise=3.0), Value(80.0, noise=4.0), "+0.2 分", False),
        ("points_mean", Value(74.0, noise=3.0), Value(80.0, noise=4.0), "−6.0 分", True),
        ("plan_rate_pct", Value(97.5), Value(96.0), "+1.5 个百分点", None),
        ("volume_xiang", Value(110.0, noise=1.0), Value(100.0, noise=1.0), "+10.0%", True),
        ("revenue_per_case_yuan", Value(28_000.0), Value(30_000.0), "−6.7%", None),
    ],
)
def test_a_difference_is_in_the_unit_of_its_kind(
    code: str, left: Value, right: Value, words: str, is_clear: bool | None
) -> None:
    found = difference(item(code), left, right, is_same_season=True)
    assert difference_text(item(code), found, load_texts("zh")) == words
    assert found.is_clear is is_clear


@pytest.mark.parametrize(
    ("code", "left", "right", "reason"),
    [
        ("case_value_yuan", Value(2e6), Value(1e4), "heavy"),
        ("cases_filed", Value(3.0), Value(0.0), "no_base"),
        ("cases_filed", Value(None, "no_data"), Value(2.0), "no_data"),
        ("cases_on_time_pct", Value(90.0), Value(None, "nothing_due"), "nothing_due"),
        ("cases_filed", Value(None, "nothing_due"), Value(None, "no_data"), "no_data"),
    ],
)
def test_what_is_never_compared_says_why(code: str, left: Value, right: Value, reason: str) -> None:
    texts, found = load_texts("zh"), difference(item(code), left, right, is_same_season=True)
    assert (found.number, found.reason) == (None, reason)
    assert difference_text(item(code), found, texts) == "—"
    assert remark(item(code), found, texts, is_same_group=True) == texts(f"library.not_compared_{reason}")


def test_a_slow_season_is_never_called_clear() -> None:
    """A season of ten with a noise of one: months differ little from the next, quarters half a year apart a lot."""
    values = pd.Series([100 + 10 * sin(2 * pi * month / 12) + (-1) ** month for month in range(36)])
    noise = LIMIT_FACTOR * xmr(values)["moving_range"] / sqrt(3)
    left, right = (Value(float(values[start : start + 3].mean()), noise=noise) for start in (1, 7))
    assert abs(left.number - right.number) > hypot(noise, noise)  # what made it "clear"
    found = difference(item("plan_rate_pct"), left, right, is_same_season=False)
    assert (found.is_clear, found.has_season) == (None, True)
    assert remark(item("plan_rate_pct"), found, load_texts("zh"), is_same_group=True) == "季节不同，不判断"
    points = difference(item("points_mean"), left, right, is_same_season=False)
    assert points.is_clear  # points have no season


def test_a_month_that_is_missing_is_told_and_one_with_nothing_due_is_not() -> None:
    newest = sample_report()
    gap = with_gap(newest, "clean_market_rate_pct", "2021-11", group=ENFORCING)
    value = Sides(gap).side(ENFORCING, NEWEST)["clean_market_rate_pct"]
    whole = sides().side(ENFORCING, NEWEST)["clean_market_rate_pct"]
    assert (value.is_partial, whole.is_partial) == (True, False)
    assert (value.noise or 0) > (whole.noise or 0)  # a mean of two months moves more than one of three


def test_amounts_of_two_groups_are_for_information_only() -> None:
    texts, pair = load_texts("zh"), (Value(110.0, noise=1.0), Value(100.0, noise=1.0))
    said = {
        code: remark(item(code), difference(item(code), *pair, is_same_season=True), texts, is_same_group=False)
        for code in ("volume_xiang", "plan_rate_pct", "revenue_per_case_yuan", "points_mean")
    }
    assert [code for code, words in said.items() if "规模" in words] == ["volume_xiang"]


def test_a_missing_value_says_why() -> None:
    material = sides().material
    assert value_text(item("volume_xiang"), Value(None, "nothing_due"), material) == "没有到期事项"
    assert value_text(item("volume_xiang"), Value(5.0, is_partial=True), material) == "5.0 箱（月份不齐）"


@pytest.mark.parametrize(
    ("left", "right", "same", "words"),
    [
        ("2021Q4", "2020Q4", True, ("中秋错位", "2021年三季度", "2020年10月1日")),
        ("2021Q3", "2020Q3", True, ("中秋错位",)),
        ("2021Q1", "2020Q1", True, ("元春", "2021年2月12日", "2020年1月25日")),
        ("2021Q2", "2020Q2", True, ()),
        ("2021Q4", "2021Q3", True, ("不是同一季度",)),
        ("2021Q4", "2021Q4", True, ("两侧相同",)),
        ("2021Q4", "2021Q4", False, ("两个党小组",)),
        ("2021Q1", "2020Q2", False, ("不是同一季度", "两个党小组")),
    ],
)
def test_festivals_seasons_and_sizes_are_said(left: str, right: str, same: bool, words: tuple[str, ...]) -> None:
    first, second = (pd.Period(quarter, freq="Q-DEC") for quarter in (left, right))
    said = " ".join(notes(first, second, load_texts("zh"), is_same_group=same))
    assert [word for word in words if word not in said] == []
    assert bool(said) == bool(words)


def test_too_few_months_make_no_noise() -> None:
    few = {
        name: frame[frame["month"] > pd.Period("2021-08", "M")] if "month" in frame else frame
        for name, frame in sample_report().tables.items()
    }
    material: PageMaterial = replace(sample_report(), tables=few)
    side = Sides(material).side(GROUPS[0], NEWEST)
    assert (side[TOTAL].noise, side["A"].noise, side["volume_xiang"].noise) == (None, None, None)
