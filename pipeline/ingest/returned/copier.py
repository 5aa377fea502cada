"""Making copies without being harmed by what is in them: in a child process that is replaced when it dies."""

from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from pipeline.ingest.files.childprocess import ChildProcess
from pipeline.ingest.files.limits import WALL_SECONDS
from pipeline.ingest.returned.orders import DONE, Order

WORKER = "pipeline.ingest.returned.process"

EXCEPTION_EXIT = 1  # how Python ends on one; on Windows also a process that is killed, whose second try costs time only

Outcome = Literal["made", "impossible", "exhausted"]
"""Of an order: there is a copy; that way gives none; or the process ran into its limits over it."""


class Copier:
    """Makes one copy at a time in a warm process; a context manager, so that none is left behind.

    The process has the limits of reading. One that dies, or works on an order for longer than ``wall_seconds``, has
    failed at that order alone: the next one gets a new process. Not for use from several threads.
    """

    def __init__(self, wall_seconds: float = WALL_SECONDS) -> None:
        self._wall_seconds = wall_seconds
        self._process: ChildProcess | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def make(self, order: Order) -> Outcome:
        """Carry out one order; there is no file unless it is ``made``."""
        if self._process is None:
            self._process = ChildProcess(WORKER)
        answer = self._process.ask(order.encode(), self._wall_seconds)
        if answer == DONE:
            return "made"
        Path(order.target).unlink(missing_ok=True)
        if answer is not None:
            return "impossible"
        status = self._process.exit_status()
        self.close()
        return "impossible" if status == EXCEPTION_EXIT else "exhausted"

    def close(self) -> None:
        """End the process; the next order gets a new one."""
        if self._process is not None:
            self._process.end()
            self._process = None
