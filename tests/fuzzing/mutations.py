"""Ways in which a file is damaged on its way: cut short, bytes changed, members of its archive lost or exchanged.

Every mutation takes the bytes and a seeded random generator and returns other bytes, so that a failure can be repeated.
"""

import io
import random
import re
import zipfile
from collections.abc import Callable, Mapping

Mutation = Callable[[bytes, random.Random], bytes]

MAX_CHANGED_BYTES = 24
MAX_BLOCK_BYTES = 512
NUMBERS = (b"0", b"-1", b"16384", b"1048577", b"999999999", b"1e999", b"x", b"")  # at and beyond the ends of a sheet


def cut_short(data: bytes, rng: random.Random) -> bytes:
    """Keep 10 to 90 percent from the start: a copy that was interrupted."""
    return data[: len(data) * rng.randint(10, 90) // 100]


def change_bytes(data: bytes, rng: random.Random) -> bytes:
    """Put other values in the place of a few bytes."""
    changed = bytearray(data)
    for _ in range(rng.randint(1, MAX_CHANGED_BYTES)):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def swap_blocks(data: bytes, rng: random.Random) -> bytes:
    """Exchange two blocks of the file."""
    size = min(rng.randint(1, MAX_BLOCK_BYTES), len(data) // 2)
    first, second = sorted(rng.randrange(len(data) - size) for _ in range(2))
    if second - first < size:
        return data[first:] + data[:first]
    a, b = data[first : first + size], data[second : second + size]
    return data[:first] + b + data[first + size : second] + a + data[second + size :]


def overwrite_block(data: bytes, rng: random.Random) -> bytes:
    """Fill a block with one byte: a bad sector."""
    size = min(rng.randint(1, MAX_BLOCK_BYTES), len(data))
    start = rng.randrange(len(data) - size + 1)
    return data[:start] + bytes([rng.choice((0x00, 0xFF, 0x20))]) * size + data[start + size :]


def change_number(data: bytes, rng: random.Random) -> bytes:
    """Put another number in the place of one that is written in digits; the file stays well-formed."""
    found = list(re.finditer(rb"[0-9]+", data))
    if not found:
        return change_bytes(data, rng)
    number = rng.choice(found)
    return data[: number.start()] + rng.choice(NUMBERS) + data[number.end() :]


def drop_member(data: bytes, rng: random.Random) -> bytes:
    """Write the archive anew without one of its members."""
    members = unpack(data)
    del members[rng.choice(sorted(members))]
    return pack(members)


def empty_member(data: bytes, rng: random.Random) -> bytes:
    """Write the archive anew with one member empty."""
    members = unpack(data)
    members[rng.choice(sorted(members))] = b""
    return pack(members)


def exchange_members(data: bytes, rng: random.Random) -> bytes:
    """Write the archive anew with two members in each other's place."""
    members = unpack(data)
    first, second = rng.sample(sorted(members), 2)
    members[first], members[second] = members[second], members[first]
    return pack(members)


def damage_member(data: bytes, rng: random.Random) -> bytes:
    """Change bytes inside a member and pack it with a right checksum: no check of the archive can see it."""
    members = unpack(data)
    name = rng.choice([name for name in sorted(members) if members[name]])
    change = rng.choice((cut_short, change_bytes, swap_blocks, overwrite_block, change_number))
    members[name] = change(members[name], rng) if len(members[name]) > 1 else b""
    return pack(members)


OF_ANY_FILE: Mapping[str, Mutation] = {
    "cut_short": cut_short,
    "change_bytes": change_bytes,
    "swap_blocks": swap_blocks,
    "overwrite_block": overwrite_block,
}
OF_OTHERS: Mapping[str, Mutation] = {"change_number": change_number}
OF_ARCHIVES: Mapping[str, Mutation] = {
    "drop_member": drop_member,
    "empty_member": empty_member,
    "exchange_members": exchange_members,
    "damage_member": damage_member,
}


def mutations_of(data: bytes) -> Mapping[str, Mutation]:
    """Return the mutations that a file can undergo."""
    return {**OF_ANY_FILE, **(OF_ARCHIVES if zipfile.is_zipfile(io.BytesIO(data)) else OF_OTHERS)}


def unpack(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(members: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()
