import io

import pytest
import xlwt

from pipeline.ingest.files.counting_xls import count_xls_rows
from pipeline.ingest.files.refusals import Refused
from tests.raw_files import ole_bytes


def xls_bytes(book: xlwt.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_rows_by_hand() -> None:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("1月")
    sheet.write(0, 0, "序号")
    sheet.write(2, 3, 0)
    sheet.write(3, 0, " \u3000")
    sheet.write(4, 0, "", xlwt.easyxf("font: bold on"))
    sheet.write(5, 1, True)
    sheet.row(6).set_cell_error(2, "#DIV/0!")
    book.add_sheet("2月")
    first, second = count_xls_rows(xls_bytes(book))
    assert (first.name, first.rows, first.errors) == ("1月", 4, {(6, 2): "#DIV/0!"})
    assert (second.name, second.rows) == ("2月", 0)


@pytest.mark.parametrize("data", [ole_bytes("Workbook"), ole_bytes("Book")[:600]])
def test_broken_files_are_refused(data: bytes) -> None:
    with pytest.raises(Refused) as caught:
        count_xls_rows(data)
    assert caught.value.reason.code == "damaged"
