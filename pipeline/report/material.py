"""What every page is written from: one bureau up to the end of one quarter, its tables, and the words of a language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import pandas as pd

from pipeline.catalog import Catalog, Rule
from pipeline.charts import GROUP_COLOURS
from pipeline.ingest.bureau import Bureau
from pipeline.periods import month_range, months_of
from pipeline.points.scoring import rules_in_effect
from pipeline.texts import Texts


class Labelled(Protocol):
    """An entry of the catalog that has a name in both languages."""

    @property
    def label_zh(self) -> str:
        """The Chinese name."""

    @property
    def label_en(self) -> str:
        """The English name."""


@dataclass(frozen=True)
class PageMaterial:
    """A bureau as it was known at the end of ``quarter``, ready to be put into words; each page has its own tables."""

    quarter: pd.Period
    texts: Texts
    catalog: Catalog
    bureau: Bureau
    tables: Mapping[str, pd.DataFrame]

    @property
    def months(self) -> list[pd.Period]:
        """The three months of the quarter."""
        return months_of(self.quarter)

    @property
    def year(self) -> int:
        """The year of the quarter."""
        return int(self.quarter.year)

    @property
    def quarters(self) -> list[pd.Period]:
        """The quarters of the year up to the page's own."""
        return [self.quarter - back for back in reversed(range(self.quarter.quarter))]

    @property
    def year_months(self) -> list[pd.Period]:
        """The months of the year up to the end of the quarter."""
        return month_range(months_of(self.quarters[0])[0], self.months[-1])

    @property
    def as_of(self) -> date:
        """The last day that the page looks at: the quarter's last."""
        day: date = self.quarter.end_time.date()
        return day

    @property
    def groups(self) -> tuple[str, ...]:
        """The party groups, in the order of the bureau's settings: the order of their colours."""
        return tuple(self.bureau.groups)

    def colour_of(self, group: str) -> int | None:
        """Return the number of a group's colour; None for what is no group."""
        return self.groups.index(group) % len(GROUP_COLOURS) + 1 if group in self.groups else None

    def label(self, entry: Labelled) -> str:
        """Return the name of a catalog entry in the language of the page."""
        return entry.label_en if self.texts.lang == "en" else entry.label_zh

    def of_quarter(self, table: str) -> pd.DataFrame:
        """Return the rows of a table that belong to the quarter, by its column ``quarter`` or ``month``."""
        frame = self.tables[table]
        if "quarter" in frame:
            return frame[frame["quarter"] == self.quarter]
        return frame[frame["month"].isin(self.months)]

    def of_year(self, table: str, year: int | None = None) -> pd.DataFrame:
        """Return the rows of a table that belong to a year (the page's own), by its column year, quarter or month."""
        frame, wanted = self.tables[table], self.year if year is None else year
        if "year" in frame:
            return frame[frame["year"] == wanted]
        return frame[frame["quarter" if "quarter" in frame else "month"].dt.year == wanted]

    def rules(self) -> tuple[Rule, ...]:
        """Return the rule book in force in the quarter's last month."""
        return rules_in_effect(self.bureau.rules, self.months[-1])

    def item_labels(self) -> dict[str, str]:
        """Return the name of every item in the rule books of the quarter and the one before; the latest name counts."""
        first = self.months[0] - len(self.months)
        months = [first + step for step in range(2 * len(self.months))]
        return {rule.item: self.label(rule) for month in months for rule in rules_in_effect(self.bureau.rules, month)}

    @property
    def rule_versions(self) -> tuple[str, ...]:
        """The rule book's versions that the months of the quarter were scored under, in order."""
        scored = [rule.version for month in self.months for rule in rules_in_effect(self.bureau.rules, month)]
        return tuple(dict.fromkeys(scored))
