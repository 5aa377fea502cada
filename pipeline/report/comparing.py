"""Two sides of a comparison: what a group did in a quarter, in numbers, and by how much such a number moves anyway.

A first quarter has January and February together (元春) and March on its own beside the whole: the Spring Festival
moves between the first two months (domain.md section 4).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot, isfinite, sqrt
from typing import Literal

import pandas as pd

from pipeline.catalog import Metric
from pipeline.periods import months_of
from pipeline.points.schemes import version_in_effect
from pipeline.report.festivals import FIRST_QUARTER, combined
from pipeline.report.library import owned_metrics
from pipeline.report.material import PageMaterial
from pipeline.report.noise import FEWEST_MONTHS, monthly_noise, noise_of_rank
from pipeline.report.table_block import is_missing
from pipeline.stats import xmr
from pipeline.stats.xmr import LIMIT_FACTOR

Kind = Literal["points", "rate", "amount", "heavy"]
State = Literal["known", "not_owned", "no_data", "nothing_due"]
TOTAL, SCORE, PROCESS = "points_mean", "quarter_score", "process_mean"
SPRING, MARCH = "spring", "march"  # the two parts of a first quarter


@dataclass(frozen=True)
class Item:
    """One row of a comparison: points or a metric; ``part`` is `SPRING` or `MARCH` of a first quarter, or "" (all)."""

    key: str
    kind: Kind
    metric: Metric | None = None
    part: str = ""

    @property
    def code(self) -> str:
        """Return the name under which a side holds its value."""
        return f"{self.key}@{self.part}" if self.part else self.key


@dataclass(frozen=True)
class Value:
    """One number of one side.

    ``noise`` is how far it must stand from a number without any noise to be clear of its months' own movement; None
    with too few months to tell. ``is_partial`` marks a sum over fewer months than it should hold.
    """

    number: float | None
    state: State = "known"
    noise: float | None = None
    is_partial: bool = False


@dataclass(frozen=True)
class Difference:
    """Left minus right. ``reason`` says why there is none: not_owned, no_data, heavy, partial, no_base; "" where it is.

    ``number`` is in points, percentage points (a rate) or per cent of the right side (an amount). ``is_clear`` is None
    where the noise is not known.
    """

    number: float | None
    reason: str = ""
    is_clear: bool | None = None


def items_of(material: PageMaterial) -> list[Item]:
    """Return the rows of a comparison in order: total points, categories, quarter score, then every metric."""
    categories = material.catalog.categories_of("group")
    points = [Item(key, "points") for key in (TOTAL, *categories, SCORE)]
    return [*points, *(Item(metric.metric, _kind(metric), metric) for metric in owned_metrics(material))]


def in_parts(items: Sequence[Item]) -> list[Item]:
    """Return the rows for two first quarters: every metric in January and February together, then in March."""
    parts = [
        [item] if item.metric is None else [Item(item.key, item.kind, item.metric, part) for part in (SPRING, MARCH)]
        for item in items
    ]
    return [item for part in parts for item in part]


def side_of(group: str, quarter: pd.Period, material: PageMaterial) -> dict[str, Value]:
    """Return every value of a group in a quarter by `Item.code`, with the two parts where it is a first quarter."""
    items = items_of(material)
    found = _points(group, quarter, material)
    found |= {item.code: _metric(item.metric, group, quarter, material) for item in items if item.metric}
    if quarter.quarter == FIRST_QUARTER:
        found |= {item.code: _part(item, group, quarter, material) for item in in_parts(items) if item.part}
    return found


def difference(item: Item, left: Value, right: Value) -> Difference:
    """Compare two values; missing ones, those that a group does not own and heavy-tailed ones never are."""
    for state in ("not_owned", "no_data", "nothing_due"):
        if state in (left.state, right.state):
            return Difference(None, state)
    if left.number is None or right.number is None:
        return Difference(None, "no_data")
    if item.kind == "heavy":
        return Difference(None, "heavy")
    if left.is_partial or right.is_partial:
        return Difference(None, "partial")
    if item.kind == "amount" and right.number <= 0:
        return Difference(None, "no_base")
    gap = left.number - right.number
    is_clear = None if left.noise is None or right.noise is None else abs(gap) > hypot(left.noise, right.noise)
    return Difference(100 * gap / right.number if item.kind == "amount" else gap, is_clear=is_clear)


def months_of_side(item_key: str, group: str, quarter: pd.Period, material: PageMaterial) -> list[float | None]:
    """Return the three months of total points, process points or a metric; None where a month has no value."""
    if item_key in (TOTAL, PROCESS):
        frame, column = material.tables["points_by_group_month"], _MONTHLY[item_key]
    else:
        panel = material.tables["panel"]
        frame, column = panel[panel["metric"] == item_key], "value"
    own = frame[frame["party_group"] == group].set_index("month")[column]
    return [_number(own.get(month)) for month in months_of(quarter)]


_MONTHLY: Mapping[str, str] = {TOTAL: "total_points", PROCESS: "process_points"}


def _kind(metric: Metric) -> Kind:
    if metric.has_heavy_tail:
        return "heavy"
    return "rate" if metric.unit == "pct" else "amount"


def _points(group: str, quarter: pd.Period, material: PageMaterial) -> dict[str, Value]:
    standings = material.tables["standings_by_group_quarter"]
    own = standings[(standings["party_group"] == group) & (standings["quarter"] == quarter)]
    row = own.iloc[0].to_dict() if len(own) else {}
    months = monthly_noise(material.tables["points_by_group_month"], months_per_mean=len(material.months))
    version = version_in_effect(material.bureau.rules, material.months[-1])
    weight = material.bureau.weights_of(version, "quarter_score").get(TOTAL, 0.0)
    gaps = {TOTAL: months.clear_gap, SCORE: noise_of_rank(months, SCORE, weight).clear_gap}
    # the clear gap is that of two numbers with the same noise, each of which has its share
    found = {key: _value(_number(row.get(key)), None if gap is None else gap / sqrt(2)) for key, gap in gaps.items()}
    categories = material.tables["points_by_group_month_category"]
    for category in material.catalog.categories_of("group"):
        monthly = categories[(categories["party_group"] == group) & (categories["category"] == category)]
        inside = monthly[monthly["month"].isin(months_of(quarter))]["points"]
        mean = float(inside.mean()) if inside.notna().any() else None
        found[category] = _value(mean, _noise(monthly.set_index("month")["points"], len(material.months)))
    return found


def _metric(metric: Metric, group: str, quarter: pd.Period, material: PageMaterial) -> Value:
    if not material.bureau.owns(group, metric.metric):
        return Value(None, "not_owned")
    table = material.tables["metrics_by_group_quarter"]
    own = table[(table["party_group"] == group) & (table["metric"] == metric.metric) & (table["quarter"] == quarter)]
    number = _number(own["value"].iloc[0]) if len(own) else None
    if number is None:
        return Value(None, _why_none(metric, group, quarter, material))
    is_sum = _is_sum(metric, material)
    months = len(months_of(quarter))
    noise = _noise(_monthly(metric, group, material), months, is_sum=is_sum)
    return Value(number, noise=noise, is_partial=is_sum and int(own["month_count"].iloc[0]) < months)


def _part(item: Item, group: str, quarter: pd.Period, material: PageMaterial) -> Value:
    """Return January and February together, or March; a month that is missing is not made up for by the other."""
    metric = item.metric
    if metric is None or not material.bureau.owns(group, metric.metric):
        return Value(None, "not_owned")
    months = months_of(quarter)[:2] if item.part == SPRING else months_of(quarter)[2:]
    measures = material.tables["measures_by_group_month"]
    rows = measures[
        (measures["party_group"] == group) & (measures["measure"] == metric.measure) & measures["month"].isin(months)
    ]
    number = combined(rows, metric, material.catalog) if len(rows) == len(months) else None
    if number is None:
        return Value(None, _why_none(metric, group, quarter, material))
    is_sum = _is_sum(metric, material)
    return Value(number, noise=_noise(_monthly(metric, group, material), len(months), is_sum=is_sum))


def _why_none(metric: Metric, group: str, quarter: pd.Period, material: PageMaterial) -> State:
    """Tell a quarter in which nothing was due from one whose workbook is not there."""
    panel = material.tables["panel"]
    own = panel[(panel["party_group"] == group) & (panel["metric"] == metric.metric)]
    states = own[own["month"].isin(months_of(quarter))]["state"]
    return "nothing_due" if len(states) and (states == "no_base").all() else "no_data"


def _monthly(metric: Metric, group: str, material: PageMaterial) -> "pd.Series[float]":
    panel = material.tables["panel"]
    own = panel[(panel["party_group"] == group) & (panel["metric"] == metric.metric)]
    return own.set_index("month")["value"]


def _noise(months: "pd.Series[float]", count: int, *, is_sum: bool = False) -> float | None:
    """Return the three standard deviations of a mean, or a sum, of ``count`` months by their moving ranges.

    One month has 2.66 mean moving ranges (XmR), a mean of m months 1/sqrt(m) of that, a sum sqrt(m) times; None with
    fewer than `FEWEST_MONTHS` months. Seasons widen the ranges: what is called clear is clear of them too.
    """
    values = months.sort_index().astype("float64")
    if values.notna().sum() < FEWEST_MONTHS:
        return None
    moving_range = float(xmr(values)["moving_range"])
    if not isfinite(moving_range):
        return None
    return LIMIT_FACTOR * moving_range * (sqrt(count) if is_sum else 1 / sqrt(count))


def _is_sum(metric: Metric, material: PageMaterial) -> bool:
    return material.catalog.measures[metric.measure].aggregate != "quotient"


def _value(number: float | None, noise: float | None) -> Value:
    return Value(number, "known" if number is not None else "no_data", noise)


def _number(value: object) -> float | None:
    return None if is_missing(value) else float(value)  # type: ignore[arg-type]
