"""Parquet files that are kept between runs: written in one step, and none at all when damaged or by other code."""

import os
import tempfile
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

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
        data = BytesIO(path.read_bytes())
        if (pq.read_schema(data).metadata or {}).get(VERSION) != version:
            return None
        table = pq.read_table(data, page_checksum_verification=True)
    except (OSError, pa.ArrowException):
        return None
    return table if table.schema.equals(schema) else None
