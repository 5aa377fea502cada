"""A bureau in as few workbooks as its process points and results need: the generator's ledgers, of any temper."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from tests.benchmarks.planting import Plant, plant_effect
from tests.benchmarks.tempers import Half, Temper, activity_of, noise_of
from tests.generator.appraisal import Appraisal
from tests.generator.books import activities, cases, ledgers, matters, monthly, quiz, roster, sales, settings
from tests.generator.governance import Governance
from tests.generator.leaves import plan_leaves
from tests.generator.noise import Array, stream
from tests.generator.oracle import score_process, sum_points
from tests.generator.people import People, build_people
from tests.generator.process import Process, run_process
from tests.generator.results import run_results
from tests.generator.sheets import Book, Position, Sheet
from tests.generator.world import World
from tests.generator.writers import write_book

GROUPS, MEMBERS = 3, 16  # as in the founding article
NO_APPRAISAL = Appraisal((), (), (), (), (), (), (), ())
NO_GOVERNANCE = Governance((), (), ())
GROUP_COLUMN = activities.COLUMNS.index("party_group") + 1
REPORT_FILES = {"sales": "卷烟销售月报", "inspections": "专卖检查月报", "quiz": "答题成绩"}


def write_bureau(temper: Temper, plant: Plant | None, folder: Path) -> World:
    """Write the workbooks of one bureau under ``folder`` and return what happened in it."""
    world = make_world(temper, plant)
    for book in hand_in(world, temper):
        write_book(book, folder)
    return world


def make_world(temper: Temper, plant: Plant | None) -> World:
    """Return what happened in a bureau; without a plant, nothing is related."""
    months, seed = temper.months, temper.seed
    people = build_people(GROUPS, MEMBERS, months, seed)
    leaves = plan_leaves(people, months)
    process = run_process(people, months, leaves, activity_of(temper, people), seed)
    noise: Mapping[str, Mapping[str, Array]] = noise_of(temper, people)
    if plant is not None:
        noise = plant_effect(plant, temper, noise, scored_points(people, process, months))
    results = run_results(people, months, noise, seed)
    return World(months, people, process, results, NO_APPRAISAL, NO_GOVERNANCE, leaves, effects={})


def scored_points(people: People, process: Process, months: tuple[date, ...]) -> dict[str, Array]:
    """Return the process points of each group, one a month, as the default rule book gives them."""
    points = sum_points(score_process(people, process, months), lambda item: True)
    return {spec.party_group: np.array([points[spec.party_group, month] for month in months]) for spec in people.groups}


def hand_in(world: World, temper: Temper) -> list[Book]:
    """Return the workbooks that reach the pipeline: those of all reports and ledgers, less what the temper lacks."""
    books = [
        *settings.build(world),
        *roster.build(world),
        *_activity_books(world, temper),
        *quiz.build(world),
        *sales.build(world),
        *cases.build(world),
        *matters.build(world),
        *monthly.build(world),
        *ledgers.build(world),
    ]
    return [kept for book in books if (kept := _without_gaps(book, temper.gaps)).sheets]


def _activity_books(world: World, temper: Temper) -> list[Book]:
    """Return the activity ledgers: one for all groups, or, where a group lacks half of its months, one for each."""
    if temper.half is None:
        return activities.build(world)
    books = []
    for number, group in enumerate(spec.party_group for spec in world.people.groups):
        own = tuple(activity for activity in world.process.activities if activity.party_group == group)
        lacking = _lacking_months(temper, temper.half) if number == temper.half.group else []
        for book in activities.build(replace(world, process=replace(world.process, activities=own))):
            sheets = [sheet for sheet in book.sheets if not _is_of(book.path, sheet.name, lacking)]
            if temper.half.is_told:
                sheets = [_without_column(sheet, GROUP_COLUMN) for sheet in sheets]
            books.append(Book(book.path.replace("党建/", f"党建/{group}"), sheets))
    return books


def _lacking_months(temper: Temper, half: Half) -> list[date]:
    """Return the months that a group did not hand in."""
    months, count = list(temper.months), len(temper.months) // 2
    any_half = stream(temper.seed, "half").permutation(len(months))[:count]
    return {"first": months[:count], "last": months[-count:], "any": [months[position] for position in any_half]}[
        half.which
    ]


def _without_column(sheet: Sheet, left_out: int) -> Sheet:
    """Return a sheet with a title row and no other merged range, without one of its columns."""
    (top, left, bottom, right), *others = sheet.merges
    if others:
        raise ValueError(f"{sheet.name}: only a title may be merged, not {others}")

    def keep(places: Iterable[Position]) -> dict[Position, Position]:
        kept = [(row, column) for row, column in places if column != left_out or row == top]
        return {(row, column): (row, column - (column > left_out)) for row, column in kept}

    moved = keep(sheet.cells)
    return Sheet(
        sheet.name,
        cells={moved[place]: value for place, value in sheet.cells.items() if place in moved},
        merges=[(top, left, bottom, right - 1)],
        bold=set(keep(sheet.bold).values()),
    )


def _without_gaps(book: Book, gaps: Sequence[tuple[str, date]]) -> Book:
    """Return a book without the sheets of the months for which nobody handed in its report."""
    lacking = [month for report, month in gaps if REPORT_FILES[report] in book.path]
    return Book(book.path, [sheet for sheet in book.sheets if not _is_of(book.path, sheet.name, lacking)])


def _is_of(path: str, sheet_name: str, months: Sequence[date]) -> bool:
    """Tell whether a report is that of one of ``months``: a csv is named for its day, a sheet for its month."""
    if path.endswith(".csv"):
        return any(f"{month:%Y%m}" in path for month in months)
    return any((f"{month.year}年" in path, f"{month.month}月") == (True, sheet_name) for month in months)
