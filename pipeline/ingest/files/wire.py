"""What goes between a reader and its worker process: JSON with a length in front, never pickle.

The worker has parsed a stranger's file, so nothing that it sends is ever executed. Cells that JSON has no word for
travel as one-key objects (``{"d": "2019-01-05"}``).
"""

import json
import struct
from collections.abc import Callable
from dataclasses import fields
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any

from pipeline.ingest.files.grids import CellError, FileGrids, Grid, Reason

LENGTH = struct.Struct("<Q")

_DECODERS: dict[str, Callable[[Any], object]] = {
    "d": date.fromisoformat,
    "m": datetime.fromisoformat,
    "t": time.fromisoformat,
    "s": lambda parts: timedelta(*parts),
    "e": CellError,
}


def write_message(stream: IO[bytes], payload: bytes) -> None:
    """Write one message; raises `OSError` when the other side has gone."""
    stream.write(LENGTH.pack(len(payload)) + payload)
    stream.flush()


def read_message(stream: IO[bytes]) -> bytes | None:
    """Return the next message, or None when the other side has closed the stream, even in the middle of one."""
    header = stream.read(LENGTH.size)
    if len(header) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(header)
    payload = stream.read(length)
    return payload if len(payload) == length else None


def encode_file(file: FileGrids) -> bytes:
    """Encode one file as it was read."""
    reason = file.reason and [file.reason.status, file.reason.code, dict(file.reason.values)]
    grids = [_plain_grid(grid) for grid in file.grids]
    record = [str(file.path), file.sha256, file.status, reason, file.container, grids]
    text = json.dumps(record, default=_plain_cell, ensure_ascii=False, separators=(",", ":"))
    return text.encode(errors="surrogatepass")  # a file name that is not UTF-8 arrives with surrogates in it


def decode_file(payload: bytes) -> FileGrids:
    """Return the file that `encode_file` encoded."""
    path, sha256, status, reason, container, plain_grids = json.loads(payload, object_hook=_decode_object)
    grids = tuple(_grid(plain) for plain in plain_grids)
    return FileGrids(Path(path), sha256, status, reason and Reason(*reason), container, grids)


def _plain_grid(grid: Grid) -> dict[str, object]:
    return {item.name: getattr(grid, item.name) for item in fields(Grid)}


def _grid(plain: dict[str, Any]) -> Grid:
    nested = {name: tuple(map(tuple, plain[name])) for name in ("rows", "merges", "percent_cells")}
    flat = {name: tuple(plain[name]) for name in ("formulas_without_value", "hidden_rows")}
    return Grid(**{**plain, **nested, **flat})


def _plain_cell(cell: object) -> dict[str, object]:
    """Return the object for a cell that JSON cannot hold; `datetime` is a kind of `date`, so it is asked for first."""
    match cell:
        case datetime():
            return {"m": cell.isoformat()}
        case date():
            return {"d": cell.isoformat()}
        case time():
            return {"t": cell.isoformat()}
        case timedelta():
            return {"s": [cell.days, cell.seconds, cell.microseconds]}
        case CellError():
            return {"e": cell.code}
    raise TypeError(f"a cell of type {type(cell).__name__} has no form in a message")


def _decode_object(record: dict[str, Any]) -> object:
    """Turn a one-key object back into its cell; the keys of the other objects, grids and reasons, are words."""
    if len(record) == 1:
        ((key, value),) = record.items()
        if key in _DECODERS:
            return _DECODERS[key](value)
    return record
