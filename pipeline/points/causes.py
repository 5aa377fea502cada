"""Why one printed total differs: slips in a month's category, or what follows from the months and quarters below."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import isnan
from typing import Literal

import numpy as np
import pandas as pd

from pipeline.catalog import Catalog
from pipeline.catalog.records import TermClass
from pipeline.ingest.bureau import Reading
from pipeline.points.annual import QUARTERS
from pipeline.points.carried import explain_carried, explain_mutual
from pipeline.points.keys import month_numbers, rows_by
from pipeline.points.measures import MonthlyMeasures, Selection
from pipeline.points.printed import (
    MEMBER_ROW,
    MONTH,
    MUTUAL_SCORE,
    POINTS_MEAN,
    QUARTER,
    QUARTER_MEAN,
    QUARTER_SCORE,
    TOTAL,
    YEAR,
)
from pipeline.points.schemes import rules_in_effect, version_in_effect
from pipeline.points.scoring import correct_items, group_rules, score_items
from pipeline.points.slips import CENT, RECORDED, Explained, Slip, by_item, explain, list_slips, version_slip
from pipeline.points.totals import rescale_items

SHEET_ARITHMETIC = "sheet_arithmetic"
# level -> the table of its sheets, the class of its weights, the frequency of its periods
SCORES: Mapping[str, tuple[str, TermClass, Literal["Q", "Y"]]] = {
    QUARTER: ("quarter_assessments", "quarter_score", "Q"),
    YEAR: ("annual_reviews", "annual_score", "Y"),
}
SHEET_ROW = ["party_group", "source_file", "source_sheet", "source_row"]  # one printed row of one group
WHOLE = "*"  # the one column of a category that has an item of no printed column

Place = tuple[object, ...]


@dataclass(frozen=True)
class Recomputed:
    """What the rule book gives: the tables of the points room that the audit compares with, and what they came from."""

    items: pd.DataFrame  # with the columns of the rules (`scoring.RULE_COLUMNS`)
    items_before: pd.DataFrame  # without the corrections
    categories: pd.DataFrame
    months: pd.DataFrame
    standings: pd.DataFrame
    annual: pd.DataFrame
    measures: MonthlyMeasures
    selections: Mapping[str, Selection]
    corrections: pd.DataFrame  # those of groups


@dataclass(frozen=True)
class Difference:
    """One printed total that differs, and the printed row that it stands in."""

    level: str
    party_group: str
    period: str
    part: str
    printed: float
    recomputed: float
    points: float  # printed less recomputed
    tolerance: float
    source_file: str
    source_sheet: str
    source_row: int


def list_differences(table: pd.DataFrame) -> list[Difference]:
    """Return the rows of ``points_audit`` (with ``tolerance``) that differ, in their order."""
    texts, numbers = ["level", "party_group", "period", "part"], ["printed_points", "recomputed_points"]
    columns = [*texts, *numbers, "difference_points", "tolerance", "source_file", "source_sheet", "source_row"]
    own = table[table["is_difference"]]
    return [Difference(*values) for values in zip(*(own[name].tolist() for name in columns), strict=True)]


@dataclass(frozen=True)
class Causes:
    """Explains the differences of ``table``, the rows of `audit.audit_points` before they are explained.

    ``cells`` are the printed numbers of the months (`printed.mean_cells`).
    """

    table: pd.DataFrame
    cells: pd.DataFrame
    recomputed: Recomputed
    reading: Reading
    catalog: Catalog
    _by_version: dict[str, tuple[pd.DataFrame, Mapping[Place, list[int]]]] = field(default_factory=dict)
    _entries_of: dict[str, Mapping[Place, list[int]]] = field(default_factory=dict)

    def of(self, difference: Difference) -> Explained:
        """Return what explains one difference of the table."""
        if difference.part == MEMBER_ROW:
            return Explained(SHEET_ARITHMETIC, "", difference.points)
        if difference.level == MONTH:
            return self._month_total(difference) if difference.part == TOTAL else self._category(difference)
        if difference.part == MUTUAL_SCORE:
            return self._mutual(difference)
        return self._mean(difference) if difference.part in (POINTS_MEAN, QUARTER_MEAN) else self._score(difference)

    def _category(self, difference: Difference) -> Explained:
        group, month, category = difference.party_group, pd.Period(difference.period, "M"), difference.part
        rules = {rule.item: rule for rule in group_rules(rules_in_effect(self.reading.bureau.rules, month))}
        rows = self._items(group, month, category)
        cells = self.cells.iloc[self._printed_cells.get(_sheet_row(difference), [])]
        cells = cells[cells["category"] == category]
        column_of = self._columns_of(category, rows["item"])
        is_split = WHOLE not in column_of.values()
        columns = cells["column"] if is_split else pd.Series(WHOLE, index=cells.index)
        printed = cells["printed"].groupby(columns).sum()
        given = rows["points"].fillna(0.0).groupby(rows["item"].map(column_of)).sum()
        names = list(dict.fromkeys([*column_of.values(), *printed.index]))
        observed = printed.reindex(names, fill_value=0.0) - given.reindex(names, fill_value=0.0)
        added_up = {item: rule.measure for item, rule in rules.items() if rule.scheme == "sum"}
        amounts = {item: self._entries(measure, group, month) for item, measure in added_up.items()}
        is_weighted = self.catalog.categories[category].weight is not None
        slips = [
            *list_slips(rows, rules, amounts, is_weighted=is_weighted),
            *_sheet_slips(cells, columns),
            *_unprinted(rows, column_of, set(columns)),
        ]
        return explain(by_item(observed), column_of, slips, lambda: self._version_slips(rows, month, column_of))

    def _items(self, group: str, month: pd.Period, category: str) -> pd.DataFrame:
        """Return the scored items of one category with what they measured and their points before the corrections."""
        own = self._scored.get((group, month.ordinal, category), [])
        rows, before = (table.iloc[own] for table in (self.recomputed.items, self.recomputed.items_before))
        measures = self.recomputed.measures
        places = list(zip(rows["measure"], rows["cell"], strict=True))
        return rows.assign(
            points_before=before["points"].to_numpy(),
            numerator=np.array([measures.numerator[name][cell] for name, cell in places]),
            denominator=np.array([measures.denominator[name][cell] for name, cell in places]),
        )

    def _columns_of(self, category: str, items: "pd.Series[str]") -> dict[str, str]:
        """Return the printed column of every item; one for all where the sheets have no column for one of them."""
        printed = {
            item: entry.column for entry in self.catalog.printed if entry.category == category for item in entry.items
        }
        if set(items) <= printed.keys():
            return printed
        return dict.fromkeys([*printed, *(rule.item for rule in self.reading.bureau.rules)], WHOLE)

    def _entries(self, measure: str, group: str, month: pd.Period) -> list[float]:
        rows = self.recomputed.selections[measure]
        if measure not in self._entries_of:
            self._entries_of[measure] = rows_by([rows.subject, rows.month.tolist()])
        return rows.amount[self._entries_of[measure].get((group, month.ordinal), [])].tolist()

    def _version_slips(self, rows: pd.DataFrame, month: pd.Period, column_of: Mapping[str, str]) -> list[Slip]:
        """Return the slips of scoring the category by the version before or after the one in effect."""
        ordered = sorted(self.reading.bureau.rules, key=lambda rule: rule.effective_month)
        versions = list(dict.fromkeys(rule.version for rule in ordered))
        here = versions.index(version_in_effect(self.reading.bureau.rules, month))
        slips = []
        for version in (*versions[max(here - 1, 0) : here], *versions[here + 1 : here + 2]):
            others, places = self._under(version)
            place = (rows["party_group"].iloc[0], month.ordinal, rows["category"].iloc[0])
            own = others.iloc[places.get(place, [])].set_index("item")["points"]
            if set(own.index) <= column_of.keys():
                slips.append(version_slip(version, rows, own))
        return slips

    def _under(self, version: str) -> tuple[pd.DataFrame, Mapping[Place, list[int]]]:
        """Return the items of every month as ``version`` would give them, and their rows by group, month and category;
        kept, as several differences may ask.
        """
        if version not in self._by_version:
            measures, bureau = self.recomputed.measures, self.reading.bureau
            first = str(measures.grid["month"].min())
            rules = tuple(replace(rule, effective_month=first) for rule in bureau.rules if rule.version == version)
            reading = replace(self.reading, bureau=replace(bureau, rules=rules))
            items = score_items(measures, reading, self.catalog, self.recomputed.selections)
            items, _ = correct_items(items, self.recomputed.corrections)
            items = rescale_items(items, self.catalog)
            self._by_version[version] = items, rows_by([*_group_months(items), items["category"]])
        return self._by_version[version]

    def _month_total(self, difference: Difference) -> Explained:
        own = self.table.iloc[self._totals.get(_sheet_row(difference), [])]
        own = own[~own["part"].isin([TOTAL, MEMBER_ROW])]
        month = pd.Period(difference.period, "M").ordinal
        here = self.recomputed.categories.iloc[self._scored_categories.get((difference.party_group, month), [])]
        given = here.set_index("category")["points"].fillna(0.0)
        differing = own[own["is_difference"]]
        parts = dict(zip(differing["part"], differing["difference_points"], strict=True))
        absent = given[~given.index.isin(own["part"]) & (given.abs() > difference.tolerance)]
        parts |= by_item(-absent)
        residue = difference.printed - float(own["printed_points"].sum()) if len(own) else None
        adjusted = float(given.sum()) - difference.recomputed
        return explain_carried(difference.points, difference.tolerance, parts, residue, adjusted)

    def _mean(self, difference: Difference) -> Explained:
        """Explain the mean of a quarter's months or of a year's quarters."""
        group, period = difference.party_group, difference.period
        if difference.part == POINTS_MEAN:
            places = [(MONTH, group, month, TOTAL) for month in self._months_of.get((group, period), [])]
        else:
            places = [(QUARTER, group, f"{period}Q{quarter}", QUARTER_SCORE) for quarter in range(1, QUARTERS + 1)]
        printed = [self._printed.get(place) for place in places]
        parts = {place[2]: self._differences[place] / len(places) for place in places if place in self._differences}
        known = [points for points in printed if points is not None]
        residue = difference.printed - sum(known) / len(places) if len(known) == len(places) else None
        return explain_carried(difference.points, difference.tolerance, parts, residue)

    def _score(self, difference: Difference) -> Explained:
        """Explain a quarter's or a year's score by its weighted parts."""
        level, group, period = difference.level, difference.party_group, difference.period
        table, score, frequency = SCORES[level]
        sheet = self.reading.tables[table].iloc[self._sheets[level][_sheet_row(difference)][0]]
        last_month = pd.Period(period, frequency).asfreq("M", how="end")
        weights = self.reading.bureau.weights_of(version_in_effect(self.reading.bureau.rules, last_month), score)
        places = {name: (level, group, period, name) for name in weights}
        parts = {
            name: weights[name] * self._differences[place]
            for name, place in places.items()
            if place in self._differences
        }
        printed = [weight * float(sheet[name]) for name, weight in weights.items() if weight]
        residue = difference.printed - sum(printed)
        return explain_carried(difference.points, difference.tolerance, parts, None if isnan(residue) else residue)

    def _mutual(self, difference: Difference) -> Explained:
        reviews = self.reading.tables["mutual_reviews"]
        quarter = pd.Period(difference.period, "Q-DEC").ordinal
        own = reviews.iloc[self._reviews.get((difference.party_group, quarter), [])]
        own = own[own["score"].notna()]
        own = own.assign(is_self=own["rater_group"] == own["rated_group"])
        return explain_mutual(difference.points, difference.tolerance, own)

    @cached_property
    def _printed_cells(self) -> Mapping[Place, list[int]]:
        """Return the rows of ``cells`` by the printed row that they stand in."""
        return rows_by(_sheet_rows(self.cells))

    @cached_property
    def _totals(self) -> Mapping[Place, list[int]]:
        """Return the rows of ``table`` by the printed row that they stand in."""
        return rows_by(_sheet_rows(self.table))

    @cached_property
    def _sheets(self) -> Mapping[str, Mapping[Place, list[int]]]:
        """Return the rows of the assessments of quarters and years by the printed row."""
        return {level: rows_by(_sheet_rows(self.reading.tables[table])) for level, (table, _, _) in SCORES.items()}

    @cached_property
    def _reviews(self) -> Mapping[Place, list[int]]:
        """Return the rows of the mutual reviews by rated group and quarter."""
        reviews = self.reading.tables["mutual_reviews"]
        return rows_by([reviews["rated_group"].tolist(), month_numbers(reviews["quarter"]).tolist()])

    @cached_property
    def _scored(self) -> Mapping[Place, list[int]]:
        """Return the rows of the items, after the corrections as before, by group, month and category."""
        return rows_by([*_group_months(self.recomputed.items), self.recomputed.items["category"]])

    @cached_property
    def _scored_categories(self) -> Mapping[Place, list[int]]:
        return rows_by(_group_months(self.recomputed.categories))

    @cached_property
    def _months_of(self) -> Mapping[tuple[str, str], list[str]]:
        """Return the months, as they are written, of every group and quarter."""
        months = self.recomputed.months
        found: dict[tuple[str, str], list[str]] = {}
        for group, month in zip(months["party_group"], months["month"], strict=True):
            found.setdefault((group, f"{month.year}Q{month.quarter}"), []).append(str(month))
        return found

    @cached_property
    def _printed(self) -> dict[tuple[str, str, str, str], float]:
        return self._by_place(self.table["printed_points"])

    @cached_property
    def _differences(self) -> dict[tuple[str, str, str, str], float]:
        return self._by_place(self.table.loc[self.table["is_difference"], "difference_points"])

    def _by_place(self, values: "pd.Series[float]") -> dict[tuple[str, str, str, str], float]:
        rows = self.table.loc[values.index]
        places = zip(rows["level"], rows["party_group"], rows["period"], rows["part"], strict=True)
        return dict(zip(places, values, strict=True))


def _sheet_row(difference: Difference) -> Place:
    return tuple(getattr(difference, name) for name in SHEET_ROW)


def _sheet_rows(table: pd.DataFrame) -> list[list[object]]:
    return [table[name].tolist() for name in SHEET_ROW]


def _group_months(table: pd.DataFrame) -> list[list[object]]:
    return [table["party_group"].tolist(), month_numbers(table["month"]).tolist()]


def _sheet_slips(cells: pd.DataFrame, columns: "pd.Series[str]") -> list[Slip]:
    """Return the slip of a printed mean that is not the mean of the rows of its own sheet."""
    apart = (cells["printed"] - cells["computed"]).fillna(0.0)
    apart = apart.where(apart.abs() > CENT, 0.0).groupby(columns).sum()
    return [Slip(SHEET_ARITHMETIC, "", by_item(apart), RECORDED)] if apart.any() else []


def _unprinted(rows: pd.DataFrame, column_of: Mapping[str, str], printed: set[str]) -> list[Slip]:
    """Return the slip of leaving out whole columns: their items have points and stand nowhere in the sheet."""
    absent = rows[~rows["item"].map(column_of).isin(printed) & (rows["points"].abs() > CENT)]
    if absent.empty:
        return []
    changes = by_item(-absent["points"].set_axis(absent["item"]))
    return [Slip("column_left_out", "; ".join(changes), changes, RECORDED)]
