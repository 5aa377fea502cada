"""The template of a page: its layout, style sheet and scripts, and the policy under which only these scripts run."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from pipeline.report.page.escaping import css_string, json_for_script, safe_text
from pipeline.report.page.frame import REPORT_TEMPLATE, PageFrame
from pipeline.report.page.plotly_bundle import chart_config, plotly_bundle, plotly_locale, script_digest
from pipeline.texts import Texts, load_texts

LAYOUT = "index.html.j2"
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
HTML_LANGUAGES = {"zh": "zh-CN", "en": "en"}
EARLY_SCRIPT = "early.js"  # of every page, before anything is drawn
TOOLS_SCRIPT = "tools.js"  # of a page with a list of contents, right below it
SCRIPTS = {REPORT_TEMPLATE: ("tables.js", "choices.js", "base85.js", "charts.js", "page.js")}  # in the order they run
OTHER_SCRIPTS = ("page.js",)  # of a template that brings its own page


def fill_template(
    template: str, frame: PageFrame, items: Sequence[Mapping[str, Any]], contents: Sequence[Mapping[str, str]]
) -> str:
    """Return the page of the folder ``template``: ``items`` in a ``frame``, with the list of its ``contents``.

    An item is a piece of markdown as HTML (``markdown``) or one output: ``html`` or a ``figure``, and what it is on
    the page (``page``). Every text of the frame is escaped by the template.
    """
    has_charts = any("figure" in item for item in items)
    values = {**_values(frame, template, has_charts), "items": items, "contents": contents, "has_charts": has_charts}
    return compile_template(template).render(values)


@cache
def compile_template(template: str) -> Template:
    """Return the layout of the folder ``template``, ready to be filled."""
    environment = Environment(  # every text goes through safe_text, in the template or before it
        loader=FileSystemLoader(str(resources.files(__package__))),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters |= {"safe_text": safe_text, "css_string": css_string, "json_for_script": json_for_script}
    return environment.get_template(f"{template}/{LAYOUT}")


def _values(frame: PageFrame, template: str, has_charts: bool) -> dict[str, Any]:
    texts = load_texts(frame.lang)
    scripts = [template_text(template, name) for name in (*SCRIPTS.get(template, OTHER_SCRIPTS), *frame.scripts)]
    early = template_text(REPORT_TEMPLATE, EARLY_SCRIPT)
    tools = [template_text(template, TOOLS_SCRIPT)] if template == REPORT_TEMPLATE else []
    digests = [script_digest(script.encode("utf-8")) for script in (early, *tools, *scripts)]
    values = {
        "frame": frame,
        "groups": [(name, name) for name in frame.choices.groups] if frame.choices else [],
        "html_lang": HTML_LANGUAGES[frame.lang],
        "texts": texts,
        "style": template_text(template, "style.css"),
        "early_script": early,
        "tools_script": "".join(tools),
        "scripts": scripts,
        "content_policy": _content_policy(digests),
        "page_settings": {"words": {name: texts(f"page.{name}") for name in SCRIPT_WORDS}},
    }
    return values | _chart_values(texts, digests) if has_charts else values


def _chart_values(texts: Texts, digests: Sequence[str]) -> dict[str, Any]:
    bundle = plotly_bundle()
    return {
        "plotly_packed": bundle.packed,
        "content_policy": _content_policy([*digests, bundle.digest]),
        "chart_settings": {
            # the page sizes its charts itself, also for paper
            "config": {**chart_config(), "locale": HTML_LANGUAGES[texts.lang], "responsive": False},
            "locale": plotly_locale(texts.lang),
        },
    }


@cache
def template_text(template: str, name: str) -> str:
    """Return a file of a template's folder, such as its style sheet; "" for ``template`` is the folder of them all."""
    return resources.files(__package__).joinpath(template, name).read_text(encoding="utf-8").strip()


def _content_policy(digests: Sequence[str]) -> str:
    """Return a policy under which nothing is fetched and only scripts of these digests run, whatever the page holds."""
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )
