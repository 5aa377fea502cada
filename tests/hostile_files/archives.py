"""Archives that are bombs, lie about themselves, or hold what no archive should."""

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Sequence
from functools import partial

from tests.hostile_files.cases import Hostile, fixed
from tests.raw_files import ods_bytes, relations_xml, xlsx_members, zip_bytes

ROWS = '<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c></row><row r="2"><c r="A2"><v>1</v></c></row>'
SHEET = "xl/worksheets/sheet1.xml"
MEGABYTE = 2**20
STORED, DEFLATED = 0, 8
LOCAL = struct.Struct("<4s5H3I2H")  # APPNOTE.TXT 4.3.7
CENTRAL = struct.Struct("<4s6H3I5H2I")  # 4.3.12
END = struct.Struct("<4s4H2IH")  # 4.3.16
SIZE_AT, CRC_AT, METHOD_AT, NAME_AT = 24, 16, 10, 46  # in a central entry


def deflated_zeros(megabytes: int) -> bytes:
    """Deflate that many megabytes of zeros without going through them: one piece, over and over."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = packer.compress(bytes(MEGABYTE)) + packer.flush(zlib.Z_FULL_FLUSH)
    return piece * megabytes + zlib.compressobj(9, zlib.DEFLATED, -15).flush()


def raw_zip(entries: Sequence[tuple[bytes, int, bytes, int]]) -> bytes:
    """An archive of (name, method, packed bytes, declared size), with checksums that nobody has counted."""
    body, directory = b"", b""
    for name, method, packed, size in entries:
        start = len(body)
        body += LOCAL.pack(b"PK\x03\x04", 20, 0, method, 0, 0, 0, len(packed), size, len(name), 0) + name + packed
        directory += central(name, method, len(packed), size, start)
    return body + directory + end(len(entries), len(directory), len(body))


def central(name: bytes, method: int, packed: int, size: int, start: int) -> bytes:
    return CENTRAL.pack(b"PK\x01\x02", 20, 20, 0, method, 0, 0, 0, packed, size, len(name), 0, 0, 0, 0, 0, start) + name


def end(entries: int, length: int, start: int) -> bytes:
    return END.pack(b"PK\x05\x06", 0, 0, entries, entries, length, start, 0)


def quoted_overlap(entries: int, megabytes: int) -> bytes:
    """Every local header is stored text of the member before it, and all end in one kernel: no byte is there twice."""
    kernel = deflated_zeros(megabytes)
    name = f"{0:04d}".encode()
    body = LOCAL.pack(b"PK\x03\x04", 20, 0, DEFLATED, 0, 0, 0, len(kernel), 0, len(name), 0) + name + kernel
    starts, sizes = [0], [(len(kernel), megabytes * MEGABYTE)]
    for number in range(1, entries):
        name = f"{number:04d}".encode()
        quoted = LOCAL.size + len(name)
        packed, size = sizes[0][0] + 5 + quoted, sizes[0][1] + quoted
        block = struct.pack("<BHH", 0, quoted, quoted ^ 0xFFFF)  # RFC 1951 3.2.4: a stored block
        header = LOCAL.pack(b"PK\x03\x04", 20, 0, DEFLATED, 0, 0, 0, packed, size, len(name), 0) + name
        body = header + block + body
        starts = [0, *(start + len(header) + len(block) for start in starts)]
        sizes.insert(0, (packed, size))
    names = [f"{number:04d}".encode() for number in reversed(range(entries))]
    listed = zip(names, sizes, starts, strict=True)
    directory = b"".join(central(name, DEFLATED, *size, start) for name, size, start in listed)
    return body + directory + end(entries, len(directory), len(body))


def book(*extra: tuple[str, bytes | str]) -> bytes:
    """A sound workbook of two rows with more members, which may have the names of others."""
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # of zipfile, which sees a name for the second time
        for name, content in [*xlsx_members(ROWS).items(), *extra]:
            archive.writestr(zipfile.ZipInfo(name) if "\\" in name else name, content)
    return buffer.getvalue()


def without(part: str) -> bytes:
    return zip_bytes({name: content for name, content in xlsx_members(ROWS).items() if name != part})


def changed(part: str, old: str, new: str) -> bytes:
    members = xlsx_members(ROWS)
    return zip_bytes({**members, part: str(members[part]).replace(old, new)})


def packed_by(method: int) -> bytes:
    """A workbook whose members are packed by a method that Open Packaging does not know."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in xlsx_members(ROWS).items():
            archive.writestr(name, content)
    return buffer.getvalue()


