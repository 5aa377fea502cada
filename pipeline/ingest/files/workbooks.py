"""From the bytes of a file to its grids: calamine reads the cells, the second reader counts rows; they must agree."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from itertools import zip_longest
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from pipeline.ingest.files.containers import load_bytes, recognise_container
from pipeline.ingest.files.counting import SheetCount
from pipeline.ingest.files.counting_ods import count_ods_rows
from pipeline.ingest.files.counting_text import count_text_rows
from pipeline.ingest.files.counting_xls import count_xls_rows
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
from pipeline.ingest.files.refusals import NotRead, Refused
from pipeline.ingest.files.textfiles import decode_text, read_text_rows

COUNTERS: dict[Container, Callable[[bytes], tuple[SheetCount, ...]]] = {
    "xlsx": count_xlsx_rows,
    "xlsb": count_xlsb_rows,
    "xls": count_xls_rows,
    "ods": count_ods_rows,
}


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
    if container == "text":
        return (_read_text(path.stem.encode("utf-8", "replace").decode("utf-8"), data),)
    counts = COUNTERS[container](data)
    sheets = list(_read_sheets(data))
    if not counts and not sheets:
        raise Refused("no_sheets")
    return tuple(_reconcile(sheet, count) for sheet, count in zip_longest(sheets, counts))


def _read_text(sheet: str, data: bytes) -> Grid:
    """Read a text file as the one sheet that a spreadsheet program would show, named after the file."""
    text = decode_text(data)
    count = count_text_rows(text, sheet)
    return _reconcile(Grid(sheet, True, tuple(read_text_rows(text)), (), 0), count)


def _read_sheets(data: bytes) -> Iterator[Grid]:
    """Yield the worksheets as calamine reads them, not yet counted; chart, dialog and macro sheets are left out."""
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(data))
        for index, sheet in enumerate(workbook.sheets_metadata):
            if sheet.typ == SheetTypeEnum.WorkSheet:
                yield _read_sheet(sheet, workbook.get_sheet_by_index(index))
    except (CalamineError, OSError) as error:
        raise Refused("damaged") from error


def _read_sheet(metadata: SheetMetadata, sheet: CalamineSheet) -> Grid:
    """Turn one sheet into rows that start at A1, without the empty cells at their ends and the empty rows below."""
    rows = _anchored_rows(sheet)
    while rows and not rows[-1]:
        rows.pop()
    merges = tuple(_merged_range(start, end) for start, end in sheet.merged_cell_ranges or () if start != end)
    return Grid(metadata.name, metadata.visible == SheetVisibleEnum.Visible, tuple(rows), merges, physical_rows=0)


def _anchored_rows(sheet: CalamineSheet) -> list[Row]:
    """Return the rows one at a time, so that a sheet that is wide and empty is never whole in memory.

    ``iter_rows`` starts at the first row of the sheet but at the first used column.
    """
    left: Row = (None,) * (sheet.start[1] if sheet.start else 0)
    rows: list[Row] = []
    for values in sheet.iter_rows():
        cells = [None if value.__class__ is str and is_blank(value) else value for value in values]
        while cells and cells[-1] is None:
            cells.pop()
        rows.append((*left, *cells) if cells else ())
    return rows


def _merged_range(start: tuple[int, int], end: tuple[int, int]) -> MergedRange:
    return (*start, *end)


def _reconcile(sheet: Grid | None, count: SheetCount | None) -> Grid:
    """Complete a grid with what only the second reader knows; raises `Refused` where the two see different sheets.

    calamine gives nothing for an error value: its code comes from the second reader before the rows are compared.
    """
    if sheet is None or count is None or sheet.name != count.name:
        raise Refused("sheets_disagree", first=sheet.name if sheet else "", second=count.name if count else "")
    rows = _with_errors(sheet.rows, count)
    seen = count_non_empty_rows(rows)
    if seen != count.rows:
        raise Refused("readers_disagree", sheet=sheet.name, first=seen, second=count.rows)
    _refuse_garbled(sheet)
    return replace(
        sheet,
        rows=rows,
        merges=sheet.merges or count.merges,
        physical_rows=count.rows,
        formulas_without_value=tuple(cell_address(*position) for position in count.formulas_without_value),
        hidden_rows=count.hidden_rows,
        percent_cells=count.percent_cells,
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


def _refuse_garbled(sheet: Grid) -> None:
    """Refuse text with NUL in it: no program lets one be typed, so the strings were cut out at the wrong width."""
    for number, row in enumerate(sheet.rows):
        for column, cell in enumerate(row):
            if isinstance(cell, str) and "\0" in cell:
                raise Refused("garbled_text", sheet=sheet.name, cell=cell_address(number, column))
