"""The ledgers of work in one shape, as ``matters.csv`` describes them, and what of them is overdue on a day."""

from typing import Final

import pandas as pd

from pipeline.catalog import Catalog, Matter
from pipeline.ingest.bureau import Reading
from pipeline.points import expressions
from pipeline.points.measures import LINEAGE

DAY: Final = "datetime64[us]"


def list_entries(reading: Reading, matter: Matter, catalog: Catalog) -> pd.DataFrame:
    """Return a row an entry of one ledger of work: whose it is, when it came up, was due and was closed.

    Columns: party_group (missing: of no group), entered_on, due_on, closed_on, is_done (said to be closed, whatever the
    day), owner, number, topic, covered, and the lineage columns. What a ledger has no column for is missing.
    """
    rows = reading.tables[matter.table]
    columns: dict[str, object] = {name: rows[name] for name in ("party_group", *LINEAGE)}
    days = {"entered_on": matter.entered, "due_on": matter.due, "closed_on": matter.closed}
    for name, expression in days.items():
        columns[name] = expressions.days(rows, expression).astype(DAY) if expression else pd.Series(dtype=DAY)
    words = {"owner": matter.owner, "number": matter.number, "topic": matter.topic, "covered": matter.covers}
    for name, column in words.items():
        columns[name] = rows[column] if column else pd.Series(dtype="str")
    done = list(catalog.words_of(matter.done_words)) if matter.status else []
    columns["is_done"] = rows[matter.status].isin(done) if matter.status else False
    return pd.DataFrame(columns, index=rows.index)


def overdue_on(entries: pd.DataFrame, days: "pd.Timestamp | pd.Series[pd.Timestamp]") -> "pd.Series[bool]":
    """Tell which entries were due before the day (or that of their row) and not closed by the end of it.

    The day of closing decides. What is said to be closed without one is never overdue: nobody can tell since when.
    """
    is_late = (entries["due_on"] < days) & ~(entries["closed_on"] <= days)
    return is_late & ~(entries["is_done"].astype(bool) & entries["closed_on"].isna())
