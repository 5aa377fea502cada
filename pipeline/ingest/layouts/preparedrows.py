"""Rows at the end of a table that were prepared and never filled in: the months to come, a group copied down."""

from collections.abc import Callable, Mapping, Sequence

from pipeline.ingest.files.grids import Cell, CellError, Grid

AXES = frozenset({"month", "quarter", "party_group"})  # dtypes that say whose or of when a row is, and nothing more
PERIODS = frozenset({"month", "quarter", "date"})


def find_prepared_rows(
    grid: Grid, classes: Mapping[int, str], dtypes: Mapping[int, str], is_empty: Callable[[Cell | CellError], bool]
) -> list[int]:
    """Return the last rows of data that hold nothing but a group and a month which no row with values is of.

    ``dtypes``: column of the sheet -> that of the dictionary. A table without a column of days or months has none: its
    row of a group without an amount is one that was forgotten.
    """
    timed = [number for number, dtype in dtypes.items() if dtype in PERIODS]
    if not timed:
        return []
    data = [row for row, class_ in classes.items() if class_ == "data"]
    prepared: list[int] = []
    for row in reversed(data):
        if any(dtypes[number] not in AXES for number in _filled(grid, row, dtypes, is_empty)):
            break
        prepared.append(row)
    if not prepared:
        return []
    told = {_at(grid, row, timed) for row in data[: len(data) - len(prepared)]}
    blank = (None,) * len(timed)
    return [row for row in prepared if (at := _at(grid, row, timed)) == blank or at not in told]


def _filled(grid: Grid, row: int, dtypes: Mapping[int, str], is_empty: Callable[[Cell | CellError], bool]) -> list[int]:
    cells = grid.rows[row]
    return [n for n in dtypes if n < len(cells) and cells[n] is not None and not is_empty(cells[n])]


def _at(grid: Grid, row: int, timed: Sequence[int]) -> tuple[Cell | CellError, ...]:
    cells = grid.rows[row]
    return tuple(cells[number] if number < len(cells) else None for number in timed)
