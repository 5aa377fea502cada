"""The figures of a quarter: which tables each one takes, so that page, image files and notebooks show the same."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from plotly.graph_objects import Figure

from pipeline.catalog import Metric
from pipeline.charts import MonthMarks, Track, attainment_chart, points_chart, trend_chart
from pipeline.periods import month_range, spring_festival_share
from pipeline.report.material.base import kept
from pipeline.report.material.numbers import POINT_DIGITS
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.material.results import results_of_quarter
from pipeline.stats import xmr_signals

POINTS_CHART_MONTHS = 15  # five quarters: this one, the same one a year ago, and what lies between
FESTIVAL_SHARE = 0.5  # the month that holds most of the festival's window is the one that is shaded
HEADROOM = 0.08  # of the range, so that no dot sits on the frame


def points_figure(report: QuarterReport) -> Figure:
    """Return the total points of all groups over the last five quarters."""
    return points_chart(recent_points(report), report.groups, report.months, report.texts)


def recent_points(report: QuarterReport) -> pd.DataFrame:
    """Return the monthly points of the last five quarters."""
    points = report.tables["points_by_group_month"]
    since = report.months[-1] - (POINTS_CHART_MONTHS - 1)
    return points[points["month"] >= since].sort_values("month")


def attainment_figure(report: QuarterReport) -> Figure | None:
    """Return how far targets were attained; None when no metric has a target."""
    rows = attained_rows(report)
    return attainment_chart(rows, report.groups, report.texts) if len(rows) else None


def attained_rows(report: QuarterReport) -> pd.DataFrame:
    """Return party_group, metric, label and attained_pct of every attributed metric that has a target."""
    rows = results_of_quarter(report).dropna(subset=["attained_pct"])
    return rows[["party_group", "metric", "label", "attained_pct"]]


def trend_figure(report: QuarterReport, group: str, metric: Metric) -> Figure:
    """Return a group's process points above one of its metrics; the scales of all groups go together."""
    points, result = process_signals(report, group), metric_signals(report, group, metric.metric)
    unit = report.texts(f"unit.{metric.unit}")
    points_label = report.texts(
        "chart.metric_with_unit", metric=report.texts("chart.process_points"), unit=report.texts("unit.points")
    )
    return trend_chart(
        Track(points_label, points, _points_reach(report).scale_of(group), POINT_DIGITS),
        Track(
            report.texts("chart.metric_with_unit", metric=report.label(metric), unit=unit),
            result,
            _metric_reach(report, metric).scale_of(group),
            metric.decimals,
        ),
        report.numbers[group],
        month_marks(report, group, list(points.index)),
        report.texts,
    )


def process_months(report: QuarterReport, group: str) -> "pd.Series[float]":
    """Return a group's process points by month, without gaps in the index."""
    return points_months(report, group, "process_points")


def points_months(report: QuarterReport, group: str, column: str) -> "pd.Series[float]":
    """Return one column of a group's points by month, over the same months."""
    return _by_month(report, "points_by_group_month", ("party_group",), column).get(group, _no_month(report))


def metric_months(report: QuarterReport, group: str, metric: str) -> "pd.Series[float]":
    """Return a group's metric by month, over the same months as its points."""
    by_pair = _by_month(report, "panel", ("party_group", "metric"), "value")
    return by_pair.get((group, metric), _no_month(report))


@kept
def process_signals(report: QuarterReport, group: str) -> pd.DataFrame:
    """Return a group's process points by month with their limits and signals."""
    return xmr_signals(process_months(report, group))


@kept
def metric_signals(report: QuarterReport, group: str, metric: str) -> pd.DataFrame:
    """Return a group's metric by month with its limits and signals."""
    return xmr_signals(metric_months(report, group, metric))


@kept
def all_months(report: QuarterReport) -> pd.PeriodIndex:
    """Return every month from the first with points to the end of the quarter: the axis of all charts along months."""
    first = report.tables["points_by_group_month"]["month"].min()
    return pd.PeriodIndex(month_range(first, report.months[-1]), freq="M")


@kept
def festivals(report: QuarterReport) -> list[pd.Period]:
    """Return those of `all_months` that hold most of a Spring Festival's window."""
    return festival_months(list(all_months(report)))


def festival_months(months: Sequence[pd.Period]) -> list[pd.Period]:
    """Return the months that hold most of a Spring Festival's window."""
    return [month for month in months if spring_festival_share(month) >= FESTIVAL_SHARE]


