"""The trend charts of section 5: a group's points above one of its results, month by month."""

import pandas as pd

from pipeline.catalog import Metric
from pipeline.report.material.figures import (
    festivals,
    member_changes,
    metric_signals,
    new_versions,
    process_signals,
    trend_figure,
    turnovers,
)
from pipeline.report.material.numbers import (
    POINT_DIGITS,
    joined,
    listed,
    month_text,
)
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.material.relations import relation_of, trend_metric, verdict_words
from pipeline.report.page.blocks import ForFacet, Prose, Stack, Subheading
from pipeline.report.page.chart_block import Chart
from pipeline.report.page.facets import Facet, RowKeys
from pipeline.report.page.table_block import Column, Table
from pipeline.report.quarterly.track_words import marks_shown, noticed
from pipeline.stats import xmr


def show_trends(report: QuarterReport) -> Stack:
    """Show a chart a group: process points above one of its results, on one month axis."""
    texts = report.texts
    chosen = [(group, trend_metric(report, group)) for group in report.groups]
    charts = [
        ForFacet(_trend_chart(report, group, metric), Facet(group, metric.metric))
        for group, metric in chosen
        if metric is not None
    ]
    return Stack((Subheading(texts("trend.title")), Prose((texts("trend.intro"),)), *charts))


def _trend_chart(report: QuarterReport, group: str, metric: Metric) -> Chart:
    texts, label = report.texts, report.label(metric)
    points, values = process_signals(report, group), metric_signals(report, group, metric.metric)
    frame = pd.DataFrame(
        {
            "month": [month_text(month, texts) for month in points.index],
            "period": list(points.index),
            "points": points["value"].to_numpy(),
            "value": values["value"].to_numpy(),
            "signal": [_signal_words(pair, report) for pair in zip(points["signal"], values["signal"], strict=True)],
        }
    ).iloc[::-1]
    columns = (
        Column("month", texts("column.month")),
        Column("points", texts("chart.process_points"), digits=POINT_DIGITS),
        Column("value", label, digits=metric.decimals, unit=texts(f"unit.{metric.unit}")),
        Column("signal", texts("trend.signal")),
    )
    title = texts("trend.chart_title", group=group, metric=label)
    return Chart(
        id=f"chart-trend-{report.numbers[group]}",
        figure=trend_figure(report, group, metric),
        title=title,
        summary=_trend_summary(report, group, metric, points, values),
        table=Table(frame, columns, caption=title, keys=RowKeys(period="period")),
        table_label=texts("chart.view_data"),
        how_to_read=_how_to_read(report, group, (points, values)),
    )


def _trend_summary(
    report: QuarterReport, group: str, metric: Metric, points: pd.DataFrame, values: pd.DataFrame
) -> str:
    texts = report.texts
    named = ((texts("chart.process_points"), points), (report.label(metric), values))
    parts = [sentence for label, track in named for sentence in noticed(label, track, report)]
    if any(xmr(track["value"])["trial"] for _, track in named):
        parts.append(texts("trend.trial", words=texts("stats.xmr.trial")))
    row = relation_of(report, group, metric.metric)
    if row is not None:
        parts.append(texts("trend.verdict", words=verdict_words({**row, "metric": metric.metric}, report)))
    large = turnovers(report, group)
    if large:
        places = [
            texts("trend.turnover_month", month=month_text(month, texts), share=round(share))
            for month, share in large.items()
        ]
        parts.append(texts("trend.turnover", months=listed(places, texts)))
    elif member_changes(report, group):
        parts.append(texts("trend.members_changed"))
    return joined(parts, texts)


def _how_to_read(report: QuarterReport, group: str, tracks: tuple[pd.DataFrame, ...]) -> str:
    """Explain the marks that stand in the chart, and no others."""
    texts, shown = report.texts, marks_shown(tracks)
    parts = [texts("trend.read_lines")]
    parts += [texts(f"trend.read_{mark}") for mark in ("ring", "dot") if mark in shown]
    if festivals(report):
        parts.append(texts("trend.read_festival"))
    if member_changes(report, group):
        parts.append(texts("trend.read_members"))
    if turnovers(report, group):
        parts.append(texts("trend.read_turnover"))
    if new_versions(report, list(tracks[0].index)):
        parts.append(texts("trend.read_versions"))
    return joined(parts, texts)


def _signal_words(pair: tuple[str, str], report: QuarterReport) -> str:
    names = ("trend.of_points", "trend.of_result")
    found = [
        report.texts(name, signal=report.texts(f"stats.xmr.{signal}"))
        for name, signal in zip(names, pair, strict=True)
        if signal
    ]
    return joined(found, report.texts)
