"""Points per item: the rule book applied to measures. No item is named here; the rules are data."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from pipeline.catalog import Catalog, Rule
from pipeline.ingest.bureau import Bureau
from pipeline.points.measures import KEY, KNOWN, NO_BASE, NOT_SUBMITTED

RULE_COLUMNS = ["rule_points", "cap_quarter", "is_process"]
SCORED, NOT_ATTRIBUTED = "scored", "not_attributed"


def rules_in_effect(rules: Iterable[Rule], month: pd.Period) -> tuple[Rule, ...]:
    """Return the rules of the version with the latest effective month not after ``month``; none before the first.

    Of two rows for one item of a version the one that begins later counts, from its month on.
    """
    begun = sorted((rule for rule in rules if pd.Period(rule.effective_month, "M") <= month), key=_begins)
    by_item = {rule.item: rule for rule in begun if rule.version == begun[-1].version}
    return tuple(by_item.values())


def _begins(rule: Rule) -> pd.Period:
    return pd.Period(rule.effective_month, "M")


def full_points(rule: Rule) -> float:
    """Return the most that an item can earn in a month: its cap, else its points or its best band."""
    if rule.cap_month is not None and rule.cap_month > 0:
        return rule.cap_month
    best_band = max((points for _, points in rule.bands), default=0.0)
    return max(rule.points or 0.0, best_band)


def score_items(measures: pd.DataFrame, bureau: Bureau, catalog: Catalog) -> pd.DataFrame:
    """Return ``points_by_group_month_item`` before rescaling, a row per group, month and item in effect.

    Three more columns (``RULE_COLUMNS``) serve the totals: the item's full points before rescaling, its quarter cap,
    and whether it counts among the process points (process category, not derived from a metric).

    ``state`` says why an item is left out (``points`` missing): not attributed to the group, nothing due (``no_base``),
    or not submitted. In a category that earns points by records, what was not submitted scores 0 and keeps its state.
    """
    wide_value = measures.pivot(index=KEY, columns="measure", values="value")
    wide_state = measures.pivot(index=KEY, columns="measure", values="state")
    scored = []
    for rules, months in _months_by_rules(wide_value, bureau).items():
        chosen = wide_value.index.get_level_values("month").isin(months)
        for rule in rules:
            scored.append(_score_item(rule, wide_value[chosen], wide_state[chosen], bureau, catalog))
    items = pd.concat(scored, ignore_index=True)
    items["capped_points"] = _cap_quarter(items)
    return items.sort_values([*KEY, "item"], ignore_index=True)


def _months_by_rules(wide: pd.DataFrame, bureau: Bureau) -> dict[tuple[Rule, ...], list[pd.Period]]:
    """Group the months by the rules in effect; a rule may begin later than the rest of its version."""
    found: dict[tuple[Rule, ...], list[pd.Period]] = {}
    for month in wide.index.get_level_values("month").unique():
        rules = rules_in_effect(bureau.rules, month)
        if rules:
            found.setdefault(rules, []).append(month)
    return found


def _score_item(rule: Rule, value: pd.DataFrame, state: pd.DataFrame, bureau: Bureau, catalog: Catalog) -> pd.DataFrame:
    """Score one item for every group and month of ``value``."""
    item = value.index.to_frame(index=False)
    item["rule_version"], item["category"], item["item"] = rule.version, rule.category, rule.item
    item["value"] = value[rule.measure].to_numpy()
    item["target"] = value[rule.target].to_numpy() if rule.target else np.nan
    states = state[rule.measure].to_numpy(dtype=object)
    if rule.target:
        states = np.where(states == KNOWN, state[rule.target].to_numpy(dtype=object), states)
    states = np.where(states == KNOWN, SCORED, states)
    if rule.metric:
        owned = item["party_group"].map(
            {group: bureau.owns(group, rule.metric) for group in item["party_group"].unique()}
        )
        states = np.where(owned.astype(bool), states, NOT_ATTRIBUTED)
    points = _earned(rule, item["value"].to_numpy(dtype=float), item["target"].to_numpy(dtype=float))
    zeroed = (
        states == NOT_SUBMITTED
        if catalog.categories[rule.category].when_missing == "zero"
        else np.zeros(len(item), bool)
    )
    if rule.when_no_base == "zero":
        zeroed = zeroed | (states == NO_BASE)
    item["state"] = states
    item["uncapped_points"] = np.select([states == SCORED, zeroed], [points, 0.0], np.nan)
    item["capped_points"] = _cap(item["uncapped_points"], rule.cap_month)
    item["rule_points"] = full_points(rule)
    item["cap_quarter"] = rule.cap_quarter if rule.cap_quarter is not None else np.nan
    item["is_process"] = catalog.categories[rule.category].is_process and not rule.metric
    return item


def _earned(rule: Rule, value: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return the points before caps by the rule's scheme; missing where the value is."""
    points = rule.points if rule.points is not None else 1.0
    if rule.scheme == "each":
        return points * value
    if rule.scheme == "sum":
        return value
    if rule.scheme == "rate":
        return points * np.clip(value / 100.0, 0.0, 1.0)
    if rule.scheme == "attain":
        with np.errstate(divide="ignore", invalid="ignore"):
            return points * np.clip(np.where(target > 0, value / target, np.nan), 0.0, 1.0)
    # bands: half-open [threshold, next), highest first, so that no value falls between two
    met = [value >= threshold for threshold, _ in rule.bands]
    return np.where(np.isnan(value), np.nan, np.select(met, [points for _, points in rule.bands], 0.0))


def _cap(points: "pd.Series[float]", cap: float | None) -> "pd.Series[float]":
    """Bound points by a cap; a negative cap bounds a deduction from below."""
    if cap is None:
        return points
    return points.clip(upper=cap) if cap >= 0 else points.clip(lower=cap)


def _cap_quarter(items: pd.DataFrame) -> "pd.Series[float]":
    """Bound the running sum within a quarter, so that earlier months keep their points and later ones get the rest."""
    capped = items[items["cap_quarter"].notna()].sort_values("month")
    quarter = capped["month"].dt.asfreq("Q")
    running = capped["capped_points"].groupby([capped["party_group"], capped["item"], quarter]).cumsum()
    before = running - capped["capped_points"]
    cap = capped["cap_quarter"]
    bounded = running.clip(upper=cap) - before.clip(upper=cap)
    return bounded.reindex(items.index).where(items["cap_quarter"].notna(), items["capped_points"])
