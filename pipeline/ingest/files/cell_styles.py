"""Which cell formats of an Open XML workbook matter to what a cell says: 0.985 shown as percent is read as 98.5%, 21500
may be shown as 2.15, and a row in struck-through letters is one that somebody crossed out.
"""

import re
import zipfile
from dataclasses import dataclass

from pipeline.ingest.files.markup import read_elements
from pipeline.ingest.files.packages import find_member

BUILT_IN = frozenset({"9", "10"})  # 0% and 0.00% (ECMA-376 part 1, 18.8.30)
_SHIFTED = re.compile(r'[0#?](?:"\."|[\\!]\.)[0#?]|[0#?],+(?![0#?,])')  # a point as text; commas behind all digits
_OTHER_TEXT = re.compile(r'"(?!\.")[^"]*"|\[[^\]]*\]|[_*].|[\\!][^.]')
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|[\\_*].')  # quoted text, [colour] and what \, _ and * take with them
_OFF = ("0", "false")
SECTIONS = frozenset({"numFmts", "fonts", "fills", "cellStyleXfs", "cellXfs", "dxfs"})


@dataclass(frozen=True)
class CellStyles:
    """The indices, as the cells of sheets write them, of the formats that show percent, of those that show another
    power of ten than is stored, and of those crossed out.
    """

    percent: frozenset[str] = frozenset()
    shifted: frozenset[str] = frozenset()
    struck: frozenset[str] = frozenset()

    @property
    def telling(self) -> frozenset[str]:
        """The formats of all cells that must be looked at."""
        return self.percent | self.shifted | self.struck


def shows_percent(code: str) -> bool:
    """Tell whether a format code multiplies by 100: a % that is no literal text."""
    return "%" in _LITERAL.sub("", code)


def shifts_point(code: str) -> bool:
    """Tell whether a format code shows 21500 as 2.15 (0!.0000) or as 21.5 (0.0,): its decimal point is a text, or
    commas stand behind the last digit (ECMA-376 part 1, 18.8.31; Excel in Chinese escapes with ! as well).
    """
    return bool(_SHIFTED.search(_OTHER_TEXT.sub("", code)))


NUMBER_FORMATS = (shows_percent, shifts_point)


def read_cell_styles(archive: zipfile.ZipFile, part: str | None) -> CellStyles:
    """Return the cell formats that show percent or another power of ten, or strike out.

    Empty without a part of styles; raises `Refused` (damaged_part) for a broken one.
    """
    member = find_member(archive, part) if part else None
    if member is None:
        return CellStyles()
    percent, shifted = set(BUILT_IN), set[str]()
    fonts: list[bool] = []  # of each font: whether it strikes out
    formats: list[tuple[str, str]] = []  # number format and font of cellXfs, in order: a cell names one by its index
    section = ""

    def visit(element: str, attributes: dict[str, str]) -> None:
        nonlocal section
        if element in SECTIONS:
            section = element
        elif element == "numFmt" and section == "numFmts":
            code, number = attributes.get("formatCode", ""), attributes.get("numFmtId", "")
            percent.update({number} if shows_percent(code) else ())
            shifted.update({number} if shifts_point(code) else ())
        elif element == "font" and section == "fonts":
            fonts.append(False)
        elif element == "strike" and section == "fonts" and fonts:
            fonts[-1] = attributes.get("val") not in _OFF
        elif element == "xf" and section == "cellXfs":
            formats.append((attributes.get("numFmtId", "0"), attributes.get("fontId", "0")))

    with archive.open(member) as stream:
        read_elements(stream, member, visit)
    crossing = {str(index) for index, strikes in enumerate(fonts) if strikes}
    return CellStyles(
        frozenset(str(index) for index, (number, _) in enumerate(formats) if number in percent),
        frozenset(str(index) for index, (number, _) in enumerate(formats) if number in shifted),
        frozenset(str(index) for index, (_, font) in enumerate(formats) if font in crossing),
    )
