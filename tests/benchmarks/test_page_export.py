"""What our page weighs and how soon its charts are there, beside the stock ``jupyter nbconvert --to html`` export.

Both are made from the same cells of the same executed notebook and opened by the same Chromium, one after the other in
rounds, without a network. The stock export shows its charts as plotly's renderer "notebook" leaves them: plotly.js with
the first chart, then one script a chart.
"""

import statistics
from pathlib import Path
from typing import Any

import nbformat
import plotly.io
import pytest
from nbconvert import HTMLExporter
from nbformat import NotebookNode
from playwright.sync_api import sync_playwright

from pipeline.report.page.exporter import cells_of_page
from pipeline.report.page.frame import MAIN_PAGE
from pipeline.report.page.plotly_bundle import PLOTLY_MIME
from tests.browser.inspector import LOCAL_SCHEMES, launch_chromium
from tests.browser.published import Published, make_report

ROUNDS = 7
LOOK_MS = 20  # how often the page is asked; the error of every time below
BYTES_AT_MOST = 2_500_000
# Times of the first drawn chart and of the last one, in ms from the start of navigation
CLOCK = """
  window.chartTimes = [];
  const drawn = () => [...document.querySelectorAll('.js-plotly-plot')].filter((plot) => plot.querySelector('.trace'));
  setInterval(() => {
    for (const now = performance.now(); chartTimes.length < drawn().length;) chartTimes.push(now);
  }, %d);
"""
WHEN_ALL = """(count) => new Promise((done) => {
  const look = () => (chartTimes.length >= count ? done(chartTimes) : setTimeout(look, 100));
  look();
})"""


def stock_export(notebook: Path) -> tuple[str, int]:
    """The stock HTML of the managers' cells, and how many charts it shows."""
    node = cells_of_page(nbformat.read(notebook, as_version=4), MAIN_PAGE)
    charts = [
        output for cell in node.cells for output in cell.get("outputs", []) if PLOTLY_MIME in output.get("data", {})
    ]
    for number, output in enumerate(charts):
        figure = output["data"].pop(PLOTLY_MIME)
        html = plotly.io.to_html(
            {"data": figure["data"], "layout": figure["layout"]},
            include_plotlyjs=number == 0,
            full_html=False,
            validate=False,
        )
        output["data"]["text/html"] = html
    return _export(node), len(charts)


def _export(node: NotebookNode) -> str:
    html, _ = HTMLExporter().from_notebook_node(node)
    return str(html)


def open_once(browser: Any, page: Path, charts: int) -> tuple[float, float]:
    """Milliseconds until the first chart is drawn and until all are, in a browser context without a cache."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.route(
        "**/*", lambda route: route.continue_() if route.request.url.startswith(LOCAL_SCHEMES) else route.abort()
    )
    context.add_init_script(CLOCK % LOOK_MS)
    tab = context.new_page()
    tab.goto(page.resolve().as_uri())
    times: list[float] = tab.evaluate(WHEN_ALL, charts)
    context.close()
    return times[0], times[charts - 1]


def in_words(values: list[float]) -> str:
    """Median and range in seconds."""
    return f"{statistics.median(values) / 1000:.2f} s ({min(values) / 1000:.2f} to {max(values) / 1000:.2f})"


@pytest.mark.benchmark
def test_our_page_beside_the_stock_export(repository: Path, browser: str, tmp_path: Path) -> None:
    make_report(repository, tmp_path, "zh")
    folder = Published(tmp_path, "zh").folder
    stock = tmp_path / "stock.html"
    html, charts = stock_export(folder / "notebooks" / "4_quarterly_report.ipynb")
    stock.write_text(html, encoding="utf-8")
    pages = {"our page": folder / "report.html", "stock export": stock}
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in pages}
    with sync_playwright() as playwright:
        running = launch_chromium(playwright, browser)
        for _ in range(ROUNDS):
            for name, page in pages.items():
                times[name].append(open_once(running, page, charts))
        running.close()
    for name, page in pages.items():
        first, last = ([time[place] for time in times[name]] for place in (0, 1))
        size = page.stat().st_size / 1e6
        print(f"{name}: {size:.2f} MB; first of {charts} charts {in_words(first)}; all charts {in_words(last)}")
    print(f"medians and ranges of {ROUNDS} rounds, in turn, one Chromium, no network")
    assert pages["our page"].stat().st_size <= BYTES_AT_MOST < stock.stat().st_size
