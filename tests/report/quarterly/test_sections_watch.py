"""The Goodhart watch in sentences: every figure of a row is in its words, raised, quiet or not judged."""

import re

import pytest

from pipeline.report.material.quarter import QuarterReport
from pipeline.report.quarterly.sections_watch import Watched, show_watch, watch_sentences
from tests.readings import make_table
from tests.report.altered import with_table
from tests.report.pages import text_of
from tests.report.sample_material import sample_report

MARKETING, ENFORCEMENT = "营销管理", "专卖综合"


def with_watch(*rows: dict[str, object], lang: str = "zh") -> QuarterReport:
    report = sample_report(lang)
    listed = [{"is_raised": False, **row} for row in rows]
    table = make_table("goodhart_watch", report.catalog, listed)
    return with_table(report, "goodhart_watch", table[list(report.tables["goodhart_watch"].columns)])


def only(*rows: dict[str, object], lang: str = "zh") -> Watched:
    (entry,) = watch_sentences(with_watch(*rows, lang=lang))
    return entry


def at_cap(value: float | None = 100 * 34 / 36, n: int = 36, raised: bool = True) -> dict[str, object]:
    count = None if value is None else round(value * n / 100)
    figures = {"value": value, "comparison": count, "threshold": 80.0}
    return {"check": "at_cap", "item": "A1", **figures, "n_count": n, "is_raised": raised}


def test_an_item_at_its_cap() -> None:
    raised = only(at_cap())
    assert raised.state == "raised"
    assert raised.sentence == (
        "A1 党小组会按月召开：近 12 个月的 36 个小组月里有 34 个拿满分（94.4%，界限 80.0%），已分不出高低。"
    )
    quiet = only(at_cap(50.0, 36, raised=False))
    assert (quiet.state, "18 个拿满分（50.0%" in quiet.sentence) == ("quiet", True)
    assert "分不出" not in quiet.sentence
    unknown = only(at_cap(None, 5, raised=False))
    assert unknown.state == "unknown"
    assert "只有 5 个小组月有数" in unknown.sentence


def test_an_item_that_the_rule_book_no_longer_has_keeps_its_code() -> None:
    assert only({**at_cap(), "item": "Z9"}).sentence.startswith("Z9：")


def test_bunching_at_a_line() -> None:
    row = {"check": "bunching", "item": "A5", "value": 75.0, "comparison": 25.0, "threshold": 70.0, "n_count": 20}
    raised = only({**row, "is_raised": True})
    assert raised.sentence.startswith(
        "A5 学习答题均分：离分数线不到 1 的 20 个值里，15 个刚好过线（75.0%），5 个差一点没过"
    )
    assert "70.0%" in raised.sentence
    assert "15 个过线" in only(row).sentence
    unknown = only({"check": "bunching", "item": "A5", "n_count": 3})
    assert (unknown.state, "只有 3 个值" in unknown.sentence) == ("unknown", True)


def test_a_small_spread() -> None:
    row = {"check": "small_spread", "value": 1.3, "comparison": 4.25, "threshold": 3.0, "n_count": 3}
    assert only({**row, "is_raised": True}).sentence == (
        "3 个组的月积分均值最高和最低只差 1.3 分（不到 3.0 分），积分分不出高低，不宜据此奖惩。上季相差 4.2 分。"
    )
    first = only({**row, "value": 5.0, "comparison": None})
    assert (first.state, "上季" in first.sentence) == ("quiet", False)
    assert only({"check": "small_spread", "n_count": 1}).state == "unknown"


def diverging(metric: str, change: float | None, group: str = MARKETING, **more: object) -> dict[str, object]:
    row = {"check": "diverging", "party_group": group, "metric": metric, "value": 5.2, "comparison": change}
    return {**row, "threshold": 2.1, "n_count": 12, **more}


def test_points_that_rise_over_flat_results_are_one_sentence_a_group() -> None:
    rows = [diverging("volume_xiang", 3.21), diverging("new_product_shelf_rate_pct", -0.4)]
    raised = only(*({**row, "is_raised": True} for row in rows))
    assert raised.state == "raised"
    assert raised.sentence.startswith(
        "营销管理：近四个季度的过程积分平均比前四个季度高（+5.2 分，超出逐月波动的 2.1 分）"
    )
    assert "销量 +3.2 箱、新品上柜率 −0.4 个百分点" in raised.sentence
    quiet = only(*rows)
    assert (quiet.state, "+5.2 分" in quiet.sentence) == ("quiet", True)
    both = watch_sentences(with_watch(*rows, diverging("inspections", 1.0, ENFORCEMENT)))
    assert [entry.sentence[:4] for entry in both] == [MARKETING, ENFORCEMENT]


def test_divergence_without_enough_months_is_not_judged() -> None:
    few = only(diverging("volume_xiang", None, value=None, threshold=None, n_count=4))
    assert (few.state, "只有 4 个月" in few.sentence) == ("unknown", True)
    assert only(diverging("volume_xiang", None, n_count=2)).state == "unknown"  # no result can be compared
    partly = only(diverging("volume_xiang", 1.0), diverging("revenue_per_case_yuan", None))
    assert "单箱销售额" not in partly.sentence


@pytest.mark.parametrize(("median", "words"), [(18.0, "月末后 18 天"), (-2.0, "月末前 2 天"), (0.0, "月末后 0 天")])
def test_late_entries(median: float, words: str) -> None:
    row = {"check": "late_entry", "value": 25.0, "comparison": median, "threshold": 10.0, "n_count": 12}
    raised = only({**row, "is_raised": True})
    assert "有登记日期的 12 条，3 条在月末 15 天以后才登记（25.0%，界限 10.0%）" in raised.sentence
    assert words in raised.sentence
    assert only(row).state == "quiet"
    assert only({"check": "late_entry", "n_count": 0}).sentence.endswith("只有 0 条，不判断登记是否及时。")


def test_the_section_counts_shows_what_is_raised_and_folds_the_rest() -> None:
    report = with_watch(
        at_cap(), {**at_cap(50.0, 36, raised=False), "item": "A2"}, {"check": "late_entry", "n_count": 2}
    )
    words = text_of(show_watch(report))
    assert "共检查 3 项：需留意 1 项，未见异常 1 项，数据不够 1 项。" in words
    places = [words.index(part) for part in ("A1 党小组会", "未见异常的 1 项", "A2 到会率", "没有判断的 1 项")]
    assert places == sorted(places)
    quiet = text_of(show_watch(with_watch({**at_cap(50.0, 36, raised=False)})))
    assert "没有需留意的" in quiet


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_sentence_of_a_real_table_is_complete(lang: str) -> None:
    report = sample_report(lang)
    entries = watch_sentences(report)
    table = report.tables["goodhart_watch"]
    groups = table.loc[table["check"] == "diverging", "party_group"].nunique()
    assert len(entries) == (table["check"] != "diverging").sum() + groups
    for entry in entries:
        assert not re.search(r"nan|NaT|None|<NA>|[{}]", entry.sentence), entry.sentence
        assert re.search(r"\d", entry.sentence), entry.sentence


def test_raised_rows_and_raised_sentences_agree() -> None:
    report = sample_report()
    table = report.tables["goodhart_watch"]
    raised = table[table["is_raised"]]
    single = (raised["check"] != "diverging").sum()
    groups = raised.loc[raised["check"] == "diverging", "party_group"].nunique()
    assert sum(entry.state == "raised" for entry in watch_sentences(report)) == single + groups > 0
