"""What the slides of the bulletin board are made of: rows with a bar, cards, facts. Sizes and places are the page's.

Colours stand in the HTML itself (the charts' own, so that a group has one colour everywhere), and say nothing alone:
every part has its words or its figure beside it.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.charts.style import group_colour
from pipeline.report.page.blocks import HtmlBlock
from pipeline.report.page.escaping import safe_text

WHITE, INK = "#ffffff", "#1f2326"  # INK: as --ink in the style sheets
STAR_COLOUR = "#b8860b"
STAR_PATH = "M12 1.6l3.2 6.7 7.2.9-5.3 5 1.4 7.2L12 17.9l-6.5 3.5 1.4-7.2-5.3-5 7.2-.9z"
# The parts of a group's bar: its colour darkened or lightened by so much, and what can be read on it (4.5:1 or more)
PART_SHADES = ((-0.25, WHITE), (0.45, INK), (0.75, INK))
SINGLE_FILE = 3  # so many rows stand below each other on a slide; more stand in two columns
STARS_DRAWN = 6  # more are one star and the figure
LEAST_LABELLED = 15.0  # per cent of a bar that its label needs, on a screen of 16:9 as on a phone


@dataclass(frozen=True)
class Part:
    """One part of a stacked bar: ``width`` in per cent of the bar, ``place`` (from 0) chooses its shade."""

    label: str
    width: float
    place: int

    @property
    def is_labelled(self) -> bool:
        """Whether the label fits into the part; else it must stand beside the bar."""
        return self.width >= LEAST_LABELLED


class Track(ABC):
    """The bar of a row."""

    @abstractmethod
    def html(self, colour: str) -> str:
        """Return the bar in a group's colour."""


@dataclass(frozen=True)
class StackedTrack(Track):
    """Parts one after another; ``extra`` in per cent is added at the end (bonus) or taken from it (deductions)."""

    parts: tuple[Part, ...]
    extra: float = 0.0

    def html(self, colour: str) -> str:
        """Return the parts, each with its label where there is room for it."""
        pieces = [_part(part, colour) for part in self.parts]
        end = sum(part.width for part in self.parts)
        if self.extra:
            kind = "bonus" if self.extra > 0 else "deducted"
            pieces.append(_piece(kind, min(end, end + self.extra), abs(self.extra), f"--group:{colour}"))
        return f'<div class="track stacked">{"".join(pieces)}</div>'


@dataclass(frozen=True)
class ChangeTrack(Track):
    """A change from the middle outwards, and the ``band`` of changes that mean nothing; both in per cent of a half."""

    change: float
    band: float

    def html(self, colour: str) -> str:
        """Return the band, the line of no change, and the change."""
        half = 50.0
        reach, band = abs(self.change) * half / 100.0, self.band * half / 100.0
        pieces = [_piece("band", half - band, 2 * band)] if band else []
        pieces.append(_piece("move", half - reach if self.change < 0 else half, reach, f"background:{colour}"))
        pieces.append(_piece("zero", half, 0.0))
        return f'<div class="track change" aria-hidden="true">{"".join(pieces)}</div>'


@dataclass(frozen=True)
class ShareTrack(Track):
    """A share of a whole, in per cent; None where there is nothing to divide."""

    share: float | None

    def html(self, colour: str) -> str:
        """Return the whole and the share of it."""
        filled = "" if self.share is None else _piece("part", 0.0, self.share, f"background:{colour}")
        empty = " empty" if self.share is None else ""
        return f'<div class="track share{empty}" aria-hidden="true">{filled}</div>'


@dataclass(frozen=True)
class Row:
    """One group: its name and colour (1 to 6), a bar, a figure, and words beside them."""

    name: str
    group: int
    track: Track
    figure: str
    unit: str = ""
    badge: str = ""
    note: str = ""

    def html(self) -> str:
        """Return the row as an item of a list."""
        badge = f' <span class="badge">{safe_text(self.badge)}</span>' if self.badge else ""
        unit = f'<span class="unit">{safe_text(self.unit)}</span>' if self.unit else ""
        note = f'<p class="aside">{safe_text(self.note)}</p>' if self.note else ""
        return (
            f'<li class="row"><p class="who">{_name(self.name, self.group)}{badge}</p>'
            f"{self.track.html(group_colour(self.group))}"
            f'<p class="amount"><strong>{safe_text(self.figure)}</strong>{unit}</p>{note}</li>'
        )


@dataclass(frozen=True)
class Rows(HtmlBlock):
    """A row for every group; ``kind`` names the layout, ``title`` stands above where a slide holds several."""

    kind: str
    rows: tuple[Row, ...]
    title: str = ""

    def html(self) -> str:
        """Return the list."""
        title = f"<h3>{safe_text(self.title)}</h3>" if self.title else ""
        items = "".join(row.html() for row in self.rows)
        return f'<div class="rows {self.kind} {_count_class(len(self.rows))}">{title}<ul>{items}</ul></div>'


@dataclass(frozen=True)
class Side(HtmlBlock):
    """Blocks beside each other."""

    blocks: tuple[HtmlBlock, ...]

    def html(self) -> str:
        """Return the blocks in one frame."""
        return f'<div class="side">{"".join(block.html() for block in self.blocks)}</div>'


