"""Two sides of a comparison: what a group did in a quarter, in numbers, and by how much such a number moves anyway.

A first quarter has January and February together (元春) and March on its own beside the whole: the Spring Festival
moves between the first two months (domain.md section 4).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import hypot, isfinite, sqrt
from typing import Any, Literal

import pandas as pd

from pipeline.catalog import Metric
from pipeline.periods import months_of
from pipeline.points.schemes import version_in_effect
from pipeline.report.library.view import owned_metrics, quarters_known
from pipeline.report.material.base import PageMaterial
from pipeline.report.material.festivals import FIRST_QUARTER, combined
from pipeline.report.material.lacking import ITEMS, lacking_months, whole_months
from pipeline.report.material.membership import other_members
from pipeline.report.material.noise import FEWEST_MONTHS, monthly_noise, noise_of_rank
from pipeline.report.material.numbers import POINT_DIGITS
from pipeline.report.page.table_block import is_missing
from pipeline.stats import xmr
from pipeline.stats.xmr import LIMIT_FACTOR

Kind = Literal["points", "rate", "price", "amount", "heavy"]  # a price is a quotient of another unit than per cent
IN_PROPORTION = ("price", "amount")  # compared in per cent of the right side
State = Literal["known", "not_owned", "no_data", "nothing_due"]
TOTAL, SCORE, PROCESS = "points_mean", "quarter_score", "process_mean"
SPRING, MARCH = "spring", "march"  # the two parts of a first quarter
PARTS = ("value", "numerator", "denominator")  # of measures_by_group_month: what months together are made from
Months = dict[pd.Period, Mapping[str, Any]]  # the fields of a row by its month
MONTHLY: Mapping[str, str] = {TOTAL: "total_points", PROCESS: "process_points"}  # columns of points_by_group_month


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
    with too few months to tell. ``is_partial`` marks a number of fewer months than it should hold, or points that
    lack a ledger.
    """

    number: float | None
    state: State = "known"
    noise: float | None = None
    is_partial: bool = False


@dataclass(frozen=True)
class Difference:
    """Left minus right, in points, percentage points (a rate) or per cent of the right side (a price, an amount).

    ``reason`` says why there is no number: no_data, nothing_due, heavy, partial, no_base; "" where there is one.
    ``is_clear`` is None where the noise is not known, and where it holds ``has_others``: a group that is of other
    people by now, or ``has_season``: a result of two different quarters of the year, whose gap is as much the season's
    as anybody's.
    """

    number: float | None
    reason: str = ""
    is_clear: bool | None = None
    has_season: bool = False
    has_others: bool = False


def items_of(material: PageMaterial) -> list[Item]:
    """Return the rows of a comparison in order: total points, categories, quarter score, then every metric."""
    categories = material.catalog.categories_of("group")
    points = [Item(key, "points") for key in (TOTAL, *categories, SCORE)]
    return [*points, *(Item(metric.metric, _kind(metric, material), metric) for metric in owned_metrics(material))]


def in_parts(items: Sequence[Item]) -> list[Item]:
    """Return the rows for two first quarters: every metric in January and February together, then in March."""
    parts = [
        [item] if item.metric is None else [Item(item.key, item.kind, item.metric, part) for part in (SPRING, MARCH)]
        for item in items
    ]
    return [item for part in parts for item in part]


def difference(item: Item, left: Value, right: Value, *, is_same_season: bool, has_others: bool = False) -> Difference:
    """Compare two values of a metric that both sides own; missing ones and heavy-tailed ones never are.

    Moving ranges see how a month differs from the next and not a slow season: two values of different quarters of the
    year would be "clear" of noise by the season alone, so that nothing is said about the gap of a result.
    ``has_others`` says that both are of one group, which has become another in between (`Sides.has_others`).
    """
    if left.number is None or right.number is None:
        return Difference(None, "no_data" if "no_data" in (left.state, right.state) else "nothing_due")
    if item.kind == "heavy":
        return Difference(None, "heavy")
    if left.is_partial or right.is_partial:
        return Difference(None, "partial")
    if item.kind in IN_PROPORTION and right.number <= 0:
        return Difference(None, "no_base")
    gap = left.number - right.number
    told = 100 * gap / right.number if item.kind in IN_PROPORTION else gap
    if has_others:
        return Difference(told, has_others=True)
    if item.metric is not None and not is_same_season:
        return Difference(told, has_season=True)
    is_clear = None if left.noise is None or right.noise is None else abs(gap) > hypot(left.noise, right.noise)
    return Difference(told, is_clear=is_clear)


