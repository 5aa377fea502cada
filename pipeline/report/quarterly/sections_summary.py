"""Section: the quarter in one minute."""

from pipeline.report.material.quarter import QuarterReport
from pipeline.report.page.blocks import Bullets, Section, Stack
from pipeline.report.quarterly.headline import key_figures
from pipeline.report.quarterly.sentences import summary_sentences


def show_summary(report: QuarterReport) -> Stack:
    """Show the key figures and the five sentences that answer the managers' questions first."""
    section = Section("summary", report.texts("summary.title"))
    return Stack((section, *key_figures(report), Bullets(summary_sentences(report))))
