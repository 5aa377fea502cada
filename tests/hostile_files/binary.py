"""Excel 97 files: OLE containers whose chains run in circles, and records that say more than there is."""

import io
import struct
from collections.abc import Callable

import xlwt
from xlwt.CompoundDoc import XlsDoc

from tests.hostile_files.cases import Hostile, fixed
from tests.raw_files import biff, ole_bytes

SECTOR = 512
FAT_AT, DIRECTORY_AT, MINI_FAT_AT, SHIFT_AT, SECTORS_OF_FAT_AT = 76, 48, 60, 30, 44  # in the header, [MS-CFB] 2.2
CHILD_AT, LEFT_AT, RIGHT_AT, START_AT, SIZE_AT = 76, 68, 72, 116, 120  # in a directory entry, 2.6.1
ENTRY = 128
BOF8_GLOBALS = biff(0x0809, struct.pack("<4HII", 0x0600, 0x0005, 0, 0, 0, 0x0600))
BOF8_SHEET = biff(0x0809, struct.pack("<4HII", 0x0600, 0x0010, 0, 0, 0, 0x0600))
END = biff(0x000A)
PAGE_UTF16 = biff(0x0042, struct.pack("<H", 1200)) + biff(0x00E0, bytes(4) + struct.pack("<H", 1) + bytes(14))
SHEET_KIND, MACRO_KIND = 0, 1


