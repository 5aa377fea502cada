"""Points per item of groups: the rule book applied to measures. No item is named here; the rules are data."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipeline.catalog import Catalog, Rule
from pipeline.ingest.bureau import Bureau
from pipeline.points.corrections import apply_corrections
from pipeline.points.measures import ABOUT, KEY, KNOWN, NO_BASE, NOT_SUBMITTED, Selection
from pipeline.points.schemes import (
    VETO,
    cap_month,
    cap_quarter,
    earned_points,
    full_points,
    months_by_measure,
    months_by_rules,
    points_range,
    rules_in_effect,
)

RULE_COLUMNS = ["rule_points", "cap_month", "cap_quarter", "least_points", "most_points", "is_process", "weight_factor"]
SCORED, NOT_ATTRIBUTED, ZEROED = "scored", "not_attributed", "zeroed"

__all__ = ["NOT_ATTRIBUTED", "RULE_COLUMNS", "SCORED", "ZEROED", "group_rules", "rules_in_effect", "score_items"]


def group_rules(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Return the rules that give points to groups."""
    return tuple(rule for rule in rules if rule.scope != "member" and rule.scheme != VETO)


def score_items(
    measures: pd.DataFrame,
    bureau: Bureau,
    catalog: Catalog,
    selections: Mapping[str, Selection],
    corrections: pd.DataFrame,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return ``points_by_group_month_item`` before rescaling, a row per group, month and item in effect, and
    ``corrections`` with the points of each as applied.

    More columns (``RULE_COLUMNS``) serve the totals: the item's full points before rescaling, its caps and its range,
    whether it counts among the process points (process category, not derived from a metric), and by what its category
    is multiplied where the rule book states a weight that is not the sum of its items.

    ``state`` says why an item is left out (``points`` missing): not attributed to the group, nothing due (``no_base``),
    or not submitted. In a category that earns points by records, what was not submitted scores 0 and keeps its state.
    An item whose record was falsified is ``zeroed``.
    """
    wide_value = measures.pivot(index=KEY, columns="measure", values="value")
    wide_state = measures.pivot(index=KEY, columns="measure", values="state")
    scored = []
    months = wide_value.index.get_level_values("month")
    for rules, own in months_by_rules(bureau.rules, months.unique()).items():
        chosen = months.isin(own)
        factors = _weight_factors(rules, bureau)
        for rule in group_rules(rules):
            factor = factors.get(rule.category, 1.0)
            scored.append(_score_item(rule, wide_value[chosen], wide_state[chosen], bureau, catalog, factor))
    items = pd.concat(scored, ignore_index=True)
    items = _zero_falsified(items, bureau, selections)
    items["capped_points"], applied = apply_corrections(items, corrections, "party_group")
    items["capped_points"] = cap_quarter(items, "party_group")
    return items.sort_values([*KEY, "item"], ignore_index=True), applied


def _score_item(
    rule: Rule, value: pd.DataFrame, state: pd.DataFrame, bureau: Bureau, catalog: Catalog, weight_factor: float
) -> pd.DataFrame:
    """Score one item for every group and month of ``value``."""
    groups = value.index.get_level_values("party_group")
    values = value[rule.measure].to_numpy(dtype=float)
    targets = value[rule.target].to_numpy(dtype=float) if rule.target else np.full(len(value), np.nan)
    states = state[rule.measure].to_numpy(dtype=object)
    if rule.target:
        states = np.where(states == KNOWN, state[rule.target].to_numpy(dtype=object), states)
    states = np.where(states == KNOWN, SCORED, states)
    if rule.metric:
        owned = {group: bureau.owns(group, rule.metric) for group in groups.unique()}
        states = np.where(np.asarray(groups.map(owned), dtype=bool), states, NOT_ATTRIBUTED)
    is_zero = states == NO_BASE if rule.when_no_base == "zero" else np.zeros(len(states), bool)
    if catalog.categories[rule.category].when_missing == "zero":
        is_zero = is_zero | (states == NOT_SUBMITTED)
    uncapped = np.select([states == SCORED, is_zero], [earned_points(rule, values, targets), 0.0], np.nan)
    least, most = points_range(rule)
    columns: dict[str, object] = {
        "party_group": groups,
        "month": value.index.get_level_values("month"),
        "rule_version": rule.version,
        "category": rule.category,
        "item": rule.item,
        "value": values,
        "target": targets,
        "state": states,
        "uncapped_points": uncapped,
        "capped_points": cap_month(uncapped, rule.cap_month),
        "rule_points": full_points(rule),
        "cap_month": np.nan if rule.cap_month is None else rule.cap_month,
        "cap_quarter": np.nan if rule.cap_quarter is None else rule.cap_quarter,
        "least_points": least,
        "most_points": most,
        "is_process": catalog.categories[rule.category].is_process and not rule.metric,
        "weight_factor": weight_factor,
    }
    return pd.DataFrame(columns)


def _weight_factors(rules: tuple[Rule, ...], bureau: Bureau) -> dict[str, float]:
    """Return by what each category is multiplied: its stated weight over the full points of its items, else 1."""
    full: dict[str, float] = {}
    for rule in group_rules(rules):
        full[rule.category] = full.get(rule.category, 0.0) + full_points(rule)
    stated = bureau.weights_of(rules[0].version, "category_weight")
    return {category: stated[category] / points for category, points in full.items() if category in stated and points}


def _zero_falsified(items: pd.DataFrame, bureau: Bureau, selections: Mapping[str, Selection]) -> pd.DataFrame:
    """Let an item earn nothing in a month in which an entry under a rule that zeroes items says it was falsified."""
    zeroing = months_by_measure(bureau.rules, items["month"].unique(), lambda rule: rule.zeroes_item)
    entries = [(selections[name].rows, months) for name, months in zeroing.items() if name in selections]
    named = [rows[rows[ABOUT].notna() & rows["month"].isin(months)] for rows, months in entries if ABOUT in rows]
    if not named or not sum(map(len, named)):
        return items
    about = pd.concat(named).rename(columns={ABOUT: "zeroed_item"})[[*KEY, "zeroed_item"]].drop_duplicates()
    falsified = pd.MultiIndex.from_frame(about.astype({"party_group": "object", "zeroed_item": "object"}))
    own = pd.MultiIndex.from_frame(items[[*KEY, "item"]].astype({"party_group": "object", "item": "object"}))
    zeroed = own.isin(falsified) & items["capped_points"].notna().to_numpy()
    result = items.copy()
    result.loc[zeroed, "state"] = ZEROED
    result.loc[zeroed, ["uncapped_points", "capped_points"]] = 0.0
    return result
