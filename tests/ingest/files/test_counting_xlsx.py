from functools import partial

import pytest

from pipeline.ingest.files.counting import SheetCount
from pipeline.ingest.files.counting_xlsx import count_xlsx_rows, parse_address
from pipeline.ingest.files.refusals import Refused
from tests.raw_files import STRICT_MAIN, xlsx_bytes, xlsx_members, zip_bytes


def count(sheet_data: str, shared: list[str] | None = None) -> SheetCount:
    (sheet,) = count_xlsx_rows(xlsx_bytes(sheet_data, shared=shared))
    assert sheet.name == "台账"
    return sheet


def refusal(data: bytes) -> tuple[str, dict[str, str | int]]:
    with pytest.raises(Refused) as caught:
        count_xlsx_rows(data)
    return caught.value.reason.code, dict(caught.value.reason.values)


@pytest.mark.parametrize(
    ("row", "rows"),
    [
        ('<row r="1"/>', 0),
        ('<row r="1"><c r="A1" s="3"/><c r="XFD1" s="3"/></row>', 0),
        ('<row r="1"><c r="A1"><v>0</v></c></row>', 1),
        ('<row r="1"><c r="A1" t="b"><v>0</v></c></row>', 1),
        ('<row r="1"><c r="A1"><v> </v></c></row>', 0),
        ('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', 1),
        ('<row r="1"><c r="A1" t="s"><v>1</v></c></row>', 0),
        ('<row r="1"><c r="A1" t="s"><v>2</v></c></row>', 0),
        ('<row r="1"><c r="A1" t="s"><v>3</v></c></row>', 1),
        ('<row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c></row>', 1),
        ('<row r="1"><c r="A1" t="inlineStr"><is><t>\u3000</t></is></c></row>', 0),
        ('<row r="1"><c r="A1" t="inlineStr"><is><t><![CDATA[甲]]></t></is></c></row>', 1),
        ('<row r="1"><c r="A1" t="inlineStr"><is><r><rPr><b/></rPr><t>甲</t></r></is></c></row>', 1),
        ('<row r="1"><c r="A1" t="str"><f>B1</f><v>_x000D_</v></c></row>', 0),
        ("<row><c><v>1</v></c></row><row/><row><c><v>1</v></c></row>", 2),
        ('<row r="2"><c r="A2"><v>1</v></c></row><row r="2"><c r="B2"><v>1</v></c></row>', 1),
        ('<row r="1"><!-- <c r="A1"><v>1</v></c> --></row>', 0),
    ],
)
def test_rows_by_hand(row: str, rows: int) -> None:
    shared = ["<t>甲</t>", "<t> </t>", "<t/><rPh><t>jia</t></rPh>", "<r><t> </t></r><r><t>乙</t></r>"]
    assert count(row, shared).rows == rows


def test_runs_of_filled_cells_are_skipped_without_losing_a_row() -> None:
    cells = '<c r="A{0}" s="1" t="s"><v>0</v></c><c r="B{0}"><v>1.5</v></c>'
    cells += '<c r="C{0}" t="inlineStr"><is><t>甲</t></is></c>'
    errors = '<c r="A4" t="s"><v>0</v></c><c r="B4" t="e"><v>#N/A</v></c><c r="C4"><f>A4</f></c><c r="D4"><v>1</v></c>'
    rows = "".join(f'<row r="{number}">{cells.format(number)}</row>' for number in (1, 2, 3))
    for shared in (["<t>甲</t>"], ["<t>甲</t>", "<t/>"]):
        sheet = count(f'{rows}<row r="4">{errors}</row>', shared)
        assert (sheet.rows, sheet.errors, sheet.formulas_without_value) == (4, {(3, 1): "#N/A"}, ((3, 2),))


FILLED = '<c r="A{0}" t="n"><v>1</v></c><c r="B{0}" s="2"/><c r="AB{0}" t="inlineStr"><is><t>甲</t></is></c>'


