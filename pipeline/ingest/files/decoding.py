"""From bytes to text: the encoding of a text file by strict trial, that of markup by what it declares."""

import codecs
import re

from pipeline.ingest.files.refusals import Refused

UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
TRIALS = ("utf-8-sig", "gb18030")
UTF16_ENCODINGS = ("utf-16-le", "utf-16-be")
ASCII_SHARE = 0.1
"""Least share of ASCII among the characters of UTF-16 without a mark: digits, separators and line ends are ASCII, and
no table is without them. Text in another encoding with a NUL gone astray holds less, taken as UTF-16."""

DECLARED_ENCODING = re.compile(r"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9._:-]+)""", re.IGNORECASE)
XML_DECLARATION = re.compile(r"\s*<\?xml\s[^>]*\?>")
CHINESE = frozenset({"gb2312", "gbk", "cp936", "ms936", "x-gbk", "gb_2312-80", "gb18030"})
"""Names under which GBK is declared; GB18030 holds them all, and exports that say gb2312 are full of what it lacks."""

WESTERN = frozenset({"iso-8859-1", "latin1", "windows-1252", "cp1252", "us-ascii", "ascii"})
"""Declared by programs that never asked, and true of any bytes: tried after everything else."""

CONTROL = re.compile("[\0-\x08\x0e-\x1f]")
SEPARATORS = re.compile("[\\t\\r\\n ,;|<>=]")  # taken the wrong way round, none of them comes out of Chinese text
NOT_ASCII = re.compile("[^\0-\x7f]+")
DECLARATION_BYTES = 4096  # where a page or a workbook names its encoding; Excel writes it in the first lines


def decode_text(data: bytes) -> str:
    """Decode a text file: UTF-16 by its mark or by its NULs, else strict UTF-8 (mark or not), else strict GB18030.

    Raises `Refused` (encoding) when none fits, or when the text holds NUL, which no table does.
    """
    return _decode_strictly(data, _utf16_encodings(data) or TRIALS)


def decode_markup(data: bytes) -> str:
    """Decode HTML or XML: by its mark, else by the encoding that it declares, else as a text file.

    An XML declaration is taken off, its line ends kept: it speaks of bytes that are no more. Exports often declare one
    encoding and write another, so that a declared one that does not fit is tried before the others and no more.
    Raises `Refused` (encoding).
    """
    text = _decode_strictly(data, _utf16_encodings(data) or _markup_trials(data))
    declaration = XML_DECLARATION.match(text)
    if declaration is None:
        return text
    return "\n" * declaration[0].count("\n") + text[declaration.end() :]


def _decode_strictly(data: bytes, encodings: tuple[str, ...]) -> str:
    """Return the text in the first encoding that fits to the last byte."""
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        if "\0" not in text:
            return text
    raise Refused("encoding")


def _utf16_encodings(data: bytes) -> tuple[str, ...]:
    """Return which UTF-16 the bytes are, by the mark or else, when there are NULs, by how they read; () for neither."""
    if data.startswith(UTF16_MARKS):
        return ("utf-16",)
    if b"\0" not in data:
        return ()
    separators = {encoding: _count_separators(data, encoding) for encoding in UTF16_ENCODINGS}
    best = max(UTF16_ENCODINGS, key=lambda encoding: separators[encoding])
    return (best,) if separators[best] else ()


def _count_separators(data: bytes, encoding: str) -> int:
    """Return how many separators bytes hold as UTF-16; 0 where they are none, hold hardly any ASCII, or are no text."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return 0
    if CONTROL.search(text) or len(NOT_ASCII.sub("", text)) < len(text) * ASCII_SHARE:
        return 0
    return len(SEPARATORS.findall(text))


def _markup_trials(data: bytes) -> tuple[str, ...]:
    """Return the encodings to try for markup: what it declares comes after UTF-8, which no other text passes for."""
    match = DECLARED_ENCODING.search(data[:DECLARATION_BYTES].decode("latin-1"))
    declared = match[1].lower() if match else ""
    if declared in CHINESE or not _is_known(declared):
        return TRIALS
    return (*TRIALS, declared) if declared in WESTERN else (TRIALS[0], declared, *TRIALS)


def _is_known(encoding: str) -> bool:
    """Tell whether Python has an encoding of text under this name."""
    try:
        b" ".decode(encoding)
    except LookupError:
        return False
    except UnicodeError:
        return True  # a space alone is too little for it
    return True
