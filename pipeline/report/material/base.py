"""What every page is written from: one bureau up to the end of one quarter, its tables, and the words of a language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

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


Asked = ParamSpec("Asked")
Material = TypeVar("Material", bound="PageMaterial")
Answer = TypeVar("Answer")


def kept(function: Callable[Concatenate[Material, Asked], Answer]) -> Callable[Concatenate[Material, Asked], Answer]:
    """Have a function asked once for the same material and the same other arguments, which must be hashable.

    The answer stays with the material, which never changes; whoever gets it must not change it either.
    """

    @wraps(function)
    def ask(material: Material, /, *args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
        question = (function, args, tuple(kwargs.items()))
        if question not in material.answers:
            material.answers[question] = function(material, *args, **kwargs)
        answer: Answer = material.answers[question]
        return answer

    return ask


@dataclass(frozen=True)
class PageMaterial:
    """A bureau as it was known at the end of ``quarter``, ready to be put into words; each page has its own tables."""

    quarter: pd.Period
    texts: Texts
    catalog: Catalog
    bureau: Bureau
    tables: Mapping[str, pd.DataFrame]

    @cached_property
    def answers(self) -> dict[tuple[object, ...], Any]:
        """What functions marked by `kept` have found out of this material."""
        return {}

    @cached_property
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

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """The party groups, in the order of the bureau's settings: the order of their colours."""
        return tuple(self.bureau.groups)

    def colour_of(self, group: str) -> int | None:
        """Return the number of a group's colour; None for what is no group."""
        return (self.numbers[group] - 1) % len(GROUP_COLOURS) + 1 if group in self.numbers else None

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The number of every group, from 1."""
        return {group: number for number, group in enumerate(self.groups, start=1)}

    def label(self, entry: Labelled) -> str:
        """Return the name of a catalog entry in the language of the page."""
        return entry.label_en if self.texts.lang == "en" else entry.label_zh

    @kept
    def places(self, table: str, column: str) -> Mapping[object, list[int]]:
        """Return the places of the rows of a table by what they have in a column of words, in the order of the rows."""
        places: dict[object, list[int]] = {}
        for place, word in enumerate(self.tables[table][column].tolist()):
            places.setdefault(word, []).append(place)
        return places

    def rows_of(self, table: str, column: str, word: str) -> pd.DataFrame:
        """Return the rows of a table that have a word in a column, such as those of a group."""
        return self.tables[table].iloc[self.places(table, column).get(word, [])]

    @kept
    def of_quarter(self, table: str) -> pd.DataFrame:
        """Return the rows of a table that belong to the quarter, by its column ``quarter`` or ``month``."""
        frame = self.tables[table]
        if "quarter" in frame:
            return frame[frame["quarter"] == self.quarter]
        return frame[frame["month"].isin(self.months)]

    @kept
    def of_year(self, table: str, year: int | None = None) -> pd.DataFrame:
        """Return the rows of a table that belong to a year (the page's own), by its column year, quarter or month."""
        frame, wanted = self.tables[table], self.year if year is None else year
        if "year" in frame:
            return frame[frame["year"] == wanted]
        return frame[frame["quarter" if "quarter" in frame else "month"].dt.year == wanted]

    @kept
    def rules_of(self, month: pd.Period) -> tuple[Rule, ...]:
        """Return the rule book in force in a month."""
        return rules_in_effect(self.bureau.rules, month)

    def rules(self) -> tuple[Rule, ...]:
        """Return the rule book in force in the quarter's last month."""
        return self.rules_of(self.months[-1])

    @kept
    def item_labels(self) -> Mapping[str, str]:
        """Return the name of every item in the rule books of the quarter and the one before; the latest name counts."""
        first = self.months[0] - len(self.months)
        months = [first + step for step in range(2 * len(self.months))]
        return {rule.item: self.label(rule) for month in months for rule in self.rules_of(month)}

    @cached_property
    def rule_versions(self) -> tuple[str, ...]:
        """The rule book's versions that the months of the quarter were scored under, in order."""
        scored = [rule.version for month in self.months for rule in self.rules_of(month)]
        return tuple(dict.fromkeys(scored))
