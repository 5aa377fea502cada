"""Cells of a table that carry a meaning in colour as well: a party group's, or a verdict's."""

from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.report.blocks import Tone
from pipeline.report.quarter import QuarterReport
from pipeline.report.table_block import Mark
from pipeline.stats.words import verdict_name

VERDICT_TONES: Mapping[str, Tone] = {"evidence": "good", "clue": "info"}  # every other verdict claims nothing


def group_marks(report: QuarterReport, groups: Iterable[object]) -> list[Any]:
    """Return one `Mark` a name: a party group in its colour, anything else (all groups together) without one."""
    return [Mark(str(group), group=report.colour_of(str(group))) for group in groups]


def verdict_mark(verdict: str, report: QuarterReport, key: str = "relations.alone", **numbers: object) -> Any:
    """Return the name of a verdict as a `Mark`; ``key`` is the text that puts ``numbers`` in brackets beside it."""
    name = verdict_name(verdict, report.texts)
    return Mark(report.texts(key, verdict=name, **numbers), VERDICT_TONES.get(verdict, "neutral"))
