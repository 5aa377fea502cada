"""Numbers per group and month out of the typed tables, as ``measures.csv`` describes them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.catalog import Catalog, Measure, Rule
from pipeline.ingest.bureau import Reading
from pipeline.ingest.itemcodes import ledger_codes, other_clauses
from pipeline.points import expressions
from pipeline.points.keys import IntArray, ObjectArray, month_numbers, months_of, pair_numbers, places_of, texts_of

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]

KEY = ["party_group", "month"]

KNOWN, NOT_SUBMITTED, NO_BASE = "known", "not_submitted", "no_base"
LINEAGE = ["source_file", "source_sheet", "source_row", "source_cell"]
MEANS = ("mean", "mean_best")
ABOUT = "about_item"  # the column of a ledger that names another item of the rule book


@dataclass(frozen=True)
class Selection:
    """The rows of a table that one measure uses, with the group (or member) and month each one counts for."""

    measure: str
    table: str
    place: IntArray  # where each row stands in the table of the reading
    subject: ObjectArray  # party group or member
    month: IntArray  # as `keys.month_numbers` has it
    amount: FloatArray

    def __len__(self) -> int:
        return len(self.place)

    def only(self, chosen: BoolArray) -> "Selection":
        """Return the chosen ones of the rows."""
        return replace(
            self,
            place=self.place[chosen],
            subject=self.subject[chosen],
            month=self.month[chosen],
            amount=self.amount[chosen],
        )

    def pairs(self) -> set[tuple[str, int]]:
        """Return every subject and month that a row counts for."""
        return set(zip(self.subject.tolist(), self.month.tolist(), strict=True))


@dataclass(frozen=True)
class MonthlyMeasures:
    """What every measure came to in each (party_group, month) row of ``grid``, all by measure and in its order."""

    grid: pd.DataFrame
    value: Mapping[str, FloatArray]
    numerator: Mapping[str, FloatArray]
    denominator: Mapping[str, FloatArray]
    state: Mapping[str, ObjectArray]

    @cached_property
    def table(self) -> pd.DataFrame:
        """``measures_by_group_month`` but for the column of averaged members: a row per measure, group and month."""
        count = len(self.value)
        columns: dict[str, object] = {
            "party_group": np.tile(self.grid["party_group"].to_numpy(dtype=object), count),
            "month": months_of(np.tile(month_numbers(self.grid["month"]), count)),
            "measure": np.repeat(np.array(list(self.value), dtype=object), len(self.grid)),
        }
        for name in ("value", "numerator", "denominator", "state"):
            columns[name] = np.concatenate(list(getattr(self, name).values()))
        return pd.DataFrame(columns)

    def of(self, names: Sequence[str]) -> "MonthlyMeasures":
        """Return some of the measures alone."""
        parts = (self.value, self.numerator, self.denominator, self.state)
        return MonthlyMeasures(self.grid, *({name: part[name] for name in names} for part in parts))  # type: ignore[arg-type]


def select_rows(reading: Reading, measure: Measure, last_month: pd.Period) -> Selection:
    """Return the rows that ``measure`` counts for groups, up to ``last_month``; rows without group or month count
    nowhere.

    Entries about a member count for the member's group only in a measure of both (``measures.csv``, column member).
    """
    frame = reading.tables[measure.table]
    passed = _passing(frame, measure, reading.bureau.rules)
    if "member" in frame and "subject" in frame and not measure.member:
        passed &= frame["member"].isna().to_numpy()
    return _select(frame, measure, passed, "party_group", last_month)


def select_member_rows(reading: Reading, measure: Measure, last_month: pd.Period) -> Selection:
    """Return the rows that ``measure`` counts for members, up to ``last_month``; rows without member or month count
    nowhere.
    """
    frame = reading.tables[measure.table]
    return _select(frame, measure, _passing(frame, measure, reading.bureau.rules), measure.member, last_month)


def _passing(frame: pd.DataFrame, measure: Measure, rules: Sequence[Rule]) -> BoolArray:
    """Return which rows pass the filter of a measure, the item of the points ledger by the codes of the bureau."""
    passed = expressions.matches(frame, other_clauses(measure))
    codes = ledger_codes(measure, rules)
    return passed & frame["item"].isin(codes).to_numpy() if codes else passed


def _select(frame: pd.DataFrame, measure: Measure, passed: BoolArray, column: str, last_month: pd.Period) -> Selection:
    months = expressions.months(frame, measure.period)
    amounts: FloatArray = np.ones(len(frame), dtype=np.float64)
    if measure.aggregate != "count":
        amounts = np.asarray(expressions.column_sum(frame, measure.value), dtype=np.float64)
    if measure.aggregate in ("mean_best", "best"):
        passed = _best(frame, measure, passed, amounts)
    first = np.iinfo(np.int64).min  # of a row without a month
    passed = passed & (first < months) & (months <= last_month.ordinal) & frame[column].notna().to_numpy()
    place = np.flatnonzero(passed)
    subject = texts_of(frame[column].iloc[place])
    return Selection(measure.measure, measure.table, place, subject, months[place], amounts[place])


def _best(frame: pd.DataFrame, measure: Measure, passed: BoolArray, amounts: FloatArray) -> BoolArray:
    """Return which of the rows that passed have the largest amount of their base; of equal ones the first written."""
    place = np.flatnonzero(passed & ~np.isnan(amounts))
    bases = measure.base.split(";")
    ranked = frame[list(dict.fromkeys([*bases, "source_file", "source_row"]))].iloc[place]
    ranked = ranked.assign(amount=-amounts[place], place=place).sort_values(["amount", "source_file", "source_row"])
    best = np.zeros(len(frame), dtype=np.bool_)
    best[ranked.loc[~ranked.duplicated(subset=bases), "place"].to_numpy()] = True
    return best


def evaluate_measures(
    reading: Reading, catalog: Catalog, grid: pd.DataFrame, selections: Mapping[str, Selection]
) -> MonthlyMeasures:
    """Return what every measure of the catalog came to.

    ``grid`` holds the (party_group, month) rows wanted, each once. ``state`` tells a known value from a month whose
    workbook was not handed in (``not_submitted``) and from a rate in a month in which nothing was due (``no_base``);
    neither has a value.
    """
    tables = {catalog.measures[name].table for name in selections}
    covered = covered_rows(reading, catalog, grid, tables)
    amounts = _amounts(selections, catalog, grid)
    value, state = dict[str, FloatArray](), dict[str, ObjectArray]()
    above, below = dict[str, FloatArray](), dict[str, FloatArray]()
    for name, own in zip(selections, amounts, strict=True):
        measure = catalog.measures[name]
        value[name], state[name] = _with_state(measure, own, covered[measure.table].to_numpy(), catalog)
        above[name], below[name] = value[name], np.full(len(grid), np.nan)
    for measure in catalog.measures.values():
        if measure.aggregate == "quotient":
            name, (part, whole) = measure.measure, (value[measure.value], value[measure.base])
            if both := _known_in_both(measure, selections, catalog):
                part, whole = (
                    _with_state(catalog.measures[own], amount, covered[both[own].table].to_numpy(), catalog)[0]
                    for own, amount in zip(both, _amounts(both, catalog, grid), strict=True)
                )
            value[name], state[name] = _quotient(measure, part, whole)
            above[name], below[name] = part, whole
    return MonthlyMeasures(grid, value, above, below, state)


def _known_in_both(
    measure: Measure, selections: Mapping[str, Selection], catalog: Catalog
) -> dict[str, Selection] | None:
    """Return the rows of a quotient's two sums that know both amounts, where they are sums over the same rows and some
    row knows one of them alone; else ``None``.

    Who was expected in a meeting of which nobody wrote down who came was not absent from it.
    """
    part, whole = (catalog.measures[name] for name in (measure.value, measure.base))
    if {part.aggregate, whole.aggregate} != {"sum"} or (part.table, part.filter) != (whole.table, whole.filter):
        return None
    own, other = selections[part.measure], selections[whole.measure]
    is_known = ~(np.isnan(own.amount) | np.isnan(other.amount))
    if np.isnan(own.amount[~is_known]).all() and np.isnan(other.amount[~is_known]).all():
        return None
    return {part.measure: own.only(is_known), whole.measure: other.only(is_known)}


def _amounts(selections: Mapping[str, Selection], catalog: Catalog, grid: pd.DataFrame) -> FloatArray:
    """Return the amounts of every measure on the grid, a row a measure: means, or sums; missing without an entry."""
    known: dict[object, int] = {}
    wanted = pair_numbers(grid["party_group"], month_numbers(grid["month"]), known)
    cells = [places_of(pair_numbers(own.subject, own.month, known), wanted) for own in selections.values()]
    counts = [len(own) for own in cells]
    cell = np.concatenate([*cells, np.empty(0, dtype=np.int64)])
    measure = np.repeat(np.arange(len(selections)), counts)
    entries = pd.Series(np.concatenate([*(own.amount for own in selections.values()), np.empty(0)]))[cell >= 0]
    grouped = entries.groupby((measure * len(grid) + cell)[cell >= 0])
    sums = grouped.sum(min_count=1)
    is_mean = np.array([catalog.measures[name].aggregate in MEANS for name in selections], dtype=np.bool_)
    place = sums.index.to_numpy()
    amounts = np.full(len(selections) * len(grid), np.nan)
    amounts[place] = np.where(is_mean[place // max(len(grid), 1)], grouped.mean(), sums)
    return amounts.reshape(len(selections), len(grid))


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
    known = rows[rows["state"] == KNOWN]
    columns = {**{column: known[column] for column in key}, name: known["month"].dt.asfreq(frequency)}
    columns["measure"] = known["measure"]
    combined = np.zeros(len(known), dtype=np.int64)
    for values in columns.values():
        codes, uniques = pd.factorize(values, sort=True)
        combined = combined * len(uniques) + codes
    _, first, place = np.unique(combined, return_index=True, return_inverse=True)
    sums = known[["numerator", "denominator"]].groupby(place).sum(min_count=1)
    by_place = known["value"].groupby(place)
    table = pd.DataFrame({column: values.iloc[first].array for column, values in columns.items()})
    for column in ("numerator", "denominator"):
        table[column] = sums[column].to_numpy()
    table["value"], table["month_count"] = by_place.mean().to_numpy(), by_place.count().to_numpy()
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
    known: dict[object, int] = {"": 0}  # the number of no group: covered for all of them
    covered_pairs = pair_numbers(coverage["party_group"].fillna(""), month_numbers(coverage["month"]), known)
    months = month_numbers(grid["month"])
    pairs = pair_numbers(grid["party_group"], months, known)
    kinds = texts_of(coverage["kind"])
    kinds_of: dict[str, list[str]] = {}
    for kind in catalog.kinds.values():
        kinds_of.setdefault(kind.table, []).append(kind.kind)
    covered = {}
    for table in tables:
        own = covered_pairs[np.isin(kinds, kinds_of.get(table, []))]
        covered[table] = pd.Series(np.isin(pairs, own) | np.isin(months, own), index=grid.index)
    return covered


def _with_state(
    measure: Measure, values: FloatArray, covered: BoolArray, catalog: Catalog
) -> tuple[FloatArray, ObjectArray]:
    """Return value and state of a measure on the grid: without an entry a covered month is 0 for a ledger, and unknown
    for a report, which has a row a month; a mean of nothing has no base.
    """
    lacks_entries = covered & np.isnan(values)
    if {"month", "party_group"} <= set(catalog.tables[measure.table].key):
        lacks_entries[:] = False
    if measure.aggregate not in MEANS:
        values = np.where(lacks_entries, 0.0, values)
    states = np.where(np.isnan(values), np.where(lacks_entries, NO_BASE, NOT_SUBMITTED), KNOWN)
    return values, states.astype(object)


def _quotient(measure: Measure, above: FloatArray, below: FloatArray) -> tuple[FloatArray, ObjectArray]:
    """Divide one measure by another; nothing below the line is ``no_base``, not 0 and not 100."""
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(below > 0, (measure.scale or 1.0) * above / below, np.nan)
    both = ~np.isnan(below) & ~np.isnan(above)
    return value, np.select([~np.isnan(value), both], [KNOWN, NO_BASE], NOT_SUBMITTED).astype(object)
