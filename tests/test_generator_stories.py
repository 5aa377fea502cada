"""What happens in the sample bureau so that every mechanism of the points system has something to do."""

from datetime import date
from typing import Any

import numpy as np
import pytest
from python_calamine import CalamineWorkbook

from tests.generator import Truth, wording
from tests.generator.activities import DUES
from tests.generator.calendar import month_end
from tests.generator.leaves import leave_of, plan_leaves


def read_rows(sample: Truth, file: str, sheet: str) -> list[list[Any]]:
    book = CalamineWorkbook.from_path(str(sample.folder / file))
    return book.get_sheet_by_name(sheet).to_python()


def test_everybody_expected_came_or_is_accounted_for(sample: Truth) -> None:
    people = sample.world.people
    for activity in sample.world.process.activities:
        if activity.expected is None or activity.activity_type == DUES:
            continue
        members = set(people.members_of(activity.party_group, activity.held_on))
        away = [absence.member for absence in activity.absences] + list(activity.absentees)
        assert len(set(away)) == len(away)
        assert set(away) <= members
        assert activity.expected - (activity.present or 0) == len(away)
        if activity.attendees:
            assert set(activity.attendees) == members - set(away)


def test_whoever_is_on_a_long_leave_is_seen_nowhere(sample: Truth) -> None:
    world = sample.world
    planned = plan_leaves(world.people, world.months)
    assert len(planned) == 4
    seen = [(visit.member, visit.visited_on) for visit in world.process.guidance_visits]
    seen += [(visit.member, visit.visited_on) for visit in world.appraisal.frontline]
    seen += [(attempt.member, attempt.session_on) for attempt in world.process.quiz]
    seen += [(training.member, training.held_on) for training in world.appraisal.trainings]
    seen += [(member, a.held_on) for a in world.process.activities for member in (*a.attendees, *a.absentees)]
    assert [place for place in seen if leave_of(planned, *place)] == []


def test_ratings_by_item_average_to_the_ratings_and_have_no_matrix_beside_them(sample: Truth) -> None:
    appraisal = sample.world.appraisal
    scores: dict[tuple[int, int, str, str], list[int]] = {}
    for entry in appraisal.item_ratings:
        scores.setdefault((entry.year, entry.quarter, entry.rater_group, entry.rated_group), []).append(entry.score)
    rated = {(r.year, r.quarter, r.rater_group, r.rated_group): r.score for r in appraisal.ratings}
    others = {key: sum(found) / len(found) for key, found in scores.items() if key[2] != key[3]}
    assert others == {key: rated[key] for key in others}
    assert sum(key[2] == key[3] for key in scores) == 6  # three groups, two quarters
    for year, quarter in {key[:2] for key in scores}:
        assert f"考核/三会一课互评明细表_{year}Q{quarter}.xlsx" in sample.files
        assert f"考核/三会一课互评表_{year}Q{quarter}.xlsx" not in sample.files


def test_the_points_system_has_its_stories(sample: Truth) -> None:
    world = sample.world
    days = {leave: (leave.to_on - leave.from_on).days + 1 for leave in world.leaves}
    assert max(days.values()) > 150
    assert any(15 < count < 31 for count in days.values())
    assert any(leave.from_on.month != leave.to_on.month and count < 10 for leave, count in days.items())
    assert [(t.party_group, t.ended_on) for t in world.people.terms if t.ended_on] == [("营销管理", date(2020, 9, 1))]
    vetoes = [(entry.month.year, entry.member) for entry in world.process.ledger if entry.item == "V1"]
    assert vetoes == [(2019, "沈一")]
    rounds = {(vote.year, vote.round_name) for vote in world.governance.votes}
    assert rounds == {(2019, "第一轮"), (2020, "第一轮"), (2021, "第一轮"), (2021, "第二轮")}
    assert {vote.year for vote in world.governance.votes if vote.veto_ground} == {2019}
    served = {duty.post for duty in world.appraisal.duties}
    assert wording.POST_DUTIES.keys() - served == {wording.FREE_POST}
    names = {corrected.item: corrected.change_points for corrected in world.governance.corrections}
    assert names == {"M4": 1.0, "B1": 5.0, "B3": -0.5}
    assert {e.member for e in world.process.ledger} - {""} <= {e.member for e in world.people.memberships}


def test_a_falsified_record_costs_the_item_and_five_points(sample: Truth) -> None:
    (entry,) = [entry for entry in sample.world.process.ledger if entry.item == "D3"]
    points = {i.item: i for i in sample.items if (i.party_group, i.month) == (entry.party_group, entry.month)}
    assert (entry.month.year, entry.about_item) == (2020, "B1")
    assert (points["B1"].state, points["B1"].points, points["B1"].full_points) == ("zeroed", 0.0, 10.0)
    assert points["D3"].points == -5.0
    features = [a for a in sample.world.process.activities if a.activity_type == "特色活动" and a.has_record]
    assert any((a.party_group, a.held_on.replace(day=1)) == (entry.party_group, entry.month) for a in features)


def test_most_entries_are_recorded_in_time_and_some_are_not(sample: Truth) -> None:
    late = [
        (entry.recorded_on - month_end(entry.month)).days > 15
        for entry in sample.world.process.ledger
        if entry.recorded_on is not None
    ]
    assert len(late) == len(sample.world.process.ledger)
    assert 0.02 < np.mean(late) < 0.15


def test_members_reach_every_number_of_stars(sample: Truth) -> None:
    totals: dict[str, list[float]] = {}
    for entry in sample.members:
        if entry.month >= date(2021, 10, 1) and entry.total is not None:
            totals.setdefault(entry.member, []).append(entry.total)
    means = [float(np.mean(points)) for points in totals.values()]
    assert {int(mean // 10) for mean in means} == {6, 7, 8, 9}


def test_two_numbers_of_the_assessments_are_typed_wrong(sample: Truth) -> None:
    rows = read_rows(sample, "考核/2020年季度考核表.xlsx", "四季度")
    (row,) = [row for row in rows if "驮卢片区" in row]
    right = 0.70 * row[2] + 0.15 * row[3] + 0.15 * row[4]
    assert row[5] - right == pytest.approx(0.9, abs=0.0051)
    rows = read_rows(sample, "考核/2020年度总评表.xlsx", "总评")
    (row,) = [row for row in rows if "专卖综合" in row]
    assert row[4] - (0.80 * row[2] + 0.20 * row[3]) == pytest.approx(0.8 * 0.6, abs=0.0051)
    assert [(slip.level, slip.part, slip.cents) for slip in sample.slips] == [
        ("quarter", "quarter_score", 90),
        ("year", "quarter_mean", -60),
    ]
