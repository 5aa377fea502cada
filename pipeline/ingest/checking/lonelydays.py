"""Days with the wrong year in ledgers that state none: a few rows that are far from the rest of their sheet."""

from datetime import date

import pandas as pd

from pipeline.ingest.cells.columns import Words
from pipeline.ingest.checking.references import period_column
from pipeline.ingest.checking.timeliness import stated_period
from pipeline.ingest.layouts.sheetrows import SheetRows

MONTHLY = "monthly"  # a cadence of kinds.csv: what goes on month by month leaves no year out
FAR_DAYS_D = 400  # more than a year, so that what comes once a year is not far from the year before
MOST_SHARE = 0.25  # of the rows; more of them are another time of the ledger's, and no slip


def note_lonely_days(rows: SheetRows, words: Words) -> None:
    """Note rows more than a year from the rest of a sheet that states no year: 2091 for 2019 counts in no quarter.

    A slip is filled down, so rows near one another are told together. They are used all the same. Where a year is
    stated, `check_period` holds every day against it.
    """
    name = period_column(rows.columns.values())
    if rows.sheet.kind.cadence != MONTHLY or name is None or name not in rows.places:
        return
    days = {position: day for position in rows.kept() if (day := _day(rows.values[name][position])) is not None}
    groups = _apart(days)
    if len(groups) < 2 or stated_period(rows, words).year is not None:
        return
    for before, group, after in zip([[], *groups], groups, [*groups[1:], []], strict=False):
        if len(group) <= MOST_SHARE * len(days):
            edges = ((before[-1:], group[0]), (after[:1], group[-1]))  # only the next of other groups can be nearest
            near = [(abs(days[other[0]] - days[own]), days[other[0]]) for other, own in edges if other]
            first, *alike = sorted(group)
            rows.fault("lonely_day", name, first, min(near)[1].isoformat(), alike=alike)


def _day(value: object) -> date | None:
    if isinstance(value, pd.Period):
        return value.start_time.date()
    return value if isinstance(value, date) else None


def _apart(days: dict[int, date]) -> list[list[int]]:
    """Return the positions in groups with more than a year between the days of one and of the next."""
    groups: list[list[int]] = []
    last: date | None = None
    for position in sorted(days, key=lambda position: (days[position], position)):
        if last is None or (days[position] - last).days > FAR_DAYS_D:
            groups.append([])
        groups[-1].append(position)
        last = days[position]
    return groups
