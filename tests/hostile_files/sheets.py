"""Sheets that claim, repeat or point beyond all bounds, and workbooks with more in them than sheets."""

import struct
from collections.abc import Callable

from tests.hostile_files.archives import RELATIONS, ROWS, SHEET, changed
from tests.hostile_files.cases import Bait, Hostile, fixed
from tests.raw_files import (
    MAIN,
    ods_bytes,
    record,
    relations_xml,
    wide_string,
    xlsb_bytes,
    xlsb_members,
    xlsx_bytes,
    xlsx_members,
    zip_bytes,
)

SHEET_ROWS = 1_048_576
EMPTY_ROWS = "".join(
    f'<row r="{row}" s="1" customFormat="1" ht="15"><c r="A{row}" s="1"/></row>' for row in range(3, SHEET_ROWS)
)
DDE = '<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
CELL = '<row r="{}"><c r="{}{}"><v>{}</v></c></row>'
STYLES = f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'


def cell(value: str, kind: str = "n", style: int = 0) -> bytes:
    return xlsx_bytes(f'<row r="1"><c r="A1" t="{kind}" s="{style}"><v>{value}</v></c></row>', shared=["<t>甲</t>"])


def day(serial: str) -> bytes:
    """One cell that is shown as a date."""
    members = xlsx_members(f'<row r="1"><c r="A1" s="1"><v>{serial}</v></c></row>')
    relations = relations_xml(rId1=("worksheet", "worksheets/sheet1.xml"), rId2=("styles", "styles.xml"))
    return zip_bytes({**members, RELATIONS: relations, "xl/styles.xml": STYLES})


def text(content: str) -> bytes:
    return xlsx_bytes(f'<row r="1"><c r="A1" t="inlineStr"><is><t>{content}</t></is></c></row>')


def around(before: str = "", behind: str = "") -> bytes:
    """A sound sheet with more around its rows."""
    members = xlsx_members(ROWS)
    sheet = str(members[SHEET])
    sheet = sheet.replace("<sheetData>", f"{before}<sheetData>").replace("</sheetData>", f"</sheetData>{behind}")
    return zip_bytes({**members, SHEET: sheet})


def merges(count: int) -> str:
    return (
        "<mergeCells>" + "".join(f'<mergeCell ref="A{row}:XFD{row}"/>' for row in range(3, count + 3)) + "</mergeCells>"
    )


def with_parts(bait: Bait) -> bytes:
    """A workbook with macros, another one embedded, a link to a third, a DDE link and a query, none of them run."""
    members = xlsx_members(
        ROWS.replace("<v>1</v>", "<f>cmd|'/c calc'!A0+[1]Sheet1!A1+WEBSERVICE(\"" + bait.web + '")</f><v>1</v>')
    )
    relations = str(members[RELATIONS]).replace(
        "</Relationships>",
        f'<Relationship Id="rId8" Type="x/externalLink" Target="{bait.web}" TargetMode="External"/>'
        '<Relationship Id="rId9" Type="x/externalLink" Target="externalLinks/externalLink1.xml"/>'
        '<Relationship Id="rId7" Type="x/vbaProject" Target="vbaProject.bin"/></Relationships>',
    )
    return zip_bytes(
        {
            **members,
            RELATIONS: relations,
            "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
            "xl/externalLinks/externalLink1.xml": DDE,
            "xl/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
            "xl/connections.xml": f'<connections><connection sourceFile="{bait.web}"/></connections>',
        }
    )


def external_sheet(bait: Bait) -> bytes:
    return changed(RELATIONS, 'Target="worksheets/sheet1.xml"', f'Target="{bait.web}" TargetMode="External"')


def many_sheets(count: int) -> bytes:
    members = xlsx_members(ROWS)
    numbers = range(1, count + 1)
    listed = "".join(f'<sheet name="{number}" sheetId="{number}" r:id="rId{number}"/>' for number in numbers)
    parts = {f"rId{number}": ("worksheet", f"worksheets/{number}.xml") for number in numbers}
    workbook = str(members["xl/workbook.xml"]).replace('<sheet name="台账" sheetId="1" r:id="rId1"/>', listed)
    sheets = {f"xl/worksheets/{number}.xml": members[SHEET] for number in numbers}
    return zip_bytes({**members, "xl/workbook.xml": workbook, RELATIONS: relations_xml(**parts), **sheets})


