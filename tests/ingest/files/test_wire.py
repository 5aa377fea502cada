import io
from pathlib import Path

import pytest

from pipeline.ingest.files.grids import FileGrids, Reason
from pipeline.ingest.files.packing import PackedGrids, pack_grids
from pipeline.ingest.files.wire import decode_file, encode_file, read_message, write_message

PACKED = PackedGrids(b'[[], ["t\xe7\x94\xb2"]]', b"\0\x01\n")


@pytest.mark.parametrize(
    "file",
    [
        FileGrids(Path("台账.xlsx"), "ab", "read", None, "xlsx", ()),
        FileGrids(
            Path("a.xlsx"), "", "refused", Reason("refused", "damaged_part", {"part": "a.xml", "line": 3}), None, ()
        ),
        FileGrids(Path("a.xlsx"), "", "skipped", Reason("skipped", "lock_file"), None, ()),
    ],
)
def test_what_is_encoded_comes_back(file: FileGrids) -> None:
    assert decode_file(encode_file(file, PACKED)) == (file, PACKED)


def test_a_file_name_that_is_not_utf8_comes_back() -> None:
    path = Path(b"\xbb\xfd\xb7\xd6.csv".decode("utf-8", "surrogateescape"))
    file, packed = decode_file(encode_file(FileGrids(path, "", "read", None, "text", ()), pack_grids(())))
    assert (file.path, packed) == (path, pack_grids(()))


def test_messages_keep_their_length() -> None:
    stream = io.BytesIO()
    write_message(stream, b"one\n")
    write_message(stream, b"")
    whole = stream.getvalue()
    stream.seek(0)
    assert [read_message(stream) for _ in range(3)] == [b"one\n", b"", None]
    assert read_message(io.BytesIO(whole[:10])) is None
