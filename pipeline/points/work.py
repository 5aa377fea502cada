"""Ledgers of work by group and quarter: what was due, closed and overdue, and whom it reached."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.catalog import Catalog, Matter
from pipeline.catalog.records import MEMBERS
from pipeline.ingest.bureau import Reading
from pipeline.ingest.schema import to_dictionary
from pipeline.points.keys import IntArray, month_numbers, months_of, pair_numbers, places_of, quarters_of, texts_of
from pipeline.points.matters import list_entries, overdue_on
from pipeline.points.measures import KNOWN, NOT_SUBMITTED, covered_rows
from pipeline.points.stays import MID_MONTH_DAY, group_on_day

FloatArray = npt.NDArray[np.float64]

KEY = ["party_group", "quarter"]
PARTIAL = "partial"  # some months of the quarter were handed in, and not all
FULL_PCT = 100.0
NUMBERS = (
    "entry_count",
    "due_count",
    "on_time_count",
    "closed_count",
    "overdue_count",
    "covered_count",
    "repeated_count",
    "median_days_d",
    "longest_overdue_d",
    "coverage_base",
)

Numbers = dict[str, FloatArray]  # by name, a number for each group and quarter of the table


def summarise_work(reading: Reading, headcount: pd.DataFrame, measures: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """Return ``work_by_group_quarter``: a row per matter of the catalog, group and quarter of ``headcount``.

    ``headcount`` is ``headcount_by_group_month``, ``measures`` is ``measures_by_group_month``. Each quarter is judged
    as of its own last day, so that a later closing does not change what was overdue then. On time means closed on or
    before the due date; an entry that is said to be closed without a day is neither on time nor overdue. A group that
    does not own the metric of a matter has no row; where no month of the quarter was handed in there are no numbers
    (``state`` not_submitted), and ``partial`` numbers count the months that are there.
    """
    matters = catalog.matters.values()
    covered = covered_rows(reading, catalog, headcount, {matter.table for matter in matters})
    parts = [_summarise(matter, reading, headcount, covered[matter.table], measures, catalog) for matter in matters]
    return to_dictionary(pd.concat(parts, ignore_index=True), "work_by_group_quarter", catalog)


def quarter_states(reading: Reading, catalog: Catalog, grid: pd.DataFrame, table: str) -> pd.DataFrame:
    """Return party_group, quarter and ``state`` of one ledger: known, partial or not_submitted.

    ``grid`` has party_group and month; a quarter is known when the ledger covers all of its months in the grid.
    """
    return _states(grid, covered_rows(reading, catalog, grid, [table])[table])


def _states(grid: pd.DataFrame, covered: "pd.Series[bool]") -> pd.DataFrame:
    """Return the `quarter_states` of a ledger; ``covered`` tells which rows of ``grid`` it covers."""
    months = month_numbers(grid["month"])
    pairs = pair_numbers(grid["party_group"], months // 3, {})
    _, first, place = np.unique(pairs, return_index=True, return_inverse=True)
    handed_in, asked = np.bincount(place, weights=covered.to_numpy()), np.bincount(place)
    states = np.select([handed_in == asked, handed_in > 0], [KNOWN, PARTIAL], NOT_SUBMITTED).astype(object)
    groups = texts_of(grid["party_group"])[first]
    table_of_states = pd.DataFrame({"party_group": groups, "quarter": quarters_of(months[first]), "state": states})
    return table_of_states.sort_values(KEY, ignore_index=True)


def percent(part: npt.ArrayLike, whole: npt.ArrayLike) -> FloatArray:
    """Return ``part`` of ``whole`` in percent; missing where there is no whole, or less whole than part."""
    parts, wholes = (np.asarray(values, dtype=np.float64) for values in (part, whole))
    shares = np.divide(FULL_PCT * parts, wholes, out=np.full(len(parts), np.nan), where=wholes > 0)
    return np.where(shares <= FULL_PCT, shares, np.nan)


def _summarise(
    matter: Matter,
    reading: Reading,
    headcount: pd.DataFrame,
    covered: "pd.Series[bool]",
    measures: pd.DataFrame,
    catalog: Catalog,
) -> pd.DataFrame:
    """Return the rows of one matter; ``covered`` tells which rows of ``headcount`` its ledger covers."""
    groups = [name for name in reading.bureau.groups if not matter.metric or reading.bureau.owns(name, matter.metric)]
    is_own = headcount["party_group"].isin(groups)
    table = _states(headcount.loc[is_own, ["party_group", "month"]], covered[is_own])
    entries = list_entries(reading, matter, catalog)
    cells = _Cells(table, {})
    numbers: Numbers = {"entry_count": cells.count(cells.places(entries["party_group"], entries["entered_on"]))}
    if matter.due:
        numbers |= _closures(entries, cells) | _overdue(entries, cells)
    if matter.covers:
        numbers |= _reached(matter, entries, cells, reading)
        numbers["coverage_base"] = _coverage_base(matter, headcount, measures, cells)
    is_unknown = (table["state"] == NOT_SUBMITTED).to_numpy()
    nothing = np.full(len(table), np.nan)
    known = {name: np.where(is_unknown, np.nan, numbers.get(name, nothing)) for name in NUMBERS}
    columns: dict[str, object] = {
        **{str(name): table[name].array for name in table},  # all at once: one column after another is slow
        **known,
        "on_time_pct": percent(known["on_time_count"], known["due_count"]),
        "coverage_pct": percent(known["covered_count"], known["coverage_base"]),
        "matter": matter.matter,
    }
    return pd.DataFrame(columns, index=table.index)


class _Cells:
    """The groups and quarters of a table as numbers: where an entry counts, and how many do in each."""

    def __init__(self, table: pd.DataFrame, known: dict[object, int]) -> None:
        self.quarters = np.unique(month_numbers(table["quarter"]))
        self._known = known
        self._numbers = pair_numbers(table["party_group"], month_numbers(table["quarter"]), known)

    def __len__(self) -> int:
        return len(self._numbers)

    def places(self, groups: "pd.Series[str]", days: "pd.Series[pd.Timestamp]") -> IntArray:
        """Return the row that each entry of a group and day counts in; -1 for one without either or with another."""
        return self.of(groups, quarter_numbers(days))

    def of(self, groups: Iterable[object], quarters: IntArray) -> IntArray:
        """Return the row of each group and quarter; -1 for none."""
        return places_of(pair_numbers(groups, quarters, self._known), self._numbers)

    def count(self, places: IntArray) -> FloatArray:
        """Return how many of the entries at ``places`` there are in every row."""
        return np.bincount(places[places >= 0], minlength=len(self._numbers)).astype(np.float64)

    def spread(self, found: pd.Series) -> FloatArray:
        """Return numbers by row for all rows; missing where there is none."""
        return np.asarray(found.reindex(range(len(self._numbers))), dtype=np.float64)


def quarter_numbers(days: "pd.Series[pd.Timestamp]") -> IntArray:
    """Return the quarters of days as `keys.month_numbers` numbers them; a day that is missing is in none."""
    return days.to_numpy().astype("datetime64[M]").astype(np.int64) // 3


def _closures(entries: pd.DataFrame, cells: _Cells) -> Numbers:
    """Return counts of what was due and closed on time by due date, and of what was closed by closing date."""
    due, closed = (cells.places(entries["party_group"], entries[name]) for name in ("due_on", "closed_on"))
    is_on_time = (entries["closed_on"] <= entries["due_on"]).to_numpy()
    days = (entries["closed_on"] - entries["entered_on"]).dt.days
    return {
        "due_count": cells.count(due),
        "on_time_count": cells.count(due[is_on_time]),
        "closed_count": cells.count(closed),
        "median_days_d": cells.spread(days[closed >= 0].groupby(closed[closed >= 0]).median()),
    }


def _overdue(entries: pd.DataFrame, cells: _Cells) -> Numbers:
    """Return how many entries were overdue on the last day of each quarter, and by how long at most."""
    row, at = np.divmod(np.arange(len(entries) * len(cells.quarters)), max(len(cells.quarters), 1))
    both = entries[["due_on", "closed_on", "is_done"]].take(row).reset_index(drop=True)
    last_days = quarters_of(3 * cells.quarters).end_time.normalize()[at].to_series(index=both.index)
    late = np.flatnonzero(overdue_on(both, last_days))
    place = cells.of(entries["party_group"].iloc[row[late]], cells.quarters[at[late]])
    days = (last_days - both["due_on"]).dt.days.to_numpy(dtype=np.float64)[late]
    longest = np.full(len(cells), np.nan)
    np.fmax.at(longest, place[place >= 0], days[place >= 0])
    return {"overdue_count": cells.count(place), "longest_overdue_d": longest}


def _reached(matter: Matter, entries: pd.DataFrame, cells: _Cells, reading: Reading) -> Numbers:
    """Return how many members or retailers the entries reached, and how many of them more than once.

    Members are counted in the group they belong to in the middle of the quarter's last month, where they are among
    those to be reached; anybody else in the group of the entry.
    """
    own = entries[entries["covered"].notna()]
    first = quarter_numbers(own["entered_on"])
    last = first // 4 * 4 + 3 if matter.covers_for == "year" else first  # 1970 began a year
    row, at = np.nonzero((first[:, None] <= cells.quarters) & (cells.quarters <= last[:, None]))
    spans, quarters = own.iloc[row].reset_index(drop=True), cells.quarters[at]
    groups = spans["party_group"]
    if matter.coverage_base == MEMBERS:
        middles = months_of(3 * quarters + 2).to_timestamp() + pd.Timedelta(days=MID_MONTH_DAY - 1)
        groups = group_on_day(reading.tables["memberships"], spans["covered"], middles.to_series(index=spans.index))
    place = cells.of(groups, quarters)
    pairs, is_inside = pair_numbers(spans["covered"], place, {}), place >= 0
    _, first_of, times = np.unique(pairs[is_inside], return_index=True, return_counts=True)
    reached = place[is_inside][first_of]
    return {"covered_count": cells.count(reached), "repeated_count": cells.count(reached[times > 1])}


def _coverage_base(matter: Matter, headcount: pd.DataFrame, measures: pd.DataFrame, cells: _Cells) -> FloatArray:
    """Return how many there are to reach by group and quarter: in the last month of the quarter that is known."""
    rows, name = headcount, "member_count"
    if matter.coverage_base != MEMBERS:
        rows, name = measures[measures["measure"] == matter.coverage_base], "value"
    rows = rows[rows[name].notna()].sort_values("month", kind="stable")
    place = cells.of(rows["party_group"], month_numbers(rows["month"]) // 3)
    values = rows[name].to_numpy(dtype=np.float64)
    base = np.full(len(cells), np.nan)
    base[place[place >= 0]] = values[place >= 0]  # of several months the last one stays
    return base
