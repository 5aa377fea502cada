"""The page across bureaus as HTML: the same blocks and template as a report, and a field that finds a bureau."""

from collections.abc import Callable

from pipeline.report.material.numbers import quarter_text, span_text
from pipeline.report.page.as_notebook import as_notebook
from pipeline.report.page.blocks import Block, Bullets, Prose, Section, Stack
from pipeline.report.page.exporter import render_page
from pipeline.report.page.frame import PageFrame
from pipeline.report.province.sections import show_failed, show_late, show_overview
from pipeline.report.province.sections_compare import show_comparison
from pipeline.report.province.sections_relations import show_relations
from pipeline.report.province.view import BUREAUS, ProvinceReport

FIND_SCRIPT = "find.js"  # of the report's template: the field, the first rows of long tables, sorting


def show_sources(report: ProvinceReport) -> Stack:
    """Show which quarter this is and why, what the page was made from, and what it leaves out."""
    texts, choice = report.texts, report.choice
    quarter = quarter_text(report.quarter, texts)
    if choice.bureaus_with is None:
        why = texts("province.quarter_given", quarter=quarter)
    else:
        why = texts("province.quarter_chosen", quarter=quarter, bureaus=choice.bureaus_with, asked=choice.bureaus_asked)
    section = Section("sources", texts("province.sources_title"), why)
    return Stack(
        (section, Bullets(report.facts), Prose((texts("province.sources_privacy"), texts("province.sources_rules"))))
    )


SECTIONS: tuple[Callable[[ProvinceReport], Block], ...] = (
    show_overview,
    show_late,
    show_failed,
    show_comparison,
    show_relations,
    show_sources,
)


def render_province_page(report: ProvinceReport) -> str:
    """Return the page as HTML text; it has no notebook of its own."""
    return render_page(as_notebook([section(report) for section in SECTIONS]), province_frame(report))


def province_frame(report: ProvinceReport) -> PageFrame:
    """Return the frame; it says 示例数据 as soon as one bureau is invented."""
    texts, rows = report.texts, report.tables[BUREAUS]
    reported = rows[rows["state"] == "reported"]
    synthetic = int(reported["is_synthetic"].sum())
    banner = None
    if synthetic:
        banner = (
            texts("province.all_synthetic")
            if synthetic == len(reported)
            else texts("province.some_synthetic", count=synthetic)
        )
    return PageFrame(
        lang=texts.lang,
        title=texts("province.title", quarter=quarter_text(report.quarter, texts)),
        subtitle=texts("province.subtitle"),
        banner=banner,
        footer=texts(
            "province.footer",
            bureaus=len(reported),
            groups=int(reported["group_count"].sum()),
            months=span_text(int(reported["months"].min()), int(reported["months"].max()), texts),
        ),
        scripts=(FIND_SCRIPT,),
    )
