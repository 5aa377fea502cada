"""What the secretary's page is written from: every table about members, with their names. Never for anybody else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.catalog import Catalog, load_catalog
from pipeline.ingest.bureau import Reading
from pipeline.ingest.store import load_reading, read_table
from pipeline.periods import months_of, parse_quarter
from pipeline.report.material.base import PageMaterial
from pipeline.report.material.privacy import secretary_view
from pipeline.texts import Texts, load_texts

# Derived tables of the run, up to the end of the quarter as the notebooks leave them
SECRETARY_TABLES = (
    "attendances",
    "corrections_applied",
    "duties_without_owner",
    "leader_terms",
    "leaders_by_group_quarter",
    "member_points_trail",
    "overdue",
    "points_by_member_month",
    "points_by_member_month_item",
    "roster_findings",
    "stars_by_member_quarter",
    "stars_by_member_year",
)
# Input tables, and the column by which what came after the quarter is left out (None: it has no date)
INPUT_TABLES: Mapping[str, str | None] = {
    "leader_duties": "quarter",
    "leaves": "from_on",
    "memberships": None,
    "points_ledger": "month",
    "post_duties": "month",
    "quiz_results": "session_on",
}


@dataclass(frozen=True)
class SecretaryReport(PageMaterial):
    """One quarter of one bureau as only the secretary of the branch may see it; ``tables`` hold names."""

    @property
    def members(self) -> tuple[str, ...]:
        """The members in the order of the roster: the order in which the secretary knows them."""
        return tuple(dict.fromkeys(str(member) for member in self.tables["memberships"]["member"].dropna()))

    def of_quarter_days(self, table: str, column: str) -> pd.DataFrame:
        """Return the rows of a table whose day in ``column`` lies in the quarter."""
        frame = self.tables[table]
        return frame[frame[column].between(self.quarter.start_time, self.quarter.end_time)]

    def in_order(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return rows by group (the bureau's order) and member (that of the roster); other columns keep their order."""
        groups = {group: place for place, group in enumerate(self.groups)}
        members = {member: place for place, member in enumerate(self.members)}
        keys = rows.assign(_group=rows["party_group"].map(groups), _member=rows["member"].map(members))
        return keys.sort_values(["_group", "_member"], kind="stable").drop(columns=["_group", "_member"])

    def by_group(self, rows: pd.DataFrame) -> Iterable[tuple[str, pd.DataFrame]]:
        """Yield the rows of each group that has any, in the bureau's order, members in that of the roster."""
        ordered = self.in_order(rows)
        for group in self.groups:
            own = ordered[ordered["party_group"] == group]
            if len(own):
                yield group, own

    def item_name(self, item: object) -> str:
        """Return an item of the rule books with its name."""
        labels = {rule.item: self.label(rule) for rule in self.bureau.rules}
        return self.texts("secretary.item", item=item, label=labels.get(str(item), str(item)))


def load_secretary(processed_dir: str | Path, quarter: str | pd.Period, lang: str) -> SecretaryReport:
    """Read the tables that notebooks 1 to 3 left in ``processed_dir`` (the folder of one bureau and quarter).

    Raises `NotMadeYet` for a missing table, `PeriodError` for a wrong quarter, `ValueError` for an unknown
    language.
    """
    folder, catalog = Path(processed_dir), load_catalog()
    derived = {name: read_table(name, folder, catalog) for name in SECRETARY_TABLES}
    period = parse_quarter(quarter) if isinstance(quarter, str) else quarter
    return build_secretary(load_reading(folder, catalog), derived, period, load_texts(lang), catalog)


def build_secretary(
    reading: Reading, derived: Mapping[str, pd.DataFrame], quarter: pd.Period, texts: Texts, catalog: Catalog
) -> SecretaryReport:
    """Return the page's material: nothing of later quarters, and no column that nobody may see."""
    tables = {name: secretary_view(derived[name], name, catalog) for name in SECRETARY_TABLES}
    ends: Mapping[str, Any] = {
        "quarter": quarter,
        "month": months_of(quarter)[-1],
        "from_on": quarter.end_time,
        "session_on": quarter.end_time,
    }
    for name, column in INPUT_TABLES.items():
        view = secretary_view(reading.tables[name], name, catalog)
        tables[name] = view if column is None else view[view[column] <= ends[column]]
    return SecretaryReport(quarter, texts, catalog, reading.bureau, tables)
