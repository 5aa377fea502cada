"""The charts of an executed notebook as pictures for slides (PNG) and for Word and WPS (SVG)."""

import copy
import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from pipeline.report.page.blocks import METADATA_KEY
from pipeline.report.page.escaping import safe_chart_text
from pipeline.report.page.plotly_bundle import PLOTLY_MIME
from pipeline.spreadsheets.cleaning import text_width

PNG_SIZE = (1920, 1080)  # a slide of 16:9
SLIDE = (800, 450)  # layout pixels: text of 13 px is then as large as 16 pt on a slide of 13.3 inches
TALL_SLIDE = (960, 540)  # for charts of many rows
TALL_PLOT = 400  # a chart that is higher on the page gets the tall slide
DEFAULT_HEIGHT = 450  # plotly.js's own
TITLE_SIZE, LINE_SIZE = 20, 13
TITLE_LINES = 2  # a third line of a title would leave no room for the chart
EDGE, LINE_GAP = 20, 1.35  # pixels around the picture; height of a line in sizes of its text
LEGEND_GAP = 56  # pixels below the plot: numbers and title of the axis stand between
BELOW_PLOT = 100  # pixels of a slide that the axis and a legend of one line take
BACKGROUND = "white"  # on the page a chart is transparent; a file lands on slides of any colour
# What Windows has comes first: Word and WPS take the first name and look no further
FONTS = '"Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", "SimHei", sans-serif'

_TITLE = re.compile(r'<h3 class="chart-title"[^>]*>(.*?)</h3>', re.DOTALL)
_LAYOUT_ID = re.compile(r'id="defs-([0-9a-f]+)"')


@dataclass(frozen=True)
class ChartImage:
    """One chart: its id (the file's name), its title, and the figure as plotly's JSON."""

    id: str
    title: str
    figure: dict[str, Any]


def find_charts(notebook: NotebookNode) -> tuple[ChartImage, ...]:
    """Return the charts that an executed notebook shows, in order."""
    return tuple(_charts(notebook))


def picture_specs(charts: Sequence[ChartImage], folder: Path, line: str) -> list[dict[str, Any]]:
    """Return what kaleido needs to draw every chart as ``<id>.png`` and ``<id>.svg`` of a slide's shape in ``folder``.

    ``line`` (example data, bureau, quarter ...) stands below the title.
    """
    return [
        {
            "fig": slide,
            "path": folder / f"{chart.id}.{kind}",
            "opts": {"format": kind, "width": width, "height": height, "scale": scale},
        }
        for chart in charts
        for slide in (_slide(chart, line),)
        for width, height in ((slide["layout"]["width"], slide["layout"]["height"]),)
        for kind, scale in (("png", PNG_SIZE[0] / width), ("svg", 1))
    ]


def tidy_svg(text: str) -> str:
    """Return a drawn SVG with a constant in place of plotly's random id: the same chart is then the same file."""
    found = _LAYOUT_ID.search(text)
    return re.sub(rf"(?<=[a-z-]){found[1]}", "chart", text) if found else text


def _charts(notebook: NotebookNode) -> Iterator[ChartImage]:
    title = ""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            page = output.get("metadata", {}).get(METADATA_KEY, {})
            if page.get("part") == "chart-head":
                found = _TITLE.search(output["data"]["text/html"])
                title = html.unescape(found[1]) if found else ""
            elif page.get("part") == "chart-plot":
                yield ChartImage(page["id"], title, output["data"][PLOTLY_MIME])


def _slide(chart: ChartImage, line: str) -> dict[str, Any]:
    """Return the figure laid out as a slide: title and line above, legend below, and no id by chance."""
    layout = copy.deepcopy(chart.figure.get("layout", {}))
    width, height = TALL_SLIDE if layout.get("height", DEFAULT_HEIGHT) > TALL_PLOT else SLIDE
    title, below = (
        _lines(text, 2 * (width - 2 * EDGE) // size) for text, size in ((chart.title, TITLE_SIZE), (line, LINE_SIZE))
    )
    top = EDGE + round(LINE_GAP * (len(title) * TITLE_SIZE + len(below) * LINE_SIZE)) + EDGE // 2
    margin = layout.get("margin", {})
    layout |= {
        "width": width,
        "height": height,
        "autosize": False,
        "margin": {"l": EDGE, "r": EDGE, "t": top + margin.get("t", 0), "b": EDGE},
        "paper_bgcolor": BACKGROUND,
        "font": {**layout.get("font", {}), "family": FONTS},
        "title": _title(title, below, height),
    }
    if "legend" in layout:
        layout["legend"] = {**layout["legend"], "y": -LEGEND_GAP / (height - top - BELOW_PLOT)}
    traces = [{**trace, "uid": f"t{number}"} for number, trace in enumerate(chart.figure.get("data", []))]
    return {"data": traces, "layout": layout}


def _title(title: Sequence[str], below: Sequence[str], height: int) -> dict[str, Any]:
    """Return plotly's title: bold lines, and those below them in the small size."""
    return {
        "text": "<br>".join(f"<b>{safe_chart_text(part)}</b>" for part in title),
        "font": {"size": TITLE_SIZE},
        "subtitle": {"text": "<br>".join(map(safe_chart_text, below)), "font": {"size": LINE_SIZE}},
        "x": 0,
        "xanchor": "left",
        "xref": "container",
        "yref": "container",
        "y": 1 - EDGE / height,
        "yanchor": "top",
        "pad": {"l": EDGE},
    }


def _lines(text: str, width: int) -> list[str]:
    """Return ``text`` in at most `TITLE_LINES` lines of ``width`` half-width characters, broken between words."""
    lines = [""]
    for piece in re.findall(r"[!-~]+\s*|.", text):  # a word of Latin letters stays whole
        if len(lines) < TITLE_LINES and lines[-1] and text_width(lines[-1] + piece.rstrip()) > width:
            lines.append("")
        lines[-1] += piece
    return [part.strip() for part in lines]
