"""The vocabulary of a report: what a notebook cell shows, in JupyterLab and on the page that is exported from it.

A block holds text that is already in the reader's language and knows nothing of what it means. Shown as the last value
of a cell it publishes its outputs; their metadata (key ``ronghe``) tells the exporter what each one is.
"""

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Literal

from pipeline.report.page.escaping import safe_text
from pipeline.report.page.facets import EVERYTHING, Facet
from pipeline.report.page.sparkline import Sparkline

METADATA_KEY = "ronghe"
Tone = Literal["neutral", "good", "bad", "info", "muted"]

_SLUG = re.compile(r"[a-z][a-z0-9-]*")
_PAGE_BESIDE = re.compile(r"[a-z][a-z0-9-]*\.html(#[a-z][a-z0-9-]*)?")


@dataclass(frozen=True)
class Output:
    """One output of a cell: its mime bundle, and what it is on the page (``part`` and what belongs to it)."""

    data: dict[str, Any]
    page: dict[str, str]


class Block(ABC):
    """Something that a cell shows."""

    @abstractmethod
    def outputs(self) -> list[Output]:
        """Return the outputs of the block, in reading order."""

    def _ipython_display_(self) -> None:
        from IPython.display import display  # only inside a kernel

        for output in self.outputs():
            display(output.data, metadata={METADATA_KEY: output.page}, raw=True)


class HtmlBlock(Block):
    """A block that is one piece of HTML."""

    @abstractmethod
    def html(self) -> str:
        """Return the block as HTML; every text in it has gone through `safe_text`."""

    def outputs(self) -> list[Output]:
        """Return the single output."""
        return [html_output(self.html(), part="html")]


def html_output(html: str, **page: str) -> Output:
    """Return an output that holds ``html``; ``page`` says what it is on the page."""
    return Output({"text/html": html, "text/plain": ""}, page)


def checked_slug(name: str) -> str:
    """Return ``name`` when it can be an id and a link target (``standings-2``); raises `ValueError` otherwise."""
    if not _SLUG.fullmatch(name):
        raise ValueError(f"an id is small letters, digits and hyphens, beginning with a letter; seen {name!r}")
    return name


@dataclass(frozen=True)
class Section(Block):
    """A heading that begins a section; it stands in the list of contents. ``lead`` is the answer in one sentence."""

    id: str
    title: str
    lead: str = ""

    def outputs(self) -> list[Output]:
        """Return the heading; what follows, up to the next section, belongs to it."""
        slug = checked_slug(self.id)
        lead = f'<p class="lead">{safe_text(self.lead)}</p>' if self.lead else ""
        heading = f'<h2 id="{slug}-title">{safe_text(self.title)}</h2>{lead}'
        return [html_output(heading, part="section", id=slug, title=self.title)]


@dataclass(frozen=True)
class Subheading(HtmlBlock):
    """A heading within a section."""

    title: str

    def html(self) -> str:
        """Return the heading."""
        return f"<h3>{safe_text(self.title)}</h3>"


@dataclass(frozen=True)
class Prose(HtmlBlock):
    """Paragraphs."""

    paragraphs: tuple[str, ...]

    def html(self) -> str:
        """Return one ``<p>`` a paragraph."""
        return '<div class="prose">' + "".join(f"<p>{safe_text(text)}</p>" for text in self.paragraphs) + "</div>"


@dataclass(frozen=True)
class About:
    """A sentence about one group or metric alone."""

    text: str
    facet: Facet


@dataclass(frozen=True)
class Bullets(HtmlBlock):
    """A list of sentences."""

    items: tuple[str | About, ...]

    def html(self) -> str:
        """Return the list."""
        return '<ul class="bullets">' + "".join(map(_list_item, self.items)) + "</ul>"


def _list_item(item: str | About) -> str:
    text, facet = (item.text, item.facet) if isinstance(item, About) else (item, EVERYTHING)
    return f"<li{facet.attributes()}>{safe_text(text)}</li>"


@dataclass(frozen=True)
class Footnote:
    """A note below a section, under an id that cells link to; ``facet`` is what it is about."""

    id: str
    term: str
    text: str
    facet: Facet = EVERYTHING

    def html(self) -> str:
        """Return the note."""
        said = f"<strong>{safe_text(self.term)}</strong> {safe_text(self.text)}"
        return f'<li id="{checked_slug(self.id)}"{self.facet.attributes()}>{said}</li>'


@dataclass(frozen=True)
class Footnotes(HtmlBlock):
    """The numbered notes of a section, in the order of their numbers."""

    title: str
    notes: tuple[Footnote, ...]

    def html(self) -> str:
        """Return the list."""
        notes = "".join(note.html() for note in self.notes)
        return f'<ol class="footnotes" aria-label="{safe_text(self.title)}">{notes}</ol>'


