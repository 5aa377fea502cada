"""No person is named on the page: not in a table, a title, a chart's hover text, nor in the frame around it."""

import json
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
import pytest

from pipeline.catalog import load_catalog
from pipeline.points import score_points
from pipeline.report.material.privacy import (
    NAME_COLUMNS,
    Redactor,
    checked_view,
    known_names,
    managers_view,
    public_view,
)
from pipeline.report.material.quarter import QuarterReport, build_quarter
from pipeline.report.quarterly.headline import page_frame
from pipeline.report.quarterly.sections_detail import show_detail
from pipeline.texts import load_texts
from tests.readings import make_table
from tests.report.pages import SECTIONS, outputs_of, text_of
from tests.report.sample_material import SECRETS, derived_tables, sample_reading, sample_report


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_name_reaches_the_page(lang: str) -> None:
    report = sample_report(lang)
    shown = [output.data for section in SECTIONS for output in outputs_of(section(report))]
    text = json.dumps([*shown, str(page_frame(report))], ensure_ascii=False)
    assert "×××积分.xlsx" in text  # the refused file that bears a member's name
    assert "×××牵头的无证户整治" in text  # a topic that names its leader
    assert [name for name in SECRETS if name in text] == []


def test_nothing_that_a_faulty_cell_holds_is_kept() -> None:
    words = " ".join(map(repr, sample_report().findings))
    assert "×××" in words  # the sheet that is named after a member
    assert [name for name in SECRETS if name in words] == []


def test_tables_keep_only_what_managers_may_see() -> None:
    catalog = load_catalog()
    frame = sample_reading().tables["decisions"].assign(stray="x")
    kept = managers_view(frame, "decisions", catalog)
    assert {"decision_no", "topic", "party_group", "source_file"} <= set(kept.columns)
    assert {"owner", "decision", "stray"} & set(kept.columns) == set()


def test_longer_names_are_masked_first_and_single_characters_stay() -> None:
    redact = Redactor(frozenset({"张三", "张三丰"}))
    assert redact("张三丰、张三") == "×××、×××"
    assert Redactor(frozenset())("张三") == "张三"


@pytest.mark.parametrize("written", ["李四", "李 四", "李　四", "李 　四"])
def test_a_name_is_masked_with_white_space_in_it(written: str) -> None:
    assert Redactor(frozenset({"李四"}))(f"由{written}负责") == "由×××负责"
    assert Redactor(frozenset({"李　四"}))(f"由{written}负责") == "由×××负责"


@pytest.mark.parametrize(
    "number",
    ["13812345678", "138 1234 5678", "138-1234-5678", "138****0001", "0771-1234567", "07711234567", "7812345"],
)
def test_phone_numbers_are_masked(number: str) -> None:
    assert Redactor(frozenset())(f"电话{number}。") == "电话×××。"


@pytest.mark.parametrize("text", ["决〔2021〕59号", "2021-161", "2021-0161", "20211231.xlsx", "2021-10-03", "123456"])
def test_numbers_of_matters_and_dates_stay(text: str) -> None:
    assert Redactor(frozenset({"李四"}))(text) == text


def test_who_handled_or_recorded_is_a_name_and_an_office_is_not() -> None:
    catalog, reading = load_catalog(), sample_reading()
    opinions = pd.DataFrame({"collector": ["农建国"], "handler": ["韦小宝"]})
    ledger = pd.DataFrame({"recorded_by": ["梁大海", "专卖管理股"]})
    tables = {**reading.tables, "opinions": opinions, "points_ledger": ledger}
    names = known_names(replace(reading, tables=tables), catalog)
    assert {"农建国", "韦小宝", "梁大海"} <= names
    assert "专卖管理股" not in names


def test_shop_keepers_are_names() -> None:
    assert ("unlicensed_shops", "operator") in NAME_COLUMNS
    reading = sample_reading()
    keeper = reading.tables["unlicensed_shops"]["operator"].iloc[0]
    assert Redactor(known_names(reading, load_catalog()))(f"{keeper}的商店") == "×××的商店"


def test_nicknames_are_names_and_group_words_are_not() -> None:
    catalog, reading = load_catalog(), sample_reading()
    names = known_names(reading, catalog)
    assert set(SECRETS) <= names
    assert not names & {"营销管理", "驮卢片区", "专卖综合党小组"}


