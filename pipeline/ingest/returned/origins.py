"""Which file that was sent back last time a workbook is a resubmission of."""

import re
import zipfile
from collections.abc import Collection, Mapping
from html import unescape
from pathlib import Path, PurePosixPath

from pipeline.ingest.returned.memory import Memory, SentFile

PROPERTY = "RongheOriginal"
"""The custom property of a copy that holds the path of its source; Excel, WPS and LibreOffice keep it on saving."""

PROPERTIES_PART = "docProps/custom.xml"
MAX_PART_BYTES = 1024 * 1024  # hundreds of properties; what is larger is none that an office program wrote
_VALUE = re.compile(rf'name="{PROPERTY}"[^>]*>\s*<(?:\w+:)?lpwstr[^>]*>([^<]*)<')


def find_originals(sources: Mapping[str, Path], memory: Memory) -> dict[str, SentFile]:
    """Return source path -> the file of the memory that it stands for.

    Asked in this order: the same path; the property of a copy; the name of a copy; the same folder and name with
    another ending (the copy of a .xls is a .xlsx). The last two count only when the original is no longer there.
    """
    by_path = {file.path: file for file in memory.files}
    gone = {path: file for path, file in by_path.items() if path not in sources}
    found = {}
    for path, place in sources.items():
        if not by_path:
            break
        file = by_path.get(path) or by_path.get(_property(place) or "") or _by_name(path, gone.values())
        if file is not None:
            found[path] = file
    return found


def _by_name(path: str, gone: Collection[SentFile]) -> SentFile | None:
    """Return the vanished file whose copy has this name, else the one of this name but for its ending."""
    name, stem = PurePosixPath(path).name, PurePosixPath(path).with_suffix("")
    copies = [file for file in gone if file.copy == name]
    renamed = [file for file in gone if PurePosixPath(file.path).with_suffix("") == stem]
    candidates = copies or renamed
    return candidates[0] if len(candidates) == 1 else None


def _property(path: Path) -> str | None:
    """Return the original's path that a copy carries; None for any other file."""
    try:
        with zipfile.ZipFile(path) as archive:
            entry = archive.getinfo(PROPERTIES_PART)
            if entry.file_size > MAX_PART_BYTES:
                return None
            with archive.open(entry) as stream:
                text = stream.read(MAX_PART_BYTES).decode("utf-8", "replace")
    except (zipfile.BadZipFile, KeyError, OSError, NotImplementedError, ValueError, EOFError):
        return None  # no archive, or one without such properties: it is no copy of ours
    value = _VALUE.search(text)
    return unescape(value[1]) if value else None
