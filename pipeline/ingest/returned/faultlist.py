"""The first sheet of a returned workbook: what is wrong, where, and what is expected, with a link to each cell."""

import math
from collections.abc import Collection, Mapping, Sequence

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.ingest.returned.orders import LIST_MARK, LIST_TITLE, ListLine
from pipeline.spreadsheets.cells import write_text
from pipeline.spreadsheets.cleaning import text_width
from pipeline.spreadsheets.tables import HEADER_FILL, WARNING_FILL

WIDTHS = (6, 16, 9, 62, 22, 30, 9, 9)  # half-width characters a column; together a landscape page of A4 at 80 %
LINE_POINTS = 15.0  # the height of a line in 11 points
MAX_POINTS = 400.0  # Excel shows no row above 409 points
FONT = "宋体"  # of every Chinese office program; what stands in a stranger's default style cannot be known
PLAIN_FONT, BOLD_FONT, TITLE_FONT = (
    Font(name=FONT, size=11),
    Font(name=FONT, size=11, bold=True),
    Font(name=FONT, size=14, bold=True),
)
LINK_FONT = Font(name=FONT, size=11, color="FF0563C1", underline="single")
DONE_FONT = Font(name=FONT, size=11, color="FF7F7F7F")
THIN = Side(style="thin", color="FFBFBFBF")
BORDER = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)


def add_list(
    workbook: Workbook,
    notes: Sequence[str],
    header: Sequence[str],
    lines: Sequence[ListLine],
    titles: Mapping[str, str],
) -> None:
    """Put the list before all other sheets; ``notes`` stand above it, the first of them, its heading, in A1.

    ``titles`` maps the sheets of the source to those of the workbook: a name that is not in it, as of a sheet that was
    taken out, gets no link. A line that is mended gets none either: its row may have moved.
    """
    sheet = workbook.create_sheet(_free_title(workbook.sheetnames), 0)
    for number, note in enumerate(notes, start=1):
        _write_note(sheet, number, note)
    top = len(notes) + 1
    for column, label in enumerate(header, start=1):
        cell = _write(sheet, top, column, label)
        cell.font, cell.fill = BOLD_FONT, HEADER_FILL
    for number, line in enumerate(lines, start=1):
        _write_line(sheet, top + number, number, line, titles)
    for width, letter in zip(WIDTHS, "ABCDEFGH", strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = f"A{top + 1}"
    sheet.auto_filter.ref = f"A{top}:H{top + len(lines)}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9  # A4, by the numbers of the format
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{top}:{top}"
    _open_on(workbook, sheet)


def is_list(sheet: Worksheet) -> bool:
    """Tell whether a sheet is the list of an earlier copy."""
    first = sheet["A1"].value
    return first is not None and str(first).startswith(LIST_MARK)


def link_target(title: str, cell: str | None) -> str:
    """Return where an internal link leads; an apostrophe in the name of a sheet is doubled."""
    return "'" + title.replace("'", "''") + f"'!{cell or 'A1'}"


def _write_note(sheet: Worksheet, row: int, note: str) -> None:
    cell = _write(sheet, row, 1, note)
    cell.border = Border()
    if row == 1:
        cell.font = TITLE_FONT
    else:
        cell.fill = WARNING_FILL
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(WIDTHS))
    sheet.row_dimensions[row].height = 24.0 if row == 1 else _height([(note, sum(WIDTHS))])


def _write_line(sheet: Worksheet, row: int, number: int, line: ListLine, titles: Mapping[str, str]) -> None:
    cell = sheet.cell(row, 1, number)
    cell.font, cell.alignment, cell.border = PLAIN_FONT, Alignment(vertical="top", horizontal="center"), BORDER
    texts = (line.sheet or "", line.cell or "", line.message, line.seen, line.expected, line.severity, line.state)
    for column, text in enumerate(texts, start=2):
        written = _write(sheet, row, column, text)
        if line.is_mended:
            written.font = DONE_FONT
    if not line.is_mended and line.sheet is not None and line.sheet in titles:
        for column in (2, 3):
            target = sheet.cell(row, column)
            if target.value:
                target.hyperlink = Hyperlink(ref="", location=link_target(titles[line.sheet], line.cell))
                target.font = LINK_FONT
    sheet.row_dimensions[row].height = _height(list(zip(texts, WIDTHS[1:], strict=True)))


def _write(sheet: Worksheet, row: int, column: int, text: str) -> Cell:
    cell = sheet.cell(row, column)
    if not isinstance(cell, Cell):
        raise TypeError(f"row {row}, column {column} is no cell")
    if text:
        write_text(cell, text)
    cell.font, cell.alignment, cell.border = PLAIN_FONT, Alignment(wrap_text=True, vertical="top"), BORDER
    return cell


def _height(texts: Sequence[tuple[str, int]]) -> float:
    """Return the points that the longest of some texts takes in a column of its width; 2 characters are the margins."""
    lines = max(
        sum(max(1, math.ceil(text_width(part) / (width - 2))) for part in text.split("\n")) for text, width in texts
    )
    return min(lines * LINE_POINTS + 4, MAX_POINTS)


def _free_title(taken: Collection[str]) -> str:
    """Return the name of the list; with a number when the workbook has a sheet of that name."""
    used = {title.casefold() for title in taken}
    number = 1
    while (title := f"{LIST_TITLE}{number if number > 1 else ''}").casefold() in used:
        number += 1
    return title


def _open_on(workbook: Workbook, sheet: Worksheet) -> None:
    """Let the workbook open on one sheet and on no other with it: what is typed would go into all that are chosen."""
    workbook.active = sheet
    for view in workbook.views:
        view.firstSheet = 0
    for other in workbook.worksheets:
        other.sheet_view.tabSelected = other is sheet
