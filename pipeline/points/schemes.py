"""How a rule turns a measured value into points. No item is named here; the rules are data."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.catalog import Rule
from pipeline.points.keys import ObjectArray, month_numbers

FloatArray = npt.NDArray[np.float64]

VETO = "veto"
EACH_BAND = "bands_each"
EXACT_DECIMALS = 9  # a sum of binary numbers is off in the 14th: a mean of 90 is no less


def rules_in_effect(rules: Iterable[Rule], month: pd.Period) -> tuple[Rule, ...]:
    """Return the rules of the version that began last, not after ``month``; none before the first.

    A version begins with the first of its rows; a row that begins later than the rest of its version counts from its
    month on, in place of an earlier row for the same item, and brings no older version back.
    """
    return _begun(rules, _written(month))


def version_in_effect(rules: Iterable[Rule], month: pd.Period) -> str:
    """Return the version that ``month`` is scored under; "" before the first."""
    found = rules_in_effect(rules, month)
    return found[0].version if found else ""


def versions_of(rules: Iterable[Rule], months: "pd.Series[pd.Period] | pd.PeriodIndex") -> ObjectArray:
    """Return the version that each of ``months`` is scored under, in their order; "" before the first."""
    listed = pd.PeriodIndex(months.unique())
    by_rules = months_by_rules(rules, listed).items()
    versions = {month.ordinal: in_effect[0].version for in_effect, own in by_rules for month in own}
    return np.fromiter((versions.get(month, "") for month in month_numbers(months).tolist()), dtype=object)


def months_by_rules(rules: Iterable[Rule], months: Iterable[pd.Period]) -> dict[tuple[Rule, ...], list[pd.Period]]:
    """Group months by the rules in effect; a rule may begin later than the rest of its version."""
    listed = tuple(rules)
    starts = sorted({rule.effective_month for rule in listed})
    by_start: dict[int, list[pd.Period]] = {}
    for month in months:
        by_start.setdefault(bisect_right(starts, _written(month)), []).append(month)
    found: dict[tuple[Rule, ...], list[pd.Period]] = {}
    for start, own in by_start.items():
        if start:
            found.setdefault(_begun(listed, starts[start - 1]), []).extend(own)
    return found


def months_by_measure(
    rules: Iterable[Rule], months: Iterable[pd.Period], chosen: Callable[[Rule], bool]
) -> dict[str, list[pd.Period]]:
    """Return, for every measure of a ``chosen`` rule, the months in which such a rule is in effect."""
    found: dict[str, list[pd.Period]] = {}
    for in_effect, own in months_by_rules(rules, months).items():
        for name in dict.fromkeys(rule.measure for rule in in_effect if chosen(rule)):
            found.setdefault(name, []).extend(own)
    return found


def _begun(rules: Iterable[Rule], month: str) -> tuple[Rule, ...]:
    """Return the rules in effect in a month as it is written, "2018-11": in that form months sort as text."""
    begun = sorted((rule for rule in rules if rule.effective_month <= month), key=lambda rule: rule.effective_month)
    starts = {rule.version: rule.effective_month for rule in reversed(begun)}
    if not starts:
        return ()
    latest = max(starts, key=starts.__getitem__)  # of two that begin together the one that is written later
    return tuple({rule.item: rule for rule in begun if rule.version == latest}.values())


def _written(month: pd.Period) -> str:
    return f"{month.year:04}-{month.month:02}"


def full_points(rule: Rule) -> float:
    """Return the most that an item can earn in a month: its cap, else its points or its best band."""
    if rule.cap_month is not None and rule.cap_month > 0:
        return rule.cap_month
    best_band = max((points for _, points in rule.bands), default=0.0)
    return max(rule.points or 0.0, best_band)


def is_deduction(rule: Rule) -> bool:
    """Tell whether a rule takes points away."""
    return (rule.points or 0.0) < 0 or (rule.cap_month or 0.0) < 0


def points_range(rule: Rule) -> tuple[float, float]:
    """Return the least and the most points of an item in a month, infinite where the rule sets no end.

    An award lies between 0 and its caps, or its best band or whole rate; a deduction between its cap and 0. A sum of
    entries may have either sign unless a cap says which.
    """
    caps = [cap for cap in (rule.cap_month, rule.cap_quarter) if cap is not None]
    if is_deduction(rule):
        return max((cap for cap in caps if cap < 0), default=-np.inf), 0.0
    if rule.scheme in ("bands", "rate", "attain"):
        caps.append(full_points(rule))
    least = -np.inf if rule.scheme == "sum" and not caps else 0.0
    return least, min((cap for cap in caps if cap >= 0), default=np.inf)


def earned_points(rule: Rule, value: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return the points before caps by the rule's scheme; missing where the value is.

    ``value`` of a scheme that bands each entry is the sum of their points already (`band_points`).
    """
    points = rule.points if rule.points is not None else 1.0
    if rule.scheme == "each":
        return points * value
    if rule.scheme in ("sum", EACH_BAND):
        return value
    if rule.scheme == "rate":
        return points * np.clip(value / 100.0, 0.0, 1.0)
    if rule.scheme == "attain":
        with np.errstate(divide="ignore", invalid="ignore"):
            return points * np.clip(np.where(target > 0, value / target, np.nan), 0.0, 1.0)
    return band_points(rule, value)


