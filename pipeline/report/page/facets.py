"""What a piece of a page is about - a party group, a metric, a quarter - so that a reader's choice can find it.

The page's script hides what a choice leaves out by these attributes alone; a piece without them is about everything
and stays.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.report.page.escaping import safe_text


@dataclass(frozen=True)
class Facet:
    """What something is about: a group by its name, a metric by its code, a quarter as ``2021Q4``; "" is any."""

    group: str = ""
    metric: str = ""
    quarter: str = ""

    def attributes(self) -> str:
        """Return the attributes of an HTML tag, a blank before each; "" for what is about everything."""
        named = (("group", self.group), ("metric", self.metric), ("quarter", self.quarter))
        return "".join(f' data-{name}="{safe_text(value)}"' for name, value in named if value)


@dataclass(frozen=True)
class RowKeys:
    """Which columns of a frame say what a row is about; they need not be shown.

    ``group`` names a column of group names (or of marks), ``metric`` one of metric codes, ``period`` one of months or
    quarters. A missing value is about everything.
    """

    group: str = ""
    metric: str = ""
    period: str = ""

    def facet_of(self, row: Mapping[str, object]) -> Facet:
        """Return what a row of the frame, by its columns, is about."""
        return Facet(_named(row, self.group), _named(row, self.metric), quarter_key(row.get(self.period)))


EVERYTHING = Facet()
NO_KEYS = RowKeys()


@dataclass(frozen=True)
class Choices:
    """What a reader may choose on a page: groups by name, metrics by code with their labels, quarters with theirs.

    The order of the groups is that of their numbers in the charts, from 1. What is empty cannot be chosen.
    """

    groups: tuple[str, ...]
    metrics: tuple[tuple[str, str], ...]
    quarters: tuple[tuple[str, str], ...]


def quarter_key(period: object) -> str:
    """Return the quarter of a month or quarter as ``2021Q4``; "" for what is no period."""
    return f"{period.year}Q{period.quarter}" if isinstance(period, pd.Period) else ""


def _named(row: Mapping[str, object], column: str) -> str:
    value = row.get(column)
    return value if isinstance(value, str) else str(getattr(value, "text", ""))
