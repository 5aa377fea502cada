"""The folder for temporary files of a program: gone with it, and where it was killed, gone with the next run."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from pipeline.runs.processes import scratch
from pipeline.runs.processes.scratch import MARK, PREFIX, clear_away_dead

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = """
import os, sys, tempfile
from pathlib import Path
from pipeline.runs.processes.scratch import take_own_temporary_folder
take_own_temporary_folder()
folder = Path(tempfile.mkdtemp())
(folder / "rest").touch()
print(folder.parent, flush=True)
sys.stdin.readline()
"""


def start(roof: Path) -> tuple["subprocess.Popen[str]", Path]:
    """Start a program with temporary files below ``roof``; return it and their folder."""
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(roof)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert program.stdout is not None
    return program, Path(program.stdout.readline().strip())


def end(program: "subprocess.Popen[str]") -> None:
    program.communicate("\n", timeout=60)
    assert program.returncode == 0


def test_a_program_leaves_nothing(tmp_path: Path) -> None:
    program, folder = start(tmp_path)
    assert folder.parent == tmp_path
    assert (folder / MARK).is_file()
    end(program)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_program_left_goes_with_the_next_and_nothing_of_one_that_lives(tmp_path: Path) -> None:
    dead, left = start(tmp_path)
    dead.kill()
    dead.communicate()
    alive, kept = start(tmp_path)
    assert not left.exists()
    third, _ = start(tmp_path)
    assert len(list(kept.iterdir())) == 2
    end(third)
    end(alive)
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_told_for_certain_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path / "elsewhere"
    named = {"without a mark": None, "just begun": b"", "another computer": b"another", "ours": scratch._here()}
    for name, mark in named.items():
        folder = tmp_path / f"{PREFIX}{name}"
        folder.mkdir()
        (folder / "rest").touch()
        if mark is not None:
            (folder / MARK).write_bytes(mark)
    elsewhere.mkdir()
    (elsewhere / MARK).write_bytes(scratch._here())
    (tmp_path / f"{PREFIX}link").symlink_to(elsewhere)
    clear_away_dead(tmp_path)
    left = {path.name.removeprefix(PREFIX) for path in tmp_path.iterdir()}
    assert left == {*named, "elsewhere", "link"} - {"ours"}


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="files have no owners to compare")
def test_a_folder_of_another_account_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An administrator may take away everybody's."""
    folder = tmp_path / f"{PREFIX}x"
    folder.mkdir()
    (folder / MARK).write_bytes(scratch._here())
    monkeypatch.setattr(os, "geteuid", lambda: folder.stat().st_uid + 1)
    clear_away_dead(tmp_path)
    assert folder.is_dir()


def test_without_room_for_a_folder_a_program_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(tempfile, "mkdtemp", full)
    scratch.take_own_temporary_folder()
    assert tempfile.tempdir == str(tmp_path)
