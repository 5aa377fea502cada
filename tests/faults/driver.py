"""``python -m tests.faults.driver POINT TIME ACTION COMMAND ...``: a command of ronghe, with one thing that goes wrong.

The thing happens at the moment when the run writes POINT into its log for the TIMEth time, in the process that writes
it, before that goes on: no sleep decides where. ACTION is a name of `ACTIONS`.
"""

import logging
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from pipeline.cli import main
from pipeline.runs.records.logbook import LOGGER
from tests.processes import descendants

PLACE = "RONGHE_FAULT_PLACE"  # variable: the folder of results, on a disk of its own where that is filled or locked
FILLER = "filler"
SECONDS_FOR_A_CHILD = 60.0  # to be there at all, on a busy machine
FEW_BYTES = 50_000_000  # of address space: less than Python has already, so that nothing more is given
TASK_DEPTH = 2  # the program, the server that processes are copied from, the task
CELLS_DEPTH = TASK_DEPTH + 2  # its part, and the cells of that; below them are the processes that read and copy


def depth_of(pid: int) -> int:
    """Return how many processes lie between a descendant and this one, itself included."""
    depth = 0
    while pid != os.getpid():
        pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        depth += 1
    return depth


def find_child(wanted_depth: int) -> int:
    """Wait for a process at ``wanted_depth`` below this one; return the youngest."""
    until = time.monotonic() + SECONDS_FOR_A_CHILD
    while time.monotonic() < until:
        found = [pid for pid in descendants(os.getpid()) if depth_of(pid) == wanted_depth]
        if found:
            return max(found)
        time.sleep(0.01)
    raise AssertionError(f"no process at depth {wanted_depth}")


def kill_this() -> None:
    """End the program as a power cut does."""
    os.kill(os.getpid(), signal.SIGKILL)


def kill_task() -> None:
    """End the process that makes the report."""
    os.kill(find_child(TASK_DEPTH), signal.SIGKILL)


def kill_cells() -> None:
    """End the process in which cells run, or the Jupyter kernel."""
    os.kill(find_child(CELLS_DEPTH), signal.SIGKILL)


def starve_cells() -> None:
    """Give the process in which cells run no more memory."""
    resource.prlimit(find_child(CELLS_DEPTH), resource.RLIMIT_AS, (FEW_BYTES, FEW_BYTES))


def interrupt() -> None:
    """Press Ctrl-C."""
    os.kill(os.getpid(), signal.SIGINT)


def terminate() -> None:
    """Ask the program to end, as a computer that shuts down does."""
    os.kill(os.getpid(), signal.SIGTERM)


def fill_disk() -> None:
    """Leave no byte on the disk of the results."""
    with (Path(os.environ[PLACE]) / FILLER).open("wb", buffering=0) as filler:
        for size in (2**20, 2**12, 1):
            try:
                while filler.write(b"\0" * size):
                    pass
            except OSError:
                continue


def limit_files() -> None:
    """Let no process write one more byte into a file: a full disk, for who may not mount one."""
    for pid in (os.getpid(), *descendants(os.getpid())):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def lock_disk() -> None:
    """Make the disk of the results read-only: by a view of it on top, since the lock keeps the disk itself in use."""
    for options in (["--bind", os.environ[PLACE]], ["-o", "remount,bind,ro"]):
        subprocess.run(["mount", *options, os.environ[PLACE]], check=True)


ACTIONS: Mapping[str, Callable[[], None]] = {
    action.__name__: action
    for action in (
        *(kill_this, kill_task, kill_cells, starve_cells, interrupt, terminate, fill_disk, limit_files, lock_disk),
    )
}


class Fault(logging.Handler):
    """Does something the ``time``-th time that ``point`` is logged."""

    def __init__(self, point: str, occurrence: int, action: Callable[[], None]) -> None:
        super().__init__()
        self._point, self._left, self._action = point, occurrence, action

    def emit(self, record: logging.LogRecord) -> None:
        """Look whether the moment has come."""
        if record.getMessage().split(" ")[0] == self._point:
            self._left -= 1
            if self._left == 0:
                print(f"FAULT {self._point}", file=sys.stderr, flush=True)
                self._action()


def run(arguments: list[str]) -> int:
    """Run the command with its fault."""
    point, occurrence, action, *command = arguments
    logger = logging.getLogger(LOGGER)
    logger.addHandler(Fault(point, int(occurrence), ACTIONS[action]))
    logger.setLevel(logging.INFO)
    return main(command)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
