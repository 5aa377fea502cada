"""What managers may see: columns by tier of the data dictionary, and texts without the name of any known person."""

import re
from dataclasses import dataclass

import pandas as pd

from pipeline.catalog import Catalog
from pipeline.ingest.bureau import Reading

MANAGERS_TIERS = frozenset({"public", "managers"})
# Columns that hold names of persons besides those of type `member`: the roster, shop keepers, who took an opinion down
NAME_COLUMNS = (
    ("memberships", "member"),
    ("unlicensed_shops", "operator"),
    ("opinions", "collector"),
)
SHORTEST_NAME = 2  # one character alone occurs in ordinary words


@dataclass(frozen=True)
class Redactor:
    """Replaces every known name in free text (topics, file and sheet names) by ``mask``."""

    names: frozenset[str]
    mask: str = "×××"

    def __call__(self, text: str) -> str:
        """Return ``text`` without any of the names; longer names go first."""
        if not self.names:
            return text
        ordered = sorted(self.names, key=lambda name: (-len(name), name))
        return re.sub("|".join(re.escape(name) for name in ordered), self.mask, text)


def known_names(reading: Reading, catalog: Catalog) -> frozenset[str]:
    """Return the names of persons in the input tables and the other names they go by; words for groups are no names."""
    members = [(column.table, column.column) for column in catalog.columns if column.dtype == "member"]
    found: set[str] = set()
    for table, column in (*members, *NAME_COLUMNS):
        found |= {str(name).strip() for name in reading.tables[table][column].dropna().unique()}
    groups = reading.bureau.groups
    found |= {alias for alias, standard in reading.bureau.aliases.items() if standard not in groups}
    words = {word for group in groups.values() for word in (group.party_group, *group.aliases)}
    return frozenset(name for name in found - words if len(name) >= SHORTEST_NAME)


def managers_view(frame: pd.DataFrame, table: str, catalog: Catalog) -> pd.DataFrame:
    """Return the columns of ``frame`` that the dictionary opens to managers, and where a row came from; no others."""
    allowed = [column.column for column in catalog.columns_of(table) if column.tier in MANAGERS_TIERS]
    allowed += [column.column for column in catalog.columns if column.table == "*" and column.column not in allowed]
    return frame[[name for name in allowed if name in frame.columns]]
