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


def csv_text(text: str) -> str:
    """Return ``text`` as a cell of a csv file that starts no formula: an apostrophe goes before what would be one."""
    plain = plain_text(text)
    is_formula = _FORMULA.match(plain) is not None and _NUMBER.fullmatch(plain) is None
    return f"'{plain}" if is_formula else plain


def sheet_title(text: str) -> str:
    """Return ``text`` as a name that Excel, WPS and LibreOffice accept for a sheet, forbidden characters as blanks."""
    return _FORBIDDEN_IN_TITLE.sub(" ", plain_text(text)).strip("' ")[:MAX_TITLE] or "_"


def text_width(text: str) -> int:
    """Return how many half-width characters a text takes; Chinese characters count twice."""
    return len(text) if text.isascii() else sum(map(_character_width, text))


@cache
def _character_width(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
