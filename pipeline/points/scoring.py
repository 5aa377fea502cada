"""Points per item of groups: the rule book applied to measures. No item is named here; the rules are data."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.catalog import Catalog, Rule
from pipeline.ingest.bureau import Bureau, Reading
from pipeline.points.corrections import apply_corrections
from pipeline.points.keys import IntArray, ObjectArray, month_numbers, months_of, texts_of
from pipeline.points.measures import ABOUT, KNOWN, NO_BASE, NOT_SUBMITTED, MonthlyMeasures, Selection
from pipeline.points.schemes import (
    VETO,
    cap_month,
    cap_quarter,
    earned_points,
    full_points,
    months_by_measure,
    months_by_rules,
    rules_in_effect,
    stack_rules,
)

FloatArray = npt.NDArray[np.float64]

SCORED, NOT_ATTRIBUTED, ZEROED = "scored", "not_attributed", "zeroed"

__all__ = ["NOT_ATTRIBUTED", "SCORED", "ZEROED", "correct_items", "group_rules", "rules_in_effect", "score_items"]


def group_rules(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Return the rules that give points to groups."""
    return tuple(rule for rule in rules if rule.scope != "member" and rule.scheme != VETO)


def score_items(
    measures: MonthlyMeasures, reading: Reading, catalog: Catalog, selections: Mapping[str, Selection]
) -> pd.DataFrame:
    """Return ``points_by_group_month_item`` before corrections and rescaling, a row per group, month and item in
    effect.

    More columns serve the totals: the measure of the item, its full points before rescaling, its caps and its range,
    whether it counts among the process points (process category, not derived from a metric), and by what its category
    is multiplied where the rule book states a weight that is not the sum of its items. ``cell`` numbers the groups and
    months in their order, ``part`` those and the category.

    ``state`` says why an item is left out (``points`` missing): not attributed to the group, nothing due (``no_base``),
    or not submitted. In a category that earns points by records, what was not submitted scores 0 and keeps its state.
    An item whose record was falsified is ``zeroed``.
    """
    bureau, grid = reading.bureau, measures.grid
    groups, months = texts_of(grid["party_group"]), month_numbers(grid["month"])
    placed: list[tuple[Rule, IntArray]] = []
    scored, factors = [], []
    for rules, own in months_by_rules(bureau.rules, grid["month"].unique()).items():
        cells = np.flatnonzero(np.isin(months, [month.ordinal for month in own]))
        factor_of = _weight_factors(rules, bureau)
        for rule in group_rules(rules):
            placed.append((rule, cells))
            scored.append(_score_item(rule, measures, cells, groups, bureau, catalog))
            factors.append(factor_of.get(rule.category, 1.0))
    cell = np.concatenate([cells for _, cells in placed])
    counts = [len(cells) for _, cells in placed]
    is_process = [catalog.categories[rule.category].is_process and not rule.metric for rule, _ in placed]
    categories = {name: number for number, name in enumerate(sorted({rule.category for rule, _ in placed}))}
    columns: dict[str, object] = {
        "party_group": groups[cell],
        "month": months_of(months[cell]),
        **{name: np.concatenate([own[name] for own in scored]) for name in scored[0]},
        **stack_rules([rule for rule, _ in placed], counts),
        "is_process": np.repeat(is_process, counts),
        "weight_factor": np.repeat(factors, counts),
        "cell": cell,
        "part": cell * len(categories) + np.repeat([categories[rule.category] for rule, _ in placed], counts),
    }
    items = pd.DataFrame(columns)
    order = np.lexsort((pd.factorize(items["item"], sort=True)[0], cell))
    return _zero_falsified(items.take(order).reset_index(drop=True), reading, selections)


def correct_items(items: pd.DataFrame, corrections: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return ``items`` after the corrections and then the caps of a quarter, and the corrections as applied."""
    capped, applied = apply_corrections(items, corrections, "party_group")
    corrected = items.assign(capped_points=capped)
    return corrected.assign(capped_points=cap_quarter(corrected, "party_group")), applied


def _score_item(
    rule: Rule, measures: MonthlyMeasures, cells: IntArray, groups: ObjectArray, bureau: Bureau, catalog: Catalog
) -> dict[str, "npt.NDArray[np.float64 | np.object_]"]:
    """Score one item for the rows ``cells`` of the grid: value, target, state, points before and after the cap."""
    values, states = measures.value[rule.measure][cells], measures.state[rule.measure][cells]
    targets = np.full(len(cells), np.nan)
    if rule.target:
        targets = measures.value[rule.target][cells]
        of_target = np.where(targets == 0, NO_BASE, measures.state[rule.target][cells])
        states = np.where(states == KNOWN, of_target, states)
    states = np.where(states == KNOWN, SCORED, states)
    if rule.metric:
        owners = {group for group in bureau.groups if bureau.owns(group, rule.metric)}
        is_owner = np.array([group in owners for group in groups[cells]], dtype=np.bool_)
        states = np.where(is_owner, states, NOT_ATTRIBUTED)
    is_zero = states == NO_BASE if rule.when_no_base == "zero" else np.zeros(len(states), bool)
    if catalog.categories[rule.category].when_missing == "zero":
        is_zero = is_zero | (states == NOT_SUBMITTED)
    uncapped = np.select([states == SCORED, is_zero], [earned_points(rule, values, targets), 0.0], np.nan)
    capped = cap_month(uncapped, rule.cap_month)
    return {"value": values, "target": targets, "state": states, "uncapped_points": uncapped, "capped_points": capped}


def _weight_factors(rules: tuple[Rule, ...], bureau: Bureau) -> dict[str, float]:
    """Return by what each category is multiplied: its stated weight over the full points of its items, else 1."""
    full: dict[str, float] = {}
    for rule in group_rules(rules):
        full[rule.category] = full.get(rule.category, 0.0) + full_points(rule)
    stated = bureau.weights_of(rules[0].version, "category_weight")
    return {category: stated[category] / points for category, points in full.items() if category in stated and points}


def _zero_falsified(items: pd.DataFrame, reading: Reading, selections: Mapping[str, Selection]) -> pd.DataFrame:
    """Let an item earn nothing in a month in which an entry under a rule that zeroes items says it was falsified."""
    zeroing = months_by_measure(reading.bureau.rules, items["month"].unique(), lambda rule: rule.zeroes_item)
    falsified: set[tuple[str, int, str]] = set()
    for name, months in zeroing.items():
        if name in selections:
            falsified |= _named(selections[name], months, reading)
    if not falsified:
        return items
    places = zip(items["party_group"], month_numbers(items["month"]).tolist(), items["item"], strict=True)
    is_named = np.array([place in falsified for place in places], dtype=np.bool_)
    zeroed = is_named & items["capped_points"].notna().to_numpy()
    result = items.copy()
    result.loc[zeroed, "state"] = ZEROED
    result.loc[zeroed, ["uncapped_points", "capped_points"]] = 0.0
    return result


def _named(entries: Selection, months: Sequence[pd.Period], reading: Reading) -> set[tuple[str, int, str]]:
    """Return group, month and item of the entries of ``months`` that name an item."""
    frame, in_effect = reading.tables[entries.table], {month.ordinal for month in months}
    if ABOUT not in frame:
        return set()
    about = texts_of(frame[ABOUT].iloc[entries.place])
    rows = zip(entries.subject.tolist(), entries.month.tolist(), about.tolist(), strict=True)
    return {row for row in rows if row[1] in in_effect and pd.notna(row[2])}
