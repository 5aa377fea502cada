"""Noticing that somebody has saved a workbook. Imports nothing heavy.

Names, sizes and times of files are looked at once a second: what tells of changes at once differs between systems and
says nothing on the shared folders of an office.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from pipeline.runs.records.fingerprints import list_inputs

POLL_SECONDS = 1.0
SETTLE_SECONDS = 2.0  # a spreadsheet program writes beside the workbook first, then puts it in place

Snapshot = tuple[tuple[str, int, int], ...]


def changes_in(folder: Path, since: Snapshot, sleep: Callable[[float], None] = time.sleep) -> Iterator[None]:
    """Yield each time something in ``folder`` has changed and has then been left alone for `SETTLE_SECONDS`.

    ``since`` is how it was before anything was made of it.

    What is done between two changes may take its time: what was changed meanwhile is noticed. Never ends by itself.
    """
    known = since
    while True:
        sleep(POLL_SECONDS)
        now = snapshot(folder)
        if now == known:
            continue
        known = _settled(folder, now, sleep)
        yield


def snapshot(folder: Path) -> Snapshot:
    """Return name, size and time of every input of a bureau; lock files and hidden ones are none."""
    found = []
    for path in list_inputs(folder):
        try:
            stat = path.stat()
        except OSError:
            continue  # being replaced, or a shared folder that is away for a moment: the next look sees it
        found.append((path.relative_to(folder).as_posix(), stat.st_size, stat.st_mtime_ns))
    return tuple(found)


def _settled(folder: Path, now: Snapshot, sleep: Callable[[float], None]) -> Snapshot:
    while True:
        sleep(SETTLE_SECONDS)
        later = snapshot(folder)
        if later == now:
            return later
        now = later
