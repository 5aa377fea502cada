"""The board's line chart: months along, one line a group, each named at its end. Drawn without a script.

Lines are SVG that fills its place at any shape; every word is HTML over it, so that its size is the page's to choose.
All places are in per cent of the frame.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

from pipeline.charts.style import group_colour
from pipeline.report.page.blocks import HtmlBlock
from pipeline.report.page.escaping import safe_text

PLOT_WIDTH = 73.0  # per cent of the frame; the rest holds the names
LABEL_PLACE = 76.0
FULL = 100.0  # height of the drawing, in its own units
LABEL_HEIGHT = 15.0  # of one name, so that no two lie on each other
STEPS = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0)  # between two lines of the grid
MOST_STEPS = 6


@dataclass(frozen=True)
class Line:
    """One group's values, one a month, None where there is none; ``texts`` are the same values in words."""

    name: str
    group: int
    values: tuple[float | None, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Lines(HtmlBlock):
    """Lines over ``months`` (labels; ``years`` stand below, empty but where one begins), the last ``shaded`` marked."""

    label: str
    months: tuple[str, ...]
    years: tuple[str, ...]
    lines: tuple[Line, ...]
    shaded: int
    shade_label: str

    def html(self) -> str:
        """Return the chart, and its values once more for who cannot see it."""
        ticks = axis_ticks([value for line in self.lines for value in line.values if value is not None])
        low, high = ticks[0], ticks[-1]
        drawn = [_Drawn(line, self._places(line, low, high)) for line in self.lines]
        spoken = "".join(f"<li>{safe_text(self._spoken(line))}</li>" for line in self.lines)
        return (
            f'<figure class="lines" aria-label="{safe_text(self.label)}"><div class="field">{self._svg(drawn, ticks)}'
            f"{self._axes(ticks)}{self._names(drawn)}</div>"
            f'<ul class="unseen">{spoken}</ul></figure>'
        )

    def _places(self, line: Line, low: float, high: float) -> list[tuple[float, float] | None]:
        width = PLOT_WIDTH / len(self.months)
        return [
            None if value is None else ((number + 0.5) * width, 100.0 - 100.0 * (value - low) / (high - low))
            for number, value in enumerate(line.values)
        ]

    def _svg(self, drawn: "Sequence[_Drawn]", ticks: Sequence[float]) -> str:
        width = PLOT_WIDTH * self.shaded / len(self.months)
        shade = (
            f'<rect class="shade" x="{PLOT_WIDTH - width:.2f}" y="0" width="{width:.2f}" height="100" fill="#f0ebe3"/>'
        )
        grid = "".join(
            f'<path class="grid" d="M0 {place:.2f}H{PLOT_WIDTH}" stroke="#d8d2c8" stroke-width="1" {_STEADY}/>'
            for place in _tick_places(ticks)
        )
        lines = "".join(
            entry.leader(place) + entry.path() for entry, place in zip(drawn, _label_places(drawn), strict=True)
        )
        return (
            '<svg viewBox="0 0 100 100" width="100%" height="320" preserveAspectRatio="none" aria-hidden="true">'
            f"{shade}{grid}{lines}</svg>"
        )

    def _axes(self, ticks: Sequence[float]) -> str:
        width = PLOT_WIDTH / len(self.months)
        numbers = "".join(
            f'<span style="top:{place:.2f}%">{tick:g}</span>'
            for tick, place in zip(ticks, _tick_places(ticks), strict=True)
        )
        months = "".join(
            f'<span style="left:{(number + 0.5) * width:.2f}%">{safe_text(month)}'
            f"<small>{safe_text(year)}</small></span>"
            for number, (month, year) in enumerate(zip(self.months, self.years, strict=True))
        )
        middle = PLOT_WIDTH - width * self.shaded / 2
        return (
            f'<div class="ticks" aria-hidden="true">{numbers}</div>'
            f'<div class="months" aria-hidden="true">{months}</div>'
            f'<span class="shade-label" style="left:{middle:.2f}%">{safe_text(self.shade_label)}</span>'
        )

    def _names(self, drawn: "Sequence[_Drawn]") -> str:
        entries = (
            f'<span class="end" style="left:{LABEL_PLACE}%;top:{place:.2f}%;--group:{group_colour(entry.line.group)}">'
            f'<span class="name">{safe_text(entry.line.name)}</span> {self._last_value(entry)}</span>'
            for entry, place in zip(drawn, _label_places(drawn), strict=True)
        )
        return f'<div class="ends" aria-hidden="true">{"".join(entries)}</div>'

    def _last_value(self, entry: "_Drawn") -> str:
        """Return the last value; with its month, and quietly, where the line ends before the others do."""
        if not entry.ends_early:
            return f"<b>{safe_text(entry.last_text)}</b>"
        return f'<span class="until">{safe_text(self.months[entry.last_number])} {safe_text(entry.last_text)}</span>'

    def _spoken(self, line: Line) -> str:
        return f"{line.name}: " + ", ".join(
            f"{month} {text}" for month, text in zip(self.months, line.texts, strict=True)
        )


_STEADY = 'vector-effect="non-scaling-stroke" fill="none"'  # strokes keep their width however the frame is stretched


@dataclass(frozen=True)
class _Drawn:
    """A line with its places."""

    line: Line
    places: list[tuple[float, float] | None]

    @property
    def last_number(self) -> int:
        """The month of the last value that is known, from 0; the last month of all where none is."""
        known = [number for number, place in enumerate(self.places) if place is not None]
        return known[-1] if known else len(self.places) - 1

    @property
    def last(self) -> tuple[float, float] | None:
        """The place of the last value."""
        return self.places[self.last_number]

    @property
    def last_text(self) -> str:
        """The last value that is known, in words; the last text of all where none is."""
        return self.line.texts[self.last_number]

    @property
    def ends_early(self) -> bool:
        """Whether the last months have no value: the group has no members any more."""
        return self.last_number < len(self.places) - 1

    def path(self) -> str:
        """Return the line, broken where a month is missing; groups of even number are marked by squares, not dots."""
        colour, cap = group_colour(self.line.group), "round" if self.line.group % 2 else "square"
        strokes, pen_is_down = [], False
        for place in self.places:
            if place is not None:
                strokes.append(f"{'L' if pen_is_down else 'M'}{place[0]:.2f} {place[1]:.2f}")
            pen_is_down = place is not None
        marks = "".join(f"M{place[0]:.2f} {place[1]:.2f}h.01" for place in self.places if place is not None)
        return (
            f'<path class="line" d="{"".join(strokes)}" stroke="{colour}" stroke-width="3" {_STEADY}/>'
            f'<path class="marks" d="{marks}" stroke="{colour}" stroke-width="9" stroke-linecap="{cap}" {_STEADY}/>'
        )

    def leader(self, label_place: float) -> str:
        """Return the thin line from the last value to the name; over months without a value it would look like one."""
        if self.last is None or self.ends_early:
            return ""
        x, y = self.last
        end = LABEL_PLACE - 0.8
        colour = group_colour(self.line.group)
        return f'<path class="leader" d="M{x:.2f} {y:.2f}L{end:.2f} {label_place:.2f}" stroke="{colour}" {_STEADY}/>'


def axis_ticks(values: Sequence[float]) -> list[float]:
    """Return even numbers that enclose ``values``, at most seven; 0 to 100 where there are no values."""
    if not values:
        return [0.0, 50.0, 100.0]
    smallest, largest = min(values), max(values)
    for step in STEPS:
        low, high = floor(smallest / step) * step, ceil(largest / step) * step
        high = high if high > low else low + step
        if (high - low) / step <= MOST_STEPS:
            break
    count = round((high - low) / step)
    return [low + step * number for number in range(count + 1)]


def spread_out(places: Sequence[float], gap: float) -> list[float]:
    """Return ``places`` moved as little as it takes for any two to be ``gap`` apart, between 0 and `FULL`.

    Where there are too many, they stand closer together at even distances.
    """
    if not places:
        return []
    gap = min(gap, FULL / max(len(places) - 1, 1))
    order = sorted(range(len(places)), key=lambda number: places[number])
    moved = list(places)
    floor_place = 0.0
    for number in order:
        moved[number] = max(moved[number], floor_place)
        floor_place = moved[number] + gap
    ceiling = FULL
    for number in reversed(order):
        moved[number] = min(moved[number], ceiling)
        ceiling = moved[number] - gap
    return moved


def _label_places(drawn: Sequence[_Drawn]) -> list[float]:
    """Return where the names stand: at the height of their last value, as far as there is room."""
    return spread_out([FULL if entry.last is None else entry.last[1] for entry in drawn], LABEL_HEIGHT)


def _tick_places(ticks: Sequence[float]) -> list[float]:
    return [100.0 - 100.0 * number / (len(ticks) - 1) for number in range(len(ticks))]
