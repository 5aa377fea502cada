"""Who was on leave when: a few long leaves, during which others do the work, and short ones that meetings tell of."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from tests.generator import wording
from tests.generator.calendar import month_end, on_day, years_of
from tests.generator.noise import stream
from tests.generator.people import People, month_at
from tests.generator.records import Activity, Leave, QuizAttempt

# Where in the sample's 38 months the long leaves begin: over the turn of 2019, maternity in 2020-05, over the end of
# 2021-10, more than half a month in 2021-11.
STUDY_INDEX, MATERNITY_INDEX, TRIP_INDEX, ILLNESS_INDEX = 13, 18, 35, 36
MATERNITY_DAYS = 158
ILLNESS = (11, 29)  # first and last day of a month: 19 days
TURN_OF_MONTH = (27, 7)  # first day, and days
LEAST_MONTHS = 12  # a bureau that has only begun has no such stories

NOTES_A_YEAR = 6  # short leaves that reach the ledger; the others stand in the minutes only
SHORT_DAYS = 4


def plan_leaves(people: People, months: tuple[date, ...]) -> tuple[Leave, ...]:
    """Return the long leaves, each of somebody who is in the group from first to last and never leads it."""
    if len(months) < LEAST_MONTHS:
        return ()
    first, second, last = people.groups[0], people.groups[1 % len(people.groups)], people.groups[-1]
    study, maternity, trip, illness = (
        month_at(months, index) for index in (STUDY_INDEX, MATERNITY_INDEX, TRIP_INDEX, ILLNESS_INDEX)
    )
    mothers = [stay for stay in people.plain_members(last.party_group) if stay.gender == "女"]
    ill, away, pupil = (
        [stay for stay in people.plain_members(spec.party_group) if stay not in mothers[:1]]
        for spec in (first, last, second)
    )
    planned = []
    if mothers:
        begin = on_day(maternity, 18)
        planned.append(Leave(mothers[0].member, "产假", begin, begin + timedelta(days=MATERNITY_DAYS - 1), ""))
    if ill:
        planned.append(Leave(ill[-1].member, "病假", on_day(illness, ILLNESS[0]), on_day(illness, ILLNESS[1]), "住院"))
    if away and away[0] not in ill[-1:]:
        planned.append(_over_month_end(away[0].member, "公假", trip, "外出培训"))
    if pupil and study < maternity:
        planned.append(_over_month_end(pupil[0].member, "学习", study, "脱产学习"))
    return tuple(planned)


def _over_month_end(member: str, leave_type: str, month: date, note: str) -> Leave:
    begin = on_day(month, TURN_OF_MONTH[0])
    return Leave(member, leave_type, begin, begin + timedelta(days=TURN_OF_MONTH[1] - 1), note)


def leave_of(leaves: Iterable[Leave], member: str, day: date) -> Leave | None:
    """Return the leave that a member is on, None for somebody who is at work."""
    return next((leave for leave in leaves if leave.member == member and leave.from_on <= day <= leave.to_on), None)


def stand_in(people: People, leaves: Sequence[Leave], member: str, day: date) -> str:
    """Return who does a member's work on a day: the member, or while on leave the first of the group who is there."""
    group = people.group_of(member, day) if leave_of(leaves, member, day) else None
    others = people.members_of(group, day) if group else ()
    return next((other for other in others if not leave_of(leaves, other, day)), member)


def note_leaves(
    people: People,
    activities: Sequence[Activity],
    quiz: Iterable[QuizAttempt],
    planned: Sequence[Leave],
    months: tuple[date, ...],
    seed: int,
) -> tuple[Leave, ...]:
    """Return the whole ledger of leaves: the planned ones, some of those that the minutes of activities name, and one
    that was granted afterwards to somebody whom the minutes have as absent.
    """
    rng = stream(seed, "leave ledger")
    seen = {(attempt.member, attempt.session_on) for attempt in quiz} | _seen_at(people, activities)
    noted = list(planned)
    for year in years_of(months):
        named = [
            (activity.held_on, absence)
            for activity in activities
            if activity.held_on.year == year
            for absence in activity.absences
        ]
        chosen = sorted(rng.permutation(len(named))[:NOTES_A_YEAR])
        for day, absence in (named[index] for index in chosen):
            days = [day + timedelta(days=step) for step in range(int(rng.integers(1, SHORT_DAYS)))]
            taken = [(absence.member, d) in seen or leave_of(noted, absence.member, d) is not None for d in days]
            free = days[: taken.index(True)] if True in taken else days
            if free:
                noted.append(Leave(absence.member, absence.reason, day, free[-1], ""))
    return tuple(sorted([*noted, *_granted_afterwards(activities, noted)], key=lambda leave: leave.from_on))


def _seen_at(people: People, activities: Iterable[Activity]) -> set[tuple[str, date]]:
    """Return who came to an activity on which day."""
    return {
        (member, activity.held_on)
        for activity in activities
        if activity.present is not None
        for member in people.members_of(activity.party_group, activity.held_on)
        if member not in {absence.member for absence in activity.absences}
    }


def _granted_afterwards(activities: Sequence[Activity], noted: Sequence[Leave]) -> list[Leave]:
    """Return a leave for one of the last who were absent without asking; the minutes stay as they are."""
    absent = [(activity.held_on, member) for activity in activities for member in activity.absentees]
    found = [(day, member) for day, member in absent if leave_of(noted, member, day) is None]
    return [Leave(member, wording.APPROVED_LEAVE[1], day, day, "事后补假") for day, member in found[-2:-1]]


def is_away_all(leaves: Iterable[Leave], member: str, month: date) -> bool:
    """Tell whether a member is on leave for the whole of a month."""
    spans = [leave for leave in leaves if leave.member == member]
    return any(leave.from_on <= month and leave.to_on >= month_end(month) for leave in spans)
