"""Searching what is published for what must not be: names of members, phone numbers, retailers, operators, parties to a
case, whatever the data dictionary keeps from managers, paths of a machine and tracebacks.

A word is looked for in every published file, unpacked where it is packed (workbooks, scripts in a page, PDF), with its
escapes undone, in document properties and in the names of the files themselves.
"""

import base64
import gzip
import html
import re
import shutil
import subprocess
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from pipeline.catalog import Catalog
from pipeline.ingest.bureau import Reading
from pipeline.report.material.privacy import MANAGERS_TIERS
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
# What a machine or a program would tell of itself: homes and temporary folders of three systems, virtual environments,
# the traceback of an error
MACHINE = re.compile(
    r"(?<![\w.])/(?:home|root|Users|tmp|var/folders|private/var|mnt|work)/"
    r"|[A-Za-z]:[\\/]{1,4}(?:Users|Windows|Temp|Documents and Settings)\b"
    r"|file:///|site-packages|Traceback \(most recent call last\)|File \\?\"[^\"]+\\?\", line \d"
)
# Kept from managers, and yet words of everyday use that a page may have of its own accord
EVERYDAY = frozenset({"gender", "status", "leave_type", "transferred", "party_group", "duty_item"})
LONG_ENOUGH = 4  # characters of a text that is no name; shorter ones (走访, 住院) stand in any sentence
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


def kept_texts(reading: Reading, catalog: Catalog) -> frozenset[str]:
    """Return every text of the workbooks that the data dictionary keeps from managers: grounds, problems, contents."""
    kept = [
        (column.table, column.column)
        for column in catalog.columns
        if column.table in reading.tables
        and column.table != "aliases"  # departments, which any page may name
        and column.dtype == "text"
        and column.tier not in MANAGERS_TIERS
        and column.column not in EVERYDAY
    ]
    found = {str(word).strip() for table, column in kept for word in reading.tables[table][column].dropna().unique()}
    return frozenset(word for word in found if len(word) >= LONG_ENOUGH)


def find_leaks(folder: Path, words: Iterable[str]) -> list[str]:
    """Return «file (part): word» for every published file below ``folder`` that holds one of ``words``."""
    spaced = (r"\s*".join(map(re.escape, word)) for word in sorted(words))
    pattern = re.compile("|".join(spaced))
    leaks = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        for part, text in (("name", path.name), *readable_parts(path)):
            found = pattern.search(text) or MACHINE.search(text) or PHONE.search(text if part != "name" else "")
            if found:
                leaks.append(f"{path.relative_to(folder).as_posix()} ({part}): {found[0]}")
    return leaks


def readable_parts(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (part, text) of a file: itself, the members of an archive, and what is packed into a page or a PDF."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield name, _plain(archive.read(name).decode("utf-8", "replace"))
        return
    data = path.read_bytes()
    if path.suffix == ".png":
        yield "text chunks", " ".join(_png_texts(data))
        return
    if path.suffix == ".pdf":
        yield from _pdf_texts(path, data)
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
    """Yield the text chunks of a PNG, unpacked: where a program writes title, author and the like."""
    place = 8
    while place + 8 <= len(data):
        length, kind = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + 8]
        if kind in (b"tEXt", b"iTXt", b"zTXt"):
            chunk = data[place + 8 : place + 8 + length]
            yield " ".join(part.decode("utf-8", "replace") for part in (chunk, *_inflated(chunk)))
        place += 12 + length


def _pdf_texts(path: Path, data: bytes) -> Iterator[tuple[str, str]]:
    """Yield a PDF's properties and unpacked streams, and what it reads like where poppler's pdftotext is installed."""
    yield "bytes", data.decode("latin-1")
    yield "properties", data.decode("utf-16-be", "replace") + data[1:].decode("utf-16-be", "replace")
    yield "streams", " ".join(stream.decode("utf-8", "replace") for stream in _inflated(data))
    if reader := shutil.which("pdftotext"):
        yield "text", subprocess.run([reader, path, "-"], capture_output=True, check=False).stdout.decode("utf-8")


def _inflated(data: bytes) -> Iterator[bytes]:
    """Yield what zlib streams hold that begin anywhere in ``data``."""
    for found in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", data):
        try:
            yield zlib.decompressobj().decompress(data[found.start() :])
        except zlib.error:
            continue
