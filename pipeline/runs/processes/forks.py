"""Processes that begin warm: copies of one that has imported everything and used nothing.

A process that has used its libraries holds their threads and locks, and a copy of it may hang; one that has only
imported may be copied safely. So a copy is made of this very process where it has no other thread, which is what a
copy of a warm process is, and else of a server process (``forkserver`` of the standard library) that does nothing but
import `pipeline.runs.quarter.warm` and wait. Systems that cannot copy processes (Windows) have no such context.
"""

import ctypes
import gc
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from multiprocessing import forkserver, resource_tracker, util
from multiprocessing.connection import Connection, wait
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

from pipeline.runs.processes.stopping import PROCESS_SECONDS, REQUESTS, STOPPED
from pipeline.runs.records.failures import TaskDied

WARM_MODULE = "pipeline.runs.quarter.warm"
SCRATCH = "ronghe-task-"  # temporary folder of a process
PACKAGE_PARENT = str(Path(__file__).resolve().parents[2])
SAFE_PATH = "PYTHONSAFEPATH"  # Python's own variable: the current folder is no place for modules
THREADS = Path("/proc/self/task")  # of this process, where the kernel is Linux's
# Two reports at a time on two cores must not start four threads: every library of numbers counts with one
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
SHORT_FOLDER, LONGEST_FOLDER = Path("/tmp"), 70  # with the 32 of the library's own names, fewer than macOS' 104
PR_SET_PDEATHSIG = 1  # linux/prctl.h
NOT_KNOWN = "—"  # how a process has ended that another one had started


class ParentGone(BaseException):
    """Raised where a process finds that the one that started it is gone: nobody waits for what it does."""


def can_fork() -> bool:
    """Tell whether this system can copy processes."""
    return "forkserver" in multiprocessing.get_all_start_methods()


def fork_context() -> Any:
    """Return the way to start a warm process from here; see the module."""
    if THREADS.is_dir() and len(list(THREADS.iterdir())) == 1 and WARM_MODULE in sys.modules:
        return multiprocessing.get_context("fork")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([WARM_MODULE])
    _end_server_at_last()
    return context


def first_context() -> Any:
    """Return the way to start the first process of a program, which need not be warm: one that loads what it needs.

    The server begins to import meanwhile, so that it is warm when somebody asks for a copy. Where there is something
    warm already, this is `fork_context`.
    """
    context = fork_context()
    if context.get_start_method() == "fork" or _server() is not None:
        return context
    with starting():
        forkserver.ensure_running()
    return multiprocessing.get_context("spawn")


@contextmanager
def until_warm() -> Iterator[None]:
    """If the body fails, end the server that it started: nobody will need a copy, and it would import to the end."""
    was_there = _server() is not None
    try:
        yield
    except BaseException:
        if not was_there:
            _end_server()
        raise


@cache
def _end_server_at_last() -> None:
    """See to it that the server of this program ends with it, at once.

    It would take half a second to clear away all that it has imported, with this program's output still open, and
    whoever reads that to its end would wait. The library calls this after the processes of the program have ended.
    """
    util.Finalize(None, _end_server, exitpriority=-1)


def _end_server() -> None:
    if (server := _server()) is not None:
        with suppress(OSError):  # it has ended, or somebody has cleared its socket away
            os.kill(server, signal.SIGKILL)
            forkserver._forkserver._stop()  # type: ignore[attr-defined]  # waits for it; the next one is started anew


def _server() -> int | None:
    """Return the number of the server's process, if it was started: the library knows, and offers nobody to ask."""
    return getattr(forkserver._forkserver, "_forkserver_pid", None)


@contextmanager
def one_thread() -> Iterator[None]:
    """Let every process that is started in the body, the server among them, count with one thread.

    They import the code of this process too, wherever another checkout is installed, and never a module that lies in
    the folder they are started in, where data may lie.
    """
    search_path = os.pathsep.join([PACKAGE_PARENT, *filter(None, [os.environ.get("PYTHONPATH")])])
    wanted = {name: os.environ.get(name, value) for name, value in ONE_THREAD.items()}
    wanted |= {"PYTHONPATH": search_path, SAFE_PATH: "1"}
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def starting() -> Iterator[None]:
    """Everything that must hold while a process is started, the server among them."""
    with one_thread(), uninterrupted(), _without_main(), _short_temporary_folder():
        yield


