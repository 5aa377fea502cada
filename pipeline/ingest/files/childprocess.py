"""A warm process that answers messages over pipes, within limits that it sets itself; it may die over any of them."""

import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

from pipeline.ingest.files.patience import read_in_time, write_in_time

PACKAGE_PARENT = Path(__file__).resolve().parents[3]
LAST_WORDS_BYTES = 8192
GOODBYE_SECONDS = 2.0


class ChildProcess:
    """One process that runs a module; what it says before it dies goes to a file that has no name."""

    def __init__(self, module: str) -> None:
        search_path = [str(PACKAGE_PARENT), *filter(None, [os.environ.get("PYTHONPATH")])]
        self._last_words = tempfile.TemporaryFile()  # noqa: SIM115 (closed in end)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", module],  # -P: what lies in the current folder is data, never a module
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._last_words,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(search_path)},
        )
        self._timed_out = False

    @property
    def pid(self) -> int:
        """Return the number of the process."""
        return self._process.pid

    @property
    def timed_out(self) -> bool:
        """Tell whether the process was killed because it did not answer in time."""
        return self._timed_out

    @property
    def is_alive(self) -> bool:
        """Tell whether the process is still there."""
        return self._process.poll() is None

    def ask(self, message: bytes, wall_seconds: float) -> bytes | bytearray | None:
        """Return the answer to one message; ``None`` when the process did not survive it."""
        self.send(message, wall_seconds)
        return self.answer(wall_seconds)

    def send(self, message: bytes, wall_seconds: float) -> None:
        """Give it one message to work on, within so many seconds; its answer has to be taken before the next message.

        One that is dead, or takes no message in, shows where its answer is waited for.
        """
        with contextlib.suppress(BrokenPipeError):
            write_in_time(self._pipes()[0], message, wall_seconds, self._kill_late)

    def answer(self, wall_seconds: float) -> bytes | bytearray | None:
        """Wait so long for the answer to the message that was sent; ``None`` when the process did not survive it."""
        return read_in_time(self._pipes()[1], wall_seconds, self._kill_late)

    def exit_status(self) -> int:
        """Wait for a process that has closed its pipe, and return how it ended."""
        return self._process.wait()

    def last_words(self) -> bytes:
        """Return the end of what the process said."""
        self._last_words.seek(0)
        return self._last_words.read()[-LAST_WORDS_BYTES:]

    def end(self) -> None:
        """Close the pipe, which ends a healthy process; kill one that does not listen."""
        requests, answers = self._pipes()
        with contextlib.suppress(BrokenPipeError):  # already gone
            requests.close()
        answers.close()  # nobody waits for what it may still have to say
        try:
            self._process.wait(GOODBYE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._last_words.close()

    def _kill_late(self) -> None:
        self._timed_out = True
        self._process.kill()

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._process.stdin is None or self._process.stdout is None:
            raise ValueError("the process was started without pipes")
        return self._process.stdin, self._process.stdout
