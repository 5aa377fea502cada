"""What the default rule book gives, counted by plain loops over what happened: a second opinion for the points engine.

It shares no code and no file with the engine: the numbers stand here as domain.md section 3 states them. Where nothing
was due an item is left out and the rest of its category is scaled to the category's weight (but a meeting, a quiz or
dues that never took place earn nothing); results that a group does not own, or that were not submitted, are left out.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tests.generator.calendar import month_of
from tests.generator.people import People
from tests.generator.process import Process
from tests.generator.records import Activity, GroupSpec
from tests.generator.results import Results

WEIGHTS = {"A": 30.0, "B": 30.0, "C": 40.0}
Missing = frozenset[tuple[str, date, str]]  # (kind of workbook, month, party group) that were not submitted


@dataclass(frozen=True)
class ItemPoints:
    """The points of one item: ``capped`` before, ``points`` after its category was rescaled; None where left out."""

    party_group: str
    month: date
    category: str
    item: str
    state: str  # scored / no_base / not_attributed / not_submitted / zeroed
    capped: float | None
    points: float | None
    full_points: float | None


@dataclass(frozen=True)
class Counted:
    """One item before rescaling: its points (None where it is left out), the most it can give, and why."""

    item: str
    capped: float | None
    full: float
    state: str = "scored"


def of_month(process: Process, month: date) -> Process:
    """Return what a month's points can depend on, and nothing else: it is looked through for every group and member."""
    return replace(
        process,
        activities=tuple(entry for entry in process.activities if month_of(entry.held_on) == month),
        decisions=tuple(entry for entry in process.decisions if month_of(entry.due_on) == month),
        opinions=tuple(entry for entry in process.opinions if entry.closed_on and month_of(entry.closed_on) == month),
        guidance_visits=tuple(entry for entry in process.guidance_visits if month_of(entry.visited_on) == month),
        quiz=tuple(entry for entry in process.quiz if month_of(entry.session_on) == month),
        ledger=tuple(entry for entry in process.ledger if entry.month == month),
    )


def score_process(people: People, process: Process, months: tuple[date, ...]) -> tuple[ItemPoints, ...]:
    """Return the items of categories A and B for every group and month; one whose record was falsified earns 0."""
    scored: list[ItemPoints] = []
    monthly = {month: of_month(process, month) for month in months}
    for spec in people.groups:
        for month in months:
            falsified = {
                entry.about_item
                for entry in monthly[month].ledger
                if (entry.item, entry.party_group, entry.month) == ("D3", spec.party_group, month)
            }
            for category, count in (("A", _count_resolutions), ("B", _count_activities)):
                counted = count(people, monthly[month], spec, month)
                scored += _rescale(spec, month, category, [_zero(item, falsified) for item in counted])
    return tuple(scored)


def _zero(counted: Counted, falsified: set[str]) -> Counted:
    is_zeroed = counted.item in falsified and counted.capped is not None
    return replace(counted, capped=0.0, state="zeroed") if is_zeroed else counted


def score_results(
    people: People, results: Results, months: tuple[date, ...], missing: Missing
) -> tuple[ItemPoints, ...]:
    """Return the items of category C for every group and month."""
    scored: list[ItemPoints] = []
    for spec in people.groups:
        for month in months:
            counted = [*_count_sales(results, spec, month), *_count_enforcement(results, spec, month, missing)]
            scored += _rescale(spec, month, "C", counted)
    return tuple(scored)


def score_ledger(people: People, process: Process, months: tuple[date, ...]) -> tuple[ItemPoints, ...]:
    """Return the bonus and deduction items D1 to D4 for every group and month."""
    scored = []
    monthly = {month: of_month(process, month).ledger for month in months}
    for spec in people.groups:
        for month in months:
            own = [
                entry
                for entry in monthly[month]
                if (entry.party_group, entry.month, entry.member) == (spec.party_group, month, "")
            ]
            late = sum(entry.item == "D4" for entry in own)
            points = {
                "D1": float(sum(entry.points for entry in own if entry.item == "D1")),
                "D2": -2.0 * sum(entry.item == "D2" for entry in own),
                "D3": -5.0 * sum(entry.item == "D3" for entry in own),
                "D4": max(-3.0, -1.0 * late),
            }
            scored += [
                ItemPoints(spec.party_group, month, "D", item, "scored", value, value, None)
                for item, value in points.items()
            ]
    return tuple(scored)


