"""A number's way to where it is, as a picture of the size of a word."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.report.page.escaping import safe_text

WIDTH, HEIGHT = 120, 28  # units of the drawing; the style sheet says how large a unit is
EDGE = 3  # room for the dot at the end


@dataclass(frozen=True)
class Sparkline:
    """Values in order, the last one marked; ``summary`` says in words what the line shows.

    A missing value is a gap in the line. ``recent`` is how many of the last values the number itself speaks of: they
    are drawn stronger.
    """

    values: Sequence[float | None]
    summary: str
    recent: int = 0

    def svg(self) -> str:
        """Return the drawing; nothing but its frame when fewer than two values are known."""
        label = f'role="img" aria-label="{safe_text(self.summary)}"'
        place = f'viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="xMinYMid"'
        return f'<svg class="spark" {place} {label}>{self._drawing()}</svg>'

    def _drawing(self) -> str:
        known = [value for value in self.values if value is not None]
        if len(known) < 2:
            return ""
        low, high = min(known), max(known)
        step, scale = (WIDTH - 2 * EDGE) / (len(self.values) - 1), (HEIGHT - 2 * EDGE) / ((high - low) or 1)
        places = [
            None if value is None else (EDGE + place * step, HEIGHT - EDGE - (value - low) * scale)
            for place, value in enumerate(self.values)
        ]
        x, y = [place for place in places if place is not None][-1]
        recent = _line("recent", places[-self.recent :]) if self.recent else ""
        return f'{_line("all", places)}{recent}<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>'


def _line(name: str, places: Sequence[tuple[float, float] | None]) -> str:
    """Return the path through the places, begun anew after a gap."""
    commands, is_drawing = [], False
    for place in places:
        if place is not None:
            commands.append(f"{'L' if is_drawing else 'M'}{place[0]:.1f} {place[1]:.1f}")
        is_drawing = place is not None
    return f'<path class="{name}" vector-effect="non-scaling-stroke" d="{"".join(commands)}"/>'
