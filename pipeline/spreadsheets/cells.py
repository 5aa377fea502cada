"""Values into cells of openpyxl, and its workbooks into the same bytes every time."""

import zipfile
from datetime import datetime
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import Cell

from pipeline.spreadsheets.cleaning import workbook_text
from pipeline.spreadsheets.rows import RowWriter

MAX_TEXT = 32_767  # characters a cell holds, by the specification of Excel
ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP archive can hold: a constant instead of a clock
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_text(cell: Cell, text: str) -> None:
    """Put a text into a cell so that it stays a text whatever it begins with, also when somebody edits it."""
    cleaned = workbook_text(text)[:MAX_TEXT]
    # As a value it would be searched, for what it no longer holds, and taken for a formula or an error
    cell._value, cell.data_type = cleaned, "s"  # type: ignore[attr-defined]
    if cleaned.startswith(FORMULA_STARTS):
        cell.quotePrefix = True


def save_bytes(workbook: Workbook, stamp: datetime) -> bytes:
    """Return the file of a workbook; ``stamp`` stands in its properties and in its archive instead of the clock."""
    properties = workbook.properties
    properties.creator = "ronghe"
    properties.created = properties.modified = stamp  # `Workbook.save` would take the clock
    buffer = BytesIO()
    RowWriter(workbook, _TimelessArchive(buffer, "w", zipfile.ZIP_DEFLATED)).save()
    return buffer.getvalue()


class _TimelessArchive(zipfile.ZipFile):
    """An archive whose entries bear no time."""

    def writestr(self, name: str, data: str | bytes) -> None:  # type: ignore[override]
        """Add an entry."""
        entry = zipfile.ZipInfo(name, ZIP_TIME)
        entry.compress_type = zipfile.ZIP_DEFLATED
        super().writestr(entry, data)
