"""From the bytes of a file to its grids: calamine reads the cells, the second reader counts rows; they must agree."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from itertools import zip_longest
from math import isfinite
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from pipeline.ingest.files.codepages import as_western, restore_texts
from pipeline.ingest.files.containers import recognise_container
from pipeline.ingest.files.counting import Position, SheetCount
from pipeline.ingest.files.counting_ods import count_ods_rows
from pipeline.ingest.files.counting_xlsb import count_xlsb_rows
from pipeline.ingest.files.counting_xlsx import count_xlsx_rows
from pipeline.ingest.files.grids import (
    CellError,
    Container,
    FileGrids,
    Grid,
    MergedRange,
    Row,
    cell_address,
    count_non_empty_rows,
    is_blank,
)
from pipeline.ingest.files.loading import load_bytes
from pipeline.ingest.files.merging import true_merges
from pipeline.ingest.files.refusals import NotRead, Refused
from pipeline.ingest.files.row_limits import check_row_limit
from pipeline.ingest.files.textual import TEXTUAL_READERS


def _count_xls_rows(data: bytes) -> tuple[SheetCount, ...]:
    from pipeline.ingest.files.counting_xls import count_xls_rows  # loads xlrd, for the few that are left

    return count_xls_rows(data)


COUNTERS: dict[Container, Callable[[bytes], tuple[SheetCount, ...]]] = {
    "xlsx": count_xlsx_rows,
    "xlsb": count_xlsb_rows,
    "xls": _count_xls_rows,
    "ods": count_ods_rows,
}

PANIC = "PanicException"
"""How calamine ends where it meets what it did not think of, such as a day behind all calendars. The class can be known
by its name only: pyo3 makes it anew in every module."""

NOT_FINITE = CellError("#NUM!")  # in the place of 1e999 and of NaN, which no program lets a cell hold

COUNTED_FIRST_BYTES = 1024 * 1024
"""Up to this size the second reader turns a file down before calamine meets it. Beyond it, where counting takes a tenth
of a second and more, the two run side by side: calamine lets go of the interpreter while it parses."""


def read_file(path: Path) -> FileGrids:
    """Read one file whole; what cannot be read safely comes back with its reason.

    The bytes that are hashed are the bytes that are parsed. ``sha256`` is empty when they were not even loaded.
    """
    sha256 = ""
    try:
        data = load_bytes(path)
        sha256 = hashlib.sha256(data).hexdigest()
        container = recognise_container(path.name, data)
        grids = _read_grids(path, container, data)
    except NotRead as refusal:
        return FileGrids(path, sha256, refusal.reason.status, refusal.reason, None, ())
    return FileGrids(path, sha256, "read", None, container, grids)


def _read_grids(path: Path, container: Container, data: bytes) -> tuple[Grid, ...]:
    """Read the grids of a recognised file, each checked against the second reader's count."""
    if container in TEXTUAL_READERS:
        stem = path.stem.encode("utf-8", "replace").decode("utf-8")
        sheets, counts = TEXTUAL_READERS[container](data, stem)
    else:
        sheets, counts = _read_workbook(container, data)
    if not counts and not sheets:
        raise Refused("no_sheets")
    grids = tuple(_reconcile(sheet, count) for sheet, count in zip_longest(sheets, counts))
    for grid in grids:
        check_row_limit(grid, container)
    return grids


def _read_workbook(container: Container, data: bytes) -> tuple[list[Grid], tuple[SheetCount, ...]]:
    """Return what calamine and the second reader of the container see; where both turn it down, the second says why."""
    count = COUNTERS[container]
    if len(data) <= COUNTED_FIRST_BYTES:
        counts = count(data)
        return list(_read_sheets(data)), counts
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(max_workers=1) as beside:
        counting = beside.submit(count, data)
        try:
            sheets = list(_read_sheets(data))
        finally:
            counts = counting.result()
    return sheets, counts


def _read_sheets(data: bytes) -> Iterator[Grid]:
    """Yield the worksheets as calamine reads them, not yet counted; chart, dialog and macro sheets are left out."""
    readable, encoding = as_western(data)
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(readable))
        for index, sheet in enumerate(workbook.sheets_metadata):
            if sheet.typ == SheetTypeEnum.WorkSheet:
                grid = _read_sheet(sheet, workbook.get_sheet_by_index(index))
                yield restore_texts(grid, encoding) if encoding else grid
    except (CalamineError, OSError) as error:
        raise Refused("damaged") from error
    except BaseException as error:
        if type(error).__name__ != PANIC:
            raise
        raise Refused("damaged") from error


