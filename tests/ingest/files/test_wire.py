import io
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from pipeline.ingest.files.grids import CellError, FileGrids, Grid, Reason
from pipeline.ingest.files.wire import decode_file, encode_file, read_message, write_message

ROWS = (
    ("张三", 1, 2.5, True, None, "NA"),
    (),
    (
        date(2019, 1, 5),
        datetime(2019, 1, 5, 8, 30, 15, 250),
        time(20, 11),
        timedelta(days=1, seconds=5, microseconds=7),
    ),
    (CellError("#DIV/0!"), float("inf"), '"{\n'),
)


def test_what_is_encoded_comes_back() -> None:
    grid = Grid("1月", False, ROWS, ((0, 0, 0, 7),), 3, ("D7",), (2, 3), ((1, 2), (4, 5)))
    read = FileGrids(Path("台账.xlsx"), "ab", "read", None, "xlsx", (grid, Grid("空", True, (), (), 0)))
    decoded = decode_file(encode_file(read))
    assert decoded == read
    assert [[type(cell) for cell in row] for row in decoded.grids[0].rows] == [
        [type(cell) for cell in row] for row in ROWS
    ]


@pytest.mark.parametrize(
    "reason", [Reason("refused", "damaged_part", {"part": "a.xml", "line": 3}), Reason("skipped", "lock_file")]
)
def test_reasons_come_back(reason: Reason) -> None:
    refused = FileGrids(Path("a.xlsx"), "", reason.status, reason, None, ())
    assert decode_file(encode_file(refused)) == refused


def test_a_file_name_that_is_not_utf8_comes_back() -> None:
    path = Path(b"\xbb\xfd\xb7\xd6.csv".decode("utf-8", "surrogateescape"))
    assert decode_file(encode_file(FileGrids(path, "", "read", None, "text", ()))).path == path


def test_messages_keep_their_length() -> None:
    stream = io.BytesIO()
    write_message(stream, b"one\n")
    write_message(stream, b"")
    whole = stream.getvalue()
    stream.seek(0)
    assert [read_message(stream) for _ in range(3)] == [b"one\n", b"", None]
    assert read_message(io.BytesIO(whole[:10])) is None
