"""The bad days: what is done to a run, what may be told of it, and how it is put right again."""

import fcntl
import os
import random
import resource
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.runs.records.locks import LOCK
from tests.processes import command_line, descendants

SERVER = b"forkserver"
LARGEST_FILE_BYTES = 2_000  # of a full disk: less than any table or page of a report
WRONG_FILE = "扫描件_损坏.xlsx"


class TooLate(Exception):
    """Raised when there was nothing left to do harm to."""


@dataclass(frozen=True)
class Harm:
    """What was done: how it is put right, and the word by which a message must name it."""

    undo: Callable[[], object] = lambda: None
    named: str = ""


@dataclass(frozen=True)
class Scene:
    """Where harm is done: a program, a bureau's folder, and the folders that its reports are published in."""

    program: int
    bureau: Path
    published: tuple[Path, Path]  # of its tables, of its pages
    chance: random.Random

    def workbook(self) -> Path:
        """Return one of the bureau's workbooks."""
        return self.chance.choice(sorted(path for path in self.bureau.rglob("*.xls*") if path.is_file()))


@dataclass(frozen=True)
class Fault:
    """One kind of bad day; ``do`` does it.

    ``told`` are the keys of what may be told of it; "refused" stands for a published report that names the wrong file.
    ``is_first`` is done before the run begins; ``may_miss`` may hit a process that had done its work.
    ``may_leave`` may leave an unfinished folder until the next run, since nothing could be taken away.
    """

    kind: str
    do: Callable[[Scene], Harm]
    told: frozenset[str]
    is_first: bool = False
    may_miss: bool = False
    may_leave: bool = False


def kill_a_child(scene: Scene) -> Harm:
    """SIGKILL one of the processes that work for the program, as the system does when memory is short."""
    return _kill(scene.chance.choice(_workers(scene.program)))


def kill_a_notebook(scene: Scene) -> Harm:
    """SIGKILL the process of a notebook's cells: the youngest below those that work."""
    return _kill(max(_leaves(scene.program)))


def kill_the_server(scene: Scene) -> Harm:
    """SIGKILL the process that all others are copies of."""
    servers = _servers(scene.program)
    if not servers:
        raise TooLate
    return _kill(servers[0])


def press_ctrl_c(scene: Scene) -> Harm:
    """Ask the program to stop."""
    os.kill(scene.program, signal.SIGINT)
    return Harm()


def truncate(scene: Scene) -> Harm:
    """Cut a workbook short, as a copy that was broken off."""
    workbook = scene.workbook()
    whole = workbook.read_bytes()
    workbook.write_bytes(whole[: int(len(whole) * scene.chance.uniform(0.1, 0.9))])
    return Harm(lambda: workbook.write_bytes(whole), workbook.name)


def replace(scene: Scene) -> Harm:
    """Put another workbook into the place of one."""
    workbook, other = scene.workbook(), scene.workbook()
    whole = workbook.read_bytes()
    workbook.write_bytes(other.read_bytes() + (b"" if other != workbook else b" "))
    return Harm(lambda: workbook.write_bytes(whole), workbook.name)


def add_a_wrong_file(scene: Scene) -> Harm:
    """Put a file into the folder that is called a workbook and is none."""
    wrong = scene.bureau / WRONG_FILE
    wrong.write_bytes(scene.chance.randbytes(scene.chance.randrange(1, 20_000)))
    return Harm(wrong.unlink, wrong.name)


def forbid_writing(scene: Scene) -> Harm:
    """Take the right to write into the folder of the published pages, or of the tables."""
    folder = scene.chance.choice(scene.published)
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o555)
    return Harm(lambda: folder.chmod(0o755), folder.name)


def fill_the_disk(scene: Scene) -> Harm:
    """Let no file grow beyond some bytes, in the program and all that it starts."""
    limits = resource.prlimit(scene.program, resource.RLIMIT_FSIZE)
    for pid in [scene.program, *descendants(scene.program)]:
        _set_limit(pid, (LARGEST_FILE_BYTES, limits[1]))

    def undo() -> None:  # a process that was started meanwhile has the limit of the one that started it
        for pid in [scene.program, *descendants(scene.program)]:
            _set_limit(pid, limits)

    return Harm(undo)


def hold_the_lock(scene: Scene) -> Harm:
    """Hold a bureau's lock, as another run does."""
    folder = scene.chance.choice(scene.published)
    folder.mkdir(parents=True, exist_ok=True)
    stream = (folder / LOCK).open("a+b")
    fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return Harm(stream.close, folder.name)


DIED = frozenset({"run.task_died", "run.kernel_died", "batch.lost"})
CHANGED = frozenset({"run.bureau_changed"})
NO_SPACE = frozenset({"system", "run.cell_failed", "run.task_raised"})

FAULTS = (
    Fault("child killed", kill_a_child, DIED, may_miss=True),
    Fault("notebook killed", kill_a_notebook, DIED, may_miss=True),
    Fault("server killed", kill_the_server, DIED, may_miss=True),
    Fault("Ctrl-C", press_ctrl_c, frozenset({"stopped"}), may_miss=True),
    Fault("workbook cut short", truncate, CHANGED),
    Fault("workbook replaced", replace, CHANGED),
    Fault("file added meanwhile", add_a_wrong_file, CHANGED),
    Fault("wrong file", add_a_wrong_file, frozenset({"refused"}), is_first=True),
    Fault("read-only folder", forbid_writing, frozenset({"system"}), is_first=True),
    Fault("read-only folder meanwhile", forbid_writing, frozenset({"system"}), may_leave=True),
    Fault("disk full", fill_the_disk, NO_SPACE, is_first=True),
    Fault("disk full meanwhile", fill_the_disk, NO_SPACE),
    Fault("lock held", hold_the_lock, frozenset({"run.busy"}), is_first=True),
)


def _kill(pid: int) -> Harm:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError as error:
        raise TooLate from error
    return Harm()


def _workers(program: int) -> list[int]:
    """Return the processes that work for a program: all below it but those that wait, its own children."""
    standing = set(_children(program))
    found = [pid for pid in descendants(program) if pid not in standing]
    if not found:
        raise TooLate
    return found


def _leaves(program: int) -> list[int]:
    return [pid for pid in _workers(program) if not descendants(pid)]


def _servers(program: int) -> list[int]:
    return [pid for pid in _children(program) if SERVER in command_line(pid)]


def _children(program: int) -> list[int]:
    text = "".join(path.read_text() for path in Path(f"/proc/{program}/task").glob("*/children"))
    return [int(pid) for pid in text.split()]


def _set_limit(pid: int, limits: tuple[int, int]) -> None:
    with suppress(ProcessLookupError):  # it has just ended
        resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)
