"""An executed notebook in, one page out: no code, no address outside it, the same bytes for the same notebook."""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib import resources as package_resources
from pathlib import Path
from typing import Any

import mistune
import nbformat
from nbconvert.exporters import TemplateExporter
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode

from pipeline.report.blocks import METADATA_KEY
from pipeline.report.escaping import css_string, json_for_script, safe_chart_value, safe_text
from pipeline.report.facets import Choices
from pipeline.report.offline import outside_references
from pipeline.report.plotly_bundle import PLOTLY_MIME, chart_config, check_figure, plotly_bundle, plotly_locale
from pipeline.texts import Texts, load_texts

ANALYST_TAG = "analyst"  # a cell with this tag is for the notebook's reader and stays off every page
MAIN_PAGE = "main"  # what a cell without a tag below belongs to
APPENDIX_PAGE = "appendix"
PAGE_TAGS = (ANALYST_TAG, APPENDIX_PAGE)  # a cell with one of these tags stands there and nowhere else
SCRIPT_WORDS = (  # what the scripts of a page say
    "chart_failed",
    "old_browser",
    "copy",
    "copied",
    "copy_failed",
    "save_csv",
    "nothing_chosen",
    "shown_only",
    "not_affected",
    "more",
    "less",
    "open_folds",
    "close_folds",
)
CHART_PARTS = ("chart-head", "chart-plot", "chart-notes")
HTML_LANGUAGES = {"zh": "zh-CN", "en": "en"}
REPORT_TEMPLATE = "template"  # the folder beside this module that lays out a report: index.html.j2, style.css, scripts
EARLY_SCRIPT = "early.js"  # of every page, before anything is drawn
SCRIPTS = {REPORT_TEMPLATE: ("tables.js", "choices.js", "base85.js", "charts.js", "page.js")}  # in the order they run
OTHER_SCRIPTS = ("page.js",)  # of a template that brings its own page


class UnfitNotebook(ValueError):
    """Raised when a notebook holds something that cannot be shown on a page: an error, a script, an address."""


@dataclass(frozen=True)
class PageFrame:
    """What stands around the sections of a page.

    ``banner`` marks synthetic data, on screen and on paper; ``page_head`` stands on every printed page, above the text
    and faintly across it, since older browsers print nothing in the margin. ``page`` is whose cells stand within the
    frame: a notebook may hold those of several pages. ``choices`` are what its reader may choose; ``provenance`` says
    what it was made from, a fact each; ``links`` lead to other pages, a label and a file each; ``scripts`` are files
    of the template that run after its own.
    """

    lang: str
    title: str
    subtitle: str = ""
    banner: str | None = None
    footer: str = ""
    page_head: str = ""
    page: str = MAIN_PAGE
    choices: Choices | None = None
    provenance: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    scripts: tuple[str, ...] = ()


def export_page(notebook: NotebookNode | Path, target: Path, frame: PageFrame, template: str = REPORT_TEMPLATE) -> None:
    """Write the page of an executed notebook to ``target``, laid out by the folder ``template`` beside this module.

    Shown are markdown cells, HTML outputs and plotly figures of the cells that belong to the frame's page, in the order
    of the notebook; not shown are code, streams and plain text. Raises `UnfitNotebook` for an error output, for HTML
    that holds a script or an address, for chart outputs out of order, and for an id used twice; `NetworkFigure` for a
    figure that needs a server.
    """
    target.write_text(render_page(notebook, frame, template), encoding="utf-8", newline="\n")


def render_page(notebook: NotebookNode | Path, frame: PageFrame, template: str = REPORT_TEMPLATE) -> str:
    """Return the page as HTML text; see `export_page`."""
    whole = nbformat.read(notebook, as_version=4) if isinstance(notebook, Path) else notebook
    node = cells_of_page(whole, frame.page)
    exporter = _PageExporter(  # type: ignore[no-untyped-call]  # nbconvert annotates no constructor
        template_name=template,
        extra_template_basedirs=[str(Path(__file__).parent)],
        preprocessors=[_PagePlan(enabled=True)],  # type: ignore[no-untyped-call]
        filters={
            "safe_text": safe_text,
            "css_string": css_string,
            "page_markdown": page_markdown,
            "json_for_script": json_for_script,
        },
    )
    text, _ = exporter.from_notebook_node(node, resources=_page_resources(frame, template, _has_charts(node)))
    return text


def cells_of_page(notebook: NotebookNode, page: str) -> NotebookNode:
    """Return a notebook with the cells of one page alone; the cells themselves are shared, not copied.

    A cell belongs to the page of its tag (`PAGE_TAGS`), else to the main page. Raises `UnfitNotebook` for a cell with
    two such tags.
    """
    chosen = [cell for number, cell in enumerate(notebook.cells, start=1) if _page_of(cell, number) == page]
    return NotebookNode({**notebook, "cells": chosen})


def _page_of(cell: NotebookNode, number: int) -> str:
    pages = [tag for tag in PAGE_TAGS if tag in cell.metadata.get("tags", [])]
    if len(pages) > 1:
        raise UnfitNotebook(f"cell {number} is tagged for two pages: {', '.join(pages)}")
    return pages[0] if pages else MAIN_PAGE


