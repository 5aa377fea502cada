"""Filled cells that belong to no table of their sheet: a record without a header, a remark far to the right."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise

from pipeline.ingest.faults import ROWS, UNUSED_CELLS, Fault
from pipeline.ingest.files.grids import Cell, CellError, Grid, cell_address
from pipeline.ingest.layouts.findings import AlmostRecognised, Finding, Place, Recognised
from pipeline.ingest.layouts.rows import RowClass, cell_at
from pipeline.ingest.layouts.rowwords import RowWords
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.wordforms import compact

MAX_RANGES = 5  # told of one sheet; more are the same remark row after row
MAX_DIGITS = 9  # of the number of a row; Python turns down a text of thousands
LOOKED_AT: frozenset[RowClass] = frozenset({"data", "total", "unrecognised"})  # beside other rows stand words

Covering = tuple[int, ...]  # the numbers of the tables that a row belongs to


def note_outside(
    file: str, grid: Grid, tables: Sequence[Finding], read: Sequence[SheetRows], words: RowWords
) -> list[Fault]:
    """Return the one fault of a sheet with filled cells outside its tables; ``read`` is what its tables gave.

    What stands beside a table that lacks a column is not told: nothing of that table is used, which is told.
    """
    if not read:
        return []
    places = _without_numbering(grid, sorted({*_outside(grid, tables, read), *_left_over(read)}), read, words)
    if not places:
        return []
    ranges = list(_ranges(places))
    told = ", ".join(ranges[:MAX_RANGES]) + (", …" if len(ranges) > MAX_RANGES else "")
    alone = {row for row, _ in places if _is_unrecognised(row, read)}
    details = (("count", str(len(places))), (ROWS, str(len(alone))))
    return [Fault(UNUSED_CELLS, file, grid.name, *places[0], told, details=details)]


def _left_over(read: Sequence[SheetRows]) -> Iterator[Place]:
    for rows in read:
        if rows.sheet.relaid is not None:
            yield from rows.sheet.relaid.unused or ()
            yield from rows.sheet.relaid.unread


def _outside(grid: Grid, tables: Sequence[Finding], read: Sequence[SheetRows]) -> Iterator[Place]:
    """Yield the cells of the tables' rows, and of rows of no table, that stand in no column of these."""
    covering = _covering(read)
    aside = {row for rows in read if rows.sheet.is_form or _is_unread(rows.sheet) for row in rows.classes}
    aside |= {row for table in tables if isinstance(table, AlmostRecognised) for row in _filled_rows(table.grid)}
    width = max(map(len, grid.rows), default=0)
    columns = [_columns(rows.sheet) for rows in read]
    free: dict[Covering, list[int]] = {}
    top = min(min(rows.classes, default=0) for rows in read)
    for row, cells in enumerate(grid.rows):
        over = covering.get(row, ())
        if row < top or row in aside or (over and not _is_looked_at(row, over, read)):
            continue
        if over and _is_unrecognised(row, read):
            yield from ((row, number) for number, cell in enumerate(cells) if cell is not None)
            continue
        if over not in free:
            known = set().union(*(columns[number] for number in over))
            free[over] = [number for number in range(width) if number not in known]
        for number in free[over]:
            if number >= len(cells):
                break
            if cells[number] is not None:
                yield row, number


def _covering(read: Sequence[SheetRows]) -> Mapping[int, Covering]:
    found: dict[int, Covering] = {}
    for number, rows in enumerate(read):
        for row in rows.classes:
            found[row] = (*found.get(row, ()), number)
    return found


def _is_looked_at(row: int, over: Covering, read: Sequence[SheetRows]) -> bool:
    return any(read[number].classes[row] in LOOKED_AT for number in over)


def _is_unrecognised(row: int, read: Sequence[SheetRows]) -> bool:
    """Tell whether a row is of no table at all, so that its cells outside are all that is told of it."""
    return all(rows.classes.get(row, "unrecognised") == "unrecognised" for rows in read)


def _filled_rows(grid: Grid) -> Iterator[int]:
    return (number for number, row in enumerate(grid.rows) if any(cell is not None for cell in row))


def _is_unread(sheet: Recognised) -> bool:
    """Tell whether a table has no column that is read, as each is claimed by two headers, which is told."""
    return sheet.relaid is None and not sheet.columns


def _columns(sheet: Recognised) -> set[int]:
    """Return the columns of a table: those with a header, known or not, and those of values above it."""
    named = {number for number, _ in sheet.header.named}
    relaid = () if sheet.relaid is None else sheet.relaid.cells.values()
    return {*named, *sheet.columns, *(column for _, column in relaid)}


def _without_numbering(grid: Grid, places: Sequence[Place], read: Sequence[SheetRows], words: RowWords) -> list[Place]:
    """Return the places without those left of all headers that say no more than which row it is: 1, 2, 合计."""
    first = min((min(columns) for rows in read if (columns := _columns(rows.sheet))), default=0)
    left = [(place, cell_at(grid, *place)) for place in places if place[1] < first]
    labels = {place for place, cell in left if _is_label(cell, words)}
    cells_of = {column: [cell for (_, number), cell in left if number == column] for column in range(first)}
    numbered = {column for column, cells in cells_of.items() if _numbers([c for c in cells if not _is_label(c, words)])}
    classing = {place for place in labels if any(rows.classes.get(place[0]) == "total" for rows in read)}
    return [place for place in places if place[1] not in numbered and place not in classing]


def _is_label(cell: Cell | CellError, words: RowWords) -> bool:
    """Tell whether a cell holds a word of a total or a note."""
    return isinstance(cell, str) and (words.is_total(text := compact(cell)) or words.is_note(text))


def _numbers(cells: Sequence[Cell | CellError]) -> bool:
    """Tell whether cells number the rows: whole numbers that rise, a missing one is a row taken out; 1 begins anew.

    One number alone does not rise, so that it numbers a row only where it is 1.
    """
    numbers = [_whole(cell) for cell in cells]
    if len(numbers) < 2:
        return numbers == [1]
    return (
        all(numbers) and max(numbers) > 1 and all(later > number or later == 1 for number, later in pairwise(numbers))
    )


def _whole(cell: Cell | CellError) -> int:
    """Return a cell's whole number; 0 where it holds none."""
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    text = str(cell)
    return int(text) if text.isdecimal() and len(text) <= MAX_DIGITS else 0


def _ranges(places: Sequence[Place]) -> Iterator[str]:
    """Yield places as ranges: what is filled in a row without a gap, and in the rows below alike."""
    runs: list[tuple[int, int, int]] = []  # row, first column, last column
    for row, column in places:
        if runs and runs[-1][0] == row and runs[-1][2] == column - 1:
            runs[-1] = (row, runs[-1][1], column)
        else:
            runs.append((row, column, column))
    by_columns = sorted(runs, key=lambda run: (run[1], run[2], run[0]))
    blocks: list[tuple[int, int, int, int]] = []  # first row, last row, first column, last column
    for (first, last), alike in groupby(by_columns, key=lambda run: (run[1], run[2])):
        for row, *_ in alike:
            if blocks and blocks[-1][1:] == (row - 1, first, last):
                blocks[-1] = (blocks[-1][0], row, first, last)
            else:
                blocks.append((row, row, first, last))
    for top, bottom, first, last in sorted(blocks):
        start, end = cell_address(top, first), cell_address(bottom, last)
        yield start if start == end else f"{start}:{end}"
