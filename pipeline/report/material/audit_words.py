"""The points audit in words: the rows of a quarter, their period and part, what explains a difference, its place."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.points.carried import SUM
from pipeline.points.printed import MONTH, QUARTER, YEAR
from pipeline.report.material.base import PageMaterial
from pipeline.report.material.numbers import month_text, quarter_text

LISTED = "; "  # between what a difference touches, in the column ``items``
CARRIED = frozenset({"carried"})  # explanations that only follow from another difference
NOT_FOUND = frozenset({"unexplained", "partly_carried"})  # explanations that leave points over


def audit_rows(page: PageMaterial) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows of ``points_audit`` that a quarter closes (its months, itself, the year in Q4), and the rest."""
    audit = page.tables["points_audit"]
    periods = {MONTH: [str(month) for month in page.months], QUARTER: [str(page.quarter)], YEAR: []}
    if page.quarter.quarter == 4:
        periods[YEAR] = [str(page.year)]
    levels, audited = audit["level"], audit["period"]
    closed = pd.Series(False, index=audit.index)
    for level, names in periods.items():
        closed |= (levels == level) & audited.isin(names)
    return audit[closed], audit[~closed]


def period_text(level: str, period: str, page: PageMaterial) -> str:
    """Return a period of ``points_audit`` in words."""
    if level == MONTH:
        return month_text(pd.Period(period, "M"), page.texts)
    if level == QUARTER:
        return quarter_text(pd.Period(period, "Q"), page.texts)
    return page.texts("audit.year", year=period)


def part_text(part: str, page: PageMaterial) -> str:
    """Return the name of a part: a category of points, or a total."""
    if part in page.catalog.categories:
        return page.texts("standings.category", code=part, label=page.label(page.catalog.categories[part]))
    return page.texts(f"audit.part_{part}")


def explanation_text(row: Mapping[Any, Any], page: PageMaterial) -> str:
    """Return what explains the difference of one row; items are named beside their codes."""
    code, items = str(row["explanation"]), row["items"]
    if isinstance(items, str) and items:
        named = page.texts("list.clauses").join(_named(item, page) for item in items.split(LISTED))
        return page.texts(f"audit.slip_{code}", items=named)
    return page.texts(f"audit.bare_{code}")


def place_text(row: Mapping[Any, Any], page: PageMaterial) -> str:
    """Return where a printed total stands: file, sheet and cell."""
    return page.texts("audit.place", file=row["source_file"], sheet=row["source_sheet"], cell=row["source_cell"])


def _named(item: str, page: PageMaterial) -> str:
    """Return "B1 特色活动 +1" for "B1 +1"; a month, a quarter or a part of a score is put into words."""
    name, _, slip = item.partition(" ")
    return f"{_name(name, page)} {slip}".strip()


def _name(name: str, page: PageMaterial) -> str:
    labels = {rule.item: page.label(rule) for rule in page.bureau.rules}
    if name in labels:
        return f"{name} {labels[name]}"
    if name in page.catalog.categories or page.texts.has(f"audit.part_{name}"):
        return part_text(name, page)
    if name == SUM:
        return page.texts("audit.own_sum")
    if name[:4].isdigit():
        return period_text(QUARTER if "Q" in name else MONTH, name, page)
    return name
