"""A sheet shows what it was given: texts stay texts, and the same content is the same file."""

import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from pipeline.spreadsheets.books import Document, write_spreadsheet
from pipeline.spreadsheets.tables import Link, Number, Sheet

DAY = date(2021, 12, 31)


def sheet(*rows: list, **changes: object) -> Sheet:
    return Sheet(**{"title": "积分", "lines": ("标题",), "header": ("名称", "值"), "rows": rows} | changes)  # type: ignore[arg-type]


def write(path: Path, *sheets: Sheet) -> openpyxl.Workbook:
    write_spreadsheet(sheets, path, Document("报告", DAY, "示例数据 A&B"))
    return openpyxl.load_workbook(path)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "=HYPERLINK(A1)",
        "+86 138",
        "-1+1",
        "@SUM(A1)",
        "\t=1",
        "#N/A",
        "=cmd|' /C calc'!A0",
        "2021-12",
        "007",
        "TRUE",
    ],
)
def test_a_text_is_never_a_formula(tmp_path: Path, text: str) -> None:
    cell = write(tmp_path / "a.xlsx", sheet([text, 1]))["积分"]["A3"]
    assert cell.value == text
    assert cell.data_type == "s"
    assert cell.quotePrefix == text.startswith(("=", "+", "-", "@", "\t"))


def test_numbers_dates_and_gaps_keep_their_kind(tmp_path: Path) -> None:
    page = write(
        tmp_path / "a.xlsx", sheet(["a", Number(12.25, "0.0")], ["b", DAY], ["c", None], ["d", Number(None, "0")])
    )
    cells = [page["积分"][f"B{row}"] for row in range(3, 7)]
    assert cells[0].value == 12.25
    assert cells[0].number_format == "0.0"
    assert cells[1].value.date() == DAY
    assert [cell.value for cell in cells[2:]] == [None, None]


def test_characters_that_no_file_can_hold_are_left_out(tmp_path: Path) -> None:
    assert write(tmp_path / "a.xlsx", sheet(["甲\x00\x0b乙\ud800\u202e", 1]))["积分"]["A3"].value == "甲乙\ufffd"


def test_the_header_is_frozen_and_filtered_below_the_lines(tmp_path: Path) -> None:
    page = write(tmp_path / "a.xlsx", sheet(["a", 1], ["b", 2], warning="示例数据"))["积分"]
    assert [page["A1"].value, page["A2"].value, page["A3"].value] == ["示例数据", "标题", "名称"]
    assert page.freeze_panes == "B4"
    assert page.auto_filter.ref == "A3:B5"


def test_columns_are_as_wide_as_their_longest_value(tmp_path: Path) -> None:
    page = write(tmp_path / "a.xlsx", sheet(["卷烟销售月报卷烟", "x" * 200]))["积分"]
    assert page.column_dimensions["A"].width == 18  # eight Chinese characters of two widths, and two for the margin
    assert page.column_dimensions["B"].width == 60


def test_every_cell_stands_at_the_top_and_a_wide_text_is_wrapped(tmp_path: Path) -> None:
    """The alignment is set by its number in the workbook: as openpyxl itself would write it."""
    page = write(tmp_path / "a.xlsx", sheet(["a", Number(1, "0.0")], ["=b", "x" * 200], ["c", None]))["积分"]
    cells = {place: page[place].alignment for place in ("A3", "B3", "A4", "B4", "A5", "B5")}
    assert {alignment.vertical for alignment in cells.values()} == {"top"}
    assert [place for place, alignment in cells.items() if alignment.wrap_text] == ["B4"]
    assert (page["B3"].number_format, page["A4"].quotePrefix) == ("0.0", True)


def test_a_sheet_name_that_excel_refuses_is_mended(tmp_path: Path) -> None:
    book = write(tmp_path / "a.xlsx", sheet(["a", 1], title="A/B:[C]" + "长" * 40))
    assert book.sheetnames == ["A B  C " + "长" * 24]


def test_the_same_content_is_the_same_file(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_spreadsheet([sheet(["a", 1], ["b", DAY])], tmp_path / name, Document("报告", DAY))
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_the_properties_tell_no_clock_and_no_person(tmp_path: Path) -> None:
    properties = write(tmp_path / "a.xlsx", sheet(["a", 1])).properties
    assert (properties.created.date(), properties.modified.date()) == (DAY, DAY)
    assert (properties.title, properties.creator, properties.lastModifiedBy) == ("报告", "ronghe", None)


def test_a_link_leads_to_a_sheet_of_the_same_file(tmp_path: Path) -> None:
    named = sheet(["a", 1], title="A'/B")
    book = write(tmp_path / "a.xlsx", sheet([Link("=1+1", "A'/B"), 1]), named)
    cell = book["积分"]["A3"]
    assert (cell.value, cell.data_type, cell.hyperlink.location) == ("=1+1", "s", "'A'' B'!A1")
    assert cell.hyperlink.target is None  # no address
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert not [name for name in archive.namelist() if "externalLink" in name or "sheet1.xml.rels" in name]


def test_a_word_may_have_a_colour_and_stays_a_word(tmp_path: Path) -> None:
    page = write(tmp_path / "a.xlsx", sheet(["线索", 1], ["无", 2], tints={0: {'线"索': "FFFFF0CC"}}))["积分"]
    (found,) = page.conditional_formatting
    assert str(found.sqref) == "A3:A4"
    assert [(rule.operator, rule.formula) for rule in found.rules] == [("equal", ['"线""索"'])]


@pytest.mark.parametrize(("wide", "orientation"), [(False, "portrait"), (True, "landscape")])
def test_paper_is_set_up(tmp_path: Path, wide: bool, orientation: str) -> None:
    long = "长" * 30
    page = write(tmp_path / "a.xlsx", sheet([long, long if wide else "短"], warning="示例数据"))["积分"]
    assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, orientation)
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (1, 0)
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.print_title_rows == "$3:$3"
    assert (page.oddFooter.left.text, page.oddFooter.right.text) == ("示例数据 A&&B", "&P / &N")


def test_wrapped_text_has_room(tmp_path: Path) -> None:
    page = write(tmp_path / "a.xlsx", sheet(["长" * 70, 1], ["短", 2]))["积分"]
    assert page["A3"].alignment.wrap_text
    assert page.row_dimensions[3].height > 2 * 15
    assert page.row_dimensions[4].height is None
