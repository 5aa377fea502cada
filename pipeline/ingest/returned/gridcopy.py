"""A workbook built from grids: for a .xls, a csv, and every file that openpyxl cannot load and save unharmed."""

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import product

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.ingest.files.grids import Cell, CellError, Grid, MergedRange
from pipeline.ingest.files.merging import merged_cells
from pipeline.ingest.returned.orders import CannotCopy
from pipeline.spreadsheets.cells import write_text
from pipeline.spreadsheets.cleaning import MAX_TITLE, sheet_title, text_width

MAX_GRID_CELLS = 300_000
"""What is read and written within the ten seconds of a file on a machine 2.5 times slower than ours: 4 s and 200 MB."""

ROWS_ABOVE = 10  # non-empty rows at the top of an excerpt: title, instructions and a header of up to four rows
FIRST_DAY = date(1900, 3, 1)  # before it the day numbers of Excel are off by one, or there are none
MIN_WIDTH, MAX_WIDTH = 8, 40
MEASURED_ROWS = 200  # enough to see how wide a column is
PERCENT, TEXT, ELAPSED = "0.00%", "@", "[h]:mm:ss"
DATE, DATE_AND_TIME, TIME = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "hh:mm:ss"


def build_workbook(grids: Sequence[Grid]) -> tuple[Workbook, dict[str, str]]:
    """Return all grids as a workbook, and name of a grid -> title of its sheet; raises `CannotCopy` beyond the bound.

    Values, dates, percentages, merged ranges, hidden rows, columns and sheets stay; formulas and error values become
    values.
    """
    cells = sum(len(row) for grid in grids for row in grid.rows)
    if cells > MAX_GRID_CELLS:
        raise CannotCopy(f"{cells} cells")
    return _build(grids, [range(len(grid.rows)) for grid in grids])


def build_excerpt(
    grids: Sequence[Grid], faulty: Collection[tuple[str, int]], mark: str
) -> tuple[Workbook, dict[str, str]]:
    """Return the ``faulty`` rows (sheet, row from 0) and the tops of their sheets, every cell at its own address.

    ``mark`` goes into A1 of each sheet, before what stands there: an excerpt that is handed in is read as a note, and
    never as a table that has lost its other rows.
    """
    named = {name for name, _ in faulty}
    kept = [grid for grid in grids if grid.name in named]
    workbook, titles = _build(kept, [_excerpt_rows(grid, faulty) for grid in kept])
    for grid in kept:
        first = grid.rows[0][0] if grid.rows and grid.rows[0] else None
        cell = _cell(workbook[titles[grid.name]], 0, 0)
        write_text(cell, mark if first is None else f"{mark} {_shown(first)}")
        cell.number_format = TEXT
    return workbook, titles


def _build(grids: Sequence[Grid], rows: Sequence[Iterable[int]]) -> tuple[Workbook, dict[str, str]]:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    if any(grid.from_1904 for grid in grids):
        workbook.epoch = CALENDAR_MAC_1904  # the bare numbers of days count from there
    titles: dict[str, str] = {}
    for grid, numbers in zip(grids, rows, strict=True):
        titles[grid.name] = _free_title(grid.name, titles.values())
        _fill(workbook.create_sheet(titles[grid.name]), grid, numbers)
    return workbook, titles


def _excerpt_rows(grid: Grid, faulty: Collection[tuple[str, int]]) -> list[int]:
    filled = [number for number, row in enumerate(grid.rows) if any(cell is not None for cell in row)]
    chosen = {number for name, number in faulty if name == grid.name and number < len(grid.rows)}
    return sorted({*filled[:ROWS_ABOVE], *chosen})


def _free_title(name: str, taken: Collection[str]) -> str:
    """Return a legal name that no other sheet has, whatever the case of its letters."""
    title, used, number = sheet_title(name), {other.casefold() for other in taken}, 1
    while title.casefold() in used:
        number += 1
        ending = f" {number}"
        title = sheet_title(name)[: MAX_TITLE - len(ending)] + ending
    return title


