import pytest

from pipeline.ingest.files.counting import SheetCount
from pipeline.ingest.files.counting_ods import count_ods_rows
from pipeline.ingest.files.refusals import Refused
from tests.raw_files import ods_bytes

TEXT_CELL = '<table:table-cell office:value-type="string"><text:p>甲</text:p></table:table-cell>'
EMPTY_CELL = '<table:table-cell table:number-columns-repeated="1024"/>'


def count(content: str) -> SheetCount:
    (sheet,) = count_ods_rows(ods_bytes(content))
    assert sheet.name == "台账"
    return sheet


@pytest.mark.parametrize(
    ("row", "rows"),
    [
        (f"<table:table-row>{TEXT_CELL}{EMPTY_CELL}</table:table-row>", 1),
        (f'<table:table-row table:number-rows-repeated="3">{TEXT_CELL}</table:table-row>', 3),
        (f'<table:table-row table:number-rows-repeated="1048576">{EMPTY_CELL}</table:table-row>', 0),
        ('<table:table-row><table:table-cell office:value-type="float" office:value="0"/></table:table-row>', 1),
        ("<table:table-row><table:table-cell><text:p> \u3000</text:p></table:table-cell></table:table-row>", 0),
        (
            "<table:table-row><table:covered-table-cell><text:p>甲</text:p></table:covered-table-cell></table:table-row>",
            1,
        ),
        (
            "<table:table-row><table:table-cell><office:annotation><text:p>批注</text:p></office:annotation>"
            "</table:table-cell></table:table-row>",
            0,
        ),
        (f"<table:table-row-group><table:table-row>{TEXT_CELL}</table:table-row></table:table-row-group>", 1),
    ],
)
def test_rows_by_hand(row: str, rows: int) -> None:
    assert count(row).rows == rows


def test_what_calamine_does_not_tell() -> None:
    sheet = count(
        '<table:table-row><table:table-cell table:number-columns-spanned="3" table:number-rows-spanned="2">'
        "<text:p>标题</text:p></table:table-cell></table:table-row>"
        f'<table:table-row table:number-rows-repeated="2" table:visibility="collapse">{EMPTY_CELL}</table:table-row>'
        '<table:table-row><table:table-cell/><table:table-cell table:formula="of:=1/0" office:value-type="string" '
        'office:string-value="" calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>'
        '<table:table-cell table:formula="of:=A1"/></table:table-row>'
    )
    assert sheet.rows == 2
    assert sheet.merges == ((0, 0, 1, 2),)
    assert sheet.hidden_rows == (1, 2)
    assert sheet.errors == {(3, 1): "#DIV/0!"}
    assert sheet.formulas_without_value == ((3, 2),)


def test_repeated_cells_show_percent_and_errors_each() -> None:
    sheet = count(
        '<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="2" '
        'office:value-type="percentage" office:value="0.5"/><table:table-cell table:number-columns-repeated="2" '
        'calcext:value-type="error" office:value-type="string"><text:p>#N/A</text:p></table:table-cell>'
        "</table:table-row>"
        '<table:table-row><table:table-cell office:value-type="float" office:value="0.5"/></table:table-row>'
    )
    assert sheet.percent_cells == ((0, 0), (0, 1), (1, 0), (1, 1))
    assert sheet.errors == {(row, column): "#N/A" for row in (0, 1) for column in (2, 3)}


def test_a_row_repeated_a_billion_times_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        count(f'<table:table-row table:number-rows-repeated="999999999">{TEXT_CELL}</table:table-row>')
    assert caught.value.reason.code == "too_wide"
