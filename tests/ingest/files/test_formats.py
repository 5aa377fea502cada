"""The same sheet in every format: the same dates, percentages and hidden rows, whoever wrote it."""

import io
import struct
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from pathlib import Path

import pytest
import xlwt

from pipeline.ingest.files.grids import Cell, FileGrids, Row
from pipeline.ingest.files.workbooks import read_file
from tests.raw_files import (
    MAIN,
    RELATIONS,
    STRICT_MAIN,
    ods_bytes,
    record,
    relations_xml,
    spreadsheetml,
    wide_string,
    xlsb_bytes,
    xlsb_members,
    xlsx_members,
    zip_bytes,
)

STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
CELLS = '<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c><c r="B1"><v>1</v></c></row>'
ROWS: tuple[Row, ...] = (("姓名", 1),)

SERIALS = (0, 0.5, 1, 59, 60, 61, 43470, 43470.5)
DAYS_1900: Sequence[Cell] = (
    *(time(0), time(12), date(1900, 1, 1), date(1900, 2, 28)),
    date(1900, 2, 28),  # 29 February 1900, which was none
    *(date(1900, 3, 1), date(2019, 1, 5), datetime(2019, 1, 5, 12)),
)
DAYS_1904: Sequence[Cell] = (
    *(time(0), time(12), date(1904, 1, 2), date(1904, 2, 29)),
    *(date(1904, 3, 1), date(1904, 3, 2), date(2023, 1, 6), datetime(2023, 1, 6, 12)),
)


def xlsx_file(serials: Sequence[float], number_format: int, from_1904: bool) -> bytes:
    cells = (f'<row r="{row}"><c r="A{row}" s="1"><v>{serial}</v></c></row>' for row, serial in enumerate(serials, 1))
    members = xlsx_members("".join(cells))
    workbook = str(members["xl/workbook.xml"])
    return zip_bytes(
        {
            **members,
            "xl/workbook.xml": workbook.replace("<sheets>", f'<workbookPr date1904="{from_1904:d}"/><sheets>'),
            "xl/_rels/workbook.xml.rels": relations_xml(
                rId1=("worksheet", "worksheets/sheet1.xml"), rId2=("styles", "styles.xml")
            ),
            "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/>'
            f'<xf numFmtId="{number_format}"/></cellXfs></styleSheet>',
        }
    )


def xlsb_file(serials: Sequence[float], number_format: int, from_1904: bool) -> bytes:
    rows = b"".join(
        record(0, struct.pack("<I", row) + bytes(13)) + record(5, struct.pack("<IId", 0, 1, serial))
        for row, serial in enumerate(serials)
    )
    members = xlsb_members(rows)
    properties = record(153, struct.pack("<II", from_1904, 0) + wide_string(""))
    styles = [record(47, struct.pack("<HH", 0, number) + bytes(12)) for number in (0, number_format)]
    return zip_bytes(
        {
            **members,
            "xl/workbook.bin": record(131) + properties + bytes(members["xl/workbook.bin"])[3:],  # type: ignore[arg-type]
            "xl/_rels/workbook.bin.rels": relations_xml(
                rId1=("worksheet", "worksheets/sheet1.bin"), rId2=("styles", "styles.bin")
            ),
            "xl/styles.bin": record(278)
            + record(617, struct.pack("<I", 2))
            + b"".join(styles)
            + record(618)
            + record(279),
        }
    )


def xls_file(serials: Sequence[float], number_format: int, from_1904: bool) -> bytes:
    book = xlwt.Workbook()
    book.dates_1904 = from_1904
    sheet = book.add_sheet("台账")
    style = xlwt.easyxf(num_format_str={14: "yyyy-mm-dd", 10: "0.00%", 0: "General"}[number_format])
    for row, serial in enumerate(serials):
        sheet.write(row, 0, serial, style)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


Make = Callable[[Sequence[float], int, bool], bytes]


def ods_file(serials: Sequence[float], _number_format: int, from_1904: bool) -> bytes:
    cells = (f'<table:table-cell office:value-type="float" office:value="{serial}"/>' for serial in serials)
    null_date = '<table:null-date table:date-value="1904-01-01"/>' if from_1904 else ""
    return ods_bytes(
        "".join(f"<table:table-row>{cell}</table:table-row>" for cell in cells),
        settings=f"<table:calculation-settings>{null_date}</table:calculation-settings>",
    )


