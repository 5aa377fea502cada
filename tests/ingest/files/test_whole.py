"""Parquet files kept between runs: read whole or not at all, and without a thread."""

import subprocess
import sys
from itertools import product
from pathlib import Path

import pyarrow as pa
import pytest

from pipeline.ingest.files.whole import read_whole, write_whole

TABLE = pa.table({"name": ["a", "b"], "content": [b"1", b"2"]})


def test_what_was_written_comes_back_under_its_version_alone(tmp_path: Path) -> None:
    path = tmp_path / "cache" / "kept.parquet"
    write_whole(TABLE, path, b"1")
    found = read_whole(path, TABLE.schema, b"1")
    assert found is not None
    assert found.to_pydict() == TABLE.to_pydict()
    assert read_whole(path, TABLE.schema, b"2") is None
    assert read_whole(path, pa.schema({"name": pa.string()}), b"1") is None
    assert read_whole(path.with_name("none"), TABLE.schema, b"1") is None


def test_a_changed_byte_is_noticed_wherever_it_is(tmp_path: Path) -> None:
    path = tmp_path / "kept.parquet"
    write_whole(TABLE, path, b"1")
    whole = path.read_bytes()
    for place, mask in product(range(len(whole)), (0x01, 0x55, 0x80, 0xFF)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ mask]) + whole[place + 1 :])
        found = read_whole(path, TABLE.schema, b"1")
        assert found is None or found.to_pydict() == TABLE.to_pydict(), (place, mask)


@pytest.mark.skipif(sys.platform != "linux", reason="threads are counted by the kernel of Linux")
def test_tables_are_written_and_read_without_a_thread(tmp_path: Path) -> None:
    """One that finds no memory to begin with is waited for for ever."""
    write_whole(TABLE, tmp_path / "kept.parquet", b"1")
    program = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "import pyarrow as pa\n"
        "from pipeline.ingest.files.whole import read_whole\n"
        "import pandas as pd\n"
        "from pipeline.ingest.store import pack_frame, read_columns\n"
        "folder = Path(sys.argv[1])\n"
        "def threads(): return len(os.listdir('/proc/self/task'))\n"
        "before = threads()\n"
        "schema = pa.schema({'name': pa.string(), 'content': pa.binary()})\n"
        "assert read_whole(folder / 'kept.parquet', schema, b'1').num_rows == 2\n"
        "assert len(read_columns('kept', folder, ['name'])) == 2\n"
        "assert len(pack_frame(pd.DataFrame({'a': range(100_000), 'b': 1.5}))) > 1000\n"  # pandas takes threads for it
        "print(threads() - before)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, encoding="utf-8", check=False
    )
    assert done.stdout.strip() == "0", done.stderr
