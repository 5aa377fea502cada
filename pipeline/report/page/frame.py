"""What stands around the sections of a page, and which cells of a notebook stand on it. Loads nothing heavy."""

from dataclasses import dataclass

from pipeline.report.page.facets import Choices

ANALYST_TAG = "analyst"  # a cell with this tag is for the notebook's reader and stays off every page
MAIN_PAGE = "main"  # what a cell without a tag below belongs to
APPENDIX_PAGE = "appendix"
PAGE_TAGS = (ANALYST_TAG, APPENDIX_PAGE)  # a cell with one of these tags stands there and nowhere else
REPORT_TEMPLATE = "template"  # the folder beside this module that lays out a report: index.html.j2, style.css, scripts


@dataclass(frozen=True)
class PageFrame:
    """What stands around the sections of a page.

    ``banner`` marks synthetic data, on screen and on paper; ``page_head`` stands on every printed page, above the text
    and faintly across it, since older browsers print nothing in the margin. ``page`` is whose cells stand within the
    frame: a notebook may hold those of several pages. ``choices`` are what its reader may choose; ``provenance`` says
    what it was made from, a fact each; ``links`` lead to other pages, a label and a file each; ``scripts`` are files
    of the template that run after its own.
    """

    lang: str
    title: str
    subtitle: str = ""
    banner: str | None = None
    footer: str = ""
    page_head: str = ""
    page: str = MAIN_PAGE
    choices: Choices | None = None
    provenance: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    scripts: tuple[str, ...] = ()
