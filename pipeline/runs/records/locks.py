"""One run at a time on a bureau: a lock on an open file, which the system drops when its process ends."""

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from pipeline.parameters import SpokenError

LOCK = ".lock"
PATIENCE_SECONDS, POLL_SECONDS = 60.0, 0.02  # for a lock that is held for one line


class BureauBusy(SpokenError):
    """Raised when another run holds the lock of the same bureau."""


@contextmanager
def hold_bureau(folder: Path) -> Iterator[None]:
    """Hold the lock of a bureau's published ``folder`` (made if need be); raises `BureauBusy` at once when it is taken.

    The lock file stays: taking it away would let two later runs lock two different files of the same name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("a+b") as stream:
        try:
            lock(stream)
        except (BlockingIOError, PermissionError) as error:  # fcntl; msvcrt
            raise BureauBusy("run.busy", bureau=folder.name, lock=folder / LOCK) from error
        yield


@contextmanager
def waiting_for(file: Path, patience_seconds: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Hold the lock on ``file`` (made if need be), after waiting for whoever holds it; raises `TimeoutError`."""
    with file.open("a+b") as stream:
        until = time.monotonic() + patience_seconds
        while True:
            try:
                lock(stream)
                break
            except (BlockingIOError, PermissionError) as error:
                if time.monotonic() > until:
                    raise TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT), str(file)) from error
                time.sleep(POLL_SECONDS)
        yield


if sys.platform == "win32":
    import msvcrt

    def lock(stream: IO[bytes]) -> None:
        """Lock an open file until it is closed, or its process ends; raises `OSError` at once where that cannot be."""
        stream.seek(0)
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def lock(stream: IO[bytes]) -> None:
        """Lock an open file until it is closed, or its process ends; raises `OSError` at once where that cannot be."""
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
