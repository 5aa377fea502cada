"""Text without what cannot be seen, and names that a sheet may have."""

import re
import unicodedata
from functools import cache

# Unicode characters that turn the reading direction around (UAX 9) or cannot be seen: a name that holds one can show
# something else than it says. Zero-width joiners stay: emoji and some scripts need them.
BIDI_CONTROLS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
INVISIBLE = "\u200b\u2060\ufeff\ufff9-\ufffb"
CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_FORBIDDEN = re.compile(f"[{BIDI_CONTROLS}{INVISIBLE}{CONTROLS}]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_UNSEEN = re.compile(f"{_FORBIDDEN.pattern}|{_LONE_SURROGATE.pattern}")
_BREAKS = re.compile("[\t\n\r\u2028\u2029]+")  # a name of a file may hold any of them, and a line must stay one line
# What OOXML reads as the character of that number, in cells, comments and names of sheets (ECMA-376 part 1,
# ST_Xstring): a csv that says _x202E_ would else turn the reading direction around in a workbook of ours
_CODED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")

# What a spreadsheet program takes for the beginning of a formula when it opens a csv file, full-width forms included
_FORMULA = re.compile("[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?%?")  # begins like a formula and is none

MAX_TITLE = 31  # characters of a sheet's name, by the specification of Excel
_FORBIDDEN_IN_TITLE = re.compile(r"[\[\]:*?/\\]")


def plain_text(text: str) -> str:
    """Return ``text`` without direction marks, invisible and control characters; a lone surrogate becomes U+FFFD."""
    if text.isprintable():  # none of what is taken out is, and nearly every text is
        return text
    return _LONE_SURROGATE.sub("\ufffd", _FORBIDDEN.sub("", text))


def one_line(text: str) -> str:
    """Return ``text`` for a terminal or a log: without breaks and controls it is no second line and no command."""
    return plain_text(_BREAKS.sub(" ", text))


def plain_json(text: str) -> str:
    """Return JSON with every character that cannot be seen written as its number: it shows, and means the same."""
    if text.isascii():
        return text
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def workbook_text(text: str) -> str:
    """Return ``text`` for an xlsx file, where it reads as it does here: nothing in it stands for another character."""
    return _CODED.sub("_x005F_", plain_text(text))


def xml_text(text: str) -> str:
    """Return ``text`` as content of an element of XML, escaped as libxml2 does; it holds nothing that XML cannot."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def csv_text(text: str) -> str:
    """Return ``text`` as a cell of a csv file that starts no formula: an apostrophe goes before what would be one."""
    plain = plain_text(text)
    is_formula = _FORMULA.match(plain.lstrip(" \u3000")) is not None and _NUMBER.fullmatch(plain) is None
    return f"'{plain}" if is_formula else plain


def sheet_title(text: str) -> str:
    """Return ``text`` as a name that Excel, WPS and LibreOffice accept for a sheet, forbidden characters as blanks."""
    coded = _CODED.sub("-", plain_text(text))
    return _FORBIDDEN_IN_TITLE.sub(" ", coded).strip("' ")[:MAX_TITLE] or "_"


def text_width(text: str) -> int:
    """Return how many half-width characters a text takes; Chinese characters count twice."""
    return len(text) if text.isascii() else sum(map(_character_width, text))


@cache
def _character_width(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