def _rescale(spec: GroupSpec, month: date, category: str, counted: Iterable[Counted]) -> list[ItemPoints]:
    counted = list(counted)
    base = sum(item.full for item in counted if item.capped is not None)
    factor = WEIGHTS[category] / base if base else 0.0
    return [
        ItemPoints(
            spec.party_group,
            month,
            category,
            item.item,
            item.state,
            item.capped,
            None if item.capped is None else item.capped * factor,
            None if item.capped is None else item.full * factor,
        )
        for item in counted
    ]


def _count_resolutions(people: People, process: Process, spec: GroupSpec, month: date) -> list[Counted]:
    """Return A1 to A6."""
    own = [a for a in process.activities if a.party_group == spec.party_group and month_of(a.held_on) == month]
    meetings = [a for a in own if a.activity_type == "党小组会"]
    theme_days = sum(a.activity_type == "主题党日" for a in own)
    dues = [a for a in own if a.activity_type == "党费收缴"]
    due = [d for d in process.decisions if d.party_group == spec.party_group and month_of(d.due_on) == month]
    in_time = sum(d.closed_on is not None and d.closed_on <= d.due_on for d in due)
    return [
        Counted("A1", min(6.0, 6.0 * len(meetings)), 6.0),
        _or_nothing("A2", _score_attendance(meetings), 6.0),
        _or_left_out("A3", in_time / len(due) if due else None, 8.0),
        Counted("A4", min(4.0, 4.0 * theme_days), 4.0),
        _or_nothing("A5", _score_quiz(people, process, spec, month), 4.0),
        _or_nothing("A6", _score_dues(dues), 2.0),
    ]


def _or_nothing(item: str, points: float | None, full: float) -> Counted:
    """Return an item that every month owes: without a base it earns 0 and is not left out."""
    return Counted(item, 0.0, full, "no_base") if points is None else Counted(item, points, full)


def _score_attendance(meetings: list[Activity]) -> float | None:
    approved = {"公假", "病假", "产假", "学习"}
    present = sum(a.present or 0 for a in meetings)
    expected = sum((a.expected or 0) - sum(b.reason in approved for b in a.absences) for a in meetings)
    if not expected:
        return None
    rate = 100 * present / expected
    return 6.0 if rate >= 95 else 4.0 if rate >= 85 else 2.0 if rate >= 75 else 0.0


def _score_quiz(people: People, process: Process, spec: GroupSpec, month: date) -> float | None:
    best: dict[tuple[date, str], int] = {}
    for attempt in process.quiz:
        if month_of(attempt.session_on) != month:
            continue
        if attempt.member not in people.members_of(spec.party_group, attempt.session_on):
            continue
        key = (attempt.session_on, attempt.member)
        best[key] = max(best.get(key, 0), attempt.score)
    if not best:
        return None
    mean = sum(best.values()) / len(best)
    return 4.0 if mean >= 90 else 3.0 if mean >= 80 else 2.0 if mean >= 60 else 0.0


def _score_dues(dues: list[Activity]) -> float | None:
    expected = sum(a.expected or 0 for a in dues)
    if not expected:
        return None
    return 2.0 if sum(a.present or 0 for a in dues) >= expected else 0.0


