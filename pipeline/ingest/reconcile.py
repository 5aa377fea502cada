"""Printed totals against the rows that they sum, to the printed precision."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.catalog import Column
from pipeline.ingest.amounts import parse_number
from pipeline.ingest.columns import CellFault, Value, Words
from pipeline.ingest.grids import Cell, CellError
from pipeline.ingest.rows import ClassifiedRows, cell_at
from pipeline.ingest.sheetrows import PrintedTotal, SheetRows
from pipeline.ingest.wordforms import compact

MAX_DECIMALS = 6  # more decimals are the noise of binary fractions and not a printed precision
RELATIVE_NOISE = 1e-9
RATIO_MARK = "_per_"  # in a column name: a ratio, of which no sum is meant (revenue_per_case_yuan)


@dataclass(frozen=True)
class NumberColumn:
    """A column of numbers by sheet row, in the dictionary's unit; ``bad`` rows hold a number that could not be read."""

    name: str
    number: int
    values: Mapping[int, Value]
    bad: set[int]
    factor: float


@dataclass(frozen=True)
class _Compared:
    column: NumberColumn
    printed: float
    computed: float | None  # None where a row of it could not be read
    tolerance: float

    @property
    def agrees(self) -> bool:
        return self.computed is None or abs(self.printed - self.computed) <= self.tolerance


def is_additive(column: Column) -> bool:
    """Tell whether the column's numbers can be summed: amounts with a unit, but no rates, ratios and ranks."""
    return column.dtype in ("number", "integer") and column.unit != "" and RATIO_MARK not in column.column


def reconcile_totals(
    result: SheetRows, classified: ClassifiedRows, columns: Sequence[NumberColumn], words: Words
) -> None:
    """Add every printed total to ``result`` and note those that differ from their rows.

    Which rows a total sums is found by trying: all rows, the block above it, the block below it, all above. The rows on which most
    of its numbers agree are taken, so that one wrong number in a right total is one issue.
    """
    for row in classified.of("total"):
        label = classified.labels.get(row, "")
        compared = _best_comparison(result, classified, columns, row, _is_mean(label, words))
        is_partial = any(word in label for word in words["beyond"])
        for entry in compared:
            computed = None if is_partial else entry.computed
            result.totals.append(PrintedTotal(row, label, entry.column.name, entry.printed, computed))
            if not is_partial and not entry.agrees and entry.computed is not None:
                decimals = _decimals(cell_at(result.sheet.grid, row, entry.column.number))
                expected = f"{entry.computed / entry.column.factor:.{decimals}f}"
                seen = f"{entry.printed / entry.column.factor:.{decimals}f}"
                result.sheet_fault("total_mismatch", seen, expected, (row, entry.column.number))


def _best_comparison(
    result: SheetRows, classified: ClassifiedRows, columns: Sequence[NumberColumn], row: int, is_mean: bool
) -> list[_Compared]:
    tried = [
        list(_compare(result, columns, row, rows, is_mean)) for rows in _rows_that_may_be_summed(classified, row) if rows
    ]
    return max(tried, key=lambda compared: sum(entry.agrees for entry in compared), default=[])


def _rows_that_may_be_summed(classified: ClassifiedRows, row: int) -> Iterator[list[int]]:
    """Yield the sets of rows that a total in ``row`` may sum, the likeliest first; with and without those under 其中."""
    data, totals = classified.of("data"), classified.of("total")
    previous = max((total for total in totals if total < row), default=-1)
    following = min((total for total in totals if total > row), default=max(classified.classes) + 1)
    for rows in (
        data,
        [number for number in data if previous < number < row],
        [number for number in data if row < number < following],
        [number for number in data if number < row],
    ):
        yield rows
        if classified.among:
            yield [number for number in rows if number not in classified.among]


def _compare(
    result: SheetRows, columns: Sequence[NumberColumn], row: int, rows: Sequence[int], is_mean: bool
) -> Iterator[_Compared]:
    for column in columns:
        cell = cell_at(result.sheet.grid, row, column.number)
        try:
            printed = None if cell is None or isinstance(cell, CellError) else parse_number(cell) * column.factor
        except CellFault:
            continue  # a rank, a slash or a signature in a total row is no number to check
        if printed is None:
            continue
        numbers = [float(value) for number in rows if isinstance(value := column.values.get(number), float | int)]
        computed = None if column.bad.intersection(rows) or not numbers else sum(numbers)
        if computed is not None and is_mean:
            computed /= len(numbers)
        half_place = 0.5 * 10.0 ** -_decimals(cell) * column.factor
        noise = RELATIVE_NOISE * max(1.0, abs(printed))
        yield _Compared(column, printed, computed, half_place + noise)


def _decimals(cell: Cell | CellError) -> int:
    """Return the decimals that a cell shows."""
    text = compact(cell) if isinstance(cell, str) else repr(cell)
    return min(len(text.rstrip(")").partition(".")[2]), MAX_DECIMALS) if "e" not in text else MAX_DECIMALS


def _is_mean(label: str, words: Words) -> bool:
    return any(word in label for word in words["mean"])
