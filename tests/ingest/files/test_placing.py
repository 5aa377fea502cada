"""A file stands whole in its place, or the one before does; nothing is left beside it."""

from pathlib import Path

import pytest

from pipeline.ingest.files.placing import in_one_step
from pipeline.ingest.returned.memory import MEMORY, Memory, write_memory


def test_it_takes_its_place_when_it_is_written(tmp_path: Path) -> None:
    target = tmp_path / "issues.json"
    target.write_text("before", encoding="utf-8")
    with in_one_step(target) as part:
        part.write_text("after", encoding="utf-8")
        assert target.read_text(encoding="utf-8") == "before"
    assert target.read_text(encoding="utf-8") == "after"
    assert list(tmp_path.iterdir()) == [target]


def test_of_one_that_fails_nothing_stays_and_the_one_before_does(tmp_path: Path) -> None:
    """On a full disk the list of what was sent back last time would be cut off, and be none."""
    target = tmp_path / "issues.json"
    target.write_text("before", encoding="utf-8")

    def run_out_of_room() -> None:
        with in_one_step(target) as part:
            part.write_text("aft", encoding="utf-8")
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        run_out_of_room()
    assert target.read_text(encoding="utf-8") == "before"
    assert list(tmp_path.iterdir()) == [target]


def test_the_memory_of_what_was_sent_back_survives_a_disk_that_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_memory(Memory(), tmp_path)
    before = (tmp_path / MEMORY).read_bytes()

    def cut_off(path: Path, *_: object, **__: object) -> int:
        path.write_bytes(b"{")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", cut_off)
    with pytest.raises(OSError, match="No space left"):
        write_memory(Memory(), tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {MEMORY: before}
