"""Signs such as 〃 and 同上, which stand for the cell above them in the same column."""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.ingest.cells.columns import Cells
from pipeline.ingest.files.grids import Grid
from pipeline.ingest.layouts.places import ColumnPlaces


def dittos_in(cells: Cells, signs: frozenset[str]) -> list[int]:
    """Return the positions of the cells that are nothing but one of the signs, as words.csv spells them.

    Nearly every column has none, which one pass of set arithmetic tells.
    """
    if signs.isdisjoint(cells):
        return []
    return [position for position, cell in enumerate(cells) if isinstance(cell, str) and cell in signs]


def follow_dittos(places: ColumnPlaces, positions: Sequence[int]) -> ColumnPlaces:
    """Return the places with every sign at the cell that it repeats, as cells of a merged range stand at its first.

    The row of data right above is meant, also over a total or a new page; a sign in the first row stays where it is.
    """
    anchors = dict(places.anchors)
    for position in positions:
        if position:
            above = places.rows[position - 1]
            anchors[places.rows[position]] = anchors.get(above, above)
    return replace(places, anchors=anchors)


def dittos_of_a_column(places: ColumnPlaces, grid: Grid, signs: frozenset[str]) -> tuple[ColumnPlaces, list[int]]:
    """Return where the values of a column stand, and the positions of signs that have nothing above them."""
    positions = dittos_in(places.cells(grid), signs)
    if not positions:
        return places, []
    followed = follow_dittos(places, positions)
    return followed, dittos_in(followed.cells(grid), signs)
