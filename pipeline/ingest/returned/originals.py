"""The original itself, loaded by openpyxl, with all that it keeps; and whether the saved copy still says the same."""

import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
from openpyxl import Workbook

from pipeline.ingest.files.grids import Cell, CellError, FileGrids, Grid
from pipeline.ingest.files.merging import merged_cells
from pipeline.ingest.returned.orders import CannotCopy
from pipeline.spreadsheets.cleaning import MAX_TITLE

MAX_ORIGINAL_CELLS = 100_000
"""What openpyxl loads, saves and reads back within its time on a machine 2.5 times slower than ours: 2 s and 120 MB for
8,000 rows of 12 cells."""

MAX_ORIGINAL_BYTES = 32 * 1024 * 1024
"""Inflated XML: four times what `MAX_ORIGINAL_CELLS` take with their texts and formats. The rest is no content."""

XML_SUFFIXES = (".xml", ".rels", ".vml")
DOCTYPE = "<!DOCTYPE"
DOCTYPES = (DOCTYPE.encode(), DOCTYPE.encode("utf-16-le")[:-1])  # of either byte order: only one end differs

MACRO_PART = "vbaproject.bin"
PICTURE_FOLDERS = ("xl/media/", "xl/ctrlprops/", "xl/activex/", "xl/embeddings/")
DRAWINGS, DRAWING_SUFFIX = "xl/drawings/", ".xml"  # the others there are the boxes of comments, which are written anew
ANCHOR = b"Anchor>"  # how each thing drawn ends (ECMA-376 part 1, 20.5.2); LibreOffice writes drawings without any
CLOCK_ERROR = timedelta(seconds=1)  # a time is a fraction of a day in binary: two programs round it differently


def load_original(file: FileGrids, keeps_fonts: bool = True) -> Workbook:
    """Load a workbook for marking, with the fonts of single words or not.

    Raises `CannotCopy` when it is too large, has a document type, or openpyxl sees other sheets in it. Everything else
    that openpyxl throws at a stranger's file is the caller's: it runs in a process of its own.
    """
    cells = sum(len(row) for grid in file.grids for row in grid.rows)
    cells += sum(merged_cells(merged) for grid in file.grids for merged in grid.merges)  # openpyxl makes each of them
    if file.container != "xlsx" or cells > MAX_ORIGINAL_CELLS:
        raise CannotCopy(f"{file.container}, {cells} cells")
    _check_parts(file.path)
    with file.path.open("rb") as stream:  # by its path openpyxl would refuse an xlsx that is called .xls
        workbook = openpyxl.load_workbook(stream, rich_text=keeps_fonts)
    seen = [sheet.title for sheet in workbook.worksheets]
    if seen != [grid.name for grid in file.grids]:
        raise CannotCopy(f"other sheets: {seen}")
    if any(len(title) > MAX_TITLE for title in seen):
        raise CannotCopy("a title that Excel would not open")
    workbook.template = False
    return workbook


def _check_parts(path: Path) -> None:
    """Raise `CannotCopy` for too much XML, or a document type in parts that reading never looks at.

    openpyxl parses those, and hands the theme on as it is: to a program that might follow what is declared there.
    """
    with zipfile.ZipFile(path) as archive:
        parts = [entry for entry in archive.infolist() if entry.filename.lower().endswith(XML_SUFFIXES)]
        size = sum(entry.file_size for entry in parts)
        if size > MAX_ORIGINAL_BYTES:
            raise CannotCopy(f"{size} bytes of XML")
        for entry in parts:
            part = archive.read(entry)
            if any(mark in part for mark in DOCTYPES):
                raise CannotCopy(f"a document type in {entry.filename}")


def lost_parts(path: Path) -> tuple[str, ...]:
    """Return what a copy of an Open XML file may lack: ``macros``, ``pictures`` (drawings and controls too)."""
    with zipfile.ZipFile(path) as archive:
        names = {name.lower(): name for name in archive.namelist()}
        drawings = [real for name, real in names.items() if name.startswith(DRAWINGS) and name.endswith(DRAWING_SUFFIX)]
        is_drawn = any(ANCHOR in archive.read(name) for name in drawings)
    lost = []
    if any(name.endswith(MACRO_PART) for name in names):
        lost.append("macros")
    if is_drawn or any(name.startswith(PICTURE_FOLDERS) for name in names):
        lost.append("pictures")
    return tuple(lost)


def formula_values(workbook: Workbook, grids: Sequence[Grid]) -> dict[str, dict[str, Cell | CellError]]:
    """Return sheet title -> address -> stored value of each formula; openpyxl keeps formulas but not their values."""
    values: dict[str, dict[str, Cell | CellError]] = {}
    for grid in grids:
        sheet = workbook[grid.name]
        found: dict[str, Cell | CellError] = {
            cell.coordinate: value
            for (row, column), cell in sheet._cells.items()
            if cell.data_type == "f" and (value := _at(grid, row - 1, column - 1)) is not None
        }
        if found:
            values[sheet.title] = found
    return values


def check_same(copied: FileGrids, grids: Sequence[Grid]) -> None:
    """Raise `CannotCopy` unless a saved copy reads as the original: every cell with its value, merges, hidden rows.

    The list of faults, its first sheet, is left out.
    """
    if copied.status != "read" or len(copied.grids) != len(grids) + 1:
        raise CannotCopy("the copy cannot be read")
    for old, new in zip(grids, copied.grids[1:], strict=True):
        if (old.name, old.visible, set(old.merges)) != (new.name, new.visible, set(new.merges)):
            raise CannotCopy(f"sheet {old.name} is not the same")
        if len(old.rows) != len(new.rows) or not all(map(_same_row, old.rows, new.rows)):
            raise CannotCopy(f"cells of {old.name} are not the same")


def _same_row(old: Sequence[Cell | CellError], new: Sequence[Cell | CellError]) -> bool:
    return len(old) == len(new) and all(map(_same, old, new))


def _same(old: Cell | CellError, new: Cell | CellError) -> bool:
    if old == new:
        return True
    if isinstance(old, datetime) and isinstance(new, datetime):
        return abs(old - new) < CLOCK_ERROR
    if isinstance(old, timedelta) and isinstance(new, timedelta):
        return abs(old - new) < CLOCK_ERROR
    if isinstance(old, time) and isinstance(new, time):
        day = date(2000, 1, 1)  # any: times alone cannot be subtracted
        return abs(datetime.combine(day, old) - datetime.combine(day, new)) < CLOCK_ERROR
    return False


def _at(grid: Grid, row: int, column: int) -> Cell | CellError:
    return grid.rows[row][column] if row < len(grid.rows) and column < len(grid.rows[row]) else None
