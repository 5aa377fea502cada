"""The figures of a quarter: which tables each one takes, so that page, image files and notebooks show the same."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import pandas as pd
from plotly.graph_objects import Figure

from pipeline.catalog import Metric
from pipeline.charts import MonthMarks, Track, attainment_chart, points_chart, trend_chart
from pipeline.periods import month_range, spring_festival_share
from pipeline.points.scoring import rules_in_effect
from pipeline.report.numbers import POINT_DIGITS
from pipeline.report.quarter import QuarterReport
from pipeline.report.results import results_of_quarter
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
    points = {other: xmr_signals(process_months(report, other)) for other in report.groups}
    owners = [other for other in report.groups if report.bureau.owns(other, metric.metric)]
    results = {other: xmr_signals(metric_months(report, other, metric.metric)) for other in owners}
    unit = report.texts(f"unit.{metric.unit}")
    points_label = report.texts(
        "chart.metric_with_unit", metric=report.texts("chart.process_points"), unit=report.texts("unit.points")
    )
    in_proportion = metric.unit != "pct"  # rates compare as they are
    return trend_chart(
        Track(points_label, points[group], common_scale(points, group), POINT_DIGITS),
        Track(
            report.texts("chart.metric_with_unit", metric=report.label(metric), unit=unit),
            results[group],
            common_scale(results, group, in_proportion=in_proportion),
            metric.decimals,
        ),
        report.groups.index(group) + 1,
        month_marks(report, group, list(points[group].index)),
        report.texts,
    )


def process_months(report: QuarterReport, group: str) -> "pd.Series[float]":
    """Return a group's process points by month, without gaps in the index."""
    points = report.tables["points_by_group_month"]
    return _by_month(report, points[points["party_group"] == group], "process_points")


def metric_months(report: QuarterReport, group: str, metric: str) -> "pd.Series[float]":
    """Return a group's metric by month, over the same months as its points."""
    panel = report.tables["panel"]
    return _by_month(report, panel[(panel["party_group"] == group) & (panel["metric"] == metric)], "value")


def festival_months(months: Sequence[pd.Period]) -> list[pd.Period]:
    """Return the months that hold most of a Spring Festival's window."""
    return [month for month in months if spring_festival_share(month) >= FESTIVAL_SHARE]


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


def _turnover(report: QuarterReport, group: str) -> pd.DataFrame:
    """Return a group's months with a month before them: of the first one nobody knows who joined."""
    table = report.tables["turnover_by_group_month"]
    return table[table["party_group"] == group].dropna(subset=["turnover_pct"]).sort_values("month")


def new_versions(report: QuarterReport, months: Sequence[pd.Period]) -> Mapping[pd.Period, str]:
    """Return the rule book's version by the months in which another one began than in the month before."""
    books = {month: rules_in_effect(report.bureau.rules, month) for month in months}
    named = {month: "/".join(dict.fromkeys(rule.version for rule in rules)) for month, rules in books.items()}
    return {month: named[month] for before, month in pairwise(months) if named[month] not in ("", named[before])}


def _by_month(report: QuarterReport, rows: pd.DataFrame, column: str) -> "pd.Series[float]":
    all_months = report.tables["points_by_group_month"]["month"]
    index = pd.PeriodIndex(month_range(all_months.min(), report.months[-1]), freq="M")
    return rows.set_index("month")[column].astype("float64").reindex(index)


def common_scale(tracks: Mapping[str, pd.DataFrame], group: str, *, in_proportion: bool = False) -> tuple[float, float]:
    """Return the range of a group's axis that holds every group's values and limits.

    ``in_proportion`` is for amounts of large and small groups: each in multiples of its own mean, so that equal heights
    are equal moves in proportion (plain where a mean is not above 0). Values that are never negative keep a range
    from 0 on.
    """
    means = {name: float(track["value"].mean()) for name, track in tracks.items()}
    units = means if in_proportion and all(mean > 0 for mean in means.values()) else dict.fromkeys(means, 1.0)
    columns = ["value", "lower", "upper"]
    reach = pd.concat([track[columns] / units[name] for name, track in tracks.items()])
    low, high = float(reach.min().min()) * units[group], float(reach.max().max()) * units[group]
    if not low < high:  # one value only, or none
        return (low - 1.0, high + 1.0) if low == high else (0.0, 1.0)
    room = (high - low) * HEADROOM
    floor = 0.0 if min(float(track["value"].min()) for track in tracks.values()) >= 0 else -float("inf")
    return max(low - room, floor), high + room
