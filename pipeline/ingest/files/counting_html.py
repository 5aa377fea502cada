"""The second reader of web pages: html.parser of the standard library, and a small automaton that mends the markup."""

from dataclasses import dataclass
from html.parser import HTMLParser

from pipeline.ingest.files.counting import SheetCount
from pipeline.ingest.files.grids import is_blank
from pipeline.ingest.files.htmlpages import CELLS, MAX_DEPTH, NOT_DATA, ROW_HOLDERS, VOID, ends_line, is_hidden
from pipeline.ingest.files.refusals import Refused

Attributes = list[tuple[str, str | None]]

TABLE_PARTS = frozenset({"caption", "colgroup", "thead", "tbody", "tfoot"})
BLOCKS = (
    *("address", "blockquote", "center", "div", "dl", "fieldset", "form", "h1", "h2", "h3", "h4", "h5", "h6", "hr"),
    *("ol", "p", "pre", "table", "ul"),
)
PARAGRAPH = frozenset({"p"})
ENDED_BY = {
    **dict.fromkeys(BLOCKS, PARAGRAPH),
    **dict.fromkeys(CELLS, frozenset(CELLS)),
    "tr": frozenset({*CELLS, "tr", "caption", "colgroup"}),
    **dict.fromkeys(TABLE_PARTS, frozenset({*CELLS, *TABLE_PARTS, "tr"})),
}
"""Which open elements of the same table or cell the start of another one ends, for pages that leave their ends out."""


def count_html_rows(page: str, sheet: str) -> tuple[SheetCount, ...]:
    """Count the rows of tables, and the lines of text between them, that show something.

    Raises `Refused` (damaged) for elements nested too deeply.
    """
    counter = _RowCounter()
    counter.feed(page)
    counter.close()
    counter.end_page()
    return (SheetCount(sheet, counter.rows),)


@dataclass
class _Open:
    """An element that has not ended; ``left_out`` for one that is no data."""

    tag: str
    left_out: bool


class _RowCounter(HTMLParser):
    """Open elements, and whether the row and the line that are being read show anything yet."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows = 0
        self.open: list[_Open] = []
        self.left_out = 0  # open elements that are no data
        self.cells = [0]  # open cells: outside any table, then by table, the innermost last
        self.filled = [False]  # rows, likewise
        self.line = False

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        self._end_implied(tag)
        is_data = tag not in NOT_DATA and (tag in ROW_HOLDERS or not is_hidden(dict(attrs)))
        if is_data and not self.left_out:
            self._boundary(tag)
            if tag == "table":
                self._end_row()
                self.cells.append(0)
                self.filled.append(False)
            elif tag == "tr":
                self._end_row()
            elif tag in CELLS:
                self.cells[-1] += 1
        if tag not in VOID:
            self.open.append(_Open(tag, not is_data))
            self.left_out += not is_data
            if len(self.open) > MAX_DEPTH:
                raise Refused("damaged")

    def handle_endtag(self, tag: str) -> None:
        place = self._find_open(tag)
        while place is not None and len(self.open) > place:
            self._end(self.open.pop())

    def handle_data(self, data: str) -> None:
        if self.left_out or is_blank(data):
            return
        if self.cells[-1]:
            self.filled[-1] = True
        else:
            self.line = True

    def end_page(self) -> None:
        """End everything that is still open."""
        while self.open:
            self._end(self.open.pop())
        self._boundary("html")
        self._end_row()

    def _end(self, element: _Open) -> None:
        """Take the end of an element into account."""
        if element.left_out:
            self.left_out -= 1
            return
        if self.left_out:
            return
        self._boundary(element.tag)
        if element.tag in CELLS:
            self.cells[-1] -= 1
        elif element.tag == "tr":
            self._end_row()
        elif element.tag == "table":
            self._end_row()
            self.cells.pop()
            self.filled.pop()

    def _boundary(self, tag: str) -> None:
        """End a line of text outside cells before and after every element that is no part of a line."""
        if ends_line(tag) and not self.cells[-1]:
            self.rows += self.line
            self.line = False

    def _end_row(self) -> None:
        self.rows += self.filled[-1]
        self.filled[-1] = False

    def _end_implied(self, tag: str) -> None:
        """End the cells and rows that have no end of their own, as far up as the table around them."""
        ended = ENDED_BY.get(tag, frozenset())
        last = None
        for place in range(len(self.open) - 1, -1, -1) if ended else ():
            here = self.open[place].tag
            if here == "table" or (ended is PARAGRAPH and here in CELLS):
                break
            if here in ended:
                last = place
        while last is not None and len(self.open) > last:
            self._end(self.open.pop())

    def _find_open(self, tag: str) -> int | None:
        """Return the place of the element that an end tag ends; None for one that ends nothing.

        The end of an element inside a cell never ends the cell, nor anything inside a table the table.
        """
        for place in range(len(self.open) - 1, -1, -1):
            here = self.open[place].tag
            if here == tag:
                return place
            if here == "table" or (here in CELLS and tag not in ROW_HOLDERS | CELLS):
                return None
        return None