def _read_sheet(metadata: SheetMetadata, sheet: CalamineSheet) -> Grid:
    """Turn one sheet into rows that start at A1, without the empty cells at their ends and the empty rows below."""
    texts = _Texts()
    rows = _anchored_rows(sheet, texts)
    if any("\0" in text for text in texts):
        _refuse_garbled(metadata.name, rows)
    while rows and not rows[-1]:
        rows.pop()
    merges = tuple(_merged_range(start, end) for start, end in sheet.merged_cell_ranges or ())
    return Grid(metadata.name, metadata.visible == SheetVisibleEnum.Visible, tuple(rows), merges, physical_rows=0)


class _Texts(dict[str, str | None]):
    """The texts of one sheet, each once, however many cells hold it; blank ones are ``None``."""

    def __missing__(self, text: str) -> str | None:
        self[text] = seen = None if is_blank(text) else text
        return seen


def _anchored_rows(sheet: CalamineSheet, texts: _Texts) -> list[Row]:
    """Return the rows, taken one at a time, so that a sheet that is wide and empty is never whole in memory.

    ``iter_rows`` starts at the first row of the sheet but at the first used column.
    """
    left: Row = (None,) * (sheet.start[1] if sheet.start else 0)
    rows: list[Row] = []
    for values in sheet.iter_rows():
        cells = [
            texts[value]
            if value.__class__ is str
            else value
            if value.__class__ is not float or isfinite(value)
            else NOT_FINITE
            for value in values
        ]
        while cells and cells[-1] is None:
            cells.pop()
        rows.append(left + tuple(cells) if cells else ())
    return rows


def _merged_range(start: tuple[int, int], end: tuple[int, int]) -> MergedRange:
    return (*start, *end)


def _reconcile(sheet: Grid | None, count: SheetCount | None) -> Grid:
    """Complete a grid with what only the second reader tells; raises `Refused` where the two see different sheets.

    calamine gives nothing for an error value: its code comes from the second reader before the rows are compared.
    """
    if sheet is None or count is None or sheet.name != count.name:
        raise Refused("sheets_disagree", first=sheet.name if sheet else "", second=count.name if count else "")
    rows = _with_errors(sheet.rows, count)
    seen = count_non_empty_rows(rows)
    if seen != count.rows:
        raise Refused("readers_disagree", sheet=sheet.name, first=seen, second=count.rows)
    width = max(map(len, rows), default=0)
    return replace(
        sheet,
        rows=rows,
        merges=true_merges(sheet.merges or count.merges),
        physical_rows=count.rows,
        formulas_without_value=sheet.formulas_without_value
        or tuple(cell_address(*position) for position in count.formulas_without_value),
        hidden_rows=sheet.hidden_rows or count.hidden_rows,
        percent_cells=sheet.percent_cells or count.percent_cells,
        shifted_cells=count.shifted_cells,
        struck_rows=_struck_rows(rows, count.struck_cells),
        hidden_columns=tuple(column for column in sheet.hidden_columns or count.hidden_columns if column < width),
        from_1904=count.from_1904,
    )


def _struck_rows(rows: Sequence[Row], struck: Iterable[Position]) -> tuple[int, ...]:
    """Return the rows of which every filled cell is struck through: of one word that is, nobody knows what is meant."""
    crossed: dict[int, set[int]] = {}
    for row, column in struck:
        crossed.setdefault(row, set()).add(column)
    return tuple(
        row
        for row, columns in sorted(crossed.items())
        if row < len(rows) and columns >= {number for number, cell in enumerate(rows[row]) if cell is not None}
    )


def _with_errors(rows: tuple[Row, ...], count: SheetCount) -> tuple[Row, ...]:
    """Put the error values of a sheet where they stand."""
    if not count.errors:
        return rows
    grid = [list(row) for row in rows]
    for (row, column), code in count.errors.items():
        grid.extend([] for _ in range(row + 1 - len(grid)))
        grid[row].extend([None] * (column + 1 - len(grid[row])))
        grid[row][column] = CellError(code)
    return tuple(tuple(row) for row in grid)


def _refuse_garbled(sheet: str, rows: Iterable[Row]) -> None:
    """Refuse text with NUL in it: no program lets one be typed, so the strings were cut out at the wrong width."""
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, str) and "\0" in cell:
                raise Refused("garbled_text", sheet=sheet, cell=cell_address(number, column))