def patched(data: bytes, offset: int, value: bytes, entry: int = 0) -> bytes:
    """Put other bytes into an entry of the central directory."""
    start = -1
    for _ in range(entry + 1):
        start = data.index(b"PK\x01\x02", start + 1)
    return data[: start + offset] + value + data[start + offset + len(value) :]


def flat_bomb(declared: int) -> bytes:
    members = [
        (name.encode(), STORED, content.encode(), len(content.encode())) for name, content in texts() if name != SHEET
    ]
    return raw_zip([(SHEET.encode(), DEFLATED, deflated_zeros(600), declared), *members])


def texts() -> list[tuple[str, str]]:
    return [(name, str(content)) for name, content in xlsx_members(ROWS).items()]


def bomb_within() -> bytes:
    inner = raw_zip([(b"0", DEFLATED, deflated_zeros(600), 600 * MEGABYTE)])
    return book(("xl/embeddings/oleObject1.zip", inner))


def one_part_many_sheets() -> bytes:
    """One sheet of a megabyte, listed a thousand times: a gigabyte to go through."""
    members = xlsx_members(ROWS + "<!-- " + "x" * MEGABYTE + " -->")
    sheets = "".join(f'<sheet name="{number}" sheetId="{number}" r:id="rId1"/>' for number in range(1, 1_001))
    workbook = str(members["xl/workbook.xml"])
    listed = '<sheet name="台账" sheetId="1" r:id="rId1"/>'
    return zip_bytes({**members, "xl/workbook.xml": workbook.replace(listed, sheets)})


def encrypted_ods() -> bytes:
    return ods_bytes("", manifest="<file-entry><encryption-data/></file-entry>")


RELATIONS = "xl/_rels/workbook.xml.rels"
TARGET = "worksheets/sheet1.xml"
UP, AWAY, BACK = "../../../../etc/passwd", "/etc/passwd", "workbook.xml"
SAME_NAMES = ("xl/worksheets/SHEET1.xml", "xl\\worksheets\\sheet1.xml", "/xl/worksheets/sheet1.xml", SHEET)
OTHER_SHEET = "<worksheet/>"

