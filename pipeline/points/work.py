"""Ledgers of work by group and quarter: what was due, closed and overdue, and whom it reached."""

from typing import Any

import numpy as np
import pandas as pd

from pipeline.catalog import Catalog, Matter
from pipeline.catalog.records import MEMBERS
from pipeline.ingest.bureau import Reading
from pipeline.ingest.schema import to_dictionary
from pipeline.points.keys import month_numbers, pair_numbers, quarters_of, texts_of
from pipeline.points.matters import list_entries, overdue_on
from pipeline.points.measures import KNOWN, NOT_SUBMITTED, covered_rows
from pipeline.points.stays import MID_MONTH_DAY, group_on_day

KEY = ["party_group", "quarter"]
PARTIAL = "partial"  # some months of the quarter were handed in, and not all
FULL_PCT = 100.0
NONE_IS_0 = (
    "entry_count",
    "due_count",
    "on_time_count",
    "closed_count",
    "overdue_count",
    "covered_count",
    "repeated_count",
)
NUMBERS = (*NONE_IS_0, "median_days_d", "longest_overdue_d", "coverage_base")

Counts = dict[str, "pd.Series[Any]"]  # by party group and quarter; a ledger that was handed in without a row has none


def summarise_work(reading: Reading, headcount: pd.DataFrame, measures: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """Return ``work_by_group_quarter``: a row per matter of the catalog, group and quarter of ``headcount``.

    ``headcount`` is ``headcount_by_group_month``, ``measures`` is ``measures_by_group_month``. Each quarter is judged
    as of its own last day, so that a later closing does not change what was overdue then. On time means closed on or
    before the due date; an entry that is said to be closed without a day is neither on time nor overdue. A group that
    does not own the metric of a matter has no row; where no month of the quarter was handed in there are no numbers
    (``state`` not_submitted), and ``partial`` numbers count the months that are there.
    """
    parts = [_summarise(matter, reading, headcount, measures, catalog) for matter in catalog.matters.values()]
    return to_dictionary(pd.concat(parts, ignore_index=True), "work_by_group_quarter", catalog)


def quarter_states(reading: Reading, catalog: Catalog, grid: pd.DataFrame, table: str) -> pd.DataFrame:
    """Return party_group, quarter and ``state`` of one ledger: known, partial or not_submitted.

    ``grid`` has party_group and month; a quarter is known when the ledger covers all of its months in the grid.
    """
    covered = covered_rows(reading, catalog, grid, [table])[table].to_numpy()
    months = month_numbers(grid["month"])
    pairs = pair_numbers(grid["party_group"], months // 3, {})
    _, first, place = np.unique(pairs, return_index=True, return_inverse=True)
    handed_in, asked = np.bincount(place, weights=covered), np.bincount(place)
    states = np.select([handed_in == asked, handed_in > 0], [KNOWN, PARTIAL], NOT_SUBMITTED).astype(object)
    groups = texts_of(grid["party_group"])[first]
    table_of_states = pd.DataFrame({"party_group": groups, "quarter": quarters_of(months[first]), "state": states})
    return table_of_states.sort_values(KEY, ignore_index=True)


def percent(part: "pd.Series[float]", whole: "pd.Series[float]") -> "pd.Series[float]":
    """Return ``part`` of ``whole`` in percent; missing where there is no whole, or less whole than part."""
    shares = FULL_PCT * part.astype("Float64") / whole.astype("Float64").where(whole > 0)
    return shares.where(shares <= FULL_PCT).astype("float64")


def _summarise(
    matter: Matter, reading: Reading, headcount: pd.DataFrame, measures: pd.DataFrame, catalog: Catalog
) -> pd.DataFrame:
    """Return the rows of one matter."""
    groups = [name for name in reading.bureau.groups if not matter.metric or reading.bureau.owns(name, matter.metric)]
    table = quarter_states(reading, catalog, headcount[headcount["party_group"].isin(groups)], matter.table)
    entries, quarters = list_entries(reading, matter, catalog), table["quarter"].drop_duplicates()
    counts = {"entry_count": _by_quarter(entries, "entered_on").size()}
    if matter.due:
        counts |= _closures(entries) | _overdue(entries, quarters)
    if matter.covers:
        counts |= _reached(matter, entries, quarters, reading)
        counts["coverage_base"] = _coverage_base(matter, headcount, measures)
    index = pd.MultiIndex.from_frame(table[KEY])
    for name in NUMBERS:
        values = counts[name].reindex(index).astype("float64") if name in counts else pd.Series(np.nan, index=index)
        table[name] = (values.fillna(0.0) if name in NONE_IS_0 and name in counts else values).to_numpy()
    table.loc[table["state"] == NOT_SUBMITTED, list(NUMBERS)] = np.nan
    table["on_time_pct"] = percent(table["on_time_count"], table["due_count"])
    table["coverage_pct"] = percent(table["covered_count"], table["coverage_base"])
    return table.assign(matter=matter.matter)


def _by_quarter(entries: pd.DataFrame, day: str) -> Any:
    """Group entries by party group and the quarter of a day; those without either count nowhere."""
    rows = entries[entries[day].notna() & entries["party_group"].notna()]
    return rows.groupby([rows["party_group"], rows[day].dt.to_period("Q-DEC").rename("quarter")])


def _closures(entries: pd.DataFrame) -> Counts:
    """Return counts of what was due and closed on time by due date, and of what was closed by closing date."""
    timed = entries.assign(
        is_on_time=entries["closed_on"] <= entries["due_on"],
        days=(entries["closed_on"] - entries["entered_on"]).dt.days,
    )
    due, closed = _by_quarter(timed, "due_on"), _by_quarter(timed, "closed_on")
    return {
        "due_count": due.size(),
        "on_time_count": due["is_on_time"].sum(),
        "closed_count": closed.size(),
        "median_days_d": closed["days"].median(),
    }


def _overdue(entries: pd.DataFrame, quarters: "pd.Series[pd.Period]") -> Counts:
    """Return how many entries were overdue on the last day of each quarter, and by how long at most."""
    both = entries.merge(quarters.to_frame(), how="cross")
    last_days = both["quarter"].dt.end_time.dt.normalize()
    late = both.assign(days=(last_days - both["due_on"]).dt.days)[overdue_on(both, last_days)]
    grouped = late.groupby(KEY)["days"]
    return {"overdue_count": grouped.size(), "longest_overdue_d": grouped.max()}


def _reached(matter: Matter, entries: pd.DataFrame, quarters: "pd.Series[pd.Period]", reading: Reading) -> Counts:
    """Return how many members or retailers the entries reached, and how many of them more than once.

    Members are counted in the group they belong to in the middle of the quarter's last month, where they are among
    those to be reached; anybody else in the group of the entry.
    """
    first = entries["entered_on"].dt.to_period("Q-DEC")
    last = first.dt.asfreq("Y").dt.asfreq("Q", how="end") if matter.covers_for == "year" else first
    spans = entries.assign(first=first, last=last)
    both = spans[spans["covered"].notna()].merge(quarters.to_frame(), how="cross")
    both = both[(both["first"] <= both["quarter"]) & (both["quarter"] <= both["last"])]
    if matter.coverage_base == MEMBERS:
        middles = both["quarter"].dt.asfreq("M", how="end").dt.to_timestamp() + pd.Timedelta(days=MID_MONTH_DAY - 1)
        both["party_group"] = group_on_day(reading.tables["memberships"], both["covered"], middles)
    times = both.groupby([*KEY, "covered"]).size().rename("times").reset_index()
    return {
        "covered_count": times.groupby(KEY).size(),
        "repeated_count": times[times["times"] > 1].groupby(KEY).size(),
    }


def _coverage_base(matter: Matter, headcount: pd.DataFrame, measures: pd.DataFrame) -> "pd.Series[float]":
    """Return how many there are to reach by group and quarter: in the last month of the quarter that is known."""
    if matter.coverage_base == MEMBERS:
        rows = headcount.rename(columns={"member_count": "value"})
    else:
        rows = measures[(measures["measure"] == matter.coverage_base) & measures["value"].notna()]
    rows = rows.assign(quarter=rows["month"].dt.asfreq("Q")).sort_values("month")
    return rows.groupby(KEY)["value"].last()
