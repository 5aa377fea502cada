"""The parts that a synthetic bureau is made of: oracle, season, noise, effects, sheets."""

from datetime import date, datetime

import numpy as np
import pytest

from pipeline.catalog import load_catalog
from tests.generator import Effect
from tests.generator.activities import DUES, MEETING, THEME_DAY
from tests.generator.appraisal import Appraisal
from tests.generator.attendance import settle_attendance
from tests.generator.calendar import months_between, parse_month, shift
from tests.generator.leaves import stand_in
from tests.generator.member_oracle import MemberPoints, score_members
from tests.generator.noise import ar1, led_by, standardise, stream
from tests.generator.oracle import score_process, sum_points
from tests.generator.people import build_people
from tests.generator.printed import CATEGORY_COLUMNS
from tests.generator.process import Process
from tests.generator.records import (
    Absence,
    Activity,
    Decision,
    FrontlineVisit,
    GuidanceVisit,
    Leave,
    LedgerEntry,
    Opinion,
    Pledge,
    PostDuty,
    QuizAttempt,
)
from tests.generator.results import volume_index
from tests.generator.sheets import Sheet
from tests.generator.wording import tell_apart
from tests.generator.world import build_world

# --- nothing is entered twice by chance


def test_equal_records_are_numbered_and_others_stay() -> None:
    visits = [FrontlineVisit(date(2020, 3, day), "甲", "某村", "走访") for day in (1, 2, 1, 1)]
    assert [visit.matter for visit in tell_apart(visits, "matter")] == ["走访", "走访", "走访（之2）", "走访（之3）"]


# --- the oracle, by hand


def test_the_oracle_counts_a_month_worked_out_by_hand() -> None:
    month = date(2020, 3, 1)
    people = build_people(1, 4, (month,), seed=1)
    group = people.groups[0].party_group
    member = people.members_of(group, month)[1]
    day, due, late = date(2020, 3, 10), date(2020, 3, 20), date(2020, 3, 25)
    process = Process(
        activities=(
            # 4 expected, 1 on approved leave, 2 present: 2 / 3 = 66.7 %, below the lowest band
            Activity(day, group, MEETING, "", 4, 2, (Absence(member, "公假"), Absence("某", "事假")), "新品上柜", True),
            Activity(day, group, DUES, "", 4, 4, (), "", True),
            Activity(day, group, "特色活动", "", 4, 4, (), "", has_record=False),
            Activity(day, group, "特色活动", "", 4, 4, (), "", has_record=True),
        ),
        decisions=(
            Decision("1", day, group, "", "", member, due, due),
            Decision("2", day, group, "", "", member, due, late),
            Decision("3", day, group, "", "", member, date(2020, 4, 20), None),
        ),
        opinions=(
            Opinion("1", day, member, group, "", "", "", member, due, due, ""),
            Opinion("2", day, member, group, "", "", "", member, due, late, ""),
        ),
        guidance_visits=tuple(GuidanceVisit(day, "LS1", member, "", "") for _ in range(13)),
        quiz=(),
        ledger=(),
    )
    points = {item.item: item.points for item in score_process(people, process, (month,))}
    expected = {"A1": 6, "A2": 0, "A3": 4, "A4": 0, "A5": 0, "A6": 2, "B1": 5, "B2": 4, "B3": 6, "B4": 0.5, "B5": 0}
    assert points == pytest.approx(expected)


def test_the_oracle_scales_a_category_without_anything_due() -> None:
    month = date(2020, 3, 1)
    people = build_people(1, 2, (month,), seed=1)
    group = people.groups[0].party_group
    meeting = Activity(month, group, MEETING, "", 2, 2, (), "", has_record=True)
    process = Process((meeting,), (), (), (), (), ())
    points = {item.item: item for item in score_process(people, process, (month,))}
    assert (points["A3"].state, points["A3"].points) == ("no_base", None)
    assert points["A1"].points == pytest.approx(6 * 30 / 22)
    assert (points["A5"].state, points["A5"].points) == ("no_base", 0)


def test_the_oracle_lets_a_falsified_item_earn_nothing() -> None:
    month = date(2020, 3, 1)
    people = build_people(1, 2, (month,), seed=1)
    group = people.groups[0].party_group
    feature = Activity(month, group, "特色活动", "", 2, 2, (), "", has_record=True)
    entry = LedgerEntry(month, group, "D3", -5, "", about_item="B1")
    points = {i.item: i for i in score_process(people, Process((feature,), (), (), (), (), (entry,)), (month,))}
    assert (points["B1"].state, points["B1"].capped, points["B1"].full_points) == ("zeroed", 0.0, 10.0)
    assert points["B2"].state == "scored"


