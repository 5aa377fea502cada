"""Amounts of one table on several sheets of a bureau: 销量计划 on one, 检查计划 of the same months on another."""

from collections.abc import Sequence
from itertools import combinations

from pipeline.catalog import Catalog
from pipeline.ingest.checking.kinship import signatures_of
from pipeline.ingest.layouts.headers import NUMBER_DTYPES
from pipeline.ingest.layouts.sheetrows import SheetRows


def join_parts(sheets: Sequence[SheetRows], catalog: Catalog) -> None:
    """Put together the rows of two sheets that have the same key and say nothing twice: each holds other amounts.

    By their keys alone the later sheet is a copy of the first. A row of one sheet only stays as it is, unless it lacks
    an amount that it must have.
    """
    by_table: dict[str, list[SheetRows]] = {}
    for rows in sheets:
        if catalog.tables[rows.sheet.kind.table].key:
            by_table.setdefault(rows.sheet.kind.table, []).append(rows)
    for table, found in by_table.items():
        for first, second in combinations(found, 2):
            _join(first, second, catalog.tables[table].key)
        for rows in found:
            _turn_down_halves(rows)


def _turn_down_halves(rows: SheetRows) -> None:
    """Turn down the rows for which no other sheet holds what this one lacks, and tell it once."""
    for name in rows.sheet.lacking:
        alone = [position for position in rows.kept() if rows.values[name][position] is None]
        if alone:
            rows.fault("missing_value", name, alone[0], alike=alone[1:])
            rows.rejected.update(alone)


def _join(first: SheetRows, second: SheetRows, key: Sequence[str]) -> None:
    own, others = (_amounts(rows, key) for rows in (first, second))
    are_amounts = all(first.columns[name].dtype in NUMBER_DTYPES for name in own | others)
    if not own or not others or own & others or not are_amounts:
        return
    places = {signature: position for position, signature in signatures_of(first, key).items()}
    for position, signature in signatures_of(second, key).items():
        if (at := places.get(signature)) is not None:
            for name in sorted(others):
                first.values[name][at] = second.values[name][position]
            second.joined.add(position)
    first.joined_columns |= others if second.joined else frozenset()


def _amounts(rows: SheetRows, key: Sequence[str]) -> frozenset[str]:
    """Return the columns beside the key that hold a value in any used row."""
    kept = rows.kept()
    return frozenset(
        name
        for name in rows.columns
        if name not in key and any(rows.values[name][position] is not None for position in kept)
    )
