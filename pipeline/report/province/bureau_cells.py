"""Cells of a table that lead to a bureau's pages, and the field that finds a bureau in long tables."""

from dataclasses import dataclass

from pipeline.report.page.blocks import HtmlBlock
from pipeline.report.page.escaping import safe_text
from pipeline.report.page.table_block import Mark


@dataclass(frozen=True)
class BureauCell(Mark):
    """The name of a bureau; ``address`` is a page below the folder of this one, percent-encoded, or empty."""

    address: str = ""

    def html(self) -> str:
        """Return the name, as a link where there is a page; the page's script finds bureaus by the class."""
        return f'<span class="bureau">{_linked(self.text, self.address)}</span>'


@dataclass(frozen=True)
class PageCell(Mark):
    """A link to a page below the folder of this one, by its percent-encoded ``address``."""

    address: str = ""

    def html(self) -> str:
        """Return the link."""
        return _linked(self.text, self.address)


@dataclass(frozen=True)
class BureauFinder(HtmlBlock):
    """Where the page's script puts the field that finds bureaus; without scripts every row is shown and it is nothing.

    The words are those of the script: ``label`` of the field, ``more`` of the button that shows the rest of a long
    table (``{count}`` rows), ``none`` where nothing fits, ``sort`` of the heads of columns (``{column}``).
    """

    label: str
    more: str
    none: str
    sort: str

    def html(self) -> str:
        """Return the place with its words."""
        words = {"label": self.label, "more": self.more, "none": self.none, "sort": self.sort}
        data = "".join(f' data-{name}="{safe_text(text)}"' for name, text in words.items())
        return f'<div class="find-bureau" hidden{data}></div>'


def _linked(text: str, address: str) -> str:
    """Return text within a link; raises `ValueError` for an address that is no page below this one."""
    if not address:
        return safe_text(text)
    if ":" in address or address.startswith(("/", "\\", "#")) or ".." in address.split("/"):
        raise ValueError(f"a bureau's page is linked by its folder, percent-encoded; seen {address!r}")
    return f'<a href="{safe_text(address)}">{safe_text(text)}</a>'
