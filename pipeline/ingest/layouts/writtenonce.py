"""Months, years and groups that a column writes once, above rows that leave it empty: 1月, empty, empty, 2月, empty.

Only merged cells hold for the rows below them; an empty cell may as well have been forgotten. Here the shape of the
whole column must leave no doubt, and what was read is told.
"""

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from pipeline import periods
from pipeline.ingest.files.grids import Cell, CellError, Grid
from pipeline.ingest.layouts.findings import Place, Recognised, WrittenOnce
from pipeline.ingest.layouts.monthheaders import year_alone
from pipeline.ingest.layouts.rows import ClassifiedRows, cell_at, classify_rows
from pipeline.ingest.vocabulary import DROP, Vocabulary
from pipeline.ingest.wordforms import cell_text, compact

GROUP_DTYPE = "party_group"
PERIOD_DTYPES = ("month", "quarter", "year")  # outermost first is how people write them
MIN_BLOCKS = 2  # written cells: one alone may be the only one that was not forgotten
MIN_ALIKE = 2  # blocks in which a row of one name leaves its cell empty, and none in which it fills it


@dataclass(frozen=True)
class KeyedRow:
    """A row of a table: the value of its cell (``None``: empty) and what else tells the row apart.

    ``names`` are the other keys without months and years; ``day`` is when the row was, in a ledger of days.
    """

    row: int
    value: Hashable | None
    keys: tuple[Hashable, ...] = ()
    names: tuple[Hashable, ...] = ()
    day: date | None = None


def rows_below(rows: Sequence[KeyedRow], *, is_period: bool, is_ledger: bool) -> dict[int, int]:
    """Return each row with an empty cell -> the row whose cell holds for it; nothing where the shape leaves a doubt.

    Either no value is written twice and empty cells are about as many as written ones (months must rise, groups of a
    ledger must each begin with an earlier day than the one above ended), or the same names leave the cell empty again
    and again. Where keys tell the rows apart, none may stand twice.
    """
    if not rows or rows[0].value is None or all(row.value is not None for row in rows):
        return {}
    written = [row.value for row in rows if row.value is not None]
    empty = len(rows) - len(written)
    if len(written) < MIN_BLOCKS or any(one == other for one, other in pairwise(written)):
        return {}
    is_once = len(set(written)) == len(written) and (2 if is_period else 1) * empty >= len(written)
    is_in_order = not is_period or _is_monotone(written)
    if is_ledger and not is_period:
        is_in_order = _begins_anew(rows)
    if not ((is_once and is_in_order) or _is_habit(rows)):
        return {}
    found, above = {}, rows[0]
    told: set[Hashable] = set()
    for row in rows:
        above = row if row.value is not None else above
        if row.value is None:
            found[row.row] = above.row
        if row.keys:
            told.add((above.value, row.keys))
    return found if not rows[0].keys or len(told) == len(rows) else {}


def _is_monotone(written: Sequence[Hashable]) -> bool:
    numbers = [value for value in written if isinstance(value, int)]
    return len(numbers) == len(written) and numbers in (sorted(numbers), sorted(numbers, reverse=True))


def _begins_anew(rows: Sequence[KeyedRow]) -> bool:
    """Tell whether days fall at some written cell and nowhere else: the ledger is ordered by its groups first."""
    days = [row.day for row in rows if row.day is not None]
    if len(days) != len(rows):
        return False
    falls = [row.value is not None for row, (one, other) in zip(rows[1:], pairwise(days), strict=True) if one > other]
    return bool(falls) and all(falls)


def _is_habit(rows: Sequence[KeyedRow]) -> bool:
    """Tell whether the rows of some names always leave the cell empty and those of the others always fill it."""
    empty = [row.names for row in rows if row.value is None]
    filled = {row.names for row in rows if row.value is not None}
    return all(names and names not in filled and count >= MIN_ALIKE for names, count in Counter(empty).items())


def with_written_once(sheet: Recognised, vocabulary: Vocabulary) -> tuple[Recognised, list[WrittenOnce]]:
    """Return a table whose months, years and groups hold for the empty cells below them, as if these were merged, and
    what was so read; the sheet itself where the shape leaves a doubt, or nothing is empty.
    """
    numbers, found = _columns(sheet, vocabulary), list[WrittenOnce]()
    if sheet.kind.cadence == "once" or not any(_has_gap(sheet, number) for number, _ in numbers):
        return sheet, found
    rows = _records(sheet, classify_rows(sheet, vocabulary), [number for number, _ in numbers], vocabulary)
    is_ledger = not vocabulary.catalog.tables[sheet.kind.table].key
    for number, dtype in numbers:
        keyed = list(_keyed(sheet, rows, number, dtype, vocabulary))
        anchors = rows_below(keyed, is_period=dtype in PERIOD_DTYPES, is_ledger=is_ledger)
        if anchors and not _is_merged(sheet, number):
            found.append(WrittenOnce(sheet.header.label(number), number, tuple(anchors)))
            sheet = replace(sheet, grid=replace(sheet.grid, merges=(*sheet.grid.merges, *_spans(anchors, number))))
    return sheet, found


def _is_merged(sheet: Recognised, number: int) -> bool:
    return any(merged[1] == number and merged[0] > sheet.header.bottom for merged in sheet.grid.merges)


