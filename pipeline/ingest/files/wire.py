"""What goes between a reader and its worker process: messages with a length in front, JSON and packed columns.

The worker has parsed a stranger's file, so nothing that it sends is ever executed.
"""

import json
import struct
from pathlib import Path
from typing import Protocol

from pipeline.ingest.files.grids import FileGrids, Reason
from pipeline.ingest.files.packing import PackedGrids

LENGTH = struct.Struct("<Q")


class Readable(Protocol):
    """What bytes come from: a file, a pipe."""

    def read(self, size: int, /) -> bytes | bytearray:
        """Return so many bytes; fewer only at the end."""
        ...


class Writable(Protocol):
    """What bytes go to."""

    def write(self, data: bytes, /) -> object:
        """Take all of them."""
        ...

    def flush(self) -> None:
        """Keep none back."""
        ...


def write_message(stream: Writable, payload: bytes) -> None:
    """Write one message; raises `OSError` when the other side has gone."""
    stream.write(LENGTH.pack(len(payload)))
    stream.write(payload)  # apart from its length: a long one is not copied
    stream.flush()


def read_message(stream: Readable) -> bytes | bytearray | None:
    """Return the next message, or None when the other side has closed the stream, even in the middle of one."""
    header = stream.read(LENGTH.size)
    if len(header) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(header)
    payload = stream.read(length)
    return payload if len(payload) == length else None


def encode_file(file: FileGrids, packed: PackedGrids) -> bytes:
    """Encode one file as it was read, its grids in packed form."""
    reason = file.reason and [file.reason.status, file.reason.code, dict(file.reason.values)]
    record = json.dumps([str(file.path), file.sha256, file.status, reason, file.container], ensure_ascii=False)
    account = record.encode(errors="surrogatepass")  # a file name that is not UTF-8 arrives with surrogates in it
    return b"".join((LENGTH.pack(len(account)), account, LENGTH.pack(len(packed.head)), packed.head, packed.cells))


def decode_file(payload: bytes | bytearray) -> tuple[FileGrids, PackedGrids]:
    """Return the file that `encode_file` encoded, without its grids, and those as they were packed."""
    account, rest = _cut(memoryview(payload))
    head, cells = _cut(rest)
    path, sha256, status, reason, container = json.loads(bytes(account))
    file = FileGrids(Path(path), sha256, status, reason and Reason(*reason), container, ())
    return file, PackedGrids(head, cells)


def _cut(memory: memoryview) -> tuple[memoryview, memoryview]:
    """Return what has its length in front, and what follows it."""
    (length,) = LENGTH.unpack_from(memory)
    stop = LENGTH.size + length
    return memory[LENGTH.size : stop], memory[stop:]
