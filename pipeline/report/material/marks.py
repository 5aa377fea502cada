"""Cells of a table that carry a meaning in colour as well: a party group's, or a verdict's."""

from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.report.material.base import PageMaterial
from pipeline.report.page.blocks import Tone
from pipeline.report.page.facets import RowKeys
from pipeline.report.page.table_block import Mark

BY_GROUP = RowKeys(group="group")  # of a table whose column ``group`` holds the marks of `group_marks`
VERDICT_TONES: Mapping[str, Tone] = {"evidence": "good", "clue": "info"}  # every other verdict claims nothing


def group_marks(report: PageMaterial, groups: Iterable[object]) -> list[Any]:
    """Return one `Mark` a name: a party group in its colour, anything else (all groups together) without one."""
    return [Mark(str(group), group=report.colour_of(str(group))) for group in groups]


def verdict_mark(verdict: str, text: str) -> Any:
    """Return ``text`` in the tone of a verdict."""
    return Mark(text, VERDICT_TONES.get(verdict, "neutral"))
