"""The second reader of Excel 2003 XML (SpreadsheetML): expat, which also turns a document type away."""

from dataclasses import replace
from io import BytesIO

from pipeline.ingest.files.counting import SheetCount
from pipeline.ingest.files.grids import is_blank
from pipeline.ingest.files.markup import SEPARATOR, make_parser, run_parser

NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet" + SEPARATOR
DAYS_FROM_1904 = "urn:schemas-microsoft-com:office:excel" + SEPARATOR + "Date1904"  # there or not
PART = "Workbook"  # a file of this kind is one part


def count_spreadsheetml_rows(data: bytes) -> tuple[SheetCount, ...]:
    """Count the non-empty rows of every worksheet of UTF-8 XML, in order; raises `Refused` (doctype, damaged_part)."""
    workbook = _WorkbookAutomaton()
    run_parser(workbook.parser, BytesIO(data), PART)
    return tuple(replace(count, from_1904=workbook.from_1904) for count in workbook.counts)


class _WorkbookAutomaton:
    """Worksheets, rows and data as expat meets them; the data of comments is left out."""

    def __init__(self) -> None:
        self.counts: list[SheetCount] = []
        self.path: list[str] = []  # open elements, without the namespace of SpreadsheetML
        self.from_1904 = False
        self.name = ""
        self.rows = 0
        self.filled = False
        self.parser = make_parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        element = name.removeprefix(NAMESPACE)
        self.path.append(element)
        if element == "Worksheet":
            self.name = attributes.get(NAMESPACE + "Name", "")
            self.rows = 0
        elif element == "Row":
            self.filled = False
        elif name == DAYS_FROM_1904:
            self.from_1904 = True

    def _end(self, _name: str) -> None:
        element = self.path.pop()
        if element == "Row":
            self.rows += self.filled
        elif element == "Worksheet":
            self.counts.append(SheetCount(self.name, self.rows))

    def _characters(self, text: str) -> None:
        """Take text that belongs to the data of a cell; a comment has data of its own, one level further down."""
        if not self.filled and self.path[4:6] == ["Cell", "Data"]:
            self.filled = not is_blank(text)
