"""One copy from one order: the best workbook that can be had in the way asked for, marked, listed, and saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import openpyxl
from openpyxl import Workbook
from openpyxl.packaging.custom import StringProperty
from openpyxl.utils.cell import coordinate_from_string

from pipeline.ingest.files.grids import Cell, CellError, FileGrids, Grid
from pipeline.ingest.files.workbooks import read_file
from pipeline.ingest.returned.faultlist import add_list, is_list
from pipeline.ingest.returned.gridcopy import build_excerpt, build_workbook
from pipeline.ingest.returned.marks import anchor_cell, fit_comments, put_mark, take_marks_off
from pipeline.ingest.returned.orders import LIST_MARK, OF_ORIGINAL, CannotCopy, Order
from pipeline.ingest.returned.originals import check_same, formula_values, load_original, lost_parts
from pipeline.ingest.returned.origins import PROPERTY
from pipeline.ingest.returned.stored import store_values
from pipeline.spreadsheets.cells import save_bytes
from pipeline.spreadsheets.cleaning import plain_text

STAMP = datetime(2000, 1, 1)  # instead of the clock: the same faults in the same file give the same copy
MAX_SHEETS = 500
"""Sheets of a copy: more than a year has days. openpyxl takes longer for each than for the one before."""

ALWAYS = "about"
IF_GIVEN = "cut"


@dataclass(frozen=True)
class Draft:
    """A workbook before it is marked; ``titles``: sheet of the source -> its title; ``remarks``: keys of notes."""

    workbook: Workbook
    titles: dict[str, str]
    remarks: tuple[str, ...]
    values: dict[str, dict[str, Cell | CellError]]


def make_copy(order: Order, file: FileGrids) -> None:
    """Write the copy that an order asks for; raises `CannotCopy` when it cannot be made in that way.

    ``file`` is the order's source as `read_file` reads it.
    """
    target = Path(order.target)
    if file.status != "read":
        raise CannotCopy("the source cannot be read")
    grids = [grid for grid in file.grids if not _is_list(grid)]
    if len(grids) > MAX_SHEETS:
        raise CannotCopy(f"{len(grids)} sheets")
    if len({grid.name for grid in grids}) < len(grids):
        raise CannotCopy("two sheets of one name: nobody can tell which of them an issue is about")
    draft = _draft(order, file, grids)
    for mark in order.marks:
        sheet = draft.workbook[draft.titles[mark.sheet]]
        put_mark(anchor_cell(sheet, mark.cell), mark.comment, order.notes["earlier_comment"])
    fit_comments(draft.workbook)
    add_list(draft.workbook, _notes(order, draft), order.header, order.lines, draft.titles)
    _name_origin(draft.workbook, order.origin)
    data = save_bytes(draft.workbook, STAMP)
    target.write_bytes(store_values(data, draft.workbook, draft.values))
    if order.way in OF_ORIGINAL:
        check_same(read_file(target), grids)
        openpyxl.load_workbook(target)  # it writes some oddities of an original so that it cannot read them itself


def _draft(order: Order, file: FileGrids, grids: Sequence[Grid]) -> Draft:
    if order.way in OF_ORIGINAL:
        keeps_fonts = order.way == OF_ORIGINAL[0]
        workbook = load_original(file, keeps_fonts)
        for sheet in [sheet for sheet in workbook.worksheets if is_list(sheet)]:
            workbook.remove(sheet)
        take_marks_off(workbook)
        titles = {sheet.title: sheet.title for sheet in workbook.worksheets}
        remarks = (*(() if keeps_fonts else (order.way,)), *lost_parts(file.path))
        return Draft(workbook, titles, remarks, formula_values(workbook, grids))
    lost = lost_parts(file.path) if file.container in ("xlsx", "xlsb") else ()
    if order.way == "grid":
        workbook, titles = build_workbook(grids)
    else:
        faulty = {(mark.sheet, coordinate_from_string(mark.cell)[1] - 1) for mark in order.marks}
        faulty |= {(line.sheet, 0) for line in order.lines if line.sheet is not None}
        workbook, titles = build_excerpt(grids, faulty, order.notes["excerpt_mark"])
    return Draft(workbook, titles, (order.way, *lost), {})


def _notes(order: Order, draft: Draft) -> list[str]:
    given = [IF_GIVEN] if order.notes[IF_GIVEN] else []
    return [order.notes[key] for key in ("title", ALWAYS, *draft.remarks, *given)]


def _name_origin(workbook: Workbook, origin: str) -> None:
    """Let the copy carry the path of its source, so that it is known when it comes back under another name."""
    properties = workbook.custom_doc_props  # type: ignore[attr-defined]  # missing in the stubs
    if PROPERTY in properties.names:
        del properties[PROPERTY]
    properties.append(StringProperty(name=PROPERTY, value=plain_text(origin)))


def _is_list(grid: Grid) -> bool:
    """Tell whether a grid is the list of an earlier copy."""
    first = grid.rows[0][0] if grid.rows and grid.rows[0] else None
    return isinstance(first, str) and first.startswith(LIST_MARK)
