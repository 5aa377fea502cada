"""Rows of plain cells into a worksheet part, in the bytes that openpyxl would write, without its element for each."""

import re
from collections.abc import Iterable
from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import LXML
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.compat import safe_string
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from pipeline.spreadsheets.cleaning import xml_text

# What XML 1.0 cannot hold (2.2): left to openpyxl, which refuses it
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class RowWriter(ExcelWriter):
    """The writer of a workbook; its sheets are written by `_SheetWriter`."""

    def write_worksheet(self, ws: Worksheet) -> None:
        """Write one sheet; what openpyxl does later, with links and drawings, needs what is set here."""
        ws._drawing = SpreadsheetDrawing()  # type: ignore[attr-defined]
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images  # type: ignore[attr-defined]
        part = BytesIO()
        writer = _SheetWriter(ws, part)
        writer.write()
        ws._rels = writer._rels  # type: ignore[attr-defined]
        self._archive.writestr(ws.path[1:], part.getvalue())  # type: ignore[attr-defined]
        self.manifest.append(ws)


class _SheetWriter(WorksheetWriter):
    """Writes rows of numbers, days, plain texts and empty cells itself, and lets openpyxl write all others."""

    def __init__(self, ws: Worksheet, part: BytesIO) -> None:
        super().__init__(ws, part)
        self._part = part
        self._workbook: Any = ws.parent
        self._dimensions: Any = ws.row_dimensions
        self._styles: dict[bytes, str] = {}  # a style's numbers -> its attribute; openpyxl asks anew for every cell

    def write_row(self, xf: Any, row: Iterable[Cell | MergedCell], row_idx: int) -> None:
        """Write one row."""
        cells = list(row)
        if not LXML or self._workbook.iso_dates or not all(map(_is_plain, cells)):
            super().write_row(xf, cells, row_idx)
            return
        attributes = {"r": str(row_idx), **dict(self._dimensions.get(row_idx, {}))}
        start = "".join(f' {name}="{value}"' for name, value in attributes.items())  # numbers, all of them
        text = f"<row{start}>{''.join(map(self._cell, cells))}</row>"
        xf.flush()  # before it goes what was written so far
        self._part.write(text.encode("ascii", "xmlcharrefreplace"))

    def _cell(self, cell: Cell | MergedCell) -> str:
        style, value, kind = self._style(cell), cell._value, cell.data_type  # type: ignore[union-attr]
        if value is None and not style:
            return ""
        start = f'<c r="{cell.coordinate}"{style} t="{"inlineStr" if kind == "s" else "n"}">'
        if value is None or value == "":
            return f"{start}</c>"
        if kind == "s":
            space = ' xml:space="preserve"' if value != value.strip() else ""
            return f"{start}<is><t{space}>{xml_text(value)}</t></is></c>"
        number = to_excel(value, self._workbook.epoch) if kind == "d" else value  # type: ignore[no-untyped-call]
        return f"{start}<v>{safe_string(number)}</v></c>"

    def _style(self, cell: Cell | MergedCell) -> str:
        """Return the attribute that names a cell's style; "" for a cell without one."""
        if cell._style is None:  # type: ignore[union-attr]
            return ""
        key = cell._style.tobytes()  # type: ignore[union-attr]
        if key not in self._styles:
            self._styles[key] = f' s="{cell.style_id}"' if cell.has_style else ""
        return self._styles[key]


def _is_plain(cell: Cell | MergedCell) -> bool:
    """Tell whether a cell is as simple as most cells are: no link, comment, formula, error or text of several fonts."""
    if cell.hyperlink or cell._comment is not None:  # type: ignore[union-attr]
        return False
    value, kind = cell._value, cell.data_type  # type: ignore[union-attr]
    if kind == "s":
        return type(value) is str and (value.isprintable() or _IMPOSSIBLE.search(value) is None)
    if kind == "n":
        return type(value) in (int, float) or value is None
    return kind == "d" and type(value) is date
