"""The ways of the key figures: what their sparklines show, and the words for who cannot see them."""

from collections.abc import Sequence

import pandas as pd

from pipeline.catalog import Metric
from pipeline.periods import month_range
from pipeline.report.material.figures import POINTS_CHART_MONTHS
from pipeline.report.material.numbers import metric_value, points_text
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.material.totals import totals_by_month
from pipeline.report.page.sparkline import Sparkline
from pipeline.report.page.table_block import MISSING


def points_trend(report: QuarterReport, group: str) -> Sparkline:
    """Return a group's total points by month, over the months of the points chart."""
    points = report.tables["points_by_group_month"]
    own = points[points["party_group"] == group].set_index("month")["total_points"]
    values = _recent(report, own.astype("float64"))
    return _sparkline(report, values, [points_text(value, report.texts) for value in values])


def total_trend(report: QuarterReport, metric: Metric) -> Sparkline:
    """Return an additive metric of the whole bureau by month."""
    values = _recent(report, totals_by_month(report, metric.metric))
    return _sparkline(report, values, [metric_value(value, metric, report.catalog, report.texts) for value in values])


def _recent(report: QuarterReport, values: "pd.Series[float]") -> "pd.Series[float]":
    last = report.months[-1]
    return values.reindex(pd.PeriodIndex(month_range(last - (POINTS_CHART_MONTHS - 1), last), freq="M"))


def _sparkline(report: QuarterReport, values: "pd.Series[float]", words: Sequence[str]) -> Sparkline:
    known = values.dropna()
    if known.empty:
        return Sparkline((), report.texts("spark.nothing"))
    named = dict(zip(values.index, words, strict=True))
    summary = report.texts(
        "spark.summary",
        months=len(values),
        low=named[known.idxmin()],
        high=named[known.idxmax()],
        last=named.get(known.index[-1], MISSING),
    )
    shown = tuple(None if pd.isna(value) else float(value) for value in values)
    return Sparkline(shown, summary, recent=len(report.months))
