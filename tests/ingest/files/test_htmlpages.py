import pytest

from pipeline.ingest.files import htmlpages
from pipeline.ingest.files.htmlpages import ends_in_a_table, is_hidden, open_page, sheet_name
from pipeline.ingest.files.refusals import Refused

PAGE = "<html><table><tr><td>甲</td></tr></table></html>"
EXCEL = "<!--[if gte mso 9]><xml><x:ExcelWorkbook><x:ExcelWorksheets>{}</x:ExcelWorksheets></xml><![endif]-->"
SHEET = "<x:ExcelWorksheet>\n<x:Name>{}</x:Name>"
FRAMESET = '<html><head></head><frameset rows="*,39"><frame src="a.files/sheet001.htm"></frameset></html>'


def archive(*parts: tuple[str, str, bytes]) -> bytes:
    """A web archive of (type, location, content)."""
    pieces = [
        f"Content-Location: {location}\r\nContent-Transfer-Encoding: 8bit\r\nContent-Type: {kind}\r\n\r\n".encode()
        + content
        for kind, location, content in parts
    ]
    head = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="--=_x"\r\n\r\n'
    return head + b"".join(b"----=_x\r\n" + piece + b"\r\n" for piece in pieces) + b"----=_x--\r\n"


def refusal(data: bytes) -> tuple[str, dict[str, str | int]]:
    with pytest.raises(Refused) as caught:
        open_page(data)
    return caught.value.reason.code, dict(caught.value.reason.values)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_a_page(encoding: str) -> None:
    assert open_page(PAGE.encode(encoding)) == PAGE


def test_the_one_page_of_an_archive() -> None:
    tabs = b"<html><table><tr><td>Sheet1</td></tr></table></html>"
    data = archive(
        ("text/html; charset=us-ascii", "file:///C:/a.htm", FRAMESET.encode()),
        ('text/html; charset="gb2312"', "file:///C:/a.files/sheet001.htm", PAGE.encode("gbk")),
        ("text/html", "file:///C:/a.files/tabstrip.htm", tabs),
        ("text/css", "file:///C:/a.files/stylesheet.css", b"td {color:red}"),
    )
    assert open_page(data).strip() == PAGE


def test_a_page_in_an_archive_may_be_quoted() -> None:
    data = (
        b"\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        b'<table><tr><td x:num=3D"1">=E7=94=B2</td></tr></table>'
    )
    assert open_page(data) == '<table><tr><td x:num="1">甲</td></tr></table>'


@pytest.mark.parametrize("pages", [0, 2])
def test_an_archive_of_no_page_or_several_is_refused(pages: int) -> None:
    data = archive(*[("text/html", f"sheet{number}.htm", PAGE.encode()) for number in range(pages)])
    assert refusal(data) == ("web_archive", {"pages": pages})


def test_a_frameset_without_its_tables_is_refused() -> None:
    assert refusal(FRAMESET.encode()) == ("frameset", {})


def test_a_page_over_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(htmlpages, "MAX_PAGE_BYTES", 2**20)
    assert refusal(b"<html>" + bytes(3 * 2**20)) == ("too_large", {"megabytes": 3, "limit": 1})


@pytest.mark.parametrize("page", ["<html><table><tr><td>a\0b", "<html>\udc80"])
def test_bytes_that_are_no_text_are_refused(page: str) -> None:
    assert refusal(page.encode("utf-8", "surrogateescape"))[0] == "encoding"


@pytest.mark.parametrize(
    ("sheets", "name"),
    [([], "台账"), (["一月&amp;二月"], "一月&二月"), (["一月", "二月"], "台账"), (["  "], "台账")],
)
def test_the_name_of_the_sheet(sheets: list[str], name: str) -> None:
    page = EXCEL.format("".join(SHEET.format(sheet) for sheet in sheets)) + PAGE
    assert sheet_name(page, "台账") == name


@pytest.mark.parametrize(
    ("attributes", "hidden"),
    [
        ({"style": "color:red; DISPLAY : none"}, True),
        ({"hidden": None}, True),
        ({"style": None}, False),
        ({"class": "none"}, False),
    ],
)
def test_what_hides_an_element(attributes: dict[str, str | None], hidden: bool) -> None:
    assert is_hidden(attributes) == hidden


@pytest.mark.parametrize(
    ("page", "is_cut"),
    [
        (PAGE, False),
        (PAGE.replace("</html>", ""), False),
        (PAGE[:-15], True),
        (PAGE + PAGE[:-18], True),
        ("<p>甲", False),
    ],
)
def test_a_page_that_ends_before_its_last_table_is_told(page: str, is_cut: bool) -> None:
    assert ends_in_a_table(page) == is_cut
