import io
import struct
from collections.abc import Sequence

import pytest
import xlwt

from pipeline.ingest.files.counting_xls import count_xls_rows
from pipeline.ingest.files.refusals import Refused
from tests.raw_files import biff, biff5_bytes, ole_bytes


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
    sheet.row(2).hidden = True
    book.add_sheet("2月")
    first, second = count_xls_rows(xls_bytes(book))
    assert (first.name, first.rows, first.errors) == ("1月", 4, {(6, 2): "#DIV/0!"})
    assert (second.name, second.rows) == ("2月", 0)
    assert (first.hidden_rows, second.hidden_rows) == ((2,), ())


def test_numbers_that_show_percent_or_another_power_of_ten() -> None:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("1月")
    percent, literal = xlwt.easyxf(num_format_str="0.00%"), xlwt.easyxf(num_format_str='0.0"%"')
    sheet.write(2, 1, 21_500, xlwt.easyxf(num_format_str="0!.0000"))
    sheet.write(2, 2, "21500", xlwt.easyxf(num_format_str="0!.0000"))
    for column, value in enumerate((1, 2, 0.98512, "50%", None, True)):
        sheet.write(0, column, value, percent)  # the first two become one record
    sheet.write(1, 1, 98.5, literal)
    sheet.write(4, 0, 1)
    (count,) = count_xls_rows(xls_bytes(book))
    assert count.percent_cells == ((0, 0), (0, 1), (0, 2))
    assert count.shifted_cells == ((2, 1),)


def formula(row: int, value: bytes) -> bytes:
    return biff(0x0006, struct.pack("<3H", row, 0, 0) + value + bytes(8))


EMPTY, TRUE, NUMBER = (bytes([3]) + bytes(5) + b"\xff\xff", b"\1\0\1" + bytes(3) + b"\xff\xff", struct.pack("<d", 2))


@pytest.mark.parametrize(
    ("values", "without_value"),
    [
        ((EMPTY, EMPTY), ((0, 0), (1, 0))),
        ((EMPTY, NUMBER), ()),  # calculated: the first is an empty text
        ((TRUE, EMPTY), ()),
        ((NUMBER,), ()),
        ((), ()),
    ],
)
def test_formulas_of_a_program_that_does_not_calculate(values: Sequence[bytes], without_value: tuple) -> None:
    cells = [formula(row, value) for row, value in enumerate(values)]
    (count,) = count_xls_rows(biff5_bytes(b"a", 1252, *cells))
    assert count.formulas_without_value == without_value


def test_a_formula_written_by_xlwt_has_no_value() -> None:
    book = xlwt.Workbook()
    book.add_sheet("1").write(0, 0, 1)
    book.add_sheet("2").write(4, 1, xlwt.Formula("1+1"))
    assert [count.formulas_without_value for count in count_xls_rows(xls_bytes(book))] == [(), ((4, 1),)]


@pytest.mark.parametrize("data", [ole_bytes("Workbook"), ole_bytes("Book")[:600]])
def test_broken_files_are_refused(data: bytes) -> None:
    with pytest.raises(Refused) as caught:
        count_xls_rows(data)
    assert caught.value.reason.code == "damaged"
