import pytest

from pipeline.ingest.files.refusals import Refused
from pipeline.ingest.files.textfiles import decode_text, find_delimiter, read_text_rows

TEXT = "姓名,得分\n张三,９５\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_encodings_of_the_workbooks_that_arrive(encoding: str) -> None:
    assert decode_text(TEXT.encode(encoding)) == TEXT


@pytest.mark.parametrize("data", [b"\x80\xff,a", "a,b".encode("utf-16-le"), b"a\0b", b"\xff\xfea"])
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(Refused) as caught:
        decode_text(data)
    assert caught.value.reason.code == "encoding"


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [("a,b;c,d", ","), ("a;b;c,d", ";"), ("a\tb,c\td", "\t"), ("姓名\n张三", ","), ("", ",")],
)
def test_the_commonest_delimiter_wins(text: str, delimiter: str) -> None:
    assert find_delimiter(text) == delimiter


def test_cells_are_the_text_that_stands_there() -> None:
    text = '编号,姓名,备注\r\n007, 张 三 ,"一,二\r\n三 ""四"""\r\n\r\n,\u3000,\r\n1e5,NA,None\r\n'
    assert read_text_rows(text) == [
        ("编号", "姓名", "备注"),
        ("007", " 张 三 ", '一,二\r\n三 "四"'),
        (),
        (),
        ("1e5", "NA", "None"),
    ]


@pytest.mark.parametrize("length", [32_768, 200_000])
def test_a_field_longer_than_a_cell_is_refused(length: int) -> None:
    with pytest.raises(Refused) as caught:
        read_text_rows("a,b\n" + "x" * length + ",1\n")
    assert (caught.value.reason.code, caught.value.reason.values) == ("long_field", {"line": 2})
