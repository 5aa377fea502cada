"""Numbers and dates in the words of the report."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from pipeline.catalog import load_catalog
from pipeline.report.material.numbers import (
    correlation_text,
    date_text,
    joined,
    listed,
    metric_change,
    metric_value,
    points_text,
    printed_change,
    quantity,
    quarter_text,
    short_month_text,
)
from pipeline.texts import load_texts

ZH, EN = load_texts("zh"), load_texts("en")
CATALOG = load_catalog()


@pytest.mark.parametrize(
    ("metric", "value", "zh", "en"),
    [
        ("volume_xiang", 2043.46, "2,043.5 箱", "2,043.5 xiang"),
        ("revenue_per_case_yuan", 28_304.4, "28,304 元", "28,304 yuan"),  # a price is never in 万元
        ("case_value_yuan", 63_449.0, "6.34 万元", "63,449 yuan"),
        ("case_value_yuan", -20_000.0, "−2.00 万元", "−20,000 yuan"),
        ("case_value_yuan", 9_203.0, "9,203 元", "9,203 yuan"),
        ("class1_share_pct", 24.25, "24.2%", "24.2%"),
        ("cases_filed", 0, "0 起", "0 cases"),
        ("inspections", np.nan, "—", "—"),
    ],
)
def test_a_value_has_its_unit_and_no_more_digits_than_the_data(metric: str, value: float, zh: str, en: str) -> None:
    entry = CATALOG.metrics[metric]
    assert metric_value(value, entry, CATALOG, ZH) == zh
    assert metric_value(value, entry, CATALOG, EN) == en


def test_rates_change_in_points_and_amounts_in_per_cent() -> None:
    assert metric_change(-1.24, CATALOG.metrics["class1_share_pct"], ZH) == "−1.2 个百分点"
    assert metric_change(3.18, CATALOG.metrics["volume_xiang"], ZH) == "+3.2%"
    assert metric_change(pd.NA, CATALOG.metrics["volume_xiang"], ZH) == "—"


def test_a_change_is_the_difference_of_what_is_printed() -> None:
    assert printed_change(77.06, 71.03, 1) == 6.1  # 77.1 less 71.0, where the numbers themselves are 6.03 apart
    assert printed_change(98.24, 98.16, 1) == 0.0
    assert printed_change(None, 71.03, 1) is None
    assert printed_change(71.03, float("nan"), 1) is None


def test_points_correlations_and_days() -> None:
    assert points_text(-10.05, ZH, signed=True) == "−10.1 分"
    assert correlation_text(0.7349) == "0.73"
    assert correlation_text(float("nan")) == "—"
    assert quantity(1096, "d", 0, ZH) == "1,096 天"


def test_periods_in_both_languages() -> None:
    assert quarter_text(pd.Period("2021Q4"), ZH) == "2021年四季度"
    assert quarter_text(pd.Period("2021Q4"), EN) == "Q4 2021"
    assert short_month_text(pd.Period("2021-10", "M"), ZH) == "10月"
    assert short_month_text(pd.Period("2021-10", "M"), EN) == "Oct"
    assert date_text(date(2021, 2, 5), ZH) == "2021年2月5日"
    assert date_text(date(2021, 2, 5), EN) == "2021-02-05"


def test_lists_and_sentences_join_as_the_language_wants() -> None:
    assert listed(["甲", "乙"], ZH) == "甲、乙"
    assert listed(["a", "b"], EN) == "a, b"
    assert joined(["一。", "", "二。"], ZH) == "一。二。"
    assert joined(["One.", "Two."], EN) == "One. Two."
    assert joined([], EN) == ""


def test_one_of_a_thing_is_singular() -> None:
    texts = load_texts("en")
    assert quantity(1, "d", 0, texts) == "1 day"
    assert quantity(2, "d", 0, texts) == "2 days"
    assert quantity(1, "points", 0, texts) == "1 points"  # a unit without a singular keeps its only form
