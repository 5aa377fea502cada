"""The first reader of web pages: libxml2, which mends the markup, and the layout of what it finds on one sheet."""

from lxml import etree

from pipeline.ingest.files.grids import Grid
from pipeline.ingest.files.html_layout import Attributes, Layout
from pipeline.ingest.files.html_values import class_formats
from pipeline.ingest.files.htmlpages import CELLS, MAX_DEPTH, NOT_DATA, ROW_HOLDERS, ends_line, is_hidden
from pipeline.ingest.files.refusals import Refused


def read_html_grid(page: str, sheet: str) -> Grid:
    """Return the tables of a page, and the lines of text between them, one below the other on one sheet.

    Spans become merges with the value in their first cell. A table inside a cell stands below what the row held so
    far, as the tables are written that only arrange others; such rows give no merges. Rows that are not shown are
    listed as hidden; other text that is not shown is left out. ``physical_rows`` is left to the second reader. Raises
    `Refused`: damaged (also for elements nested too deeply), too_wide, row_limit.
    """
    layout = Layout(sheet)
    parser = etree.HTMLParser(target=_Events(layout), huge_tree=False, no_network=True, encoding="utf-8")
    try:
        parser.feed(page.encode("utf-8", "replace"))
        parser.close()
    except etree.LxmlError as error:
        raise Refused("damaged") from error
    if any(entry.level == etree.ErrorLevels.FATAL for entry in parser.error_log):
        raise Refused("damaged")
    return layout.grid()


class _Events:
    """What libxml2 calls for each element and text; every start has its end."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.depth = 0
        self.left_out = 0  # how deep inside an element that is no data
        self.style_sheet: list[str] | None = None
        self.hidden_holders: list[bool] = []

    def start(self, tag: str, attributes: Attributes) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Refused("damaged")
        is_data = tag not in NOT_DATA and (tag in ROW_HOLDERS or not is_hidden(attributes))
        if self.left_out or not is_data:
            self.left_out += 1
            self.style_sheet = [] if tag == "style" else self.style_sheet
            return
        if ends_line(tag):
            self.layout.end_line()
        if tag in ROW_HOLDERS:
            self._start_holder(tag, is_hidden(attributes))
        elif tag in CELLS:
            self.layout.start_cell(attributes)

    def end(self, tag: str) -> None:
        self.depth -= 1
        if self.left_out:
            self.left_out -= 1
            if tag == "style" and self.style_sheet is not None:
                self.layout.formats |= class_formats("".join(self.style_sheet))
                self.style_sheet = None
            return
        if ends_line(tag):
            self.layout.end_line()
        if tag in ROW_HOLDERS:
            self._end_holder(tag)
        elif tag in CELLS:
            self.layout.end_cell()

    def data(self, text: str) -> None:
        if self.style_sheet is not None:
            self.style_sheet.append(text)
        elif not self.left_out:
            self.layout.add_text(text)

    def close(self) -> None:
        """End of the page; the layout is asked for its grid by the one who made it."""

    def _start_holder(self, tag: str, hidden: bool) -> None:
        if tag == "table":
            self.layout.start_table()
        elif tag == "tr":
            self.layout.start_row()
        self.hidden_holders.append(hidden)
        self.layout.hidden_holders += hidden

    def _end_holder(self, tag: str) -> None:
        if tag == "table":
            self.layout.end_table()
        elif tag == "tr":
            self.layout.end_row()
        self.layout.hidden_holders -= self.hidden_holders.pop()