def spreadsheetml_file(serials: Sequence[float], _number_format: int, from_1904: bool) -> bytes:
    rows = (f'<Row><Cell><Data ss:Type="Number">{serial}</Data></Cell></Row>' for serial in serials)
    return spreadsheetml("".join(rows), workbook="<x:Date1904/>" if from_1904 else "").encode()


MAKERS: dict[str, Make] = {"xlsx": xlsx_file, "xlsb": xlsb_file, "xls": xls_file}

OF_ANY_SYSTEM: dict[str, Make] = {**MAKERS, "ods": ods_file, "spreadsheetml": spreadsheetml_file}
GENERAL = 0  # the format of a bare number
NUMBERS = range(1, 6)
HIDDEN = ((1, 1), (3, 3), (5, 16_383))  # first and last column


def hiding_xlsx() -> bytes:
    members = xlsx_members('<row r="1">' + "".join(f"<c><v>{number}</v></c>" for number in NUMBERS) + "</row>")
    columns = "".join(f'<col min="{first + 1}" max="{last + 1}" hidden="1"/>' for first, last in HIDDEN)
    sheet = str(members["xl/worksheets/sheet1.xml"])
    columns = f'<cols><col min="1" max="1" width="9"/>{columns}</cols>'
    members["xl/worksheets/sheet1.xml"] = sheet.replace("<sheetData>", f"{columns}<sheetData>")
    return zip_bytes(members)


def hiding_xlsb() -> bytes:
    columns = [record(60, struct.pack("<4IH", first, last, 0, 0, 1)) for first, last in HIDDEN]
    cells = [record(5, struct.pack("<IId", column, 0, number)) for column, number in enumerate(NUMBERS)]
    shown = record(60, struct.pack("<4IH", 0, 0, 0, 0, 2))  # a flag of another kind
    return xlsb_bytes(shown, *columns, record(0, bytes(17)), *cells)


def hiding_xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("台账")
    for column, number in enumerate(NUMBERS):
        sheet.write(0, column, number)
    for column in (1, 3, 5):
        sheet.col(column).hidden = True
    sheet.col(2).width = 9000
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def hiding_ods() -> bytes:
    shown, hidden = "<table:table-column/>", '<table:table-column table:visibility="collapse"/>'
    rest = '<table:table-column table:visibility="filter" table:number-columns-repeated="16379"/>'
    cells = "".join(f'<table:table-cell office:value-type="float" office:value="{number}"/>' for number in NUMBERS)
    columns = f"{shown}{hidden}{shown}{hidden}{shown}{rest}"
    return ods_bytes(f"{columns}<table:table-row>{cells}</table:table-row>")


def hiding_spreadsheetml() -> bytes:
    columns = "".join(
        f'<Column ss:Index="{first + 1}" ss:Hidden="1" ss:Span="{last - first}"/>' for first, last in HIDDEN
    )
    cells = "".join(f'<Cell><Data ss:Type="Number">{number}</Data></Cell>' for number in NUMBERS)
    return spreadsheetml(f"{columns}<Row>{cells}</Row>").encode()


HIDING: dict[str, Callable[[], bytes]] = {
    "xlsx": hiding_xlsx,
    "xlsb": hiding_xlsb,
    "xls": hiding_xls,
    "ods": hiding_ods,
    "spreadsheetml": hiding_spreadsheetml,
}


def read(folder: Path, name: str, data: bytes) -> FileGrids:
    (folder / name).write_bytes(data)
    file = read_file(folder / name)
    assert file.reason is None, file.reason
    return file


@pytest.mark.parametrize(("from_1904", "days"), [(False, DAYS_1900), (True, DAYS_1904)])
@pytest.mark.parametrize("kind", MAKERS)
def test_the_same_days_from_every_format(tmp_path: Path, kind: str, from_1904: bool, days: Sequence[Cell]) -> None:
    file = read(tmp_path, f"a.{kind}", MAKERS[kind](SERIALS, 14, from_1904))
    (grid,) = file.grids
    assert (file.container, grid.rows) == (kind, tuple((day,) for day in days))


@pytest.mark.parametrize("kind", MAKERS)
def test_the_same_percentages_from_every_format(tmp_path: Path, kind: str) -> None:
    (grid,) = read(tmp_path, f"a.{kind}", MAKERS[kind]((0.985, 1), 10, False)).grids
    assert (grid.rows, grid.percent_cells) == (((0.985,), (1,)), ((0, 0), (1, 0)))


