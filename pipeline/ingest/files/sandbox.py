"""Reading files of strangers without being harmed by them: in a child process with limits, replaced when it dies."""

import json
import signal
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from pipeline.ingest.files.cache import GridCache
from pipeline.ingest.files.childprocess import ChildProcess
from pipeline.ingest.files.grids import FileGrids, Reason
from pipeline.ingest.files.limits import WALL_SECONDS
from pipeline.ingest.files.loading import hash_file
from pipeline.ingest.files.packing import PackedGrids, pack_grids, unpack_grids
from pipeline.ingest.files.wire import decode_file

WORKER = "pipeline.ingest.files.worker"
CPU_LIMIT_EXIT = -signal.SIGPROF if sys.platform != "win32" else None
MEMORY_MESSAGES = (b"MemoryError", b"memory allocation of")  # Python's and Rust's last words


class Reader:
    """Reads files one after the other in a warm worker; a context manager, so that no worker is left behind.

    One file costs milliseconds once the worker is warm. A file that makes the worker run longer than ``wall_seconds``,
    exceed its limits or die is refused (timeout, memory, crashed), and the next file gets a new worker. With a folder
    ``cache`` a file that was read before is not parsed again; what was read is kept there when the block ends without
    an error, and what this reader did not come across is dropped. Not for use from several threads.
    """

    def __init__(self, wall_seconds: float = WALL_SECONDS, cache: Path | None = None) -> None:
        self._wall_seconds = wall_seconds
        self._cache = None if cache is None else GridCache(cache)
        self._worker: ChildProcess | None = None
        self._is_asked = False  # for a file that was not taken yet

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
            self._worker, self._is_asked = None, False

    def read(self, path: Path) -> FileGrids:
        """Read one file; never raises because of what is in it."""
        return next(self.read_each([path]))

    def read_each(self, paths: Iterable[Path]) -> Iterator[FileGrids]:
        """Read files in their order, each while the caller is still busy with the one before."""
        files = list(paths)
        begun = self._begin(files[0]) if files else None
        for number, path in enumerate(files, 1):
            taken = [begun or self._take(path)]
            begun = self._begin(files[number]) if number < len(files) else None
            yield _whole(*taken.pop())  # the grids are the caller's alone, who may let them go

    def _begin(self, path: Path) -> tuple[FileGrids, PackedGrids] | None:
        """Return a file as it was kept; None where the worker was given it to read."""
        cache = self._cache
        kept = cache.find(path, hash_file(path)) if cache is not None and cache.may_hold(path) else None
        if kept is None:
            if self._worker is not None and (self._is_asked or not self._worker.is_alive):
                self.close()  # its answer would be to another question; it died of nothing that was asked
            self._worker = self._worker or ChildProcess(WORKER)
            self._worker.send(json.dumps(str(path)).encode(), self._wall_seconds)
            self._is_asked = True
        return kept

    def _take(self, path: Path) -> tuple[FileGrids, PackedGrids]:
        """Wait for the file that the worker was given, and keep it; it is refused when the worker died over it."""
        if self._worker is None:
            raise ValueError("no worker was given a file to read")
        payload = self._worker.answer(self._wall_seconds)
        self._is_asked = False
        if payload is None:
            cause = _cause_of_death(self._worker)
            self.close()
            return FileGrids(path, hash_file(path), "refused", Reason("refused", cause), None, ()), pack_grids(())
        file, packed = decode_file(payload)
        if self._cache is not None:
            self._cache.keep(file, packed)
        return file, packed


def _whole(file: FileGrids, packed: PackedGrids) -> FileGrids:
    return replace(file, grids=unpack_grids(packed))


def _cause_of_death(worker: ChildProcess) -> str:
    """Tell a time-out, of wall or of processor time, from exhausted memory and from any other end."""
    status = worker.exit_status()
    if worker.timed_out or status == CPU_LIMIT_EXIT:
        return "timeout"
    words = worker.last_words()
    return "memory" if any(message in words for message in MEMORY_MESSAGES) else "crashed"
