"""Who came and went, and the points of a group as if only those had been members who were there all along."""

import pandas as pd
import pytest

from pipeline.catalog import Catalog, load_catalog
from pipeline.ingest.bureau import Reading
from pipeline.panel import constant_process_points, turnover_months
from pipeline.points.composition import constant_members, list_turnover, score_constant_members
from tests.readings import make_bureau, make_reading

MONTHS = pd.period_range("2021-01", "2021-06", freq="M")
GROUP = "营销管理"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def stay(member: str, joined: str, left: str | None = None, group: str = GROUP) -> dict[str, object]:
    return {
        "member": member,
        "party_group": group,
        "joined_on": pd.Timestamp(joined),
        "left_on": pd.Timestamp(left) if left else pd.NaT,
    }


def reading_of(catalog: Catalog, memberships: list[dict[str, object]], **rows: list[dict[str, object]]) -> Reading:
    months = [str(month) for month in MONTHS]
    covered = {"activity_ledger": months, "quiz_export": months}
    return make_reading(catalog, make_bureau(catalog), covered, memberships=memberships, **rows)


def turnover_of(catalog: Catalog, *memberships: dict[str, object]) -> pd.DataFrame:
    table = list_turnover(reading_of(catalog, list(memberships)).tables["memberships"], [GROUP], MONTHS)
    return table.set_index("month")


def test_one_of_four_who_leaves_is_a_quarter(catalog):
    five = [stay(f"示例{number}", "2018-01-01") for number in range(3)]
    table = turnover_of(catalog, *five, stay("示例九", "2018-01-01", "2021-03-10"))
    assert table["member_count"].tolist() == [4, 4, 3, 3, 3, 3]
    assert table["left_count"].tolist() == [0, 0, 1, 0, 0, 0]
    assert table["turnover_pct"].fillna(-1).tolist() == [-1, 0, 25, 0, 0, 0]
    assert table["is_flagged"].tolist() == [False, False, True, False, False, False]


def test_one_of_five_is_not_more_than_one_in_five(catalog):
    table = turnover_of(
        catalog,
        *(stay(f"示例{number}", "2018-01-01") for number in range(4)),
        stay("示例九", "2018-01-01", "2021-03-10"),
    )
    assert table["turnover_pct"].max() == 20
    assert not table["is_flagged"].any()


def test_who_comes_and_who_goes_are_counted_apart(catalog):
    """Two leave and three come: three of four, not five of four."""
    stays = [stay(f"示例{number}", "2018-01-01", "2021-04-01" if number < 2 else None) for number in range(4)]
    table = turnover_of(catalog, *stays, *(stay(f"新示例{number}", "2021-04-02") for number in range(3)))
    assert table["joined_count"].tolist() == [0, 0, 0, 3, 0, 0]
    assert table["left_count"].tolist() == [0, 0, 0, 2, 0, 0]
    assert table["turnover_pct"].tolist()[1:] == [0, 0, 75, 0, 0]


def test_a_day_before_the_fifteenth_counts_in_its_month_and_one_after_in_the_next(catalog):
    table = turnover_of(
        catalog, stay("示例一", "2018-01-01"), stay("示例二", "2021-02-15"), stay("示例三", "2021-03-16")
    )
    assert table["joined_count"].tolist() == [0, 1, 0, 1, 0, 0]


def test_a_group_that_nobody_belonged_to_has_no_turnover(catalog):
    table = turnover_of(catalog, stay("示例一", "2021-03-01"))
    assert table["turnover_pct"].isna().tolist() == [True, True, True, False, False, False]
    assert not table["is_flagged"].any()


def test_a_stay_that_goes_on_in_a_second_row_is_one(catalog):
    stays = [stay("示例一", "2018-01-01", "2021-03-10"), stay("示例一", "2021-03-10"), stay("示例二", "2018-01-01")]
    assert turnover_of(catalog, *stays)["left_count"].sum() == 0
    constant = constant_members(reading_of(catalog, stays).tables["memberships"], MONTHS)
    assert constant["member"].tolist() == ["示例一", "示例二"]


