"""Making copies without being harmed by what is in them: in a child process that is replaced when it dies."""

import contextlib
import os
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from pipeline.ingest.files.limits import WALL_SECONDS
from pipeline.ingest.files.sandbox import GOODBYE_SECONDS, PACKAGE_PARENT
from pipeline.ingest.files.wire import read_message, write_message
from pipeline.ingest.returned.orders import Order
from pipeline.ingest.returned.worker import DONE

MODULE = "pipeline.ingest.returned.worker"


class Copier:
    """Makes one copy at a time in a warm process; a context manager, so that none is left behind.

    The process has the limits of reading. One that dies, or works on an order for longer than ``wall_seconds``, has
    failed at that order alone: the next one gets a new process. Not for use from several threads.
    """

    def __init__(self, wall_seconds: float = WALL_SECONDS) -> None:
        self._wall_seconds = wall_seconds
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def make(self, order: Order) -> bool:
        """Carry out one order; False, and no file, when the copy cannot be made in that way."""
        if self._process is None:
            self._process = _start()
        answer = self._ask(self._process, order.encode())
        if answer != DONE:
            Path(order.target).unlink(missing_ok=True)
        if answer is None:
            self._process.kill()
            self.close()
        return answer == DONE

    def close(self) -> None:
        """End the process; a healthy one ends when its pipe is closed."""
        if self._process is None:
            return
        requests, answers = _pipes(self._process)
        with contextlib.suppress(BrokenPipeError):  # already gone
            requests.close()
        try:
            self._process.wait(GOODBYE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        answers.close()
        self._process = None

    def _ask(self, process: subprocess.Popen[bytes], order: bytes) -> bytes | None:
        """Return the answer to one order; None when the process did not survive it."""
        requests, answers = _pipes(process)
        timer = threading.Timer(self._wall_seconds, process.kill)
        timer.start()
        try:
            write_message(requests, order)
            return read_message(answers)
        except BrokenPipeError:  # it died before it was asked
            return None
        finally:
            timer.cancel()


def _start() -> "subprocess.Popen[bytes]":
    search_path = [str(PACKAGE_PARENT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.Popen(
        [sys.executable, "-P", "-m", MODULE],  # -P: what lies in the current folder is data, never a module
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # warnings of openpyxl, and its last words: another way is tried whatever they are
        env={**os.environ, "PYTHONPATH": os.pathsep.join(search_path)},
    )


def _pipes(process: "subprocess.Popen[bytes]") -> tuple[IO[bytes], IO[bytes]]:
    """Return the two pipes of a process that was started with both."""
    if process.stdin is None or process.stdout is None:
        raise ValueError("the process was started without pipes")
    return process.stdin, process.stdout
