"""Text files as rows: the delimiter by what the lines agree on, every cell as its text."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from pipeline.ingest.files.grids import is_blank
from pipeline.ingest.files.refusals import Refused

DELIMITERS = ("\t", ";", "|", ",", "，")
NAMED_DELIMITER = re.compile(r"sep=([^ \r\n\"])(?:\r\n|\r|\n|\Z)", re.IGNORECASE)
QUOTED = re.compile(r'(?:^|(?<=[\t;|,，]))"[^"]*+"', re.MULTILINE)
_FORMULA_OF_TEXT = re.compile(r'="(.*)"', re.DOTALL)
AMOUNT_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
SAMPLE_LINES = 40
"""Twice the most rows that stand above a table, title, instructions and headers taken together."""

SAMPLE_CHARACTERS = 65_536
BLANK_FIELDS = "".join(DELIMITERS)
NO_AGREEMENT = (0, 0)
MAX_FIELD_CHARACTERS = 32_767
"""The longest text an Excel cell holds; a longer field in a text file is an unclosed quotation mark."""

MAX_DELIMITERS = 1_048_576  # in one line: 64 for each of the 16,384 columns of a sheet

TextRows = list[tuple[str | None, ...]]


def find_delimiter(text: str) -> str:
    """Return the delimiter of a text: as its first line ``sep=;`` says, else the one the first lines agree on.

    A delimiter that separates columns stands equally often in most lines, headings and notes aside; one that is part of
    the text comes and goes. So the one whose commonest number is shared by most lines is taken; of equals, the more
    frequent. Commas within amounts (1,234) and anything between quotation marks do not count. A comma when none stands
    in the text.
    """
    named = NAMED_DELIMITER.match(text)
    if named:
        return named[1]
    plain = QUOTED.sub("", text[:SAMPLE_CHARACTERS])
    sample = AMOUNT_COMMA.sub("", plain)
    lines = [line for line in islice(lines_of(sample), SAMPLE_LINES) if not is_blank(line.strip(BLANK_FIELDS))]
    agreements = {delimiter: _agreement([line.count(delimiter) for line in lines]) for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=lambda delimiter: agreements[delimiter])
    return best if agreements[best] != NO_AGREEMENT else ","


def check_width(text: str, sheet: str) -> None:
    """Refuse a text with a line of more delimiters than any sheet holds, before its fields are cut apart.

    Some may stand between quotation marks, so that only `MAX_DELIMITERS` in one line are certainly too many. Raises
    `Refused` (too_wide).
    """
    if len(text) <= MAX_DELIMITERS:
        return
    delimiter = find_delimiter(text)
    for number, line in enumerate(lines_of(text), start=1):
        if len(line) > MAX_DELIMITERS and (found := line.count(delimiter)) > MAX_DELIMITERS:
            raise Refused("too_wide", sheet=sheet, rows=number, columns=found + 1)


def ends_in_a_line(text: str) -> bool:
    """Tell whether a text ends within a line of its table: without a line end, and with fewer fields than other lines.

    A last line of one field may as well be a note. A copy that broke off in the last field of a line, or behind it,
    cannot be told.
    """
    if text.endswith(("\n", "\r")):
        return False
    delimiter = find_delimiter(text)
    last = text[max(text.rfind("\n"), text.rfind("\r")) + 1 :].count(delimiter)
    return last > 0 and any(line.count(delimiter) > last for line in lines_of(text))


def _agreement(counts: list[int]) -> tuple[int, int]:
    """Return how many lines share the commonest number of a delimiter, not counting none, and that number."""
    numbers = Counter(count for count in counts if count)
    return max(((lines, number) for number, lines in numbers.items()), default=NO_AGREEMENT)


def table_lines(text: str) -> Iterator[str]:
    """Return the lines of a text, ends kept, without a first line ``sep=;``, which Excel does not show either."""
    lines = lines_of(text)
    if NAMED_DELIMITER.match(text):
        next(lines)
    return lines


def lines_of(text: str) -> io.StringIO:
    """Return the lines of a text, ends kept: only CR, LF and CRLF end one, as `csv` asks."""
    return io.StringIO(text, newline="")


def read_text_rows(text: str) -> TextRows:
    """Return the records of a delimited text, blank cells as None; raises `Refused` (long_field)."""
    reader = csv.reader(table_lines(text), delimiter=find_delimiter(text))
    rows: TextRows = []
    try:
        for record in reader:
            if any(len(field) > MAX_FIELD_CHARACTERS for field in record):
                raise Refused("long_field", line=reader.line_num)
            fields = [_without_formula(field) for field in record]
            if all(map(is_blank, fields)):
                fields = record  # a record of ="" alone is none that is blank
            cells = [None if is_blank(field) else field for field in fields]
            while cells and cells[-1] is None:
                cells.pop()
            rows.append(tuple(cells))
    except csv.Error as error:  # the limit of the module itself, four times as long
        raise Refused("long_field", line=reader.line_num) from error
    return rows


def _without_formula(field: str) -> str:
    """Return a field without the ="…" by which exports keep a spreadsheet from reading 0012 as a number."""
    found = _FORMULA_OF_TEXT.fullmatch(field)
    return field if found is None else found[1].replace('""', '"')
