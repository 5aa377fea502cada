"""Rows at the end of a table that were prepared and never filled in: the months to come, a group copied down."""

from collections.abc import Callable, Collection, Mapping, Sequence

from pipeline.ingest.files.grids import Cell, CellError, Grid
from pipeline.ingest.wordforms import compact

AXES = frozenset({"month", "quarter", "party_group"})  # dtypes that say whose or of when a row is, and nothing more
PERIODS = frozenset({"month", "quarter", "date"})

At = tuple[Cell | CellError, ...]  # what the columns of months and days say of a row


def find_prepared_rows(
    grid: Grid,
    classes: Mapping[int, str],
    dtypes: Mapping[int, str],
    anchors: Mapping[tuple[int, int], tuple[int, int]],
    is_empty: Callable[[Cell | CellError], bool],
    dittos: Collection[str],
) -> list[int]:
    """Return the last rows of data that hold nothing but a group and a month which no row with values is of.

    ``dtypes``: column of the sheet -> that of the dictionary; ``anchors``: a cell that is merged into one above -> that
    one; ``dittos``: what stands for the cell above. A table without a column of days or months has no such row: its
    row of a group without an amount is one that was forgotten. So is one with a dash in place of its month.
    """
    timed = [number for number, dtype in dtypes.items() if dtype in PERIODS]
    if not timed:
        return []
    data = [row for row, class_ in classes.items() if class_ == "data"]
    first = len(data)
    while first and all(dtypes[number] in AXES for number in _filled(grid, data[first - 1], dtypes, is_empty)):
        first -= 1
    if first == len(data):
        return []
    found = _periods(grid, data, timed, anchors, dittos)
    told = frozenset(found[:first])
    blank = (None,) * len(timed)
    return [
        row
        for row, at in zip(data[first:], found[first:], strict=True)
        if at == blank or not (at in told or all(cell is None or is_empty(cell) for cell in at))
    ]


def _filled(grid: Grid, row: int, dtypes: Mapping[int, str], is_empty: Callable[[Cell | CellError], bool]) -> list[int]:
    cells = grid.rows[row]
    return [n for n in dtypes if n < len(cells) and cells[n] is not None and not is_empty(cells[n])]


def _periods(
    grid: Grid,
    data: Sequence[int],
    timed: Sequence[int],
    anchors: Mapping[tuple[int, int], tuple[int, int]],
    dittos: Collection[str],
) -> list[At]:
    """Return of when each row of data is: a month may be merged over its groups, or stand there as 〃."""
    found: list[At] = []
    above: At = (None,) * len(timed)
    for row in data:
        at = []
        for number, before in zip(timed, above, strict=True):
            at_row, column = anchors.get((row, number), (row, number))
            cells = grid.rows[at_row]
            cell = cells[column] if column < len(cells) else None
            text = compact(cell) if isinstance(cell, str) else cell
            at.append(before if text in dittos else text)
        above = tuple(at)
        found.append(above)
    return found