# --- the oracle of members, by hand

MARCH = date(2020, 3, 1)
PEOPLE = build_people(1, 4, (MARCH,), seed=1)
GROUP = PEOPLE.groups[0].party_group
WHO = PEOPLE.members_of(GROUP, MARCH)[1]


def score_member(process: Process, appraisal: Appraisal, *leaves: Leave) -> MemberPoints:
    (found,) = [m for m in score_members(PEOPLE, process, appraisal, leaves, (MARCH,)) if m.member == WHO]
    return found


def meeting_without(day: int) -> Activity:
    return Activity(date(2020, 3, day), GROUP, MEETING, "", 4, 3, (), "", has_record=True, absentees=(WHO,))


def test_the_oracle_counts_a_members_month_worked_out_by_hand() -> None:
    days = [date(2020, 3, day) for day in range(1, 31)]
    attempts = ((days[4], 79), (days[4], 92), (days[19], 80))  # the better one of a session: 1.5 + 1
    process = Process(
        activities=(meeting_without(6), meeting_without(20)),  # one of them on approved leave
        decisions=(
            Decision("1", days[0], GROUP, "", "", WHO, days[9], days[9]),
            Decision("2", days[0], GROUP, "", "", WHO, days[9], days[10]),
            Decision("3", days[0], GROUP, "", "", WHO, days[9], None),
            Decision("4", days[0], GROUP, "", "", WHO, date(2020, 4, 1), None),
        ),
        opinions=(),
        guidance_visits=(),
        quiz=tuple(QuizAttempt(day, WHO, score, 60, datetime(2020, 3, 5)) for day, score in attempts),
        ledger=(
            *(LedgerEntry(MARCH, GROUP, "M4", 1, "", WHO) for _ in range(5)),
            LedgerEntry(MARCH, GROUP, "D2", -2, ""),
        ),
    )
    appraisal = Appraisal(
        *((),) * 5,
        pledges=(
            Pledge(WHO, days[0], "", days[20], days[20]),
            Pledge(WHO, days[0], "", days[20], days[21]),
            Pledge(WHO, days[0], "", days[20], None),
        ),
        duties=(PostDuty(MARCH, "", "", WHO, 7, is_pioneer=False),),
        frontline=tuple(FrontlineVisit(day, WHO, "", "") for day in days[:3]),
    )
    found = score_member(process, appraisal, Leave(WHO, "病假", days[19], days[20], ""))
    assert found.items == {"M1": -3, "M2": -6, "M3": 2.5, "M4": 4, "M5": 12, "M6": 2, "M7": 1.5, "M8": 0}
    assert (found.earned, found.deducted, found.total) == (22, -9, 73)
    assert (found.excused, found.leave_days, found.has_veto) == (1, 2, False)


@pytest.mark.parametrize(
    ("leave_type", "last", "state"), [("产假", 15, "scored"), ("产假", 16, "on_leave"), ("事假", 31, "scored")]
)
def test_a_month_mostly_on_approved_leave_does_not_count(leave_type: str, last: int, state: str) -> None:
    empty = Process((), (), (), (), (), (LedgerEntry(MARCH, GROUP, "V1", 0, "", WHO),))
    found = score_member(empty, Appraisal(*((),) * 8), Leave(WHO, leave_type, MARCH, date(2020, 3, last), ""))
    assert (found.state, found.total) == (state, 60 if state == "scored" else None)
    assert found.has_veto


# --- leave and attendance


def test_leave_comes_before_any_other_absence() -> None:
    leave = Leave(WHO, "产假", MARCH, date(2020, 3, 31), "")
    absences = (Absence(WHO, "事假"), Absence("某", "病假"))
    held = Activity(date(2020, 3, 9), GROUP, THEME_DAY, "", 4, 2, absences, "", has_record=True)
    (settled,) = settle_attendance([held], PEOPLE, [leave], seed=1)
    assert settled.absences == (Absence(WHO, "产假"), Absence("某", "病假"))
    assert (settled.present, settled.absentees) == (2, ())
    assert WHO not in settled.attendees


def test_others_do_the_work_of_those_on_leave() -> None:
    leave = Leave(WHO, "病假", date(2020, 3, 2), date(2020, 3, 4), "")
    assert stand_in(PEOPLE, [leave], WHO, date(2020, 3, 1)) == WHO
    assert stand_in(PEOPLE, [leave], WHO, date(2020, 3, 4)) == PEOPLE.members_of(GROUP, MARCH)[0]


