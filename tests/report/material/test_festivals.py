"""What is said about festivals, by quarter; Mid-Autumn fell on 2019-09-13, 2020-10-01 and 2021-09-21."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipeline.catalog import load_catalog
from pipeline.report.material.festivals import combined, festival_note, january_and_february
from pipeline.report.quarterly.sections_metrics import show_metrics
from tests.report.pages import text_of
from tests.report.sample_material import sample_report


def note_of(quarter: str) -> str | None:
    """What is said in a report of that quarter, by calendars alone: no table of it is looked at."""
    return festival_note(replace(sample_report(), quarter=pd.Period(quarter, "Q-DEC"), tables={}))


@pytest.mark.parametrize(
    ("quarter", "words"),
    [
        ("2021Q4", "去年 2020年10月1日 在同一季度"),
        ("2021Q3", "今年中秋 2021年9月21日 在2021年三季度"),
        ("2020Q4", "今年中秋 2020年10月1日 在2020年四季度"),
        ("2020Q3", "今年中秋 2020年10月1日 不在2020年三季度"),
        ("2021Q1", "今年春节 2021年2月12日，去年 2020年1月25日"),
    ],
)
def test_a_moving_festival_is_named(quarter: str, words: str) -> None:
    note = note_of(quarter)
    assert note is not None
    assert words in note


@pytest.mark.parametrize("quarter", ["2021Q2", "2019Q4", "2019Q3"])
def test_quarters_that_compare_need_no_note(quarter: str) -> None:
    assert note_of(quarter) is None


def test_january_and_february_are_added_up() -> None:
    report = sample_report(quarter="2021Q1")
    volume = report.catalog.metrics["volume_xiang"]
    panel = report.tables["panel"]
    own = panel[(panel["party_group"] == "营销管理") & (panel["metric"] == "volume_xiang")]
    values = dict(zip(own["month"].astype(str), own["value"], strict=True))
    both = january_and_february(report, "营销管理", volume)
    assert both.value == pytest.approx(values["2021-01"] + values["2021-02"])
    assert both.last_year == pytest.approx(values["2020-01"] + values["2020-02"])
    assert "1—2月合并（元春）" in text_of(show_metrics(report))


def test_a_rate_of_two_months_is_sum_over_sum() -> None:
    catalog = load_catalog()
    rows = pd.DataFrame({"value": [50.0, 10.0], "numerator": [50.0, 30.0], "denominator": [100.0, 300.0]})
    assert combined(rows, catalog.metrics["plan_rate_pct"], catalog) == pytest.approx(20.0)  # not 30, the mean of rates
    gap = rows.assign(numerator=[50.0, np.nan])
    assert combined(gap, catalog.metrics["plan_rate_pct"], catalog) is None
    nothing_due = rows.assign(denominator=0.0)
    assert combined(nothing_due, catalog.metrics["plan_rate_pct"], catalog) is None
