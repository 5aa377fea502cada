"""Messages over the pipe to another process, and no longer than one should wait for it."""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

from pipeline.ingest.files.wire import read_message, write_message

FIRST_BYTES = 2**16  # what a pipe holds: a message gets more room as more of it comes, whatever length it claims

if sys.platform == "win32":  # whose pipes cannot be watched

    def read_in_time(stream: IO[bytes], seconds: float, give_up: Callable[[], None]) -> bytes | bytearray | None:
        """Return the next message of ``stream``; None when it was closed before.

        ``give_up`` is called after so many seconds, from another thread, and has to close the other side.
        """
        with _giving_up(seconds, give_up):
            return read_message(stream)

    def write_in_time(stream: IO[bytes], message: bytes, seconds: float, give_up: Callable[[], None]) -> None:
        """Write a message; ``give_up`` as in `read_in_time`. Raises `OSError` when the other side has gone."""
        with _giving_up(seconds, give_up):
            write_message(stream, message)

    @contextmanager
    def _giving_up(seconds: float, give_up: Callable[[], None]) -> Iterator[None]:
        timer = threading.Timer(seconds, give_up)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

else:
    import select

    def read_in_time(stream: IO[bytes], seconds: float, give_up: Callable[[], None]) -> bytes | bytearray | None:
        """Return the next message of ``stream``, of which nothing was read ahead; None when it was closed before, or
        when there was no whole one after so many seconds: ``give_up`` has been called then.

        No thread watches the clock: Python waits for ever for a thread that finds no memory to begin with.
        """
        try:
            return read_message(_Watched(stream.fileno(), select.POLLIN, seconds))
        except TimeoutError:
            give_up()
            return None

    def write_in_time(stream: IO[bytes], message: bytes, seconds: float, give_up: Callable[[], None]) -> None:
        """Write a message to a stream that nobody else writes to, or call ``give_up`` after so many seconds.

        Raises `OSError` when the other side has gone.
        """
        try:
            write_message(_Watched(stream.fileno(), select.POLLOUT, seconds), message)
        except TimeoutError:
            give_up()

    class _Watched:
        """One end of a pipe, for so many seconds; its methods raise `TimeoutError` after that."""

        def __init__(self, descriptor: int, event: int, seconds: float) -> None:
            self._descriptor, self._until = descriptor, time.monotonic() + seconds
            self._poll = select.poll()
            self._poll.register(descriptor, event)
            os.set_blocking(descriptor, False)  # a pipe with some room may not have enough

        def read(self, size: int) -> bytearray:
            """Return so many bytes, or all that there were."""
            room, filled = bytearray(min(size, FIRST_BYTES)), 0
            while filled < size:
                if filled == len(room):
                    room.extend(bytes(min(size - filled, filled)))
                self._wait()
                with memoryview(room) as view, view[filled:] as rest:
                    count = os.readv(self._descriptor, [rest])
                if not count:
                    break
                filled += count
            del room[filled:]
            return room

        def write(self, data: bytes) -> None:
            """Write all of it."""
            left = memoryview(data)
            while left:
                self._wait()
                left = left[os.write(self._descriptor, left) :]

        def flush(self) -> None:
            """Nothing is held back."""

        def _wait(self) -> None:
            if not self._poll.poll(max(0.0, self._until - time.monotonic()) * 1000):
                raise TimeoutError
