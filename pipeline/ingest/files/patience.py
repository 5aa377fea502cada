"""Waiting for a message on a pipe, and no longer than one should."""

import os
import sys
import threading
import time
from collections.abc import Callable
from typing import IO

from pipeline.ingest.files.wire import read_message

CHUNK_BYTES = 2**20

if sys.platform == "win32":  # whose pipes cannot be watched

    def read_in_time(stream: IO[bytes], seconds: float, give_up: Callable[[], None]) -> bytes | None:
        """Return the next message of ``stream``; None when it was closed before.

        ``give_up`` is called after so many seconds, from another thread, and has to close the other side.
        """
        timer = threading.Timer(seconds, give_up)
        timer.start()
        try:
            return read_message(stream)
        finally:
            timer.cancel()

else:
    import select

    def read_in_time(stream: IO[bytes], seconds: float, give_up: Callable[[], None]) -> bytes | None:
        """Return the next message of ``stream``, of which nothing was read ahead; None when it was closed before, or
        when there was no whole one after so many seconds: ``give_up`` has been called then.

        No thread watches the clock: Python waits for ever for a thread that finds no memory to begin with.
        """
        try:
            return read_message(_Watched(stream.fileno(), time.monotonic() + seconds))
        except TimeoutError:
            give_up()
            return None

    class _Watched:
        """The reading end of a pipe, until a moment of the clock."""

        def __init__(self, descriptor: int, until: float) -> None:
            self._descriptor, self._until = descriptor, until
            self._poll = select.poll()
            self._poll.register(descriptor, select.POLLIN)

        def read(self, size: int) -> bytes:
            """Return so many bytes, or all that there were; raises `TimeoutError`."""
            parts: list[bytes] = []
            while size:
                if not self._poll.poll(max(0.0, self._until - time.monotonic()) * 1000):
                    raise TimeoutError
                part = os.read(self._descriptor, min(size, CHUNK_BYTES))
                if not part:
                    break
                parts.append(part)
                size -= len(part)
            return b"".join(parts)
