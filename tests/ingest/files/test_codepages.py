import struct
from pathlib import Path

import pytest

from pipeline.ingest.files.codepages import as_western
from pipeline.ingest.files.grids import FileGrids, Grid
from pipeline.ingest.files.workbooks import read_file
from tests.raw_files import biff, biff5_bytes, biff5_label, ole_bytes

GBK = 936


def read(folder: Path, page: int, name: bytes, *texts: bytes) -> FileGrids:
    labels = [biff5_label(row, 0, text) for row, text in enumerate(texts)]
    number = biff(0x0203, struct.pack("<3Hd", 1, 2, 0, 95.5))
    path = folder / "a.xls"
    path.write_bytes(biff5_bytes(name, page, *labels, number))
    return read_file(path)


@pytest.mark.parametrize(
    ("encoding", "page", "texts"),
    [
        ("gbk", GBK, ("一月", "驮卢片区", "张三·A1")),
        ("cp950", 950, ("一月", "營銷管理", "張三")),
        ("cp932", 932, ("一月", "営業部", "カナ")),
        ("cp949", 949, ("일월", "당소조", "장삼")),
        ("cp1251", 1251, ("Январь", "Группа", "Иван")),
        ("cp1252", 1252, ("Été", "Größe", "20 €")),
    ],
)
def test_texts_under_a_code_page(tmp_path: Path, encoding: str, page: int, texts: tuple[str, str, str]) -> None:
    file = read(tmp_path, page, *(text.encode(encoding) for text in texts))
    assert (file.reason, file.container) == (None, "xls")
    assert file.grids == (Grid(texts[0], True, ((texts[1],), (texts[2], None, 95.5)), (), 2),)


def test_every_gbk_character_of_the_first_level_comes_back(tmp_path: Path) -> None:
    codes = (bytes([high, low]) for high in range(0xB0, 0xF8) for low in range(0x81, 0xFF) if low != 0x7F)
    text = b"".join(codes)[:255]
    text += b"" if len(text) % 2 == 0 else b"x"
    (grid,) = read(tmp_path, GBK, b"a", text[:254], b"b").grids
    assert grid.rows[0] == (text[:254].decode("gbk"),)


def test_an_ideographic_space_is_blank(tmp_path: Path) -> None:
    (grid,) = read(tmp_path, GBK, b"a", "　".encode("gbk"), "乙".encode("gbk")).grids
    assert (grid.rows, grid.physical_rows) == (((), ("乙", None, 95.5)), 1)


def test_bytes_that_are_no_gbk_are_refused(tmp_path: Path) -> None:
    file = read(tmp_path, GBK, b"a", b"\x81", b"b")
    assert file.status == "refused"


def test_other_files_are_left_as_they_are() -> None:
    record = biff(0x0809, struct.pack("<4H", 0x0500, 5, 0, 0)) + biff(0x0042, struct.pack("<H", GBK))
    for data in (
        b"PK\x03\x04" + record,
        ole_bytes("Workbook"),
        ole_bytes("Book") + record.replace(b"\xa8\x03", b"\xe4\x04"),
    ):
        assert as_western(data) == (data, None)
