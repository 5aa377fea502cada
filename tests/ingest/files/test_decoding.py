import pytest

from pipeline.ingest.files.decoding import decode_markup, decode_text
from pipeline.ingest.files.refusals import Refused

TEXT = "姓名,得分\n张三,９５\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_of_the_workbooks_that_arrive(encoding: str) -> None:
    assert decode_text(TEXT.encode(encoding)) == TEXT


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_though_a_character_ends_in_a_nul_byte(encoding: str) -> None:
    text = "一\t一\r\n一一一一一一\t\u3000\r\n"  # U+4E00 and U+3000
    assert decode_text(text.encode(encoding)) == text


@pytest.mark.parametrize(
    "data",
    [
        b"\x80\xff,a",
        b"a\0b",
        b"a\0b\0\0\0",
        b"\xff\xfea",
        bytes(range(256)) * 4,
        "\ud800,".encode("utf-16-le", "surrogatepass"),
    ],
)
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(Refused) as caught:
        decode_text(data)
    assert caught.value.reason.code == "encoding"


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<meta charset="gb2312">', "gbk"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=GBK">', "gbk"),
        ("<meta charset=big5>", "big5"),
        ('<meta charset="iso-8859-1">', "gbk"),  # said by programs that never asked
        ('<meta charset="gb2312">', "utf-8"),
        ('<meta charset="no-such">', "gbk"),
        ('<meta charset="hex">', "gbk"),
        ("", "gbk"),
        ("", "utf-8-sig"),
        ("<meta charset=utf-8>", "utf-16"),
        ("<meta charset=utf-8>", "utf-16-le"),
    ],
)
def test_markup_by_what_it_declares_if_that_fits(head: str, encoding: str) -> None:
    page = f"<html>{head}<table><tr><td>黨小組 中山</td></tr></table></html>"
    assert decode_markup(page.encode(encoding)) == page


def test_the_declaration_of_xml_is_taken_off_and_its_lines_kept() -> None:
    xml = '\n<?xml version="1.0"\nencoding="gb2312"?><甲/>'
    assert decode_markup(xml.encode("gbk")) == "\n\n<甲/>"


def test_western_text_is_read_as_it_declares() -> None:
    assert decode_markup(b"<meta charset=windows-1252>caf\xe9 ") == "<meta charset=windows-1252>café "
