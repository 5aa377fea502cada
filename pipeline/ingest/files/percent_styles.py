"""Which cell formats of an Open XML workbook show a number as percent: 0.985 in such a cell is read as 98.5%."""

import re
import zipfile

from pipeline.ingest.files.markup import read_elements
from pipeline.ingest.files.packages import find_member

BUILT_IN = frozenset({"9", "10"})  # 0% and 0.00% (ECMA-376 part 1, 18.8.30)
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|[\\_*].')  # quoted text, [colour] and what \, _ and * take with them


def shows_percent(code: str) -> bool:
    """Tell whether a format code multiplies by 100: a % that is no literal text."""
    return "%" in _LITERAL.sub("", code)


def read_percent_styles(archive: zipfile.ZipFile, part: str | None) -> frozenset[str]:
    """Return the indices, as the cells of sheets write them, of the cell formats that show percent.

    Empty without a part of styles; raises `Refused` (damaged_part) for a broken one.
    """
    member = find_member(archive, part) if part else None
    if member is None:
        return frozenset()
    percent = set(BUILT_IN)
    formats: list[str] = []  # of cellXfs, in order: a cell names one by its index
    section = ""

    def visit(element: str, attributes: dict[str, str]) -> None:
        nonlocal section
        if element in ("numFmts", "cellStyleXfs", "cellXfs", "dxfs"):
            section = element
        elif element == "numFmt" and section == "numFmts" and shows_percent(attributes.get("formatCode", "")):
            percent.add(attributes.get("numFmtId", ""))
        elif element == "xf" and section == "cellXfs":
            formats.append(attributes.get("numFmtId", "0"))

    with archive.open(member) as stream:
        read_elements(stream, member, visit)
    return frozenset(str(index) for index, number in enumerate(formats) if number in percent)
