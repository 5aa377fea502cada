"""Numbers per group and month out of the typed tables, as ``measures.csv`` describes them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.catalog import Catalog, Measure, Rule
from pipeline.ingest.bureau import Reading
from pipeline.ingest.itemcodes import ledger_codes, other_clauses
from pipeline.points import expressions

KEY = ["party_group", "month"]
MEMBER_KEY = ["member", "month"]
KNOWN, NOT_SUBMITTED, NO_BASE = "known", "not_submitted", "no_base"
LINEAGE = ["source_file", "source_sheet", "source_row", "source_cell"]
MEANS = ("mean", "mean_best")
ABOUT = "about_item"  # the column of a ledger that names another item of the rule book


@dataclass(frozen=True)
class Selection:
    """The rows of a table that one measure uses, with the group (or member) and month each one counts for."""

    measure: str
    rows: pd.DataFrame  # party_group or member, month, amount, the lineage columns, about_item where the table has it


def select_rows(reading: Reading, measure: Measure, last_month: pd.Period) -> Selection:
    """Return the rows that ``measure`` counts for groups, up to ``last_month``; rows without group or month count
    nowhere.

    Entries about a member count for the member's group only in a measure of both (``measures.csv``, column member).
    """
    frame = reading.tables[measure.table]
    if "member" in frame and "subject" in frame and not measure.member:
        frame = frame[frame["member"].isna()]
    frame = frame[_passing(frame, measure, reading.bureau.rules)]
    return _select(frame, measure, "party_group", "party_group", last_month)


def select_member_rows(reading: Reading, measure: Measure, last_month: pd.Period) -> Selection:
    """Return the rows that ``measure`` counts for members, up to ``last_month``; rows without member or month count
    nowhere.
    """
    frame = reading.tables[measure.table]
    frame = frame[_passing(frame, measure, reading.bureau.rules)]
    return _select(frame, measure, measure.member, "member", last_month)


def _passing(frame: pd.DataFrame, measure: Measure, rules: Sequence[Rule]) -> "pd.Series[bool]":
    """Return which rows pass the filter of a measure, the item of the points ledger by the codes of the bureau."""
    passed = expressions.matches(frame, other_clauses(measure))
    codes = ledger_codes(measure, rules)
    return passed & frame["item"].isin(codes) if codes else passed


def _select(frame: pd.DataFrame, measure: Measure, column: str, name: str, last_month: pd.Period) -> Selection:
    rows = frame[[column, *LINEAGE]].rename(columns={column: name})
    rows["month"] = expressions.months(frame, measure.period)
    rows["amount"] = 1.0 if measure.aggregate == "count" else expressions.column_sum(frame, measure.value)
    if ABOUT in frame:
        rows[ABOUT] = frame[ABOUT]
    if measure.aggregate in ("mean_best", "best"):
        ranked = frame.assign(amount=-rows["amount"]).sort_values(["amount", "source_file", "source_row"])
        best = ~ranked.duplicated(subset=measure.base.split(";")) & ranked["amount"].notna()
        rows = rows.loc[best[best].index.sort_values()]
    rows = rows[rows["month"].notna() & rows[name].notna()]
    return Selection(measure.measure, rows[rows["month"] <= last_month])


def evaluate_measures(
    reading: Reading, catalog: Catalog, grid: pd.DataFrame, selections: Mapping[str, Selection]
) -> pd.DataFrame:
    """Return ``measures_by_group_month``: a row per group, month and measure of the catalog.

    ``grid`` holds the (party_group, month) rows wanted. ``state`` tells a known value from a month whose workbook was
    not handed in (``not_submitted``) and from a rate in a month in which nothing was due (``no_base``); neither has a
    value.
    """
    tables = {catalog.measures[name].table for name in selections}
    covered = covered_rows(reading, catalog, grid, tables)
    amounts = _amounts(selections, catalog)
    index = pd.MultiIndex.from_frame(grid[KEY].astype({"party_group": "object"}))
    plain: dict[str, pd.DataFrame] = {}
    for name in selections:
        measure, own = catalog.measures[name], amounts.get(name)
        values = np.full(len(grid), np.nan) if own is None else own.reindex(index).to_numpy(dtype=float)
        plain[name] = _with_state(measure, values, grid, covered[measure.table].to_numpy(), catalog)
    for measure in catalog.measures.values():
        if measure.aggregate == "quotient":
            plain[measure.measure] = _quotient(measure, plain[measure.value], plain[measure.base])
    return pd.concat([frame.assign(measure=name) for name, frame in plain.items()], ignore_index=True)[
        [*KEY, "measure", "value", "numerator", "denominator", "state"]
    ]


def _amounts(selections: Mapping[str, Selection], catalog: Catalog) -> dict[str, "pd.Series[float]"]:
    """Return the amounts of every measure with entries by (party_group, month): means, or sums."""
    parts = [selection.rows[[*KEY, "amount"]].assign(measure=name) for name, selection in selections.items()]
    grouped = pd.concat(parts, ignore_index=True).groupby(["measure", *KEY])["amount"]
    sums, means = grouped.sum(min_count=1), grouped.mean()
    is_mean = sums.index.get_level_values("measure").isin(
        [name for name in selections if catalog.measures[name].aggregate in MEANS]
    )
    amounts = sums.where(~is_mean, means)
    return {str(name): own.droplevel("measure") for name, own in amounts.groupby(level="measure")}


def summarise_quarters(rows: pd.DataFrame, catalog: Catalog, key: Sequence[str]) -> pd.DataFrame:
    """Return one row per ``key``, quarter and measure of monthly ``rows``; see `summarise_periods`."""
    return summarise_periods(rows, catalog, key, "quarter", "Q")


def summarise_periods(
    rows: pd.DataFrame, catalog: Catalog, key: Sequence[str], name: str, frequency: str
) -> pd.DataFrame:
    """Return one row per ``key``, period and measure of monthly ``rows``: value, month_count.

    ``frequency`` is that of the periods (Q or Y), ``name`` their column. Counts and sums are added, quotients are sum
    over sum (never a mean of ratios), printed targets are averaged; only months with a known value count, and
    ``month_count`` says how many there were.
    """
    known = rows[rows["state"] == KNOWN].copy()
    known[name] = known["month"].dt.asfreq(frequency)
    grouped = known.groupby([*key, name, "measure"], sort=True)
    sums = grouped[["numerator", "denominator"]].sum(min_count=1)
    means = grouped["value"].mean()
    counts = grouped["value"].count().rename("month_count")
    table = sums.join(means).join(counts).reset_index()
    entries = catalog.measures.items()
    aggregates = table["measure"].map({measure: entry.aggregate for measure, entry in entries})
    scales = table["measure"].map({measure: entry.scale or 1.0 for measure, entry in entries})
    scales = scales.astype(float)  # an empty table would map to text
    ratio = (scales * table["numerator"] / table["denominator"]).where(table["denominator"] != 0)
    table["value"] = np.select(
        [aggregates == "quotient", aggregates.isin(["count", "sum"])], [ratio, table["numerator"]], table["value"]
    )
    return table[[*key, name, "measure", "value", "month_count"]]


def covered_rows(
    reading: Reading, catalog: Catalog, grid: pd.DataFrame, tables: Iterable[str]
) -> dict[str, "pd.Series[bool]"]:
    """Return, for each of ``tables``, which (party_group, month) rows of ``grid`` its workbooks cover."""
    coverage = reading.tables["coverage"]
    keys = grid["party_group"].astype(str) + "|" + grid["month"].astype(str)
    months = grid["month"]
    covered = {}
    for table in tables:
        kinds = [kind.kind for kind in catalog.kinds.values() if kind.table == table]
        own = coverage[coverage["kind"].isin(kinds)]
        groups = own["party_group"].fillna("").astype("str")
        everywhere = own.loc[groups == "", "month"].unique()
        pairs = groups + "|" + own["month"].astype(str)
        covered[table] = months.isin(everywhere) | keys.isin(pairs)
    return covered


def _with_state(
    measure: Measure, values: np.ndarray, grid: pd.DataFrame, covered: np.ndarray, catalog: Catalog
) -> pd.DataFrame:
    """Return the values of a measure on the grid: without an entry a covered month is 0 for a ledger, and unknown for
    a report, which has a row a month; a mean of nothing has no base.
    """
    lacks_entries = covered & np.isnan(values)
    if {"month", "party_group"} <= set(catalog.tables[measure.table].key):
        lacks_entries[:] = False
    if measure.aggregate not in MEANS:
        values = np.where(lacks_entries, 0.0, values)
    states = np.where(np.isnan(values), np.where(lacks_entries, NO_BASE, NOT_SUBMITTED), KNOWN)
    return grid[KEY].assign(value=values, state=states.astype(object), numerator=values, denominator=np.nan)


def _quotient(measure: Measure, above: pd.DataFrame, below: pd.DataFrame) -> pd.DataFrame:
    """Divide one measure by another; nothing below the line is ``no_base``, not 0 and not 100."""
    result = above[KEY].copy()
    result["numerator"], result["denominator"] = above["value"], below["value"]
    positive = below["value"] > 0
    result["value"] = ((measure.scale or 1.0) * above["value"] / below["value"]).where(positive)
    result["state"] = np.select(
        [result["value"].notna(), below["value"].notna() & above["value"].notna()], [KNOWN, NO_BASE], NOT_SUBMITTED
    )
    return result
