"""Functions of ours in warm processes: what they return comes back, what they tell is told here.

Whatever loads or uses a heavy library runs so, and the process that waits for it stays as light, and as fit to be
copied, as it was. Where processes cannot be copied, the functions are called as they are.
"""

import pickle
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from pipeline.runs.processes.forks import Fork, can_fork, first_context, fork_context, received
from pipeline.runs.processes.stopping import PROCESS_SECONDS, REPORT_SECONDS
from pipeline.runs.records.failures import RunFailed, TaskDied
from pipeline.runs.records.progress import Progress

Doer = Callable[[Callable[[Any], Any], Any], Any]  # does a function with an argument, and returns its result

RETURNED, RAISED, HANDED_OVER = "returned", "raised", "handed over"  # what a task tells besides its progress


@dataclass(frozen=True)
class Task:
    """A function of a module, its arguments, and as the last of them whom it tells its progress.

    ``after`` are the places in their list of the earlier tasks that it waits for: until they have returned, or have
    handed over (`Progress.hand_over`) what it needs of them.
    """

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    after: tuple[int, ...] = ()


def in_fork(
    function: Callable[..., Any], *arguments: Any, progress: Progress, patience_seconds: float = PROCESS_SECONDS
) -> Any:
    """Return ``function(*arguments, progress)``, called in a warm process; see `in_forks`."""
    return in_forks([Task(function, arguments)], 1, progress, patience_seconds=patience_seconds)[0]


def in_first(function: Callable[..., Any], *arguments: Any, progress: Progress) -> Any:
    """Return ``function(*arguments, progress)`` of something that loads little, called while nothing need be warm yet;
    see `forks.first_context` and `in_forks`.
    """
    return in_forks([Task(function, arguments)], 1, progress, first_context)[0]


def in_forks(
    tasks: Sequence[Task],
    at_once: int,
    progress: Progress,
    context: Callable[[], Any] = fork_context,
    patience_seconds: float = PROCESS_SECONDS,
) -> list[Any]:
    """Do every task in a process of its own, ``at_once`` at a time, and return their results in order.

    A task begins as soon as there is room for it and those that it waits for have come so far, earlier ones first.
    ``context`` gives the way to start a process, a warm one by default. Arguments, results and errors can be pickled;
    they never come from a file. Raises what the first task to fail raised, and `TaskDied`; the others are then asked to
    stop and have ``patience_seconds`` for it. No process is left, however this ends.
    """
    if not can_fork():
        return [task.function(*task.arguments, progress) for task in tasks]
    if any(place >= number for number, task in enumerate(tasks) for place in task.after):
        raise ValueError("a task waits for itself or a later one: expected places of earlier tasks")
    results: dict[int, Any] = {}
    running: dict[int, Fork] = {}
    waiting, ready = dict(enumerate(tasks)), set[int]()
    try:
        while waiting or running:
            may_begin = [number for number, task in waiting.items() if ready.issuperset(task.after)]
            for number in may_begin[: at_once - len(running)]:
                running[number] = Fork(_serve, waiting.pop(number), context=context())
            for number in Fork.ready(running):
                what, content = _listen(running[number], progress)
                if what in (HANDED_OVER, RETURNED):
                    ready.add(number)
                if what == RETURNED:
                    results[number] = content
                    running.pop(number).kill()
    finally:
        Fork.stop(running.values(), patience_seconds)
    return [results[number] for number in range(len(tasks))]


def _listen(fork: Fork, progress: Progress) -> tuple[str, Any]:
    """Take one message of a task, pass on what is of its progress, and raise what it raised."""
    try:
        what, content = pickle.loads(received(fork.pipe))
    except EOFError as error:
        raise TaskDied("run.task_died", status=fork.status()) from error
    if what == RAISED:
        fork.kill()
        raise content
    if what not in (HANDED_OVER, RETURNED):
        getattr(progress, what)(content)
    return what, content


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

    def hand_over(self) -> None:
        """Tell that what waits for this task may begin."""
        self._pipe.send((HANDED_OVER, None))


def _serve(pipe: Connection, task: Task) -> None:
    """Do one task, in its process, and send what came of it."""
    try:
        answer = RETURNED, task.function(*task.arguments, _Relay(pipe))
    except Exception as error:  # noqa: BLE001 - it is raised again where somebody waits
        answer = RAISED, _portable(error)
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


@contextmanager
def copied_beforehand() -> Iterator[Doer]:
    """Give what does one task in a copy of this process as it is now, whatever threads begin in this one until then.

    A process with threads is not copied: each process of a report made there would wait for a server that imports
    everything anew (`forks.fork_context`). Raises `TaskDied` when the copy has ended, also by what its task raised;
    a second task is a `RuntimeError`.
    """
    if not can_fork():
        yield lambda function, argument: function(argument)
        return
    waiting = [Fork(_serve_once)]

    def do(function: Callable[[Any], Any], argument: Any) -> Any:
        if not waiting:
            raise RuntimeError("the copy has done its task: expected one")
        try:
            waiting[0].pipe.send((function, argument))
            result = pickle.loads(received(waiting[0].pipe))
        except (EOFError, BrokenPipeError) as error:
            raise TaskDied("run.task_died", status=waiting[0].status()) from error
        waiting.pop().kill()  # it has answered: there is nothing left to stop
        return result

    try:
        yield do
    finally:
        Fork.stop(waiting, REPORT_SECONDS)


def _serve_once(pipe: Connection) -> None:
    """Do the one task that comes, if one comes."""
    try:
        function, argument = pipe.recv()
    except EOFError:
        return
    pipe.send(function(argument))
