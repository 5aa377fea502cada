import pytest

from pipeline.ingest.files.containers import recognise_container
from pipeline.ingest.files.refusals import NotRead, Refused
from tests.raw_files import ods_bytes, ole_bytes, relations_xml, xlsb_bytes, xlsx_bytes, zip_bytes

DOCX = zip_bytes(
    {"_rels/.rels": relations_xml(rId1=("officeDocument", "word/document.xml")), "word/document.xml": "<w:document/>"}
)
SPREADSHEETML = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet/></Workbook>'
)
TSV = "序号\t姓名\n1\t张三\n".encode("gb18030")


@pytest.mark.parametrize(
    ("name", "data", "container"),
    [
        ("a.xlsx", xlsx_bytes(""), "xlsx"),
        ("a.et", xlsx_bytes(""), "xlsx"),
        ("备份.bak", xlsx_bytes(""), "xlsx"),
        ("a.xlsx", xlsb_bytes(), "xlsb"),
        ("a.xls", ods_bytes(""), "ods"),
        ("a.et", ole_bytes("Workbook"), "xls"),
        ("a.xls", ole_bytes("WORKBOOK"), "xls"),
        ("a.xlsx", ole_bytes("SummaryInformation", "Book"), "xls"),
        ("a.csv", "一句话".encode(), "text"),
        ("a.xls", TSV, "text"),
        ("a.TXT", TSV, "text"),
        ("a.xls", "姓名|得分\n".encode("utf-16-le"), "text"),
        ("a.xls", b"  <html><body><table>", "html"),
        ("a.xls", '<HTML xmlns:x="x">'.encode("utf-16"), "html"),
        ("a.xls", '<html xmlns:x="x">'.encode("utf-16-be"), "html"),
        ("a.xls", b"<!-- made by \r\n hand --> <!doctype html><html>", "html"),
        ("a.et", b"<tr><td>a", "html"),
        ("a.csv", b"<pre,1", "text"),
        ("a.xls", b"MIME-Version: 1.0\r\n", "html"),
        ("a.xls", b'<?xml version="1.0"?><!DOCTYPE html><html>', "html"),
        ("a.xls", SPREADSHEETML.encode("utf-8-sig"), "spreadsheetml"),
        ("a.xlsx", SPREADSHEETML.encode("utf-16"), "spreadsheetml"),
    ],
)
def test_content_tells_the_container(name: str, data: bytes, container: str) -> None:
    assert recognise_container(name, data) == container


@pytest.mark.parametrize(
    ("name", "data", "status", "code"),
    [
        ("readme.md", b"a, b", "skipped", "not_workbook"),
        ("a.docx", DOCX, "skipped", "not_workbook"),
        ("a.zip", b"PK\x03\x04 cut", "skipped", "not_workbook"),
        ("notes.tmp", b"", "skipped", "not_workbook"),
        ("page.html", b"<html><table></table></html>", "skipped", "not_workbook"),
        ("a.doc", ole_bytes("WordDocument"), "skipped", "not_workbook"),
        ("a.xlsx", b"", "skipped", "empty"),
        ("a.xlsx", bytes(5_000), "skipped", "not_arrived"),
        ("a.csv", bytes(1), "skipped", "not_arrived"),
        ("photo.bin", bytes(1), "skipped", "not_workbook"),
        ("a.xlsx", b"PK\x03\x04 cut", "refused", "truncated"),
        ("a.xlsx", b"PK\x05\x06" + bytes(18), "refused", "not_spreadsheet"),
        ("a.xlsx", DOCX, "refused", "not_spreadsheet"),
        ("a.xlsx", ole_bytes("EncryptionInfo", "EncryptedPackage"), "refused", "encrypted"),
        ("a.xls", ole_bytes("WordDocument"), "refused", "not_spreadsheet"),
        ("a.ods", ods_bytes("", manifest="<encryption-data/>"), "refused", "encrypted"),
        ("a.xls", b"\x09\x04\x06\x00\x00\x00\x10\x00", "refused", "old_excel"),
        ("a.xml", SPREADSHEETML.encode(), "skipped", "not_workbook"),
        ("a.xlsx", b'<?xml version="1.0"?><note/>', "refused", "not_spreadsheet"),
        ("a.xls", b"Attachment not found!", "refused", "not_spreadsheet"),
        ("a.xlsx", bytes(range(256)), "refused", "scrambled"),
        ("a.xls", "名,数\n甲,1\n".encode() + b"\xff", "refused", "encoding"),
    ],
)
def test_what_is_turned_away(name: str, data: bytes, status: str, code: str) -> None:
    with pytest.raises(NotRead) as caught:
        recognise_container(name, data)
    assert (caught.value.reason.status, caught.value.reason.code) == (status, code)


def test_a_stream_name_inside_a_cell_is_no_stream() -> None:
    text = "EncryptedPackage\0".encode("utf-16-le")
    assert recognise_container("a.xls", ole_bytes("Workbook") + bytes(2) + text + bytes(200)) == "xls"


@pytest.mark.parametrize("start", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"%PDF-1.7", b"Rar!\x1a\x07", b"{\\rtf1"])
def test_other_files_under_a_workbooks_name_are_told_from_tables(start: bytes) -> None:
    with pytest.raises(Refused, match="not_spreadsheet"):
        recognise_container("照片.xlsx", start + b"\0" * 64)
