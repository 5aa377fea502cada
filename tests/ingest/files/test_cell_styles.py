"""Numbers in cells that a spreadsheet shows as percent."""

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipeline.ingest.bureau import Reading
from pipeline.ingest.files.cell_styles import shows_percent
from pipeline.ingest.files.counting_xlsx import count_xlsx_rows
from pipeline.ingest.files.workbooks import read_file
from tests.hand_made import Rows, Value, write_bureau, write_xlsx
from tests.raw_files import MAIN, RELATIONS, relations_xml, xlsx_members, zip_bytes

Read = Callable[[Path], Reading]
HEADER: list[Value] = ["单位", "零售户数", "上柜户数", "上柜率(%)"]
RATES = (0.985, 0.4, 1)


@pytest.mark.parametrize(
    ("code", "is_percent"),
    [
        ("0%", True),
        ("0.00%;[Red]-0.00%", True),
        ('0.0"%"', False),
        ("0.0\\%", False),
        ("General", False),
        ("0.00_%", False),
        ('"约"0%', True),
    ],
)
def test_a_format_shows_percent_by_a_sign_that_is_no_text(code: str, is_percent: bool) -> None:
    assert shows_percent(code) == is_percent


def write_rates(folder: Path, formats: tuple[str, str, str], rates: tuple[float, ...] = RATES) -> Path:
    """Write shelf rates, each with its number format, among many cells without one."""
    groups = ("营销管理", "专卖综合", "驮卢片区")
    shelf: list[list[Value]] = [[group, 100, 50, rate] for group, rate in zip(groups, rates, strict=True)]
    rows: Rows = [HEADER, *shelf]
    path = write_xlsx(folder / "2019年1月上柜.xlsx", {"甲": rows})
    workbook = load_workbook(path)
    for row, number_format in enumerate(formats, start=2):
        workbook["甲"].cell(row, 4).number_format = number_format
    workbook.save(path)
    return path


def test_cells_that_show_percent_are_found(tmp_path: Path) -> None:
    path = write_rates(tmp_path, ("0.00%", "General", '0.0%;"无"'))
    (grid,) = read_file(path).grids
    assert grid.percent_cells == ((1, 3), (3, 3))


def test_a_number_that_is_shown_as_percent_is_a_fraction(tmp_path: Path, read: Read) -> None:
    write_rates(write_bureau(tmp_path), ("0%", "0.00%", "0.0%"))
    reading = read(tmp_path)
    assert reading.issues == ()
    assert reading.tables["shelf_rates_by_group_month"]["shelf_rate_pct"].tolist() == [98.5, 40.0, 100.0]


def test_a_number_beside_them_that_is_not_is_judged_as_ever(tmp_path: Path, read: Read) -> None:
    write_rates(write_bureau(tmp_path), ("0%", "General", "0%"))
    reading = read(tmp_path)
    assert [(issue.code, issue.cell) for issue in reading.issues] == [("ambiguous_percentage", "D3")]
    assert reading.tables["shelf_rates_by_group_month"]["shelf_rate_pct"].dropna().tolist() == [98.5, 100.0]


def test_no_percent_cell_is_skipped_in_a_run_of_filled_cells() -> None:
    members = xlsx_members(
        '<row r="1"><c r="A1" s="1"><v>0.5</v></c><c r="B1" s="2"><v>0.5</v></c><c r="C1"><v>3</v></c>'
        '<c r="D1" s="12"><v>1</v></c><c r="E1" s="1" t="str"><v>x</v></c></row>'
    )
    members["xl/_rels/workbook.xml.rels"] = relations_xml(
        rId1=("worksheet", "worksheets/sheet1.xml"), rId2=("styles", "styles.xml")
    )
    for first, expected in (("0", ((0, 0),)), ("10", ((0, 0), (0, 2)))):
        members["xl/styles.xml"] = (
            f'<styleSheet xmlns="{MAIN}" xmlns:r="{RELATIONS}"><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>'
            f'<cellXfs><xf numFmtId="{first}"/><xf numFmtId="9"/><xf numFmtId="2"/></cellXfs></styleSheet>'
        )
        (sheet,) = count_xlsx_rows(zip_bytes(members))
        assert (sheet.rows, sheet.percent_cells) == (1, expected)
