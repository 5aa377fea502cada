"""Section: every quantity along all months, the groups side by side; what a reader's choice narrows down."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.catalog import Metric
from pipeline.charts import GroupMonths, MonthsScale, months_chart
from pipeline.report.material.figures import festivals, metric_months, points_months
from pipeline.report.material.numbers import POINT_DIGITS, metric_value, month_text, points_text
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.page.blocks import Block, ForFacet, Prose, Section, Stack
from pipeline.report.page.chart_block import Chart
from pipeline.report.page.facets import EVERYTHING, Facet, RowKeys
from pipeline.report.page.table_block import Column, Table

POINTS = ("total_points", "process_points")  # columns of points_by_group_month


@dataclass(frozen=True)
class Lines:
    """One quantity of some groups, by month; ``metric`` is None for points."""

    id: str
    label: str
    unit: str
    digits: int
    by_group: Mapping[str, "pd.Series[float]"]
    metric: Metric | None = None

    @property
    def facet(self) -> Facet:
        """What the quantity is about."""
        return Facet(metric=self.metric.metric) if self.metric else EVERYTHING

    @property
    def is_heavy(self) -> bool:
        """Tell whether a single month may be a thousand times the usual."""
        return self.metric is not None and self.metric.has_heavy_tail


def show_months(report: QuarterReport) -> Stack:
    """Show a chart of the points and one of every metric, a line a group that owns it."""
    texts = report.texts
    section = Section("months", texts("months.title"), texts("months.lead"))
    lines = [*(_points_lines(report, name) for name in POINTS), *_metric_lines(report)]
    charts: list[Block] = [ForFacet(_chart(report, one), one.facet) for one in lines if _is_known(one)]
    return Stack((section, Prose((texts("months.intro"),)), *charts))


def _points_lines(report: QuarterReport, column: str) -> Lines:
    label = report.texts("chart.process_points" if column == "process_points" else "chart.total_points")
    months = {group: points_months(report, group, column) for group in report.groups}
    return Lines(f"chart-months-{_slug(column)}", label, "points", POINT_DIGITS, months)


def _metric_lines(report: QuarterReport) -> list[Lines]:
    return [
        Lines(
            id=f"chart-months-{_slug(name)}",
            label=report.label(metric),
            unit=metric.unit,
            digits=metric.decimals,
            by_group={
                group: metric_months(report, group, name) for group in report.groups if report.bureau.owns(group, name)
            },
            metric=metric,
        )
        for name, metric in report.catalog.metrics.items()
    ]


def _is_known(lines: Lines) -> bool:
    return any(months.notna().any() for months in lines.by_group.values())


def _chart(report: QuarterReport, lines: Lines) -> Chart:
    texts, unit = report.texts, report.texts(f"unit.{lines.unit}")
    title = texts("months.chart_title", label=lines.label)
    groups = [GroupMonths(report.numbers[group], group, values) for group, values in lines.by_group.items()]
    label = texts("chart.metric_with_unit", metric=lines.label, unit=unit)
    scale = MonthsScale(label, lines.digits, by_size=lines.is_heavy)
    return Chart(
        id=lines.id,
        figure=months_chart(groups, scale, festivals(report), texts),
        title=title,
        summary=_summary(report, lines),
        table=_table(report, lines, title),
        table_label=texts("chart.view_data"),
        is_half=True,
        how_to_read=texts("months.how_to_read_by_size" if lines.is_heavy else "months.how_to_read"),
    )


def _table(report: QuarterReport, lines: Lines, title: str) -> Table:
    texts = report.texts
    wide = pd.DataFrame(dict(lines.by_group)).iloc[::-1].reset_index(names="period")
    frame = wide.assign(month=[month_text(month, texts) for month in wide["period"]])
    unit = texts(f"unit.{lines.unit}")
    columns = [Column("month", texts("column.month"))]
    columns += [Column(group, group, lines.digits, unit, facet=Facet(group)) for group in lines.by_group]
    return Table(frame, tuple(columns), caption=title, keys=RowKeys(period="period"))


def _summary(report: QuarterReport, lines: Lines) -> str:
    """Say for each group its last known month and its range over all months."""
    texts, parts = report.texts, []
    for group, months in lines.by_group.items():
        known = months.dropna()
        if known.empty:
            parts.append(texts("months.group_without", group=group))
            continue
        figures = {"last": known.iloc[-1], "low": known.min(), "high": known.max()}
        words = {name: _value_text(report, lines, value) for name, value in figures.items()}
        form = "months.group" if words["low"] != words["high"] else "months.group_same"
        form = form if len(known) > 1 else "months.group_once"
        parts.append(texts(form, group=group, month=month_text(known.index[-1], texts), **words))
    return texts("months.summary", parts=texts("list.clauses").join(parts))


def _value_text(report: QuarterReport, lines: Lines, value: float) -> str:
    if lines.metric is None:
        return points_text(value, report.texts)
    return metric_value(value, lines.metric, report.catalog, report.texts)


def _slug(name: str) -> str:
    return name.replace("_", "-")
