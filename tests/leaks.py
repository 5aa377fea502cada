"""Searching what is published for what must not be: names of members, phone numbers, retailers, operators.

A name is looked for in every published file, unpacked where it is packed (workbooks, scripts in a page), with its
escapes undone, in document properties and in the names of the files themselves.
"""

import base64
import gzip
import html
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from pipeline.ingest.bureau import Reading
from tests.unpacking import from_base85

PACKED = re.compile(r"[A-Za-z0-9+/]{200,}={0,2}")  # base64 that may hold a gzip stream
PACKED_85 = re.compile(r'<script type="text/plain"[^>]*>([^<]{200,})</script>')  # base 85, as a page keeps plotly.js
ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
PHONE = re.compile(r"(?<![0-9A-Za-z.+/])1[3-9]\d[\d*]{8}(?![0-9A-Za-z+/])")
PRIVATE_COLUMNS = (
    ("memberships", "member"),
    ("unlicensed_shops", "operator"),
    ("guidance_visits", "retailer_no"),
    ("opinions", "collector"),
    ("opinions", "handler"),
    ("leaves", "approved_by"),
    ("corrections", "approved_by"),
    ("points_ledger", "recorded_by"),
    ("leader_duties", "assessor"),
    ("cases", "case_no"),
    ("cases", "place"),
)
OFFICES = re.compile(r".*(?:部|股|室|组|所|局|片区|中心|支部|委员|书记|办公室|领导)")


def private_words(reading: Reading, raw: Path) -> frozenset[str]:
    """Return every name, number and phone that a bureau's workbooks hold and nobody outside may read."""
    found = {
        str(word).strip()
        for table, column in PRIVATE_COLUMNS
        for word in reading.tables[table][column].dropna().unique()
    }
    words = {word for word in found if len(word) > 1 and not OFFICES.fullmatch(word)}
    for path in raw.rglob("*.csv"):
        words |= set(PHONE.findall(path.read_bytes().decode("gb18030", "replace")))
    return frozenset(words)


def find_leaks(folder: Path, words: Iterable[str]) -> list[str]:
    """Return «file (part): word» for every published file below ``folder`` that holds one of ``words``."""
    spaced = (r"\s*".join(map(re.escape, word)) for word in sorted(words))
    pattern = re.compile("|".join(spaced))
    leaks = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        for part, text in (("name", path.name), *readable_parts(path)):
            found = pattern.search(text) or PHONE.search(text if part != "name" else "")
            if found:
                leaks.append(f"{path.relative_to(folder).as_posix()} ({part}): {found[0]}")
    return leaks


def readable_parts(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (part, text) of a file: itself, the members of an archive, and what is packed into a page."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield name, _plain(archive.read(name).decode("utf-8", "replace"))
        return
    data = path.read_bytes()
    if path.suffix == ".png":
        yield "text chunks", " ".join(_png_texts(data))
        return
    text = data.decode("utf-8", "replace")
    yield "text", _plain(text)
    streams: list[tuple[str, Callable[[str], bytes]]] = [(packed, _from_base64) for packed in PACKED.findall(text)]
    streams += [(packed, from_base85) for packed in PACKED_85.findall(text)]
    for number, (packed, decode) in enumerate(streams, start=1):
        unpacked = _unpacked(packed, decode)
        if unpacked is not None:
            yield f"packed {number}", _plain(unpacked)


def _plain(text: str) -> str:
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), html.unescape(text))


def _from_base64(packed: str) -> bytes:
    return base64.b64decode(packed, validate=True)


def _unpacked(packed: str, decode: Callable[[str], bytes]) -> str | None:
    """Return the text of a packed gzip stream; ``None`` for what holds none."""
    try:
        return gzip.decompress(decode(packed)).decode("utf-8", "replace")
    except (ValueError, OSError, EOFError, zlib.error):
        return None


def _png_texts(data: bytes) -> Iterator[str]:
    """Yield the text chunks of a PNG: where a program writes title, author and the like."""
    place = 8
    while place + 8 <= len(data):
        length, kind = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + 8]
        if kind in (b"tEXt", b"iTXt", b"zTXt"):
            yield data[place + 8 : place + 8 + length].decode("utf-8", "replace")
        place += 12 + length
