"""The annual review and the conditions of the model group on a year made by hand."""

from dataclasses import replace

import pandas as pd
import pytest

from tests.report.year_material import ENFORCEMENT, MARKETING, TERRITORY, derive, without, year_reading, year_tables


def year_of(tables: dict[str, pd.DataFrame], year: int = 2021) -> pd.DataFrame:
    table = tables["annual_by_group_year"]
    return table[table["year"] == year].set_index("party_group")


def checks_of(tables: dict[str, pd.DataFrame], group: str, year: int = 2021) -> pd.DataFrame:
    table = tables["model_group_checks"]
    return table[(table["year"] == year) & (table["party_group"] == group)].set_index("condition")


def test_the_year_score_is_the_mean_of_quarters_and_the_appraisal() -> None:
    tables = year_tables("2021Q4")
    standings = tables["standings_by_group_quarter"]
    own = standings[(standings["party_group"] == MARKETING) & (standings["quarter"].dt.year == 2021)]
    year = year_of(tables).loc[MARKETING]
    assert year["quarter_mean"] == pytest.approx(own["quarter_score"].mean())
    assert year["year_score"] == pytest.approx(0.80 * own["quarter_score"].mean() + 0.20 * 88.0)


def test_what_is_said_at_the_end_of_a_year_is_not_known_before() -> None:
    year = year_of(year_tables("2021Q3"))
    assert year["quarter_count"].to_list() == [3, 3, 3]
    assert year[["peer_appraisal", "year_score", "rank", "vote_share_pct"]].isna().all(axis=None)
    assert not year["is_model_group"].any()
    before = year_of(year_tables("2021Q3"), 2020)
    assert before["peer_appraisal"].notna().all()


def test_nobody_is_ranked_until_every_group_has_a_score() -> None:
    reading = year_reading()
    reviews = reading.tables["annual_reviews"]
    lacking = without(reading, "annual_reviews", (reviews["party_group"] == MARKETING) & (reviews["year"] == 2021))
    year = year_of(derive(lacking, "2021Q4"))
    assert year.loc[[ENFORCEMENT, TERRITORY], "year_score"].notna().all()
    assert year["rank"].isna().all()
    assert year_of(derive(lacking, "2021Q4"), 2020)["rank"].notna().all()


def test_a_month_in_which_nothing_was_due_is_no_gap() -> None:
    """One decision was due in the year: its rate can be judged; where none was, there is nothing to judge."""
    tables = year_tables("2021Q4")
    own = checks_of(tables, MARKETING).loc["decisions_on_time_pct"]
    assert own[["value", "month_count", "is_met"]].to_list() == [0.0, 12, False]
    other = checks_of(tables, ENFORCEMENT).loc["decisions_on_time_pct"]
    assert other["month_count"] == 12
    assert other[["value", "is_met"]].isna().all()


def test_a_month_without_its_ledger_leaves_a_condition_open() -> None:
    reading = year_reading()
    coverage = reading.tables["coverage"]
    gap = (coverage["kind"] == "decisions") & (coverage["month"] == pd.Period("2021-05", "M"))
    own = checks_of(derive(without(reading, "coverage", gap), "2021Q4"), MARKETING).loc[["decisions_on_time_pct"]]
    assert own["month_count"].to_list() == [11]
    assert own["is_met"].isna().all()


@pytest.mark.parametrize(
    ("column", "day", "months", "is_known"),
    [("joined_on", "2021-02-01", 11, True), ("left_on", "2021-07-01", 6, False)],
)
def test_a_group_of_a_part_of_the_year_is_asked_for_its_own_months(
    column: str, day: str, months: int, is_known: bool
) -> None:
    """One founded in February lacks no January; one that ended is no candidate."""
    reading = year_reading()
    stays = reading.tables["memberships"]
    is_own = stays["party_group"] == MARKETING
    moved = stays.assign(**{column: stays[column].mask(is_own, pd.Timestamp(day))})
    merged = replace(reading, tables={**reading.tables, "memberships": moved})
    own = checks_of(derive(merged, "2021Q4"), MARKETING).loc["attendance_rate_pct"]
    assert own["month_count"] == months
    assert pd.notna(own["is_met"]) == is_known


def test_a_veto_of_a_member_bars_the_group() -> None:
    year = year_of(year_tables("2021Q4"), 2020)
    assert year["has_veto"].to_dict() == {ENFORCEMENT: False, MARKETING: False, TERRITORY: True}
    assert not year.loc[TERRITORY, "is_eligible"]


def test_the_last_round_of_votes_counts() -> None:
    shares = year_of(year_tables("2021Q4"))["vote_share_pct"]
    assert shares.to_dict() == pytest.approx({ENFORCEMENT: 100 * 6 / 16, MARKETING: 100 * 10 / 16, TERRITORY: 0.0})