def test_percentages_and_days_of_opendocument(tmp_path: Path) -> None:
    row = (
        '<table:table-row><table:table-cell office:value-type="percentage" office:value="0.985"/>'
        '<table:table-cell office:value-type="date" office:date-value="2019-01-05"/></table:table-row>'
    )
    (grid,) = read(tmp_path, "a.ods", ods_bytes(row)).grids
    assert (grid.rows, grid.percent_cells) == (((0.985, date(2019, 1, 5)),), ((0, 0),))


@pytest.mark.parametrize("from_1904", [False, True])
@pytest.mark.parametrize("kind", OF_ANY_SYSTEM)
def test_every_format_says_from_which_day_it_counts(tmp_path: Path, kind: str, from_1904: bool) -> None:
    (grid,) = read(tmp_path, f"{kind}.xls", OF_ANY_SYSTEM[kind]((42012,), GENERAL, from_1904)).grids
    assert (grid.rows, grid.from_1904) == (((42012,),), from_1904)


@pytest.mark.parametrize("kind", HIDING)
def test_every_format_says_which_columns_are_hidden(tmp_path: Path, kind: str) -> None:
    """Columns B, D and all from F on are hidden; F holds nothing, as the sheet ends before it."""
    (grid,) = read(tmp_path, f"{kind}.xls", HIDING[kind]()).grids
    assert (grid.rows, grid.hidden_columns) == (((1, 2, 3, 4, 5),), (1, 3))


@pytest.mark.corpus
@pytest.mark.parametrize("suffix", ["xls", "xlsx", "xlsb"])
def test_the_same_days_from_foreign_files(corpus: Path, suffix: str) -> None:
    for name in ("date", "date_1904"):
        (grid,) = read_file(corpus / "calamine" / f"{name}.{suffix}").grids
        assert [row[:2] for row in grid.rows[:2]] == [(date(2021, 1, 1), 15), (date(2021, 1, 2), 16)]


@pytest.mark.corpus
@pytest.mark.parametrize("suffix", ["xls", "xlsx"])
@pytest.mark.parametrize("year", [1900, 1904])
def test_serials_beside_the_days_that_excel_shows(corpus: Path, suffix: str, year: int) -> None:
    (grid, *_) = read_file(corpus / "sheetjs" / f"{year}.{suffix}").grids
    assert [day.isoformat() for _, day, *_ in grid.rows] == [shown for _, _, shown, _ in grid.rows]


@pytest.mark.parametrize(
    ("name", "main", "relations"),
    [("台账.xlsx", MAIN, RELATIONS), ("台账.et", MAIN, RELATIONS), ("台账.xlsx", STRICT_MAIN, STRICT_RELATIONS)],
    ids=["xlsx", "WPS et", "Strict"],
)
def test_open_xml_under_any_name(tmp_path: Path, name: str, main: str, relations: str) -> None:
    members = xlsx_members(CELLS, namespace=main)
    data = zip_bytes({path: str(content).replace(RELATIONS, relations) for path, content in members.items()})
    assert [grid.rows for grid in read(tmp_path, name, data).grids] == [ROWS]


@pytest.mark.parametrize("dimension", ["A1", "A1:XFD1048576", "C5:D9"])
def test_wrong_dimensions_change_nothing(tmp_path: Path, dimension: str) -> None:
    members = xlsx_members(CELLS)
    sheet = str(members["xl/worksheets/sheet1.xml"])
    members["xl/worksheets/sheet1.xml"] = sheet.replace("<sheetData>", f'<dimension ref="{dimension}"/><sheetData>')
    assert [grid.rows for grid in read(tmp_path, "a.xlsx", zip_bytes(members)).grids] == [ROWS]


def test_a_workbook_with_macros(tmp_path: Path) -> None:
    members = xlsx_members(CELLS)
    kinds = str(members["[Content_Types].xml"]).replace(
        "officedocument.spreadsheetml.sheet.main", "ms-excel.sheet.macroEnabled.main"
    )
    data = zip_bytes({**members, "[Content_Types].xml": kinds, "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})
    assert [grid.rows for grid in read(tmp_path, "a.xlsm", data).grids] == [ROWS]


def test_biff_under_the_name_of_wps(tmp_path: Path) -> None:
    file = read(tmp_path, "a.et", xls_file((1, 2), 10, False))
    assert (file.container, file.grids[0].rows) == ("xls", ((1,), (2,)))


def test_an_xls_that_is_full_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_bytes(xls_file(range(65_536), 10, False))
    reason = read_file(tmp_path / "a.xls").reason
    assert reason is not None
    assert (reason.code, reason.values) == ("row_limit", {"sheet": "台账", "rows": 65_536})