@dataclass(frozen=True)
class PageLink(HtmlBlock):
    """A line that leads to another page of the same folder: ``target`` is its file, with or without a section."""

    text: str
    target: str

    def html(self) -> str:
        """Return the link; raises `ValueError` for a target that is no page beside this one."""
        if not _PAGE_BESIDE.fullmatch(self.target):
            raise ValueError(f"a page is linked by its file, such as report.html#relations; seen {self.target!r}")
        return f'<p class="page-link"><a href="{self.target}">{safe_text(self.text)}</a></p>'


@dataclass(frozen=True)
class Notice(HtmlBlock):
    """A sentence that must not be missed; the tone is also said by its title, never by colour alone."""

    title: str
    text: str
    tone: Tone = "info"

    def html(self) -> str:
        """Return the notice."""
        return (
            f'<div class="notice tone-{self.tone}" role="note">'
            f"<p><strong>{safe_text(self.title)}</strong> {safe_text(self.text)}</p></div>"
        )


@dataclass(frozen=True)
class KeyFigure:
    """One number with its name; ``note`` says what it is compared with, ``group`` (1 to 6) gives it a colour.

    ``trend`` is its way here, a small picture; ``facet`` is what it is about; ``section`` is the id of its section.
    """

    label: str
    value: str
    unit: str = ""
    note: str = ""
    tone: Tone = "neutral"
    group: int | None = None
    trend: Sparkline | None = None
    facet: Facet = EVERYTHING
    section: str = ""

    def html(self) -> str:
        """Return the card; label before value, as it is read aloud."""
        unit = f' <span class="unit">{safe_text(self.unit)}</span>' if self.unit else ""
        note = f'<dd class="note tone-{self.tone}">{safe_text(self.note)}</dd>' if self.note else ""
        trend = f'<dd class="trend">{self.trend.svg()}</dd>' if self.trend else ""
        label = safe_text(self.label)
        if self.section:
            label = f'<a href="#{checked_slug(self.section)}">{label}</a>'
        return (
            f'<div class="{group_class("card", self.group)}"{self.facet.attributes()}><dt>{label}</dt>'
            f'<dd class="value">{safe_text(self.value)}{unit}</dd>{trend}{note}</div>'
        )


@dataclass(frozen=True)
class KeyFigures(HtmlBlock):
    """A row of key figures."""

    items: tuple[KeyFigure, ...]

    def html(self) -> str:
        """Return the row of cards."""
        return '<dl class="key-figures">' + "".join(item.html() for item in self.items) + "</dl>"


@dataclass(frozen=True)
class Fold(HtmlBlock):
    """Detail that is folded away; open where scripts are off. On paper it is as the reader left it on the screen."""

    label: str
    content: HtmlBlock
    is_data: bool = False  # the numbers behind a chart, which the page lets its reader copy and save

    def html(self) -> str:
        """Return the disclosure; the page closes it once its script runs."""
        kind = "fold data" if self.is_data else "fold"
        return (
            f'<details class="{kind}" open data-fold><summary>{safe_text(self.label)}</summary>'
            f'<div class="fold-content">{self.content.html()}</div></details>'
        )


@dataclass(frozen=True)
class Stack(Block):
    """Several blocks, one below the other."""

    blocks: tuple[Block, ...]

    def outputs(self) -> list[Output]:
        """Return the outputs of all blocks."""
        return [output for block in self.blocks for output in block.outputs()]


@dataclass(frozen=True)
class ForFacet(Block):
    """A block that is about one group or metric: it is hidden when a reader chooses another."""

    block: Block
    facet: Facet

    def outputs(self) -> list[Output]:
        """Return the outputs of the block, marked; raises `ValueError` for a section, which is about everything."""
        return [self._marked(output) for output in self.block.outputs()]

    def _marked(self, output: Output) -> Output:
        part, attributes = output.page.get("part"), self.facet.attributes()
        if part == "html":
            html = f'<div class="facet"{attributes}>{output.data["text/html"]}</div>'
            return Output({**output.data, "text/html": html}, output.page)
        if part == "chart-head":
            return Output(output.data, {**output.page, "facet": output.page.get("facet", "") + attributes})
        if part == "section":
            raise ValueError(f"the section {output.page['id']!r} is about everything: mark the blocks within it")
        return output


def group_class(base: str, group: int | None) -> str:
    """Return ``base`` with the class of a group's colour (1 to 6); raises `ValueError` for another number."""
    if group is None:
        return base
    if not 1 <= group <= 6:  # style.css defines --group-1 to --group-6
        raise ValueError(f"there are six group colours, 1 to 6; seen {group}")
    return f"{base} group group-{group}"
