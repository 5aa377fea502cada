import hashlib
import io
import struct
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
import xlwt

from pipeline.ingest.files import workbooks
from pipeline.ingest.files.counting import SheetCount
from pipeline.ingest.files.grids import CellError, FileGrids, Grid
from pipeline.ingest.files.refusals import Refused
from pipeline.ingest.files.workbooks import read_file
from tests.raw_files import ods_bytes, record, xlsb_bytes, xlsx_bytes


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A sheet with a merged title, one without anything, and a hidden one that starts at C3."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "1月"
    sheet["A1"] = "活动台账"
    sheet.merge_cells("A1:D1")
    sheet.append(["序号", "日期", "时间", "得分"])
    sheet.append(["007", date(2019, 1, 5), time(20, 11), 95])
    sheet.append([None, datetime(2019, 1, 5, 8, 30), "\u3000", 1.5])
    sheet["D7"] = "=SUM(D3:D4)"
    sheet["A8"] = "#DIV/0!"
    sheet.row_dimensions[4].hidden = True
    book.create_sheet("2月")
    hidden = book.create_sheet("备用")
    hidden.sheet_state = "veryHidden"
    hidden["C3"] = "甲"
    path = tmp_path / "台账.xlsx"
    book.save(path)
    return path


def test_a_workbook_comes_as_grids_from_a1(ledger: Path) -> None:
    file = read_file(ledger)
    assert (file.path, file.status, file.reason, file.container) == (ledger, "read", None, "xlsx")
    assert file.sha256 == hashlib.sha256(ledger.read_bytes()).hexdigest()
    first, second, third = file.grids
    assert first == Grid(
        name="1月",
        visible=True,
        rows=(
            ("活动台账",),
            ("序号", "日期", "时间", "得分"),
            ("007", date(2019, 1, 5), time(20, 11), 95),
            (None, datetime(2019, 1, 5, 8, 30), None, 1.5),
            (),
            (),
            (),
            (CellError("#DIV/0!"),),
        ),
        merges=((0, 0, 0, 3),),
        physical_rows=5,
        formulas_without_value=("D7",),
        hidden_rows=(3,),
    )
    assert second == Grid("2月", True, (), (), 0)
    assert (third.visible, third.rows) == (False, ((), (), (None, None, "甲")))


def test_an_error_beyond_every_other_cell_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(
        xlsx_bytes('<row r="2"><c r="A2"><v>1</v></c></row><row r="4"><c r="C4" t="e"><v>#REF!</v></c></row>')
    )
    (grid,) = read_file(path).grids
    assert grid.rows == ((), (1,), (), (None, None, CellError("#REF!")))
    assert grid.physical_rows == 2


