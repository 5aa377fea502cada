"""The folder for the temporary files of one program, which the next run takes away where the program could not.

A program that is killed, or whose computer goes off, clears nothing away. That it is gone is told by a lock that the
system drops with its process: a number of a process may be another one's by now, or one of a container that shares the
folder for temporary files. Imports nothing heavy.
"""

import os
import platform
import shutil
import tempfile
from contextlib import suppress
from multiprocessing import util
from pathlib import Path
from typing import IO

from pipeline.runs.records.locks import lock

PREFIX = "ronghe-run-"
MARK = ".lock"  # names the computer once it is locked: an empty one is of a program that is just beginning
AFTER_THE_LIBRARY = -200  # `multiprocessing` takes its folder away with priority -100


def take_own_temporary_folder() -> None:
    """Let temporary files of this program go into a folder of its own, which goes with it; take away dead programs'.

    Where there is no room for one, they go where they go anyway: no report is lost for it.
    """
    with suppress(OSError):
        roof = Path(tempfile.gettempdir())
        clear_away_dead(roof)
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=roof))
        mark = (folder / MARK).open("xb", buffering=0)
        # After the standard library has taken away its own, which lies in there and must then be found
        util.Finalize(None, _leave, (folder, mark), exitpriority=AFTER_THE_LIBRARY)
        tempfile.tempdir = str(folder)
        lock(mark)  # fails where the disk knows no locks: then no other run may judge this one
        mark.write(_here())


def _leave(folder: Path, mark: IO[bytes]) -> None:
    with suppress(OSError):  # somebody holds a file open, or has taken it away
        mark.close()
        _take_away(folder)


def clear_away_dead(roof: Path) -> None:
    """Take away the folders below ``roof`` that programs of this account on this computer have left by their death.

    Whatever cannot be told for certain stays.
    """
    for entry in os.scandir(roof):
        with suppress(OSError):  # it has just gone, or is not ours to look into
            if entry.name.startswith(PREFIX) and entry.is_dir(follow_symlinks=False) and _is_own(entry):
                folder = Path(entry.path)
                if _is_dead(folder):
                    _take_away(folder)


def _is_own(entry: os.DirEntry[str]) -> bool:
    return not hasattr(os, "geteuid") or entry.stat(follow_symlinks=False).st_uid == os.geteuid()


def _is_dead(folder: Path) -> bool:
    """Tell whether nobody holds the lock any more; raises `OSError` while somebody does."""
    with (folder / MARK).open("r+b", buffering=0) as mark:
        lock(mark)
        return mark.read() == _here()


def _here() -> bytes:
    return platform.node().encode() or b"?"


def _take_away(folder: Path) -> None:
    """Remove a folder, its mark last: what cannot be removed now is still known to be a dead program's."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name != MARK:
            path.unlink()
    if [path.name for path in folder.iterdir()] in ([], [MARK]):
        (folder / MARK).unlink(missing_ok=True)
        folder.rmdir()
