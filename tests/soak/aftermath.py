"""What may be left after a run, however it ended: the last good reports, whole, and nothing else."""

import fcntl
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.runs.publishing.folders import JOURNAL
from pipeline.runs.publishing.verifying import verify
from pipeline.runs.quarter.library import QUARTER_FOLDER
from pipeline.runs.records.fingerprints import FileHash, hash_folder
from pipeline.runs.records.locks import LOCK
from pipeline.runs.records.manifest import Manifest, find_damage
from pipeline.runs.records.places import MANIFEST, find_workspace
from tests.processes import command_line

UNFINISHED = (".*.building", ".*.old", ".*.part", JOURNAL)
STANDING = (b"forkserver", b"resource_tracker")  # what a process keeps waiting while it lives, one of each
STANDING_FOLDER = "pymp-*"  # multiprocessing's, for the socket of the server
PATIENCE_SECONDS = 30.0  # for processes that were asked to end

Reports = Mapping[Path, tuple[FileHash, ...]]


@dataclass(frozen=True)
class Places:
    """The folders of a soak: ``temporary`` is the programs' own folder for temporary files."""

    home: Path

    @property
    def raw(self) -> Path:
        return self.home / "raw"

    @property
    def processed(self) -> Path:
        return self.home / "processed"

    @property
    def figures(self) -> Path:
        return self.home / "figures"

    @property
    def temporary(self) -> Path:
        return self.home / "tmp"

    def made(self) -> "Places":
        """Make the folders."""
        for folder in (self.raw, self.processed, self.figures, self.temporary):
            folder.mkdir(parents=True)
        return self


def reports(places: Places) -> Reports:
    """Return every published folder of every bureau with the digests of its files, pages and tables alike."""
    return {folder: hash_folder(folder) for root in (places.processed, places.figures) for folder in _quarters(root)}


def changed(before: Reports, places: Places) -> list[str]:
    """Name the published folders that are not as they were ``before``."""
    now = reports(places)
    return [
        f"{folder.name} of {folder.parent.name} was touched" for folder in before if now.get(folder) != before[folder]
    ]


def damaged(places: Places) -> list[str]:
    """Name every published report that does not verify, or that has no tables."""
    found = []
    for folder in _quarters(places.figures):
        manifest = folder / MANIFEST
        if not manifest.is_file():
            found.append(f"{folder.parent.name} {folder.name}: no manifest")
            continue
        tables = places.processed / folder.parent.name / folder.name
        damage = [*verify(folder, find_workspace()).damage, *find_damage(tables, Manifest.read(manifest).tables)]
        found += [f"{folder.parent.name} {folder.name}: {entry.path} {entry.fault}" for entry in damage]
    return found


def _quarters(root: Path) -> list[Path]:
    """Return the published folders below a root; unfinished ones beside them, which `left_over` names, are none."""
    return sorted(folder for folder in root.glob("*/*") if QUARTER_FOLDER.fullmatch(folder.name))


def left_over(places: Places, *, is_alive: bool) -> list[str]:
    """Name unfinished folders, temporary ones, and locks that are held; ``is_alive``: the program still runs."""
    roots = (places.processed, places.figures)
    rests = [path for root in roots for name in UNFINISHED for path in (*root.glob(name), *root.glob(f"*/{name}"))]
    rests += [path for path in places.temporary.iterdir() if not (is_alive and path.match(STANDING_FOLDER))]
    locks = [path for root in roots for path in (*root.glob(LOCK), *root.glob(f"*/{LOCK}"))]
    held = [f"{path.parent.name}: its lock is held" for path in locks if _is_held(path)]
    return [*(f"left over: {path.relative_to(places.home)}" for path in sorted(rests)), *held]


def at_work(places: Places, program: int, *, is_alive: bool) -> list[str]:
    """Name the processes that ``program`` has started and that still live, after some patience.

    Also those whose parent is gone: every one has inherited the folder for temporary files. While the program lives, it
    keeps one of each of `STANDING`.
    """
    until = time.monotonic() + PATIENCE_SECONDS
    while (found := _too_many(places, program, int(is_alive))) and time.monotonic() < until:
        time.sleep(0.1)
    return [f"process {process} is still at work: {line!r}" for process, line in found.items()]


def _too_many(places: Places, program: int, standing: int) -> dict[int, bytes]:
    lines = {process: command_line(process) for process in sorted(_started(places)) if process != program}
    for kind in STANDING:  # the oldest is the one that waits: copies of the server look like it
        for process in [process for process, line in lines.items() if kind in line][:standing]:
            lines.pop(process)
    return {process: line for process, line in lines.items() if line}


def _started(places: Places) -> list[int]:
    mark, found = str(places.temporary).encode(), []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):  # it has just ended, or is somebody else's
            if mark in environment.read_bytes():
                found.append(int(environment.parent.name))
    return found


def _is_held(path: Path) -> bool:
    with path.open("rb") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
