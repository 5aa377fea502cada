"""The secretary's page as HTML: the same blocks and template as the report, marked as internal on screen and paper."""

from collections.abc import Callable

from pipeline.report.material.numbers import date_text, joined, quarter_text
from pipeline.report.page.as_notebook import as_notebook
from pipeline.report.page.blocks import Block
from pipeline.report.page.exporter import render_page
from pipeline.report.page.frame import PageFrame
from pipeline.report.secretary.sections_items import show_member_items
from pipeline.report.secretary.sections_leaders import show_leaders, show_roster
from pipeline.report.secretary.sections_members import (
    show_member_quarter,
    show_member_year,
    show_secretary_summary,
)
from pipeline.report.secretary.sections_records import show_corrections, show_deductions, show_leave, show_owners
from pipeline.report.secretary.view import SecretaryReport

SECTIONS: tuple[Callable[[SecretaryReport], Block], ...] = (
    show_secretary_summary,
    show_member_quarter,
    show_member_year,
    show_leave,
    show_deductions,
    show_corrections,
    show_leaders,
    show_owners,
    show_roster,
    show_member_items,
)


def render_secretary_page(report: SecretaryReport) -> str:
    """Return the page as HTML text. There is no notebook behind it: an executed one would be published."""
    return render_page(as_notebook([section(report) for section in SECTIONS]), secretary_frame(report))


def secretary_frame(report: SecretaryReport) -> PageFrame:
    """Return the frame: what the page is, for whom, and that it must go no further; on every printed page too."""
    texts = report.texts
    mark = texts("secretary.internal")
    banner = joined((mark, texts("report.synthetic") if report.bureau.is_synthetic else ""), texts)
    known_up_to = texts("report.subtitle", day=date_text(report.as_of, texts), version="/".join(report.rule_versions))
    return PageFrame(
        lang=texts.lang,
        title=texts(
            "secretary.title", bureau=report.bureau.name.strip(), quarter=quarter_text(report.quarter, texts)
        ).strip(),
        subtitle=known_up_to,
        banner=banner,
        footer=texts("secretary.footer"),
        page_head=texts("secretary.page_head"),
    )
