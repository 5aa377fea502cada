"""Sheets of Open XML made short before they are counted: what surely holds something is left out, and what is empty."""

import re
from collections.abc import Callable
from functools import partial

DEFAULT_STYLE = "0"  # of a cell that names none

ADDRESS_OF_ANY_ROW = rb"[A-Z]{1,2}+([0-9]{1,7}+)"
ADDRESS_IN_THE_SAME = rb"[A-Z]{1,3}+\1"  # row as the one before
NUMBER = rb"<v>[^<&\s]++</v>"
SHARED_TEXT = rb"<v>[0-9]++</v>"
INLINE_TEXT = rb"<is><t[^<>]*+>[^<0-9A-Za-z\xe4-\xe9]*+[0-9A-Za-z\xe4-\xe9][^<]*+</t></is>"
"""What cells that surely hold something have in them, as Excel, WPS, openpyxl and POI write it: for text, a letter, a
digit or a Chinese character (E4 to E9 start those of U+4000 to U+9FFF in UTF-8)."""

ROW_START = rb'<row r="([0-9]{1,7}+)"(?![^<>]*(?:hidden|xmlns))[^<>/]*+>'
ADDRESS_OF_ROW = rb"([A-Z]{1,2}+)\1"  # in the row whose number ROW_START caught
"""Columns of three letters are never skipped, nor are cells that stand in another row than the next one: one of those
alone, out of its order, may lie further out than a sheet can be laid out."""

EMPTY_CELL = rb'<c r="[A-Z]{1,3}+\1"(?: s="[0-9]++")?+/>'
EMPTY_ROW = rb'<row r="([0-9]{1,7}+)"(?![^<>]*(?:hidden|xmlns))[^<>/]*+(?:/>|>(?:%s)*+</row>)' % EMPTY_CELL
ANOTHER_EMPTY_ROW = EMPTY_ROW.replace(rb"\1", rb"\2")  # its number is the second that is caught
EMPTY_ROWS = re.compile(rb'%s(?:%s)*(?=<row r="|</sheetData>)' % (EMPTY_ROW, ANOTHER_EMPTY_ROW))
"""Rows with nothing in them, as styles that reach to the bottom of a sheet leave a million. The row after them has to
say its number. The first stands before the repetition: a pattern that begins with plain text is tried only where that
is, and not at every byte."""

FILLED_ROW = rb'<filled r="\1" c="\2"/>'
"""What a whole row of such cells is handed on as: its number and its last column. It is an element where the row was
one, so that a row in a comment counts as little as ever."""


def make_thinner(blanks: frozenset[str], styles: frozenset[str]) -> Callable[[bytes], bytes] | None:
    """Return a function that shortens a piece of a sheet: rows of nothing but filled and empty cells become one
    element, rows of empty ones none, and elsewhere filled cells that stand before another filled cell are dropped.

    Large ledgers are made of little else, and neither the row nor its last column needs them. It works on any piece:
    what is cut in two stays as it is. Shared texts are left out only in workbooks where none of them is blank, and
    cells of the given styles are kept; nothing is left out where cells without a style have such a one.
    """
    if DEFAULT_STYLE in styles:
        return None
    kept = rb"(?!(?:%s)\")" % "|".join(sorted(styles)).encode() if styles else b""
    filled = partial(_filled_cell, kept=kept, has_blank_texts=bool(blanks))
    before_another = re.compile(rb"%s(?=%s)" % (filled(ADDRESS_OF_ANY_ROW), filled(ADDRESS_IN_THE_SAME)))
    some_filled = (EMPTY_CELL, EMPTY_CELL, filled(ADDRESS_OF_ROW))  # empty ones first: a vain trial would be caught
    row = re.compile(ROW_START + rb"(?:%s)*+(?:%s|%s)++</row>" % some_filled)

    def thin(piece: bytes) -> bytes:
        return before_another.sub(b"", row.sub(FILLED_ROW, EMPTY_ROWS.sub(b"", piece)))

    return thin


def _filled_cell(address: bytes, kept: bytes, has_blank_texts: bool) -> bytes:
    """Return the pattern of a filled cell; ``kept`` says, as a pattern, which styles it must not have."""
    texts = () if has_blank_texts else (rb's">' + SHARED_TEXT,)
    of_type = rb"|".join((rb'n">' + NUMBER, *texts, rb'inlineStr">' + INLINE_TEXT))
    return rb'<c r="%s"(?: s="%s[0-9]++")?+(?: t="(?:%s)|>%s)</c>' % (address, kept, of_type, NUMBER)
