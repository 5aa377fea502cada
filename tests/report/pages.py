"""The sections of notebook 4 and what they show, for the tests."""

import html
import re
from collections.abc import Callable

from pipeline.report.appendix.sections import show_naive, show_pairs
from pipeline.report.appendix.sections_checks import (
    show_adjustment,
    show_constant,
    show_lags,
    show_method,
    show_within,
)
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.page.blocks import Block, Output
from pipeline.report.page.plotly_bundle import PLOTLY_MIME
from pipeline.report.quarterly.sections_adjusted import show_adjusted
from pipeline.report.quarterly.sections_audit import show_audit
from pipeline.report.quarterly.sections_completeness import show_completeness
from pipeline.report.quarterly.sections_correlations import show_correlations
from pipeline.report.quarterly.sections_defence import show_defence
from pipeline.report.quarterly.sections_detail import show_detail
from pipeline.report.quarterly.sections_metrics import show_metrics
from pipeline.report.quarterly.sections_months import show_months
from pipeline.report.quarterly.sections_next import show_next
from pipeline.report.quarterly.sections_overdue import show_overdue
from pipeline.report.quarterly.sections_relations import show_relations
from pipeline.report.quarterly.sections_reviews import show_reviews
from pipeline.report.quarterly.sections_standings import show_standings
from pipeline.report.quarterly.sections_summary import show_summary
from pipeline.report.quarterly.sections_topics import show_topics
from pipeline.report.quarterly.sections_trends import show_trends
from pipeline.report.quarterly.sections_watch import show_watch
from pipeline.report.quarterly.sections_work import show_work

SECTIONS: tuple[Callable[[QuarterReport], Block], ...] = (
    show_summary,
    show_completeness,
    show_standings,
    show_reviews,
    show_metrics,
    show_relations,
    show_trends,
    show_correlations,
    show_adjusted,
    show_overdue,
    show_work,
    show_topics,
    show_watch,
    show_next,
    show_audit,
    show_months,
    show_defence,
    show_detail,
)
APPENDIX_SECTIONS: tuple[Callable[[QuarterReport], Block], ...] = (
    show_pairs,
    show_naive,
    show_lags,
    show_within,
    show_adjustment,
    show_constant,
    show_method,
)


def outputs_of(block: Block) -> list[Output]:
    """What a cell publishes."""
    return block.outputs()


def text_of(block: Block) -> str:
    """The words of a block, a blank between its parts."""
    parts = [str(output.data.get("text/html", "")) for output in block.outputs()]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", " ".join(parts))))


def figures_of(block: Block) -> list[dict]:
    """The charts of a block, as plotly's JSON."""
    return [output.data[PLOTLY_MIME] for output in block.outputs() if PLOTLY_MIME in output.data]
