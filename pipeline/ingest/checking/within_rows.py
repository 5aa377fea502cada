"""Numbers of one row against each other: a total and its parts, a part and its whole."""

from collections.abc import Mapping, Sequence

import numpy as np

from pipeline.catalog import Catalog, RowLimit, RowSum
from pipeline.ingest.cells.amounts import parse_number
from pipeline.ingest.cells.columns import CellFault, Words
from pipeline.ingest.checking.reconcile import RELATIVE_NOISE, decimals_of, shown_number
from pipeline.ingest.files.grids import CellError
from pipeline.ingest.layouts.rows import cell_at
from pipeline.ingest.layouts.sheetrows import SheetRows

MIN_PARTS = 2  # the only part that a sheet holds need not be the only one that its total sums
EXPECTED_DIGITS = 2  # a total printed as 90 may be told to be 90.25


def check_within_rows(rows: SheetRows, catalog: Catalog, words: Words) -> None:
    """Note totals that are not the sum of their parts, and parts that exceed their whole; the rows stay."""
    table = rows.sheet.kind.table
    for row_sum in catalog.row_sums:
        if row_sum.table == table:
            _check_sum(rows, row_sum, catalog, words)
    for limit in catalog.row_limits:
        if limit.table == table:
            _check_limit(rows, limit, catalog)


def _check_sum(rows: SheetRows, row_sum: RowSum, catalog: Catalog, words: Words) -> None:
    """Compare a total with its parts, to the precision to which they are printed.

    An empty part is nothing. A row with a part that could not be read is not judged, nor is a sheet that holds numbers
    among the parts which nobody reads: its total may count them.
    """
    parts = [name for name in row_sum.parts if name in rows.places]
    if row_sum.total not in rows.places or len(parts) < MIN_PARTS or _has_unread_numbers(rows, row_sum, words):
        return
    names = (*parts, row_sum.total)
    factors = _factors(rows, names, row_sum.total, catalog)
    scales = {name: _scale(rows, name) for name in names}
    faulty = {name: rows.faulty.of_column(name) for name in parts}
    totals = np.array(rows.values[row_sum.total], dtype=float)  # None becomes NaN
    amounts = {name: np.array(rows.values[name], dtype=float) for name in parts}
    sums = np.nansum([values * factors[name] for name, values in amounts.items()], axis=0)
    noises = RELATIVE_NOISE * np.maximum(1.0, np.abs(totals))
    has_part = ~np.all([np.isnan(values) for values in amounts.values()], axis=0)
    differing = np.flatnonzero(has_part & (np.abs(totals - sums) > noises))
    for position in sorted(set(differing.tolist()).intersection(rows.kept())):
        printed, computed, noise = float(totals[position]), float(sums[position]), float(noises[position])
        if _is_faulty(rows, parts, position, faulty):
            continue
        if computed < 0 and printed == 0:
            continue  # points end at 0 (domain.md section 3)
        held = (*(name for name in parts if not np.isnan(amounts[name][position])), row_sum.total)
        digits = {name: decimals_of(rows.cell(name, position)) for name in held}
        half_places = [
            0.5 * 10.0 ** -digits[name] * scales[name] * factors[name]
            for name in digits
            if name == row_sum.total or not amounts[name][position].is_integer()  # a whole part is what it says
        ]
        if abs(printed - computed) > sum(half_places) + noise:
            expected = shown_number(computed / scales[row_sum.total], max(digits[row_sum.total], EXPECTED_DIGITS))
            rows.fault("row_total_mismatch", row_sum.total, position, expected)


def _check_limit(rows: SheetRows, limit: RowLimit, catalog: Catalog) -> None:
    """Compare parts with their whole; the fault stands at the first part, and shows what they come to."""
    parts = [name for name in limit.parts if name in rows.columns]
    if not {limit.whole, limit.parts[0]} <= rows.held:
        return
    factors = _factors(rows, parts, limit.whole, catalog)
    for position in rows.kept():
        whole = rows.values[limit.whole][position]
        amounts = {name: value for name in parts if isinstance(value := rows.values[name][position], int | float)}
        if not isinstance(whole, int | float) or limit.parts[0] not in amounts:
            continue
        together = sum(value * factors[name] for name, value in amounts.items())
        if together > whole + RELATIVE_NOISE * max(1.0, abs(whole)):
            seen = " + ".join(f"{value:g}" for value in amounts.values() if value)
            rows.fault("more_than_whole", limit.parts[0], position, f"≤ {whole:g}", seen)


def _factors(rows: SheetRows, names: Sequence[str], target: str, catalog: Catalog) -> Mapping[str, float]:
    """Return what converts each column's unit to that of ``target``; units that are counted convert to themselves."""
    wanted = catalog.units.get(rows.columns[target].unit)
    found = {}
    for name in names:
        unit = catalog.units.get(rows.columns[name].unit)
        found[name] = 1.0 if unit is None or wanted is None else unit.factor / wanted.factor
    return found


def _is_faulty(rows: SheetRows, names: Sequence[str], position: int, faulty: Mapping[str, set[int]]) -> bool:
    return any(position in faulty[name] for name in names if rows.values[name][position] is None)


def _scale(rows: SheetRows, name: str) -> float:
    """Return what the numbers of a column were multiplied by to be in the dictionary's unit."""
    for position in rows.kept():
        value = rows.values[name][position]
        if not isinstance(value, int | float) or not value:
            continue
        cell = rows.cell(name, position)
        if cell is None or isinstance(cell, CellError):
            continue
        try:
            return value / parse_number(cell)
        except CellFault:
            continue  # 95分: a number with the word that counts it, which is no other unit
    return 1.0


def _has_unread_numbers(rows: SheetRows, row_sum: RowSum, words: Words) -> bool:
    """Tell whether numbers that nobody reads stand between the first part and the total."""
    sheet = rows.sheet
    summed = [number for number, name in sheet.columns.items() if name in (row_sum.total, *row_sum.parts)]
    if not summed:
        return False  # the columns of a form are places, and none stands between them
    between = [number for number in range(min(summed), max(summed)) if number not in sheet.columns]
    unread = [number for number in between if sheet.header.paths[number] not in words["sequence"]]
    return any(isinstance(cell_at(sheet.grid, row, number), int | float) for number in unread for row in rows.rows)
