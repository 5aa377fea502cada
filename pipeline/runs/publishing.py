"""Publishing whole folders by rename: a run that dies anywhere leaves the last good report, whole.

A folder is built as ``.2021Q4.building`` beside its place. When all are complete and on the disk, a journal is written;
then each old folder and the new one change places, in one step where the system can do that, so that there is a whole
one at every moment; then the log of publications gets its line, and the old ones and the journal go. A building folder
without a journal is the rest of a run that died before it was complete, and is thrown away; with one, the change is
finished.
"""

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.runs.durable import PART, exchange, sync_folder, sync_tree, write_durably
from pipeline.runs.logbook import ANNOUNCED, ASIDE, EXCHANGED, FINISHED, PLACED, RECORDED, SYNCED, reached
from pipeline.runs.places import Target
from pipeline.runs.publications import Publication, record

JOURNAL = ".publishing.json"


@dataclass(frozen=True)
class _Move:
    """A folder that takes its place; ``inode`` tells it from the one that was there, whatever each is called by now."""

    target: Target
    inode: int

    @classmethod
    def of(cls, target: Target) -> "_Move":
        """Return the move of a complete building folder."""
        return cls(target, target.building.stat().st_ino)

    @property
    def is_in_place(self) -> bool:
        """Tell whether the new folder has its place."""
        return self.target.final.exists() and self.target.final.stat().st_ino == self.inode


@dataclass(frozen=True)
class _Change:
    """What a journal holds: which folders take their places, and the line for the log of publications."""

    moves: tuple[_Move, ...]
    publication: Publication

    def to_json(self) -> str:
        """Return the content of the journal."""
        folders = {str(move.target.final): move.inode for move in self.moves}
        return json.dumps({"folders": folders, "publication": asdict(self.publication)}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "_Change":
        """Read a journal; raises `ValueError`, `KeyError`, `TypeError` or `AttributeError` for what is none."""
        announced = json.loads(text)
        moves = tuple(_Move(Target(Path(name)), inode) for name, inode in announced["folders"].items())
        return cls(moves, Publication.restore(announced["publication"]))


@contextmanager
def building(targets: Sequence[Target]) -> Iterator[None]:
    """Make empty building folders; if the body fails, take them away again."""
    _discard(targets)
    try:
        for target in targets:
            target.building.mkdir(parents=True)
        yield
    except BaseException:  # Ctrl-C too must leave nothing behind
        _discard(targets)
        raise


def publish(targets: Sequence[Target], publication: Publication, log: Path) -> None:
    """Put every complete building folder in its place and write ``publication`` into ``log``.

    The journal lies in the folder of the last target's bureau. On an error the old folders are put back and it is
    raised.
    """
    for target in targets:
        sync_tree(target.building)
    reached(SYNCED)
    journal = targets[-1].final.parent / JOURNAL
    change = _Change(tuple(_Move.of(target) for target in targets), publication)
    write_durably(journal, change.to_json())
    reached(ANNOUNCED)
    try:
        _swap(change.moves)
        record(publication, log)
    except OSError:
        _put_back(change.moves)
        journal.unlink()
        raise
    reached(RECORDED)
    _finish(targets, journal)


def recover(bureau_folders: Sequence[Path], log: Path) -> None:
    """Finish or clear away what runs that died have left in the folders of a bureau; needs the bureau's lock.

    A journal that names other folders, as one that was copied with a folder does, is none of theirs.
    """
    for folder in bureau_folders:
        journal = folder / JOURNAL
        if journal.is_file():
            change = _read_journal(journal, bureau_folders)
            if change is None:
                journal.unlink()
                continue
            _swap(change.moves)
            record(change.publication, log)
            reached(RECORDED)
            _finish([move.target for move in change.moves], journal)
    for folder in bureau_folders:
        for rest in folder.glob(".*.building"):
            _remove(rest)
        for part in folder.glob(f".*{PART}"):
            part.unlink()


def _read_journal(journal: Path, bureau_folders: Sequence[Path]) -> _Change | None:
    """Return the change that a journal announces; None for what announces none of these folders: nothing has moved."""
    try:
        change = _Change.from_json(journal.read_text(encoding="utf-8"))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return change if all(move.target.final.parent in bureau_folders for move in change.moves) else None


def _swap(moves: Sequence[_Move]) -> None:
    for move in moves:
        target = move.target
        if not target.building.exists():
            continue  # it took its place before the run died
        if target.final.exists():
            _remove(target.aside)
            _make_way(move)
        if target.building.exists():
            target.building.rename(target.final)
            reached(PLACED, folder=target.final)
        sync_folder(target.final.parent)


def _make_way(move: _Move) -> None:
    """Put the old folder aside; where the system can let two folders change places, the new one has its place then."""
    target = move.target
    if move.is_in_place or exchange(target.building, target.final):
        reached(EXCHANGED, folder=target.final)
        target.building.rename(target.aside)
    else:
        target.final.rename(target.aside)
        reached(ASIDE, folder=target.final)


def _put_back(moves: Sequence[_Move]) -> None:
    """Put every old folder back into its place, and the new one back to where it was built."""
    for move in moves:
        target = move.target
        if not move.is_in_place:
            if target.aside.exists() and not target.final.exists():
                target.aside.rename(target.final)
            continue
        if target.building.exists():  # the old one, which could not step aside
            exchange(target.building, target.final)
            continue
        target.final.rename(target.building)
        if target.aside.exists():
            target.aside.rename(target.final)


def _finish(targets: Sequence[Target], journal: Path) -> None:
    """Take the old folders away; what a program still holds open stays, with the journal, for the next run."""
    for target in targets:
        with suppress(OSError):
            _remove(target.aside)
    if not any(target.aside.exists() for target in targets):
        journal.unlink()
        sync_folder(journal.parent)
    reached(FINISHED)


def _discard(targets: Sequence[Target]) -> None:
    for target in targets:
        _remove(target.building)


def _remove(folder: Path) -> None:
    """Take a folder away; of a link the link, never what it leads to."""
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)