# --- season, noise, effects


def test_the_volume_index_follows_the_festival() -> None:
    assert [volume_index(date(2020, month, 1)) for month in (1, 2, 3)] == [1.40, 0.90, 1.02]  # 25 January
    assert [volume_index(date(2019, month, 1)) for month in (1, 2, 3)] == [1.40, 0.90, 1.02]  # 5 February
    assert [volume_index(date(2021, month, 1)) for month in (1, 2, 3)] == [1.25, 1.10, 0.98]  # 12 February
    for year in (2020, 2021):
        assert sum(volume_index(date(year, month, 1)) for month in range(1, 13)) == pytest.approx(12, abs=0.02)


def test_noise_is_autocorrelated_and_of_unit_variance() -> None:
    series = ar1(stream(7, "test"), 20_000)
    assert series.std() == pytest.approx(1, abs=0.05)
    assert np.corrcoef(series[1:], series[:-1])[0, 1] == pytest.approx(0.5, abs=0.03)


def test_a_driver_leads_by_the_lag_it_was_given() -> None:
    rng = stream(7, "driver")
    driver, noise = rng.standard_normal(20_000), rng.standard_normal(20_000)
    mixed = led_by(noise, driver, strength=0.6, lag=2)
    assert np.corrcoef(driver[:-2], mixed[2:])[0, 1] == pytest.approx(0.6, abs=0.02)
    assert np.corrcoef(driver[:-1], mixed[1:])[0, 1] == pytest.approx(0, abs=0.02)
    assert (mixed[:2] == noise[:2]).all()


def test_a_constant_series_drives_nothing() -> None:
    assert (standardise([3.0, 3.0, 3.0]) == 0).all()


@pytest.mark.parametrize(("strength", "low", "high"), [(0.9, 0.75, 1.0), (0.0, -0.3, 0.3)])
def test_planted_effects_are_in_the_results(strength: float, low: float, high: float) -> None:
    world = build_world(3, 16, "2014-01", "2019-12", {"inspections": Effect(strength, lag=1)}, seed=5)
    process = sum_points(score_process(world.people, world.process, world.months), lambda item: True)
    group = world.people.groups[1].party_group
    done = [np.log(row.market_inspections) for row in world.results.inspections if row.party_group == group]
    points = [process[group, month] for month in world.months]
    assert low < np.corrcoef(points[:-1], done[1:])[0, 1] < high


# --- small parts


def test_inserting_a_row_moves_everything_below() -> None:
    sheet = Sheet("表")
    sheet.add_row(["甲"], "a", ["name"])
    sheet.add_row(["乙", 1], "b", ["name", "count"])
    sheet.merge((3, 1), (3, 2))
    sheet.insert_row(2, ["丙"])
    assert [sheet.row_values(row) for row in (1, 2, 3)] == [["甲"], ["丙"], ["乙", 1]]
    assert sheet.anchors["b", "count"] == (3, 2)
    assert sheet.merges == [(4, 1, 4, 2)]


def test_a_row_is_not_inserted_into_a_merged_range() -> None:
    sheet = Sheet("表")
    sheet.merge((1, 1), (3, 1))
    with pytest.raises(ValueError, match="merged range"):
        sheet.insert_row(2, [])


def test_the_calendar_counts_months() -> None:
    months = months_between(parse_month("2019-11"), parse_month("2020-02"))
    assert [f"{month:%Y-%m}" for month in months] == ["2019-11", "2019-12", "2020-01", "2020-02"]
    assert shift(date(2020, 1, 1), -12) == date(2019, 1, 1)
    assert shift(date(2020, 12, 1), 1) == date(2021, 1, 1)


def test_every_printed_column_belongs_to_one_category() -> None:
    printed = {entry.column: entry.category for entry in load_catalog().printed}
    mine = {column: category for category, columns in CATEGORY_COLUMNS.items() for column in columns}
    assert {column: category for column, category in printed.items() if category != "D"} == mine


@pytest.mark.parametrize("first", ["2018-12", "2019-12"])
def test_no_pledge_is_kept_before_it_was_made(first: str) -> None:
    pledges = build_world(3, 16, first, "2020-06", {}, seed=2018).appraisal.pledges
    kept = [pledge for pledge in pledges if pledge.closed_on is not None]
    assert kept
    assert all(pledge.closed_on >= pledge.pledged_on for pledge in kept)
