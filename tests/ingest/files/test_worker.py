"""What the worker answers for files that are too much for the process that asked."""

from pathlib import Path

import pytest

from pipeline.ingest.files import packing
from pipeline.ingest.files.wire import decode_file
from pipeline.ingest.files.worker import read_packed

NINE = "甲,乙,丙\n1,2,3\n,4,\n甲,5,6\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "台账.csv"
    file.write_text(NINE, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("limit", "allowed", "code"), [("MAX_CELLS", 10, "too_many_cells"), ("MAX_WORDS", 9, "too_many_words")]
)
def test_a_file_beyond_a_limit_is_refused_and_one_at_it_is_read(
    limit: str, allowed: int, code: str, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, limit, allowed)
    read, _ = decode_file(read_packed(path))
    assert (read.status, read.reason, read.container) == ("read", None, "text")
    monkeypatch.setattr(packing, limit, allowed - 1)
    refused, packed = decode_file(read_packed(path))
    assert refused.reason is not None
    assert (refused.status, refused.reason.code, refused.container) == ("refused", code, None)
    assert (refused.sha256, bytes(packed.head)) == (read.sha256, b"[[], []]")
