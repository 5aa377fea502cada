"""Texts that are made of the code and its packages alone, kept where Python keeps the bytecode of this room.

They go with it: another version of Python, ``PYTHONPYCACHEPREFIX`` and ``PYTHONDONTWRITEBYTECODE`` mean the same here.
Where nothing may be written, everything is made anew.
"""

import hashlib
import os
import sys
import tempfile
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path

SUFFIX = ".kept"


def find_kept(name: str, key: str) -> str | None:
    """Return the text that was kept under ``name`` for ``key``; None where there is none, or not as it was written."""
    try:
        known, _, text = _place(name).read_bytes().decode("utf-8").partition("\n")
    except (OSError, UnicodeDecodeError):
        return None
    return text if known == _seal(key, text) else None


def keep(name: str, key: str, text: str) -> None:
    """Keep a text in one step, in place of the one before; without a word where that cannot be, as Python does."""
    if sys.dont_write_bytecode:
        return
    place = _place(name)
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, written = tempfile.mkstemp(dir=place.parent, prefix=place.name)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(f"{_seal(key, text)}\n{text}".encode())
            Path(written).chmod(Path(__file__).stat().st_mode & 0o666)  # for whoever may read the code
            Path(written).replace(place)
        except OSError:
            Path(written).unlink(missing_ok=True)
            raise


def _place(name: str) -> Path:
    return Path(cache_from_source(__file__)).with_name(f"{name}{SUFFIX}")


def _seal(key: str, text: str) -> str:
    """Return what tells that a text is whole and of this key."""
    return hashlib.sha256(f"{key}\n{text}".encode()).hexdigest()
