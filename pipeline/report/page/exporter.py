"""An executed notebook in, one page out: no code, no address outside it, the same bytes for the same notebook."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import mistune

from pipeline.report.page.blocks import METADATA_KEY
from pipeline.report.page.escaping import safe_chart_value
from pipeline.report.page.frame import MAIN_PAGE, PAGE_TAGS, REPORT_TEMPLATE, PageFrame
from pipeline.report.page.offline import outside_references
from pipeline.report.page.plotly_bundle import PLOTLY_MIME, check_figure
from pipeline.report.page.templating import fill_template

CHART_PARTS = ("chart-head", "chart-plot", "chart-notes")
PLACES = ("section", CHART_PARTS[0])  # parts whose id is a place that links lead to
SHOWN = ("display_data", "execute_result")  # outputs that a page shows

Cell = Mapping[str, Any]  # as its JSON has it, or as nbformat reads it
Notebook = TypeVar("Notebook", bound=dict[str, Any])  # likewise


class UnfitNotebook(ValueError):
    """Raised when a notebook holds something that cannot be shown on a page: an error, a script, an address."""


def export_page(
    notebook: dict[str, Any] | Path, target: Path, frame: PageFrame, template: str = REPORT_TEMPLATE
) -> None:
    """Write the page of an executed notebook to ``target``, laid out by the folder ``template`` beside this module.

    Shown are markdown cells, HTML outputs and plotly figures of the cells that belong to the frame's page, in the order
    of the notebook; not shown are code, streams and plain text. Raises `UnfitNotebook` for an error output, for HTML
    that holds a script or an address, for chart outputs out of order, and for an id used twice; `NetworkFigure` for a
    figure that needs a server.
    """
    target.write_text(render_page(notebook, frame, template), encoding="utf-8", newline="\n")


def render_page(notebook: dict[str, Any] | Path, frame: PageFrame, template: str = REPORT_TEMPLATE) -> str:
    """Return the page as HTML text; see `export_page`."""
    whole = _read(notebook) if isinstance(notebook, Path) else notebook
    cells = cells_of_page(whole, frame.page)["cells"]
    items = [item for number, cell in enumerate(cells, start=1) for item in _shown(cell, number)]
    contents = [item["page"] for item in items if item["page"].get("part") == "section"]
    _refuse_repeated_ids([item["page"] for item in items])
    return fill_template(template, frame, items, contents)


def cells_of_page(notebook: Notebook, page: str) -> Notebook:
    """Return a notebook with the cells of one page alone; the cells themselves are shared, not copied.

    A cell belongs to the page of its tag (`PAGE_TAGS`), else to the main page. Raises `UnfitNotebook` for a cell with
    two such tags.
    """
    chosen = [cell for number, cell in enumerate(notebook["cells"], start=1) if _page_of(cell, number) == page]
    return type(notebook)({**notebook, "cells": chosen})


def _read(path: Path) -> dict[str, Any]:
    import nbformat  # brings a validator of notebooks, for which a page made from blocks has no use

    notebook: dict[str, Any] = nbformat.read(path, as_version=4)
    return notebook


def _page_of(cell: Cell, number: int) -> str:
    pages = [tag for tag in PAGE_TAGS if tag in cell["metadata"].get("tags", [])]
    if len(pages) > 1:
        raise UnfitNotebook(f"cell {number} is tagged for two pages: {', '.join(pages)}")
    return pages[0] if pages else MAIN_PAGE


def _shown(cell: Cell, number: int) -> Iterator[dict[str, Any]]:
    """Yield what a cell shows, checked and inert: markdown as HTML, or an output each; see `fill_template`."""
    if cell["cell_type"] == "markdown":
        html = page_markdown(cell["source"])
        _refuse_references(html, number)
        yield {"markdown": html, "page": {}}
    if cell["cell_type"] != "code":
        return
    _check_chart_parts([page_part(output) for output in cell["outputs"]], number)
    for output in cell["outputs"]:
        if output["output_type"] == "error":
            raise UnfitNotebook(f"cell {number} ended in an error: {output['ename']}: {output['evalue']}")
        if output["output_type"] in SHOWN:
            yield {**_content(output["data"], number), "page": _page(output)}


def _content(data: Mapping[str, Any], cell_number: int) -> dict[str, Any]:
    """Return the figure of an output, or its HTML; nothing for an output of plain text."""
    if PLOTLY_MIME in data:
        figure = data[PLOTLY_MIME]
        check_figure(figure)
        return {"figure": safe_chart_value({"data": figure.get("data", []), "layout": figure.get("layout", {})})}
    if "text/html" in data:
        _refuse_references(data["text/html"], cell_number)
        return {"html": data["text/html"]}
    return {}


def _page(output: Cell) -> Mapping[str, str]:
    page: Mapping[str, str] = output.get("metadata", {}).get(METADATA_KEY, {})
    return page


def page_part(output: Cell) -> str:
    """Return what an output is on the page (`blocks.Output.page`); "" for an output that no block made."""
    return str(_page(output).get("part", ""))


def page_markdown(source: str) -> str:
    """Return a markdown cell as HTML: raw HTML is shown as text, headings go one level down (the page has the h1)."""
    return str(mistune.create_markdown(renderer=_PageMarkdown(escape=True), plugins=["table", "strikethrough"])(source))


class _PageMarkdown(mistune.HTMLRenderer):
    def heading(self, text: str, level: int, **attrs: Any) -> str:
        return super().heading(text, min(level + 1, 6), **attrs)


def _refuse_references(html: str, cell_number: int) -> None:
    found = outside_references(html)
    if found:
        raise UnfitNotebook(
            f"cell {cell_number} shows HTML with {', '.join(found)}: a page is made of blocks of pipeline.report, and "
            "plotly figures are shown by a Chart or with PLOTLY_RENDERER=plotly_mimetype"
        )


def _check_chart_parts(parts: list[str], cell_number: int) -> None:
    chart_parts = tuple(part for part in parts if part in CHART_PARTS)
    if chart_parts != CHART_PARTS * (len(chart_parts) // len(CHART_PARTS)):
        raise UnfitNotebook(f"cell {cell_number} holds parts of a chart out of order: {', '.join(chart_parts)}")


def _refuse_repeated_ids(pages: Sequence[Mapping[str, str]]) -> None:
    seen: set[str] = set()
    for name in (page["id"] for page in pages if page.get("part") in PLACES):
        if name in seen:
            raise UnfitNotebook(f"the id {name!r} is used twice: sections and charts need ids of their own")
        seen.add(name)
