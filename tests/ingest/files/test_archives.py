import io
import zipfile
import zlib

import pytest

from pipeline.ingest.files import archives
from pipeline.ingest.files.refusals import Refused
from tests.raw_files import zip_bytes


def refusal(data: bytes) -> tuple[str, dict[str, str | int]]:
    with pytest.raises(Refused) as caught:
        archives.open_archive(data)
    return caught.value.reason.code, dict(caught.value.reason.values)


def test_a_sound_archive_opens() -> None:
    assert archives.open_archive(zip_bytes({"a.xml": "<a/>"})).read("a.xml") == b"<a/>"


@pytest.mark.parametrize("kept", [30, 60, -10])
def test_a_cut_archive_is_truncated(kept: int) -> None:
    assert refusal(zip_bytes({"a.xml": "<a/>" * 50, "b.xml": "<b/>"})[:kept]) == ("truncated", {})


def test_a_wrong_checksum_is_damage() -> None:
    data = zip_bytes({"a.xml": "<a/>"})
    checksum = zlib.crc32(b"<a/>").to_bytes(4, "little")
    assert refusal(data.replace(checksum, b"\1\2\3\4")) == ("zip_damaged", {"member": "a.xml"})


def test_swapped_bytes_in_a_member_are_damage() -> None:
    data = bytearray(zip_bytes({"a.xml": b"0123456789" * 100}))
    start = 30 + len("a.xml")
    data[start : start + 8] = bytes(8)
    assert refusal(bytes(data))[0] == "zip_damaged"


def test_a_member_that_is_there_twice_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("sheet.xml", "<a/>")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("sheet.xml", "<b/>")
    assert refusal(buffer.getvalue()) == ("zip_duplicates", {"member": "sheet.xml"})


def test_an_encrypted_member_is_refused() -> None:
    data = bytearray(zip_bytes({"a.xml": "<a/>"}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert refusal(bytes(data)) == ("encrypted", {})


def test_a_declared_size_over_the_limit_is_not_inflated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_INFLATED_BYTES", 2**20)
    bomb = zip_bytes({"a.xml": bytes(2**20), "b.xml": bytes(2**20)})
    assert len(bomb) < 5_000
    assert refusal(bomb) == ("too_large", {"megabytes": 2, "limit": 1})


def test_a_size_declared_too_small_is_damage() -> None:
    data = bytearray(zip_bytes({"a.xml": bytes(2**16)}))
    central = data.index(b"PK\x01\x02")
    data[central + 24 : central + 28] = (100).to_bytes(4, "little")
    assert refusal(bytes(data))[0] == "zip_damaged"


def test_an_offset_before_the_file_is_damage() -> None:
    data = bytearray(zip_bytes({"a.xml": "<a/>"}))
    central = data.index(b"PK\x01\x02")
    data[central + 42 : central + 46] = (2**31).to_bytes(4, "little")
    assert refusal(bytes(data))[0] == "zip_damaged"


def test_a_member_that_is_missing_is_named() -> None:
    archive = archives.open_archive(zip_bytes({"a.xml": "<a/>"}))
    with pytest.raises(Refused) as caught:
        archives.read_member(archive, "b.xml")
    assert caught.value.reason.values == {"member": "b.xml"}


def test_too_many_members_are_counted_and_not_weighed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBERS", 2)
    assert refusal(zip_bytes({"a": b"", "b": b"", "c": b""})) == ("zip_members", {"members": 3, "limit": 2})
