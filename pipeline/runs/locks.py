"""One run at a time on a bureau: a lock on an open file, which the system drops when its process ends."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from pipeline.parameters import SpokenError

LOCK = ".lock"


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
            _lock(stream)
        except (BlockingIOError, PermissionError) as error:  # fcntl; msvcrt
            raise BureauBusy("run.busy", bureau=folder.name, lock=folder / LOCK) from error
        yield


if sys.platform == "win32":
    import msvcrt

    def _lock(stream: IO[bytes]) -> None:
        stream.seek(0)
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(stream: IO[bytes]) -> None:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