def twins() -> bytes:
    """Two sheets of one name."""
    return zip_bytes(
        {
            **xlsx_members(ROWS),
            "xl/workbook.xml": changed_workbook(
                '<sheet name="台账" sheetId="1" r:id="rId1"/><sheet name="台账" sheetId="2" r:id="rId3"/>'
            ),
            RELATIONS: relations_xml(
                rId1=("worksheet", "worksheets/sheet1.xml"), rId3=("worksheet", "worksheets/sheet2.xml")
            ),
            "xl/worksheets/sheet2.xml": str(xlsx_members(ROWS)[SHEET]),
        }
    )


def changed_workbook(sheets: str) -> str:
    return str(xlsx_members(ROWS)["xl/workbook.xml"]).replace('<sheet name="台账" sheetId="1" r:id="rId1"/>', sheets)


def xlsb_row(row: int) -> bytes:
    return record(0, struct.pack("<I", row) + bytes(13))


def xlsb_cell(column: int, kind: int = 5, value: bytes = bytes(8)) -> bytes:
    return record(kind, struct.pack("<II", column, 0) + value)


def renamed_xlsb(name: bytes) -> bytes:
    members = xlsb_members(xlsb_row(0), xlsb_cell(0))
    workbook = bytes(members["xl/workbook.bin"])  # type: ignore[arg-type]
    named = wide_string("台账")
    return zip_bytes({**members, "xl/workbook.bin": workbook.replace(named, name.ljust(len(named), b"x"))})


def ods_cell(attributes: str, content: str = "", row: str = "") -> bytes:
    return ods_bytes(
        f"<table:table-row {row}><table:table-cell {attributes}>{content}</table:table-cell></table:table-row>"
    )


def linked_ods(bait: Bait) -> bytes:
    source = f'<table:table-source xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="{bait.web}"/>'
    return ods_bytes(f"{source}<table:table-row><table:table-cell {NUMBER.format(1)}/></table:table-row>")


