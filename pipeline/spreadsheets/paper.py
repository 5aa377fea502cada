"""How a sheet is printed: A4, as wide as the paper, the header on every page, pages numbered."""

from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.spreadsheets.cleaning import plain_text

A4 = 9  # of the list of paper sizes in ECMA-376, part 1, 18.3.1.63
PORTRAIT_WIDTH = 95  # half-width characters of 11 pt that an upright A4 page holds between its margins
MARGINS = PageMargins(left=0.5, right=0.5, top=0.6, bottom=0.7, header=0.3, footer=0.35)  # inches
FOOTER_SIZE = 8
PAGE_NUMBER = "&P / &N"  # codes of Excel: page, pages


def set_paper(worksheet: Worksheet, footer: str, *, width: int, header_row: int | None = None) -> None:
    """Set ``worksheet`` up for A4: upright or, where its ``width`` (half-width characters) asks for it, across.

    ``footer`` stands on the left of every page, the page's number on the right; ``header_row`` is repeated.
    """
    worksheet.page_setup.paperSize = A4
    worksheet.page_setup.orientation = "landscape" if width > PORTRAIT_WIDTH else "portrait"
    worksheet.page_setup.fitToWidth, worksheet.page_setup.fitToHeight = 1, 0
    worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    worksheet.page_margins = MARGINS
    if header_row is not None:
        worksheet.print_title_rows = f"{header_row}:{header_row}"
    below = worksheet.oddFooter
    assert below is not None  # openpyxl gives every sheet one
    for part, text in ((below.left, _without_codes(footer)), (below.right, PAGE_NUMBER)):
        part.text, part.size = text, FOOTER_SIZE


def _without_codes(text: str) -> str:
    """Return ``text`` so that none of its characters is a code of Excel's footers."""
    return plain_text(text).replace("&", "&&")
