"""Parquet files that are kept between runs: written in one step, and none at all when damaged or by other code."""

import os
import tempfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

# Threads that find no memory to begin with are waited for for ever, and a table of ours needs none
NO_THREADS: Mapping[str, Any] = {"pre_buffer": False}
VERSION = b"version"  # key of a file's metadata: what it was made by and from


def write_whole(table: pa.Table, path: Path, version: bytes) -> None:
    """Write a file beside its place and move it there; of its folders only the last is made. Raises `OSError`."""
    path.parent.mkdir(exist_ok=True)
    marked = table.replace_schema_metadata({VERSION: version})
    handle, written = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".new")
    try:
        with os.fdopen(handle, "wb") as stream:
            pq.write_table(marked, stream, compression="zstd", use_dictionary=False, write_page_checksum=True)
        Path(written).replace(path)
    except OSError:
        Path(written).unlink(missing_ok=True)
        raise


def read_whole(path: Path, schema: pa.Schema, version: bytes) -> pa.Table | None:
    """Return a file as `write_whole` wrote it; ``None`` where there is none of this version, or one not whole."""
    try:
        file = pq.ParquetFile(BytesIO(path.read_bytes()), page_checksum_verification=True, **NO_THREADS)
        if (file.schema_arrow.metadata or {}).get(VERSION) != version:
            return None
        table = file.read(use_threads=False)
    except (OSError, ValueError, pa.ArrowException):  # a name that is no UTF-8 is a ValueError
        return None
    return table if table.schema.equals(schema) else None
