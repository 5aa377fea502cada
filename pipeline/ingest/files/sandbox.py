"""Reading files of strangers without being harmed by them: in a child process with limits, replaced when it dies."""

import contextlib
import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from pipeline.ingest.files.cache import GridCache
from pipeline.ingest.files.grids import FileGrids, Reason
from pipeline.ingest.files.limits import WALL_SECONDS
from pipeline.ingest.files.packing import unpack_grids
from pipeline.ingest.files.wire import decode_file, read_message, write_message

PACKAGE_PARENT = Path(__file__).resolve().parents[3]
CPU_LIMIT_EXIT = -signal.SIGXCPU if sys.platform != "win32" else None
MEMORY_MESSAGES = (b"MemoryError", b"memory allocation of")  # Python's and Rust's last words
LAST_WORDS_BYTES = 8192
GOODBYE_SECONDS = 2.0


class Reader:
    """Reads files one at a time in a warm worker; a context manager, so that no worker is left behind.

    One file costs milliseconds once the worker is warm. A file that makes the worker run longer than ``wall_seconds``,
    exceed its limits or die is refused (timeout, memory, crashed), and the next file gets a new worker. With a folder
    ``cache`` a file that was read before is not parsed again; what was read is kept there when the block ends without
    an error, and what this reader did not come across is dropped. Not for use from several threads.
    """

    def __init__(self, wall_seconds: float = WALL_SECONDS, cache: Path | None = None) -> None:
        self._wall_seconds = wall_seconds
        self._cache = None if cache is None else GridCache(cache)
        self._worker: _Worker | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if self._cache is not None and error is None:
            self._cache.save()

    def close(self) -> None:
        """End the worker; the reader may be used again, with a new one."""
        if self._worker is not None:
            self._worker.end()
            self._worker = None

    def read(self, path: Path) -> FileGrids:
        """Read one file; never raises because of what is in it."""
        known = None if self._cache is None else self._cache.find(path, _hash_file(path))
        if known is not None:
            return known
        if self._worker is None:
            self._worker = _Worker()
        payload = self._worker.ask(path, self._wall_seconds)
        if isinstance(payload, str):
            self.close()
            return FileGrids(path, _hash_file(path), "refused", Reason("refused", payload), None, ())
        file, packed = decode_file(payload)
        if self._cache is not None:
            self._cache.keep(file, packed)
        return replace(file, grids=unpack_grids(packed))


class _Worker:
    """One child process with its pipes; what it says before it dies goes to a file that has no name."""

    def __init__(self) -> None:
        search_path = [str(PACKAGE_PARENT), *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(search_path)}
        self._last_words = tempfile.TemporaryFile()  # noqa: SIM115 (closed in end)
        self._process = subprocess.Popen(
            # -P: what lies in the current folder is data, never a module
            [sys.executable, "-P", "-m", "pipeline.ingest.files.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._last_words,
            env=environment,
        )
        self._timed_out = threading.Event()

    def ask(self, path: Path, wall_seconds: float) -> bytes | str:
        """Have a file read and return the answer; the code of a refusal when the worker did not survive it."""
        requests, answers = _pipes(self._process)
        timer = threading.Timer(wall_seconds, self._kill_late)
        timer.start()
        try:
            write_message(requests, json.dumps(str(path)).encode())
            payload = read_message(answers)
        except BrokenPipeError:  # it died before it was asked
            payload = None
        finally:
            timer.cancel()
        return self._cause_of_death() if payload is None else payload

    def end(self) -> None:
        """Close the pipe, which ends a healthy worker; kill one that does not listen."""
        requests, answers = _pipes(self._process)
        with contextlib.suppress(BrokenPipeError):  # already gone
            requests.close()
        try:
            self._process.wait(GOODBYE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        answers.close()
        self._last_words.close()

    def _kill_late(self) -> None:
        self._timed_out.set()
        self._process.kill()

    def _cause_of_death(self) -> str:
        """Tell a time-out, of wall or of processor time, from exhausted memory and from any other end."""
        status = self._process.wait()
        if self._timed_out.is_set() or status == CPU_LIMIT_EXIT:
            return "timeout"
        self._last_words.seek(0)
        words = self._last_words.read()[-LAST_WORDS_BYTES:]
        return "memory" if any(message in words for message in MEMORY_MESSAGES) else "crashed"


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    """Return the two pipes of a process that was started with both."""
    if process.stdin is None or process.stdout is None:
        raise ValueError("the worker was started without pipes")
    return process.stdin, process.stdout


def _hash_file(path: Path) -> str:
    """Return the SHA-256 of a file; empty when it cannot be opened, or is a pipe that never ends."""
    if not path.is_file():
        return ""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""
