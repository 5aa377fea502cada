"""Text, web pages and Excel 2003 XML through both readers, as files."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.ingest.files.grids import FileGrids, Grid, Row
from pipeline.ingest.files.sandbox import Reader
from pipeline.ingest.files.workbooks import read_file
from tests.raw_files import spreadsheetml

ROWS: tuple[Row, ...] = (("姓名", "得分"), ("张三", "95"))
PAGE = "<html><head>{}</head><table><tr><td>姓名<td>得分<tr><td>张三<td>95</table></html>"
XML_ROWS = "".join(
    "<Row>" + "".join(f'<Cell><Data ss:Type="String">{text}</Data></Cell>' for text in ("姓名", "得分")) + "</Row>"
    for _ in range(2)
)
Make = Callable[[str, bytes], FileGrids]


@pytest.fixture
def made(tmp_path: Path) -> Make:
    def make(name: str, data: bytes) -> FileGrids:
        (tmp_path / name).write_bytes(data)
        return read_file(tmp_path / name)

    return make


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", ["\t", ",", ";", "|", "，"])
def test_a_text_file(made: Make, encoding: str, delimiter: str) -> None:
    text = f"姓名{delimiter}得分\r\n张三{delimiter}95\r\n"
    file = made("一月.csv", text.encode(encoding))
    assert (file.container, file.grids) == ("text", (Grid("一月", True, ROWS, (), 2),))


@pytest.mark.parametrize(
    "data",
    [
        PAGE.format("").encode("gbk"),
        PAGE.format("<meta charset=gb2312>").encode("gbk"),
        PAGE.format("<meta charset=utf-8>").encode("utf-8-sig"),
        PAGE.format("").encode("utf-16"),
        PAGE.format("").encode("utf-16-le"),
        b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + PAGE.format("").encode(),
        b'<?xml version="1.0" encoding="gb2312"?>' + PAGE.format("").encode("gbk"),
    ],
)
def test_a_web_page(made: Make, data: bytes) -> None:
    file = made("一月.xls", data)
    assert (file.container, file.grids) == ("html", (Grid("一月", True, ROWS, (), 2),))


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("gb2312", "gbk"),
        ("GBK", "gb18030"),
        ("UTF-8", "utf-8"),
        ("UTF-16", "utf-16"),
        ("utf-16", "utf-8"),  # as programs say that write into a text first
        ("", "utf-8-sig"),
    ],
)
def test_excel_2003_xml(made: Make, declared: str, encoding: str) -> None:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    file = made("一月.xls", spreadsheetml(XML_ROWS, declaration=declaration).encode(encoding))
    assert (file.container, file.grids) == ("spreadsheetml", (Grid("台账", True, (ROWS[0], ROWS[0]), (), 2),))


def test_what_only_the_first_reader_tells_is_kept(made: Make) -> None:
    page = """<html><table><tr><td colspan=2>台账<tr style="display:none"><td>城区<td x:num="0.985">98.5%</table>"""
    (grid,) = made("一月.xls", page.encode()).grids
    assert grid == Grid(
        *("一月", True, (("台账",), ("城区", 0.985)), ((0, 0, 0, 1),), 2), hidden_rows=(1,), percent_cells=((1, 1),)
    )
    table = '<Row ss:Hidden="1"><Cell><Data ss:Type="Number">1</Data></Cell><Cell ss:Formula="=1"/></Row>'
    (grid,) = made("一月.xls", spreadsheetml(table, options="<x:Visible>SheetHidden</x:Visible>").encode()).grids
    assert grid == Grid("台账", False, ((1,),), (), 1, formulas_without_value=("B1",), hidden_rows=(0,))


def code_of(file: FileGrids) -> str:
    assert file.reason is not None
    return file.reason.code


def test_a_workbook_of_no_sheets_is_refused(made: Make) -> None:
    assert code_of(made("a.xls", b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>')) == "no_sheets"


def test_a_page_that_two_readers_see_differently_is_refused(made: Make) -> None:
    assert code_of(made("a.xls", b"<html>" + b"<!--" * 9 + b"<table><tr><td>x")) == "readers_disagree"


def test_a_full_sheet_is_refused(made: Make) -> None:
    assert code_of(made("a.csv", b"1,2\n" * 65_536)) == "row_limit"


HOSTILE = {
    "bomb.xls": spreadsheetml(
        "<Row>&c;</Row>", declaration='<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]>'
    ).encode(),
    "columns.xls": b"<html><table><tr>" + b"<td>" * 100_000,
    "nested.xls": b"<html>" + b"<table><tr><td>" * 10_000,
    "spans.xls": b"<html><table>" + b"<tr><td colspan=16384 rowspan=9>x" * 1_000,
    "nul.xls": b"<html><table><tr><td>a\0b",
    "cells.xls": spreadsheetml("<Row>" + "<Cell/>" * 50_000 + "</Row>").encode(),
    "deep.xls": spreadsheetml("<b>" * 10_000 + "</b>" * 10_000).encode(),
}


@pytest.mark.process
def test_a_page_comes_back_from_the_worker(tmp_path: Path) -> None:
    (tmp_path / "一月.xls").write_bytes(PAGE.format("").encode("gbk"))
    with Reader() as reader:
        file = reader.read(tmp_path / "一月.xls")
    assert (file.container, file.grids) == ("html", (Grid("一月", True, ROWS, (), 2),))


@pytest.mark.process
def test_hostile_files_are_refused_within_the_limits(tmp_path: Path) -> None:
    codes = {}
    with Reader() as reader:
        for name, data in HOSTILE.items():
            (tmp_path / name).write_bytes(data)
            codes[name] = code_of(reader.read(tmp_path / name))
    assert codes == {
        "bomb.xls": "doctype",
        "columns.xls": "too_wide",
        "nested.xls": "damaged",
        "spans.xls": "too_wide",
        "nul.xls": "encoding",
        "cells.xls": "too_wide",
        "deep.xls": "damaged",
    }


@pytest.mark.parametrize("text", ["," * 16_384 + "1\n", "1\n" * 1_100 + "," * 16_383 + "1\n"])
def test_a_text_that_no_sheet_could_hold_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    file = read_file(path)
    assert (file.status, file.reason and file.reason.code) == ("refused", "too_wide")
