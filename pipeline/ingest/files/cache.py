"""Grids of unchanged files, kept between runs: one parquet file, a row for each workbook, by content and by reader."""

import contextlib
import hashlib
import sys
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

import pyarrow as pa

from pipeline.ingest.files.grids import FileGrids
from pipeline.ingest.files.packing import PackedGrids
from pipeline.ingest.files.whole import read_whole, write_whole

CACHE_FILE = "grids.parquet"
READING_PACKAGES = ("lxml", "python-calamine", "xlrd")  # what parses; another release may read a file differently
SCHEMA = pa.schema(
    {
        "name": pa.string(),
        "sha256": pa.string(),
        "container": pa.string(),
        "head": pa.large_binary(),
        "cells": pa.large_binary(),
    }
)


@dataclass(frozen=True)
class _Entry:
    """One file that was read. Its name counts: it tells text files from others, and names the sheet of one."""

    name: str
    sha256: str
    container: str
    head: bytes
    cells: bytes


class GridCache:
    """What an earlier run read, and what this one keeps of it; only files that were read are kept, never a refusal.

    A file that is damaged or was written by other code counts as none. Two runs at once do no harm: each replaces the
    whole file in one step, and the later one's stays.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / CACHE_FILE
        self._earlier = {(entry.name, entry.sha256): entry for entry in _load(self._path)}
        self._names = {name for name, _ in self._earlier}
        self._used: dict[tuple[str, str], _Entry] = {}

    def may_hold(self, path: Path) -> bool:
        """Tell whether a file of this name was read at all; of any other the hash need not be known."""
        return _name(path) in self._names

    def find(self, path: Path, sha256: str) -> tuple[FileGrids, PackedGrids] | None:
        """Return a file as it was read before, its grids apart and packed.

        ``None`` when these bytes were not read, or not under this name.
        """
        key = _name(path), sha256
        entry = self._used.get(key) or self._earlier.get(key)
        if entry is None:
            return None
        self._used[key] = entry
        file = FileGrids(path, sha256, "read", None, entry.container, ())  # type: ignore[arg-type]
        return file, PackedGrids(entry.head, entry.cells)

    def keep(self, file: FileGrids, packed: PackedGrids) -> None:
        """Remember a file that was parsed, by the hash of the bytes that were."""
        if file.status == "read" and file.container is not None:
            key = _name(file.path), file.sha256
            self._names.add(key[0])
            self._used[key] = _Entry(*key, file.container, bytes(packed.head), bytes(packed.cells))

    def save(self) -> None:
        """Write what was used, in place of what was there.

        Nothing is written where that cannot be, nor where the folder above does not exist: nothing is kept of a bureau
        yet, and reading makes no place for it.
        """
        if self._used.keys() == self._earlier.keys():
            return
        entries = list(self._used.values())
        columns = {name: [getattr(entry, name) for entry in entries] for name in SCHEMA.names}
        table = pa.table(columns, schema=SCHEMA)
        with contextlib.suppress(OSError):  # a full disk costs the next run its time and not this one its result
            write_whole(table, self._path, _reader_version())


def _load(path: Path) -> list[_Entry]:
    """Return the entries of a cache file; none where there is no file, or one that this code did not write whole."""
    table = read_whole(path, SCHEMA, _reader_version())
    return [] if table is None else [_Entry(**row) for row in table.to_pylist()]


def _name(path: Path) -> str:
    """Return the name of a file as text that parquet can hold."""
    return path.name.encode("utf-8", "backslashreplace").decode("utf-8")


@cache
def _reader_version() -> bytes:
    """Return a hash over the code that reads, the releases of what parses, and the order of bytes in a number."""
    digest = hashlib.sha256(sys.byteorder.encode())
    for package in READING_PACKAGES:
        digest.update(f"{package} {metadata.version(package)}\n".encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest().encode()
