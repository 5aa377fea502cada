"""File names of the returned workbooks: one flat folder, safe on Windows, unique whatever the case of the letters."""

import re
import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath

from pipeline.spreadsheets.cleaning import plain_text

EXCERPT = "（摘录）"
SUFFIX = ".xlsx"
MAX_STEM_BYTES = 180  # file systems hold 255 bytes a name; a number, the mark of an excerpt and the ending are added
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')  # by the naming rules of Windows, which are the strictest
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_PASSING = (".", "~$")  # hidden files, and the lock files of spreadsheet programs: neither is listed nor published


def copy_name(path: str, taken: Iterable[str], mark: str = "") -> str:
    """Return the name of the copy of a source: its path without the folders' slashes; never one of ``taken``."""
    used = {_folded(name) for name in taken}
    stem = f"{_safe_stem(path)}{mark}"
    number = 1
    while _folded(name := f"{stem}{f'_{number}' if number > 1 else ''}{SUFFIX}") in used:
        number += 1
    return name


def _safe_stem(path: str) -> str:
    """Return a path without its ending as one file name: 2019/一月.xls is 2019_一月."""
    whole = PurePosixPath(plain_text(path))
    parts = [part for part in whole.with_suffix("").parts if part not in ("/", "..")] if whole.name else []
    stem = _FORBIDDEN.sub("_", "_".join(parts))
    stem = stem.encode("utf-8", "replace")[:MAX_STEM_BYTES].decode("utf-8", "ignore").rstrip(". ")
    needs_prefix = not stem or stem.startswith(_PASSING) or _DEVICES.fullmatch(stem)
    return f"_{stem}" if needs_prefix else stem


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
