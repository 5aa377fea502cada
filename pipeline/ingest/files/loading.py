"""The bytes of a file, loaded once: what is hashed is what is parsed, and a file that is being written is not taken."""

import hashlib
import os
import stat
import sys
from pathlib import Path

from pipeline.ingest.files.names import check_name
from pipeline.ingest.files.refusals import NotRead, Refused, Skipped

MAX_FILE_BYTES = 200 * 1024 * 1024
"""Far above a full worksheet as Excel compresses it; what is larger cannot be read within the ten seconds of a file."""

NOT_HERE = 0x1000 | 0x40000 | 0x400000
"""Of Windows' file attributes: OFFLINE, RECALL_ON_OPEN, RECALL_ON_DATA_ACCESS ([MS-FSCC] 2.6). OneDrive and its like
set them on a file that they would first have to fetch."""

DATALESS = 0x40000000
"""Of macOS' file flags: SF_DATALESS (sys/stat.h). The contents are with iCloud, or whichever cloud keeps the folder."""


def load_bytes(path: Path) -> bytes:
    """Return the bytes of a file, all as they were at one time.

    A file whose size or time of change moves while it is read is being written, and half of it is nobody's workbook.
    Raises `Skipped` (lock_file, placeholder, unfinished, hidden) and `Refused` (link, unreadable, not_a_file,
    too_large, changed).
    """
    try:
        _check_status(path.lstat(), path.name)
        with open(path, "rb", opener=_open_no_link) as stream:
            before = os.fstat(stream.fileno())
            data = stream.read(before.st_size + 1)
            after = os.fstat(stream.fileno())
    except OSError as error:
        raise Refused("unreadable", error=error.strerror or str(error)) from error
    if (len(data), before.st_size, before.st_mtime_ns) != (after.st_size, after.st_size, after.st_mtime_ns):
        raise Refused("changed")
    return data


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file; empty for what `load_bytes` does not load."""
    try:
        _check_status(path.lstat(), path.name)
        with open(path, "rb", opener=_open_no_link) as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except (NotRead, OSError):
        return ""


def _open_no_link(path: str, flags: int) -> int:
    """Open a file unless it has become a link since it was looked at, where the system can tell."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0))


def _check_status(status: os.stat_result, name: str) -> None:
    """Turn away by the name and by what the system says of a file, so that nothing is fetched or waited for.

    A link is never followed: it may lead to what no bureau has handed in, and a refusal would still quote from it.
    """
    if stat.S_ISLNK(status.st_mode):
        raise Refused("link")
    check_name(name)
    if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
        raise Refused("not_a_file")
    if is_elsewhere(status):
        raise Skipped("placeholder")
    if status.st_size > MAX_FILE_BYTES:
        raise Refused("too_large", megabytes=status.st_size // 2**20, limit=MAX_FILE_BYTES // 2**20)


def is_elsewhere(status: os.stat_result) -> bool:
    """Tell whether the contents of a file are with a cloud or an archive and not on this machine, by its marks."""
    if sys.platform == "win32":
        return bool(status.st_file_attributes & NOT_HERE)
    if sys.platform == "darwin":
        return bool(status.st_flags & DATALESS)
    return False