NUMBER = 'office:value-type="float" office:value="{}"'
REPEATED = 'table:number-{}s-repeated="{}"'
DAMAGED_SHEET = f"refused damaged_part line=1 part={SHEET}"
DAMAGED_ODS = "refused damaged_part line=1 part=content.xml"
Maker = Callable[[], bytes]
SHEETS: dict[str, Hostile] = {
    "phantom dimensions": fixed("a.xlsx", lambda: around('<dimension ref="A1:XFD1048576"/>'), "read 2"),
    "a million empty styled rows": fixed("a.xlsx", lambda: xlsx_bytes(ROWS + EMPTY_ROWS), "read 2"),
    "16,384 columns": fixed("a.xlsx", lambda: xlsx_bytes(ROWS + CELL.format(3, "XFD", 3, 1)), "read 3"),
    "a 16,385th column": fixed(
        "a.xlsx",
        lambda: xlsx_bytes(ROWS + CELL.format(3, "XFE", 3, 1)),
        "refused too_wide columns=16385 rows=3 sheet=台账",
    ),
    "the last row": fixed("a.xlsx", lambda: xlsx_bytes(ROWS + CELL.format(SHEET_ROWS, "A", SHEET_ROWS, 1)), "read 3"),
    "a row behind the last": fixed(
        "a.xlsx",
        lambda: xlsx_bytes(ROWS + CELL.format(9_999_999, "A", 9_999_999, 1)),
        "refused too_wide columns=1 rows=9999999 sheet=台账",
    ),
    "the corner of the sheet": fixed(
        "a.xlsx",
        lambda: xlsx_bytes(ROWS + CELL.format(SHEET_ROWS, "XFD", SHEET_ROWS, 1)),
        "refused too_wide columns=16384 rows=1048576 sheet=台账",
    ),
    "a column of no sheet before another cell": fixed(
        "a.xlsx",
        lambda: xlsx_bytes('<row r="1"><c r="ZZZ1"><v>1</v></c><c r="A1"><v>1</v></c></row>'),
        "refused too_wide columns=18278 rows=1 sheet=台账",
    ),
    "a row of no sheet before another cell": fixed(
        "a.xlsx",
        lambda: xlsx_bytes('<row r="1"><c r="A9999999"><v>1</v></c><c r="A1"><v>1</v></c></row>'),
        "refused too_wide columns=1 rows=9999999 sheet=台账",
    ),
    "a row of no number": fixed("a.xlsx", lambda: xlsx_bytes('<row r="x"><c r="A1"><v>1</v></c></row>'), DAMAGED_SHEET),
    "a row before the first": fixed(
        "a.xlsx", lambda: xlsx_bytes('<row r="-5"><c><v>1</v></c></row>'), "refused damaged_address address=A-5"
    ),
    "an address that is none": fixed(
        "a.xlsx", lambda: xlsx_bytes(CELL.format(1, "ZZZZZZ", 99, 1)), "refused damaged_address address=ZZZZZZ99"
    ),
    "a text of 15 MB in a cell": fixed("a.xlsx", lambda: text("长" * 5_000_000), "read 1"),
    "merged ranges of billions": fixed(
        "a.xlsx",
        lambda: around(behind=merges(200_000) + '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        "read 2",
    ),
    "a merged range that is none": fixed(
        "a.xlsx", lambda: around(behind='<mergeCells><mergeCell ref="nowhere"/></mergeCells>'), "refused damaged"
    ),
    "a shared string that is not there": fixed("a.xlsx", lambda: cell("7", "s"), "refused damaged"),
    "a shared string before the first": fixed("a.xlsx", lambda: cell("-1", "s"), "refused damaged"),
    "a shared string of no number": fixed("a.xlsx", lambda: cell("x", "s"), "refused damaged"),
    "shared strings within each other": fixed(
        "a.xlsx",
        lambda: xlsx_bytes(
            '<row r="1"><c r="A1" t="s"><v>0</v></c></row>', shared=["<si>" * 9 + "<t>甲</t>" + "</si>" * 9]
        ),
        "read 1",
    ),
    "no shared strings": fixed(
        "a.xlsx",
        lambda: zip_bytes(
            {
                name: part
                for name, part in xlsx_members('<row r="1"><c r="A1" t="s"><v>0</v></c></row>').items()
                if "shared" not in name
            }
        ),
        "refused damaged",
    ),
    "a day behind all calendars": fixed("a.xlsx", lambda: day("1e15"), "read 1"),
    "a day before all calendars": fixed("a.xlsx", lambda: day("-1e15"), "refused damaged"),
    "an infinite day": fixed("a.xlsx", lambda: day("1e999"), "read 1"),
    "an infinite number": fixed("a.xlsx", lambda: cell("1e999"), "read 1"),
    "not a number": fixed("a.xlsx", lambda: cell("NaN"), "read 1"),
    "a number that is a word": fixed("a.xlsx", lambda: cell("many"), "refused damaged"),
    "an unknown type of cell": fixed("a.xlsx", lambda: cell("1", "x"), "refused damaged"),
    "a lone surrogate": fixed("a.xlsx", lambda: text("&#xD800;"), "refused damaged"),
    "a lone surrogate in Excel's own escape": fixed("a.xlsx", lambda: text("甲_xD800_"), "read 1"),
    "NUL in Excel's own escape": fixed("a.xlsx", lambda: text("a_x0000_b"), "refused garbled_text cell=A1 sheet=台账"),
    "a sheet in no code": fixed(
        "a.xlsx",
        lambda: zip_bytes({**xlsx_members(ROWS), SHEET: b'<?xml version="1.0" encoding="x-none"?><worksheet/>'}),
        DAMAGED_SHEET,
    ),
    "a sheet cut in the middle": fixed(
        "a.xlsx", lambda: zip_bytes({**xlsx_members(ROWS), SHEET: str(xlsx_members(ROWS)[SHEET])[:-40]}), DAMAGED_SHEET
    ),
    "elements nested 100,000 deep": fixed("a.xlsx", lambda: around("<x>" * 100_000 + "</x>" * 100_000), "read 2"),
    "50,000 attributes": fixed(
        "a.xlsx", lambda: around("<x " + " ".join(f'a{n}="1"' for n in range(50_000)) + "/>"), "read 2"
    ),
    "macros, links, DDE and embeddings": Hostile("a.xlsm", with_parts, "read 2"),
    "a sheet of another machine": Hostile("a.xlsx", external_sheet, "refused zip_incomplete member=台账"),
    "a macro sheet": fixed("a.xlsm", lambda: xlsx_bytes(ROWS, kind="xlMacrosheet"), "refused macro_sheet sheet=台账"),
    "a chart and nothing else": fixed("a.xlsx", lambda: xlsx_bytes(ROWS, kind="chartsheet"), "refused no_sheets"),
    "3,000 sheets": fixed("a.xlsx", lambda: many_sheets(3_000), "read 6000"),
    "two sheets of one name": fixed("a.xlsx", twins, "read 4"),
    "a sheet name of a megabyte": fixed("a.xlsx", lambda: changed("xl/workbook.xml", "台账", "长" * 350_000), "read 2"),
    "xlsb: a record longer than its part": fixed(
        "a.xlsb", lambda: xlsb_bytes(xlsb_row(0), bytes([5, 0xFF, 0xFF, 0xFF, 0x7F])), "refused damaged"
    ),
    "xlsb: a text of 4 GB": fixed(
        "a.xlsb", lambda: xlsb_bytes(xlsb_row(0), xlsb_cell(0, 6, b"\xf0\xff\xff\xff")), "refused damaged"
    ),
    "xlsb: a column of two billion": fixed(
        "a.xlsb",
        lambda: xlsb_bytes(xlsb_row(0), xlsb_cell(2**31)),
        "refused too_wide columns=2147483649 rows=1 sheet=台账",
    ),
    "xlsb: a blank text ten million columns away": fixed(
        "a.xlsb",
        lambda: xlsb_bytes(xlsb_row(0), xlsb_cell(10**7, 6, wide_string(" "))),
        "refused too_wide columns=10000001 rows=1 sheet=台账",
    ),
    "xlsb: shared strings for 4 GB": fixed(
        "a.xlsb",
        lambda: zip_bytes(
            {**xlsb_members(), "xl/sharedStrings.bin": record(159, b"\xff\xff\xff\x7f" * 2) + record(160)}
        ),
        "refused damaged",
    ),
    "xlsb: a row of two billion": fixed(
        "a.xlsb",
        lambda: xlsb_bytes(xlsb_row(2**31), xlsb_cell(0)),
        "refused too_wide columns=1 rows=2147483649 sheet=台账",
    ),
    "xlsb: a shared string that is not there": fixed(
        "a.xlsb", lambda: xlsb_bytes(xlsb_row(0), xlsb_cell(0, 7, struct.pack("<I", 9))), "refused damaged"
    ),
    "xlsb: not a number": fixed(
        "a.xlsb", lambda: xlsb_bytes(xlsb_row(0), xlsb_cell(0, 5, struct.pack("<d", float("nan")))), "read 1"
    ),
    "xlsb: a sheet name of 4 GB": fixed(
        "a.xlsb",
        lambda: renamed_xlsb(b"\xf0\xff\xff\xff"),
        "refused damaged",
    ),
    "ods: a row two billion times": fixed(
        "a.ods",
        lambda: ods_cell(NUMBER.format(1), row=REPEATED.format("row", 2**31)),
        "refused too_wide columns=1 rows=2147483648 sheet=台账",
    ),
    "ods: a cell a billion times": fixed(
        "a.ods",
        lambda: ods_cell(NUMBER.format(1) + " " + REPEATED.format("column", 10**9)),
        "refused too_wide columns=1000000000 rows=1 sheet=台账",
    ),
    "ods: a million empty rows": fixed("a.ods", lambda: ods_cell("", row=REPEATED.format("row", SHEET_ROWS)), "read 0"),
    "ods: a row minus five times": fixed(
        "a.ods", lambda: ods_cell(NUMBER.format(1), row=REPEATED.format("row", -5)), "refused damaged"
    ),
    "ods: a row so many times": fixed(
        "a.ods", lambda: ods_cell(NUMBER.format(1), row=REPEATED.format("row", "x")), DAMAGED_ODS
    ),
    "ods: spans of a billion": fixed(
        "a.ods",
        lambda: ods_cell(
            NUMBER.format(1) + ' table:number-columns-spanned="999999999" table:number-rows-spanned="999999999"'
        ),
        "read 1",
    ),
    "ods: an infinite number": fixed("a.ods", lambda: ods_cell(NUMBER.format("1e999")), "read 1"),
    "ods: a number that is a word": fixed("a.ods", lambda: ods_cell(NUMBER.format("many")), "refused damaged"),
    "ods: a day that is none": fixed(
        "a.ods", lambda: ods_cell('office:value-type="date" office:date-value="99999-99-99"'), "read 1"
    ),
    "ods: tables nested 10,000 deep": fixed(
        "a.ods", lambda: ods_bytes("<table:table>" * 10_000 + "</table:table>" * 10_000), "read 0"
    ),
    "ods: a link to another machine": Hostile("a.ods", linked_ods, "read 1"),
}
