"""Excel 2003 XML as sheets; each workbook is also counted by the second reader."""

from datetime import date, datetime, time

import pytest

from pipeline.ingest.files.counting_spreadsheetml import count_spreadsheetml_rows
from pipeline.ingest.files.grids import Cell, CellError, Grid, count_non_empty_rows
from pipeline.ingest.files.refusals import Refused
from pipeline.ingest.files.spreadsheetml import read_spreadsheetml_grids
from tests.raw_files import SPREADSHEETML_NAMESPACES, spreadsheetml


def read(xml: str) -> tuple[Grid, ...]:
    grids = tuple(read_spreadsheetml_grids(xml.encode()))
    counts = count_spreadsheetml_rows(xml.encode())
    assert [(grid.name, count_non_empty_rows(grid.rows)) for grid in grids] == [(one.name, one.rows) for one in counts]
    return grids


def read_table(table: str, **parts: str) -> Grid:
    (grid,) = read(spreadsheetml(table, **parts))
    return grid


def cell(text: str, kind: str = "String", attributes: str = "") -> str:
    return f'<Cell {attributes}><Data ss:Type="{kind}">{text}</Data></Cell>'


def test_a_workbook_as_excel_writes_it() -> None:
    grid = read_table(
        f"""<Column ss:Width="54"/><Row ss:Height="20">{cell("活动台账", attributes='ss:MergeAcross="3"')}</Row>
        <Row ss:Index="3">{cell("序号", attributes='ss:MergeDown="1"')}{cell("得分", attributes='ss:Index="3"')}</Row>
        <Row ss:Hidden="1">{cell("007", attributes='ss:Index="2"')}{cell("95.5", "Number")}</Row>
        <Row ss:Index="6"><Cell ss:Formula="=SUM(R[-2]C)"/><Cell ss:Formula="=1">
        <Data ss:Type="Number">1</Data></Cell><Cell ss:StyleID="s62"/></Row>""",
        options="<x:Visible>SheetVeryHidden</x:Visible>",
    )
    assert grid == Grid(
        name="台账",
        visible=False,
        rows=(("活动台账",), (), ("序号", None, "得分"), (None, "007", 95.5), (), (None, 1.0)),
        merges=((0, 0, 0, 3), (2, 0, 3, 0)),
        physical_rows=0,
        formulas_without_value=("A6",),
        hidden_rows=(3,),
    )


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("1.5e3", "Number", 1500.0),
        ("1", "Boolean", True),
        ("0", "Boolean", False),
        ("#DIV/0!", "Error", CellError("#DIV/0!")),
        ("2019-01-05T00:00:00.000", "DateTime", date(2019, 1, 5)),
        ("2019-01-05T08:30:00.000", "DateTime", datetime(2019, 1, 5, 8, 30)),
        ("2019-01-05", "DateTime", date(2019, 1, 5)),
        ("1899-12-31T20:11:00.000", "DateTime", time(20, 11)),
        ("1904-01-01T20:11:00.000", "DateTime", time(20, 11)),
        (" 张 三&#10;乙 ", "String", " 张 三\n乙 "),
        ("<B>张</B><Font>三</Font>", "String", "张三"),
        ("NA", "String", "NA"),
        (" &#12288;", "String", None),
        ("", "Number", None),
    ],
)
def test_values_by_their_type(text: str, kind: str, value: Cell) -> None:
    grid = read_table(f"<Row>{cell(text, kind)}{cell('末')}</Row>")
    assert grid.rows == ((value, "末"),)
    assert type(grid.rows[0][0]) is type(value)


def test_a_comment_is_no_value() -> None:
    comment = '<Comment ss:Author="a"><ss:Data xmlns="html"><B>批注</B></ss:Data></Comment>'
    assert read_table(f"<Row><Cell>{comment}</Cell></Row>").rows == ()


def test_several_sheets_and_one_without_a_table() -> None:
    sheets = "".join(
        f'<ss:Worksheet ss:Name="{name}">{table}</ss:Worksheet>'
        for name, table in (
            ("一月", f"<ss:Table><ss:Row>{cell('甲')}</ss:Row></ss:Table>"),
            ("二月", ""),
            ("三月", f"<Table><Row/><Row>{cell('乙')}</Row></Table>"),
        )
    )
    grids = read(f"<ss:Workbook {SPREADSHEETML_NAMESPACES}>{sheets}</ss:Workbook>")
    assert [(grid.name, grid.visible, grid.rows) for grid in grids] == [
        ("一月", True, (("甲",),)),
        ("二月", True, ()),
        ("三月", True, ((), ("乙",))),
    ]


def test_numbers_that_show_percent_by_the_style_that_holds() -> None:
    formats = {"Default": None, "two": "0.00%", "named": "Percent", "plain": "0.0", "text": '0"%"'}
    styles = "".join(
        f'<Style ss:ID="{name}">' + (f"<NumberFormat ss:Format='{code}'/>" if code else "") + "</Style>"
        for name, code in formats.items()
    )
    styles += '<Style ss:ID="child" ss:Parent="two"/><Style ss:ID="other" ss:Parent="two"><NumberFormat/></Style>'
    number = ("0.5", "Number")
    named = "".join(cell(*number, f'ss:StyleID="{name}"') for name in (*formats, "child", "other"))
    grid = read_table(
        f"""<Column ss:Index="2" ss:Span="1" ss:StyleID="two"/>
        <Row>{named}{cell("50%", attributes='ss:StyleID="two"')}</Row>
        <Row ss:StyleID="named">{cell(*number)}</Row>
        <Row>{cell(*number) * 4}</Row>
        """,
        styles=styles,
    )
    assert grid.percent_cells == ((0, 1), (0, 2), (0, 5), (1, 0), (2, 1), (2, 2))


def test_spans_of_rows_move_what_follows() -> None:
    grid = read_table(f'<Row ss:Hidden="1" ss:Span="2"/><Row>{cell("甲")}</Row><Row ss:Span="9" ss:Hidden="1"/>')
    assert (grid.rows, grid.hidden_rows) == (((), (), (), ("甲",)), (0, 1, 2))


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (f'<Row ss:Index="1048577">{cell("x")}</Row>', "too_wide"),
        ("<Row>" + cell("x", attributes='ss:Index="16385"') + "</Row>", "too_wide"),
        ("<Row>" + "<Cell/>" * 20_000 + "</Row>", "too_wide"),
        ('<Row ss:Index="1048000">' + cell("x", attributes='ss:Index="16000"') + "</Row>", "too_wide"),
        (f'<Row ss:Index="3">{cell("x")}</Row><Row ss:Index="3">{cell("y")}</Row>', "damaged_address"),
        ('<Row><Cell ss:Index="0"/></Row>', "damaged_address"),
        ('<Row ss:Index="-1"/>', "damaged"),
        ('<Row ss:Index="99999999999"/>', "damaged"),
        ('<Row><Cell ss:MergeAcross="x"/></Row>', "damaged"),
        (f"<Row>{cell('x', 'Number')}</Row>", "damaged"),
        (f"<Row>{cell('5.1.2019', 'DateTime')}</Row>", "damaged"),
        (f"<Row>{cell('2019-13-01', 'DateTime')}</Row>", "damaged"),
        ("<Row>" + "<b>" * 5_000 + "</b>" * 5_000 + "</Row>", "damaged"),
        ("<Row><Cell></Row>", "damaged"),
        ("<Row>&bomb;</Row>", "damaged"),
    ],
)
def test_what_no_sheet_could_hold_is_refused(table: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        list(read_spreadsheetml_grids(spreadsheetml(table).encode()))
    assert caught.value.reason.code == code