def meeting(month: int, attendees: str | None, absentees: str | None, present: int, expected: int) -> dict[str, object]:
    day = pd.Timestamp(2021, month, 20)
    named = {"attendees": attendees, "absentees": absentees}
    return {
        "party_group": GROUP,
        "held_on": day,
        "activity_type": "党小组会",
        "present": present,
        "expected": expected,
    } | named


@pytest.fixture
def changed(catalog) -> Reading:
    """Two who stay and come, one who was there until March and never came to a meeting."""
    stays = [stay("示例一", "2018-01-01"), stay("示例二", "2018-01-01"), stay("示例三", "2018-01-01", "2021-04-01")]
    meetings = [
        meeting(month, "示例一、示例二", "示例三" if month < 4 else None, 2, 3 if month < 4 else 2)
        for month in range(1, 7)
    ]
    quizzes = [
        {"party_group": GROUP, "session_on": pd.Timestamp(2021, 1, 9), "member": member, "score": score}
        for member, score in (("示例一", 90.0), ("示例二", 90.0), ("示例三", 30.0))
    ]
    return reading_of(catalog, stays, activities=meetings, quiz_results=quizzes)


def test_the_points_of_those_who_stayed_leave_the_others_out(catalog, changed):
    points = score_constant_members(changed, catalog, pd.Period("2021Q2"), MONTHS)
    measures = points.tables["measures_by_group_month"].set_index(["party_group", "measure", "month"])["value"]
    january = pd.Period("2021-01")
    assert measures[GROUP, "attendance_expected", january] == 2
    assert measures[GROUP, "attendance_present", january] == 2
    assert measures[GROUP, "quiz_mean", january] == 90
    assert measures[GROUP, "group_meetings", january] == 1  # who came does not change that it was held


def test_nothing_was_changed_in_the_reading(catalog, changed):
    before = {name: frame.copy() for name, frame in changed.tables.items()}
    score_constant_members(changed, catalog, pd.Period("2021Q2"), MONTHS)
    for name, frame in before.items():
        pd.testing.assert_frame_equal(frame, changed.tables[name])


def test_a_group_of_which_one_member_stayed_is_left_alone(catalog, changed):
    memberships = changed.tables["memberships"]
    gone = memberships["left_on"].mask(memberships["member"] == "示例二", pd.Timestamp("2021-05-01"))
    assert constant_members(memberships.assign(left_on=gone), MONTHS).empty


def test_constant_points_are_of_the_groups_that_changed_much(catalog, changed):
    turnover = list_turnover(changed.tables["memberships"], sorted(changed.bureau.groups), MONTHS)
    assert turnover_months(turnover).to_numpy().tolist() == [[GROUP, pd.Period("2021-04")]]
    quarter = pd.Period("2021Q2")
    process = pd.DataFrame({"group": [GROUP, "另一组"], "month": MONTHS[0], "value": [7.0, 50.0]})
    points = constant_process_points(process, changed, turnover, catalog, quarter)
    assert points[points["group"] == "另一组"].to_numpy().tolist() == [["另一组", MONTHS[0], 50.0]]
    own = points[points["group"] == GROUP]
    assert own["month"].tolist() == list(MONTHS)  # its own points have made way for those of the members who stayed
    assert 7.0 not in own["value"].tolist()
    assert constant_process_points(process, changed, turnover.assign(is_flagged=False), catalog, quarter).empty


def test_the_largest_turnover_comes_first(catalog, changed):
    turnover = list_turnover(changed.tables["memberships"], [GROUP], MONTHS)
    two = turnover.assign(is_flagged=[False, True, False, True, False, False], turnover_pct=[0, 25.0, 0, 33.0, 0, 0])
    assert turnover_months(two)["month"].tolist() == [pd.Period("2021-04"), pd.Period("2021-02")]
