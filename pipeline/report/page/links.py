"""The way from one page to the others: those of the same folder, and the library of all quarters above it."""

from pipeline.report.page.files import ANNUAL_FILE, APPENDIX_FILE, BOARD_FILE, LIBRARY_FROM_A_QUARTER, REPORT_FILE
from pipeline.texts import Texts


def page_links(own: str, texts: Texts) -> tuple[tuple[str, str], ...]:
    """Return the label and the target of every page but ``own`` (a file of the quarter's folder), the library last."""
    pages = (
        (texts("links.report"), REPORT_FILE),
        (texts("links.annual"), ANNUAL_FILE),
        (texts("links.board"), BOARD_FILE),
        (texts("links.appendix"), APPENDIX_FILE),
        (texts("links.library"), LIBRARY_FROM_A_QUARTER),
    )
    return tuple((label, target) for label, target in pages if target != own)
