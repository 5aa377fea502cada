"""Running one task on many things, each in a process of its own: what one of them does ends with it.

This is the seam between a batch and what carries it: `run_batch` takes any function with the signature of `run_each`.
A fresh process for each report gives its memory back, and a process that dies takes nothing with it but its own report.
What it leaves in the folder for temporary files goes when it ends, however it ends; and it ends with who started it.
"""

import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any, Protocol, TypeVar

from pipeline.runs.processes.forks import WARM_MODULE, ParentGone, can_fork, interruptible, one_thread, starting
from pipeline.runs.processes.stopping import LAST_WORD_SECONDS, STOPPED, WORKER_REQUESTS, WORKER_SECONDS

Job = TypeVar("Job")
Result = TypeVar("Result")

SCRATCH = "ronghe-"  # how the folder of a process's temporary files begins


@dataclass(frozen=True)
class Lost:
    """Stands for the result of a process that ended without one; ``status`` below 0 is the signal that ended it.

    ``told`` is the paragraph that says so, where a status alone does not.
    """

    status: int
    told: str = ""


class Runner(Protocol):
    """Does ``task`` for every job, some at a time, and yields each job with its result as it is done."""

    def __call__(
        self, task: Callable[[Any], Result], jobs: Sequence[Any], workers: int
    ) -> Iterator[tuple[Any, Result | Lost]]:
        """See `run_each`."""


@dataclass(frozen=True)
class _Child:
    job: Any
    process: Any  # multiprocessing has a class of process for every way to start one
    scratch: "TemporaryDirectory[str]"

    def result(self, pipe: Any) -> Any:
        """Return what the process sent, or that it ended without a word."""
        try:
            return pipe.recv()
        except EOFError:
            return Lost(self._ended())
        finally:
            pipe.close()
            self._ended()
            self.scratch.cleanup()

    def _ended(self) -> int:
        self.process.join()
        return int(self.process.exitcode)


def run_each(
    task: Callable[[Job], Result], jobs: Sequence[Job], workers: int, stop: Connection | None = None
) -> Iterator[tuple[Job, Result | Lost]]:
    """Do ``task`` for every job, in their order, ``workers`` at a time; yield each job and its result as it is done.

    ``task`` is a function of a module, and jobs and results can be pickled. However the iteration is left, by Ctrl-C
    too, the processes are asked to stop, and ended if they do not: none is left. It ends early when the other end of
    ``stop`` is closed.
    """
    context = _context()
    waiting, running = deque(jobs), dict[Any, _Child]()
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                pipe, child = _begin(context, task, waiting.popleft())
                running[pipe] = child
            told = wait([*running, stop] if stop else list(running))
            if stop in told:
                return
            for ready in told:
                child = running.pop(ready)
                yield child.job, child.result(ready)
    finally:
        _end(running)


def default_workers(bureaus: int) -> int:
    """Return how many reports to make at a time: as many as there are processors for this program, and bureaus."""
    return max(1, min(processors(), bureaus))


def processors() -> int:
    """Return how many processors this program may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _context() -> Any:
    """Return the way to start processes: copies of one that has only imported, where the system can; else new ones."""
    if not can_fork():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([WARM_MODULE])
    return context


def _begin(context: Any, task: Callable[[Any], Any], job: Any) -> tuple[Any, _Child]:
    scratch = TemporaryDirectory(prefix=SCRATCH, ignore_cleanup_errors=True)
    mine, its = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(task, job, its, scratch.name))
    with starting() if can_fork() else one_thread():  # as many processes as processors count already
        process.start()
    its.close()  # so that its end is noticed here when the process ends
    return mine, _Child(job, process, scratch)


def _work(task: Callable[[Any], Any], job: Any, pipe: Connection, scratch: str) -> None:
    """Do one job, in the process of a worker."""
    tempfile.tempdir = os.environ["TMPDIR"] = scratch
    try:
        if sys.platform != "win32":
            os.setpgid(0, 0)  # Ctrl-C reaches the program that was started, which then asks its workers, once
            signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where a shell put it aside with &
            interruptible()
            _stop_with_parent()
        pipe.send(task(job))
    except (KeyboardInterrupt, ParentGone, BrokenPipeError):  # the last: nobody waits for the result any more
        sys.exit(STOPPED)
    finally:
        _hear_no_more()
        shutil.rmtree(scratch, ignore_errors=True)  # where nobody is left to do it


if sys.platform != "win32":
    import fcntl

    def _stop_with_parent() -> None:
        """Stop as by Ctrl-C when the process that asked for this job ends: the system tells it by its closed pipe.

        No thread waits for it, since a process with threads cannot be copied.
        """
        parent = multiprocessing.parent_process()
        if parent is None:
            return

        def stop(_number: int, _frame: FrameType | None) -> None:
            raise KeyboardInterrupt

        signal.signal(signal.SIGIO, stop)
        fcntl.fcntl(parent.sentinel, fcntl.F_SETOWN, os.getpid())
        flags = fcntl.fcntl(parent.sentinel, fcntl.F_GETFL)
        fcntl.fcntl(parent.sentinel, fcntl.F_SETFL, flags | os.O_ASYNC)
        if not parent.is_alive():
            raise ParentGone  # before anybody would have told


def _hear_no_more() -> None:
    """Let no second request to stop break off the clearing away."""
    for name in ("SIGINT", "SIGIO"):  # Windows lacks the other
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)


def _end(running: dict[Any, _Child]) -> None:
    """Ask every process to stop, then end those that have not; another request to stop here ends them at once."""
    processes = [child.process for child in running.values() if child.process.is_alive()]
    try:
        for _ in range(WORKER_REQUESTS):
            for process in processes:
                if process.is_alive():
                    _interrupt(process)
            _join(processes, WORKER_SECONDS)
        for process in processes:
            process.terminate()
        _join(processes, LAST_WORD_SECONDS)
    finally:
        for process in processes:
            process.kill()
            process.join()
        for pipe, child in running.items():
            pipe.close()
            child.scratch.cleanup()


def _interrupt(process: Any) -> None:
    if sys.platform == "win32":
        process.terminate()  # a console's Ctrl-C has reached it already; there is no other way to ask
    else:
        with suppress(ProcessLookupError):  # it has just ended by itself
            os.kill(process.pid, signal.SIGINT)


def _join(processes: Sequence[Any], seconds: float) -> None:
    until = time.monotonic() + seconds
    for process in processes:
        process.join(max(0.0, until - time.monotonic()))
