"""Text files as rows: the encoding by strict trial, the delimiter by its count, every cell as its text."""

import codecs
import csv
import io

from pipeline.ingest.files.grids import is_blank
from pipeline.ingest.files.refusals import Refused

DELIMITERS = ("\t", ",", ";")
SAMPLE_LINES = 20
MAX_FIELD_CHARACTERS = 32_767
"""The longest text an Excel cell holds; a longer field in a text file is an unclosed quotation mark."""

TextRows = list[tuple[str | None, ...]]


def decode_text(data: bytes) -> str:
    """Decode a text file: UTF-16 with its mark, else strict UTF-8 (with or without a mark), else strict GB18030.

    Raises `Refused` (encoding) when none fits, or when the text holds NUL, which no table does.
    """
    has_utf16_mark = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    encodings = ("utf-16",) if has_utf16_mark else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refused("encoding")


def find_delimiter(text: str) -> str:
    """Return the commonest of tab, comma and semicolon in the first lines; a comma when there is none."""
    lines = [line for _, line in zip(range(SAMPLE_LINES), lines_of(text), strict=False)]
    counts = {delimiter: sum(line.count(delimiter) for line in lines) for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=lambda delimiter: counts[delimiter])
    return best if counts[best] else ","


def lines_of(text: str) -> io.StringIO:
    """Return the lines of a text, ends kept: only CR, LF and CRLF end one, as `csv` asks."""
    return io.StringIO(text, newline="")


def read_text_rows(text: str) -> TextRows:
    """Return the records of a delimited text, blank cells as None; raises `Refused` (long_field)."""
    reader = csv.reader(lines_of(text), delimiter=find_delimiter(text))
    rows: TextRows = []
    try:
        for record in reader:
            if any(len(field) > MAX_FIELD_CHARACTERS for field in record):
                raise Refused("long_field", line=reader.line_num)
            cells = [None if is_blank(field) else field for field in record]
            while cells and cells[-1] is None:
                cells.pop()
            rows.append(tuple(cells))
    except csv.Error as error:  # the limit of the module itself, four times as long
        raise Refused("long_field", line=reader.line_num) from error
    return rows
