"""Functions of ours in warm processes: what they return comes back, what they tell is told here.

Whatever loads or uses a heavy library runs so, and the process that waits for it stays as light, and as fit to be
copied, as it was. Where processes cannot be copied, the functions are called as they are.
"""

import pickle
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from pipeline.runs.failures import RunFailed, TaskDied
from pipeline.runs.forks import Fork, can_fork, first_context, fork_context, received
from pipeline.runs.progress import Progress


@dataclass(frozen=True)
class Task:
    """A function of a module, its arguments, and as the last of them whom it tells its progress."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]


def in_fork(function: Callable[..., Any], *arguments: Any, progress: Progress) -> Any:
    """Return ``function(*arguments, progress)``, called in a warm process; see `in_forks`."""
    return in_forks([Task(function, arguments)], 1, progress)[0]


def in_first(function: Callable[..., Any], *arguments: Any, progress: Progress) -> Any:
    """Return ``function(*arguments, progress)`` of something that loads little, called while nothing need be warm yet;
    see `forks.first_context` and `in_forks`.
    """
    return in_forks([Task(function, arguments)], 1, progress, first_context)[0]


def in_forks(
    tasks: Sequence[Task], at_once: int, progress: Progress, context: Callable[[], Any] = fork_context
) -> list[Any]:
    """Do every task in a process of its own, ``at_once`` at a time, and return their results in order.

    ``context`` gives the way to start a process, a warm one by default. Arguments, results and errors can be pickled;
    they never come from a file. Raises what the first task to fail raised, and `TaskDied`; the others are then stopped.
    No process is left, however this ends.
    """
    if not can_fork():
        return [task.function(*task.arguments, progress) for task in tasks]
    results: dict[int, Any] = {}
    running: dict[int, Fork] = {}
    waiting = list(enumerate(tasks))
    try:
        while waiting or running:
            while waiting and len(running) < at_once:
                number, task = waiting.pop(0)
                running[number] = Fork(_serve, task, context=context())
            for number in Fork.ready(running):
                if _listen(running[number], results, number, progress):
                    running.pop(number).kill()
    finally:
        for fork in running.values():
            fork.stop()  # which a process that has ended takes no notice of
    return [results[number] for number in range(len(tasks))]


def _listen(fork: Fork, results: dict[int, Any], number: int, progress: Progress) -> bool:
    """Take one message of a task; tell whether it was the last."""
    try:
        what, content = pickle.loads(received(fork.pipe))
    except EOFError as error:
        raise TaskDied("run.task_died", status=fork.status()) from error
    if what == "raised":
        fork.kill()
        raise content
    if what == "returned":
        results[number] = content
        return True
    getattr(progress, what)(content)
    return False


class _Relay(Progress):
    """Tells the process that waits, which has the reader's terminal."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def begin(self, name: str) -> None:
        """Tell that a step begins."""
        self._pipe.send(("begin", name))

    def end(self, name: str) -> None:
        """Tell that a step has ended."""
        self._pipe.send(("end", name))

    def skip(self, name: str) -> None:
        """Tell that a step had nothing to do."""
        self._pipe.send(("skip", name))

    def stop(self, name: str = "") -> None:
        """Tell that a step has failed."""
        self._pipe.send(("stop", name))

    def say(self, line: str) -> None:
        """Pass a line on."""
        self._pipe.send(("say", line))


def _serve(pipe: Connection, task: Task) -> None:
    """Do one task, in its process, and send what came of it."""
    try:
        answer = "returned", task.function(*task.arguments, _Relay(pipe))
    except Exception as error:  # noqa: BLE001 - it is raised again where somebody waits
        answer = "raised", _portable(error)
    pipe.send(answer)


def _portable(error: Exception) -> Exception:
    """Return an error that arrives with its words, and a note of where it was raised, for ``--debug``."""
    trace = "".join(traceback.format_exception(error))
    error.add_note(trace)
    if _travels(error):
        return error
    return RunFailed("run.task_raised", trace=trace, error=type(error).__name__, reason=" ".join(str(error).split()))


def _travels(error: Exception) -> bool:
    """Tell whether an error can be put together again: a class with a constructor of its own may not let it."""
    try:
        return type(pickle.loads(pickle.dumps(error))) is type(error)
    except Exception:  # noqa: BLE001 - whatever its class does; its name and words are sent instead
        return False
