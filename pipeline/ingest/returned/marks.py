"""Our colour and our comment on a cell: put on, known again when the copy comes back, and taken off without a trace."""

import math
import re
from collections.abc import Collection, Iterator
from copy import copy

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.styles.fills import Fill
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.ingest.layouts.guides import GUIDE_MARK
from pipeline.ingest.returned.fills import decode_fill, encode_fill
from pipeline.spreadsheets.cells import MAX_TEXT
from pipeline.spreadsheets.cleaning import text_width, workbook_text

MARK_COLOUR = "FFFFB3A1"  # a light red that black, blue and red figures can be read on, and in no program's palette
AUTHOR = "融合"
_FILL_BEFORE = "〔原底纹：{fill}〕"
_OURS = re.compile(
    rf"^\s*(?:[^\n]{{0,40}}[:：]\n)?{re.escape(GUIDE_MARK)}.*?〔原底纹：(?P<fill>[^〕]*)〕\s*(?P<rest>.*)$", re.DOTALL
)  # some programs put the author's name on a line of its own above the text
_EARLIER = re.compile(r"^—{2,}[^\n（]*（(?P<author>[^\n]*)）—{2,}\n(?P<text>.*)$", re.DOTALL)
WIDTH_PIXELS = 340
LINE_CHARACTERS = 44  # half-width characters that WIDTH_PIXELS hold in the 9 points of a comment, measured generously
LINE_PIXELS, MARGIN_PIXELS = 17, 24
MAX_HEIGHT_PIXELS = 600  # what a small screen shows


def put_mark(cell: Cell, text: str, earlier_comment: str) -> None:
    """Colour a cell and comment it; a comment that it has stays below ours, under the line ``earlier_comment``.

    The fill that the colour covers is kept in words at the end of the comment, for `take_marks_off`.
    """
    parts = [text, _FILL_BEFORE.format(fill=encode_fill(_fill_of(cell)))]
    if cell.comment is not None:
        parts += [earlier_comment.format(author=cell.comment.author or ""), cell.comment.text]
    cell.comment = _comment("\n".join(parts), AUTHOR)
    cell.fill = PatternFill("solid", start_color=MARK_COLOUR)


def take_marks_off(workbook: Workbook) -> None:
    """Take off the marks of the last copy, also where a cell was copied with its mark; nothing else changes.

    What stood there before comes back: the fill, unless somebody has chosen another one since, and the comment.
    """
    fills = {number for number, fill in enumerate(workbook._fills) if _is_mark(fill)}  # type: ignore[attr-defined]
    for sheet in workbook.worksheets:
        for cell in existing_cells(sheet):
            if isinstance(cell, Cell):
                _take_off(cell, fills)


def existing_cells(sheet: Worksheet) -> Iterator[Cell | MergedCell]:
    """Yield the cells that a sheet holds; the public ways to walk it would create the empty ones between them."""
    yield from list(sheet._cells.values())


def fit_comments(workbook: Workbook) -> None:
    """Size the box of every comment by its text: openpyxl forgets sizes, and would cut long comments off."""
    for sheet in workbook.worksheets:
        for cell in existing_cells(sheet):
            if isinstance(cell, Cell) and cell.comment is not None:
                _fit(cell.comment)


def anchor_cell(sheet: Worksheet, address: str) -> Cell:
    """Return the cell at an address; for one inside a merged range the first of the range, which shows for all."""
    cell = sheet[address]
    if isinstance(cell, MergedCell):
        merged = next(found for found in sheet.merged_cells.ranges if address in found)
        cell = sheet.cell(merged.min_row, merged.min_col)
    if not isinstance(cell, Cell):
        raise TypeError(f"{address} is no cell")
    return cell


def _take_off(cell: Cell, marks: Collection[int]) -> None:
    """Take the mark off a cell; ``marks`` are the numbers of the workbook's fills in our colour."""
    found = _OURS.match(cell.comment.text.replace("\r\n", "\n")) if cell.comment is not None else None
    if found is not None:
        author, text = AUTHOR, found["rest"]
        earlier = _EARLIER.match(text)
        if earlier is not None:
            author, text = earlier["author"], earlier["text"]
        cell.comment = _comment(text, author) if text.strip() else None
    if cell.has_style and cell._style.fillId in marks:  # type: ignore[attr-defined]  # `cell.fill` is a copy
        cell.fill = decode_fill(found["fill"]) if found is not None else PatternFill()


def _is_mark(fill: Fill) -> bool:
    return isinstance(fill, PatternFill) and fill.patternType == "solid" and fill.fgColor.rgb == MARK_COLOUR


def _fill_of(cell: Cell) -> Fill:
    """Return the fill of a cell itself: what the cell shows is a proxy, which is of no type of fill."""
    return copy(cell.fill)  # type: ignore[return-value]  # by the stubs a copy of a proxy is one


def _comment(text: str, author: str) -> Comment:
    return Comment(workbook_text(text)[:MAX_TEXT], author)


def _fit(comment: Comment) -> None:
    lines = sum(max(1, math.ceil(text_width(line) / LINE_CHARACTERS)) for line in comment.text.split("\n"))
    comment.width = WIDTH_PIXELS
    comment.height = min(lines * LINE_PIXELS + MARGIN_PIXELS, MAX_HEIGHT_PIXELS)
