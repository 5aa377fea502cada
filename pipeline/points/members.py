"""Members' months: base, what was earned and taken away, who was there long enough, and who was on leave."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.catalog import Catalog, Rule
from pipeline.ingest.bureau import Reading
from pipeline.points import expressions
from pipeline.points.attendance import EXCUSED, attendance_is_kept, leave_days
from pipeline.points.corrections import apply_corrections
from pipeline.points.keys import IntArray, ObjectArray, month_numbers, pair_numbers, places_of
from pipeline.points.measures import NOT_SUBMITTED, Selection, covered_rows
from pipeline.points.schemes import (
    EACH_BAND,
    VETO,
    band_points,
    cap_month,
    cap_quarter,
    earned_points,
    months_by_measure,
    months_by_rules,
    stack_rules,
)
from pipeline.points.stays import days_by_member_month, group_on_day

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]

SCORED, SHORT_STAY, ON_LEAVE = "scored", "short_stay", "on_leave"
ATTENDANCES = "attendances"


def member_rules(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Return the rules that give points to members."""
    return tuple(rule for rule in rules if rule.scope == "member" and rule.scheme != VETO)


def list_member_months(reading: Reading, catalog: Catalog, months: pd.PeriodIndex) -> pd.DataFrame:
    """Return who belonged to a group in which month, and whether the month is scored.

    Columns: member, month, party_group, version, state, member_days_d, leave_days_d. A month is not scored under half
    a month in a group (``short_stay``), nor when approved leave leaves less than that (``on_leave``); the share is the
    rule book's ``least_month_share``. Months whose rule book has no item for members are left out: nobody can be
    scored by a book that says nothing.
    """
    table = days_by_member_month(reading.tables["memberships"], months)
    bureau = reading.bureau
    table["version"] = _member_versions(bureau.rules, table["month"])
    table = table[table["version"] != ""].reset_index(drop=True)
    days = leave_days(reading.tables["leaves"], catalog)
    days = days[group_on_day(reading.tables["memberships"], days["member"], days["day"]).notna()]
    table["leave_days_d"] = _counts(table, days["member"], expressions.months(days, "day"))
    shares = {version: bureau.parameter(version, "least_month_share") for version in table["version"].unique()}
    least = table["version"].map(shares).astype(float) * table["month"].dt.days_in_month
    too_short = table["member_days_d"] < least
    too_long = table["member_days_d"] - table["leave_days_d"] < least
    table["state"] = np.select([too_short, too_long], [SHORT_STAY, ON_LEAVE], SCORED)
    return table