class Sides:
    """What every group did in every quarter, looked up by group and quarter; ``material`` is read once."""

    def __init__(self, material: PageMaterial) -> None:
        self.material = material
        self._items = items_of(material)
        tables = material.tables
        self._points = _by_key(tables["points_by_group_month"], ["party_group"], MONTHLY.values())
        self._categories = _by_key(tables["points_by_group_month_category"], ["party_group", "category"], ["points"])
        self._panel = _by_key(tables["panel"], ["party_group", "metric"], ["value", "state"])
        self._measures = _by_key(tables["measures_by_group_month"], ["party_group", "measure"], PARTS)
        self._standings = tables["standings_by_group_quarter"].set_index(["party_group", "quarter"]).to_dict("index")
        self._metrics = (
            tables["metrics_by_group_quarter"].set_index(["party_group", "quarter", "metric"]).to_dict("index")
        )
        self._lacking = lacking_months(tables[ITEMS])
        self._point_noise = self._noise_of_points()
        self._moving: dict[tuple[str, str], float | None] = {}
        self._quarters: dict[pd.Period, list[pd.Period]] = {}

    def side(self, group: str, quarter: pd.Period) -> dict[str, Value]:
        """Return every value of a group in a quarter by `Item.code`, with both parts where it is a first quarter."""
        found = {item.code: self._point_value(item.key, group, quarter) for item in self._items if item.metric is None}
        metrics = [item for item in self._items if item.metric is not None]
        found |= {item.code: self._metric_value(item, group, quarter) for item in metrics}
        if quarter.quarter == FIRST_QUARTER:
            found |= {item.code: self._part_value(item, group, quarter) for item in in_parts(metrics)}
        return found

    def eras(self, group: str, quarter: pd.Period) -> tuple[int, int]:
        """Return how often a group had become another before the quarter, and by its end."""
        months, first = self._months_of(quarter), self._months_of(quarters_known(self.material)[0])[0]
        ends = (other_members(self.material, group, first - 1, month) for month in (months[0], months[-1]))
        before, after = map(len, ends)
        return before, after

    def has_others(self, group: str, left: pd.Period, right: pd.Period) -> bool:
        """Tell whether a group has become another between, or within, two quarters."""
        earlier, later = sorted((left, right))
        return earlier != later and self.eras(group, earlier)[0] != self.eras(group, later)[1]

    def months(self, key: str, group: str, quarter: pd.Period) -> list[float | None]:
        """Return the three months of total points, process points or a metric; None where a month has no value."""
        own, column = self._panel.get((group, key), {}), "value"
        if key in MONTHLY:
            own, column = self._points.get((group,), {}), MONTHLY[key]
        return [_number(own[month][column]) if month in own else None for month in self._months_of(quarter)]

    def _months_of(self, quarter: pd.Period) -> list[pd.Period]:
        if quarter not in self._quarters:
            self._quarters[quarter] = months_of(quarter)
        return self._quarters[quarter]

    def _noise_of_points(self) -> dict[str, float | None]:
        """Return the share of each of two numbers in the gap by which scores must differ to be clear of noise."""
        material = self.material
        points = whole_months(material.tables["points_by_group_month"], material.tables[ITEMS])
        months = monthly_noise(points, months_per_mean=len(material.months))
        version = version_in_effect(material.bureau.rules, material.months[-1])
        weight = material.bureau.weights_of(version, "quarter_score").get(TOTAL, 0.0)
        gaps = {TOTAL: months.clear_gap, SCORE: noise_of_rank(months, SCORE, weight).clear_gap}
        return {key: None if gap is None else gap / sqrt(2) for key, gap in gaps.items()}

    def _point_value(self, key: str, group: str, quarter: pd.Period) -> Value:
        months = self._months_of(quarter)
        is_lacking = any((group, month) in self._lacking for month in months)
        if key in self._point_noise:
            row = self._standings.get((group, quarter), {})
            number = _number(row.get(key))
            is_partial = number is not None and (is_lacking or int(row["month_count"]) < len(months))
            number = None if number is None else round(number, POINT_DIGITS)
            return Value(number, "no_data" if number is None else "known", self._point_noise[key], is_partial)
        own = self._categories.get((group, key), {})
        known = (_number(own[month]["points"]) for month in months if month in own)
        inside = [points for points in known if points is not None]
        if not inside:
            return Value(None, "no_data")
        noise = self._noise(self._categories, (group, key), "points", len(inside))
        is_partial = is_lacking or len(inside) < len(months)
        return Value(round(sum(inside) / len(inside), POINT_DIGITS), noise=noise, is_partial=is_partial)

    def _metric_value(self, item: Item, group: str, quarter: pd.Period) -> Value:
        metric = item.metric
        if metric is None or not self.material.bureau.owns(group, metric.metric):
            return Value(None, "not_owned")
        row = self._metrics.get((group, quarter, metric.metric), {})
        number = _number(row.get("value"))
        if number is None:
            return Value(None, self._why_none(metric, group, self._months_of(quarter)))
        known, is_partial = self._months_known(metric, group, self._months_of(quarter))
        noise = self._noise_of_metric(metric, group, max(known, 1))
        return Value(_printed(number, metric), noise=noise, is_partial=is_partial)

    def _months_known(self, metric: Metric, group: str, months: list[pd.Period]) -> tuple[int, bool]:
        """Return how many months have a value, and whether one is missing; one in which nothing was due is not."""
        own = self._panel.get((group, metric.metric), {})
        states = [own[month]["state"] if month in own else None for month in months]
        return states.count("known"), any(state not in ("known", "no_base") for state in states)

    def _part_value(self, item: Item, group: str, quarter: pd.Period) -> Value:
        """Return January and February together, or March; a month that is missing is not made up for by the other."""
        metric = item.metric
        if metric is None or not self.material.bureau.owns(group, metric.metric):
            return Value(None, "not_owned")
        months = self._months_of(quarter)[:2] if item.part == SPRING else self._months_of(quarter)[2:]
        own = self._measures.get((group, metric.measure), {})
        rows = [own[month] for month in months if month in own]
        number = None
        if len(rows) == len(months):
            number = combined({name: [row[name] for row in rows] for name in PARTS}, metric, self.material.catalog)
        if number is None:
            return Value(None, self._why_none(metric, group, months))
        return Value(_printed(number, metric), noise=self._noise_of_metric(metric, group, len(months)))

    def _why_none(self, metric: Metric, group: str, months: list[pd.Period]) -> State:
        """Tell months in which nothing was due from months whose workbook is not there."""
        own = self._panel.get((group, metric.metric), {})
        states = [own[month]["state"] for month in months if month in own and not is_missing(own[month]["state"])]
        return "nothing_due" if states and set(states) == {"no_base"} else "no_data"

    def _noise_of_metric(self, metric: Metric, group: str, months: int) -> float | None:
        return self._noise(self._panel, (group, metric.metric), "value", months, is_sum=self._is_sum(metric))

    def _noise(
        self, tables: Mapping[Any, Months], key: tuple[str, str], column: str, count: int, *, is_sum: bool = False
    ) -> float | None:
        """Return three standard deviations of a mean, or a sum, of ``count`` months by their moving ranges.

        One month has 2.66 mean moving ranges (XmR), a mean of m months 1/sqrt(m) of that, a sum sqrt(m) times; None
        with fewer than `FEWEST_MONTHS` months.
        """
        if key not in self._moving:
            self._moving[key] = _limit_of_month(tables[key], column) if key in tables else None
        limit = self._moving[key]
        return None if limit is None else limit * (sqrt(count) if is_sum else 1 / sqrt(count))

    def _is_sum(self, metric: Metric) -> bool:
        return self.material.catalog.measures[metric.measure].aggregate != "quotient"


