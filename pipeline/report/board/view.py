"""What the bulletin board is written from: its table, and four facts about the bureau. Nothing else is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.catalog import Catalog, load_catalog
from pipeline.charts.style import GROUP_COLOURS
from pipeline.ingest.bureau import Bureau
from pipeline.ingest.store import load_bureau, read_table
from pipeline.report.board.table import NAME_SEPARATOR
from pipeline.report.page.table_block import is_missing
from pipeline.texts import Texts, load_texts


@dataclass(frozen=True)
class Board:
    """The board of one quarter: ``table`` is ``board``, the rest says whose it is and whom to speak to."""

    table: pd.DataFrame
    texts: Texts
    catalog: Catalog
    bureau: str
    branch: str
    is_synthetic: bool
    contact: str

    @property
    def quarter(self) -> pd.Period:
        """The quarter that is made public."""
        return pd.Period(self.rows("about", "as_of")["period"].iloc[0], freq="Q-DEC")

    @property
    def as_of(self) -> date:
        """The last day that the figures look at."""
        return date.fromisoformat(str(self.note("about", "as_of")))

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """The party groups in the order of the bureau's settings: the order of their colours."""
        return tuple(self.rows("groups", "position").sort_values("value")["party_group"])

    @property
    def shown_groups(self) -> tuple[str, ...]:
        """The groups by rank where the board has ranks (only where the gaps mean something), else in fixed order.

        A group that was not scored in the quarter has no members any more, or not yet, and is not there.
        """
        scored = (group for group in self.groups if self.figure("points", "points_mean", group) is not None)
        groups = tuple(scored) or self.groups
        ranks = {group: self.figure("standing", "rank", group) for group in groups}
        if not self.is_spread_clear:
            return groups
        last = float("inf")
        return tuple(sorted(groups, key=lambda group: last if (rank := ranks[group]) is None else rank))

    @property
    def is_spread_clear(self) -> bool:
        """Whether the groups stand apart by more than their months move by themselves."""
        return bool(self.figure("standing", "is_spread_clear"))

    def place_of(self, group: str) -> tuple[int, int] | None:
        """Return the first and the last place that a group may have; None where the board has no ranks."""
        first, last = (self.figure("standing", name, group) for name in ("first_place", "last_place"))
        return None if first is None or last is None else (int(first), int(last))

    def colour_of(self, group: str) -> int:
        """Return the number of a group's colour; after six the colours begin again."""
        return self.groups.index(group) % len(GROUP_COLOURS) + 1

    def rows(self, panel: str, measure: str | None = None) -> pd.DataFrame:
        """Return the rows of a panel, all of them or those of one measure."""
        return self.table.iloc[self._places.get((panel, measure), [])]

    @cached_property
    def _places(self) -> Mapping[tuple[str, str | None], list[int]]:
        """The places of the rows of a panel, all of them (None) and those of one measure."""
        found: dict[tuple[str, str | None], list[int]] = {}
        pairs = zip(self.table["panel"].tolist(), self.table["measure"].tolist(), strict=True)
        for place, (panel, measure) in enumerate(pairs):
            for key in ((panel, None), (panel, measure)):
                found.setdefault(key, []).append(place)
        return found

    @cached_property
    def _first_rows(self) -> Mapping[tuple[str, str, str | None], Mapping[Any, Any]]:
        """The first row of every panel, measure and group (None: of the whole branch)."""
        found: dict[tuple[str, str, str | None], Mapping[Any, Any]] = {}
        for row in self.table.to_dict("records"):
            group = None if is_missing(row["party_group"]) else row["party_group"]
            found.setdefault((row["panel"], row["measure"], group), row)
        return found

    def figure(self, panel: str, measure: str, group: str | None = None) -> float | None:
        """Return one value of a panel that speaks of one period; None where it is not known."""
        found = self._first_rows.get((panel, measure, group))
        return None if found is None or is_missing(found["value"]) else float(found["value"])

    def note(self, panel: str, measure: str, group: str | None = None) -> str | None:
        """Return the note of one row; None where there is none."""
        found = self._first_rows.get((panel, measure, group))
        return None if found is None or is_missing(found["note"]) else str(found["note"])

    def names(self, measure: str, group: str) -> tuple[str, ...]:
        """Return the names that a group makes public: none unless the bureau's settings say so."""
        return tuple(filter(None, (self.note("names", measure, group) or "").split(NAME_SEPARATOR)))

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories of points that the board shows, in the order of the catalog."""
        shown = set(self.rows("points")["measure"])
        return tuple(name for name in self.catalog.categories if name in shown)

    def category_label(self, category: str) -> str:
        """Return the name of a category in the language of the board."""
        entry = self.catalog.categories[category]
        return entry.label_en if self.texts.lang == "en" else entry.label_zh

    def matter_label(self, matter: str) -> str:
        """Return the name of a ledger of work in the language of the board."""
        entry = self.catalog.matters[matter]
        return entry.label_en if self.texts.lang == "en" else entry.label_zh


def load_board(processed_dir: str | Path, lang: str) -> Board:
    """Read ``board.parquet`` and the bureau's name, branch, mark of sample data and contact from ``processed_dir``.

    Raises `NotMadeYet` for a missing file, `ValueError` for an unknown language.
    """
    folder, catalog = Path(processed_dir), load_catalog()
    return view_board(read_table("board", folder, catalog), load_bureau(folder), load_texts(lang), catalog)


def view_board(table: pd.DataFrame, bureau: Bureau, texts: Texts, catalog: Catalog) -> Board:
    """Return the board of a table, with what it may know of the bureau besides."""
    return Board(
        table=table,
        texts=texts,
        catalog=catalog,
        bureau=bureau.name.strip(),
        branch=bureau.branch.strip(),
        is_synthetic=bureau.is_synthetic,
        contact=bureau.objection_contact.strip(),
    )