def test_a_mean_of_four_members_is_withheld_and_what_it_earned_is_not() -> None:
    catalog = load_catalog()
    counts = pd.Series([4, 5, None], dtype="Int64")
    items = pd.DataFrame({"item": ["a", "b", "c"], "value": [93.7, 88.2, 4.0], "points": [4.0, 3.0, 1.0]})
    shown = managers_view(items.assign(averaged_members=counts), "points_by_group_month_item", catalog)
    assert shown["value"].isna().tolist() == [True, False, False]
    assert shown["points"].tolist() == [4.0, 3.0, 1.0]
    measures = pd.DataFrame({"value": [93.7, 88.2, 4.0], "numerator": [93.7, 88.2, 4.0], "averaged_members": counts})
    shown = managers_view(measures, "measures_by_group_month", catalog)
    assert shown[["value", "numerator"]].isna().all(axis=1).tolist() == [True, False, False]


def with_quiz(scores: Mapping[str, tuple[str, float]]) -> QuarterReport:
    """The hand-made quarter with one session of a quiz in November, best attempts by member."""
    catalog, reading, quarter = load_catalog(), sample_reading(), pd.Period("2021Q4", "Q-DEC")
    rows = [
        {"session_on": "2021-11-10", "member": member, "score": mark, "party_group": group}
        for member, (group, score) in scores.items()
        for mark in (score, score - 20.0)  # a second attempt is no second member
    ]
    quiz = make_table("quiz_results", catalog, rows)
    full = replace(reading, tables={**reading.tables, "quiz_results": quiz})
    derived = {**derived_tables(quarter), **score_points(full, catalog, quarter).tables}
    return build_quarter(full, derived, quarter, load_texts("zh"), catalog)


def test_the_page_gives_no_score_of_a_group_of_four_away() -> None:
    four = {name: ("营销管理", 93.0 + place) for place, name in enumerate(("覃桂芳", "陆小北", "丙", "丁"))}
    marks = (("张三丰", 81.0), ("甲", 82.0), ("乙", 86.5), ("戊", 83.0), ("己", 83.5))
    report = with_quiz(four | {name: ("专卖综合", score) for name, score in marks})
    words = text_of(show_detail(report))
    assert "参加不足 5 人，均分不列 → 4.0/4.0" in words
    assert "94.5" not in words
    assert "83.2 分 → 4.1/5.5" in words  # of five: the mean may be seen
    for name in ("points_by_group_month_item", "measures_by_group_month"):
        view = report.tables[name]
        assert not view.select_dtypes("number").isin([94.5]).any(axis=None)
        assert set(view["averaged_members"].dropna()) == {4, 5}


@pytest.mark.parametrize(
    ("rated", "five", "shown"),
    [(4, 1, False), (5, 0, True), (5, 3, True), (5, 4, False), (5, 5, False), (6, 4, True), (None, 1, False)],
)
def test_stars_are_counted_only_where_nobody_s_can_be_told(rated: int | None, five: int, shown: bool) -> None:
    catalog = load_catalog()
    counts = pd.DataFrame({"rated_count": [rated], "five_star_count": [five]}, dtype="Int64")
    for table in ("stars_by_group_quarter", "annual_by_group_year"):
        for view in (managers_view(counts, table, catalog), public_view(counts, table, catalog)):
            assert view["five_star_count"].notna().tolist() == [shown]
            assert view["rated_count"].equals(counts["rated_count"])


def test_a_condition_on_what_is_left_out_keeps_its_verdict_only() -> None:
    checks = pd.DataFrame(
        {"party_group": "甲", "year": [2020, 2021, 2021, 2021], "is_met": True, "value": [90.0, 91.0, 3.0, 12.0]}
    ).assign(condition=["quiz_mean", "quiz_mean", "five_star_count", "group_meetings"])
    measures = pd.DataFrame(
        {
            "party_group": "甲",
            "measure": ["quiz_mean", "quiz_mean", "quiz_mean", "group_meetings"],
            "month": pd.PeriodIndex(["2020-12", "2021-01", "2021-02", "2021-02"], freq="M"),
            "averaged_members": pd.array([5, 5, 4, None], dtype="Int64"),
        }
    )
    years = pd.DataFrame({"party_group": "甲", "year": [2021], "five_star_count": pd.array([None], dtype="Int64")})
    shown = checked_view(checks, years, measures)
    assert shown["value"].isna().tolist() == [False, True, True, False]
    assert shown["is_met"].all()


def test_columns_without_names_are_left_alone() -> None:
    catalog = load_catalog()
    frame = pd.DataFrame({"party_group": ["甲"], "days_overdue_d": [3]})
    assert list(managers_view(frame, "overdue", catalog).columns) == ["party_group", "days_overdue_d"]