def score_member_items(
    reading: Reading,
    catalog: Catalog,
    member_months: pd.DataFrame,
    selections: Mapping[str, Selection],
    corrections: pd.DataFrame,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return ``points_by_member_month_item`` (with ``capped_points`` and the columns of caps) and the corrections of
    members as applied.

    A row for every member month and member item in effect. What was not handed in earns and costs nothing and keeps
    its ``state``. Each quiz attempt, visit or duty counts in the month of its date, in whatever group the member was.
    """
    covered = _covered(reading, catalog, member_months)
    months = month_numbers(member_months["month"])
    known: dict[object, int] = {}
    asked = pair_numbers(member_months["member"], months, known)
    placed: list[tuple[Rule, IntArray]] = []
    scored = []
    by_rules = months_by_rules(reading.bureau.rules, member_months["month"].unique())
    for rules, own_months in by_rules.items():
        cells = np.flatnonzero(np.isin(months, [month.ordinal for month in own_months]))
        for rule in member_rules(rules):
            rows = selections[rule.measure]
            cell = places_of(pair_numbers(rows.subject, rows.month, known), asked)
            is_known = covered[catalog.measures[rule.measure].table].to_numpy()[cells]
            placed.append((rule, cells))
            scored.append(_score_item(rule, rows.amount, cell, cells, is_known))
    items = _stacked(member_months, placed, scored)
    items["capped_points"], applied = apply_corrections(items, corrections, "member")
    items["points"] = cap_quarter(items, "member")
    return items, applied


def total_member_months(
    member_months: pd.DataFrame, items: pd.DataFrame, selections: Mapping[str, Selection], reading: Reading
) -> pd.DataFrame:
    """Return ``points_by_member_month``: base + earned (capped together) + deductions, from the floor of the rule book
    to base and cap together (0 and 100 by default).

    A month that is not scored has no points. ``excused_count`` counts the meetings missed on approved leave;
    ``has_veto`` says that a vetoing entry fell into the month.
    """
    table = member_months.copy()
    positive = items.assign(earned=items["points"].clip(lower=0.0), taken=items["points"].clip(upper=0.0))
    sums = positive.groupby("cell")[["earned", "taken"]].sum().reindex(range(len(table)))
    table[["earned", "taken"]] = sums.to_numpy()
    bureau, versions = reading.bureau, table["version"].unique()
    for name in ("member_base_points", "member_earned_cap", "month_floor_points"):
        values = {version: bureau.parameter(version, name) for version in versions}
        table[name] = table["version"].map(values).astype(float)
    is_scored = table["state"] == SCORED
    table["base_points"] = table["member_base_points"].where(is_scored)
    table["earned_points"] = np.minimum(table["earned"].fillna(0.0), table["member_earned_cap"])
    table["earned_points"] = table["earned_points"].where(is_scored)
    table["deduction_points"] = table["taken"].fillna(0.0).where(is_scored)
    total = table["base_points"] + table["earned_points"] + table["deduction_points"]
    most = table["member_base_points"] + table["member_earned_cap"]
    table["total_points"] = total.clip(lower=table["month_floor_points"], upper=most)
    missed = reading.tables[ATTENDANCES]
    missed = missed[missed["presence"] == EXCUSED]
    table["excused_count"] = _counts(table, missed["member"], expressions.months(missed, "held_on"))
    vetoing = months_by_measure(bureau.rules, table["month"].unique(), is_veto_of_members)
    vetoed: set[tuple[str, int]] = set()
    for name, own in vetoing.items():
        in_effect = [month.ordinal for month in own]
        vetoed |= selections[name].only(np.isin(selections[name].month, in_effect)).pairs()
    places = zip(table["member"], month_numbers(table["month"]).tolist(), strict=True)
    table["has_veto"] = np.array([place in vetoed for place in places], dtype=np.bool_)
    return table.sort_values(["month", "party_group", "member"], ignore_index=True)


def _score_item(
    rule: Rule, amounts: FloatArray, cell: IntArray, cells: IntArray, is_known: BoolArray
) -> dict[str, "npt.NDArray[np.float64 | np.object_]"]:
    """Score one item for the member months ``cells``: value, state, points before and after the cap; a known month
    without an entry counts 0.

    ``cell`` holds the member month of every one of ``amounts``, -1 for none.
    """
    counted = band_points(rule, amounts) if rule.scheme == EACH_BAND else amounts
    sums = pd.DataFrame({"amount": amounts, "counted": counted})[cell >= 0].groupby(cell[cell >= 0]).sum()
    own = sums.reindex(cells)
    has_entries = own["amount"].notna().to_numpy()
    value = own["counted"].fillna(0.0).to_numpy()
    uncapped = earned_points(rule, value, np.full(len(own), np.nan))
    return {
        "value": np.where(has_entries | is_known, own["amount"].fillna(0.0), np.nan),
        "state": np.where(has_entries | is_known, SCORED, NOT_SUBMITTED).astype(object),
        "uncapped_points": uncapped,
        "capped_points": cap_month(uncapped, rule.cap_month),
    }


def _stacked(
    member_months: pd.DataFrame,
    placed: Sequence[tuple[Rule, IntArray]],
    scored: Sequence[Mapping[str, "npt.NDArray[np.float64 | np.object_]"]],
) -> pd.DataFrame:
    """Return the scored items in one table, in the order of member, month and item; there may be none."""
    nothing = {**dict.fromkeys(("value", "uncapped_points", "capped_points"), float), "state": object}
    counts = [len(cells) for _, cells in placed]
    cell = np.concatenate([*(cells for _, cells in placed), np.empty(0, dtype=np.int64)])
    own = member_months.take(cell)
    columns: dict[str, object] = {
        **{name: own[name].array for name in ("member", "month", "party_group")},
        "cell": cell,
        **stack_rules([rule for rule, _ in placed], counts),
        **{
            name: np.concatenate([*(part[name] for part in scored), np.empty(0, kind)])
            for name, kind in nothing.items()
        },
    }
    items = pd.DataFrame(columns)
    order = np.lexsort((pd.factorize(items["item"], sort=True)[0], cell))
    return items.take(order).reset_index(drop=True)


def _member_versions(rules: Sequence[Rule], months: "pd.Series[pd.Period]") -> ObjectArray:
    """Return the version that each month is scored under; "" where it has no item for members."""
    by_rules = months_by_rules(rules, months.unique())
    versions = {
        month.ordinal: in_effect[0].version if member_rules(in_effect) else ""
        for in_effect, own in by_rules.items()
        for month in own
    }
    return np.fromiter((versions.get(month, "") for month in month_numbers(months).tolist()), dtype=object)


def _counts(table: pd.DataFrame, members: "pd.Series[str]", months: IntArray) -> IntArray:
    """Return how many of the entries, each of a member and month, fall on every row of ``table``."""
    count_of = Counter(zip(members, months.tolist(), strict=True))
    places = zip(table["member"], month_numbers(table["month"]).tolist(), strict=True)
    return np.array([count_of[place] for place in places], dtype=np.int64)


def _covered(reading: Reading, catalog: Catalog, member_months: pd.DataFrame) -> dict[str, "pd.Series[bool]"]:
    """Return, for each table that a member rule measures, which member months its workbooks cover."""
    tables = {catalog.measures[rule.measure].table for rule in member_rules(reading.bureau.rules)}
    covered = covered_rows(reading, catalog, member_months, tables)
    kept = attendance_is_kept(reading.tables["activities"])
    known: dict[object, int] = {}
    wanted = pair_numbers(kept["party_group"], month_numbers(kept["month"]), known)
    own = pair_numbers(member_months["party_group"], month_numbers(member_months["month"]), known)
    covered[ATTENDANCES] = pd.Series(np.isin(own, wanted), index=member_months.index)
    return covered


def is_veto_of_members(rule: Rule) -> bool:
    """Tell whether an entry under a rule takes a member's stars."""
    return rule.scheme == VETO and rule.scope != "group"