@pytest.mark.parametrize(
    ("rows", "filled"),
    [
        (f'<row r="1" spans="1:28" ht="15">{FILLED.format(1)}</row>', {0}),
        (f'<!--<row r="1">{FILLED.format(1)}</row>-->', set()),
        (f'<row r="1"><!--</row><row r="2">{FILLED.format(2)}</row>--></row>', set()),
        (f'<![CDATA[<row r="1">{FILLED.format(1)}</row>]]>', set()),
        (f'<row r="1" xmlns="urn:other">{FILLED.format(1)}</row>', set()),
        (f'<other xmlns="urn:other"><row r="1">{FILLED.format(1)}</row></other>', set()),
        (f'<row r="3">{FILLED.format(3)}</row><row r="3">{FILLED.format(3)}</row>', {2}),
        (f'<row r="2">{FILLED.format(2)}</row><row><c><v>1</v></c></row>', {1, 2}),
        (f'<row r="1">{FILLED.format(2)}</row>', {1}),
        ('<row r="1"><c r="A1" s="1"/><c r="B1" s="1"/></row>', set()),
        ('<row r="1"><c r="A1" t="inlineStr"><is><t>\u3000</t></is></c><c r="B1"/></row>', set()),
        ('<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c></row>', {0}),
        ('<row r="1"><c r="A1" t="str"><v> </v></c></row><row r="2"><c r="A2" t="b"><v>0</v></c></row>', {1}),
    ],
)
def test_whole_rows_that_are_skipped_count_where_they_stand(rows: str, filled: set[int]) -> None:
    shared = ["<t>甲</t>", "<t> </t>"]
    assert count(rows, shared).rows == len(filled)
    hidden = count(f'{rows}<row r="9" hidden="1">{FILLED.format(9)}</row>', shared)
    assert (hidden.rows, hidden.hidden_rows) == (len(filled) + 1, (8,))


def test_the_last_column_of_skipped_rows_counts_for_the_extent() -> None:
    near, far = '<c r="A{0}"><v>1</v></c>', '<c r="XFD{0}"><v>1</v></c><c r="XFE{0}"/>'
    rows = "".join(
        f'<row r="{row}">{cells.format(row)}</row>' for row, cells in ((1, near), (2, far), (1_048_576, near))
    )
    assert refusal(xlsx_bytes(rows)) == ("too_wide", {"sheet": "台账", "rows": 1_048_576, "columns": 16_384})


def test_an_element_that_looks_like_a_skipped_row_breaks_nothing() -> None:
    assert count('<filled r="1" c="A"/>').rows == 1  # calamine sees no such row, and so the file is refused
    assert refusal(xlsx_bytes("<filled/>"))[0] == "damaged_address"


def test_large_sheets_are_counted_across_the_steps_of_reading() -> None:
    cells = '<c r="A{0}"><v>1</v></c><c r="B{0}" t="inlineStr"><is><t>落实支部决议</t></is></c>'
    row = f'<row r="{{0}}">{cells}</row><row r="{{1}}"/>'
    sheet_data = "".join(row.format(number, number + 1) for number in range(1, 40_001, 2))
    assert len(sheet_data) > 2 * 2**20
    assert count(sheet_data).rows == 20_000


def test_formulas_without_a_stored_value_are_listed_and_do_not_count() -> None:
    sheet = count(
        '<row r="7"><c r="D7"><f>A1</f></c><c r="E7"><f>A1</f><v></v></c>'
        '<c r="F7" t="str"><f>A1</f><v></v></c><c r="G7"><f t="shared" si="0"/></c></row>'
        '<row r="8"><c r="A8"><f>A1</f><v>2</v></c></row>'
    )
    assert sheet.rows == 1
    assert sheet.formulas_without_value == ((6, 3), (6, 4), (6, 6))


def test_hidden_rows_are_listed() -> None:
    sheet = count('<row r="1"/><row r="3" hidden="1"><c r="A3"><v>1</v></c></row><row r="4" hidden="true"/>')
    assert (sheet.rows, sheet.hidden_rows) == (1, (2, 3))


def test_strict_files_and_other_prefixes_are_counted() -> None:
    strict = xlsx_bytes('<row r="1"><c r="A1"><v>1</v></c></row>', namespace=STRICT_MAIN)
    assert [sheet.rows for sheet in count_xlsx_rows(strict)] == [1]
    members = xlsx_members("")
    members["xl/worksheets/sheet1.xml"] = (
        '<x:worksheet xmlns:x="urn:x"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row>'
        "</x:sheetData></x:worksheet>"
    )
    assert [sheet.rows for sheet in count_xlsx_rows(zip_bytes(members))] == [1]


def test_chart_sheets_have_no_rows_and_macro_sheets_are_refused() -> None:
    assert count_xlsx_rows(xlsx_bytes("", kind="chartsheet")) == ()
    assert refusal(xlsx_bytes("", kind="xlMacrosheet")) == ("macro_sheet", {"sheet": "台账"})


