"""Getting files onto the disk before anything relies on them: a machine may lose its power between two lines."""

import ctypes
import errno
import os
import sys
from pathlib import Path

from pipeline.ingest.files.placing import in_one_step

AT_FDCWD, RENAME_EXCHANGE = -100, 2  # linux/fcntl.h, linux/fs.h: renameat2(2), since Linux 3.15 and glibc 2.28
NO_SUCH_CALL = (errno.EINVAL, errno.EBADF)  # of CIFS and the like, for folders; PostgreSQL takes the two so as well


def sync_tree(folder: Path) -> None:
    """Wait until every file below ``folder``, and every folder, has reached the disk. Raises `OSError`."""
    folders = [folder]
    for path in folder.rglob("*"):
        if path.is_dir():
            folders.append(path)
        else:
            sync_file(path)
    for found in reversed(folders):
        sync_folder(found)


def sync_file(path: Path) -> None:
    """Wait until a file has reached the disk."""
    mode = os.O_RDWR if sys.platform == "win32" else os.O_RDONLY  # Windows syncs what may be written alone
    handle = os.open(path, mode)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder have reached the disk.

    Windows has no such call, and some shared folders and disks of other systems answer that they know none either.
    """
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in NO_SUCH_CALL:
            raise
    finally:
        os.close(handle)


def exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; tell whether this system and disk can do that."""
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None) if sys.platform == "linux" else None
    if renameat2 is None:
        return False
    return bool(renameat2(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0)


def write_durably(path: Path, text: str) -> None:
    """Put a file in place of what is there, in one step, and wait until it has reached the disk."""
    with in_one_step(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")
        sync_file(part)
    sync_folder(path.parent)