@dataclass(frozen=True)
class Legend(HtmlBlock):
    """What the shades of a stacked bar stand for, in the order of its parts; ``extra`` names what is added or taken."""

    parts: tuple[str, ...]
    extra: str = ""

    def html(self) -> str:
        """Return the list of shades and names."""
        neutral = "#5f6b73"
        items = [(f"background:{_shade(neutral, place)[0]}", "", text) for place, text in enumerate(self.parts)]
        if self.extra:
            items.append((f"--group:{neutral}", " bonus", self.extra))
        entries = (
            f'<li><span class="key{kind}" style="{style}" aria-hidden="true"></span>{safe_text(text)}</li>'
            for style, kind, text in items
        )
        return f'<ul class="legend">{"".join(entries)}</ul>'


@dataclass(frozen=True)
class Card:
    """One group's count of five-star members; ``people`` are names that the bureau makes public."""

    name: str
    group: int
    figure: str
    unit: str
    note: str
    stars: int
    people: tuple[str, ...] = ()
    is_told: bool = True  # else ``note`` says in a sentence why there is no figure

    def html(self) -> str:
        """Return the card as an item of a list."""
        drawn = self.stars if self.stars <= STARS_DRAWN else 1
        lines = " ".join(f"<span>{safe_text(line)}</span>" for line in self.people)
        people = f'<p class="people">{lines}</p>' if lines else ""
        untold = "" if self.is_told else " untold"
        return (
            f'<li class="card{untold}" style="--group:{group_colour(self.group)}">'
            f"<h3>{_name(self.name, self.group)}</h3>"
            f'<p class="stars" aria-hidden="true">{_star() * drawn}</p>'
            f'<p class="amount"><strong>{safe_text(self.figure)}</strong>'
            f'<span class="unit">{safe_text(self.unit)}</span></p>'
            f'<p class="aside">{safe_text(self.note)}</p>{people}</li>'
        )


@dataclass(frozen=True)
class Cards(HtmlBlock):
    """A card for every group."""

    cards: tuple[Card, ...]

    def html(self) -> str:
        """Return the cards."""
        cards = "".join(card.html() for card in self.cards)
        return f'<ul class="cards {_count_class(len(self.cards))}">{cards}</ul>'


@dataclass(frozen=True)
class Award(HtmlBlock):
    """An honour and who has it."""

    title: str
    names: str

    def html(self) -> str:
        """Return the line."""
        return (
            f'<p class="award">{_star()}<span class="title">{safe_text(self.title)}</span> '
            f"<strong>{safe_text(self.names)}</strong></p>"
        )


@dataclass(frozen=True)
class Facts(HtmlBlock):
    """Names and what they stand for, in one or more lines each."""

    items: tuple[tuple[str, tuple[str, ...]], ...]

    def html(self) -> str:
        """Return the list of terms."""
        entries = (
            f"<div><dt>{safe_text(name)}</dt>{''.join(f'<dd>{safe_text(line)}</dd>' for line in lines)}</div>"
            for name, lines in self.items
        )
        return f'<dl class="facts">{"".join(entries)}</dl>'


def mixed(colour: str, amount: float) -> str:
    """Return ``#rrggbb`` mixed with white by ``amount`` (0 to 1), or with black where it is negative."""
    towards = 255 if amount > 0 else 0
    parts = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(part + (towards - part) * abs(amount)):02x}" for part in parts)


def unlabelled(parts: Iterable[Part]) -> list[str]:
    """Return the labels that do not fit into their parts."""
    return [part.label for part in parts if not part.is_labelled]


def _count_class(count: int) -> str:
    """Return what the style sheet must know of the number of groups on a slide."""
    return f"of-{count} paired" if count > SINGLE_FILE else f"of-{count}"


def _shade(colour: str, place: int) -> tuple[str, str]:
    """Return the colour of a part and of what is written on it."""
    amount, ink = PART_SHADES[place % len(PART_SHADES)]
    return mixed(colour, amount), ink


def _part(part: Part, colour: str) -> str:
    shade, ink = _shade(colour, part.place)
    label = safe_text(part.label) if part.is_labelled else ""
    return f'<span class="part" style="width:{part.width:.2f}%;background:{shade};color:{ink}">{label}</span>'


def _piece(kind: str, left: float, width: float, style: str = "") -> str:
    return f'<span class="{kind}" style="left:{left:.2f}%;width:{width:.2f}%;{style}"></span>'


def _name(name: str, group: int) -> str:
    """Return a group's name after a dot in its colour."""
    circle = f'<circle cx="5" cy="5" r="5" fill="{group_colour(group)}"/>'
    dot = f'<svg class="dot" viewBox="0 0 10 10" width="12" height="12" aria-hidden="true">{circle}</svg>'
    return f'{dot} <span class="name">{safe_text(name)}</span>'


def _star() -> str:
    path = f'<path d="{STAR_PATH}" fill="{STAR_COLOUR}"/>'
    return f'<svg class="star" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">{path}</svg>'