def test_cells_far_out_are_refused_before_they_are_laid_out() -> None:
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    assert refusal(xlsx_bytes(far)) == ("too_wide", {"sheet": "台账", "rows": 1_048_576, "columns": 16_384})


def test_broken_parts_are_refused() -> None:
    without = partial(xlsx_members, "")
    missing = {name: content for name, content in without().items() if name != "xl/worksheets/sheet1.xml"}
    assert refusal(zip_bytes(missing)) == ("zip_incomplete", {"member": "xl/worksheets/sheet1.xml"})
    cut = {**without(), "xl/worksheets/sheet1.xml": "<worksheet>\n<sheetData>"}
    assert refusal(zip_bytes(cut)) == ("damaged_part", {"part": "xl/worksheets/sheet1.xml", "line": 2})
    laughs = {**without(), "xl/sharedStrings.xml": '<!DOCTYPE sst [<!ENTITY a "ha">]><sst><si><t>&a;</t></si></sst>'}
    assert refusal(zip_bytes(laughs)) == ("doctype", {})
    assert refusal(xlsx_bytes('<row r="1x"/>'))[0] == "damaged_part"
    nowhere = '<row r="1"><c r="1A"><f>B1</f></c></row>'
    assert refusal(xlsx_bytes(nowhere)) == ("damaged_address", {"address": "1A"})


@pytest.mark.parametrize(
    ("address", "position"), [("A1", (0, 0)), ("Z9", (8, 25)), ("AA10", (9, 26)), ("XFD1048576", (1_048_575, 16_383))]
)
def test_addresses(address: str, position: tuple[int, int]) -> None:
    assert parse_address(address) == position


def test_a_blank_far_out_is_stored_and_would_be_laid_out_as_well() -> None:
    cells = (("A1", "1"), ("XFD2", " "))
    near, far = (f'<c r="{cell}" t="str"><v xml:space="preserve">{text}</v></c>' for cell, text in cells)
    rows = f'<row r="1">{near}</row><row r="2">{far}</row><row r="1048576"><c r="A1048576" t="str"><v> </v></c></row>'
    assert refusal(xlsx_bytes(rows)) == ("too_wide", {"sheet": "台账", "rows": 1_048_576, "columns": 16_384})


def test_empty_rows_that_are_skipped_move_none_of_the_others() -> None:
    """A row without a number stands behind the one before it, which must then not be left out."""
    filled = '<row r="{0}"><c r="A{0}"><v>1</v></c></row>'
    empty = '<row r="{0}" s="1" customFormat="1"><c r="A{0}" s="1"/><c r="B{0}" s="1"/></row><row r="{1}" ht="15"/>'
    sheet = count(
        f'{filled.format(1)}{empty.format(2, 3)}<row><c t="e"><v>#REF!</v></c></row>{empty.format(5, 6)}'
        f'<row r="7" hidden="1"/>{filled.format(8)}{empty.format(9, 10)}'
    )
    assert (sheet.rows, sheet.errors, sheet.hidden_rows) == (3, {(3, 0): "#REF!"}, (6,))


@pytest.mark.parametrize("index", ["x", "-1", "1.5", "９"])
def test_a_shared_string_of_no_number_is_refused(index: str) -> None:
    """The first reader would take the first string for it."""
    assert refusal(xlsx_bytes(f'<row r="1"><c r="A1" t="s"><v>{index}</v></c></row>', shared=["<t>甲</t>"])) == (
        "damaged",
        {},
    )


def test_a_part_that_is_no_sheet_or_is_two_is_refused() -> None:
    members = {name: str(content) for name, content in xlsx_members("").items()}
    relations = "xl/_rels/workbook.xml.rels"
    itself = {**members, relations: members[relations].replace("worksheets/sheet1.xml", "workbook.xml")}
    assert refusal(zip_bytes(itself)) == ("damaged", {})
    listed = '<sheet name="台账" sheetId="1" r:id="rId1"/>'
    twice = members["xl/workbook.xml"].replace(listed, listed + listed.replace("台账", "又"))
    assert refusal(zip_bytes({**members, "xl/workbook.xml": twice})) == (
        "shared_part",
        {"sheet": "又", "member": "xl/worksheets/sheet1.xml"},
    )
