"""Stored values of formulas put into a saved workbook: openpyxl writes a formula without what it came to.

Without them a phone's preview shows empty cells, and a program that does not calculate reads none.
"""

import zipfile
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from io import BytesIO

from lxml import etree
from openpyxl import Workbook
from openpyxl.utils.datetime import to_excel

from pipeline.ingest.files.grids import Cell, CellError

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def store_values(data: bytes, workbook: Workbook, values: Mapping[str, Mapping[str, Cell | CellError]]) -> bytes:
    """Return the file ``data``, saved from ``workbook``, with ``values`` (sheet title -> address -> value) in it."""
    parts = {
        f"xl/worksheets/sheet{number}.xml": values[sheet.title]  # openpyxl numbers them in the order of the workbook
        for number, sheet in enumerate(workbook.worksheets, start=1)
        if sheet.title in values
    }
    if not parts:
        return data
    result = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename in parts:
                content = _with_values(content, parts[entry.filename], workbook.epoch)
            new.writestr(entry, content)
    return result.getvalue()


def _with_values(part: bytes, values: Mapping[str, Cell | CellError], epoch: datetime) -> bytes:
    root = etree.fromstring(part, etree.XMLParser(resolve_entities=False, huge_tree=True))
    for cell in root.iter(f"{_MAIN}c"):
        address = cell.get("r")
        if cell.find(f"{_MAIN}f") is None or address not in values:
            continue
        kind, text = _stored(values[address], epoch)
        stored = cell.find(f"{_MAIN}v")
        if stored is None:
            stored = etree.SubElement(cell, f"{_MAIN}v")
        stored.text = text
        if kind:
            cell.set("t", kind)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _stored(value: Cell | CellError, epoch: datetime) -> tuple[str, str]:
    """Return the type of a value, empty for a number, and how a file writes it (ECMA-376 part 1, 18.18.11)."""
    match value:
        case CellError():
            return "e", value.code
        case bool():
            return "b", str(int(value))
        case str():
            return "str", value
        case date() | time() | timedelta():
            return "", repr(to_excel(value, epoch))  # type: ignore[no-untyped-call]
    return "", repr(value)
