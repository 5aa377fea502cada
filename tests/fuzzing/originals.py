"""Whole workbooks of the containers that no program of the tests writes, put together by hand, to be damaged."""

import html
import struct
from collections.abc import Sequence
from pathlib import Path

from tests.hand_made import ROSTER, Rows, Value
from tests.raw_files import ods_bytes, spreadsheetml, wide_string, xlsb_bytes

ROW_HEADER, NUMBER, TEXT = 0, 5, 6  # records of BIFF12


def write_originals(folder: Path) -> list[Path]:
    """Write one roster for each container that is not in the sample: ods, xlsb, web page, web archive, XML of 2003."""
    folder.mkdir(parents=True, exist_ok=True)
    page = _page(ROSTER)
    files = {
        "花名册.ods": ods_bytes("".join(map(_ods_row, ROSTER))),
        "花名册.xlsb": xlsb_bytes(*_xlsb_records(ROSTER)),
        "花名册页.xls": page.encode(),
        "花名册档.xls": f"MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n{page}".encode(),
        "花名册表.xls": spreadsheetml("".join(map(_xml_row, ROSTER))).encode(),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in files]


def _ods_row(row: Sequence[Value]) -> str:
    return f'<table:table-row table:number-rows-repeated="1">{"".join(map(_ods_cell, row))}</table:table-row>'


def _ods_cell(value: Value) -> str:
    if value is None:
        return "<table:table-cell/>"
    kind = f'float" office:value="{value}' if isinstance(value, int) else "string"
    return f'<table:table-cell office:value-type="{kind}"><text:p>{html.escape(str(value))}</text:p></table:table-cell>'


def _xlsb_records(rows: Rows) -> list[bytes]:
    records = []
    for number, row in enumerate(rows):
        records.append(_record(ROW_HEADER, struct.pack("<I", number) + bytes(13)))
        for column, value in enumerate(row):
            place = struct.pack("<II", column, 0)
            if isinstance(value, int):
                records.append(_record(NUMBER, place + struct.pack("<d", value)))
            elif value is not None:
                records.append(_record(TEXT, place + wide_string(str(value))))
    return records


def _record(kind: int, payload: bytes) -> bytes:
    """A record of any length below 16,384 bytes."""
    return bytes([kind, len(payload) & 0x7F | 0x80, len(payload) >> 7]) + payload


def _page(rows: Rows) -> str:
    cells = ("".join(f"<td colspan=1>{html.escape(str(value or ''))}</td>" for value in row) for row in rows)
    table = "".join(f'<tr rowspan="1">{row}</tr>' for row in cells)
    return f'<html><head><meta charset="utf-8"><style>.a{{x:y}}</style></head><table>{table}</table></html>'


def _xml_row(row: Sequence[Value]) -> str:
    cells = (
        f'<Cell ss:Index="{number}"><Data ss:Type="{"Number" if isinstance(value, int) else "String"}">'
        f"{html.escape(str(value))}</Data></Cell>"
        for number, value in enumerate(row, start=1)
        if value is not None
    )
    return f"<Row>{''.join(cells)}</Row>"
