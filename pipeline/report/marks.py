"""Cells of a table that carry a party group's colour."""

from collections.abc import Iterable
from typing import Any

from pipeline.report.quarter import QuarterReport
from pipeline.report.table_block import Mark


def group_marks(report: QuarterReport, groups: Iterable[object]) -> list[Any]:
    """Return one `Mark` a name: a party group in its colour, anything else (all groups together) without one."""
    return [Mark(str(group), group=report.colour_of(str(group))) for group in groups]
