"""Small tasks that workers of a cluster can import."""

import os
import signal
import time
from pathlib import Path


def double(number: int) -> int:
    return 2 * number


def end_badly(number: int) -> int:
    if number == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def who_works(_: int) -> tuple[int, bool]:
    """Return the process at work, and whether it is warm: has what a report imports."""
    import sys

    return os.getpid(), "pipeline.runs.making" in sys.modules


def end_worker(folder: Path) -> str:
    """End the Dask worker that asked for this."""
    import multiprocessing

    parent = multiprocessing.parent_process()
    assert parent is not None
    with (folder / "ended").open("a") as stream:
        stream.write(f"{parent.pid}\n")
    os.kill(int(parent.pid or 0), signal.SIGKILL)
    time.sleep(60)
    return "done"


def work_long(job: tuple[Path, str]) -> str:
    """Say who is at work on what, and clear it away at the end, however it comes."""
    folder, name = job
    told = folder / f"{name}.{os.getpid()}.working"
    told.touch()
    try:
        time.sleep(4)
    finally:
        told.unlink()
    (folder / f"{name}.done").touch()
    return name
