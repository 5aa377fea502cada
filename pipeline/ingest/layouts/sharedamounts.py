"""Amounts in cells merged over several rows: whether each row has as much, or all of them together, nobody can tell."""

from collections.abc import Mapping, Sequence

from pipeline.catalog import Column
from pipeline.ingest.cells.columns import Value
from pipeline.ingest.checking.reconcile import is_additive
from pipeline.ingest.files.grids import cell_address
from pipeline.ingest.layouts.places import ColumnPlaces
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.wordforms import cell_text

OF_EACH = frozenset(
    {"h", "persons"}
)  # units of what a merged cell says of each row: hours of a training, those expected
SETTINGS = frozenset({"rule_book"})  # tables of rules, and not of what happened


def leave_out_shared(result: SheetRows, column: Column, places: ColumnPlaces, key: Sequence[str]) -> set[int]:
    """Leave out, and tell, every amount of a column in a cell that is merged over several rows of the table.

    ``places`` are those of the column before 同上 is followed, ``key`` the columns that identify a row of the table:
    rows that share the cells of these too are one record, which counts once. Names, months, dates and rates are filled
    down. Returns the positions.
    """
    if not places.anchors or not is_additive(column) or column.unit in OF_EACH or column.table in SETTINGS:
        return set()
    values = result.values[column.column]
    found: set[int] = set()
    for first, positions in _sharing(places).items():
        shared = [position for position in positions if _is_amount(values[position])]
        if len(shared) < 2 or _is_one_record(result, shared, key):
            continue
        last = places.rows[positions[-1]]
        seen = f"{cell_text(result.cell(column.column, shared[0]))} ({_span(first, last, places.number)})"
        for position in shared:
            values[position] = None
            result.fault("merged_amount", column.column, position, seen=seen)
        found.update(shared)
    if column.required:
        result.rejected |= found
    return found


def _sharing(places: ColumnPlaces) -> Mapping[int, Sequence[int]]:
    """Return first row of a merged range -> the positions that it gives a value to."""
    firsts = set(places.anchors.values())
    found: dict[int, list[int]] = {}
    for position, row in enumerate(places.rows):
        first = places.anchors.get(row, row)
        if first in firsts:
            found.setdefault(first, []).append(position)
    return found


def _is_amount(value: Value) -> bool:
    return isinstance(value, int | float) and value != 0  # nothing, shared by several, is nothing for each


def _is_one_record(result: SheetRows, positions: Sequence[int], key: Sequence[str]) -> bool:
    held = [result.places[name] for name in key if name in result.places]
    return bool(held) and all(len({found[position] for position in positions}) == 1 for found in held)


def _span(first: int, last: int, number: int) -> str:
    return f"{cell_address(first, number)}:{cell_address(last, number)}"
