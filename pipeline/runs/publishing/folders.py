"""Publishing whole folders: a run that dies anywhere leaves the last good report, whole.

A folder is built as ``.2021Q4.building`` beside its place. When all are complete and on the disk, a journal is written;
then each takes its place; then the logs of publications get their line, and the old folders and the journal go. A
building folder without a journal is the rest of a run that died before it was complete, and is thrown away; with one,
the change is finished by the next run.
"""

import json
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.ingest.files.placing import PART
from pipeline.runs.processes.stopping import REQUESTS
from pipeline.runs.publishing.publications import Publication, record
from pipeline.runs.publishing.swapping import is_marked, mark, put_back, put_in_place, remove, restore
from pipeline.runs.records.durable import sync_folder, sync_tree, write_durably
from pipeline.runs.records.logbook import ANNOUNCED, FINISHED, RECORDED, SYNCED, reached
from pipeline.runs.records.places import Target

JOURNAL = ".publishing.json"
FORMAT = 1  # of the journal; one of another version is not finished: what stands stays, and what stepped aside returns
OLD, BUILDING = ".*.old", ".*.building"  # names of `Target.aside` and `Target.building`
STOPPING = (*REQUESTS, "SIGIO")  # what asks a run, or a worker of a batch, to stop


@dataclass(frozen=True)
class _Change:
    """What a journal holds: which folders take their places, and the line for the logs of publications."""

    targets: tuple[Target, ...]
    publication: Publication

    @property
    def token(self) -> str:
        """What the new folders are marked with."""
        return self.publication.manifest

    @property
    def is_whole(self) -> bool:
        """Tell whether every new folder is there, in its place or where it was built."""
        return all(
            any(is_marked(folder, self.token) for folder in (target.final, target.building)) for target in self.targets
        )

    def to_json(self) -> str:
        """Return the content of the journal."""
        names = [str(target.final) for target in self.targets]
        return json.dumps({"format": FORMAT, "folders": names, "publication": asdict(self.publication)})

    @classmethod
    def from_json(cls, text: str) -> "_Change":
        """Read a journal; raises `ValueError`, `KeyError`, `TypeError` or `AttributeError` for what is none."""
        announced = json.loads(text)
        if announced["format"] != FORMAT:
            raise ValueError(f"format {announced['format']}")
        targets = tuple(Target(Path(name)) for name in announced["folders"])
        return cls(targets, Publication.restore(announced["publication"]))


@contextmanager
def building(targets: Sequence[Target]) -> Iterator[None]:
    """Make empty building folders; if the body fails, take them away again.

    Not where a journal stands: then they may be the old ones, and the next run has the last word.
    """
    _discard(targets)
    try:
        for target in targets:
            target.building.mkdir(parents=True)
        yield
    except BaseException:  # Ctrl-C too must leave nothing behind
        if not _journal_of(targets).exists():
            _discard(targets)
        raise


def publish(targets: Sequence[Target], publication: Publication, logs: Sequence[Path]) -> None:
    """Put every complete building folder in its place and write ``publication`` into ``logs``.

    A request to stop waits from the journal on; on an error the old folders are put back, and it is raised.
    """
    change, journal = _Change(tuple(targets), publication), _journal_of(targets)
    for target in targets:
        mark(target.building, change.token)
        sync_tree(target.building)
    reached(SYNCED)
    with _undisturbed():
        write_durably(journal, change.to_json())
        try:
            reached(ANNOUNCED)
            for target in targets:
                put_in_place(target, change.token)
            record(publication, logs)
        except BaseException:
            for target in targets:
                put_back(target, change.token)
            journal.unlink()
            raise
        reached(RECORDED)
        _finish(targets, journal)


def recover(bureau_folders: Sequence[Path], logs: Sequence[Path]) -> Publication | None:
    """Finish or clear away what runs that died have left in the folders of a bureau; needs the bureau's lock.

    A change is finished if its journal can be read, names these folders, and every new folder is there. Otherwise what
    stands stays, and what stepped aside and has no successor takes its place again. Returns what was finished.
    """
    finished = None
    with _undisturbed():
        for folder in bureau_folders:
            journal = folder / JOURNAL
            if journal.is_file():
                change = _read_journal(journal, bureau_folders)
                if change is not None and change.is_whole:
                    for target in change.targets:
                        put_in_place(target, change.token)
                    record(change.publication, logs)
                    reached(RECORDED)
                    finished = change.publication
                _restore_all(bureau_folders)
                journal.unlink()
        _restore_all(bureau_folders)
        for folder in bureau_folders:
            for rest in (*folder.glob(BUILDING), *folder.glob(f".*{PART}")):
                rest.unlink() if rest.is_file() else remove(rest)
    return finished


def _read_journal(journal: Path, bureau_folders: Sequence[Path]) -> _Change | None:
    """Return the change that a journal announces; None for one that is none, or announces other folders than these."""
    try:
        change = _Change.from_json(journal.read_text(encoding="utf-8"))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return change if all(target.final.parent in bureau_folders for target in change.targets) else None


def _restore_all(bureau_folders: Sequence[Path]) -> None:
    """Give every old folder without a successor its place again; the others go, if no program holds them open."""
    for folder in bureau_folders:
        for aside in folder.glob(OLD):
            restore(Target(folder / aside.name.removeprefix(".").removesuffix(".old")))
            with suppress(OSError):
                remove(aside)


def _finish(targets: Sequence[Target], journal: Path) -> None:
    """Take the old folders and the journal away; what a program holds open stays for the next run."""
    with suppress(OSError):
        for target in targets:
            remove(target.aside)
        journal.unlink()
        sync_folder(journal.parent)
    reached(FINISHED)


def _journal_of(targets: Sequence[Target]) -> Path:
    """Return where the journal of a change lies: in the folder of the last target's bureau."""
    return targets[-1].final.parent / JOURNAL


def _discard(targets: Sequence[Target]) -> None:
    for target in targets:
        remove(target.building)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let what asks this process to stop wait until the body has ended.

    Handlers are exchanged instead of signals blocked: of several threads, any that blocks none would let one through.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # handlers run in the main thread alone, and so do runs
        return
    heard: list[int] = []
    numbers = [getattr(signal, name) for name in STOPPING if hasattr(signal, name)]
    before = {number: handler for number in numbers if (handler := signal.getsignal(number)) is not None}
    for number in before:
        signal.signal(number, lambda number, _frame: heard.append(number))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for number in heard:
            signal.raise_signal(number)
