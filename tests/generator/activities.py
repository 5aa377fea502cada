"""The activities of one group, month by month: meetings, theme days, dues, own activities, reports."""

from datetime import date

import numpy as np

from tests.generator import wording
from tests.generator.calendar import on_day
from tests.generator.noise import Array, chance, pick, stream
from tests.generator.people import People
from tests.generator.records import Absence, Activity, GroupSpec

MEETING = "党小组会"
THEME_DAY = "主题党日"
DUES = "党费收缴"
FEATURE = "特色活动"
REPORT = "宣传报道"
EDUCATION = "组长教育"

FEATURES_A_MONTH = 1.15
REPORTS_A_MONTH = 0.8
LEAVE_MONTHS = (4, 10)  # in which the third member of the first group has approved leave


def hold_activities(
    people: People, spec: GroupSpec, months: tuple[date, ...], intensity: dict[str, Array], seed: int
) -> list[Activity]:
    """Return all activities of one group; every month has at least its row of party dues."""
    rng = stream(seed, f"activities {spec.party_group}")
    held = []
    for index, month in enumerate(months):
        activity = float(intensity[spec.party_group][index])
        held.append(_collect_dues(people, spec, month, rng))
        held += [_meet(people, spec, month, activity, rng) for _ in range(_count_meetings(activity, rng))]
        if chance(rng, 0.97):
            held.append(_gather(people, spec, on_day(month, int(rng.integers(10, 29))), THEME_DAY, rng))
        held += [_act(people, spec, month, rng) for _ in range(_count(FEATURES_A_MONTH, 0.45 * activity, rng))]
        held += [_report(spec, month, rng) for _ in range(_count(REPORTS_A_MONTH, 0.4 * activity, rng))]
        if month.month % 3 == 0:
            held.append(_gather(people, spec, on_day(month, int(rng.integers(5, 25))), EDUCATION, rng))
    return held


def _count_meetings(activity: float, rng: np.random.Generator) -> int:
    """Return 1 or 2 meetings a month, seldom none."""
    if chance(rng, 0.03):
        return 0
    return 1 + chance(rng, 1 / (1 + np.exp(-0.9 * activity)))


def _count(mean: float, log_shift: float, rng: np.random.Generator) -> int:
    return min(3, int(rng.poisson(mean * np.exp(log_shift))))


def _meet(people: People, spec: GroupSpec, month: date, activity: float, rng: np.random.Generator) -> Activity:
    day = on_day(month, int(rng.integers(4, 26)))
    topic = pick(rng, wording.TOPICS[spec.function]) if chance(rng, 0.85 + 0.04 * np.clip(activity, -2, 2)) else ""
    expected = people.members_of(spec.party_group, day)
    absences = [_excuse(member, rng) for member in expected[1:] if chance(rng, 0.06)]
    if spec is people.groups[0] and month.month in LEAVE_MONTHS and len(expected) > 2:
        absences = [Absence(expected[2], "公假"), *(a for a in absences if a.member != expected[2])]
    theme = f"{topic}专题讨论" if topic else "传达上级文件"
    return Activity(
        held_on=day,
        party_group=spec.party_group,
        activity_type=MEETING,
        theme=theme,
        expected=len(expected),
        present=len(expected) - len(absences),
        absences=tuple(absences),
        topic=topic,
        has_record=chance(rng, 0.97),
    )


def _excuse(member: str, rng: np.random.Generator) -> Absence:
    return Absence(member, pick(rng, wording.APPROVED_LEAVE) if chance(rng, 0.5) else wording.OTHER_LEAVE)


def _gather(people: People, spec: GroupSpec, day: date, activity_type: str, rng: np.random.Generator) -> Activity:
    """Return a theme day, or a leader's education, with whoever came."""
    themes = wording.THEME_DAYS if activity_type == THEME_DAY else wording.EDUCATION
    expected = people.members_of(spec.party_group, day)
    absences = tuple(_excuse(member, rng) for member in expected[1:] if chance(rng, 0.05))
    return Activity(
        held_on=day,
        party_group=spec.party_group,
        activity_type=activity_type,
        theme=pick(rng, themes),
        expected=len(expected),
        present=len(expected) - len(absences),
        absences=absences,
        topic="",
        has_record=True,
    )


def _collect_dues(people: People, spec: GroupSpec, month: date, rng: np.random.Generator) -> Activity:
    day = on_day(month, int(rng.integers(4, 10)))
    expected = len(people.members_of(spec.party_group, day))
    present = expected if expected == 1 or chance(rng, 0.9) else expected - 1
    return Activity(day, spec.party_group, DUES, f"{month.month}月党费", expected, present, (), "", has_record=True)


def _act(people: People, spec: GroupSpec, month: date, rng: np.random.Generator) -> Activity:
    day = on_day(month, int(rng.integers(5, 29)))
    expected = len(people.members_of(spec.party_group, day))
    theme = pick(rng, wording.FEATURES[spec.function])
    return Activity(day, spec.party_group, FEATURE, theme, expected, expected, (), "", has_record=chance(rng, 0.92))


def _report(spec: GroupSpec, month: date, rng: np.random.Generator) -> Activity:
    day = on_day(month, int(rng.integers(5, 29)))
    theme = pick(rng, wording.REPORTS)
    return Activity(day, spec.party_group, REPORT, theme, None, None, (), "", has_record=True)
