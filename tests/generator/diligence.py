"""Members who do nearly all that the rule book rewards: without them nobody in a bureau earns more than three stars.

Two are worth five stars (60, and 12 for the post, 8 for pledges, 4 for notes, 1 to 1.5 for the quiz, 6.5 for visits),
two four stars, in the last twelve months of a bureau that has had two years. Nothing of it counts for a group.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from tests.generator import wording
from tests.generator.calendar import month_end, on_day
from tests.generator.noise import pick, stream
from tests.generator.people import People
from tests.generator.records import FrontlineVisit, Pledge

LEAST_MONTHS, DILIGENT_MONTHS = 24, 12


@dataclass(frozen=True)
class Diligence:
    """What a member does in a month at least."""

    visits: int
    notes: int
    pledges: int
    duties: int


FIVE_STARS = Diligence(visits=13, notes=4, pledges=4, duties=6)
FOUR_STARS = Diligence(visits=6, notes=4, pledges=1, duties=6)
Diligent = Mapping[tuple[str, date], Diligence]  # by (member, month)


def find_diligent(people: People, months: tuple[date, ...]) -> Diligent:
    """Return who does so much in which months: the first two of those who stay in each of the first two groups."""
    if len(months) < LEAST_MONTHS:
        return {}
    found: dict[tuple[str, date], Diligence] = {}
    for spec in people.groups[:2]:
        for entry, level in zip(people.plain_members(spec.party_group), (FIVE_STARS, FOUR_STARS), strict=False):
            found |= {(entry.member, month): level for month in months[-DILIGENT_MONTHS:]}
    return found


def visit_more(diligent: Diligent, seed: int) -> Iterator[FrontlineVisit]:
    """Yield the visits of diligent members."""
    rng = stream(seed, "visits of diligent members")
    for (member, month), level in diligent.items():
        for _ in range(level.visits):
            day = on_day(month, int(rng.integers(1, 29)))
            yield FrontlineVisit(day, member, pick(rng, wording.PLACES), pick(rng, wording.MATTERS))


def pledge_more(diligent: Diligent, seed: int) -> Iterator[Pledge]:
    """Yield the pledges of diligent members: for a month, and kept within it."""
    rng = stream(seed, "pledges of diligent members")
    for (member, month), level in diligent.items():
        for pledge in wording.PLEDGES[: level.pledges]:
            yield Pledge(member, month, pledge, month_end(month), on_day(month, int(rng.integers(18, 29))))
