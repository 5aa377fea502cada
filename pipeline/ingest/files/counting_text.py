"""The second reader for text files: records that are not blank, by a small automaton of its own instead of `csv`."""

from pipeline.ingest.files.counting import SheetCount
from pipeline.ingest.files.refusals import Refused
from pipeline.ingest.files.textfiles import find_delimiter, table_lines

QUOTE = '"'


def count_text_rows(text: str, sheet: str) -> SheetCount:
    """Count the non-blank records of a delimited text; raises `Refused` (open_quote) when a quotation never ends."""
    delimiter = find_delimiter(text)
    record = _Record(delimiter)
    rows = opened = 0
    for number, line in enumerate(table_lines(text), start=1):
        if not record.quoted:
            opened = number
        if QUOTE in line or record.quoted:
            record.read(line)
        else:
            record.filled = bool(line.replace(delimiter, "").strip())
        if not record.quoted:
            rows += record.filled
            record = _Record(delimiter)
    if record.quoted:
        raise Refused("open_quote", line=opened)
    return SheetCount(name=sheet, rows=rows)


class _Record:
    """One record while its lines are read: whether it holds anything yet, and whether a quotation is still open."""

    def __init__(self, delimiter: str) -> None:
        self.delimiter = delimiter
        self.filled = False
        self.quoted = False

    def read(self, line: str) -> None:
        """Take the next line of the record, character by character; a quotation opens only where a field starts."""
        at_start = not self.quoted
        position = 0
        while position < len(line):
            character = line[position]
            if self.quoted and line.startswith(QUOTE * 2, position):
                self.filled = True  # a doubled mark inside a quotation is one mark of text
                position += 1
            elif self.quoted and character == QUOTE:
                self.quoted = False
            elif at_start and character == QUOTE:
                self.quoted = True
            elif not character.isspace() and (self.quoted or character != self.delimiter):
                self.filled = True
            at_start = character == self.delimiter and not self.quoted
            position += 1
