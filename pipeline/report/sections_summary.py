"""Section: the quarter in one minute."""

from pipeline.report.blocks import Bullets, Section, Stack
from pipeline.report.headline import key_figures
from pipeline.report.quarter import QuarterReport
from pipeline.report.sentences import summary_sentences


def show_summary(report: QuarterReport) -> Stack:
    """Show the key figures and the five sentences that answer the managers' questions first."""
    section = Section("summary", report.texts("summary.title"))
    return Stack((section, *key_figures(report), Bullets(summary_sentences(report))))
