"""Small bureaus, no two alike: two or three groups, half a year to two years, mistakes of every kind among them."""

import random
from dataclasses import dataclass
from pathlib import Path

from tests.generator import generate_bureau
from tests.generator.calendar import months_between, parse_month
from tests.generator.mistakes import ALONE, PLANTERS

LAST_MONTH = "2021-12"  # of every bureau
FIRST_MONTHS = ("2021-07", "2021-04", "2021-01", "2020-07", "2020-01")  # 6, 9, 12, 18 and 24 months
WEIGHTS = (4, 2, 2, 1, 1)  # most are young: a report of one costs half of that of two years
QUARTERS_OF_EACH = 3  # at most, the last ones
MISTAKES_OF_EACH = 6
TRUTHFUL = 0.3  # of the bureaus have no mistake


@dataclass(frozen=True)
class Bureau:
    """A generated bureau; ``mistakes`` are the kinds that it took."""

    folder: Path
    quarters: tuple[str, ...]
    mistakes: tuple[str, ...]


def make_bureau(folder: Path, number: int, seed: int) -> Bureau:
    """Generate bureau ``number`` of a soak into ``folder``; the same arguments give the same bureau."""
    chance = random.Random(f"{seed}/bureau/{number}")
    first = chance.choices(FIRST_MONTHS, WEIGHTS)[0]
    groups, members = chance.choice((2, 3)), chance.randrange(8, 21)
    wanted = [] if chance.random() < TRUTHFUL else mistakes_of(number)
    while True:
        try:
            generate_bureau(
                folder,
                groups=groups,
                members=members,
                first=first,
                last=LAST_MONTH,
                seed=seed + number,
                mistakes=wanted,
            )
        except LookupError:  # too small or too young for one of them
            wanted = wanted[: len(wanted) // 2]
        else:
            return Bureau(folder, last_quarters(first), tuple(wanted))


def mistakes_of(number: int) -> list[str]:
    """Return the next kinds of mistake, so that every kind gets its turn; those that must stand alone do."""
    kinds = [kind for kind in PLANTERS if kind not in ALONE]
    if number % 10 == 9:
        return [list(ALONE)[number // 10 % len(ALONE)]]
    start = number * MISTAKES_OF_EACH % len(kinds)
    return [*kinds, *kinds][start : start + MISTAKES_OF_EACH]


def last_quarters(first: str) -> tuple[str, ...]:
    """Return the last full quarters of a bureau whose first month is ``first`` and whose last is December."""
    months = months_between(parse_month(first), parse_month(LAST_MONTH))
    return tuple(f"{month.year}Q{month.month // 3}" for month in months if month.month % 3 == 0)[-QUARTERS_OF_EACH:]
