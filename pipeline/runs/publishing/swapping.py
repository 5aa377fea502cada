"""A new folder takes the place of an old one, and can be told from it whatever both are called by then.

The new one bears a mark, a hidden file that names its publication. Where the system can let two folders change places
in one step, there is a whole one at every moment; elsewhere the old one steps aside first.
"""

import shutil
from pathlib import Path

from pipeline.runs.records.durable import exchange, sync_folder
from pipeline.runs.records.logbook import ASIDE, EXCHANGED, PLACED, reached
from pipeline.runs.records.places import Target

MARK = ".publication"  # hidden, so that it belongs to no manifest; holds the digest of the report's


def mark(folder: Path, token: str) -> None:
    """Mark a complete folder as that of the publication ``token``."""
    (folder / MARK).write_text(token, encoding="ascii")


def is_marked(folder: Path, token: str) -> bool:
    """Tell whether a folder is there and bears the mark of ``token``."""
    try:
        return (folder / MARK).read_text(encoding="ascii", errors="replace") == token
    except OSError:
        return False


def put_in_place(target: Target, token: str) -> None:
    """Give the new folder its place and put the old one aside, from wherever a run that died has left the two."""
    if not is_marked(target.final, token):
        if target.final.exists() and exchange(target.building, target.final):
            reached(EXCHANGED, folder=target.final)
        else:
            if target.final.exists():
                remove(target.aside)
                target.final.rename(target.aside)
                reached(ASIDE, folder=target.final)
            target.building.rename(target.final)
            reached(PLACED, folder=target.final)
    if target.building.exists():  # the old one
        remove(target.aside)
        target.building.rename(target.aside)
    sync_folder(target.final.parent)


def put_back(target: Target, token: str) -> None:
    """Give the old folder its place again, and the new one that where it was built."""
    if is_marked(target.final, token):
        if target.building.exists():  # the old one, which could not step aside
            if exchange(target.building, target.final):
                return
            target.building.rename(target.aside)
        target.final.rename(target.building)
    restore(target)


def restore(target: Target) -> None:
    """Give an old folder that stepped aside its place again, where nothing else has it."""
    if target.aside.exists() and not target.final.exists():
        target.aside.rename(target.final)


def remove(folder: Path) -> None:
    """Take a folder away; of a link the link, never what it leads to."""
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)