def columns_written_once(
    grid: Grid, anchors: Mapping[Place, Place], rows: Sequence[int], dtypes: Mapping[int, str]
) -> tuple[list[WrittenOnce], dict[Place, Place]]:
    """Return what the columns of a table with months across write once, and the cell that holds for each empty one.

    ``rows`` are those with numbers. ``dtypes`` maps the columns that tell them apart to what is in them; one of "" is
    never empty on purpose. ``anchors``: a cell that is merged into another one -> that one.
    """
    found, filled = [], dict(anchors)
    for number in sorted((n for n, dtype in dtypes.items() if dtype), key=lambda n: dtypes[n] != "year"):
        if any((row, number) in anchors for row in rows):
            continue
        keyed = []
        for row in rows:
            texts = {n: _text(cell_at(grid, *filled.get((row, n), (row, n)))) for n in dtypes if n != number}
            names = tuple(text for n, text in texts.items() if dtypes[n] != "year")
            keyed.append(KeyedRow(row, value_of(cell_at(grid, row, number), dtypes[number]), (*texts.values(),), names))
        below = rows_below(keyed, is_period=dtypes[number] == "year", is_ledger=False)
        if below:
            label = (cell_at(grid, row, number) for row in range(rows[0] - 1, -1, -1))
            found.append(
                WrittenOnce(next((cell_text(cell) for cell in label if cell is not None), ""), number, (*below,))
            )
            filled |= {(row, number): (first, number) for row, first in below.items()}
    return found, {place: first for place, first in filled.items() if place not in anchors}


def _columns(sheet: Recognised, vocabulary: Vocabulary) -> list[tuple[int, str]]:
    """Return the columns that may be written once, with their dtypes: years and months before groups."""
    columns = vocabulary.columns_of(sheet.kind)
    own = {n: columns[name].dtype for n, name in sheet.columns.items() if name != DROP and columns[name].required}
    years = (n for n, path in sheet.header.named if n not in sheet.columns and path in vocabulary.words["year_column"])
    order = ("year", *PERIOD_DTYPES, GROUP_DTYPE)
    found = [(n, "year") for n in years] + [(n, dtype) for n, dtype in own.items() if dtype in order]
    return sorted(found, key=lambda column: order.index(column[1]))


def _has_gap(sheet: Recognised, number: int) -> bool:
    """Tell whether a column is filled in some row below the header and empty in one that holds several cells."""
    below = [row for row in sheet.grid.rows[sheet.header.bottom + 1 :] if sum(cell is not None for cell in row) > 1]
    filled = [number < len(row) and row[number] is not None for row in below]
    return any(filled) and not all(filled)


def _records(
    sheet: Recognised, classified: ClassifiedRows, own: Sequence[int], vocabulary: Vocabulary
) -> Sequence[int]:
    """Return the rows of data; none where one lacks more than what may be written once, or a heading parts them."""
    columns = vocabulary.columns_of(sheet.kind)
    needed = [n for n, name in sheet.columns.items() if name in columns and columns[name].required and n not in own]
    rows = classified.of("data")
    is_full = all(cell_at(sheet.grid, row, number) is not None for row in rows for number in needed)
    is_parted = any(rows[0] < row < rows[-1] for row in classified.headings) if rows else False
    return rows if is_full and not is_parted else ()


def _keyed(
    sheet: Recognised, rows: Sequence[int], number: int, dtype: str, vocabulary: Vocabulary
) -> Iterator[KeyedRow]:
    columns = vocabulary.columns_of(sheet.kind)
    key = vocabulary.catalog.tables[sheet.kind.table].key
    others = [n for n, name in sheet.columns.items() if name in key and n != number]
    naming = [n for n in others if columns[sheet.columns[n]].dtype not in (*PERIOD_DTYPES, "date")]
    dated = next((n for n, name in sheet.columns.items() if name in columns and columns[name].dtype == "date"), None)
    anchors = _anchors(sheet)
    for row in rows:
        keys = tuple(_text(cell_at(sheet.grid, *anchors.get((row, n), (row, n)))) for n in others)
        names = tuple(_text(cell_at(sheet.grid, *anchors.get((row, n), (row, n)))) for n in naming)
        day = None if dated is None else _day(cell_at(sheet.grid, row, dated))
        yield KeyedRow(row, value_of(cell_at(sheet.grid, row, number), dtype), keys, names, day)


def _anchors(sheet: Recognised) -> dict[tuple[int, int], tuple[int, int]]:
    return {
        (row, number): (first, number) for first, number, last, _ in sheet.grid.merges for row in range(first, last + 1)
    }


def value_of(cell: Cell | CellError, dtype: str) -> Hashable | None:
    """Return what a cell says of a month, a year or a group, so that two can be compared; ``None`` for an empty one.

    What cannot be compared is itself: no order of months holds with it.
    """
    if cell is None:
        return None
    if dtype == "year":
        return year_alone(cell) or -1
    if dtype == "month":
        try:
            return periods.parse_month(cell, periods.ANY_YEAR).ordinal  # type: ignore[arg-type]
        except (periods.PeriodError, TypeError):
            return -1
    if dtype == "quarter":
        found = periods.find_quarter(str(cell), periods.ANY_YEAR)
        return -1 if found is None else int(found.ordinal)
    return _text(cell)


def _text(cell: Cell | CellError) -> str:
    return compact(str(cell))


def _day(cell: Cell | CellError) -> date | None:
    try:
        return periods.parse_date(cell, periods.ANY_YEAR)  # type: ignore[arg-type]
    except (periods.PeriodError, TypeError):
        return None


def _spans(anchors: Mapping[int, int], number: int) -> list[tuple[int, int, int, int]]:
    """Return the ranges from each written cell to the last empty one below it."""
    last = {first: row for row, first in anchors.items()}
    return [(first, number, row, number) for first, row in last.items()]
