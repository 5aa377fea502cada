"""Months as the statistics see them: adjusted points beside adjusted results, and the raw months they came from."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from plotly.graph_objects import Figure

from pipeline.catalog import Metric
from pipeline.charts import MonthDots, raw_and_adjusted_chart, scatter_chart
from pipeline.report.material.base import kept
from pipeline.report.material.figures import HEADROOM, metric_months, process_months
from pipeline.report.material.numbers import POINT_DIGITS
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.material.relations import relation_of, trend_metric
from pipeline.report.page.facets import quarter_key
from pipeline.report.page.table_block import is_missing

LABEL_ROOM = (0.22, 0.08)  # of a chart's axes: two labels closer than this would cover each other on a phone
PANEL_ROOM = (0.5, 0.12)  # of a panel's axes, where two stand side by side
MOST_LABELS, PANEL_LABELS = 5, 3  # named beside their dots; every month is named by hovering and in the table
FEWEST_DOTS = 3  # fewer show nothing


@dataclass(frozen=True)
class Pair:
    """A group and one of its metrics, ``lag`` months apart: the result stands so many months later."""

    group: str
    metric: Metric
    lag: int


def scatter_pairs(report: QuarterReport) -> list[Pair]:
    """Return what the scatter charts show: for each group the metric of its trend chart, where it was adjusted."""
    chosen = ((group, trend_metric(report, group)) for group in report.groups)
    pairs = [Pair(group, metric, shown_lag(report, group, metric.metric)) for group, metric in chosen if metric]
    return [pair for pair in pairs if len(adjusted_months(report, pair)) >= FEWEST_DOTS]


def shown_lag(report: QuarterReport, group: str, metric: str) -> int:
    """Return the lag of a pair with evidence; every other verdict stands for the same month."""
    row = relation_of(report, group, metric)
    return 0 if row is None or row["verdict"] != "evidence" or is_missing(row["lag"]) else int(row["lag"])


@kept
def adjusted_months(report: QuarterReport, pair: Pair) -> pd.DataFrame:
    """Return month (of the points), points_sd and result_sd (of ``lag`` months later) where both are known."""
    own = report.rows_of("adjusted_by_group_month", "group", pair.group)
    own = own[own["metric"] == pair.metric.metric].set_index("month")
    later = own["result_sd"].copy()
    later.index = later.index - pair.lag
    return own[["points_sd"]].join(later, how="inner").dropna().sort_index().reset_index()


def scatter_figure(report: QuarterReport, pair: Pair, reach: float) -> Figure:
    """Return the scatter chart of one pair; ``reach`` ends every axis (in standard deviations) of all groups.

    The line is drawn with evidence only. Both axes are in standard deviations, so that its slope is r.
    """
    row = relation_of(report, pair.group, pair.metric.metric)
    slope = None if row is None or row["verdict"] != "evidence" else float(row["r"])
    dots = _adjusted_dots(report, pair, reach, LABEL_ROOM, MOST_LABELS)
    return scatter_chart(dots, report.numbers[pair.group], slope, report.texts)


def common_reach(report: QuarterReport, pairs: list[Pair]) -> float:
    """Return how far from 0 any adjusted month of ``pairs`` stands, with some room: the end of all their axes."""
    frames = [adjusted_months(report, pair)[["points_sd", "result_sd"]].abs() for pair in pairs]
    largest = max((float(frame.to_numpy().max()) for frame in frames if len(frame)), default=1.0)
    return (largest or 1.0) * (1 + HEADROOM)


def example_pair(report: QuarterReport) -> Pair | None:
    """Return the group and metric whose same-month correlation changes most when it is adjusted; None without any."""
    table = report.tables["relationships"]
    rows = table[table["scope"].isin(report.groups) & (table["lag"] == 0)].dropna(subset=["r", "r_raw"])
    if rows.empty:
        return None
    row = rows.iloc[int((rows["r"] - rows["r_raw"]).abs().argmax())]
    pair = Pair(str(row["scope"]), report.catalog.metrics[str(row["metric"])], 0)
    return pair if len(adjusted_months(report, pair)) >= FEWEST_DOTS else None


def raw_months(report: QuarterReport, pair: Pair) -> pd.DataFrame:
    """Return month, points and value of the months that were adjusted, in their own units."""
    points = process_months(report, pair.group).rename("points")
    values = metric_months(report, pair.group, pair.metric.metric).rename("value")
    raw = pd.concat([points, values], axis=1).rename_axis("month")
    return raw.loc[raw.index.isin(adjusted_months(report, pair)["month"])].reset_index()


def example_figure(report: QuarterReport, pair: Pair) -> Figure:
    """Return the raw months of one pair beside the adjusted ones."""
    texts, raw, right = (
        report.texts,
        raw_months(report, pair),
        _adjusted_dots(report, pair, common_reach(report, [pair]), PANEL_ROOM, PANEL_LABELS),
    )
    named = dict(zip(right.months, right.labels, strict=True))
    labels = {"metric": report.label(pair.metric), "unit": texts(f"unit.{pair.metric.unit}")}
    points_labels = {"metric": texts("chart.process_points"), "unit": texts("unit.points")}
    left = MonthDots(
        months=_names(raw["month"]),
        quarters=[quarter_key(month) for month in raw["month"]],
        x=raw["points"].tolist(),
        y=raw["value"].tolist(),
        labels=[named[name] for name in _names(raw["month"])],
        x_title=texts("chart.metric_with_unit", **points_labels),
        y_title=texts("chart.metric_with_unit", **labels),
        x_range=_range(raw["points"]),
        y_range=_range(raw["value"]),
        digits=max(POINT_DIGITS, pair.metric.decimals),
    )
    return raw_and_adjusted_chart(left, right, report.numbers[pair.group], texts)


def _adjusted_dots(report: QuarterReport, pair: Pair, reach: float, room: tuple[float, float], most: int) -> MonthDots:
    texts, months = report.texts, adjusted_months(report, pair)
    label = report.label(pair.metric)
    later = texts("forest.y_later", metric=label, lag=pair.lag) if pair.lag else texts("forest.y_same", metric=label)
    return MonthDots(
        months=_names(months["month"]),
        quarters=[quarter_key(month) for month in months["month"]],
        x=months["points_sd"].tolist(),
        y=months["result_sd"].tolist(),
        labels=standing_out(months, reach, room, most),
        x_title=texts("forest.x_points"),
        y_title=later,
        x_range=(-reach, reach),
        y_range=(-reach, reach),
    )


def standing_out(months: pd.DataFrame, reach: float, room: tuple[float, float], most: int) -> list[str]:
    """Return a label a month, "" for all but ``most``: those farthest from the middle, none that covers another.

    ``room`` is how far two labels must be apart, across and up, as shares of axes from -``reach`` to ``reach``.
    """
    x, y = (months[name].to_numpy() / (2 * reach) for name in ("points_sd", "result_sd"))
    named: list[int] = []
    for place in np.argsort(-np.hypot(x, y), kind="stable"):
        clear = [abs(x[place] - x[other]) > room[0] or abs(y[place] - y[other]) > room[1] for other in named]
        if len(named) < most and all(clear):
            named.append(int(place))
    return [name if place in named else "" for place, name in enumerate(_names(months["month"]))]


def _names(months: "pd.Series[pd.Period]") -> list[str]:
    return [str(month) for month in months]


def _range(values: "pd.Series[float]") -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    room = (high - low or 1.0) * HEADROOM
    return low - room, high + room
