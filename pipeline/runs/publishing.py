"""Publishing whole folders by rename: a run that dies anywhere leaves the last good report, whole.

A folder is built as ``.2021Q4.building`` beside its place. When all are complete, a journal is written; then each old
folder steps aside and the new one takes its place; then the old ones and the journal go. A building folder without a
journal is the rest of a run that died before it was complete, and is thrown away; with one, the change is finished.
"""

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pipeline.runs.places import Target

JOURNAL = ".publishing.json"


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


def publish(targets: Sequence[Target], bureau_folder: Path) -> None:
    """Put every complete building folder in its place; on an error the old folders are put back and it is raised."""
    journal = bureau_folder / JOURNAL
    journal.write_text(json.dumps([str(target.final) for target in targets]), encoding="utf-8")
    try:
        _swap(targets)
    except OSError:
        _put_back(targets)
        journal.unlink()
        raise
    _finish(targets, journal)


def recover(bureau_folders: Sequence[Path]) -> None:
    """Finish or clear away what runs that died have left in the folders of a bureau; needs the bureau's lock."""
    for folder in bureau_folders:
        journal = folder / JOURNAL
        if journal.is_file():
            targets = _read_journal(journal)
            _swap(targets)
            _finish(targets, journal)
    for folder in bureau_folders:
        for rest in folder.glob(".*.building"):
            shutil.rmtree(rest)


def _read_journal(journal: Path) -> list[Target]:
    """Return the targets of a journal; none when the run died while writing it, before any folder had moved."""
    try:
        names = json.loads(journal.read_text(encoding="utf-8"))
    except json.JSONDecodeError:
        return []
    return [Target(Path(name)) for name in names]


def _swap(targets: Sequence[Target]) -> None:
    for target in targets:
        if not target.building.exists():
            continue  # it took its place before the run died
        if target.final.exists():
            _remove(target.aside)
            target.final.rename(target.aside)
        target.building.rename(target.final)


def _put_back(targets: Sequence[Target]) -> None:
    for target in targets:
        if target.final.exists() and not target.building.exists():
            target.final.rename(target.building)
        if target.aside.exists():
            target.aside.rename(target.final)


def _finish(targets: Sequence[Target], journal: Path) -> None:
    """Take the old folders away; what a program still holds open stays, with the journal, for the next run."""
    for target in targets:
        shutil.rmtree(target.aside, ignore_errors=True)
    if not any(target.aside.exists() for target in targets):
        journal.unlink()


def _discard(targets: Sequence[Target]) -> None:
    for target in targets:
        _remove(target.building)


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