def test_a_true_xls(tmp_path: Path) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("1月")
    sheet.write_merge(0, 0, 0, 4, "活动台账")
    sheet.write(1, 1, date(2019, 1, 5), xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    sheet.row(2).set_cell_error(2, "#REF!")
    book.save(str(tmp_path / "a.xls"))
    file = read_file(tmp_path / "a.xls")
    assert file.container == "xls"
    (grid,) = file.grids
    assert grid.rows == (("活动台账",), (None, date(2019, 1, 5)), (None, None, CellError("#REF!")))
    assert (grid.merges, grid.physical_rows) == (((0, 0, 0, 4),), 3)


def test_ods_and_xlsb(tmp_path: Path) -> None:
    cells = '<table:table-cell/><table:table-cell office:value-type="float" office:value="2"/>'
    row = f"<table:table-row>{cells}</table:table-row>"
    (tmp_path / "a.ods").write_bytes(ods_bytes(row))
    number = record(0, bytes(17)) + record(5, bytes(8) + struct.pack("<d", 1.5))
    (tmp_path / "a.xlsb").write_bytes(xlsb_bytes(number))
    assert read_file(tmp_path / "a.ods").grids == (Grid("台账", True, ((None, 2),), (), 1),)
    assert read_file(tmp_path / "a.xlsb").grids == (Grid("台账", True, ((1.5,),), (), 1),)


@pytest.mark.parametrize("name", ["答题成绩_20190115.csv", "答题成绩_20190115.xls"])
def test_text_is_read_by_content_and_stays_text(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes("姓名\t手机号\t得分\n张三\t013800000000\t９５\n\n".encode("gb18030"))
    file = read_file(path)
    assert file.container == "text"
    assert file.grids == (
        Grid("答题成绩_20190115", True, (("姓名", "手机号", "得分"), ("张三", "013800000000", "９５"), ()), (), 2),
    )


def reason_of(file: FileGrids) -> tuple[str, dict[str, str | int]]:
    assert file.status == "refused"
    assert file.reason is not None
    assert (file.container, file.grids) == (None, ())
    return file.reason.code, dict(file.reason.values)


def test_readers_that_disagree_refuse_the_file(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = (SheetCount("1月", 4), SheetCount("2月", 1), SheetCount("备用", 1))
    monkeypatch.setitem(workbooks.COUNTERS, "xlsx", lambda data: counts)
    assert reason_of(read_file(ledger)) == ("readers_disagree", {"sheet": "2月", "first": 0, "second": 1})


def test_sheets_that_one_reader_misses_refuse_the_file(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(workbooks.COUNTERS, "xlsx", lambda data: (SheetCount("1月", 4),))
    assert reason_of(read_file(ledger)) == ("sheets_disagree", {"first": "2月", "second": ""})


def test_a_workbook_without_sheets_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(xlsx_bytes("", kind="chartsheet"))
    assert reason_of(read_file(path))[0] == "no_sheets"


def test_garbled_text_is_refused(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("1月")
    sheet.write(0, 0, "甲")
    sheet.write(1, 1, "T\0i\0")
    path = tmp_path / "台账.xls"
    book.save(str(path))
    assert reason_of(read_file(path)) == ("garbled_text", {"sheet": "1月", "cell": "B2"})


def test_large_files_are_counted_while_they_are_parsed(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = read_file(ledger)
    monkeypatch.setattr(workbooks, "COUNTED_FIRST_BYTES", 0)
    assert read_file(ledger) == small

    def refuse(data: bytes) -> tuple[SheetCount, ...]:
        raise Refused("damaged_part", part="a.xml", line=3)

    monkeypatch.setitem(workbooks.COUNTERS, "xlsx", refuse)
    assert reason_of(read_file(ledger)) == ("damaged_part", {"part": "a.xml", "line": 3})
    monkeypatch.setattr(workbooks, "BytesIO", lambda data: io.BytesIO(data[:50]))
    assert reason_of(read_file(ledger)) == ("damaged_part", {"part": "a.xml", "line": 3})


def test_what_calamine_cannot_read_is_damaged(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "BytesIO", lambda data: io.BytesIO(data[:50]))
    assert reason_of(read_file(ledger))[0] == "damaged"


def test_a_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    file = read_file(tmp_path / "gone.xlsx")
    assert (reason_of(file)[0], file.sha256) == ("unreadable", "")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.xlsx", xlsx_bytes('<row r="1"><c r="XFE1"><v>1</v></c></row>')),
        ("a.xlsb", xlsb_bytes(record(0, bytes(17)), record(5, struct.pack("<II", 16_384, 0) + bytes(8)))),
        (
            "a.ods",
            ods_bytes(
                '<table:table-row><table:table-cell table:number-columns-repeated="16384"/>'
                '<table:table-cell office:value-type="float" office:value="1"/></table:table-row>'
            ),
        ),
    ],
)
def test_a_cell_in_a_column_that_no_sheet_has_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    file = read_file(tmp_path / name)
    assert (file.status, file.reason and file.reason.code) == ("refused", "too_wide")


def test_merged_ranges_that_are_damage_are_left_out(tmp_path: Path) -> None:
    ranges = (struct.pack("<4I", *corners) for corners in ((0, 0, 0, 1), (5, 4, 0, 0), (0, 2**32 - 1, 3, 2**32 - 1)))
    cell = record(5, struct.pack("<II", 0, 0) + bytes(8))
    data = xlsb_bytes(record(0, bytes(17)), cell, *(record(176, merged) for merged in ranges))
    (tmp_path / "a.xlsb").write_bytes(data)
    (grid,) = read_file(tmp_path / "a.xlsb").grids
    assert grid.merges == ((0, 0, 0, 1), (0, 3, 1_048_575, 16_383))


def test_a_number_that_is_none_is_an_error_value(tmp_path: Path) -> None:
    """No program lets a cell hold one, and no column could use it; the cell is told like any other error."""
    cells = "".join(
        f'<c r="{column}1"><v>{value}</v></c>' for column, value in zip("ABC", ("1e999", "NaN", "-1e308"), strict=True)
    )
    (tmp_path / "a.xlsx").write_bytes(xlsx_bytes(f'<row r="1">{cells}</row>'))
    (grid,) = read_file(tmp_path / "a.xlsx").grids
    assert grid.rows == ((CellError("#NUM!"), CellError("#NUM!"), -1e308),)
