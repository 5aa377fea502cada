"""Honest mistakes: each changes a cell, row, sheet or file, and where a reader must find it is written down."""

from collections.abc import Iterable, Mapping

from tests.generator.mistakes.files import FILES, NEVER_SENT
from tests.generator.mistakes.headers import HEADERS, WITHOUT_UNITS
from tests.generator.mistakes.names import NAMES
from tests.generator.mistakes.planting import Ground, PlantedIssue, Planter
from tests.generator.mistakes.rows import ROWS
from tests.generator.mistakes.sample import SAMPLE
from tests.generator.mistakes.settings import SETTINGS
from tests.generator.mistakes.system import SYSTEM
from tests.generator.mistakes.times import TIMES
from tests.generator.mistakes.values import VALUES
from tests.generator.sheets import Book
from tests.generator.world import World

__all__ = ["ALONE", "PLANTERS", "SAMPLE", "PlantedIssue", "plant"]

# What a bureau lacks as a whole, so that other mistakes would not be found in it or look otherwise.
ALONE: Mapping[str, Planter] = {**NEVER_SENT, **WITHOUT_UNITS}
# The sample's come first: they insert rows between others, and no later one does.
PLANTERS: Mapping[str, Planter] = {
    **SAMPLE,
    **VALUES,
    **NAMES,
    **ROWS,
    **TIMES,
    **SYSTEM,
    **SETTINGS,
    **HEADERS,
    **FILES,
    **ALONE,
}


def plant(books: list[Book], world: World, kinds: Iterable[str]) -> list[PlantedIssue]:
    """Change ``books`` and return what was planted; raises `ValueError` for a kind without a planter.

    Raises `LookupError` where a bureau is too small or too young to hold the mistake.
    """
    chosen = list(kinds)
    unknown = sorted(set(chosen) - set(PLANTERS))
    if unknown:
        raise ValueError(f"no mistake is called {', '.join(unknown)}: expected some of {', '.join(PLANTERS)}")
    ground = Ground(books, world)
    return [PlantedIssue(kind=kind, **vars(planter(ground))) for kind, planter in PLANTERS.items() if kind in chosen]
