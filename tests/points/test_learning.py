"""Learning by group and quarter, on seats counted by hand."""

import pandas as pd
import pytest

from pipeline.catalog import Catalog, load_catalog
from pipeline.points.learning import summarise_learning
from tests.readings import make_bureau, make_reading, make_table

MARKETING, ENFORCEMENT = "营销管理", "专卖综合"
QUARTER = pd.Period("2021Q1", "Q-DEC")
MONTHS = ("2021-01", "2021-02", "2021-03")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def stay(member: str, group: str = MARKETING, joined: str = "2020-01-01", left: str | None = None) -> dict[str, object]:
    return {"member": member, "party_group": group, "joined_on": joined, "left_on": left}


def result(member: str, score: float, day: str = "2021-01-15", group: str = MARKETING) -> dict[str, object]:
    return {"session_on": day, "member": member, "score": score, "party_group": group}


def learning_of(catalog: Catalog, group: str = MARKETING, covered: object = None, **rows: object) -> pd.Series:
    kinds = {"quiz": MONTHS, "training": MONTHS} if covered is None else covered
    reading = make_reading(catalog, make_bureau(catalog), kinds, **rows)  # type: ignore[arg-type]
    counts = [
        {"party_group": name, "month": month, "member_count": 4, "joined_count": 0, "left_count": 0}
        for name in (MARKETING, ENFORCEMENT)
        for month in MONTHS
    ]
    table = summarise_learning(reading, make_table("headcount_by_group_month", catalog, counts), catalog)
    return table.set_index(["party_group", "quarter"]).loc[(group, QUARTER)]


ROSTER = [stay("甲"), stay("乙"), stay("丙"), stay("丁", left="2021-02-01"), stay("丁", ENFORCEMENT, "2021-02-01")]
FIVE = [stay(name) for name in "戊己庚辛壬"]


def test_seats_by_hand(catalog: Catalog) -> None:
    results = [
        result("甲", 70.0),
        result("甲", 90.0),  # the better one counts
        result("乙", 80.0),
        result("丙", 60.0),
        result("甲", 100.0, "2021-02-15"),
        result("甲", 100.0, "2021-02-15"),
        result("甲", 95.0, "2021-02-15"),
        result("丁", 40.0, "2021-02-15", ENFORCEMENT),
    ]
    leaves = [{"member": "乙", "leave_type": "病假", "from_on": "2021-02-10", "to_on": "2021-02-15"}]
    row = learning_of(catalog, memberships=ROSTER, quiz_results=results, leaves=leaves)
    # January: 甲 乙 丙 丁 are expected, three came. February: 丁 has left, 乙 is on leave, 甲 alone came
    assert row[["session_count", "expected_count", "excused_count", "participant_count"]].tolist() == [2, 6, 1, 4]
    assert row["participation_pct"] == pytest.approx(100 * 4 / 6)
    assert row[["quiz_mean", "retake_count"]].isna().all()  # of three members and of one
    other = learning_of(catalog, ENFORCEMENT, memberships=ROSTER, quiz_results=results, leaves=leaves)
    assert other[["expected_count", "participant_count"]].tolist() == [1, 1]
    assert pd.isna(other["quiz_mean"])  # the mean of one member is that member's score


def test_mean_and_retakes_are_of_best_attempts(catalog: Catalog) -> None:
    results = [result(name, score) for name, score in zip("戊己庚辛壬", (70.0, 80.0, 60.0, 90.0, 75.0), strict=True)]
    again = [result("戊", 95.0), result("戊", 85.0)]
    row = learning_of(catalog, memberships=FIVE, quiz_results=[*results, *again])
    assert row["quiz_mean"] == pytest.approx((95 + 80 + 60 + 90 + 75) / 5)
    assert row["retake_count"] == 2


@pytest.mark.parametrize(("took_part", "is_shown"), [(0, True), (1, False), (4, False), (5, True)])
def test_a_quarter_tells_no_month_of_a_few(catalog: Catalog, took_part: int, is_shown: bool) -> None:
    """January and February stand on the page by themselves, and the quarter less these two would be March."""
    full = [result(name, 80.0, day) for name in "戊己庚辛壬" for day in ("2021-01-15", "2021-02-15")]
    march = [result(name, 60.0, "2021-03-15") for name in "戊己庚辛壬"[:took_part]]
    row = learning_of(catalog, memberships=FIVE, quiz_results=[*full, *march])
    assert row["participant_count"] == 10 + took_part
    assert row[["quiz_mean", "retake_count"]].notna().all() == is_shown


def test_who_takes_part_on_leave_is_expected_and_other_leave_excuses_nobody(catalog: Catalog) -> None:
    leave = {"from_on": "2021-01-15", "to_on": "2021-01-15"}
    leaves = [{"member": "甲", "leave_type": "公假", **leave}, {"member": "乙", "leave_type": "事假", **leave}]
    row = learning_of(catalog, memberships=ROSTER, quiz_results=[result("甲", 80.0)], leaves=leaves)
    assert row[["expected_count", "excused_count", "participant_count"]].tolist() == [4, 0, 1]


def test_no_quiz_handed_in_is_no_zero(catalog: Catalog) -> None:
    row = learning_of(catalog, covered={"training": MONTHS}, memberships=ROSTER)
    assert row["state"] == "not_submitted"
    assert row.drop(["state", "training_hours_h"]).isna().all()
    assert row["training_hours_h"] == 0.0
    some = learning_of(catalog, covered={"quiz": MONTHS[:1]}, memberships=ROSTER, quiz_results=[result("甲", 80.0)])
    assert (some["state"], some["participant_count"]) == ("partial", 1)
    assert pd.isna(some["training_hours_h"])


def test_a_month_without_a_session_is_no_absence(catalog: Catalog) -> None:
    row = learning_of(catalog, memberships=ROSTER)
    assert row[["session_count", "expected_count", "retake_count"]].tolist() == [0, 0, 0]
    assert row[["participation_pct", "quiz_mean"]].isna().all()


def test_hours_of_training_are_those_of_the_groups_members_in_the_quarter(catalog: Catalog) -> None:
    trainings = [
        {"held_on": day, "member": "甲", "hours_h": hours, "party_group": group}
        for day, hours, group in (
            ("2021-01-05", 2.0, MARKETING),
            ("2021-03-31", 1.5, MARKETING),
            ("2021-04-01", 8.0, MARKETING),
            ("2021-02-01", 4.0, ENFORCEMENT),
        )
    ]
    assert learning_of(catalog, trainings=trainings)["training_hours_h"] == 3.5
    assert learning_of(catalog, ENFORCEMENT, trainings=trainings)["training_hours_h"] == 4.0
