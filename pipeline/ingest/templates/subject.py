"""Whom templates are made for: a bureau as it was read, or the catalog's defaults where there is none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from pipeline.catalog import Catalog
from pipeline.ingest.bureau import Bureau, Reading
from pipeline.ingest.settings import default_settings

ROSTER_TABLE = "memberships"
SETTINGS_TABLE = "bureau_settings"

Value = str | float | int | date | None
Record = Mapping[str, Value]  # column -> value of one row


@dataclass(frozen=True)
class Subject:
    """A bureau, the rows of its roster (in their order) and what its 单位设置 workbook says (setting -> content)."""

    bureau: Bureau
    roster: tuple[Record, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def members(self) -> tuple[str, ...]:
        """Return the names of the roster, each once."""
        return tuple(dict.fromkeys(str(row["member"]) for row in self.roster))

    @property
    def groups(self) -> tuple[str, ...]:
        """Return the names of the groups, in order."""
        return tuple(self.bureau.groups)

    def members_of(self, group: str) -> tuple[str, ...]:
        """Return who is in ``group`` now, for an example; nobody where nobody is known to be."""
        return tuple(
            str(row["member"]) for row in self.roster if row["party_group"] == group and row["left_on"] is None
        )


def subject_of(reading: Reading | None, catalog: Catalog) -> Subject:
    """Return the bureau that was read; for ``None`` one without name and roster, but with the catalog's settings."""
    if reading is None:
        return Subject(default_settings("", catalog).bureau)
    columns = [column.column for column in catalog.columns_of(ROSTER_TABLE) if column.table == ROSTER_TABLE]
    roster = reading.tables[ROSTER_TABLE][columns]
    settings = reading.tables[SETTINGS_TABLE]
    return Subject(
        bureau=reading.bureau,
        roster=tuple(
            {name: _value(cell) for name, cell in zip(columns, row, strict=True)}
            for row in roster.itertuples(index=False, name=None)
        ),
        settings={
            str(setting): str(content)
            for setting, content in zip(settings["setting"], settings["content"], strict=True)
            if not pd.isna(content)
        },
    )


def _value(cell: object) -> Value:
    """Return one value of a table as a spreadsheet takes it; days come out without a time."""
    if pd.isna(cell):  # type: ignore[call-overload]
        return None
    return cell.date() if isinstance(cell, pd.Timestamp) else cell  # type: ignore[return-value]
