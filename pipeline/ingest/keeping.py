"""A whole reading kept between runs: a bureau whose files are all the same need not be read a second time."""

import contextlib
import hashlib
import json
import platform
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipeline.catalog import Catalog, Column
from pipeline.ingest.bureau import Reading
from pipeline.ingest.faults import Fault, MoreFaults, UnusedVersion
from pipeline.ingest.files.cache import CACHE_FILE, READING_PACKAGES
from pipeline.ingest.files.loading import hash_file
from pipeline.ingest.files.whole import read_whole, write_whole
from pipeline.ingest.opening import list_files
from pipeline.ingest.store import pack_reading, unpack_reading, with_packed_tables
from pipeline.texts import Texts

READING_FILE = "reading.parquet"
FAULTS = "faults.json"
PACKAGES = (*READING_PACKAGES, "numpy", "pandas", "pyarrow")
ROOMS = ("catalog", "ingest")  # of the code that a reading depends on, beside the modules in `MODULES`
MODULES = ("periods.py", "spreadsheets/cleaning.py", "texts/__init__.py")
SCHEMA = pa.schema({"name": pa.string(), "content": pa.large_binary()})


def find_reading(folder: Path, catalog: Catalog, texts: Texts, cache: Path) -> Reading | None:
    """Return what an earlier run read from the same files in the same language; ``None`` where it kept nothing whole.

    The files are compared by their contents, each under its path.
    """
    if not _is_there(cache / READING_FILE):  # and no file need be hashed
        return None
    inputs = [(name, hash_file(path)) for path, name in list_files(folder)]
    table = read_whole(cache / READING_FILE, SCHEMA, _version(folder, inputs, catalog, texts))
    if table is None:
        return None
    parts = dict(zip(table["name"].to_pylist(), table["content"].to_pylist(), strict=True))
    return unpack_reading(parts, catalog, _unpack_faults(parts[FAULTS]))


def keep_reading(reading: Reading, folder: Path, catalog: Catalog, texts: Texts, cache: Path) -> Reading:
    """Keep a reading of ``folder`` in the folder ``cache``, under the hashes of the bytes that were read.

    Returned is the reading with its tables as they were packed: whoever saves it next need not pack them again. Nothing
    is written where that cannot be, nor where the folder above does not exist.
    """
    version = _version(folder, [(file.path, file.sha256) for file in reading.files], catalog, texts)
    packed = pack_reading(reading, catalog)
    parts = {**packed, FAULTS: _pack_faults(reading.faults)}
    table = pa.table({"name": list(parts), "content": list(parts.values())}, schema=SCHEMA)
    with contextlib.suppress(OSError):  # a full disk costs the next run its time and not this one its result
        write_whole(table, cache / READING_FILE, version)
    return with_packed_tables(reading, packed, catalog)


def _is_there(path: Path) -> bool:
    """Tell whether a file can be found; one in a folder that may not be looked into costs the run its time alone."""
    try:
        return path.is_file()
    except OSError:
        return False


def move_kept(cache: Path, to: Path) -> None:
    """Put what was kept in one cache folder into another, in place of what is there; each file in one step.

    For a bureau that was read before there was a place to keep anything of it. Where that cannot be, nothing is lost
    but time.
    """
    with contextlib.suppress(OSError):
        to.mkdir(exist_ok=True)
        for name in (CACHE_FILE, READING_FILE):
            if (cache / name).is_file():
                with tempfile.TemporaryDirectory(dir=to, prefix=".") as beside:
                    shutil.copyfile(cache / name, Path(beside) / name).replace(to / name)


def _version(folder: Path, inputs: Iterable[tuple[str, str]], catalog: Catalog, texts: Texts) -> bytes:
    """Return a hash over all that a reading follows from: the bureau's name, its files, the code, catalog and texts."""
    said = [texts.lang, sorted(texts.messages.items())]
    made_from = [folder.resolve().name, list(inputs), _code_version(), catalog.fingerprint, said]
    return hashlib.sha256(json.dumps(made_from).encode()).hexdigest().encode()


@cache
def _code_version() -> str:
    """Return a hash over the code that reads and the releases of what it reads with."""
    package = Path(__file__).parents[1]
    sources = [path for room in ROOMS for path in sorted((package / room).rglob("*.py"))]
    digest = hashlib.sha256(platform.python_version().encode())
    for name in PACKAGES:
        digest.update(f"{name} {metadata.version(name)}\n".encode())
    for source in (*sources, *(package / name for name in MODULES)):
        digest.update(hashlib.sha256(source.read_bytes()).digest())
    return digest.hexdigest()


def _pack_faults(faults: Iterable[Fault]) -> bytes:
    """Return faults as JSON, each column of the dictionary that they are about once."""
    columns: dict[Column, int] = {}
    records = [
        {
            **{name: value for name, value in vars(fault).items() if value is not None},
            "about": [columns.setdefault(column, len(columns)) for column in fault.about],
            "unused_version": fault.unused_version and asdict(fault.unused_version),
            "more": fault.more and asdict(fault.more),
        }
        for fault in faults
    ]
    return json.dumps({"columns": [asdict(column) for column in columns], "faults": records}).encode()


def _unpack_faults(content: bytes) -> tuple[Fault, ...]:
    record = json.loads(content)
    columns = [Column(**column) for column in record["columns"]]
    return tuple(_fault(entry, columns) for entry in record["faults"])


def _fault(entry: Mapping[str, Any], columns: list[Column]) -> Fault:
    version, more = entry["unused_version"], entry["more"]
    return Fault(
        **{
            **dict.fromkeys(("sheet", "row", "column")),
            **entry,
            "about": tuple(columns[number] for number in entry["about"]),
            "unused_version": version and UnusedVersion(**version),
            "details": tuple((name, text) for name, text in entry["details"]),
            "more": more and MoreFaults(**more),
        }
    )
