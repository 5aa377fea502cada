"""Party work: activities, decisions, opinions, guidance and quizzes, driven by how active a group is in a month."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import numpy as np

from tests.generator import wording
from tests.generator.activities import hold_activities
from tests.generator.attendance import settle_attendance
from tests.generator.calendar import month_end, on_day
from tests.generator.leaves import leave_of, stand_in
from tests.generator.ledger import keep_ledger
from tests.generator.noise import Array, ar1, chance, pick, stream
from tests.generator.people import People
from tests.generator.records import (
    Activity,
    Decision,
    GroupSpec,
    GuidanceVisit,
    Leave,
    LedgerEntry,
    Opinion,
    QuizAttempt,
)

# How much better or worse than the others a group works, in deviations of its activity; cycles over the groups.
STANDING = (0.35, -0.25, 0.0)

DECISIONS_A_MONTH = 1.7
OPINIONS_A_MONTH = 4.5
OPINION_DAYS = 15  # to answer an opinion
VISITS_A_MONTH = 7.5
SESSION_DAY = 15


@dataclass(frozen=True)
class Process:
    """Everything that earns points in the categories A, B and D."""

    activities: tuple[Activity, ...]
    decisions: tuple[Decision, ...]
    opinions: tuple[Opinion, ...]
    guidance_visits: tuple[GuidanceVisit, ...]
    quiz: tuple[QuizAttempt, ...]
    ledger: tuple[LedgerEntry, ...]


def usual_intensity(people: People, months: tuple[date, ...], seed: int) -> dict[str, Array]:
    """Return how active each group is, one value a month, in deviations."""
    return {
        spec.party_group: ar1(stream(seed, f"intensity {spec.party_group}"), len(months)) + STANDING[index % 3]
        for index, spec in enumerate(people.groups)
    }


def run_process(
    people: People, months: tuple[date, ...], leaves: Sequence[Leave], intensity: dict[str, Array], seed: int
) -> Process:
    """Return the party work of every group and month; others do the work of those who are on leave."""
    held = [a for spec in people.groups for a in hold_activities(people, spec, months, intensity, seed)]
    activities = settle_attendance(held, people, leaves, seed)
    decisions = [d for spec in people.groups for d in _take_decisions(people, spec, months, intensity, seed)]
    decisions = [replace(d, owner=stand_in(people, leaves, d.owner, d.decided_on)) for d in decisions]
    opinions = [o for spec in people.groups for o in _collect_opinions(people, spec, months, intensity, seed)]
    visits = [v for spec in people.groups for v in _guide_retailers(people, spec, months, intensity, seed)]
    visits = [replace(v, member=stand_in(people, leaves, v.member, v.visited_on)) for v in visits]
    quiz = _hold_quizzes(people, months, intensity, seed)
    return Process(
        activities=wording.tell_apart(sorted(activities, key=lambda a: a.held_on), "theme"),
        decisions=_number_decisions(decisions),
        opinions=_number_opinions(opinions),
        guidance_visits=wording.tell_apart(sorted(visits, key=lambda v: v.visited_on), "problem"),
        quiz=tuple(attempt for attempt in quiz if not leave_of(leaves, attempt.member, attempt.session_on)),
        ledger=keep_ledger(people, months, activities, seed),
    )


def _take_decisions(
    people: People, spec: GroupSpec, months: tuple[date, ...], intensity: dict[str, Array], seed: int
) -> list[Decision]:
    """Return the branch's decisions that one group carries out; the last group leaves one overdue at the end."""
    rng = stream(seed, f"decisions {spec.party_group}")
    taken = []
    for index, month in enumerate(months):
        on_time = 0.82 + 0.07 * float(np.clip(intensity[spec.party_group][index], -2, 2))
        for _ in range(int(rng.poisson(DECISIONS_A_MONTH))):
            decided_on = on_day(month, int(rng.integers(3, 9)))
            due_on = decided_on + timedelta(days=int(rng.integers(20, 50)))
            late = -int(rng.integers(0, 12)) if chance(rng, on_time) else int(rng.integers(2, 25))
            taken.append(_decide(people, spec, decided_on, due_on, due_on + timedelta(days=late), rng, months))
        if spec is people.groups[-1] and month == months[-1]:
            decided_on = on_day(months[-2 if len(months) > 1 else -1], 8)
            taken.append(_decide(people, spec, decided_on, on_day(month, 10), None, rng, months))
    return taken


def _decide(
    people: People,
    spec: GroupSpec,
    decided_on: date,
    due_on: date,
    closed_on: date | None,
    rng: np.random.Generator,
    months: tuple[date, ...],
) -> Decision:
    topic = pick(rng, wording.TOPICS[spec.function])
    return Decision(
        decision_no="",
        decided_on=decided_on,
        party_group=spec.party_group,
        topic=topic,
        decision=wording.DECISIONS[topic],
        owner=pick(rng, people.members_of(spec.party_group, decided_on)),
        due_on=due_on,
        closed_on=_known(closed_on, months),
    )


def _known(day: date | None, months: tuple[date, ...]) -> date | None:
    """Return a day unless it lies after the last day that the bureau's workbooks can know."""
    return day if day is not None and day <= month_end(months[-1]) else None


