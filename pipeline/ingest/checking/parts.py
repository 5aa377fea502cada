"""Amounts of one table on several sheets of a bureau: 销量计划 on one, 检查计划 of the same months on another."""

from collections.abc import Sequence
from itertools import combinations

from pipeline.catalog import Catalog
from pipeline.ingest.cells.columns import Words
from pipeline.ingest.checking.copies import originals_first
from pipeline.ingest.checking.kinship import Signature, signatures_of
from pipeline.ingest.layouts.headers import NUMBER_DTYPES
from pipeline.ingest.layouts.sheetrows import SheetRows


def join_parts(sheets: Sequence[SheetRows], catalog: Catalog, words: Words) -> None:
    """Put together the rows of two sheets that have the same key and say nothing twice: each holds other amounts.

    By their keys alone the later sheet is a copy of the first. A row of one sheet only stays as it is, unless it lacks
    an amount that it must have; of rows that repeat a key on their sheet, the first is put together. Copies of files
    come last, so that no amount goes to a row that is turned down as a copy.
    """
    by_table: dict[str, list[SheetRows]] = {}
    for rows in originals_first(sheets, words):
        if catalog.tables[rows.sheet.kind.table].key:
            by_table.setdefault(rows.sheet.kind.table, []).append(rows)
    for table, found in by_table.items():
        key = catalog.tables[table].key
        amounts = [_amounts(rows, key) for rows in found]
        for one, two in combinations(range(len(found)), 2):
            if amounts[one] and amounts[two] and amounts[one].isdisjoint(amounts[two]):
                _join(found[one], found[two], amounts[one], amounts[two], key)
                amounts[one], amounts[two] = _amounts(found[one], key), _amounts(found[two], key)
        for rows in found:
            _turn_down_halves(rows)


def _turn_down_halves(rows: SheetRows) -> None:
    """Turn down the rows for which no other sheet holds what this one lacks, and tell it once."""
    for name in rows.sheet.lacking:
        alone = [position for position in rows.kept() if rows.values[name][position] is None]
        if alone:
            rows.fault("missing_value", name, alone[0], alike=alone[1:])
            rows.rejected.update(alone)


def _join(first: SheetRows, second: SheetRows, own: frozenset[str], others: frozenset[str], key: Sequence[str]) -> None:
    if not all(first.columns[name].dtype in NUMBER_DTYPES for name in own | others):
        return
    places = _first_places(first, key)
    pairs = [(places[signature], at) for signature, at in _first_places(second, key).items() if signature in places]
    for position, at in pairs:
        for name in sorted(others):
            first.values[name][position] = second.values[name][at]
        second.joined[at] = (first, position)
    first.joined_columns |= others if pairs else frozenset()


def _first_places(rows: SheetRows, key: Sequence[str]) -> dict[Signature, int]:
    """Return the first used row of each key by its position."""
    places: dict[Signature, int] = {}
    for position, signature in signatures_of(rows, key).items():
        places.setdefault(signature, position)
    return places


def _amounts(rows: SheetRows, key: Sequence[str]) -> frozenset[str]:
    """Return the columns beside the key that hold a value in any used row."""
    kept = rows.kept()
    return frozenset(
        name
        for name in rows.columns
        if name not in key and any(rows.values[name][position] is not None for position in kept)
    )
