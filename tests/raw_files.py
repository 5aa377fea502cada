"""Files put together byte by byte, for what no spreadsheet program would write."""

import io
import struct
import zipfile
from collections.abc import Mapping

from xlwt.CompoundDoc import XlsDoc

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
ODS_MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"


def zip_bytes(members: Mapping[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def relations_xml(**targets: tuple[str, str]) -> str:
    """``rId1=("worksheet", "worksheets/sheet1.xml")`` and so on."""
    entries = "".join(
        f'<Relationship Id="{name}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for name, (kind, target) in targets.items()
    )
    return f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE_RELATIONS}">{entries}</Relationships>'


def xlsx_members(
    sheet_data: str, *, shared: list[str] | None = None, kind: str = "worksheet", namespace: str = MAIN
) -> dict[str, bytes | str]:
    """One sheet 台账 whose ``sheetData`` is given; ``shared`` are the contents of the shared strings."""
    strings = "".join(f"<si>{item}</si>" for item in shared or [])
    return {
        "[Content_Types].xml": f'<Types xmlns="{CONTENT_TYPES}">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": relations_xml(rId1=("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{namespace}" xmlns:r="{RELATIONS}">'
        '<sheets><sheet name="台账" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations_xml(
            rId1=(kind, "worksheets/sheet1.xml"), rId2=("sharedStrings", "sharedStrings.xml")
        ),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{namespace}"><sheetData>{sheet_data}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{namespace}">{strings}</sst>',
    }


def xlsx_bytes(sheet_data: str, **choices: object) -> bytes:
    return zip_bytes(xlsx_members(sheet_data, **choices))  # type: ignore[arg-type]


def ods_bytes(table_content: str, manifest: str = "", settings: str = "") -> bytes:
    """One table 台账 with the given rows, below the ``settings`` of the whole document."""
    names = "".join(
        f' xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
        for prefix in ("office", "table", "text")
    )
    calc = ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    return zip_bytes(
        {
            "mimetype": ODS_MIMETYPE,
            "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>",
            "content.xml": f"<office:document-content{names}{calc}><office:body><office:spreadsheet>{settings}"
            f'<table:table table:name="台账">{table_content}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        }
    )


def record(kind: int, payload: bytes = b"") -> bytes:
    """A BIFF12 record shorter than 128 bytes."""
    number = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return number + bytes([len(payload)]) + payload


def wide_string(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb_bytes(*sheet_records: bytes, shared: list[str] | None = None) -> bytes:
    return zip_bytes(xlsb_members(*sheet_records, shared=shared))


def xlsb_members(*sheet_records: bytes, shared: list[str] | None = None) -> dict[str, bytes | str]:
    """One sheet 台账 with the given records between BrtBeginSheetData and BrtEndSheetData."""
    sheet = struct.pack("<II", 0, 1) + wide_string("rId1") + wide_string("台账")
    workbook = record(131) + record(143) + record(156, sheet) + record(144) + record(132)
    strings = b"".join(record(19, b"\0" + wide_string(text)) for text in shared or [])
    return {
        "[Content_Types].xml": f'<Types xmlns="{CONTENT_TYPES}">'
        '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>',
        "_rels/.rels": relations_xml(rId1=("officeDocument", "xl/workbook.bin")),
        "xl/workbook.bin": workbook,
        "xl/_rels/workbook.bin.rels": relations_xml(
            rId1=("worksheet", "worksheets/sheet1.bin"), rId2=("sharedStrings", "sharedStrings.bin")
        ),
        "xl/worksheets/sheet1.bin": record(129)
        + record(148, bytes(16))
        + record(145)
        + b"".join(sheet_records)
        + record(146)
        + record(130),
        "xl/sharedStrings.bin": record(159, struct.pack("<II", 0, 0)) + strings + record(160),
    }


def ole_bytes(*streams: str) -> bytes:
    """An OLE file whose directory names streams that are not there."""
    directory = b"".join(
        (name + "\0").encode("utf-16-le").ljust(64, b"\0") + struct.pack("<HB", 2 * len(name) + 2, 2) + bytes(61)
        for name in streams
    )
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + directory.ljust(1024, b"\0")


def biff(kind: int, payload: bytes = b"") -> bytes:
    """A record of BIFF5 or BIFF8."""
    return struct.pack("<HH", kind, len(payload)) + payload


def biff5_label(row: int, column: int, text: bytes) -> bytes:
    """A text cell of BIFF5, in the bytes of its code page."""
    return biff(0x0204, struct.pack("<4H", row, column, 0, len(text)) + text)


def biff5_bytes(name: bytes, code_page: int, *cells: bytes) -> bytes:
    """An Excel 5 workbook of one sheet, its name and texts in the bytes of a code page."""
    start_globals, start_sheet = (biff(0x0809, struct.pack("<4H", 0x0500, kind, 0, 0)) for kind in (0x05, 0x10))
    page, end = biff(0x0042, struct.pack("<H", code_page)), biff(0x000A)
    sheet_at = len(start_globals + page + biff(0x0085, bytes(7) + name) + end)
    listed = biff(0x0085, struct.pack("<IBBB", sheet_at, 0, 0, len(name)) + name)
    stream = start_globals + page + listed + end + start_sheet + b"".join(cells) + end
    buffer = io.BytesIO()
    XlsDoc().save(buffer, stream)
    entry, wanted = ("Workbook\0".encode("utf-16-le"), "Book\0".encode("utf-16-le"))
    data = buffer.getvalue().replace(entry, wanted.ljust(len(entry), b"\0"))
    length_at = data.index(wanted) + 64
    return data[:length_at] + struct.pack("<H", len(wanted)) + data[length_at + 2 :]


SPREADSHEETML_NAMESPACES = (
    'xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)


def spreadsheetml(
    table: str,
    *,
    styles: str = "",
    options: str = "",
    workbook: str = "",
    declaration: str = '<?xml version="1.0"?>',
) -> str:
    """Excel 2003 XML of one sheet 台账 with the given rows; ``workbook`` says what holds for all of it."""
    return (
        f'{declaration}<?mso-application progid="Excel.Sheet"?><Workbook {SPREADSHEETML_NAMESPACES}>'
        f"<x:ExcelWorkbook>{workbook}</x:ExcelWorkbook>"
        f'<Styles>{styles}</Styles><Worksheet ss:Name="台账"><Table>{table}</Table>'
        f"<x:WorksheetOptions>{options}</x:WorksheetOptions></Worksheet></Workbook>"
    )
