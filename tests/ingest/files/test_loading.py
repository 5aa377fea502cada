"""A file is loaded once: what is hashed is what is parsed, and what changes meanwhile is noticed."""

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipeline.ingest.files import loading
from pipeline.ingest.files.loading import hash_file, is_elsewhere, load_bytes
from pipeline.ingest.files.refusals import NotRead, Refused


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.xlsx")
    with pytest.raises(Refused, match="not_a_file"):
        load_bytes(tmp_path / "a.xlsx")
    assert hash_file(tmp_path / "a.xlsx") == ""


def test_a_file_over_the_limit_is_not_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "MAX_FILE_BYTES", 2**20)
    path = tmp_path / "a.xlsx"
    path.write_bytes(bytes(3 * 2**20))
    with pytest.raises(Refused) as caught:
        load_bytes(path)
    assert caught.value.reason.values == {"megabytes": 3, "limit": 1}
    assert hash_file(path) == ""


@pytest.mark.parametrize("make", [lambda path: None, Path.mkdir], ids=["gone", "folder"])
def test_a_file_that_cannot_be_opened_is_refused(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "gone.xlsx")
    with pytest.raises(Refused) as caught:
        load_bytes(tmp_path / "gone.xlsx")
    assert caught.value.reason.code == "unreadable"


def test_a_file_is_loaded_whole_and_hashed_alike(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"1,2\n" * 100_000)
    assert load_bytes(path) == path.read_bytes()
    assert hash_file(path) == hashlib.sha256(load_bytes(path)).hexdigest()


def write_during(path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path], None]) -> None:
    """Have ``write`` happen when a file was opened and its size taken, before its bytes are read."""
    fstat = os.fstat
    seen: list[int] = []

    def take(handle: int) -> os.stat_result:
        status = fstat(handle)
        if not seen:
            write(path)
        seen.append(handle)
        return status

    monkeypatch.setattr(os, "fstat", take)


def lengthen(path: Path) -> None:
    with path.open("ab") as stream:
        stream.write(b"3,4\n")


def shorten(path: Path) -> None:
    with path.open("r+b") as stream:
        stream.truncate(4)


def overwrite(path: Path) -> None:
    with path.open("r+b") as stream:
        stream.write(b"9")
    os.utime(path, ns=(0, 1))  # a clock that is not as fine as this test is quick


@pytest.mark.parametrize("write", [lengthen, shorten, overwrite])
def test_a_file_that_is_written_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path], None]
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"1,2\n" * 1_000)
    write_during(path, monkeypatch, write)
    with pytest.raises(Refused, match="changed"):
        load_bytes(path)


@pytest.mark.parametrize(
    ("system", "marks", "elsewhere"),
    [
        ("win32", {"st_file_attributes": 0x20}, False),
        ("win32", {"st_file_attributes": 0x20 | 0x1000}, True),
        ("win32", {"st_file_attributes": 0x20 | 0x400000}, True),
        ("darwin", {"st_flags": 0x40}, False),
        ("darwin", {"st_flags": 0x40000040}, True),
        ("linux", {"st_blocks": 0}, False),  # a file system may keep a short file without a block, or not tell
    ],
)
def test_what_a_system_marks_as_held_by_a_cloud_is_not_fetched(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, system: str, marks: dict[str, Any], elsewhere: bool
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"x")
    known = path.stat()
    status = SimpleNamespace(st_mode=known.st_mode, st_size=known.st_size, **marks)
    monkeypatch.setattr(sys, "platform", system)
    assert is_elsewhere(status) == elsewhere  # type: ignore[arg-type]
    monkeypatch.setattr(Path, "lstat", lambda _: status)
    if elsewhere:
        with pytest.raises(NotRead, match="skipped: placeholder"):
            load_bytes(path)
        assert hash_file(path) == ""