class _PageExporter(TemplateExporter):
    """nbconvert's template machinery alone: `HTMLExporter` would bring the addresses of MathJax and require.js."""

    file_extension = ".html"
    output_mimetype = "text/html"


class _PagePlan(Preprocessor):
    """Checks and cleans every output, and gathers the list of contents that the template prints."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Return the notebook with its chart values inert; adds ``contents`` and ``has_charts`` to the resources."""
        contents: list[dict[str, str]] = []
        for number, cell in enumerate(nb.cells, start=1):
            if cell.cell_type == "markdown":
                _refuse_references(page_markdown(cell.source), number)
            if cell.cell_type != "code":
                continue
            _check_chart_parts([page_part(output) for output in cell.outputs], number)
            for output in cell.outputs:
                _prepare_output(output, number)
                page = output.get("metadata", {}).get(METADATA_KEY, {})
                if page.get("part") == "section":
                    page["first"] = not contents
                    contents.append({"id": page["id"], "title": page["title"]})
        _refuse_repeated_ids(nb)
        resources["contents"] = contents
        resources["has_charts"] = _has_charts(nb)
        return nb, resources


def page_part(output: NotebookNode) -> str:
    """Return what an output is on the page (`blocks.Output.page`); "" for an output that no block made."""
    return str(output.get("metadata", {}).get(METADATA_KEY, {}).get("part", ""))


def page_markdown(source: str) -> str:
    """Return a markdown cell as HTML: raw HTML is shown as text, headings go one level down (the page has the h1)."""
    return str(mistune.create_markdown(renderer=_PageMarkdown(escape=True), plugins=["table", "strikethrough"])(source))


class _PageMarkdown(mistune.HTMLRenderer):
    def heading(self, text: str, level: int, **attrs: Any) -> str:
        return super().heading(text, min(level + 1, 6), **attrs)


def _prepare_output(output: NotebookNode, cell_number: int) -> None:
    if output.output_type == "error":
        raise UnfitNotebook(f"cell {cell_number} ended in an error: {output.ename}: {output.evalue}")
    data = output.get("data", {})
    if PLOTLY_MIME in data:
        figure = data[PLOTLY_MIME]
        check_figure(figure)
        data[PLOTLY_MIME] = safe_chart_value({"data": figure.get("data", []), "layout": figure.get("layout", {})})
    elif "text/html" in data:
        _refuse_references(data["text/html"], cell_number)


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


def _refuse_repeated_ids(nb: NotebookNode) -> None:
    seen: set[str] = set()
    for output in _outputs(nb):
        page = output.get("metadata", {}).get(METADATA_KEY, {})
        if page.get("part") not in ("section", CHART_PARTS[0]):
            continue
        if page["id"] in seen:
            raise UnfitNotebook(f"the id {page['id']!r} is used twice: sections and charts need ids of their own")
        seen.add(page["id"])


def _outputs(nb: NotebookNode) -> Iterator[NotebookNode]:
    for cell in nb.cells:
        yield from cell.get("outputs", [])


def _has_charts(nb: NotebookNode) -> bool:
    return any(PLOTLY_MIME in output.get("data", {}) for output in _outputs(nb))


def _page_resources(frame: PageFrame, template: str, has_charts: bool) -> dict[str, Any]:
    texts = load_texts(frame.lang)
    names = (*SCRIPTS.get(template, OTHER_SCRIPTS), *frame.scripts)
    scripts = [_template_text(template, name) for name in names]
    early = _template_text(REPORT_TEMPLATE, EARLY_SCRIPT)
    resources = {
        "frame": asdict(frame),
        "groups": [(name, name) for name in frame.choices.groups] if frame.choices else [],
        "html_lang": HTML_LANGUAGES[frame.lang],
        "texts": texts,
        "style": _template_text(template, "style.css"),
        "early_script": early,
        "scripts": scripts,
        "content_policy": _content_policy(early, *scripts),
        "page_settings": {"words": {name: texts(f"page.{name}") for name in SCRIPT_WORDS}},
    }
    return resources | _chart_resources(texts, (early, *scripts)) if has_charts else resources


def _chart_resources(texts: Texts, scripts: tuple[str, ...]) -> dict[str, Any]:
    bundle = plotly_bundle()
    return {
        "plotly_packed": bundle.packed,
        "content_policy": _content_policy(*scripts, bundle.source),
        "chart_settings": {
            # the page sizes its charts itself, also for paper
            "config": {**chart_config(), "locale": HTML_LANGUAGES[texts.lang], "responsive": False},
            "locale": plotly_locale(texts.lang),
        },
    }


def _template_text(template: str, name: str) -> str:
    file = package_resources.files(__package__).joinpath(template, name)
    return file.read_text(encoding="utf-8").strip()


def _content_policy(*scripts: str) -> str:
    """Return a policy under which nothing is fetched and only the given scripts run, whatever else the page holds."""
    hashes = (base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii") for script in scripts)
    allowed = " ".join(f"'sha256-{digest}'" for digest in hashes)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )
