"""Whose points lack a ledger, asked in three ways: beside other months, beside other groups, and for the noise."""

from dataclasses import replace

import pandas as pd
import pytest

from pipeline.catalog import load_catalog
from pipeline.periods import months_of
from pipeline.report.annual.headline import change_sentence, data_sentence, year_standing_sentence
from pipeline.report.annual.model_group import model_group_sentence
from pipeline.report.annual.view import build_year
from pipeline.report.material.gaps import points_gaps_of
from pipeline.report.material.lacking import ITEMS, Gap, compared_months, points_gaps, unequal_groups, whole_months
from pipeline.report.material.ranking import ranking_of
from pipeline.report.quarterly.sections_standings import show_standings
from pipeline.texts import load_texts
from tests.report.altered import with_points, with_table
from tests.report.pages import text_of
from tests.report.sample_material import sample_report
from tests.report.year_material import year_reading, year_tables

QUARTER = pd.Period("2021Q4", "Q-DEC")
GROUPS = ("甲", "乙", "丙")
OWNED_BY_ALL, OF_TWO = "B3", "C1"


def items(**lacking: str) -> pd.DataFrame:
    """Half a year of three groups, everything handed in but ``group_item="months"``; 丙 does not own C1."""
    months = compared_months(QUARTER)
    rows = [
        {"party_group": group, "month": month, "item": item, "state": "scored"}
        for group in GROUPS
        for month in months
        for item in (OWNED_BY_ALL, OF_TWO)
    ]
    table = pd.DataFrame(rows)
    table.loc[(table["party_group"] == "丙") & (table["item"] == OF_TWO), "state"] = "not_attributed"
    for place, named in lacking.items():
        group, item = place.split("_")
        own = (table["party_group"] == group) & (table["item"] == item)
        table.loc[own & table["month"].astype(str).isin(named.split()), "state"] = "not_submitted"
    return table


def months(*names: str) -> tuple[pd.Period, ...]:
    return tuple(pd.Period(name, "M") for name in names)


def test_a_month_without_a_ledger_is_a_gap_beside_other_months() -> None:
    found = points_gaps(items(甲_B3="2021-08 2021-11"), GROUPS, compared_months(QUARTER))
    assert found == (Gap("甲", months("2021-08", "2021-11")),)
    assert points_gaps(items(甲_B3="2021-08"), GROUPS, months_of(QUARTER)) == ()


def test_a_ledger_that_the_bureau_never_kept_is_no_gap() -> None:
    always = " ".join(str(month) for month in compared_months(QUARTER))
    never = items(甲_C1=always, 乙_C1=always)
    assert points_gaps(never, GROUPS, compared_months(QUARTER)) == ()
    assert unequal_groups(never, GROUPS, months_of(QUARTER)) == ()


def test_a_ledger_that_was_handed_in_and_could_not_be_read_is_kept_and_a_gap() -> None:
    """Most workbooks of a bureau were cut in half: its points are those of the few that are left, alike in all groups.

    A workbook beside it that could be read, and one that nothing is scored from, make no gap.
    """
    report = sample_report()
    submissions = report.tables["submissions"]
    never = report.tables[ITEMS].assign(state=lambda items: items["state"].mask(items["item"] == "B3", "not_submitted"))

    def gaps(**states: str) -> tuple[Gap, ...]:
        told = submissions.assign(state=submissions["kind"].map(lambda kind: states.get(kind, "submitted")))
        return points_gaps_of(with_table(with_table(report, ITEMS, never), "submissions", told))

    lacking = gaps(guidance="unreadable")
    assert [gap.party_group for gap in lacking] == list(report.groups)
    assert all(set(report.months) <= set(gap.months) for gap in lacking)
    assert (
        {gap.months for gap in gaps(mutual_review="unreadable")}
        == {gap.months for gap in gaps()}
        == {months("2021-12")}
    )


def test_what_no_group_has_in_a_month_is_alike_for_all_who_own_it() -> None:
    alike = items(甲_B3="2021-11", 乙_B3="2021-11", 丙_B3="2021-11")
    assert unequal_groups(alike, GROUPS, months_of(QUARTER)) == ()
    assert len(points_gaps(alike, GROUPS, months_of(QUARTER))) == 3  # the month is no match for the other months
    owners_alone = items(甲_C1="2021-11", 乙_C1="2021-11")
    assert unequal_groups(owners_alone, GROUPS, months_of(QUARTER)) == ("甲", "乙")


def test_noise_is_asked_of_whole_months_alone() -> None:
    table = items(甲_B3="2021-11")
    points = table[["party_group", "month"]].drop_duplicates().assign(total_points=50.0)
    whole = whole_months(points, table)
    missing = whole[whole["total_points"].isna()]
    assert list(zip(missing["party_group"], missing["month"], strict=True)) == [("甲", months("2021-11")[0])]


@pytest.mark.parametrize(("item", "is_ranked"), [("B3", False), (None, True)])
def test_nobody_is_ranked_where_one_group_lacks_a_ledger(item: str | None, is_ranked: bool) -> None:
    report = with_points(sample_report(), 营销管理=95.0, 专卖综合=70.0, 驮卢片区=60.0)
    table = report.tables[ITEMS].copy()
    table["state"] = table["state"].mask(table["state"] == "not_submitted", "scored")
    own = (table["party_group"] == "驮卢片区") & (table["month"] == report.months[1]) & (table["item"] == item)
    report = with_table(report, ITEMS, table.assign(state=table["state"].mask(own, "not_submitted")))
    assert ranking_of(report).is_spread_clear is is_ranked
    words = text_of(show_standings(report))
    assert ("位次" in words) is is_ranked
    assert ("驮卢片区有月份台账不全" in words) is not is_ranked


def test_a_year_that_lacks_a_ledger_is_told_and_not_judged() -> None:
    report = build_year(year_reading(), year_tables("2021Q4"), QUARTER, load_texts("zh"), load_catalog())
    table = report.tables[ITEMS].copy()
    table["state"] = table["state"].mask(table["state"] == "not_submitted", "scored")
    whole = replace(report, tables={**report.tables, ITEMS: table})
    assert "台账不全" not in data_sentence(whole) + year_standing_sentence(whole) + change_sentence(whole)
    own = (table["party_group"] != "驮卢片区") & (table["month"] == pd.Period("2021-05", "M")) & (table["item"] == "B3")
    lacking = replace(
        report, tables={**report.tables, ITEMS: table.assign(state=table["state"].mask(own, "not_submitted"))}
    )
    assert "台账不全的月份（营销管理 5月；专卖综合 5月）" in data_sentence(lacking)
    assert "年度得分里有台账不全的月份（营销管理 5月；专卖综合 5月）" in model_group_sentence(lacking)
    assert "不全" not in model_group_sentence(whole)
    assert "营销管理、专卖综合有月份台账不全，不排名次" in year_standing_sentence(lacking)
    assert "较上年变动最大" not in change_sentence(lacking)  # the third group is one of other people since June
    everybody = own | ((table["month"] == pd.Period("2021-05", "M")) & (table["item"] == "B3"))
    alike = replace(
        report, tables={**report.tables, ITEMS: table.assign(state=table["state"].mask(everybody, "not_submitted"))}
    )
    assert change_sentence(alike).startswith("今年或上年各组都有月份台账不全：均分较上年的变动只列出，不判断大小。")
    assert "各组缺的一样，不能与其他月份直接相比" in data_sentence(alike)
    assert "不全" not in year_standing_sentence(alike)
