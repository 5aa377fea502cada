"""Programs that are watched while they work: line by line, with patience that ends."""

import os
import select
import subprocess
import sys
import time
from pathlib import Path

from tests.soak.aftermath import Places

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 300.0  # for a line, on a busy machine


class Silent(Exception):
    """Raised when a program has said nothing for so long that it hangs."""


class Ended(Exception):
    """Raised when a program has said its last word."""


class Program:
    """A Python program in a group of its own, with a folder of its own for temporary files.

    What it tells of errors is among its lines, or in ``errors.log``.
    """

    def __init__(self, places: Places, *arguments: str, with_errors: bool = False) -> None:
        self._errors = (places.home / "errors.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.soak.ordinary", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if with_errors else self._errors,
            cwd=ROOT,
            start_new_session=True,
            env={**os.environ, "TMPDIR": str(places.temporary), "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"},
        )
        self._unread = b""

    @property
    def pid(self) -> int:
        return self.process.pid

    def send(self, line: str) -> None:
        """Write one line to it."""
        assert self.process.stdin is not None
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def line(self, seconds: float = SECONDS) -> str:
        """Return the next line; raises `Silent` when none comes in time, and `Ended`."""
        assert self.process.stdout is not None
        until = time.monotonic() + seconds
        while b"\n" not in self._unread:
            if not select.select([self.process.stdout], [], [], max(0.0, until - time.monotonic()))[0]:
                raise Silent(f"no line in {seconds:.0f} s")
            read = os.read(self.process.stdout.fileno(), 65536)
            if not read:
                raise Ended
            self._unread += read
        line, _, self._unread = self._unread.partition(b"\n")
        return line.decode()

    def end(self) -> int:
        """Wait until it has ended, at once where it does not; return its status."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        try:
            return self.process.wait(SECONDS)
        finally:
            self.kill()

    def kill(self) -> None:
        """End it, whatever it does."""
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()
        self._errors.close()
