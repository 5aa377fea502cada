"""Web pages under the name of a workbook: the one page of a file as text, before either reader takes it apart.

What is decided here holds for both: the encoding, the page of a web archive (MHTML), the name of the sheet, which
elements are never data, and what hides one.
"""

import re
from collections.abc import Iterator, Mapping
from html import unescape

from pipeline.ingest.files.decoding import decode_markup
from pipeline.ingest.files.refusals import Refused

MAX_PAGE_BYTES = 32 * 1024 * 1024
"""What the two readers together go through in the ten seconds of a file, at some 3 MB a second: 50,000 rows of a dozen
cells as business systems write them."""

MAX_DEPTH = 512
"""Open elements within each other; browsers follow no deeper, and both readers slow down with the depth."""

ARCHIVE_START = re.compile(rb"[\xef\xbb\xbf\s]*mime-version:", re.IGNORECASE)
MARK_AND_SPACE = b"\xef\xbb\xbf \t\r\n"
FRAMESET = re.compile(r"<frameset[\s>]", re.IGNORECASE)
TABLE = re.compile(r"<table[\s>]", re.IGNORECASE)
TABLE_END = re.compile(r"</table\s*>", re.IGNORECASE)
SHEET_NAME = re.compile(r"<x:ExcelWorksheet>\s*<x:Name>([^<]*)</x:Name>", re.IGNORECASE)

NOT_DATA = frozenset({"script", "style", "title", "template", "xml", "noscript", "iframe", "noframes", "noembed"})
"""Elements whose text a spreadsheet program does not show; ``xml`` holds the settings that Excel writes for itself."""

ROW_HOLDERS = frozenset({"table", "thead", "tbody", "tfoot", "tr"})
"""Elements that become hidden rows when they are hidden; anything else that is hidden is not data."""

CELLS = frozenset({"td", "th"})
INLINE = frozenset(
    {
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i"),
        *("img", "input", "ins", "kbd", "label", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong"),
        *("sub", "sup", "time", "tt", "u", "var", "wbr"),
    }
)
"""Elements within a line of text, beside those of Office (``o:p``, ``st1:chsdate``)."""

VOID = frozenset(
    {"area", "base", "br", "col", "embed", "frame", "hr", "img", "input", "link", "meta", "param", "source", "wbr"}
)
DISPLAY_NONE = re.compile(r"display\s*:\s*none", re.IGNORECASE)


def open_page(data: bytes) -> str:
    """Return the page that a file holds.

    Raises `Refused`: too_large, encoding, damaged, frameset (its tables are in other files), web_archive (of several
    pages).
    """
    if len(data) > MAX_PAGE_BYTES:
        raise Refused("too_large", megabytes=len(data) // 2**20, limit=MAX_PAGE_BYTES // 2**20)
    page = _only_page(data) if ARCHIVE_START.match(data) else decode_markup(data)
    if FRAMESET.search(page) and not TABLE.search(page):
        raise Refused("frameset")
    return page


def sheet_name(page: str, stem: str) -> str:
    """Return the name that Excel gave to the one sheet of a page; else, as for several, the stem of the file."""
    names = SHEET_NAME.findall(page)
    return unescape(names[0]).strip() or stem if len(names) == 1 else stem


def ends_in_a_table(page: str) -> bool:
    """Tell whether a page ends before its last table does: most likely it was cut off there."""
    starts = [match.start() for match in TABLE.finditer(page)]
    return bool(starts) and TABLE_END.search(page, starts[-1]) is None


def ends_line(tag: str) -> bool:
    """Tell whether an element ends the line of text before it and starts another."""
    return tag not in INLINE and ":" not in tag


def is_hidden(attributes: Mapping[str, str | None]) -> bool:
    """Tell whether an element is not shown, by its own attributes (from lower-case names)."""
    return "hidden" in attributes or DISPLAY_NONE.search(attributes.get("style") or "") is not None


def _only_page(data: bytes) -> str:
    """Return the one page of a web archive; framesets and the strip of sheet tabs that Excel writes are none."""
    try:
        pages = list(_pages(data))
    except RecursionError as error:  # archives within archives
        raise Refused("damaged") from error
    if len(pages) != 1:
        raise Refused("web_archive", pages=len(pages))
    return pages[0]


def _pages(data: bytes) -> Iterator[str]:
    import email
    import email.policy

    message = email.message_from_bytes(data.lstrip(MARK_AND_SPACE), policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            page = decode_markup(content) if isinstance(content, bytes) else ""
            if TABLE.search(page) and not _is_tab_strip(part.get("Content-Location", "")):
                yield page


def _is_tab_strip(location: str) -> bool:
    return location.lower().endswith("tabstrip.htm")
