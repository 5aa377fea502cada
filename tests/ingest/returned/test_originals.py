"""An original is loaded only when openpyxl sees in it what the readers saw, and a copy must say the same."""

import zipfile
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference

from pipeline.ingest.files.grids import CellError, FileGrids, Grid
from pipeline.ingest.files.workbooks import read_file
from pipeline.ingest.returned import originals
from pipeline.ingest.returned.orders import CannotCopy
from pipeline.ingest.returned.originals import check_same, formula_values, load_original, lost_parts
from tests.hand_made import write_xlsx
from tests.raw_files import xlsx_members, zip_bytes

LIST = Grid("问题清单", True, (), (), 0)


def test_a_workbook_in_which_openpyxl_sees_other_sheets_is_not_loaded(tmp_path: Path) -> None:
    file = read_file(write_xlsx(tmp_path / "a.xlsx", {"台账": [["a"]]}))
    with pytest.raises(CannotCopy, match="other sheets"):
        load_original(replace(file, grids=(*file.grids, Grid("第二张", True, (), (), 0))))


def test_other_containers_and_large_ones_are_not_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = read_file(write_xlsx(tmp_path / "a.xlsx", {"台账": [["a", "b"], ["c", "d"]]}))
    assert load_original(file).sheetnames == ["台账"]
    with pytest.raises(CannotCopy):
        load_original(replace(file, container="xls"))
    monkeypatch.setattr(originals, "MAX_ORIGINAL_CELLS", 3)
    with pytest.raises(CannotCopy, match="4 cells"):
        load_original(file)


def test_an_xlsx_under_another_name_is_loaded(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"台账": [["a"]]}).rename(tmp_path / "a.xls")
    assert load_original(read_file(path)).sheetnames == ["台账"]


def test_what_a_copy_may_lack_is_named(tmp_path: Path) -> None:
    plain = write_xlsx(tmp_path / "a.xlsx", {"台账": [["a", 1]]})
    book = openpyxl.load_workbook(plain)
    chart = BarChart()
    chart.add_data(Reference(book.worksheets[0], min_col=2, min_row=1))
    book.worksheets[0].add_chart(chart, "D2")
    book.save(tmp_path / "chart.xlsx")
    macros = {**xlsx_members(""), "xl/vbaProject.bin": b"x", "xl/drawings/drawing1.xml": b"<xdr:wsDr/>"}
    (tmp_path / "a.xlsm").write_bytes(zip_bytes(macros))
    assert lost_parts(plain) == ()
    assert lost_parts(tmp_path / "chart.xlsx") == ("pictures",)
    assert lost_parts(tmp_path / "a.xlsm") == ("macros",)


def test_values_of_formulas_come_from_the_grid() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["B1"] = "=A1*2"
    book.worksheets[0]["C9"] = "=A1"
    assert formula_values(book, [Grid("Sheet", True, ((4, 8),), (), 1)]) == {"Sheet": {"B1": 8}}


OLD = Grid("台账", True, (("a", 1.0), (time(8), datetime(2019, 1, 5, 8))), ((0, 0, 0, 1),), 2)


def copied(*grids: Grid) -> FileGrids:
    return FileGrids(Path("a.xlsx"), "", "read", None, "xlsx", (LIST, *grids))


@pytest.mark.parametrize(
    "rows",
    [
        OLD.rows,
        (("a", 1), (time(8), datetime(2019, 1, 5, 7, 59, 59, 999_999))),
        (("a", 1.0), (time(8, 0, 0, 3), datetime(2019, 1, 5, 8))),
    ],
)
def test_the_same_cells_are_the_same(rows) -> None:
    check_same(copied(replace(OLD, rows=rows)), [OLD])


@pytest.mark.parametrize(
    "change",
    [
        {"rows": (("a", 1.0),)},
        {"rows": (("a", 2.0), OLD.rows[1])},
        {"rows": (("a", CellError("#VALUE!")), OLD.rows[1])},
        {"rows": (("a",), OLD.rows[1])},
        {"rows": (("a", 1.0), (time(8), datetime(2019, 1, 6, 8)))},
        {"merges": ()},
        {"visible": False},
        {"name": "别的"},
    ],
)
def test_a_difference_is_noticed(change) -> None:
    with pytest.raises(CannotCopy):
        check_same(copied(replace(OLD, **change)), [OLD])


def test_a_lost_sheet_is_noticed() -> None:
    with pytest.raises(CannotCopy):
        check_same(copied(), [OLD])


def test_intervals_may_be_rounded() -> None:
    old = replace(OLD, rows=((timedelta(hours=1),),))
    check_same(copied(replace(old, rows=((timedelta(hours=1, microseconds=4),),))), [old])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_where_reading_does_not_look_is_not_handed_on(tmp_path: Path, encoding: str) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"台账": [["a"]]})
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    declaration = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///x">]>'
    members["xl/theme/theme1.xml"] = (declaration + "<x>&e;</x>").encode(encoding)
    path.write_bytes(zip_bytes(members))
    file = read_file(path)
    assert file.status == "read"
    with pytest.raises(CannotCopy, match="document type"):
        load_original(file)


def test_more_xml_than_content_is_not_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = read_file(write_xlsx(tmp_path / "a.xlsx", {"台账": [["a"]]}))
    monkeypatch.setattr(originals, "MAX_ORIGINAL_BYTES", 1000)
    with pytest.raises(CannotCopy, match="bytes of XML"):
        load_original(file)


def test_cells_of_merged_ranges_count(tmp_path: Path) -> None:
    file = read_file(write_xlsx(tmp_path / "a.xlsx", {"台账": [["a"]]}, {"台账": ["A1:A100001"]}))
    with pytest.raises(CannotCopy, match="100002 cells"):
        load_original(file)


def test_a_title_that_excel_would_not_open_is_not_kept(tmp_path: Path) -> None:
    members = xlsx_members('<row r="1"><c r="A1"><v>1</v></c></row>')
    members["xl/workbook.xml"] = str(members["xl/workbook.xml"]).replace("台账", "长" * 32)
    (tmp_path / "a.xlsx").write_bytes(zip_bytes(members))
    with pytest.raises(CannotCopy, match="title"):
        load_original(read_file(tmp_path / "a.xlsx"))
