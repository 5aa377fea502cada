"""What is kept beside the bytecode: found again as it was, and never a reason to fail."""

import sys
from pathlib import Path

import pytest

from pipeline.report.page.bytecode import find_kept, keep
from pipeline.report.page.plotly_bundle import plotly_bundle

NAME, KEY, TEXT = "示例.js", "1.0", "第一行\r\n第二行\n"


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return tmp_path


def kept_files(places: Path) -> list[Path]:
    return [path for path in places.rglob("*") if path.is_file()]


def test_a_text_is_found_again_as_it_was_for_its_own_key_alone(places: Path) -> None:
    assert find_kept(NAME, KEY) is None
    keep(NAME, KEY, TEXT)
    assert find_kept(NAME, KEY) == TEXT
    assert find_kept(NAME, "1.1") is None
    keep(NAME, "1.1", "")
    assert (find_kept(NAME, KEY), find_kept(NAME, "1.1")) == (None, "")
    assert len(kept_files(places)) == 1


@pytest.mark.parametrize("damage", [b"", b"\xff", b"other", None])
def test_a_damaged_one_is_none(places: Path, damage: bytes | None) -> None:
    keep(NAME, KEY, TEXT)
    (file,) = kept_files(places)
    file.write_bytes(file.read_bytes()[:-1] if damage is None else damage)
    assert find_kept(NAME, KEY) is None


def test_where_nothing_can_or_may_be_written_nothing_is_kept(places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (places / "file").touch()
    monkeypatch.setattr(sys, "pycache_prefix", str(places / "file"))
    keep(NAME, KEY, TEXT)
    monkeypatch.setattr(sys, "pycache_prefix", str(places))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    keep(NAME, KEY, TEXT)
    assert kept_files(places) == [places / "file"]


def test_one_that_could_not_be_moved_to_its_place_leaves_nothing(places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "replace", fail)
    keep(NAME, KEY, TEXT)
    assert kept_files(places) == []


def test_plotly_is_the_same_kept_and_packed_anew(places: Path) -> None:
    anew = plotly_bundle.__wrapped__()
    (file,) = kept_files(places)
    written = file.stat().st_mtime_ns
    assert plotly_bundle.__wrapped__() == anew
    assert file.stat().st_mtime_ns == written