class Fork:
    """A warm process that runs ``serve(pipe, *arguments)``; ``pipe`` here is the other end of its pipe.

    Its temporary files go with it, however it ends. Raises `TaskDied` when there was nothing left to copy.
    """

    def __init__(self, serve: Callable[..., None], *arguments: Any, context: Any = None) -> None:
        context = context or fork_context()
        self._scratch = TemporaryDirectory(prefix=SCRATCH, ignore_cleanup_errors=True)
        self.pipe, its = context.Pipe()
        starter = os.getpid() if context.get_start_method() in ("fork", "spawn") else None  # the server's are its own
        self._process = context.Process(target=_run, args=(starter, self._scratch.name, serve, its, *arguments))
        try:
            with starting():
                self._process.start()
        except (EOFError, ConnectionError) as error:  # the server was ended while it was asked for a copy
            self._scratch.cleanup()
            _end_server()  # wait until it is gone: the next call would ask it once more
            raise TaskDied("run.task_died", status=NOT_KNOWN) from error
        except KeyboardInterrupt:  # it has waited until the process was there, which nobody else holds yet
            if self._process.pid is not None:
                self.kill()
            raise
        its.close()  # so that its end is noticed here when the process ends

    @property
    def pid(self) -> int:
        """The number of the process."""
        return int(self._process.pid)

    def receive(self, seconds: float | None = None) -> bytes | None:
        """Return the next message, or None when none came in time.

        Raises `EOFError` when the process has ended, and `ParentGone` when the one that started this one has.
        """
        ready = wait([self.pipe, *_parent()], timeout=seconds)
        if self.pipe in ready:
            return received(self.pipe)
        if ready:
            raise ParentGone
        return None

    @staticmethod
    def ready(forks: Mapping[int, "Fork"]) -> list[int]:
        """Wait until some of ``forks`` have a message or have ended, and return which; raises `ParentGone`."""
        parent = _parent()
        numbers = {fork.pipe: number for number, fork in forks.items()}
        found = wait([*numbers, *parent])
        if not numbers.keys() & set(found):
            raise ParentGone
        return sorted(numbers[pipe] for pipe in found if pipe in numbers)

    def status(self) -> int:
        """Wait for the end of the process; below 0 is the signal that ended it."""
        self._process.join()
        return int(self._process.exitcode)

    def kill(self) -> None:
        """End the process at once, whatever it does, with the programs that it has started."""
        with suppress(ProcessLookupError, PermissionError):  # no group of its own yet, or none left
            os.killpg(self.pid, signal.SIGKILL)
        self._process.kill()
        self._process.join()
        self.pipe.close()
        self._scratch.cleanup()

    @staticmethod
    def stop(forks: Iterable["Fork"], seconds: float = PROCESS_SECONDS) -> None:
        """Ask processes to stop as Ctrl-C does, so that each ends its own; kill those that have not in some seconds.

        A request to stop that comes here meanwhile kills them at once. One that has ended takes no notice.
        """
        asked = list(forks)
        try:
            for fork in asked:
                if fork._process.is_alive():
                    with suppress(ProcessLookupError):  # it has just ended by itself
                        os.kill(fork.pid, signal.SIGINT)
            until = time.monotonic() + seconds
            for fork in asked:
                fork._process.join(max(0.0, until - time.monotonic()))
        finally:
            for fork in asked:
                fork.kill()


def received(pipe: Connection) -> bytes:
    """Return the next message of a process; raises `EOFError` when it has ended.

    One that was killed before it had read all that was sent to it leaves its pipe reset, not closed.
    """
    try:
        return pipe.recv_bytes()
    except ConnectionResetError as error:
        raise EOFError from error


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let Ctrl-C and its like wait until the body has started a process, which has the same patience until it runs.

    A copy would else be asked to stop in the middle of being made, and the server while it imports.
    """
    resource_tracker.ensure_running()  # which lets Ctrl-C through again when it starts
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _asking())
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def interruptible() -> None:
    """Let requests to stop reach this process from here on: the other half of `uninterrupted`."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _asking())


def _asking() -> set[signal.Signals]:
    return {signal.Signals[name] for name in REQUESTS}


@contextmanager
def _short_temporary_folder() -> Iterator[None]:
    """Let the server be called under a short name, where the folder for temporary files has a long one.

    The name of a socket is a path of at most 104 (macOS) to 108 (Linux) characters.
    """
    before = tempfile.tempdir
    if len(tempfile.gettempdir()) > LONGEST_FOLDER and SHORT_FOLDER.is_dir():
        tempfile.tempdir = str(SHORT_FOLDER)
    try:
        yield
    finally:
        tempfile.tempdir = before


@contextmanager
def _without_main() -> Iterator[None]:
    """Hide the program that is running: the standard library would run it again in the new process to find its names.

    What runs there are functions of modules.
    """
    before = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = before


def _parent() -> list[Any]:
    """Return what becomes ready when the process that started this one ends; nothing in a program's first process."""
    parent = multiprocessing.parent_process()
    return [] if parent is None else [parent.sentinel]


def _run(starter: int | None, scratch: str, serve: Callable[..., None], pipe: Connection, *arguments: Any) -> None:
    """Run ``serve`` in the new process, which ends when nobody listens any more; temporary files go into ``scratch``.

    ``starter`` is the process whose child it is, None for one of the server's.
    """
    tempfile.tempdir = os.environ["TMPDIR"] = scratch
    os.environ.pop(SAFE_PATH, None)  # for the server alone: programs that a cell starts are the cell's business
    gc.freeze()  # what was there before the copy stays to its end: no search for cycles need go through it
    os.setpgid(0, 0)  # Ctrl-C reaches the program that was started, which then asks its processes, once
    try:
        interruptible()
        if starter is not None:
            _end_with(starter)
        serve(pipe, *arguments)
    except (BrokenPipeError, ConnectionResetError, EOFError, ParentGone, KeyboardInterrupt):
        sys.exit(STOPPED)


def _end_with(starter: int) -> None:
    """Let the system end this process with the one that started it, which no file descriptor would tell.

    Its sisters hold copies of every pipe; a process of the server's holds none and hears of the end by its own.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != starter:
            raise ParentGone  # it had ended before it was asked
