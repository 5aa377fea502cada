"""A chart with everything that a reader needs beside it: a title, what it shows in words, and its data as a table."""

import json
from dataclasses import dataclass
from typing import Any

from plotly.graph_objects import Figure

from pipeline.report.page.blocks import Block, Fold, Output, checked_slug, html_output
from pipeline.report.page.escaping import safe_chart_value, safe_text
from pipeline.report.page.plotly_bundle import PLOTLY_MIME, chart_config
from pipeline.report.page.table_block import Table

FLOAT_DIGITS = 8  # significant ones: 12,345,678 yuan, or a thousandth of a pixel


@dataclass(frozen=True)
class Chart(Block):
    """A plotly figure, its title and summary, how to read it, and its table under a folded heading.

    ``is_half`` is for one of several like charts, two of which stand side by side where there is room.
    The figure carries no title of its own: the title is text, so that it wraps on a phone and can be read aloud.
    """

    id: str
    figure: Figure
    title: str
    summary: str
    table: Table
    table_label: str
    how_to_read: str
    is_half: bool = False

    def outputs(self) -> list[Output]:
        """Return three outputs: the words above, the figure itself, what stands below."""
        slug = checked_slug(self.id)
        head = (
            f'<h3 class="chart-title" id="{slug}-title">{safe_text(self.title)}</h3>'
            f'<p class="chart-summary" id="{slug}-summary">{safe_text(self.summary)}</p>'
        )
        notes = f'<p class="how-to-read">{safe_text(self.how_to_read)}</p>'
        notes += Fold(self.table_label, self.table, is_data=True).html()
        return [
            html_output(head, part="chart-head", id=slug, size="half" if self.is_half else "full"),
            Output({PLOTLY_MIME: figure_payload(self.figure), "text/plain": ""}, {"part": "chart-plot", "id": slug}),
            html_output(notes, part="chart-notes", id=slug),
        ]


def figure_payload(figure: Figure) -> dict[str, Any]:
    """Return the figure as plain JSON values, its texts inert, with the configuration of `chart_config`.

    Numbers keep eight significant digits: no chart can show more, and a page that goes through a chat is short of room.
    """
    payload = json.loads(figure.to_json(), parse_float=_short_float)
    return {
        "data": safe_chart_value(payload.get("data", [])),
        "layout": safe_chart_value(payload.get("layout", {})),
        "config": chart_config(),
    }


def _short_float(number: str) -> float:
    return float(number) if len(number) <= FLOAT_DIGITS else float(f"{float(number):.{FLOAT_DIGITS}g}")
