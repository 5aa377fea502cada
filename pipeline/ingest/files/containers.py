"""What a file is, by its content and not by its name; and what is turned away before any parser sees it."""

import re
import zipfile
from pathlib import PurePath

from pipeline.ingest.files.archives import open_archive
from pipeline.ingest.files.decoding import decode_text
from pipeline.ingest.files.grids import Container
from pipeline.ingest.files.names import TEXT_SUFFIXES, WORKBOOK_SUFFIXES
from pipeline.ingest.files.packages import find_member, find_workbook
from pipeline.ingest.files.refusals import Refused, Skipped

ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")  # the second is an archive without members
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BARE_BIFF_MAGIC = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00")
"""A BOF record of BIFF2, 3, 4 and 5 at the very start: Excel 2 to 4 wrote no OLE container around it."""

OTHER_MAGIC = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"Rar!", b"7z\xbc\xaf", b"{\\rtf")
"""Pictures, PDF, archives and documents that somebody gave a workbook's name."""

OLE_ENTRY_BYTES = 128  # [MS-CFB] 2.6.1: a directory entry starts with its name in UTF-16; byte 66 is its type
OLE_TYPE_OFFSET = 66
OLE_STREAM = 2
WORKBOOK_STREAMS = ("Workbook", "Book")  # BIFF8 and BIFF5
ENCRYPTED_STREAM = "EncryptedPackage"  # [MS-OFFCRYPTO] 2.3.4.4: an xlsx under a password

ODS_MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
WORKBOOK_ROOT = re.compile(rb"<(?:[\w.-]+:)?workbook[\s>]")
SPREADSHEETML_2003 = b"urn:schemas-microsoft-com:office:spreadsheet"
HTML_START = re.compile(
    rb"(?:<(?:html|table|tr|head|body|meta|style|title|div|p|center|font|h[1-6])[\s>/]|<!doctype html|mime-version:)"
)
TEXTUAL = ("text", "html", "spreadsheetml")  # without magic bytes: only their name sets them apart from other files
COMMENT = re.compile(rb"<!--.*?-->\s*", re.DOTALL)
CONTROL = re.compile(rb"[\0-\x08\x0e-\x1f]")  # in no text, whatever its encoding
MARKS_AND_SPACE = b"\xef\xbb\xbf\xff\xfe \t\r\n"
HEAD_BYTES = 4096  # prologue and root element, with room for comments and many namespaces


def recognise_container(name: str, data: bytes) -> Container:
    """Return the container of a file from its bytes; ``name`` only tells workbooks from the other files of a folder.

    Raises `Skipped` for files that are no workbook or of which nothing has arrived yet, `Refused` for workbooks that
    cannot be read safely.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix in WORKBOOK_SUFFIXES:
        _skip_without_contents(data)
    try:
        container = _sniff(data)
    except Refused as refusal:
        if suffix not in WORKBOOK_SUFFIXES:
            raise Skipped("not_workbook") from refusal
        raise
    if container in TEXTUAL and suffix not in WORKBOOK_SUFFIXES:
        raise Skipped("not_workbook")
    if container == "text" and suffix not in TEXT_SUFFIXES:
        _refuse_message(data)
    return container


def _skip_without_contents(data: bytes) -> None:
    """Skip a file of no bytes, or of nothing but NUL: its room is taken, and its contents have yet to come."""
    if not data:
        raise Skipped("empty")
    if data.startswith(b"\0") and not data.strip(b"\0"):
        raise Skipped("not_arrived")


def _sniff(data: bytes) -> Container:
    """Tell the container by magic bytes; what has none is text."""
    if data.startswith(ZIP_MAGIC):
        return _sniff_archive(data)
    if data.startswith(OLE_MAGIC):
        return _sniff_ole(data)
    if data.startswith(BARE_BIFF_MAGIC):
        raise Refused("old_excel")
    if data.startswith(OTHER_MAGIC):
        raise Refused("not_spreadsheet")
    return _sniff_markup(data) or "text"


def _sniff_archive(data: bytes) -> Container:
    """Tell OpenDocument from Open XML by what the archive holds, after all its checks."""
    archive = open_archive(data)
    if find_member(archive, "mimetype") and archive.read("mimetype").startswith(ODS_MIMETYPE):
        _refuse_encrypted_ods(archive)
        return "ods"
    workbook = find_workbook(archive)
    member = find_member(archive, workbook) if workbook else None
    if member is None:
        raise Refused("not_spreadsheet")
    if member.lower().endswith(".bin"):
        return "xlsb"
    with archive.open(member) as stream:
        if not WORKBOOK_ROOT.search(stream.read(HEAD_BYTES)):
            raise Refused("not_spreadsheet")
    return "xlsx"


def _refuse_encrypted_ods(archive: zipfile.ZipFile) -> None:
    manifest = find_member(archive, "META-INF/manifest.xml")
    if manifest and b"encryption-data" in archive.read(manifest):
        raise Refused("encrypted")


def _sniff_ole(data: bytes) -> Container:
    """Tell a BIFF workbook (xls, WPS et) from an encrypted xlsx and from documents of other programs."""
    if _has_ole_stream(data, ENCRYPTED_STREAM):
        raise Refused("encrypted")
    if not any(_has_ole_stream(data, name) for name in WORKBOOK_STREAMS):
        raise Refused("not_spreadsheet")
    return "xls"


def _has_ole_stream(data: bytes, name: str) -> bool:
    """Tell whether the directory names a stream; its entries stand on multiples of their size, wherever they are."""
    pattern = re.compile(re.escape(f"{name}\0".encode("utf-16-le")), re.IGNORECASE)
    return any(
        match.start() % OLE_ENTRY_BYTES == 0 and data[match.start() + OLE_TYPE_OFFSET] == OLE_STREAM
        for match in pattern.finditer(data, 0, len(data) - OLE_ENTRY_BYTES + len(name))
    )


def _sniff_markup(data: bytes) -> Container | None:
    """Tell web pages and Excel 2003 XML, which business systems export under the name .xls; None for plain text."""
    head = data[:HEAD_BYTES].replace(b"\0", b"").lstrip(MARKS_AND_SPACE).lower()  # UTF-16 markup is ASCII and NULs
    while comment := COMMENT.match(head):
        head = head[comment.end() :]
    if HTML_START.match(head) or (head.startswith(b"<?xml") and b"<html" in head):
        return "html"
    if SPREADSHEETML_2003 in head:
        return "spreadsheetml"
    if head.startswith(b"<!doctype"):
        raise Refused("doctype")
    if head.startswith(b"<?xml"):
        raise Refused("not_spreadsheet")
    return None


def _refuse_message(data: bytes) -> None:
    """Refuse what took a workbook's place and is no table: bytes that are no text either, as a program leaves them that
    encrypts every file of an office, and text such as the message of an e-mail program.
    """
    try:
        decode_text(data)
    except Refused as refusal:
        raise (Refused("scrambled") if CONTROL.search(data, 0, HEAD_BYTES) else refusal) from refusal
    if not any(delimiter in data for delimiter in (b"\t", b",", b";", b"|")):
        raise Refused("not_spreadsheet")
