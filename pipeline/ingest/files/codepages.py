"""Texts of Excel 5 and 95 workbooks under a Chinese, Japanese or Korean code page.

Such a file stores its texts in the code page that it names. calamine takes those with two-byte characters apart at
every byte, so it is told that the page is Western, where every byte is one character, and each text is then put back
together from its bytes.
"""

import re
import struct
from dataclasses import replace

from pipeline.ingest.files.containers import OLE_MAGIC
from pipeline.ingest.files.grids import Grid, Row, is_blank
from pipeline.ingest.files.refusals import Refused

EXCEL_5_CODE_PAGE = re.compile(
    rb"\x09\x08\x08\x00\x00\x05\x05\x00"  # BOF of the globals of BIFF5, [MS-XLS] 2.4.21
    rb".{4,512}?"  # and soon after it
    rb"\x42\x00\x02\x00(..)",  # CODEPAGE, 2.4.52
    re.DOTALL,
)
WESTERN = 1252
TWO_BYTE_PAGES = {932: "cp932", 936: "gb18030", 949: "cp949", 950: "cp950"}
"""Code pages by number, as Python names them; GB18030 holds all of 936."""


def as_western(data: bytes) -> tuple[bytes, str | None]:
    """Return the bytes of an xls with its two-byte code page declared Western, and which it was; None for any other."""
    match = EXCEL_5_CODE_PAGE.search(data) if data.startswith(OLE_MAGIC) else None
    if match is None:
        return data, None
    encoding = TWO_BYTE_PAGES.get(struct.unpack("<H", match[1])[0])
    if encoding is None:
        return data, None
    return data[: match.start(1)] + struct.pack("<H", WESTERN) + data[match.end(1) :], encoding


def restore_texts(grid: Grid, encoding: str) -> Grid:
    """Return a grid that was read as Western with its texts in their own encoding; raises `Refused` (encoding)."""
    bytes_of = {bytes([byte]).decode("cp1252", "replace"): byte for byte in range(256)}
    bytes_of |= {chr(byte): byte for byte in range(0x80, 0xA0)}  # what the page leaves free stands for itself

    def restored(text: str) -> str:
        try:
            return bytes(bytes_of[character] for character in text).decode(encoding)
        except (KeyError, UnicodeDecodeError) as error:
            raise Refused("encoding") from error

    def restored_row(row: Row) -> Row:
        cells = [restored(cell) if isinstance(cell, str) else cell for cell in row]
        cells = [None if isinstance(cell, str) and is_blank(cell) else cell for cell in cells]
        while cells and cells[-1] is None:
            cells.pop()
        return tuple(cells)

    return replace(grid, name=restored(grid.name), rows=tuple(map(restored_row, grid.rows)))
