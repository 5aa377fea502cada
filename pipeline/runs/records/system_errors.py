"""What the operating system refuses, in the reader's language: where, why, and what to do. Imports nothing heavy."""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from pipeline.parameters import ParameterError
from pipeline.texts import Texts

NOT_NAMED = "—"
# Texts ``system.<reason>``; numbers that a system does not know are not there
REASONS: Mapping[str, tuple[str, ...]] = {
    "full": ("ENOSPC", "EDQUOT"),
    "read_only": ("EROFS",),
    "refused": ("EACCES", "EPERM", "EBUSY", "ETXTBSY"),  # also what Windows calls a file that another program holds
    "too_long": ("ENAMETOOLONG",),
    "no_folder": ("ENOTDIR",),
    "gone": ("ENOENT",),
    "a_folder": ("EISDIR",),
    "away": ("EIO", "ESTALE", "ENODEV", "ENXIO", "ETIMEDOUT", "EHOSTDOWN", "EHOSTUNREACH", "ENETUNREACH", "ENOTCONN"),
    "too_many": ("EMFILE", "ENFILE"),
    "no_memory": ("ENOMEM",),
    "too_large": ("EFBIG",),
}
BY_NUMBER = {getattr(errno, name): key for key, names in REASONS.items() for name in names if hasattr(errno, name)}


def tell_system_error(error: OSError, texts: Texts) -> str:
    """Return the paragraph for an error of the system that ended a command."""
    return texts("cli.system_error", file=error.filename or NOT_NAMED, reason=reason_of(error, texts))


def reason_of(error: OSError, texts: Texts) -> str:
    """Return why the system refuses, and what to do about it; in the system's own words where we have none."""
    key = BY_NUMBER.get(error.errno or 0)
    return texts(f"system.{key}") if key else texts("system.other", reason=error.strerror or error)


@contextmanager
def naming_the_disk(*places: Path | None) -> Iterator[None]:
    """Name the fullest disk among those of ``places`` and of temporary files, where the system only says "full".

    It names the file that cannot be opened, not the one that cannot grow.
    """
    try:
        yield
    except OSError as error:
        if error.filename is None and BY_NUMBER.get(error.errno or 0) == "full":
            wanted = [Path(place).absolute() for place in places if place] + [Path(tempfile.gettempdir())]
            error.filename = str(min(wanted, key=_free_bytes))
        raise


def check_results_folders(folders: Mapping[str, Path]) -> None:
    """Raise `ParameterError` where a folder of results, by its option, cannot be one: a file stands in its way."""
    for option, folder in folders.items():
        there = _standing(folder.absolute())
        if not there.is_dir():
            raise ParameterError("run.no_folder_there", option=option, folder=folder, file=there)


def _free_bytes(place: Path) -> int:
    try:
        return shutil.disk_usage(_standing(place)).free
    except OSError:
        return 0


def _standing(place: Path) -> Path:
    """Return the nearest of a path and the folders above it that is there."""
    candidates: Sequence[Path] = (place, *place.parents)
    return next((path for path in candidates if os.path.lexists(path)), candidates[-1])