def _count_activities(people: People, process: Process, spec: GroupSpec, month: date) -> list[Counted]:
    """Return B1 to B5."""
    own = [a for a in process.activities if a.party_group == spec.party_group and month_of(a.held_on) == month]
    features = sum(a.activity_type == "特色活动" and a.has_record for a in own)
    topics = sum(a.activity_type == "党小组会" and a.topic != "" for a in own)
    reports = sum(a.activity_type == "宣传报道" for a in own)
    visits = sum(
        month_of(v.visited_on) == month and v.member in people.members_of(spec.party_group, v.visited_on)
        for v in process.guidance_visits
    )
    answered = sum(
        o.party_group == spec.party_group
        and o.closed_on is not None
        and month_of(o.closed_on) == month
        and o.closed_on <= o.due_on
        for o in process.opinions
    )
    return [
        Counted("B1", min(10.0, 5.0 * features), 10.0),
        Counted("B2", min(8.0, 4.0 * topics), 8.0),
        Counted("B3", min(6.0, 0.5 * visits), 6.0),
        Counted("B4", min(4.0, 0.5 * answered), 4.0),
        Counted("B5", min(2.0, 1.0 * reports), 2.0),
    ]


def _count_sales(results: Results, spec: GroupSpec, month: date) -> list[Counted]:
    """Return C1 to C3; a group that does not sell owns none of them."""
    if not spec.sells:
        return [Counted(item, None, full, "not_attributed") for item, full in (("C1", 10.0), ("C2", 8.0), ("C3", 6.0))]
    sales = next(s for s in results.sales if (s.party_group, s.month) == (spec.party_group, month))
    shelf = next(s for s in results.shelves if (s.party_group, s.month) == (spec.party_group, month))
    per_case = sales.revenue_yuan / sales.volume_xiang
    shelf_pct = 100 * shelf.stocking_retailers / shelf.retailers
    return [
        Counted("C1", 10.0 * min(1.0, sales.volume_xiang / sales.plan_xiang), 10.0),
        Counted("C2", 8.0 * min(1.0, per_case / sales.revenue_per_case_target_yuan), 8.0),
        Counted("C3", 6.0 * min(1.0, shelf_pct / shelf.target_pct), 6.0),
    ]


def _count_enforcement(results: Results, spec: GroupSpec, month: date, missing: Missing) -> list[Counted]:
    """Return C4 to C6; a group without enforcement owns none of them."""
    if not spec.enforces:
        return [Counted(item, None, full, "not_attributed") for item, full in (("C4", 8.0), ("C5", 4.0), ("C6", 4.0))]
    cases = [(c.filed_on, c.closed_on) for c in results.cases if c.party_group == spec.party_group]
    shops = [(s.found_on, s.closed_on) for s in results.unlicensed if s.party_group == spec.party_group]
    counted = [
        _or_left_out("C4", _closed_in_time(cases, month, days=90), 8.0),
        _or_left_out("C5", _closed_in_time(shops, month, days=30), 4.0),
    ]
    if ("inspections", month, spec.party_group) in missing:
        return [*counted, Counted("C6", None, 4.0, "not_submitted")]
    row = next(i for i in results.inspections if (i.party_group, i.month) == (spec.party_group, month))
    done = row.market_inspections + row.courier_inspections
    return [*counted, Counted("C6", 4.0 * min(1.0, done / row.plan), 4.0)]


def _closed_in_time(spans: list[tuple[date, date | None]], month: date, days: int) -> float | None:
    """Return the share closed within ``days`` of those whose time ran out in ``month``; None when there were none."""
    due = [(opened + timedelta(days=days), closed) for opened, closed in spans]
    due = [(limit, closed) for limit, closed in due if month_of(limit) == month]
    if not due:
        return None
    return sum(closed is not None and closed <= limit for limit, closed in due) / len(due)


def _or_left_out(item: str, rate: float | None, full: float) -> Counted:
    """Return an item that earns a share of its points, or is left out because nothing was due."""
    return Counted(item, None, full, "no_base") if rate is None else Counted(item, full * rate, full)


def sum_points(items: Iterable[ItemPoints], keep: Callable[[ItemPoints], bool]) -> dict[tuple[str, date], float]:
    """Return the sum of points by (party group, month) over the items that ``keep`` accepts."""
    sums: dict[tuple[str, date], float] = {}
    for item in items:
        key = (item.party_group, item.month)
        sums[key] = sums.get(key, 0.0) + (item.points or 0.0 if keep(item) else 0.0)
    return sums
