"""From what happened to the workbooks that a bureau keeps: one module a workbook kind or family of kinds."""

from collections.abc import Mapping, Sequence
from datetime import date

from tests.generator.books import (
    activities,
    cases,
    judgements,
    ledgers,
    matters,
    monthly,
    points_sheets,
    quiz,
    reviews,
    roster,
    sales,
    settings,
)
from tests.generator.printed import AuditSlip, PrintedSheet
from tests.generator.sheets import Book
from tests.generator.world import World


def build_books(
    world: World,
    printed: Mapping[tuple[str, date], PrintedSheet],
    unprinted: frozenset[tuple[str, date]] = frozenset(),
    slips: Sequence[AuditSlip] = (),
) -> list[Book]:
    """Return every workbook of the bureau; ``unprinted`` lists the (group, month) whose points were never handed in,
    ``slips`` what its assessments print wrong.
    """
    return [
        *settings.build(world),
        *roster.build(world),
        *activities.build(world),
        *points_sheets.build(world, printed),
        *reviews.build(world, printed, unprinted, slips),
        *judgements.build(world),
        *quiz.build(world),
        *sales.build(world),
        *cases.build(world),
        *matters.build(world),
        *monthly.build(world),
        *ledgers.build(world),
    ]