def band_points(rule: Rule, value: np.ndarray) -> np.ndarray:
    """Return the points of the band that each value falls into: half-open [threshold, next), so that none falls
    between two. What is off a threshold by the arithmetic alone stands on it.
    """
    exact = np.round(value, EXACT_DECIMALS)
    met = [exact >= threshold for threshold, _ in rule.bands]
    return np.where(np.isnan(value), np.nan, np.select(met, [points for _, points in rule.bands], 0.0))


def cap_month(points: np.ndarray, cap: float | None) -> np.ndarray:
    """Bound points by a cap; a negative cap bounds a deduction from below."""
    if cap is None:
        return points
    return np.minimum(points, cap) if cap >= 0 else np.maximum(points, cap)


def cap_quarter(items: pd.DataFrame, subject: str) -> "pd.Series[float]":
    """Bound the running sum of ``capped_points`` within a quarter by ``cap_quarter`` (negative: from below).

    Earlier months keep their points and later ones get the rest. ``subject`` names the column of groups or members.
    """
    is_capped = items["cap_quarter"].notna()
    if not is_capped.any():
        return items["capped_points"]
    capped = items[is_capped].sort_values("month")
    quarter = capped["month"].dt.asfreq("Q")
    running = capped["capped_points"].groupby([capped[subject], capped["item"], quarter]).cumsum()
    before = running - capped["capped_points"]
    cap = capped["cap_quarter"]
    above = running.clip(upper=cap) - before.clip(upper=cap)
    below = running.clip(lower=cap) - before.clip(lower=cap)
    bounded = above.where(cap >= 0, below)
    return bounded.reindex(items.index).where(is_capped, items["capped_points"])


def stack_rules(rules: Sequence[Rule], counts: Sequence[int]) -> dict[str, ObjectArray | FloatArray]:
    """Return what rules say of their items, each as often as ``counts`` has it: version, category, item, measure, full
    points, caps (missing: none) and range.
    """
    ranges = [points_range(rule) for rule in rules]
    columns: dict[str, Sequence[str | float | None]] = {
        "rule_version": [rule.version for rule in rules],
        "category": [rule.category for rule in rules],
        "item": [rule.item for rule in rules],
        "measure": [rule.measure for rule in rules],
        "rule_points": [full_points(rule) for rule in rules],
        "cap_month": [rule.cap_month for rule in rules],
        "cap_quarter": [rule.cap_quarter for rule in rules],
        "least_points": [least for least, _ in ranges],
        "most_points": [most for _, most in ranges],
    }
    texts = ("rule_version", "category", "item", "measure")
    return {
        name: np.repeat(np.array(values, dtype=object if name in texts else float), counts)
        for name, values in columns.items()
    }
