"""Damage that keeps to the rules of a format: tags, attributes, records and fields changed, and the rest left whole.

Every mutation takes the bytes of one part and a seeded random generator and returns other bytes.
"""

import random
import re
import struct
from collections.abc import Callable, Iterator

Mutation = Callable[[bytes, random.Random], bytes]

TAG = re.compile(rb"<(/?)([\w:.-]+)([^<>]*)>")
ATTRIBUTE = re.compile(rb'([\w:.-]+)="([^"<>]*)"')
TEXT = re.compile(rb">([^<>]+)<")
VALUES = (
    *(
        b"",
        b"0",
        b"-1",
        b"1",
        b"16384",
        b"1048576",
        b"1048577",
        b"2147483648",
        b"99999999999999999999",
        b"1e308",
        b"1e999",
    ),
    *(
        b"NaN",
        b"-0",
        b"x",
        b"A1",
        b"XFD1048576",
        b"ZZZ9999999",
        b"A1:XFD1048576",
        b"true",
        b"rId1",
        b"../../x",
        b"&#0;",
    ),
    *(
        b"&lt;",
        b"&x;",
        b"&#xD800;",
        b"_x0000_",
        b"_xD800_",
        "　".encode(),
        b"\xff",
        b" " * 300,
        b"9" * 400,
        b"2019-13-45",
    ),
    *(b"0%", b"@", b"string", b"float", b"date", b"percentage", b"s", b"n", b"str", b"inlineStr", b"e", b"b", b"d"),
)
WORDS = (0, 1, 0x7F, 0x80, 0xFF, 0x100, 0x3FFF, 0x4000, 0x7FFF, 0x8000, 0xFFFF)
LONGS = (0, 1, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)
FIELDS = (
    b'"',
    b'""',
    b",",
    b"\t",
    b";",
    b"\r",
    b"\n",
    b"\0",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"sep=;\n",
    b"=1+1",
    b"x" * 33_000,
)
BOF = b"\x09\x08\x10\x00"  # of BIFF8: type and length


def change_attribute(data: bytes, rng: random.Random) -> bytes:
    """Give an attribute another value, or the name of another one."""
    found = _pick(ATTRIBUTE, data, rng)
    if found is None:
        return data
    group = rng.choice((1, 2, 2, 2, 2))
    other = _pick(ATTRIBUTE, data, rng)
    value = rng.choice(VALUES) if group == 2 and rng.random() < 0.8 else other[group] if other else b""
    return data[: found.start(group)] + value + data[found.end(group) :]


def drop_attribute(data: bytes, rng: random.Random) -> bytes:
    """Leave an attribute out."""
    found = _pick(ATTRIBUTE, data, rng)
    return data if found is None else data[: found.start()] + data[found.end() :]


def change_text(data: bytes, rng: random.Random) -> bytes:
    """Put another text between two tags."""
    found = _pick(TEXT, data, rng)
    return data if found is None else data[: found.start(1)] + rng.choice(VALUES) + data[found.end(1) :]


def drop_element(data: bytes, rng: random.Random) -> bytes:
    """Leave an element out, with all that is in it."""
    start, end = _element(data, rng)
    return data[:start] + data[end:]


def repeat_element(data: bytes, rng: random.Random) -> bytes:
    """Write an element several times, once in a while very often."""
    start, end = _element(data, rng)
    times = rng.choice((2, 2, 3, 300)) if end - start < 2_000 else 2
    return data[:end] + data[start:end] * (times - 1) + data[end:]


def nest_element(data: bytes, rng: random.Random) -> bytes:
    """Put an element into itself."""
    start, end = _element(data, rng)
    element = data[start:end]
    inner = element.find(b">") + 1
    return data[:start] + element[:inner] + element + element[inner:] + data[end:]


def move_element(data: bytes, rng: random.Random) -> bytes:
    """Put an element where another one starts."""
    start, end = _element(data, rng)
    rest = data[:start] + data[end:]
    other = _pick(TAG, rest, rng)
    place = other.start() if other else 0
    return rest[:place] + data[start:end] + rest[place:]