@kept
def _by_month(
    report: QuarterReport, table: str, keys: tuple[str, ...], column: str
) -> "Mapping[Hashable, pd.Series[float]]":
    """Return a column of a table over `all_months`, by what its rows have in ``keys``; a month without a row is NaN."""
    frame, months = report.tables[table], all_months(report)
    places = pd.PeriodIndex(frame["month"]).asi8 - months.asi8[0]
    values = frame[column].to_numpy(dtype="float64", na_value=np.nan)
    found: dict[Hashable, pd.Series[float]] = {}
    for key, rows in frame.groupby(list(keys) if len(keys) > 1 else keys[0], sort=False).indices.items():
        own = rows[(places[rows] >= 0) & (places[rows] < len(months))]
        line = np.full(len(months), np.nan)
        line[places[own]] = values[own]
        found[key] = pd.Series(line, index=months, name=column)
    return found


@kept
def _no_month(report: QuarterReport) -> "pd.Series[float]":
    return pd.Series(np.nan, index=all_months(report))


def month_marks(report: QuarterReport, group: str, months: Sequence[pd.Period]) -> MonthMarks:
    """Return what the month axis of a group's trend chart marks."""
    return MonthMarks(
        festivals=festival_months(months),
        member_counts=member_changes(report, group),
        turnovers=turnovers(report, group),
        versions=new_versions(report, months),
    )


def member_changes(report: QuarterReport, group: str) -> Mapping[pd.Period, int]:
    """Return the number of members in every month in which anybody joined or left; no names, no reasons."""
    own = _turnover(report, group)
    changed = own[(own["joined_count"].fillna(0) + own["left_count"].fillna(0) > 0) & own["member_count"].notna()]
    return {month: int(count) for month, count in zip(changed["month"], changed["member_count"], strict=True)}


def turnovers(report: QuarterReport, group: str) -> Mapping[pd.Period, float]:
    """Return the share of members that changed, in per cent, by the months in which it was above one in five."""
    own = _turnover(report, group)
    flagged = own[own["is_flagged"].astype(bool)]
    return {month: float(share) for month, share in zip(flagged["month"], flagged["turnover_pct"], strict=True)}


@kept
def _turnover(report: QuarterReport, group: str) -> pd.DataFrame:
    """Return a group's months with a month before them: of the first one nobody knows who joined."""
    own = report.rows_of("turnover_by_group_month", "party_group", group)
    return own.dropna(subset=["turnover_pct"]).sort_values("month")


def new_versions(report: QuarterReport, months: Sequence[pd.Period]) -> Mapping[pd.Period, str]:
    """Return the rule book's version by the months in which another one began than in the month before."""
    books = {month: report.rules_of(month) for month in months}
    named = {month: "/".join(dict.fromkeys(rule.version for rule in rules)) for month, rules in books.items()}
    return {month: named[month] for before, month in pairwise(months) if named[month] not in ("", named[before])}


@dataclass(frozen=True)
class Reach:
    """How far the values and limits of all groups go, from ``low`` to ``high``, in multiples of a group's unit.

    ``floor`` is 0 where no value is negative, else without end. Where groups are compared in proportion the unit of a
    group is its own mean, so that equal heights are equal moves in proportion; else it is 1.
    """

    low: float
    high: float
    floor: float
    units: Mapping[str, float]

    def scale_of(self, group: str) -> tuple[float, float]:
        """Return the range of a group's axis, with some room."""
        low, high = self.low * self.units[group], self.high * self.units[group]
        if not low < high:  # one value only, or none
            return (low - 1.0, high + 1.0) if low == high else (0.0, 1.0)
        room = (high - low) * HEADROOM
        return max(low - room, self.floor), high + room


def reach_of(tracks: Mapping[str, pd.DataFrame], *, in_proportion: bool) -> Reach:
    """Return the reach of all groups; ``in_proportion`` is for amounts of large and small groups.

    Plain, where the mean of a group is not above 0.
    """
    means = {name: float(track["value"].mean()) for name, track in tracks.items()}
    units = means if in_proportion and all(mean > 0 for mean in means.values()) else dict.fromkeys(means, 1.0)
    ends = {name: track[["value", "lower", "upper"]].to_numpy(dtype="float64") for name, track in tracks.items()}
    low = np.fmin.reduce([np.fmin.reduce(values, axis=None) / units[name] for name, values in ends.items()])
    high = np.fmax.reduce([np.fmax.reduce(values, axis=None) / units[name] for name, values in ends.items()])
    is_amount = min(float(track["value"].min()) for track in tracks.values()) >= 0
    return Reach(float(low), float(high), 0.0 if is_amount else -float("inf"), units)


@kept
def _points_reach(report: QuarterReport) -> Reach:
    return reach_of({group: process_signals(report, group) for group in report.groups}, in_proportion=False)


@kept
def _metric_reach(report: QuarterReport, metric: Metric) -> Reach:
    owners = [group for group in report.groups if report.bureau.owns(group, metric.metric)]
    tracks = {group: metric_signals(report, group, metric.metric) for group in owners}
    return reach_of(tracks, in_proportion=metric.unit != "pct")  # rates compare as they are
