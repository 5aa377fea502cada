"""Values into cells of openpyxl, and its workbooks into the same bytes every time."""

import re
import zipfile
from datetime import datetime
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import Cell

from pipeline.spreadsheets.cleaning import plain_text

MAX_TEXT = 32_767  # characters a cell holds, by the specification of Excel
ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP archive can hold: a constant instead of a clock
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_text(cell: Cell, text: str) -> None:
    """Put a text into a cell so that it stays a text whatever it begins with, also when somebody edits it."""
    cleaned = plain_text(text)[:MAX_TEXT]
    cell.value, cell.data_type = cleaned, "s"
    if cleaned.startswith(FORMULA_STARTS):
        cell.quotePrefix = True


def save_bytes(workbook: Workbook, stamp: datetime) -> bytes:
    """Return the file of a workbook; ``stamp`` stands in its properties and in its archive instead of the clock."""
    workbook.properties.creator = "ronghe"
    workbook.properties.created = stamp
    buffer = BytesIO()
    workbook.save(buffer)
    return _without_clock(buffer, stamp)


def _without_clock(archive: BytesIO, stamp: datetime) -> bytes:
    """Return the file with the time of saving taken out of its parts and of the archive's own directory."""
    result = BytesIO()
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                written = f"{stamp.isoformat()}Z".encode()
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + written, data)
            entry = zipfile.ZipInfo(name, ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, data)
    return result.getvalue()