def drop_tag(data: bytes, rng: random.Random) -> bytes:
    """Leave out the start or the end of an element, as no XML may but many a page does."""
    found = _pick(TAG, data, rng)
    return data if found is None else data[: found.start()] + data[found.end() :]


def _pick(pattern: re.Pattern[bytes], data: bytes, rng: random.Random) -> re.Match[bytes] | None:
    """Return a match near a random place."""
    start = rng.randrange(len(data) + 1)
    return pattern.search(data, start) or pattern.search(data)


def _element(data: bytes, rng: random.Random) -> tuple[int, int]:
    """Return where an element starts and where it ends, by the next end of its name; nothing where there is none."""
    found = _pick(TAG, data, rng)
    if found is None or found[1]:
        return 0, 0
    if found[3].endswith(b"/"):
        return found.span()
    end = data.find(b"</%s>" % found[2], found.end())
    return (found.start(), end + len(found[2]) + 3) if end >= 0 else found.span()


MARKUP = (
    *(change_attribute, change_attribute, change_text, drop_attribute, drop_element),
    *(repeat_element, nest_element, move_element, drop_tag),
)


def change_biff(data: bytes, rng: random.Random) -> bytes:
    """Change the type, the length or a number of some records of an Excel 97 file, in their place."""
    changed = bytearray(data)
    places = list(_biff_records(data))
    for _ in range(rng.randint(1, 4) if places else 0):
        place, length = rng.choice(places)
        what = rng.random()
        if what < 0.15:
            struct.pack_into("<H", changed, place, struct.unpack_from("<H", data, rng.choice(places)[0])[0])
        elif what < 0.3:
            struct.pack_into("<H", changed, place + 2, rng.choice((0, 1, length // 2, length + 2, 0xFFFF)))
        elif length >= 4 and what < 0.6:
            struct.pack_into("<I", changed, place + 4 + rng.randrange(length - 3), rng.choice(LONGS))
        elif length >= 2:
            struct.pack_into("<H", changed, place + 4 + rng.randrange(length - 1), rng.choice(WORDS))
    return bytes(changed)


def _biff_records(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield place and length of the records behind the first BOF, as far as they make sense."""
    place = data.find(BOF)
    while 0 <= place <= len(data) - 4:
        kind, length = struct.unpack_from("<HH", data, place)
        if length > 8_224 or place + 4 + length > len(data) or (kind == 0 and length == 0):
            return
        yield place, length
        place += 4 + length


def change_biff12(data: bytes, rng: random.Random) -> bytes:
    """Leave out, repeat, exchange or change records of a part of a binary workbook."""
    records = list(_biff12_records(data))
    for _ in range(rng.randint(1, 4) if records else 0):
        number = rng.randrange(len(records))
        what = rng.random()
        if what < 0.2 and len(records) > 1:
            del records[number]
        elif what < 0.4:
            records.insert(number, records[rng.randrange(len(records))])
        elif what < 0.6:
            records[number] = records[number][: rng.randrange(len(records[number]) + 1)]
        elif len(records[number]) > 6:
            content = bytearray(records[number])
            struct.pack_into("<I", content, 2 + rng.randrange(len(content) - 5), rng.choice(LONGS))
            records[number] = bytes(content)
    return b"".join(records)


def _biff12_records(data: bytes) -> Iterator[bytes]:
    """Yield the records whole, as far as they make sense."""
    start = 0
    while start < len(data):
        place = start + (2 if data[start] & 0x80 else 1)
        size = shift = 0
        while place < len(data):
            size |= (data[place] & 0x7F) << shift
            shift += 7
            place += 1
            if not data[place - 1] & 0x80 or shift > 21:
                break
        yield data[start : place + size]
        start = place + size


def change_fields(data: bytes, rng: random.Random) -> bytes:
    """Put marks, delimiters and texts of no use into a delimited text, and leave line ends out."""
    for _ in range(rng.randint(1, 4)):
        place = rng.randrange(len(data) + 1)
        if rng.random() < 0.25:
            end = data.find(b"\n", place)
            data = data[:end] + data[end + 1 :] if end >= 0 else data
        else:
            data = data[:place] + rng.choice(FIELDS) + data[place:]
    return data
