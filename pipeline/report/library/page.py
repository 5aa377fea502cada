"""The period library as HTML: the blocks and the template of the report, one page a bureau."""

from collections.abc import Callable

from pipeline.report.library.sections import show_quarters, show_reruns, show_restated
from pipeline.report.library.sections_compare import show_comparison
from pipeline.report.library.sections_trends import show_metrics_over_time, show_points
from pipeline.report.library.view import Library, owned_metrics, quarters_known
from pipeline.report.material.base import PageMaterial
from pipeline.report.material.numbers import quarter_text
from pipeline.report.material.totals import months_of_points
from pipeline.report.page.as_notebook import as_notebook
from pipeline.report.page.blocks import Block
from pipeline.report.page.exporter import render_page
from pipeline.report.page.facets import Choices
from pipeline.report.page.frame import PageFrame

COMPARE_SCRIPT = "compare.js"
SECTIONS: tuple[Callable[[Library, PageMaterial], Block], ...] = (
    show_points,
    show_comparison,
    show_metrics_over_time,
    show_restated,
    show_reruns,
)


def render_library(library: Library) -> str:
    """Return the page as HTML text; where no quarter can be read it is the list of them, with the reasons."""
    newest = library.newest
    blocks: list[Block] = [show_quarters(library)]
    if newest is not None:
        blocks += [section(library, newest) for section in SECTIONS]
    return render_page(as_notebook(blocks), library_frame(library))


def library_frame(library: Library) -> PageFrame:
    """Return what stands around the sections; the footer is the report's, for the same tables."""
    texts, newest = library.texts, library.newest
    name = newest.bureau.name.strip() if newest else ""
    is_synthetic = any(shelf.entry.is_synthetic for shelf in library.shelves)
    banner = texts("report.synthetic") if is_synthetic else None
    title = texts("library.title", bureau=name or library.folder)
    if newest is None:
        return PageFrame(lang=texts.lang, title=title, banner=banner)
    known = quarters_known(newest)
    span = {"first": quarter_text(known[0], texts), "last": quarter_text(known[-1], texts)}
    return PageFrame(
        lang=texts.lang,
        title=title,
        subtitle=texts("library.subtitle", **span),
        banner=banner,
        footer=texts("report.footer", months=months_of_points(newest), groups=len(newest.groups)),
        choices=Choices(
            newest.groups,
            tuple((metric.metric, newest.label(metric)) for metric in owned_metrics(newest)),
            tuple((str(quarter), quarter_text(quarter, texts)) for quarter in known),
        ),
        scripts=(COMPARE_SCRIPT,),
    )
