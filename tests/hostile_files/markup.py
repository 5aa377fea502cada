"""XML and HTML that reach for files and addresses, or grow without end: in each container that holds any."""

from collections.abc import Iterator, Mapping
from functools import partial

from tests.hostile_files.archives import ROWS
from tests.hostile_files.cases import Bait, Hostile, fixed
from tests.raw_files import ods_bytes, relations_xml, spreadsheetml, xlsx_members, zip_bytes

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BILLION = f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]>'
QUADRATIC = f'<!DOCTYPE a [<!ENTITY q "{"x" * 100_000}">]>'
USES = {
    "billion": "&l9;",
    "quadratic": "&q;" * 10_000,
    "file": "&x;",
    "address": "&x;",
    "parameter": "",
    "external": "",
}
"""How each declaration is put to use in the text of a cell."""

ODS_CELL = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
ODS_ROW = f"<table:table-row>{ODS_CELL}</table:table-row>"
XML_ROW = '<Row><Cell><Data ss:Type="String">{}</Data></Cell></Row>'
PAGE = "<html><table><tr><td>姓名</td></tr><tr><td>{}</td></tr></table></html>"
PARTS = {
    "sheet": "xl/worksheets/sheet1.xml",
    "shared strings": "xl/sharedStrings.xml",
    "workbook": "xl/workbook.xml",
    "relations": "xl/_rels/workbook.xml.rels",
    "root relations": "_rels/.rels",
}


def doctypes(bait: Bait) -> dict[str, str]:
    return {
        "billion": BILLION,
        "quadratic": QUADRATIC,
        "file": f'<!DOCTYPE a [<!ENTITY x SYSTEM "{bait.file}">]>',
        "address": f'<!DOCTYPE a [<!ENTITY x SYSTEM "{bait.web}">]>',
        "parameter": f'<!DOCTYPE a [<!ENTITY % p SYSTEM "{bait.web}"> %p;]>',
        "external": f'<!DOCTYPE a SYSTEM "{bait.web}">',
    }


def xlsx_with(kind: str, part: str, bait: Bait, encoding: str = "utf-8") -> bytes:
    """A workbook one of whose parts has a document type, used where text may stand."""
    members = xlsx_members(
        f'{ROWS}<row r="3"><c r="A3" t="inlineStr"><is><t>{USES[kind]}</t></is></c></row>', shared=["<t>x</t>"]
    )
    if part != PARTS["sheet"]:
        members["xl/worksheets/sheet1.xml"] = xlsx_members(ROWS)["xl/worksheets/sheet1.xml"]
    declared = f'<?xml version="1.0" encoding="{encoding}"?>{doctypes(bait)[kind]}'
    content = str(members[part]).removeprefix('<?xml version="1.0"?>')
    return zip_bytes({**members, part: (declared + content).encode(encoding)})


def ods_with(kind: str, bait: Bait) -> bytes:
    sound = ods_bytes(ODS_ROW.format("姓名") + ODS_ROW.format("@"))
    return retold(sound, "content.xml", doctypes(bait)[kind], USES[kind])


def retold(archive: bytes, part: str, before: str, text: str) -> bytes:
    """Put a document type before a part, and its use where ``@`` stands."""
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(archive)) as old:
        members: dict[str, bytes | str] = {name: old.read(name) for name in old.namelist()}
    content = members[part]
    members[part] = before + (content.decode() if isinstance(content, bytes) else content).replace("@", text)
    return zip_bytes(members)


def spreadsheetml_with(kind: str, bait: Bait) -> bytes:
    return spreadsheetml(XML_ROW.format(USES[kind]), declaration=doctypes(bait)[kind]).encode()


def declared() -> Iterator[tuple[str, Hostile]]:
    """Every declaration in every container; only pages may have one, and nobody follows it there."""
    for kind in USES:
        in_sheet = partial(xlsx_with, kind, PARTS["sheet"])
        yield f"{kind} entity in a sheet", Hostile("a.xlsx", in_sheet, "refused doctype")
        yield f"{kind} entity in an ods", Hostile("a.ods", partial(ods_with, kind), "refused doctype")
        yield f"{kind} entity in XML of 2003", Hostile("a.xls", partial(spreadsheetml_with, kind), "refused doctype")
    for place, part in list(PARTS.items())[1:]:
        yield f"file entity in the {place}", Hostile("a.xlsx", partial(xlsx_with, "file", part), "refused doctype")
    in_utf16 = partial(xlsx_with, "file", PARTS["sheet"], encoding="utf-16")
    yield "file entity in utf-16", Hostile("a.xlsx", in_utf16, "refused doctype")
    # expat knows no UTF-7, which would hide the document type from a filter of bytes
    in_utf7 = partial(xlsx_with, "file", PARTS["sheet"], encoding="utf-7")
    yield "file entity in utf-7", Hostile("a.xlsx", in_utf7, f"refused damaged_part line=1 part={PARTS['sheet']}")


PAGES: Mapping[str, tuple[str, int]] = {  # what -> (declaration, rows: browsers show the "]>" behind entities as text)
    "file": ('<!DOCTYPE html [<!ENTITY x SYSTEM "{file}">]>', 3),
    "address": ('<!DOCTYPE html [<!ENTITY x SYSTEM "{web}">]>', 3),
    "external": ('<!DOCTYPE html SYSTEM "{web}">', 2),
}
FETCHING = (
    '<html><head><base href="{web}"><link rel=stylesheet href="{web}"><script src="{web}"></script>'
    '<meta http-equiv=refresh content="0;url={web}"></head><body background="{web}"><iframe src="{web}"></iframe>'
    '<object data="{file}"></object><table><tr><td>姓名<img src="{web}" onerror="fetch(\'{web}\')"></td></tr>'
    '<tr><td><svg><image href="{web}"/></svg>1</td></tr></table>'
)


def page_with(text: str, bait: Bait) -> bytes:
    return text.replace("{web}", bait.web).replace("{file}", bait.file).encode()


def archive_of_archives(depth: int) -> bytes:
    """A web archive that holds one that holds one ..."""
    head = "".join(f'Content-Type: multipart/related; boundary="b{n}"\n\n--b{n}\n' for n in range(depth))
    return f"MIME-Version: 1.0\n{head}Content-Type: text/html\n\n{PAGE.format(1)}".encode()


