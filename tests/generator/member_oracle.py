"""Members' months as domain.md section 3 states them, counted by plain loops: a second opinion for the engine.

Base 60, what is earned up to 40, deductions; never below 0 or above 100. A month counts for who belonged to a group on
at least half of its days and was on approved leave on at most half of them. Whoever is on approved leave on the day of
a meeting is not absent from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tests.generator.appraisal import Appraisal
from tests.generator.calendar import month_end, month_of, on_day
from tests.generator.oracle import of_month
from tests.generator.people import People
from tests.generator.process import Process
from tests.generator.records import Leave

BASE, MOST_EARNED = 60.0, 40.0
APPROVED = ("公假", "病假", "产假", "学习")


@dataclass(frozen=True)
class MemberPoints:
    """One member's month; the points are None where it does not count."""

    member: str
    month: date
    party_group: str  # on the 15th, else the first of the month that is any
    state: str  # scored / short_stay / on_leave
    items: dict[str, float]  # by item, after its cap; empty where the month does not count
    earned: float | None
    deducted: float | None
    total: float | None
    member_days: int
    leave_days: int
    excused: int  # meetings that were missed on approved leave
    has_veto: bool


def score_members(
    people: People, process: Process, appraisal: Appraisal, leaves: Sequence[Leave], months: tuple[date, ...]
) -> tuple[MemberPoints, ...]:
    """Return every member's month with a day in a group, before corrections."""
    approved = [leave for leave in leaves if leave.leave_type in APPROVED]
    scored = []
    whole_process, whole_appraisal = process, appraisal
    for month in months:
        process, appraisal = of_month(whole_process, month), _of_month(whole_appraisal, month)
        days = [month + timedelta(days=offset) for offset in range(month_end(month).day)]
        for member in sorted({member for day in days for member in people.all_members(day)}):
            spans = [(leave.from_on, leave.to_on) for leave in approved if leave.member == member]
            there = [day for day in days if people.group_of(member, day)]
            away = [day for day in there if any(begin <= day <= end for begin, end in spans)]
            state = (
                "short_stay" if 2 * len(there) < len(days) else "on_leave" if 2 * len(away) > len(days) else "scored"
            )
            absent = _absences(process, member, month)
            excused = sum(any(begin <= day <= end for begin, end in spans) for day in absent)
            items = _count_items(process, appraisal, member, month, len(absent) - excused)
            earned = min(MOST_EARNED, sum(points for points in items.values() if points > 0))
            deducted = sum((points for points in items.values() if points < 0), 0.0)
            is_scored = state == "scored"
            scored.append(
                MemberPoints(
                    member=member,
                    month=month,
                    party_group=people.group_of(member, on_day(month, 15)) or people.group_of(member, there[0]) or "",
                    state=state,
                    items=items if is_scored else {},
                    earned=earned if is_scored else None,
                    deducted=deducted if is_scored else None,
                    total=max(0.0, min(100.0, BASE + earned + deducted)) if is_scored else None,
                    member_days=len(there),
                    leave_days=len(away),
                    excused=excused,
                    has_veto=_count_entries(process, member, month, "V1") > 0,
                )
            )
    return tuple(scored)


def _of_month(appraisal: Appraisal, month: date) -> Appraisal:
    return replace(
        appraisal,
        duties=tuple(entry for entry in appraisal.duties if entry.month == month),
        frontline=tuple(entry for entry in appraisal.frontline if month_of(entry.visited_on) == month),
    )


def _absences(process: Process, member: str, month: date) -> list[date]:
    return [a.held_on for a in process.activities if month_of(a.held_on) == month and member in a.absentees]


def _count_items(process: Process, appraisal: Appraisal, member: str, month: date, absences: int) -> dict[str, float]:
    """Return M1 to M8."""
    due = [d for d in process.decisions if d.owner == member and month_of(d.due_on) == month]
    overdue = sum(d.closed_on is None or d.closed_on > d.due_on for d in due)
    done = sum(d.duty_count for d in appraisal.duties if d.member == member and d.month == month)
    closed = [p for p in appraisal.pledges if p.member == member and p.closed_on and month_of(p.closed_on) == month]
    kept = sum(p.closed_on is not None and p.closed_on <= p.due_on for p in closed)
    visits = sum(v.member == member and month_of(v.visited_on) == month for v in appraisal.frontline)
    items = {
        "M1": -3.0 * absences,
        "M2": -3.0 * overdue,
        "M3": min(6.0, _score_quizzes(process, member, month)),
        "M4": min(4.0, 1.0 * _count_entries(process, member, month, "M4")),
        "M5": min(12.0, 2.0 * done),
        "M6": min(8.0, 2.0 * kept),
        "M7": min(10.0, 0.5 * visits),
        "M8": -5.0 * _count_entries(process, member, month, "M8"),
    }
    return {item: points or 0.0 for item, points in items.items()}  # no -0.0


def _score_quizzes(process: Process, member: str, month: date) -> float:
    """Return the points of a member's best attempts, one a session."""
    best: dict[date, int] = {}
    for attempt in process.quiz:
        if attempt.member == member and month_of(attempt.session_on) == month:
            best[attempt.session_on] = max(best.get(attempt.session_on, 0), attempt.score)
    return sum(1.5 if score >= 90 else 1.0 if score >= 80 else 0.5 if score >= 60 else 0.0 for score in best.values())


def _count_entries(process: Process, member: str, month: date, item: str) -> int:
    return sum((entry.member, entry.month, entry.item) == (member, month, item) for entry in process.ledger)