def sound() -> bytearray:
    """A workbook of two rows as xlwt writes it."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("台账")
    sheet.write(0, 0, "姓名")
    sheet.write(1, 0, 1)
    buffer = io.BytesIO()
    book.save(buffer)
    return bytearray(buffer.getvalue())


def whole(stream: bytes) -> bytes:
    buffer = io.BytesIO()
    XlsDoc().save(buffer, stream)
    return buffer.getvalue()


def book(*cells: bytes, before: bytes = b"", kind: int = SHEET_KIND, offset: int | None = None) -> bytes:
    """A BIFF8 workbook of one sheet with the given records; ``before`` stands among those of the workbook."""
    name = struct.pack("<BB", 2, 1) + "台账".encode("utf-16-le")
    listed = biff(0x0085, struct.pack("<IBB", 0, 0, kind) + name)
    start = len(BOF8_GLOBALS + PAGE_UTF16 + before + listed + END)
    listed = biff(0x0085, struct.pack("<IBB", start if offset is None else offset, 0, kind) + name)
    return whole(BOF8_GLOBALS + PAGE_UTF16 + before + listed + END + BOF8_SHEET + b"".join(cells) + END)


def number(row: int, column: int, value: float = 1.0) -> bytes:
    return biff(0x0203, struct.pack("<3Hd", row, column, 0, value))


def put(data: bytearray, offset: int, form: str, *values: int) -> bytes:
    struct.pack_into(form, data, offset, *values)
    return bytes(data)


def first_fat(data: bytearray) -> int:
    """Return where the first sector of the FAT starts in the file."""
    return (struct.unpack_from("<I", data, FAT_AT)[0] + 1) * SECTOR


def directory(data: bytearray) -> int:
    return (struct.unpack_from("<I", data, DIRECTORY_AT)[0] + 1) * SECTOR


def stream_entry(data: bytearray) -> int:
    return bytes(data).index("Workbook\0".encode("utf-16-le"))


def circle_in_fat() -> bytes:
    """The stream of the workbook comes back to its first sector for ever."""
    data = sound()
    start = struct.unpack_from("<I", data, stream_entry(data) + START_AT)[0]
    return put(data, first_fat(data) + 4 * (start + 1), "<I", start)


def circle_in_directory() -> bytes:
    data = sound()
    sector = struct.unpack_from("<I", data, DIRECTORY_AT)[0]
    return put(data, first_fat(data) + 4 * sector, "<I", sector)


def circle_of_entries() -> bytes:
    """An entry that is its own neighbour, left and right, and its own child."""
    data = sound()
    place = stream_entry(data)
    own = (place - directory(data)) // ENTRY
    return put(data, place + LEFT_AT, "<3I", own, own, own)


def circle_in_mini_stream() -> bytes:
    """A stream short enough for the mini stream, whose table is the FAT, whose first sector is itself."""
    data = sound()
    put(data, stream_entry(data) + SIZE_AT, "<I", 4_000)
    fat = struct.unpack_from("<I", data, FAT_AT)[0]
    put(data, first_fat(data) + 4 * fat, "<I", fat)
    return put(data, MINI_FAT_AT, "<2I", fat, 1)


def circle_of_fat_sectors() -> bytes:
    """A list of FAT sectors that goes on in itself."""
    return put(sound(), 68, "<2I", 0, 1_000_000)


def file_pass() -> bytes:
    """A password of RC4, [MS-XLS] 2.4.117."""
    return book(number(0, 0), before=biff(0x002F, struct.pack("<3H", 1, 1, 1) + bytes(48)))


Maker = Callable[[], bytes]
BINARY: dict[str, Hostile] = {
    "a sound one": fixed("a.xls", lambda: bytes(sound()), "read 2"),
    "a FAT that runs in a circle": fixed("a.xls", circle_in_fat, "refused damaged"),
    "a directory that runs in a circle": fixed("a.xls", circle_in_directory, "refused damaged"),
    "entries that run in a circle": fixed("a.xls", circle_of_entries, "refused damaged"),
    "a mini stream that runs in a circle": fixed("a.xls", circle_in_mini_stream, "refused damaged"),
    "a list of FAT sectors that runs in a circle": fixed("a.xls", circle_of_fat_sectors, "refused damaged"),
    "sectors of 2^65535 bytes": fixed("a.xls", lambda: put(sound(), SHIFT_AT, "<H", 0xFFFF), "refused damaged"),
    "sectors of a gigabyte": fixed("a.xls", lambda: put(sound(), SHIFT_AT, "<H", 30), "refused damaged"),
    "a stream of 4 GB": fixed(
        "a.xls", lambda: put(data := sound(), stream_entry(data) + SIZE_AT, "<I", 0xFFFFFFFF), "refused damaged"
    ),
    "a stream behind the end": fixed(
        "a.xls", lambda: put(data := sound(), stream_entry(data) + START_AT, "<I", 0x7FFFFFFF), "refused damaged"
    ),
    "a billion sectors of FAT": fixed("a.xls", lambda: put(sound(), SECTORS_OF_FAT_AT, "<I", 0x7FFFFFFF), "read 2"),
    "only the mark of OLE": fixed("a.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "refused not_spreadsheet"),
    "a directory and nothing else": fixed("a.xls", lambda: ole_bytes("Workbook"), "refused damaged"),
    "an xlsx under a password": fixed(
        "a.xlsx", lambda: ole_bytes("EncryptionInfo", "EncryptedPackage"), "refused encrypted"
    ),
    "a password in the records": fixed("a.xls", file_pass, "refused encrypted"),
    "a document of Word": fixed("a.xls", lambda: ole_bytes("WordDocument"), "refused not_spreadsheet"),
    "a macro sheet": fixed("a.xls", lambda: book(number(0, 0), kind=MACRO_KIND), "refused no_sheets"),
    "Excel 4": fixed("a.xls", lambda: b"\x09\x04\x06\x00\x00\x00\x10\x00" + bytes(64), "refused old_excel"),
    "one cell": fixed("a.xls", lambda: book(number(0, 0)), "read 1"),
    "dimensions of everything": fixed(
        "a.xls", lambda: book(biff(0x0200, struct.pack("<2I3H", 0, 65_536, 0, 256, 0)), number(0, 0)), "read 1"
    ),
    "a row behind the last column": fixed("a.xls", lambda: book(number(0, 0xFFFF)), "refused damaged"),
    "a sheet that starts in the workbook": fixed("a.xls", lambda: book(number(0, 0), offset=0), "refused damaged"),
    "a sheet that starts behind the end": fixed(
        "a.xls", lambda: book(number(0, 0), offset=0x7FFFFFFF), "refused damaged"
    ),
    "a sheet that starts in a record": fixed("a.xls", lambda: book(number(0, 0), offset=7), "refused damaged"),
    "a record longer than the file": fixed(
        "a.xls", lambda: book(struct.pack("<HH", 0x0203, 0xFFFF)), "refused damaged"
    ),
    "a shared string that is not there": fixed(
        "a.xls", lambda: book(biff(0x00FD, struct.pack("<3HI", 0, 0, 0, 99))), "refused damaged"
    ),
    "four billion shared strings": fixed(
        "a.xls",
        lambda: book(number(0, 0), before=biff(0x00FC, struct.pack("<2I", 0xFFFFFFFF, 0xFFFFFFFF))),
        "read 1",
    ),
    "numbers from right to left": fixed(
        "a.xls",
        lambda: book(biff(0x00BD, struct.pack("<2H", 0, 9) + struct.pack("<Hi", 0, 4) + struct.pack("<H", 2))),
        "refused damaged",
    ),
    "not a number": fixed("a.xls", lambda: book(number(0, 0, float("nan"))), "read 1"),
    "an infinite number": fixed("a.xls", lambda: book(number(0, 0, float("inf"))), "read 1"),
    "sheets within each other for ever": fixed(
        "a.xls", lambda: book(number(0, 0), *[BOF8_SHEET] * 2_000), "refused damaged"
    ),
    "a merged range of everything": fixed(
        "a.xls", lambda: book(number(0, 0), biff(0x00E5, struct.pack("<5H", 1, 0, 65_535, 0, 255))), "read 1"
    ),
    "merged ranges that are not there": fixed(
        "a.xls", lambda: book(number(0, 0), biff(0x00E5, struct.pack("<H", 1_000))), "refused damaged"
    ),
}
