"""Running one task on many things, each in a process of its own: what one of them does ends with it.

This is the seam between a batch and what carries it: `run_batch` takes any function with the signature of `run_each`.
A fresh process for each report gives its memory back, and a process that dies takes nothing with it but its own report.
"""

import multiprocessing
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import wait
from types import FrameType
from typing import Any, Protocol, TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")

PRELOADED = ["pipeline.runs.making"]  # pandas, plotly, papermill: once, not in every process
STOPPED = 130  # the status of a program that Ctrl-C ended, as a shell tells it: 128 + SIGINT
PATIENCE_SECONDS = 20.0  # for a report to clear away what it has begun, its kernel included
LAST_WORD_SECONDS = 5.0


@dataclass(frozen=True)
class Lost:
    """Stands for the result of a process that ended without one; ``status`` below 0 is the signal that ended it."""

    status: int


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

    def result(self, pipe: Any) -> Any:
        """Return what the process sent, or that it ended without a word."""
        try:
            return pipe.recv()
        except EOFError:
            return Lost(self._ended())
        finally:
            pipe.close()
            self._ended()

    def _ended(self) -> int:
        self.process.join()
        return int(self.process.exitcode)


def run_each(task: Callable[[Job], Result], jobs: Sequence[Job], workers: int) -> Iterator[tuple[Job, Result | Lost]]:
    """Do ``task`` for every job, in their order, ``workers`` at a time; yield each job and its result as it is done.

    ``task`` is a function of a module, and jobs and results can be pickled. However the iteration is left, by Ctrl-C
    too, the processes are asked to stop, and ended if they do not: none is left.
    """
    context = _context()
    waiting, running = deque(jobs), dict[Any, _Child]()
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                pipe, child = _begin(context, task, waiting.popleft())
                running[pipe] = child
            for ready in wait(list(running)):
                child = running.pop(ready)
                yield child.job, child.result(ready)
    finally:
        _end(running)


def default_workers(bureaus: int) -> int:
    """Return how many reports to make at a time: as many as there are processors for this program, and bureaus."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(allowed, bureaus))


@contextmanager
def stopping_like_ctrl_c() -> Iterator[None]:
    """Let a request to end (``kill``, a shut-down) end the body as Ctrl-C does, so that no worker outlives it."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _context() -> Any:
    """Return the way to start processes: copies of one that has only imported, where the system can; else new ones."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    return context


def _begin(context: Any, task: Callable[[Any], Any], job: Any) -> tuple[Any, _Child]:
    mine, its = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(task, job, its))
    process.start()
    its.close()  # so that its end is noticed here when the process ends
    return mine, _Child(job, process)


def _work(task: Callable[[Any], Any], job: Any, pipe: Any) -> None:
    """Do one job, in the process of a worker."""
    if hasattr(os, "setpgid"):
        os.setpgid(0, 0)  # Ctrl-C reaches the program that was started, which then asks its workers, once
    try:
        pipe.send(task(job))
    except KeyboardInterrupt:
        sys.exit(STOPPED)


def _end(running: dict[Any, _Child]) -> None:
    """Ask every process to stop, then end those that have not."""
    children = [child.process for child in running.values() if child.process.is_alive()]
    for child in children:
        _interrupt(child)
    _join(children, PATIENCE_SECONDS)
    for child in children:
        child.terminate()
    _join(children, LAST_WORD_SECONDS)
    for child in children:
        child.kill()
        child.join()
    for pipe in running:
        pipe.close()


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
