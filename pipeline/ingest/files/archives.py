"""ZIP files from strangers: everything that is checked before a parser sees them."""

import io
import zipfile
import zlib
from collections.abc import Sequence

from pipeline.ingest.files.refusals import Refused

MAX_INFLATED_BYTES = 512 * 1024 * 1024
"""What both readers can go through in the ten seconds of a file: together some 50 MB of sheet XML a second."""

MAX_MEMBERS = 10_000
"""Each sheet, drawing, relation and picture is a member; large workbooks have hundreds."""

METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How Open Packaging and OpenDocument pack (ECMA-376 part 2, annex C). Others that `zipfile` knows take as much memory
as a file asks for, and no spreadsheet program writes them."""

ENCRYPTED_FLAG = 0x1  # bit 0 of the general purpose flags, APPNOTE.TXT 4.4.4
READ_STEP = 1024 * 1024


def open_archive(data: bytes) -> zipfile.ZipFile:
    """Open a ZIP whose every member has been inflated once and matched its declared size and checksum.

    Raises `Refused`: truncated, zip_members, zip_duplicates, encrypted, zip_method, too_large (declared size),
    zip_damaged.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError) as error:
        raise Refused("truncated") from error
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise Refused("zip_members", members=len(members), limit=MAX_MEMBERS)
    _refuse_duplicates(members)
    if any(member.flag_bits & ENCRYPTED_FLAG for member in members):
        raise Refused("encrypted")
    other = next((member for member in members if member.compress_type not in METHODS), None)
    if other is not None:
        raise Refused("zip_method", member=other.filename)
    inflated = sum(member.file_size for member in members)
    if inflated > MAX_INFLATED_BYTES:
        raise Refused("too_large", megabytes=inflated // 2**20, limit=MAX_INFLATED_BYTES // 2**20)
    for member in members:
        _check_member(archive, member)
    return archive


def part_name(member: str) -> str:
    """Return the part that a member is: programs take these names for one whatever their case and slashes."""
    return member.replace("\\", "/").lstrip("/").lower()


def _refuse_duplicates(members: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse members that are the same part, of which two programs might each take another."""
    seen: set[str] = set()
    for member in members:
        name = part_name(member.filename)
        if name in seen:
            raise Refused("zip_duplicates", member=member.filename)
        seen.add(name)


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Inflate one member in steps; `zipfile` compares the checksum at its end and stops at the declared size."""
    read = 0
    try:
        with archive.open(member) as stream:
            while step := stream.read(READ_STEP):
                read += len(step)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError) as error:
        raise Refused("zip_damaged", member=member.filename) from error
    if read != member.file_size:
        raise Refused("zip_damaged", member=member.filename)


def read_member(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return the bytes of a member; raises `Refused` (zip_incomplete) when it is not there."""
    try:
        return archive.read(name)
    except KeyError as error:
        raise Refused("zip_incomplete", member=name) from error