Maker = Callable[[], bytes]
ARCHIVES: dict[str, Hostile] = {
    "flat bomb": fixed("a.xlsx", lambda: flat_bomb(600 * MEGABYTE), "refused too_large limit=512 megabytes=600"),
    "flat bomb that declares a kilobyte": fixed(
        "a.xlsx", lambda: flat_bomb(1024), f"refused zip_damaged member={SHEET}"
    ),
    "bomb within a member": fixed("a.xlsx", bomb_within, "read 2"),
    "quoted overlap of 12 GB": fixed(
        "a.xlsx", lambda: quoted_overlap(600, 20), "refused too_large limit=512 megabytes=12005"
    ),
    "quoted overlap below the limit": fixed(
        "a.xlsx", lambda: quoted_overlap(20, 20), "refused zip_damaged member=0019"
    ),
    "one part as a thousand sheets": fixed(
        "a.xlsx", one_part_many_sheets, "refused shared_part member=xl/worksheets/sheet1.xml sheet=2"
    ),
    "too many members": fixed(
        "a.xlsx", lambda: book(*[(str(n), "") for n in range(10_001)]), "refused zip_members limit=10000 members=10007"
    ),
    **{
        f"the same member as {name}": fixed(
            "a.xlsx", partial(book, (name, OTHER_SHEET)), f"refused zip_duplicates member={name}"
        )
        for name in SAME_NAMES
    },
    "a member that climbs out": fixed("a.xlsx", lambda: book((UP, "x"), (AWAY, "x"), ("C:\\a.exe", "x")), "read 2"),
    "a sheet outside the archive": fixed(
        "a.xlsx", lambda: changed(RELATIONS, TARGET, UP), "refused zip_incomplete member=etc/passwd"
    ),
    "a sheet on this machine": fixed(
        "a.xlsx", lambda: changed(RELATIONS, TARGET, AWAY), "refused zip_incomplete member=etc/passwd"
    ),
    "the workbook as its own sheet": fixed("a.xlsx", lambda: changed(RELATIONS, TARGET, BACK), "refused damaged"),
    "password on the members": fixed("a.xlsx", lambda: patched(book(), 8, b"\x01\x00"), "refused encrypted"),
    "password on an ods": fixed("a.ods", encrypted_ods, "refused encrypted"),
    "a wrong checksum": fixed(
        "a.xlsx", lambda: patched(book(), CRC_AT, b"\1\2\3\4", 4), f"refused zip_damaged member={SHEET}"
    ),
    "a size too small": fixed(
        "a.xlsx", lambda: patched(book(), SIZE_AT, b"\x10\0\0\0", 4), f"refused zip_damaged member={SHEET}"
    ),
    "a size of 4 GB": fixed(
        "a.xlsx", lambda: patched(book(), SIZE_AT, b"\xf0\xff\xff\xff", 4), "refused too_large limit=512 megabytes=4096"
    ),
    "a name unlike that of its header": fixed(
        "a.xlsx", lambda: patched(book(), NAME_AT, b"yl", 4), "refused zip_damaged member=yl/worksheets/sheet1.xml"
    ),
    "packed by bzip2": fixed(
        "a.xlsx", lambda: packed_by(zipfile.ZIP_BZIP2), "refused zip_method member=[Content_Types].xml"
    ),
    "packed by lzma": fixed(
        "a.xlsx", lambda: packed_by(zipfile.ZIP_LZMA), "refused zip_method member=[Content_Types].xml"
    ),
    "packed by no known method": fixed(
        "a.xlsx", lambda: patched(book(), METHOD_AT, b"\x63\x00", 4), f"refused zip_method member={SHEET}"
    ),
    "no table of contents": fixed("a.xlsx", lambda: book()[:-22], "refused truncated"),
    "a megabyte behind the archive": fixed("a.xlsx", lambda: book() + bytes(MEGABYTE), "refused truncated"),
    "a program before the archive": fixed("a.xlsx", lambda: b"MZ\x90\0" + bytes(60) + book(), "refused scrambled"),
    "only the mark of an archive": fixed("a.xlsx", lambda: b"PK\x03\x04", "refused truncated"),
    "an archive of nothing": fixed("a.xlsx", lambda: zip_bytes({}), "refused not_spreadsheet"),
    "no content types": fixed("a.xlsx", lambda: without("[Content_Types].xml"), "read 2"),
    "wrong content types": fixed("a.xlsx", lambda: changed("[Content_Types].xml", "application/", "image/"), "read 2"),
    "no relations": fixed("a.xlsx", lambda: without("_rels/.rels"), "refused not_spreadsheet"),
    "no workbook": fixed("a.xlsx", lambda: without("xl/workbook.xml"), "refused not_spreadsheet"),
    "no relations of the workbook": fixed("a.xlsx", lambda: without(RELATIONS), "refused zip_incomplete member=台账"),
    "no sheet": fixed("a.xlsx", lambda: without(SHEET), f"refused zip_incomplete member={SHEET}"),
    "no content in an ods": fixed(
        "a.ods",
        lambda: zip_bytes({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
        "refused zip_incomplete member=content.xml",
    ),
    "relations of another program": fixed(
        "a.xlsx",
        lambda: zip_bytes(
            {"_rels/.rels": relations_xml(rId1=("officeDocument", "word/document.xml")), "word/document.xml": "<w/>"}
        ),
        "refused not_spreadsheet",
    ),
}
