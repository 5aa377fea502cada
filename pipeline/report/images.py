"""The charts of an executed notebook as PNG and SVG files, drawn by an installed Chromium or Edge."""

import copy
import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import kaleido
from kaleido.errors import BrowserClosedError, BrowserFailedError, ChromeNotFoundError
from nbformat import NotebookNode

from pipeline.report.blocks import METADATA_KEY
from pipeline.report.escaping import safe_chart_text
from pipeline.report.plotly_bundle import PLOTLY_MIME

WIDTH = 1000  # layout pixels: half a page of a printed A4 report at 150 dpi
DEFAULT_HEIGHT = 450  # plotly.js's own
TITLE_HEIGHT = 64  # room for a title and the line below it, which on the page stand outside the chart
PNG_SCALE = 2  # sharp on paper
BACKGROUND = "white"  # on the page a chart is transparent; a file lands on slides of any colour
FONTS = '"Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "SimHei", sans-serif'

_TITLE = re.compile(r'<h3 class="chart-title"[^>]*>(.*?)</h3>', re.DOTALL)


class NotDrawn(Exception):
    """Raised when there is no Chromium or Edge, or when the one there is does not start."""


@dataclass(frozen=True)
class ChartImage:
    """One chart: its id (the file's name), its title, and the figure as plotly's JSON."""

    id: str
    title: str
    figure: dict[str, Any]


def find_charts(notebook: NotebookNode) -> tuple[ChartImage, ...]:
    """Return the charts that an executed notebook shows, in order."""
    return tuple(_charts(notebook))


def write_images(charts: Sequence[ChartImage], folder: Path, line: str) -> None:
    """Write every chart as ``<id>.png`` and ``<id>.svg``; ``line`` (bureau, quarter ...) stands below the title.

    One browser draws them all, without a network. Raises `NotDrawn`; nothing is then left in ``folder``.
    """
    if not charts:
        return
    folder.mkdir(parents=True, exist_ok=True)
    figures = [(chart.id, _with_title(chart, line)) for chart in charts]
    specs = [_spec(figure, folder / f"{name}.{kind}", kind) for name, figure in figures for kind in ("png", "svg")]
    try:
        # MathJax would be fetched from a server; plotly.js comes from the installed package
        kaleido.write_fig_from_object_sync(specs, cancel_on_error=True, kopts={"mathjax": False})
    except ChromeNotFoundError as error:
        folder.rmdir()
        raise NotDrawn("no Chromium or Edge") from error
    except (BrowserClosedError, BrowserFailedError, TimeoutError) as error:
        for image in folder.iterdir():
            image.unlink()
        folder.rmdir()
        raise NotDrawn(f"the browser did not draw: {error}") from error


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


def _with_title(chart: ChartImage, line: str) -> dict[str, Any]:
    """Return the figure with its title in added room at the top, so that nothing of the chart moves."""
    layout = copy.deepcopy(chart.figure.get("layout", {}))
    margin = layout.setdefault("margin", {})
    margin["t"] = margin.get("t", 0) + TITLE_HEIGHT
    layout["height"] = layout.get("height", DEFAULT_HEIGHT) + TITLE_HEIGHT
    layout["width"] = WIDTH
    layout["paper_bgcolor"] = BACKGROUND
    layout.setdefault("font", {})["family"] = FONTS
    layout["title"] = {
        "text": f"<b>{safe_chart_text(chart.title)}</b><br><sub>{safe_chart_text(line)}</sub>",
        "x": 0.02,
        "xanchor": "left",
        "yref": "container",
        "y": 1,
        "yanchor": "top",
        "pad": {"t": TITLE_HEIGHT // 2},
    }
    return {"data": chart.figure.get("data", []), "layout": layout}


def _spec(figure: dict[str, Any], path: Path, kind: str) -> dict[str, Any]:
    layout = figure["layout"]
    scale = PNG_SCALE if kind == "png" else 1
    options = {"format": kind, "width": layout["width"], "height": layout["height"], "scale": scale}
    return {"fig": figure, "path": path, "opts": options}