def _fill(sheet: Worksheet, grid: Grid, rows: Iterable[int]) -> None:
    percent = set(grid.percent_cells)
    numbers = list(rows)
    for row in numbers:
        for column, value in enumerate(grid.rows[row]):
            if value is not None:
                _write(_cell(sheet, row, column), value, is_percent=(row, column) in percent)
    for first_row, first_column, last_row, last_column in _whole_merges(grid, set(numbers)):
        sheet.merge_cells(None, first_row + 1, first_column + 1, last_row + 1, last_column + 1)
    for row in grid.hidden_rows:
        sheet.row_dimensions[row + 1].hidden = True
    for column in grid.hidden_columns:
        sheet.column_dimensions[get_column_letter(column + 1)].hidden = True
    sheet.sheet_state = "visible" if grid.visible else "hidden"
    _set_widths(sheet, grid, numbers[:MEASURED_ROWS])


def _whole_merges(grid: Grid, written: Collection[int]) -> Iterator[MergedRange]:
    """Yield the merged ranges with all their ``written`` rows, but for those that would do harm.

    Those are what a spreadsheet program mends by taking them away (one over another), what covers a value with an
    empty cell, and what is larger than a workbook may be.
    """
    free = MAX_GRID_CELLS
    taken: set[tuple[int, int]] = set()
    for merged in grid.merges:
        top, left, bottom, right = merged
        if (top, left) in taken or merged_cells(merged) > free:
            continue
        rows, columns = range(top, bottom + 1), range(left, right + 1)
        is_written = all(row in written or row >= len(grid.rows) for row in rows)
        cells = set(product(rows, columns)) if is_written and not _hides_values(grid, merged) else set()
        if cells and taken.isdisjoint(cells):
            taken |= cells
            free -= len(cells)
            yield merged


def _hides_values(grid: Grid, merged: MergedRange) -> bool:
    """Tell whether a range covers a value other than that of its first cell."""
    top, left, bottom, right = merged
    covered = [cell for row in grid.rows[top : bottom + 1] for cell in row[left : right + 1]]
    first = grid.rows[top][left : left + 1] if top < len(grid.rows) else ()
    return any(cell is not None for cell in covered[len(first) :])


def _cell(sheet: Worksheet, row: int, column: int) -> SheetCell:
    """Return the cell at a place counted from 0."""
    cell = sheet.cell(row + 1, column + 1)
    if not isinstance(cell, SheetCell):
        raise TypeError(f"row {row}, column {column} is no cell")
    return cell


def _write(cell: SheetCell, value: Cell | CellError, is_percent: bool) -> None:
    number_format = _number_format(value, is_percent)
    if number_format is None:
        write_text(cell, _shown(value))
        if cell.value and str(cell.value)[:1].isdigit():
            cell.number_format = TEXT  # so that it stays a text when somebody edits it
        return
    cell.value = value  # type: ignore[assignment]  # openpyxl takes each of these types
    cell.number_format = number_format


def _number_format(value: Cell | CellError, is_percent: bool) -> str | None:
    """Return the format that a value is shown in; None for what has to be a text."""
    match value:
        case bool():
            return "General"
        case int() | float():
            return (PERCENT if is_percent else "General") if math.isfinite(value) else None
        case datetime():
            return DATE_AND_TIME if value.date() >= FIRST_DAY else None
        case date():
            return DATE if value >= FIRST_DAY else None
        case time():
            return TIME
        case timedelta():
            return ELAPSED if value >= timedelta(0) else None
    return None


def _shown(value: Cell | CellError) -> str:
    if isinstance(value, CellError):
        return value.code
    return value if isinstance(value, str) else str(value)


def _set_widths(sheet: Worksheet, grid: Grid, numbers: Sequence[int]) -> None:
    """Make each column as wide as its content; texts over merged columns, titles above all, do not count."""
    merged = {(row, column) for row, column, _, last in grid.merges if last > column}
    widths: dict[int, int] = {}
    for row in numbers:
        for column, value in enumerate(grid.rows[row]):
            if value is not None and (row, column) not in merged:
                widths[column] = max(widths.get(column, MIN_WIDTH), text_width(_shown(value)) + 2)
    for column, width in widths.items():
        sheet.column_dimensions[get_column_letter(column + 1)].width = min(width, MAX_WIDTH)