def _printed(number: float, metric: Metric) -> float:
    """Return a rate as it is printed, so that its difference from another is that of what a reader sees; another
    result as it is: its difference is told in per cent.
    """
    return round(number, metric.decimals) if metric.unit == "pct" else number


def _kind(metric: Metric, material: PageMaterial) -> Kind:
    if metric.has_heavy_tail:
        return "heavy"
    if metric.unit == "pct":
        return "rate"
    return "price" if material.catalog.measures[metric.measure].aggregate == "quotient" else "amount"


def _by_key(frame: pd.DataFrame, keys: Sequence[str], columns: Iterable[str]) -> dict[Any, Months]:
    """Return some columns of the rows of each key, a tuple, by month in order."""
    ordered, names = frame.sort_values("month", kind="stable"), list(columns)
    found: dict[Any, Months] = {}
    by_row = zip(*(ordered[name].tolist() for name in names), strict=True)
    for key, month, row in zip(
        zip(*(ordered[name].tolist() for name in keys), strict=True), ordered["month"].tolist(), by_row, strict=True
    ):
        found.setdefault(key, {})[month] = dict(zip(names, row, strict=True))
    return found


def _limit_of_month(months: Months, column: str) -> float | None:
    """Return how far a single month may stand from the mean by itself (three standard deviations)."""
    values = pd.Series([row[column] for row in months.values()], pd.PeriodIndex(list(months)), dtype="float64")
    if values.notna().sum() < FEWEST_MONTHS:
        return None
    moving_range = float(xmr(values)["moving_range"])
    return LIMIT_FACTOR * moving_range if isfinite(moving_range) else None


def _number(value: object) -> float | None:
    return None if is_missing(value) else float(value)  # type: ignore[arg-type]
