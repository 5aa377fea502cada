"""Damaged files one after the other: how each is made from its seed, and what must hold of it."""

import random
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from unittest.mock import patch

from pipeline.ingest import opening
from pipeline.ingest.files.grids import DEATHS, FileGrids
from pipeline.ingest.files.sandbox import Reader
from pipeline.ingest.reading import check_paths
from pipeline.texts import load_texts
from tests.fuzzing.mutations import OF_ANY_FILE, Mutation, mutations_of, pack, unpack
from tests.fuzzing.structure import MARKUP, change_biff, change_biff12, change_fields
from tests.hand_made import CATALOG
from tests.stand_in_reader import StandInReader

TEXTS = load_texts("zh")
STUMBLED = TEXTS("refused.unexpected", error="|").partition("|")[0]
OLE_MAGIC = b"\xd0\xcf\x11\xe0"
PIECES = 16  # a part is cut in so many when it is made smaller


class WarmReader(StandInReader):
    """The reader itself, with one worker for all files; it says in the words of a fixture what became of the last."""

    def __init__(self) -> None:
        self.reader = Reader()
        self.outcome = ""

    def read(self, path: Path) -> FileGrids:
        """Read one file."""
        file = self.reader.read(path)
        reason = file.reason
        self.outcome = (
            f"read {sum(grid.physical_rows for grid in file.grids)}"
            if reason is None
            else f"{file.status} {reason.code}"
        )
        return file


def failure_of(path: Path, reader: WarmReader) -> str | None:
    """Return what is wrong with how one file was read and accounted for; None when nothing is."""
    with patch.object(opening, "Reader", reader):
        (file,), _ = check_paths([path], CATALOG, TEXTS)
    code = reader.outcome.rpartition(" ")[2]
    if code in DEATHS:
        return code
    if STUMBLED in (file.reason or ""):
        return str(file.reason).removeprefix(STUMBLED).partition("）")[0]
    if not all(sheet.balances() for sheet in file.sheets):
        return "rows not accounted for"
    return None


def damage(data: bytes, rng: random.Random) -> bytes:
    """Return a file with one to three faults, each within the rules of its format or against them."""
    for _ in range(rng.randint(1, 3)):
        data = _mutations(data, rng)(data, rng) if data else data
    return data


def is_sound_archive(data: bytes) -> bool:
    """Tell whether an archive can be taken apart and packed again."""
    try:
        unpack(data)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, EOFError):
        return False
    return True


def _mutations(data: bytes, rng: random.Random) -> Mutation:
    if is_sound_archive(data):
        return _within_member if rng.random() < 0.8 else rng.choice(sorted(mutations_of(data).items()))[1]
    if rng.random() < 0.2 or data.startswith(b"PK"):
        return rng.choice(sorted(OF_ANY_FILE.items()))[1]
    if data.startswith(OLE_MAGIC):
        return change_biff
    return rng.choice(MARKUP) if b"<" in data[:200] else change_fields


def _within_member(data: bytes, rng: random.Random) -> bytes:
    """Change one part of an archive, sheets before all others, and pack it soundly."""
    members = unpack(data)
    names = sorted(name for name in members if members[name])
    if not names:
        return data
    sheets = [name for name in names if "sheet" in name or "content" in name.lower() or "String" in name]
    name = rng.choice(sheets if sheets and rng.random() < 0.7 else names)
    change = change_biff12 if name.endswith(".bin") else rng.choice(MARKUP)
    members[name] = change(members[name], rng)
    return pack(members)


def smaller(data: bytes, still_fails: Callable[[bytes], bool], tries: int) -> bytes:
    """Return a file that fails in the same way with fewer members and shorter parts, as far as that takes few tries."""
    if not is_sound_archive(data):
        return _shorter(data, still_fails, tries)
    members = unpack(data)
    for name in sorted(members):
        rest = {other: content for other, content in members.items() if other != name}
        if still_fails(pack(rest)):
            members = rest
    for name in sorted(members, key=lambda name: -len(members[name]))[:2]:
        others = dict(members)

        def fails(part: bytes, name: str = name, others: dict[str, bytes] = others) -> bool:
            return still_fails(pack({**others, name: part}))

        members[name] = _shorter(members[name], fails, tries)
    return pack(members)


def _shorter(data: bytes, still_fails: Callable[[bytes], bool], tries: int) -> bytes:
    size = max(1, len(data) // PIECES)
    start = 0
    while start < len(data) and tries:
        rest = data[:start] + data[start + size :]
        tries -= 1
        if rest and still_fails(rest):
            data = rest
        else:
            start += size
    return data


def choose(paths: Sequence[Path], rng: random.Random) -> tuple[str, bytes]:
    """Return the name and the bytes of one damaged file."""
    source = rng.choice(paths)
    return source.name, damage(source.read_bytes(), rng)
