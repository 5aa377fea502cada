"""Small tasks that the workers of a cluster can import, and what they leave for a test to see."""

import multiprocessing
import os
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Note:
    """A job: to leave a note in ``folder`` that says who works on ``name``, for ``seconds``."""

    folder: Path
    name: str
    seconds: float = 0.0


def double(number: int) -> int:
    return 2 * number


def end_badly(number: int) -> int:
    if number == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def who_works(_: int) -> tuple[int, int, bool]:
    """Return the process at work, the one that waits for it, and whether it has loaded what a report loads."""
    return os.getpid(), waiting_process(), "pipeline.runs.quarter.making" in sys.modules


def waiting_process() -> int:
    parent = multiprocessing.parent_process()
    assert parent is not None
    return int(parent.pid or 0)


def take_note(note: Note) -> str:
    """Stay at work for a while; the note and a temporary file go at the end, however it comes."""
    working = note.folder / f"{note.name}.{os.getpid()}.{waiting_process()}.working"
    (Path(tempfile.gettempdir()) / "left").touch()
    working.touch()
    try:
        time.sleep(note.seconds)
    finally:
        working.unlink()
    (note.folder / f"{note.name}.done").touch()
    return note.name


def end_worker_at(note: Note) -> str:
    """End the worker that waits for the job called ``killer``, every time; do the others."""
    if note.name == "killer":
        with (note.folder / "killed").open("a") as stream:
            stream.write(f"{waiting_process()}\n")
        os.kill(waiting_process(), signal.SIGKILL)
        time.sleep(60)
    return take_note(note)


def at_work(folder: Path) -> dict[str, tuple[int, int]]:
    """Return, by name of the job, the processes that work and that wait for it."""
    found = [path.name.split(".") for path in folder.glob("*.working")]
    return {name: (int(worker), int(waiting)) for name, worker, waiting, _ in found}
