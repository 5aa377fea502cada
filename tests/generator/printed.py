"""The points that the bureau itself printed: the rule book's, rounded, spread over members, now and then wrong."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from tests.generator.calendar import on_day, years_of
from tests.generator.noise import stream
from tests.generator.oracle import ItemPoints
from tests.generator.people import People

COLUMN_ITEMS = {  # of printed_points, and the items that it sums
    "meeting_points": ("A1", "A2", "A4", "A6"),
    "study_points": ("A5",),
    "decision_points": ("A3",),
    "activity_points": ("B1", "B2", "B5"),
    "guidance_points": ("B3", "B4"),
    "volume_points": ("C1", "C3"),
    "revenue_points": ("C2",),
    "enforcement_points": ("C4", "C5", "C6"),
}
CATEGORY_COLUMNS = {
    "A": ("meeting_points", "study_points", "decision_points"),
    "B": ("activity_points", "guidance_points"),
    "C": ("volume_points", "revenue_points", "enforcement_points"),
}
SPREAD_CENTS = 150  # how far a member lies from the group's mean in one column
MEMBER_DAY = 15  # whoever belongs to the group on this day gets a row


@dataclass(frozen=True)
class Difference:
    """A printed mean that the rule book does not give, planted on purpose."""

    party_group: str
    month: date
    category: str
    column: str
    cents: int  # printed less right
    reason: str


@dataclass(frozen=True)
class AuditSlip:
    """One number of a quarter's or a year's assessment that is typed wrong; the numbers made from it are right."""

    level: str  # quarter / year
    party_group: str
    period: str  # 2020Q4 / 2020
    part: str  # quarter_score / quarter_mean
    cents: int  # printed less right
    reason: str


@dataclass(frozen=True)
class PrintedSheet:
    """The points of one group and month in hundredths: means by column, and member rows that average to them."""

    party_group: str
    month: date
    means: Mapping[str, int]  # only the columns that the group owns
    bonus: int
    rows: tuple[tuple[str, Mapping[str, int]], ...]  # (member, cents by column)

    @property
    def total(self) -> int:
        return sum(self.means.values()) + self.bonus


def print_points(
    items: Sequence[ItemPoints], people: People, differences: Sequence[Difference], seed: int
) -> dict[tuple[str, date], PrintedSheet]:
    """Return the printed points by (party group, month)."""
    grouped: dict[tuple[str, date], list[ItemPoints]] = {}
    for item in items:
        grouped.setdefault((item.party_group, item.month), []).append(item)
    return {
        (name, month): _print_sheet(name, month, own, people, differences, seed)
        for (name, month), own in grouped.items()
    }


def _print_sheet(
    name: str,
    month: date,
    items: Sequence[ItemPoints],
    people: People,
    differences: Sequence[Difference],
    seed: int,
) -> PrintedSheet:
    points = {item.item: item for item in items}
    means = {c: cents for columns in CATEGORY_COLUMNS.values() for c, cents in _round_columns(points, columns).items()}
    limits = {
        column: int(sum(100 * (points[item].full_points or 0.0) for item in COLUMN_ITEMS[column])) for column in means
    }
    for difference in differences:
        if (difference.party_group, difference.month) == (name, month):
            means[difference.column] += difference.cents
    bonus = round(sum(100 * (item.points or 0.0) for item in items if item.category == "D"))
    members = people.members_of(name, on_day(month, MEMBER_DAY))
    rng = stream(seed, f"member points {name} {month}")
    spread = {column: _spread(mean, limits[column], len(members), rng) for column, mean in means.items()}
    rows = tuple(
        (member, {column: means[column] + spread[column][index] for column in means})
        for index, member in enumerate(members)
    )
    return PrintedSheet(name, month, means, bonus, rows)


def _round_columns(points: Mapping[str, ItemPoints], columns: Iterable[str]) -> dict[str, int]:
    """Round the columns of one category to hundredths so that they sum to the rounded category (largest remainder)."""
    exact = {
        column: 100 * sum(points[item].points or 0.0 for item in COLUMN_ITEMS[column])
        for column in columns
        if any(points[item].state != "not_attributed" for item in COLUMN_ITEMS[column])
    }
    cents = {column: int(value + 1e-9) for column, value in exact.items()}
    short = round(sum(exact.values())) - sum(cents.values())
    by_remainder = sorted(exact, key=lambda column: cents[column] - exact[column])
    for column in by_remainder[:short]:
        cents[column] += 1
    return cents


def _spread(mean: int, limit: int, count: int, rng: np.random.Generator) -> list[int]:
    """Return deviations that sum to zero and keep every member between 0 and ``limit``."""
    room = max(0, min(mean, limit - mean, SPREAD_CENTS))
    deviations = [0] * count
    for first in range(0, count - 1, 2):
        step = int(rng.integers(0, room + 1))
        deviations[first], deviations[first + 1] = step, -step
    return deviations


def choose_differences(items: Sequence[ItemPoints], months: Sequence[date], groups: Sequence[str]) -> list[Difference]:
    """Return up to three wrong means: an activity too many, a theme day forgotten, visits not counted."""
    wishes = (
        (groups[0], len(months) * 2 // 5, "B", "B1", "activity_points", 500, "多计一次特色活动"),
        (groups[1 % len(groups)], len(months) * 7 // 10, "A", "A4", "meeting_points", -400, "漏计主题党日"),
        (groups[-1], len(months) - 2, "B", "B3", "guidance_points", -150, "少计三次帮扶"),
    )
    points = {(item.party_group, item.month, item.item): item for item in items}
    chosen: list[Difference] = []
    for name, start, category, item, column, cents, reason in wishes:
        for month in months[max(0, start) :]:
            capped = points[name, month, item].capped
            room = (10.0 - (capped or 0.0)) if cents > 0 else (capped or 0.0)
            if capped is not None and 100 * room >= abs(cents):
                chosen.append(Difference(name, month, category, column, cents, reason))
                break
    return chosen


def choose_slips(months: Sequence[date], groups: Sequence[str]) -> list[AuditSlip]:
    """Return a quarter's score and a year's mean typed wrong, in the last whole year but one."""
    whole = [year for year, own in years_of(tuple(months)).items() if len(own) == 12]
    if len(whole) < 2:
        return []
    return [
        AuditSlip("quarter", groups[-1], f"{whole[-2]}Q4", "quarter_score", 90, "季度得分录错"),
        AuditSlip("year", groups[1 % len(groups)], f"{whole[-2]}", "quarter_mean", -60, "季度均分录错"),
    ]
