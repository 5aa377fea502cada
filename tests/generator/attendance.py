"""Who came to the activities: leave comes first, then who stayed away without asking; and who wrote the names down."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from tests.generator import wording
from tests.generator.activities import EDUCATION, FEATURE, MEETING, THEME_DAY
from tests.generator.leaves import leave_of
from tests.generator.noise import chance, stream
from tests.generator.people import People
from tests.generator.records import Absence, Activity, Leave

NAMES_SINCE = date(2020, 1, 1)  # the ledgers of the years before count heads only
MET = (MEETING, THEME_DAY, EDUCATION, FEATURE)  # dues are paid on leave, too
CALLED = (MEETING, THEME_DAY)  # who stays away from them without asking is written down
LISTED = (THEME_DAY, EDUCATION)  # who came to them is


def settle_attendance(
    activities: Iterable[Activity], people: People, leaves: Sequence[Leave], seed: int
) -> list[Activity]:
    """Return the activities of one group without those on leave, and with the names that a later ledger holds.

    Half of those who were not on approved leave had not asked at all; how many came stays the same.
    """
    settled = []
    for activity in activities:
        if activity.activity_type not in MET:
            settled.append(activity)
            continue
        rng = stream(seed, f"absent without asking {activity.party_group} {activity.held_on} {activity.activity_type}")
        excused = _excuse_those_on_leave(activity, people, leaves)
        settled.append(_write_names(excused, people, rng) if activity.held_on >= NAMES_SINCE else excused)
    return settled


def _excuse_those_on_leave(activity: Activity, people: People, leaves: Sequence[Leave]) -> Activity:
    members = people.members_of(activity.party_group, activity.held_on)
    found = [leave for member in members if (leave := leave_of(leaves, member, activity.held_on))]
    away = {leave.member for leave in found}
    others = [absence for absence in activity.absences if absence.member not in away]
    absences = (*(Absence(leave.member, leave.leave_type) for leave in found), *others)
    return replace(activity, absences=absences, present=len(members) - len(absences))


def _write_names(activity: Activity, people: People, rng: np.random.Generator) -> Activity:
    is_called = activity.activity_type in CALLED
    absentees = tuple(
        absence.member
        for absence in activity.absences
        if is_called and absence.reason == wording.OTHER_LEAVE and chance(rng, 0.5)
    )
    away = {absence.member for absence in activity.absences}
    members = people.members_of(activity.party_group, activity.held_on)
    return replace(
        activity,
        absences=tuple(absence for absence in activity.absences if absence.member not in absentees),
        absentees=absentees,
        attendees=tuple(m for m in members if m not in away) if activity.activity_type in LISTED else (),
    )
