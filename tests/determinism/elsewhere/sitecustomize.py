"""Another computer on another day: every Python that is started with this folder on its PYTHONPATH imports it first.

The clock stands more than a year ahead, folders are listed in the opposite order, and there is one processor.
"""

import ctypes
import datetime
import gc
import os
import time
from collections.abc import Callable, Iterator
from typing import Any, Self

DAYS_AHEAD = 401.3  # another year, month, weekday and hour
AHEAD = DAYS_AHEAD * 86_400


def put_the_clock_ahead() -> None:
    """Shift every clock of Python that tells the day; `date.today` asks `time.time`."""
    now, now_ns = time.time, time.time_ns
    time.time = lambda: now() + AHEAD
    time.time_ns = lambda: now_ns() + int(AHEAD * 1e9)
    for name in ("localtime", "gmtime", "ctime"):
        setattr(time, name, _told_the_time(getattr(time, name)))
    strftime = time.strftime
    time.strftime = lambda form, *moment: strftime(form, *(moment or (time.localtime(),)))
    own: dict[str, Any] = gc.get_referents(datetime.datetime.__dict__)[0]  # a class of C takes no new attribute
    own["now"] = classmethod(lambda cls, tz=None: cls.fromtimestamp(time.time(), tz))
    own["utcnow"] = classmethod(lambda cls: cls.fromtimestamp(time.time(), datetime.UTC).replace(tzinfo=None))
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(datetime.datetime))


def _told_the_time(read: Callable[[float], Any]) -> Callable[..., Any]:
    return lambda seconds=None: read(time.time() if seconds is None else seconds)


class Reversed:
    """What `os.scandir` gives, last name first."""

    def __init__(self, entries: Any) -> None:
        with entries:
            self._entries = iter(sorted(entries, key=lambda entry: os.fsencode(entry.name), reverse=True))

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        return next(self._entries)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """The entries have all been read."""


def list_folders_backwards() -> None:
    """A folder has no order of its own: what `os.listdir` and `os.scandir` give depends on the file system."""
    listdir, scandir = os.listdir, os.scandir
    os.listdir = lambda path=".": sorted(listdir(path), key=os.fsencode, reverse=True)  # type: ignore[assignment]
    os.scandir = lambda path=".": Reversed(scandir(path))  # type: ignore[assignment]


put_the_clock_ahead()
list_folders_backwards()
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
