"""Printed totals against the rows that they sum, to the printed precision."""

import re
from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from math import fsum, sqrt

from pipeline.catalog import Column
from pipeline.ingest.cells.amounts import read_amount
from pipeline.ingest.cells.columns import CellFault, Value, Words
from pipeline.ingest.checking.namedrows import NamedRows
from pipeline.ingest.files.grids import Cell, CellError
from pipeline.ingest.layouts.rows import ClassifiedRows, cell_at
from pipeline.ingest.layouts.sheetrows import PrintedTotal, SheetRows
from pipeline.ingest.wordforms import compact

MAX_DECIMALS = 6  # more decimals are the noise of binary fractions and not a printed precision
MIN_ROUNDED = 2  # decimals of amounts that a system rounds one by one: 万元 and 箱 to .01
RELATIVE_NOISE = 1e-9
RATIO_MARK = "_per_"  # in a column name: a ratio, of which no sum is meant (revenue_per_case_yuan)
_DECIMALS = re.compile(r"(?<=\.)\d+")


@dataclass(frozen=True)
class NumberColumn:
    """A column of numbers by sheet row, in the dictionary's unit; ``bad`` rows hold a number that could not be read.

    ``factor`` brings its bare numbers to that unit, ``own_units`` those with a unit of their own to its bare numbers'.
    """

    name: str
    number: int
    values: Mapping[int, Value]
    bad: set[int]
    factor: float
    own_units: Mapping[str, float] = field(default_factory=dict)

    def without(self, rows: set[int]) -> "NumberColumn":
        """Return the column without its numbers in some rows."""
        values = {row: value for row, value in self.values.items() if row not in rows}
        return replace(self, values=values, bad=self.bad - rows)


@dataclass(frozen=True)
class _Compared:
    column: NumberColumn
    printed: float
    computed: float | None  # None where a row of it could not be read
    scale: float  # of the printed number to the dictionary's unit
    decimals: int
    rounding: float = 0.0  # of its rows, where their decimals show that each was rounded before the total

    @property
    def _tolerance(self) -> float:
        own = 0.5 * 10.0**-self.decimals * self.scale
        return own + self.rounding + RELATIVE_NOISE * max(1.0, abs(self.printed))

    @property
    def agrees(self) -> bool:
        return self.is_within(0.0)

    def is_within(self, more: float) -> bool:
        """Tell whether the total is its rows, or off by no more than ``more`` beyond its own rounding."""
        return self.computed is None or abs(self.printed - self.computed) <= self._tolerance + more


class _Running:
    """Running sums of one column over data rows, so that any block of rows is summed at once."""

    def __init__(self, column: NumberColumn, rows: Sequence[int]) -> None:
        self.column, self.rows = column, rows
        numbers = [float(value) if isinstance(value := column.values.get(row), float | int) else None for row in rows]
        self._sums = [0.0, *accumulate(number or 0.0 for number in numbers)]
        self._counts = [0, *accumulate(int(number is not None) for number in numbers)]
        self._bad = [0, *accumulate(int(row in column.bad) for row in rows)]

    def over(self, start: int, stop: int, is_mean: bool) -> float | None:
        """Return sum or mean of the rows from position start until before stop; ``None`` where it cannot be known."""
        count = self._counts[stop] - self._counts[start]
        if not count or self._bad[stop] != self._bad[start]:
            return None
        total = self._sums[stop] - self._sums[start]
        return total / count if is_mean else total


def is_additive(column: Column) -> bool:
    """Tell whether the column's numbers can be summed: amounts with a unit, but no rates, ratios and ranks."""
    return column.dtype in ("number", "integer") and column.unit != "" and RATIO_MARK not in column.column


def reconcile_totals(
    result: SheetRows,
    classified: ClassifiedRows,
    columns: Sequence[NumberColumn],
    words: Words,
    narrower: Sequence[NumberColumn] = (),
) -> None:
    """Add every printed total to ``result`` and note those that differ from their rows.

    Which rows a total sums is found by trying: all rows, the block above it, the block below it, all above; with and
    without those under 其中 or struck through; those that its label names (专卖股小计, 1月小计), wherever they stand;
    also of the ``narrower`` columns, which lack numbers that a total may pass over. The rows on which most of its
    numbers agree are taken, so that one wrong number in a right total is one issue.
    """
    totals, data = classified.of("total"), classified.of("data")
    if not totals:
        return
    struck = frozenset(result.sheet.grid.struck_rows)
    apart = [rows for rows in (classified.among, classified.lone, struck) if rows]
    counted = [data, *([row for row in data if row not in rows] for rows in apart)]
    running = [
        (rows, [_Running(column, rows) for column in taken])
        for rows in counted
        for taken in (columns, narrower)
        if taken
    ]
    named = _RunningByName(result, columns, words)
    edges = [-1, *totals, max(classified.classes, default=0) + 1]
    for previous, row, following in zip(edges, totals, edges[2:], strict=False):
        label = classified.labels.get(row, "")
        is_mean = any(word in label for word in words["mean"])
        tried = [
            _compare(result, row, sums, block, is_mean, words)
            for rows, sums in (*running, *named.of(row, label))
            for block in _blocks(rows, previous, row, following)
        ]
        best = max(tried, key=_agreement, default=[])
        is_partial = label in words["derived"] or any(word in label for word in words["beyond"])
        _note(result, row, label, best, is_partial=is_partial)


