"""Members' months: base, what was earned and taken away, who was there long enough, and who was on leave."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipeline.catalog import Catalog, Rule
from pipeline.ingest.bureau import Reading
from pipeline.points.attendance import EXCUSED, attendance_is_kept, leave_days
from pipeline.points.corrections import apply_corrections
from pipeline.points.measures import MEMBER_KEY, NOT_SUBMITTED, Selection, covered_rows
from pipeline.points.schemes import (
    EACH_BAND,
    VETO,
    band_points,
    cap_month,
    cap_quarter,
    earned_points,
    months_by_measure,
    months_by_rules,
    points_range,
    rules_in_effect,
)
from pipeline.points.stays import days_by_member_month, group_on_day

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
    in_effect = {month: rules_in_effect(bureau.rules, month) for month in months}
    versions = {month: rules[0].version for month, rules in in_effect.items() if member_rules(rules)}
    table = table[table["month"].isin(list(versions))].reset_index(drop=True)
    table["version"] = table["month"].map(versions).astype("object")
    days = leave_days(reading.tables["leaves"], catalog)
    days = days[group_on_day(reading.tables["memberships"], days["member"], days["day"]).notna()]
    on_leave = days.groupby(["member", days["day"].dt.to_period("M").rename("month")]).size().rename("leave_days_d")
    table = table.merge(on_leave.reset_index(), on=MEMBER_KEY, how="left")
    table["leave_days_d"] = table["leave_days_d"].fillna(0).astype("int64")
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
    scored = []
    by_rules = months_by_rules(reading.bureau.rules, member_months["month"].unique())
    for rules, months in by_rules.items():
        own = member_months[member_months["month"].isin(months)]
        for rule in member_rules(rules):
            known = covered[catalog.measures[rule.measure].table][own.index]
            scored.append(_score_item(rule, own, selections[rule.measure], known))
    items = pd.concat(scored, ignore_index=True) if scored else _no_items(member_months)
    items["capped_points"], applied = apply_corrections(items, corrections, "member")
    items["points"] = cap_quarter(items, "member")
    return items.sort_values([*MEMBER_KEY, "item"], ignore_index=True), applied


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
    sums = positive.groupby(MEMBER_KEY)[["earned", "taken"]].sum().reset_index()
    table = table.merge(sums, on=MEMBER_KEY, how="left")
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
    table = table.merge(_excused(reading), on=MEMBER_KEY, how="left")
    table["excused_count"] = table["excused_count"].fillna(0).astype("int64")
    vetoing = months_by_measure(bureau.rules, table["month"].unique(), is_veto_of_members)
    entries = [selections[name].rows for name in vetoing]
    own = [rows[rows["month"].isin(vetoing[name])] for name, rows in zip(vetoing, entries, strict=True)]
    vetoes = pd.concat(own or [_no_rows()])
    vetoed = pd.MultiIndex.from_frame(vetoes[MEMBER_KEY].astype({"member": "object"}))
    table["has_veto"] = pd.MultiIndex.from_frame(table[MEMBER_KEY].astype({"member": "object"})).isin(vetoed)
    return table.sort_values(["month", "party_group", "member"], ignore_index=True)


def _score_item(
    rule: Rule, member_months: pd.DataFrame, selection: Selection, known: "pd.Series[bool]"
) -> pd.DataFrame:
    """Score one item for every member month; a known month without an entry counts 0."""
    rows = selection.rows
    amounts = rows["amount"].to_numpy(dtype=float)
    counted = band_points(rule, amounts) if rule.scheme == EACH_BAND else amounts
    keys = [rows["member"].to_numpy(dtype=object), rows["month"].array]
    sums = pd.DataFrame({"amount": amounts, "counted": counted}).groupby(keys).sum()
    index = pd.MultiIndex.from_arrays([member_months["member"].to_numpy(dtype=object), member_months["month"].array])
    own = sums.reindex(index)
    has_entries = own["amount"].notna().to_numpy()
    is_known = has_entries | known.to_numpy()
    value = own["counted"].fillna(0.0).to_numpy()
    uncapped = earned_points(rule, value, np.full(len(own), np.nan))
    least, most = points_range(rule)
    columns: dict[str, object] = {
        "member": member_months["member"].to_numpy(dtype=object),
        "month": member_months["month"].array,
        "party_group": member_months["party_group"].to_numpy(dtype=object),
        "rule_version": rule.version,
        "category": rule.category,
        "item": rule.item,
        "value": np.where(is_known, own["amount"].fillna(0.0), np.nan),
        "state": np.where(is_known, SCORED, NOT_SUBMITTED).astype(object),
        "uncapped_points": uncapped,
        "capped_points": cap_month(uncapped, rule.cap_month),
        "cap_quarter": np.nan if rule.cap_quarter is None else rule.cap_quarter,
        "least_points": least,
        "most_points": most,
    }
    return pd.DataFrame(columns)


def _covered(reading: Reading, catalog: Catalog, member_months: pd.DataFrame) -> dict[str, "pd.Series[bool]"]:
    """Return, for each table that a member rule measures, which member months its workbooks cover."""
    tables = {catalog.measures[rule.measure].table for rule in member_rules(reading.bureau.rules)}
    covered = covered_rows(reading, catalog, member_months, tables)
    kept = attendance_is_kept(reading.tables["activities"])
    own = pd.MultiIndex.from_frame(member_months[["party_group", "month"]].astype({"party_group": "object"}))
    is_kept = own.isin(pd.MultiIndex.from_frame(kept.astype({"party_group": "object"})))
    covered[ATTENDANCES] = pd.Series(is_kept, index=member_months.index)
    return covered


def _excused(reading: Reading) -> pd.DataFrame:
    """Return how many meetings each member missed on approved leave, by month."""
    attendances = reading.tables[ATTENDANCES]
    rows = attendances[attendances["presence"] == EXCUSED]
    months = rows["held_on"].dt.to_period("M").rename("month")
    return rows.groupby([rows["member"], months]).size().rename("excused_count").reset_index()


def is_veto_of_members(rule: Rule) -> bool:
    """Tell whether an entry under a rule takes a member's stars."""
    return rule.scheme == VETO and rule.scope != "group"


def _no_rows() -> pd.DataFrame:
    return pd.DataFrame({"member": pd.Series(dtype="object"), "month": pd.Series(dtype="period[M]")})


def _no_items(member_months: pd.DataFrame) -> pd.DataFrame:
    """Return no item at all, with every column: a rule book may have none for members."""
    texts = dict.fromkeys(("rule_version", "category", "item", "state"), "object")
    numbers = ("value", "uncapped_points", "capped_points", "cap_quarter", "least_points", "most_points")
    columns = {**texts, **dict.fromkeys(numbers, "float64")}
    empty = member_months.iloc[:0][["member", "month", "party_group"]]
    return empty.assign(**{name: pd.Series(dtype=dtype) for name, dtype in columns.items()})
