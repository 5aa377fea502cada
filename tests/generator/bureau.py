"""The one call that makes a bureau: truth, printed points, workbooks, mistakes, files."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Literal

from tests.generator.books import build_books
from tests.generator.books.monthly import inspection_path
from tests.generator.books.points_sheets import path_of as points_path
from tests.generator.mistakes import SAMPLE, plant
from tests.generator.printed import choose_differences, choose_slips, print_points
from tests.generator.results import Effect
from tests.generator.sheets import Book
from tests.generator.truth import NotSubmitted, Truth
from tests.generator.world import World, build_world, score_world
from tests.generator.writers import write_book

SAMPLE_EFFECTS: Mapping[str, Effect] = {"new_product_shelf_rate_pct": Effect(strength=0.6, lag=1)}
Mistakes = Literal["sample", "none"] | Collection[str]


def generate_bureau(
    out: Path,
    *,
    groups: int = 3,
    members: int = 16,
    first: str = "2018-11",
    last: str = "2021-12",
    seed: int = 2018,
    effects: Mapping[str, Effect] | None = None,
    mistakes: Mistakes = "sample",
) -> Truth:
    """Write a bureau's workbooks under ``out`` and return what is true of it.

    ``effects`` maps a metric to how process points lead it (None: the sample's; an empty mapping: no relation at all).
    ``mistakes`` is "sample" (its own mistakes, two gaps, three wrong means and two slips of the pen in assessments),
    "none", or some of the kinds of `mistakes.PLANTERS`; those that are not the sample's may cost rows, which the
    truth's items and metrics still count.
    The same arguments give the same bytes. Raises `ValueError` for arguments that no bureau can have, `LookupError`
    where a bureau is too small or too young for a mistake.
    """
    world = build_world(groups, members, first, last, SAMPLE_EFFECTS if effects is None else effects, seed)
    is_sample = mistakes == "sample"
    missing = _choose_missing(world) if is_sample else ()
    items = score_world(world, _expand(missing, world))
    names = [spec.party_group for spec in world.people.groups]
    differences = choose_differences(items, world.months, names) if is_sample else []
    slips = choose_slips(world.months, names) if is_sample else []
    printed = print_points(items, world.people, differences, seed)
    unprinted = frozenset((entry.party_group, entry.month) for entry in missing if entry.kind == "monthly_points")
    books = _leave_out(build_books(world, printed, unprinted, slips), missing)
    kinds = SAMPLE if is_sample else () if mistakes == "none" else mistakes
    issues = plant(books, world, kinds)
    for book in books:
        write_book(book, out)
    return Truth(
        folder=out,
        files=tuple(sorted(book.path for book in books)),
        world=world,
        items=items,
        issues=tuple(issues),
        missing=missing,
        differences=tuple(differences),
        slips=tuple(slips),
    )


def _choose_missing(world: World) -> tuple[NotSubmitted, ...]:
    """Return what is lacking: the last group's points of the last month, the inspections of the month before."""
    gaps = [NotSubmitted("monthly_points", world.months[-1], world.people.groups[-1].party_group)]
    if len(world.months) > 1 and any(spec.enforces for spec in world.people.groups):
        gaps.append(NotSubmitted("inspections", world.months[-2], ""))
    return tuple(gaps)


def _expand(missing: Sequence[NotSubmitted], world: World) -> frozenset[tuple[str, date, str]]:
    """Return (kind, month, group) with every group named."""
    names = [spec.party_group for spec in world.people.groups]
    return frozenset(
        (entry.kind, entry.month, name)
        for entry in missing
        for name in ([entry.party_group] if entry.party_group else names)
    )


def _leave_out(books: Sequence[Book], missing: Sequence[NotSubmitted]) -> list[Book]:
    """Return the books without the sheets that were not handed in; a book without sheets is not handed in at all."""
    dropped = set()
    for entry in missing:
        if entry.kind == "monthly_points":
            dropped.add((points_path(entry.month), entry.party_group))
        else:
            dropped.add((inspection_path(entry.month.year), f"{entry.month.month}月"))
    kept = [Book(book.path, [s for s in book.sheets if (book.path, s.name) not in dropped]) for book in books]
    return [book for book in kept if book.sheets]