DEEP = 100_000
MARKUP: dict[str, Hostile] = {
    **dict(declared()),
    **{
        f"{kind} entity in a page": Hostile("a.xls", partial(page_with, start + PAGE.format("&x;")), f"read {rows}")
        for kind, (start, rows) in PAGES.items()
    },
    "laughing page": fixed(
        "a.xls", lambda: (BILLION + PAGE.format("&l9;")).replace("DOCTYPE a", "DOCTYPE html").encode(), "read 3"
    ),
    "a page that fetches": Hostile("a.xls", lambda bait: page_with(FETCHING, bait), "read 2"),
    "tables nested 100,000 deep": fixed("a.xls", lambda: b"<html>" + b"<table><tr><td>" * DEEP, "refused damaged"),
    "elements nested 100,000 deep": fixed(
        "a.xls", lambda: b"<html><table><tr><td>" + b"<i>" * DEEP + b"x", "refused damaged"
    ),
    "100,000 columns of a page": fixed(
        "a.xls", lambda: b"<html><table><tr>" + b"<td>1" * DEEP, "refused too_wide columns=16385 rows=1 sheet=a"
    ),
    "spans of a billion": fixed(
        "a.xls",
        lambda: PAGE.format("1<td colspan=999999999 rowspan=999999999>2").encode(),
        "refused too_wide columns=1000000000 rows=2 sheet=a",
    ),
    "spans that fill the sheet": fixed(
        "a.xls",
        lambda: b"<html><table>" + b"<tr><td colspan=16384 rowspan=9>x" * 1_000,
        "refused too_wide columns=32768 rows=2 sheet=a",
    ),
    "300,000 attributes": fixed(
        "a.xls",
        lambda: b"<html><table><tr><td " + b"".join(b"a%d=1 " % n for n in range(300_000)) + b">x</table>",
        "read 1",
    ),
    "comments that never end": fixed(
        "a.xls",
        lambda: b"<html>" + b"<!--" * DEEP + b"<table><tr><td>x",
        "refused readers_disagree first=0 second=2 sheet=a",
    ),
    "NUL in a page": fixed("a.xls", lambda: b"<html><table><tr><td>a\0b", "refused encoding"),
    "frames without their tables": fixed(
        "a.xls", lambda: b'<html><frameset><frame src="a.files/sheet001.htm"></frameset></html>', "refused frameset"
    ),
    "archives 10,000 deep": fixed("a.xls", lambda: archive_of_archives(10_000), "refused damaged"),
    "an archive without a page": fixed(
        "a.xls", lambda: b"MIME-Version: 1.0\nContent-Type: image/png\n\nx", "refused web_archive pages=0"
    ),
    "a page in an unknown code": fixed(
        "a.xls",
        lambda: (
            b'MIME-Version: 1.0\nContent-Type: text/html; charset="x-none"\nContent-Transfer-Encoding: x-uuencode\n\n'
            + PAGE.format(1).encode()
        ),
        "read 2",
    ),
    "cells nested 100,000 deep": fixed(
        "a.xls", lambda: spreadsheetml("<b>" * DEEP + "</b>" * DEEP).encode(), "refused damaged"
    ),
    "50,000 cells of XML of 2003": fixed(
        "a.xls",
        lambda: spreadsheetml("<Row>" + "<Cell/>" * 50_000 + "</Row>").encode(),
        "refused too_wide columns=16385 rows=1 sheet=台账",
    ),
    "a row before the first": fixed(
        "a.xls",
        lambda: spreadsheetml('<Row ss:Index="0"><Cell/></Row>').encode(),
        "refused damaged_address address=Row 0",
    ),
    "a row behind the last": fixed(
        "a.xls",
        lambda: spreadsheetml('<Row ss:Index="2000000"><Cell/></Row>').encode(),
        "refused too_wide columns=0 rows=2000000 sheet=台账",
    ),
    "a merge of a billion": fixed(
        "a.xls",
        lambda: spreadsheetml(
            '<Row><Cell ss:MergeAcross="999999999" ss:MergeDown="999999999">'
            '<Data ss:Type="String">x</Data></Cell></Row>'
        ).encode(),
        "read 1",
    ),
    "a number that is none": fixed(
        "a.xls",
        lambda: spreadsheetml('<Row><Cell><Data ss:Type="Number">many</Data></Cell></Row>').encode(),
        "refused damaged",
    ),
    "a day that is none": fixed(
        "a.xls",
        lambda: spreadsheetml('<Row><Cell><Data ss:Type="DateTime">2019-13-45T00:00:00</Data></Cell></Row>').encode(),
        "refused damaged",
    ),
    "no end of the XML": fixed(
        "a.xls", lambda: spreadsheetml(XML_ROW.format("x")).encode()[:-20], "refused damaged_part line=1 part=Workbook"
    ),
    "a lone surrogate in XML of 2003": fixed(
        "a.xls", lambda: spreadsheetml(XML_ROW.format("&#xD800;")).encode(), "refused damaged_part line=1 part=Workbook"
    ),
    "relations that laugh": fixed(
        "a.xlsx",
        lambda: zip_bytes(
            {
                **xlsx_members(ROWS),
                "_rels/.rels": BILLION + relations_xml(rId1=("officeDocument", "xl/workbook.xml"))[21:],
            }
        ),
        "refused doctype",
    ),
}