def _number_decisions(decisions: list[Decision]) -> tuple[Decision, ...]:
    ordered = sorted(decisions, key=lambda d: (d.decided_on, d.party_group))
    counts: dict[int, int] = {}
    numbered = []
    for entry in ordered:
        year = entry.decided_on.year
        counts[year] = counts.get(year, 0) + 1
        numbered.append(replace(entry, decision_no=f"决〔{year}〕{counts[year]}号"))
    return tuple(numbered)


def _collect_opinions(
    people: People, spec: GroupSpec, months: tuple[date, ...], intensity: dict[str, Array], seed: int
) -> list[Opinion]:
    """Return the opinions that one group collects, not yet numbered; the last group leaves two overdue at the end."""
    rng = stream(seed, f"opinions {spec.party_group}")
    collected = []
    for index, month in enumerate(months):
        activity = float(intensity[spec.party_group][index])
        for _ in range(int(rng.poisson(OPINIONS_A_MONTH * np.exp(0.3 * activity)))):
            collected_on = on_day(month, int(rng.integers(1, 29)))
            on_time = chance(rng, 0.85 + 0.05 * float(np.clip(activity, -2, 2)))
            days = int(rng.integers(2, OPINION_DAYS)) if on_time else int(rng.integers(OPINION_DAYS + 1, 40))
            collected.append(_note_opinion(people, spec, collected_on, days, rng, months))
    if spec is people.groups[-1]:
        collected += [_note_opinion(people, spec, on_day(months[-1], day), None, rng, months) for day in (3, 11)]
    return collected


def _note_opinion(
    people: People,
    spec: GroupSpec,
    collected_on: date,
    days: int | None,
    rng: np.random.Generator,
    months: tuple[date, ...],
) -> Opinion:
    category, content = wording.OPINIONS[int(rng.integers(len(wording.OPINIONS)))]
    closed_on = _known(collected_on + timedelta(days=days) if days is not None else None, months)
    members = people.members_of(spec.party_group, collected_on)
    return Opinion(
        opinion_no="",
        collected_on=collected_on,
        collector=pick(rng, members),
        party_group=spec.party_group,
        source=pick(rng, wording.OPINION_SOURCES),
        category=category,
        content=content,
        handler=pick(rng, members),
        due_on=collected_on + timedelta(days=OPINION_DAYS),
        closed_on=closed_on,
        satisfaction=pick(rng, wording.SATISFACTION) if closed_on else "",
    )


def _number_opinions(opinions: list[Opinion]) -> tuple[Opinion, ...]:
    ordered = sorted(opinions, key=lambda o: (o.collected_on, o.party_group))
    counts: dict[int, int] = {}
    numbered = []
    for entry in ordered:
        year = entry.collected_on.year
        counts[year] = counts.get(year, 0) + 1
        numbered.append(replace(entry, opinion_no=f"{year}-{counts[year]:03d}"))
    return tuple(numbered)


def _guide_retailers(
    people: People, spec: GroupSpec, months: tuple[date, ...], intensity: dict[str, Array], seed: int
) -> list[GuidanceVisit]:
    rng = stream(seed, f"guidance {spec.party_group}")
    visits = []
    for index, month in enumerate(months):
        for _ in range(int(rng.poisson(VISITS_A_MONTH * np.exp(0.35 * intensity[spec.party_group][index])))):
            visited_on = on_day(month, int(rng.integers(1, 29)))
            problem, outcome = wording.PROBLEMS[int(rng.integers(len(wording.PROBLEMS)))]
            member = pick(rng, people.members_of(spec.party_group, visited_on))
            visits.append(GuidanceVisit(visited_on, f"LS{int(rng.integers(1, 1800)):05d}", member, problem, outcome))
    return visits


def _hold_quizzes(
    people: People, months: tuple[date, ...], intensity: dict[str, Array], seed: int
) -> list[QuizAttempt]:
    """Return one session a month; some members miss it, some try again, and the better attempt counts."""
    rng = stream(seed, "quiz")
    ability = {entry.member: float(rng.normal(86, 5)) for entry in people.memberships}
    attempts = []
    for index, month in enumerate(months):
        session_on = on_day(month, SESSION_DAY)
        for spec in people.groups:
            for position, member in enumerate(people.members_of(spec.party_group, session_on)):
                if position and not chance(rng, 0.93):
                    continue
                level = ability[member] + 2.5 * float(intensity[spec.party_group][index])
                attempts += _try_quiz(session_on, member, level, rng)
    return attempts


def _try_quiz(session_on: date, member: str, level: float, rng: np.random.Generator) -> list[QuizAttempt]:
    submitted_at = datetime.combine(session_on, time(int(rng.integers(8, 22)), int(rng.integers(60))))
    tries = []
    for _ in range(2 if chance(rng, 0.15) else 1):
        score = int(np.clip(round(float(rng.normal(level, 5))), 30, 100))
        tries.append(QuizAttempt(session_on, member, score, int(rng.integers(95, 600)), submitted_at))
        submitted_at += timedelta(minutes=int(rng.integers(11, 90)))
    return tries
