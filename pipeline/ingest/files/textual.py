"""Files that are text throughout (csv, web pages, Excel 2003 XML): what both readers make of each.

Pages and Excel 2003 XML are rare, and what reads them is loaded with the first of them.
"""

from collections.abc import Callable
from dataclasses import replace

from pipeline.ingest.files.counting import SheetCount, check_extent
from pipeline.ingest.files.counting_text import count_text_rows
from pipeline.ingest.files.decoding import decode_markup, decode_text
from pipeline.ingest.files.grids import Container, Grid
from pipeline.ingest.files.textfiles import check_width, ends_in_a_line, read_text_rows

BothReadings = tuple[list[Grid], tuple[SheetCount, ...]]


def _read_text(data: bytes, stem: str) -> BothReadings:
    text = decode_text(data)
    check_width(text, stem)
    counts = (count_text_rows(text, stem),)
    rows = tuple(read_text_rows(text))
    check_extent(stem, len(rows), max(map(len, rows), default=0))
    return [Grid(stem, True, rows, (), 0, is_cut_off=ends_in_a_line(text))], counts


def _read_html(data: bytes, stem: str) -> BothReadings:
    from pipeline.ingest.files.counting_html import count_html_rows
    from pipeline.ingest.files.html_tables import read_html_grid
    from pipeline.ingest.files.htmlpages import ends_in_a_table, open_page, sheet_name

    page = open_page(data)
    name = sheet_name(page, stem)
    grid = replace(read_html_grid(page, name), is_cut_off=ends_in_a_table(page))
    return [grid], count_html_rows(page, name)


def _read_spreadsheetml(data: bytes, _stem: str) -> BothReadings:
    from pipeline.ingest.files.counting_spreadsheetml import count_spreadsheetml_rows
    from pipeline.ingest.files.spreadsheetml import read_spreadsheetml_grids

    xml = decode_markup(data).encode()
    counts = count_spreadsheetml_rows(xml)  # first: it turns a document type away
    return list(read_spreadsheetml_grids(xml)), counts


TEXTUAL_READERS: dict[Container, Callable[[bytes, str], BothReadings]] = {
    "text": _read_text,
    "html": _read_html,
    "spreadsheetml": _read_spreadsheetml,
}
"""From the bytes of a file and the stem of its name to its sheets, not yet reconciled; each raises `Refused`.

A csv or a web page is the one sheet that a spreadsheet program would show, named after the file.
"""
