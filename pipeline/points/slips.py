"""Slips of the pen: what may have been counted wrongly where a printed category differs from the recomputed one.

Every candidate says which items it touches and how many points more (or fewer) than the rule book it would print. What
may go wrong follows from the scheme of a rule; no item is named here. The simplest candidate that explains the
difference in every printed column is taken; it is an explanation that fits, not a proof.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.catalog import Rule
from pipeline.points.schemes import earned_points
from pipeline.points.scoring import ZEROED

MOST_STEPS = 5  # [D] a clerk who miscounts is off by a few, not by dozens
CENT = 0.01  # columns that are rounded so that they add up may each be off by a cent
CLOSE = 0.5  # the closest slip is named only where it leaves less than half of a difference

# What makes a slip likelier than another that fits as well [D]: first what a record speaks for, then a slip of one step
RECORDED, ONE_STEP, WHOLE_ITEM, UNLIKELY, EACH_STEP = 0.5, 1.0, 1.2, 1.6, 0.5


@dataclass(frozen=True)
class Slip:
    """One way to print something else than the rule book gives.

    ``items`` says what happened in codes and numbers ("B1 +1", "A2 6→4"); ``changes`` maps an item, or a printed
    column, to the points that are printed too many; ``cost`` orders slips from simple to far-fetched.
    """

    code: str
    items: str
    changes: Mapping[str, float]
    cost: float


@dataclass(frozen=True)
class Explained:
    """What explains a difference: the code of the slip, what it touched, and how many points follow from it."""

    code: str
    items: str
    points: float


UNEXPLAINED = "unexplained"


def explain(
    observed: Mapping[str, float],
    column_of: Mapping[str, str],
    slips: Sequence[Slip],
    further: Callable[[], Sequence[Slip]],
) -> Explained:
    """Return the simplest explanation of ``observed``, the points printed too many by column.

    ``column_of`` maps an item to its printed column. Tried are single slips, then the ``further`` ones (which take
    longer to find), then two items at once; else the difference is unexplained, beside the closest single slip.
    """
    wanted = np.array(list(observed.values()))
    singles = _by_cost(slips)
    effects = _effects(singles, list(observed), column_of)
    found = _first_fit(singles, effects, wanted)
    if found is None:
        later = _by_cost(further())
        found = _first_fit(later, _effects(later, list(observed), column_of), wanted)
    if found is not None:
        return Explained(found.code, found.items, float(wanted.sum()))
    pair = _simplest_pair(singles, effects, wanted)
    if pair is not None:
        return Explained("pair", "; ".join(sorted(slip.items for slip in pair)), float(wanted.sum()))
    return Explained(UNEXPLAINED, _closest(singles, effects, wanted), 0.0)


def list_slips(
    rows: pd.DataFrame, rules: Mapping[str, Rule], entries: Mapping[str, Sequence[float]], *, is_weighted: bool
) -> list[Slip]:
    """Return the candidates for one group, month and category.

    ``rows`` are the scored items of the category (`scoring.score_items` after rescaling) with ``points_before``, their
    points without the corrections, and ``numerator`` and ``denominator`` of what they measure; ``rules`` the rules in
    effect; ``entries`` the amounts of single ledger rows of the items that add up entries.
    """
    slips = _correction_slips(rows)
    for item in _counted(rows, rules, is_weighted=is_weighted):
        slips += _item_slips(item, entries.get(item.rule.item, ()))
    return [*slips, *(_rescaling_slips(rows) if is_weighted else ())]


def version_slip(version: str, rows: pd.DataFrame, others: "pd.Series[float]") -> Slip:
    """Return the slip of scoring a category under another version, whose points by item are ``others``."""
    own = rows.set_index("item")["points"].fillna(0.0)
    return Slip("other_version", version, by_item(others.fillna(0.0).sub(own, fill_value=0.0)), WHOLE_ITEM)


def by_item(changes: "pd.Series[float]") -> dict[str, float]:
    """Return a series of points, indexed by item or printed column, as the changes of a slip."""
    return {str(name): float(change) for name, change in changes.items()}


@dataclass(frozen=True)
class _Counted:
    """One item as it was counted; points are those before rescaling, ``scale`` is the factor of the rescaling."""

    rule: Rule
    state: str
    value: float
    target: float
    numerator: float
    denominator: float
    uncapped: float
    capped: float
    most: float
    scale: float
    is_weighted: bool


def _counted(rows: pd.DataFrame, rules: Mapping[str, Rule], *, is_weighted: bool) -> Iterator[_Counted]:
    """Yield the items that were counted; of one that is left out nothing can be miscounted."""
    names = ("value", "target", "numerator", "denominator", "uncapped_points", "capped_points", "rule_points")
    numbers = rows[[*names, "full_points"]].to_numpy(dtype=float)
    for item, state, own in zip(rows["item"], rows["state"], numbers, strict=True):
        value, target, numerator, denominator, uncapped, capped, most, full = map(float, own)
        if not np.isnan(capped):
            scale = full / most if is_weighted and most else 1.0
            yield _Counted(
                rules[item], state, value, target, numerator, denominator, uncapped, capped, most, scale, is_weighted
            )


def _item_slips(item: _Counted, entries: Sequence[float]) -> Iterator[Slip]:
    """Yield what may have gone wrong with one counted item."""
    name = item.rule.item
    for code, text, points, cost in _alternatives(item, entries):
        change = (points - item.capped) * item.scale
        if abs(change) > CENT:
            shown = text or f"{item.capped:.4g}→{points:.4g}"
            yield Slip(code, f"{name} {shown}", {name: change}, cost)


Alternative = tuple[str, str, float, float]  # code, text ("" for the change of points), points before rescaling, cost


def _alternatives(item: _Counted, entries: Sequence[float]) -> Iterator[Alternative]:
    rule = item.rule
    if item.state == ZEROED:
        yield "falsified_not_zeroed", "", _capped(rule, _points(rule, item.value, item.target)), RECORDED
        return
    yield from _by_scheme(item, entries)
    if _capped(rule, item.uncapped) != item.uncapped:
        yield "cap_ignored", "", item.uncapped, ONE_STEP
    if rule.cap_quarter is not None:
        yield "quarter_cap_ignored", "", _capped(rule, item.uncapped), ONE_STEP
    yield "forgotten", "", 0.0, WHOLE_ITEM
    if item.is_weighted and item.most > item.capped:
        yield "given_in_full", "", item.most, UNLIKELY


def _by_scheme(item: _Counted, entries: Sequence[float]) -> Iterator[Alternative]:
    """Yield the slips that only a rule of this scheme allows."""
    rule = item.rule
    if rule.scheme == "each":
        yield from _miscounted(item)
    elif rule.scheme == "sum":
        for amount in entries:
            yield "entry_left_out", signed(-amount), _capped(rule, item.value - amount), ONE_STEP
            yield "entry_twice", signed(amount), _capped(rule, item.value + amount), ONE_STEP + EACH_STEP
    elif rule.scheme == "bands":
        bands = [*(points for _, points in rule.bands), 0.0]
        here = bands.index(item.uncapped) if item.uncapped in bands else 0
        for place, points in enumerate(bands):
            yield "other_band", "", _capped(rule, points), ONE_STEP + EACH_STEP * (abs(place - here) - 1)
    elif rule.scheme == "rate" and item.denominator > 0:
        yield from _misjudged(item)
    elif rule.scheme == "attain" and item.target > 0:
        yield "cap_ignored", "", _points(rule, item.target, item.target) * item.value / item.target, ONE_STEP


def _miscounted(item: _Counted) -> Iterator[Alternative]:
    """Yield a few awards too many and too few; of bonuses and deductions they are entries of their own."""
    more, fewer = ("counted_too_many", "counted_too_few") if item.is_weighted else ("entry_twice", "entry_left_out")
    value = 0.0 if np.isnan(item.value) else item.value
    for step in range(1, MOST_STEPS + 1):
        cost = ONE_STEP + EACH_STEP * (step - 1)
        yield more, signed(step), _capped(item.rule, _points(item.rule, value + step)), cost
        if value >= step:
            yield fewer, signed(-step), _capped(item.rule, _points(item.rule, value - step)), cost


def _misjudged(item: _Counted) -> Iterator[Alternative]:
    """Yield a few cases counted as on time that were not, and the other way round."""
    counted, due = item.numerator, item.denominator
    for step in (*range(-MOST_STEPS, 0), *range(1, MOST_STEPS + 1)):
        if 0 <= counted + step <= due:
            text = f"{counted:g}/{due:g}→{counted + step:g}/{due:g}"
            points = _points(item.rule, 100.0 * (counted + step) / due)
            yield "misjudged", text, points, ONE_STEP + EACH_STEP * (abs(step) - 1)


def signed(number: float, digits: str = ".4g") -> str:
    """Return a number with its sign, a true minus, for the lists of what is concerned."""
    return f"{number:+{digits}}".replace("-", "−")


def _points(rule: Rule, value: float, target: float = np.nan) -> float:
    return float(earned_points(rule, np.array([value]), np.array([target]))[0])


def _capped(rule: Rule, points: float) -> float:
    cap = rule.cap_month
    if cap is None:
        return points
    return min(points, cap) if cap >= 0 else max(points, cap)


def _correction_slips(rows: pd.DataFrame) -> list[Slip]:
    """Return the slip of not having taken over the corrections: all of the category's, and each item's alone."""
    changes = (rows["points_before"] - rows["points"]).set_axis(rows["item"])
    corrected = changes[changes.abs() > CENT]
    if corrected.empty:
        return []
    alone = [corrected[[item]] for item in corrected.index if len(corrected) > 1]
    return [_not_corrected(corrected, RECORDED), *(_not_corrected(own, RECORDED + CENT) for own in alone)]


def _not_corrected(changes: "pd.Series[float]", cost: float) -> Slip:
    own = by_item(changes)
    items = "; ".join(f"{item} {signed(change)}" for item, change in own.items())
    return Slip("correction_missing", items, own, cost)


def _rescaling_slips(rows: pd.DataFrame) -> Iterator[Slip]:
    """Yield what may have gone wrong with the rescaling (折算) of a category with a weight."""
    counted = rows["capped_points"].notna()
    full, available = rows["rule_points"].sum(), rows.loc[counted, "rule_points"].sum()
    if available <= 0:
        return
    capped = rows["capped_points"].fillna(0.0).set_axis(rows["item"])
    points, weight = rows["points"].fillna(0.0).set_axis(rows["item"]), float(rows["weight_factor"].iloc[0])

    def slip(code: str, items: str, base: float, own: "pd.Series[float]", cost: float) -> Slip:
        return Slip(code, items, by_item(own * weight * full / base - points), cost)

    if not counted.all():
        yield slip("rescale_omitted", str(rows["category"].iloc[0]), full, capped, ONE_STEP)
    for item, most, points_of_item in zip(rows["item"], rows["rule_points"], rows["capped_points"], strict=True):
        if np.isnan(points_of_item):
            yield slip("left_out_as_zero", f"{item} 0", available + most, capped, WHOLE_ITEM)
            in_full = capped.mask(capped.index == item, most)
            yield slip("left_out_in_full", f"{item} {most:.4g}", available + most, in_full, WHOLE_ITEM)
        elif points_of_item == 0 and 0 < most < available:
            yield slip("zero_left_out", item, available - most, capped, UNLIKELY)


def _by_cost(slips: Iterable[Slip]) -> list[Slip]:
    return sorted(slips, key=lambda slip: (slip.cost, slip.items, slip.code))


def _effects(slips: Sequence[Slip], columns: list[str], column_of: Mapping[str, str]) -> np.ndarray:
    """Return what each slip (row) adds to each printed column."""
    effects = np.zeros((len(slips), len(columns)))
    for place, slip in enumerate(slips):
        for name, change in slip.changes.items():
            effects[place, columns.index(column_of.get(name, name))] += change
    return effects


def _first_fit(slips: Sequence[Slip], effects: np.ndarray, wanted: np.ndarray) -> Slip | None:
    fits = (np.abs(effects - wanted) <= CENT + 1e-9).all(axis=1)
    return slips[int(fits.argmax())] if fits.any() else None


def _simplest_pair(slips: Sequence[Slip], effects: np.ndarray, wanted: np.ndarray) -> tuple[Slip, Slip] | None:
    """Return the two slips of different items that together explain the difference, at the least cost."""
    if not slips:
        return None
    rest = np.abs(wanted - effects[:, None, :] - effects[None, :, :]).max(axis=2)
    pairs = [
        (slips[one].cost + slips[other].cost, one, other)
        for one, other in np.argwhere(rest <= CENT + 1e-9)
        if one < other and not slips[one].changes.keys() & slips[other].changes.keys()
    ]
    if not pairs:
        return None
    _, one, other = min(pairs)
    return slips[one], slips[other]


def _closest(slips: Sequence[Slip], effects: np.ndarray, wanted: np.ndarray) -> str:
    """Return the slip that leaves the least; "" where even that leaves half of the difference or more."""
    if not slips:
        return ""
    rest = np.abs(effects - wanted).sum(axis=1)
    best = int(rest.argmin())
    return slips[best].items if rest[best] < CLOSE * np.abs(wanted).sum() else ""
