"""A workbook of several kinds of sheets into an xlsx file: the same content gives the same bytes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import openpyxl
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.spreadsheets.cells import save_bytes
from pipeline.spreadsheets.charts import SheetChart, make_chart
from pipeline.spreadsheets.cleaning import plain_text, sheet_title, text_width
from pipeline.spreadsheets.paper import PORTRAIT_WIDTH, set_paper
from pipeline.spreadsheets.tables import (
    LINE_HEIGHT,
    PADDING,
    WRAPPED,
    CellValue,
    Link,
    Sheet,
    column_widths,
    fill_table,
    set_widths,
    write,
    write_lines,
    write_rows,
)

CHARTS_ACROSS = 2
CHART_COLUMNS, CHART_ROWS = 8, 18  # cells of the usual size that a chart and the gap after it take
CHART_ROWS_A_PAGE = 2  # of an A4 page across


@dataclass(frozen=True)
class Document:
    """What a workbook says about itself: its title, the day in its properties, and the footer of every page."""

    title: str
    day: date
    footer: str = ""


@dataclass(frozen=True)
class FrontTable:
    """A table on the first sheet, with a heading above it."""

    heading: str
    header: tuple[str, ...]
    rows: Sequence[Sequence[CellValue]]


@dataclass(frozen=True)
class Front:
    """The first sheet: what the workbook is. ``sentences`` stand under a heading, ``tables`` below, then ``notes``."""

    title: str
    lines: tuple[str, ...]
    heading: str
    sentences: tuple[str, ...]
    tables: tuple[FrontTable, ...]
    notes: tuple[str, ...] = ()
    warning: str | None = None


@dataclass(frozen=True)
class ChartSheet:
    """A sheet of charts, two beside each other; their numbers stand on the sheets that they name."""

    title: str
    lines: tuple[str, ...]
    charts: tuple[SheetChart, ...]
    warning: str | None = None
    back: Link | None = None


def write_spreadsheet(sheets: Sequence[Sheet | Front | ChartSheet], path: Path, document: Document) -> None:
    """Write ``sheets`` to ``path``. Raises `KeyError` for a chart whose sheet is not among them."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    workbook.properties.title = plain_text(document.title)
    made = [workbook.create_sheet(sheet_title(sheet.title)) for sheet in sheets]
    tables = {sheet.title: (page, sheet) for page, sheet in zip(made, sheets, strict=True) if isinstance(sheet, Sheet)}
    for page, sheet in zip(made, sheets, strict=True):
        if isinstance(sheet, Sheet):
            fill_table(page, sheet)
            set_paper(page, document.footer, width=sum(sheet.widths), header_row=sheet.header_row)
        elif isinstance(sheet, Front):
            _fill_front(page, sheet)
            set_paper(page, document.footer, width=0)
        else:
            _fill_charts(page, sheet, tables)
            set_paper(page, document.footer, width=PORTRAIT_WIDTH + 1)
    workbook.active = 0
    made[0].sheet_view.tabSelected = True
    path.write_bytes(save_bytes(workbook, datetime(document.day.year, document.day.month, document.day.day)))


def _fill_front(page: Worksheet, front: Front) -> None:
    """Write the first sheet: sentences across its columns, tables one below the other with the same columns."""
    above = tuple(line for line in (front.warning, *front.lines) if line is not None)
    rows = [row for table in front.tables for row in (table.header, *table.rows)]
    columns = max(map(len, rows))
    widths = column_widths([[*row, *[None] * (columns - len(row))] for row in rows])
    write_lines(page, above, front.warning, columns)
    set_widths(page, widths)
    row = len(above) + 2
    _write_heading(page, row, front.heading)
    for sentence in front.sentences:
        row += 1
        _write_sentence(page, row, sentence, columns, sum(widths))
    for table in front.tables:
        row += 2
        _write_heading(page, row, table.heading)
        write_rows(page, row + 1, table.header, table.rows, widths)
        row += 1 + len(table.rows)
    for note in front.notes:
        row += 2
        _write_sentence(page, row, note, columns, sum(widths))
    page.sheet_view.showGridLines = False


def _write_heading(page: Worksheet, row: int, text: str) -> None:
    write(page, row, 1, text).font = Font(bold=True, size=12)


def _write_sentence(page: Worksheet, row: int, text: str, columns: int, width: int) -> None:
    """Write a sentence over the whole width, in as many lines as it needs: merged cells do not grow by themselves."""
    write(page, row, 1, text).alignment = WRAPPED
    page.merge_cells(start_row=row, start_column=1, end_row=row, end_column=columns)
    page.row_dimensions[row].height = LINE_HEIGHT * -(-text_width(text) // (width - PADDING))


def _fill_charts(page: Worksheet, sheet: ChartSheet, tables: Mapping[str, tuple[Worksheet, Sheet]]) -> None:
    """Put the charts in two columns, each page of paper holding whole charts."""
    above = tuple(line for line in (sheet.warning, *sheet.lines, sheet.back) if line is not None)
    write_lines(page, above, sheet.warning, CHARTS_ACROSS * CHART_COLUMNS)
    first = len(above) + 2
    for number, chart in enumerate(sheet.charts):
        data, table = tables[chart.sheet]
        down, across = divmod(number, CHARTS_ACROSS)
        anchor = f"{get_column_letter(1 + across * CHART_COLUMNS)}{first + down * CHART_ROWS}"
        page.add_chart(make_chart(chart, data, table.header_row + 1, table.header_row + len(table.rows)), anchor)
        if across == 0 and down and down % CHART_ROWS_A_PAGE == 0:
            page.row_breaks.append(Break(id=first + down * CHART_ROWS - 2))
    page.sheet_view.showGridLines = False
