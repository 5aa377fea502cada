"""The mutual review on the quarter's page: scores that add up, self-ratings that never count, leniency in figures."""

from dataclasses import replace
from functools import cache

import pandas as pd
import pytest

from pipeline.catalog import load_catalog
from pipeline.ingest.bureau import Reading
from pipeline.report.material.quarter import QuarterReport, build_quarter
from pipeline.report.quarterly.sections_reviews import leniency_sentence, self_sentence, show_reviews
from pipeline.texts import load_texts
from tests.report.pages import text_of
from tests.report.year_material import MARKETING, derive, without, year_reading, year_tables

TABLES = ("standings_by_group_quarter", "mutual_review_matrix", "mutual_review_by_group_quarter")


def report_from(reading: Reading, derived: dict[str, pd.DataFrame], quarter: str, lang: str = "zh") -> QuarterReport:
    tables = {name: derived[name] for name in TABLES} | {"coverage": reading.tables["coverage"]}
    return build_quarter(reading, tables, pd.Period(quarter, "Q-DEC"), load_texts(lang), load_catalog())


@cache
def report_of(quarter: str, lang: str = "zh") -> QuarterReport:
    return report_from(year_reading(), year_tables("2021Q4"), quarter, lang)


@cache
def words_of(quarter: str) -> str:
    return text_of(show_reviews(report_of(quarter)))


def test_the_quarter_score_is_shown_with_its_weights() -> None:
    words = words_of("2021Q4")
    assert "季度得分 = 0.70 × 积分均值 + 0.15 × 支委评分 + 0.15 × 互评得分" in words
    assert "营销管理：0.70 × 54.99 + 0.15 × 90.00 + 0.15 × 91.50 = 65.72" in words


def test_weights_are_those_of_the_bureaus_rule_book() -> None:
    report = report_of("2021Q4")
    values = {"points_mean": 0.5, "committee_score": 0.5, "mutual_score": 0.0}
    own = tuple(
        replace(term, version="默认1.0", value=values[term.name])
        for term in report.bureau.terms
        if term.term == "quarter_score"
    )
    report = replace(report, bureau=replace(report.bureau, terms=(*report.bureau.terms, *own)))
    words = text_of(show_reviews(report))
    assert "季度得分 = 0.50 × 积分均值 + 0.50 × 支委评分；" in words  # a part without weight is not in the sum


def test_what_a_score_lacks_is_named() -> None:
    reading = without(year_reading(), "quarter_assessments")
    words = text_of(show_reviews(report_from(reading, derive(reading, "2021Q4"), "2021Q4")))
    assert "营销管理：缺支委评分，没有季度得分。" in words


def test_self_ratings_are_shown_as_not_counted() -> None:
    words = words_of("2021Q1")
    assert "营销管理 98.0（自评，不计） 92.0 94.0 93.0" in words
    assert "他评均分 91.5 91.0 92.5" in words
    shown = "".join(str(output.data["text/html"]) for output in show_reviews(report_of("2021Q1")).outputs())
    assert shown.count("tone-muted") == 3
    assert shown.index("98.0（自评，不计）") > shown.index("tone-muted")


def test_leniency_and_self_ratings_are_sentences_with_figures() -> None:
    words = words_of("2021Q4")
    assert "营销管理给其他组打分的均值是 93.0 分，比别的组给同样对象的分高 2.5 分。" in words
    assert "专卖综合给其他组打分的均值是 90.5 分，比别的组给同样对象的分低 3.0 分。" in words
    assert "营销管理自评 98.0 分，他评均分 91.5 分，自评高 6.5 分。" in words
    assert "每个组最多只有 2 个组评价" in words


@pytest.mark.parametrize(
    ("given", "apart", "says"),
    [
        (90.0, None, "看不出宽严"),
        (90.0, 0.04, "持平"),
        (90.0, -0.04, "持平"),
        (90.0, 0.05, "高 0.1 分"),
        (90.0, -2.0, "低 2.0 分"),
        (None, None, "没有给其他组打分"),
    ],
)
def test_every_case_of_leniency_has_its_sentence(given: float | None, apart: float | None, says: str) -> None:
    row = {"given_mean": given, "leniency_points": apart}
    assert says in leniency_sentence(report_of("2021Q4"), MARKETING, row)


@pytest.mark.parametrize(
    ("own", "received", "gap", "says"),
    [
        (None, 90.0, None, "没有自评"),
        (95.0, None, None, "没有他评可比"),
        (90.0, 90.0, 0.0, "持平"),
        (85.0, 90.0, -5.0, "自评低 5.0 分"),
    ],
)
def test_every_case_of_self_rating_has_its_sentence(
    own: float | None, received: float | None, gap: float | None, says: str
) -> None:
    row = {"self_score": own, "received_mean": received, "self_gap_points": gap}
    assert says in self_sentence(report_of("2021Q4"), MARKETING, row)


def test_items_stand_only_where_the_review_has_them() -> None:
    assert "党小组会 90.5 90.0 91.5 党课 92.5 92.0 93.5" in words_of("2021Q4")
    assert "分项目的他评均分" not in words_of("2021Q1")


def test_a_quarter_without_a_review_says_so() -> None:
    reading = without(year_reading(), "mutual_reviews")
    words = text_of(show_reviews(report_from(reading, derive(reading, "2021Q4"), "2021Q4")))
    assert "本季没有互评表" in words
    assert "缺互评得分，没有季度得分" in words


def test_the_last_four_quarters_stand_beside_each_other() -> None:
    words = words_of("2021Q1")
    assert "营销管理 2020年二季度" in words
    assert "2020年一季度" not in words
    assert "2021年二季度" not in words


def test_the_other_language_says_the_same() -> None:
    words = text_of(show_reviews(report_of("2021Q4", "en")))
    assert (
        "营销管理 gave the others 93.0 points on average, 2.5 points more than other raters gave the same groups."
        in words
    )
