"""The second reader for xls (BIFF5, BIFF8, WPS et): xlrd, which shares nothing with calamine."""

import io
import struct

import xlrd
import xlrd.biffh
from xlrd.compdoc import CompDocError
from xlrd.sheet import Sheet

from pipeline.ingest.files.counting import Position, SheetCount
from pipeline.ingest.files.grids import is_blank
from pipeline.ingest.files.refusals import Refused

EMPTY_TYPES = (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK)
DAMAGE = (xlrd.XLRDError, CompDocError, AssertionError, struct.error, LookupError, ValueError, TypeError)
"""What xlrd lets escape on broken files: it checks by `assert` and by running out of bytes."""


def count_xls_rows(data: bytes) -> tuple[SheetCount, ...]:
    """Count the non-empty rows of every worksheet, in workbook order; chart and macro sheets have none.

    A full sheet of this format is no larger than what can be laid out. Raises `Refused`: encrypted, damaged.
    """
    try:
        book = xlrd.open_workbook(file_contents=data, logfile=io.StringIO(), on_demand=True, ragged_rows=True)
        return tuple(_count_sheet(book.sheet_by_name(name)) for name in book.sheet_names())
    except DAMAGE as error:
        if isinstance(error, xlrd.XLRDError) and "encrypted" in str(error):  # xlrd has no class of its own for it
            raise Refused("encrypted") from error
        raise Refused("damaged") from error


def _count_sheet(sheet: Sheet) -> SheetCount:
    """Go through the cells that one sheet stores."""
    rows = 0
    errors: dict[Position, str] = {}
    for row in range(sheet.nrows):
        filled = False
        for column, (kind, value) in enumerate(zip(sheet.row_types(row), sheet.row_values(row), strict=True)):
            if kind in EMPTY_TYPES or (kind == xlrd.XL_CELL_TEXT and is_blank(value)):
                continue
            filled = True
            if kind == xlrd.XL_CELL_ERROR:
                errors[row, column] = xlrd.biffh.error_text_from_code.get(value, f"#{value}")
        rows += filled
    return SheetCount(sheet.name, rows, errors)