class _RunningByName:
    """The rows that totals name and their running sums, made once for a name."""

    def __init__(self, result: SheetRows, columns: Sequence[NumberColumn], words: Words) -> None:
        self._named = NamedRows(result, words)
        self._columns = columns
        self._running: dict[str, tuple[Sequence[int], Sequence[_Running]]] = {}

    def of(self, row: int, label: str) -> list[tuple[Sequence[int], Sequence[_Running]]]:
        """Return the rows that the total in ``row`` names and their sums; nothing where it names none."""
        name = self._named.name_of(row, label)
        if name is None:
            return []
        if name not in self._running:
            rows = self._named.rows_of(name)
            self._running[name] = rows, [_Running(column, rows) for column in self._columns]
        return [self._running[name]]


def _agreement(compared: Sequence[_Compared]) -> tuple[int, float]:
    """Order blocks of rows by how many numbers agree with them, then by how near the others come."""
    away = [
        abs(entry.printed - entry.computed) / max(1.0, abs(entry.printed))
        for entry in compared
        if entry.computed is not None and not entry.agrees
    ]
    return len(compared) - len(away), -sum(away)


def _note(result: SheetRows, row: int, label: str, compared: Sequence[_Compared], *, is_partial: bool) -> None:
    """Keep the numbers of one total row; a partial one is more than its sheet's rows and cannot disagree with them."""
    for entry in compared:
        column = entry.column
        computed = None if is_partial else entry.computed
        result.totals.append(PrintedTotal(row, column.number, label, column.name, entry.printed, computed))
        if computed is not None and not entry.agrees:
            told = (entry.printed, computed)
            seen, expected = (shown_number(number / entry.scale, entry.decimals) for number in told)
            about = (result.columns[column.name],)
            result.sheet_fault("total_mismatch", seen, expected, (row, column.number), about)


def _blocks(rows: Sequence[int], previous: int, row: int, following: int) -> list[tuple[int, int]]:
    """Return the blocks (start, stop) of ``rows`` that a total in ``row`` may sum, the likeliest first."""
    here = bisect(rows, row)
    blocks = [(0, len(rows)), (bisect(rows, previous), here), (here, bisect(rows, following)), (0, here)]
    return [(start, stop) for start, stop in blocks if start < stop]


def _compare(
    result: SheetRows, row: int, sums: Sequence[_Running], block: tuple[int, int], is_mean: bool, words: Words
) -> list[_Compared]:
    """Compare the numbers of one total row with one block of rows; a rank, a slash or a signature is no number."""
    compared = []
    for running in sums:
        column = running.column
        cell = cell_at(result.sheet.grid, row, column.number)
        if cell is None or isinstance(cell, CellError):
            continue
        try:
            number, own = read_amount(cell, result.columns[column.name], column.own_units, words)
        except CellFault:
            continue
        scale = own * column.factor
        entry = _Compared(column, number * scale, running.over(*block, is_mean), scale, decimals_of(cell))
        if not entry.agrees and entry.is_within(column.factor * _places(block[1] - block[0]) * 10.0**-MIN_ROUNDED):
            cells = [cell_at(result.sheet.grid, part, column.number) for part in running.rows[slice(*block)]]
            entry = replace(entry, rounding=column.factor * rounding_of(cells, is_mean=is_mean))
        compared.append(entry)
    return compared


def rounding_of(cells: Sequence[Cell | CellError], *, is_mean: bool) -> float:
    """Return by how much the sum, or the mean, of numbers that were each rounded to .01 or finer may be off.

    Never more than half a last place each; of many, three standard deviations of a sum of evenly spread errors. Numbers
    with one decimal or none are points and counts, which are exact, as are those with the decimals of a formula.
    """
    numbers = [cell for cell in cells if isinstance(cell, float | int)]
    decimals = max((decimals_of(cell) for cell in numbers), default=0)
    if not MIN_ROUNDED <= decimals < MAX_DECIMALS:
        return 0.0
    return _places(len(numbers)) * 10.0**-decimals / (len(numbers) if is_mean else 1)


def _places(count: int) -> float:
    return min(0.5 * count, 3.0 * sqrt(count / 12.0))


def comes_to(parts: Sequence[float], printed: float, decimals: int) -> bool:
    """Tell whether numbers come to a printed one, each of them rounded to its ``decimals``; whole numbers are exact."""
    rounding = 0.5 * 10.0**-decimals * (len(parts) + 1) if decimals else 0.0
    return abs(fsum(parts) - printed) <= rounding + RELATIVE_NOISE * max(1.0, abs(printed))


def shown_number(number: float, decimals: int) -> str:
    """Return a number as it is printed, without zeros that nobody wrote: 13.0 is 13."""
    text = f"{number:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def decimals_of(cell: Cell | CellError) -> int:
    """Return the decimals that a cell shows."""
    text = compact(cell) if isinstance(cell, str) else repr(cell)
    found = _DECIMALS.search(text)
    return min(len(found[0]) if found else 0, MAX_DECIMALS) if "e" not in text else MAX_DECIMALS
