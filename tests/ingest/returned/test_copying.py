"""A copy is the original but for its bad cells and its first sheet, whatever kind of file the original is."""

import zipfile
from copy import copy
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlwt
from openpyxl.cell import Cell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.ingest.files.workbooks import read_file
from pipeline.ingest.layouts.guides import is_guide
from pipeline.ingest.returned import copying
from pipeline.ingest.returned.marks import MARK_COLOUR
from pipeline.ingest.returned.orders import CannotCopy, Order
from tests.hand_made import write_xlsx
from tests.raw_files import STRICT_MAIN, spreadsheetml, xlsx_bytes

YELLOW = PatternFill("solid", start_color="FFFFFF00")
STYLES = ("font", "fill", "border", "alignment", "number_format", "protection")


def make_copy(order: Order) -> None:
    copying.make_copy(order, read_file(Path(order.source)))


def write_original(path: Path) -> Path:
    """A workbook with everything that a clerk's workbook has."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "王五's 台账"
    sheet["A1"] = "专卖案件台账"
    sheet["A1"].font = Font(name="仿宋", size=16, bold=True)
    sheet.merge_cells("A1:D1")
    for column, label in enumerate(("编号", "日期", "案值", "合计"), start=1):
        sheet.cell(2, column, label).border = Border(bottom=Side("thin"))
    for row in range(3, 8):
        sheet.cell(row, 1, f"00{row}").number_format = "@"
        sheet.cell(row, 2, date(2019, 1, row)).number_format = 'yyyy"年"m"月"d"日"'
        sheet.cell(row, 3, 1234.5 + row).number_format = "#,##0.00"
        sheet.cell(row, 4, f"=C{row}*2").fill = YELLOW
    sheet["C4"] = "约30"
    sheet["C4"].fill = YELLOW
    sheet["C5"] = CellRichText("三", TextBlock(InlineFont(b=True), "十"))
    sheet["A6"].comment = Comment("别处的批注", "张三")
    sheet["B7"].alignment = Alignment(wrap_text=True, horizontal="right")
    sheet["B7"].protection = Protection(locked=False)
    sheet.column_dimensions["A"].width, sheet.row_dimensions[1].height = 33, 40
    sheet.row_dimensions[6].hidden = True
    sheet.freeze_panes = "B3"
    sheet.auto_filter.ref = "A2:D7"
    validation = DataValidation(type="list", formula1='"甲,乙"')
    validation.add("A3:A7")
    sheet.add_data_validation(validation)
    sheet.conditional_formatting.add("C3:C7", CellIsRule("greaterThan", ["1000"], fill=YELLOW))
    sheet.print_title_rows = "1:2"
    book.create_sheet("隐藏").sheet_state = "hidden"
    book["隐藏"]["A1"] = "=SUM('王五''s 台账'!C3:C7)"
    book.defined_names["案值"] = DefinedName("案值", attr_text="'王五''s 台账'!$C$3:$C$7")
    book.save(path)
    return path


def cells_of(sheet: Worksheet) -> dict[str, tuple[object, ...]]:
    """Value, styles and comment of every cell that stands in a file."""
    return {
        cell.coordinate: (
            cell.value,
            *(copy(getattr(cell, style)) for style in STYLES),
            cell.comment and (cell.comment.text, cell.comment.author),
        )
        for cell in sheet._cells.values()
        if isinstance(cell, Cell)
    }


def page_of(sheet: Worksheet) -> tuple[object, ...]:
    """What a sheet has beside its cells."""
    return (
        sheet.sheet_state,
        sheet.freeze_panes,
        sheet.auto_filter.ref,
        sheet.print_title_rows,
        sorted(map(str, sheet.merged_cells.ranges)),
        {letter: (found.width, found.hidden) for letter, found in sheet.column_dimensions.items()},
        {row: (found.height, found.hidden) for row, found in sheet.row_dimensions.items()},
        [(str(found.sqref), found.formula1) for found in sheet.data_validations.dataValidation],
        [(str(found.sqref), [rule.operator for rule in found.rules]) for found in sheet.conditional_formatting],
    )


def test_only_the_bad_cells_change(order, tmp_path: Path) -> None:
    source, target = write_original(tmp_path / "a.xlsx"), tmp_path / "copy.xlsx"
    make_copy(order(source, target, ("王五's 台账", "C4"), ("王五's 台账", "B9")))
    before, after = (openpyxl.load_workbook(path, rich_text=True) for path in (source, target))
    assert after.sheetnames == ["问题清单", "王五's 台账", "隐藏"]
    assert after.defined_names["案值"].attr_text == before.defined_names["案值"].attr_text
    for sheet in before.worksheets:
        old, new = cells_of(sheet), cells_of(after[sheet.title])
        changed = {address for address in old.keys() | new.keys() if old.get(address) != new.get(address)}
        assert changed == ({"C4", "B9"} if sheet.title == "王五's 台账" else set())
        assert page_of(after[sheet.title]) == page_of(sheet)
    bad = after["王五's 台账"]["C4"]
    assert (bad.value, bad.fill.fgColor.rgb) == ("约30", MARK_COLOUR)
    assert bad.comment.text.startswith("融合 · 问题\n第 1 条（必须改）：请改。\n应当是：数字\n")


def test_formulas_keep_their_values(order, tmp_path: Path) -> None:
    source, target = tmp_path / "b.xlsx", tmp_path / "copy.xlsx"
    source.write_bytes(
        xlsx_bytes('<row r="1"><c r="A1"><v>2</v></c><c r="B1" t="str"><f>A1&amp;"x"</f><v>2x</v></c></row>')
    )
    make_copy(order(source, target, ("台账", "A1")))
    assert openpyxl.load_workbook(target, data_only=True)["台账"]["B1"].value == "2x"
    assert openpyxl.load_workbook(target)["台账"]["B1"].value == '=A1&"x"'
    assert read_file(target).grids[1].formulas_without_value == ()


def test_words_that_openpyxl_would_run_together_make_a_plain_copy(order, tmp_path: Path) -> None:
    source, target = tmp_path / "a.xlsx", tmp_path / "copy.xlsx"
    words = "<t>前</t><r><rPr><b/></rPr><t>后</t></r>"
    source.write_bytes(xlsx_bytes(f'<row r="1"><c r="A1" t="inlineStr"><is>{words}</is></c></row>'))
    with pytest.raises(CannotCopy):
        make_copy(order(source, target, ("台账", "A1")))
    make_copy(order(source, target, ("台账", "A1"), way="plain"))
    assert openpyxl.load_workbook(target)["台账"]["A1"].value == "前后"
    assert "单独设过的字体" in notes_of(target)


def test_a_copy_that_comes_back_loses_its_old_marks_and_list(order, tmp_path: Path) -> None:
    source = write_original(tmp_path / "a.xlsx")
    first, second = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    make_copy(order(source, first, ("王五's 台账", "C4"), ("王五's 台账", "A6")))
    make_copy(order(first, second, ("王五's 台账", "C5"), mended=2))
    before, after = (openpyxl.load_workbook(path, rich_text=True) for path in (source, second))
    old, new = (cells_of(book["王五's 台账"]) for book in (before, after))
    assert after.sheetnames == ["问题清单", *before.sheetnames]
    assert {address for address in old if old[address] != new.get(address)} == {"C5"}
    assert [cell.value for cell in after["问题清单"]["H"]][-3:] == ["新发现", "已改", "已改"]


def test_the_list_is_a_note_when_it_comes_back(order, tmp_path: Path) -> None:
    target = tmp_path / "copy.xlsx"
    make_copy(order(write_original(tmp_path / "a.xlsx"), target, ("王五's 台账", "C4")))
    assert [is_guide(grid) for grid in read_file(target).grids] == [True, False, False]


def test_the_same_order_gives_the_same_bytes(order, tmp_path: Path) -> None:
    source = write_original(tmp_path / "a.xlsx")
    for name in ("1.xlsx", "2.xlsx"):
        make_copy(order(source, tmp_path / name, ("王五's 台账", "C4")))
    assert (tmp_path / "1.xlsx").read_bytes() == (tmp_path / "2.xlsx").read_bytes()


def notes_of(path: Path) -> str:
    sheet = openpyxl.load_workbook(path).worksheets[0]
    return "\n".join(str(cell.value) for cell in sheet["A"] if cell.value)


def test_an_xls_comes_back_from_its_grid(order, tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("1月")
    sheet.write_merge(0, 0, 0, 1, "台账")
    sheet.write(1, 0, "007")
    sheet.write(1, 1, date(2019, 1, 5), xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    source, target = tmp_path / "一月.xls", tmp_path / "copy.xlsx"
    book.save(str(source))
    with pytest.raises(CannotCopy):
        make_copy(order(source, target, ("1月", "A2")))
    make_copy(order(source, target, ("1月", "A2"), way="grid"))
    copied = openpyxl.load_workbook(target)["1月"]
    assert [str(merged) for merged in copied.merged_cells.ranges] == ["A1:B1"]
    assert (copied["A2"].value, copied["A2"].fill.fgColor.rgb) == ("007", MARK_COLOUR)
    assert copied["B2"].is_date
    assert "按原件的内容重新做成" in notes_of(target)


def test_text_never_becomes_a_formula(order, tmp_path: Path) -> None:
    source, target = tmp_path / "答题.csv", tmp_path / "copy.xlsx"
    source.write_text("姓名,得分\n=cmd|' /C calc'!A0,\"007\"\n", encoding="gb18030")
    make_copy(order(source, target, ("答题", "A2"), way="grid"))
    copied = openpyxl.load_workbook(target)["答题"]
    assert [(cell.value, cell.data_type) for cell in copied[2]] == [("=cmd|' /C calc'!A0", "s"), ("007", "s")]


def test_a_strict_workbook_comes_back_from_its_grid(order, tmp_path: Path) -> None:
    source, target = tmp_path / "strict.xlsx", tmp_path / "copy.xlsx"
    source.write_bytes(xlsx_bytes('<row r="1"><c r="A1"><v>1</v></c></row>', namespace=STRICT_MAIN))
    with pytest.raises(CannotCopy):
        make_copy(order(source, target, ("台账", "A1")))
    make_copy(order(source, target, ("台账", "A1"), way="grid"))
    assert openpyxl.load_workbook(target)["台账"]["A1"].value == 1


def test_an_excerpt_is_no_table_when_it_is_handed_in(order, tmp_path: Path) -> None:
    source, target = write_original(tmp_path / "a.xlsx"), tmp_path / "copy.xlsx"
    make_copy(order(source, target, ("王五's 台账", "C4"), way="excerpt"))
    assert all(is_guide(grid) for grid in read_file(target).grids)
    assert openpyxl.load_workbook(target)["王五's 台账"]["C4"].value == "约30"
    assert "只摘录有问题的行" in notes_of(target)


def test_lost_macros_are_named(order, tmp_path: Path) -> None:
    source, target = tmp_path / "a.xlsm", tmp_path / "copy.xlsx"
    write_original(tmp_path / "a.xlsx").rename(source)
    with zipfile.ZipFile(source, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    make_copy(order(source, target, ("王五's 台账", "C4")))
    assert "原件带有宏" in notes_of(target)
    with zipfile.ZipFile(target) as archive:
        assert not any("vba" in name.lower() for name in archive.namelist())


def test_a_workbook_of_too_many_sheets_has_no_copy(order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write_xlsx(tmp_path / "a.xlsx", {"甲": [["x"]], "乙": [["x"]]})
    monkeypatch.setattr(copying, "MAX_SHEETS", 1)
    with pytest.raises(CannotCopy, match="2 sheets"):
        make_copy(order(source, tmp_path / "b.xlsx", ("甲", "A1"), way="grid"))


def test_a_copy_that_cannot_be_opened_is_none(order, tmp_path: Path) -> None:
    source = tmp_path / "a.xlsx"
    source.write_bytes(xlsx_bytes('<row r="1" ht="NaN" customHeight="1"><c r="A1"><v>1</v></c></row>'))
    with pytest.raises(TypeError):  # of openpyxl: the process that makes copies ends, and another way is tried
        make_copy(order(source, tmp_path / "b.xlsx", ("台账", "A1")))
    make_copy(order(source, tmp_path / "b.xlsx", ("台账", "A1"), way="grid"))
    assert openpyxl.load_workbook(tmp_path / "b.xlsx").sheetnames[1:] == ["台账"]


def test_two_sheets_of_one_name_have_no_copy(order, tmp_path: Path) -> None:
    source = tmp_path / "a.xls"
    sheet = (
        '<Worksheet ss:Name="台账"><Table><Row><Cell><Data ss:Type="String">x</Data></Cell></Row></Table></Worksheet>'
    )
    source.write_text(spreadsheetml("").replace("</Workbook>", f"{sheet}</Workbook>"), encoding="utf-8")
    with pytest.raises(CannotCopy, match="two sheets"):
        make_copy(order(source, tmp_path / "b.xlsx", ("台账", "A1"), way="grid"))
