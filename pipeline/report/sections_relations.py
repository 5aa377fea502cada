"""Section: where do points and results move together, and where do they disagree?"""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from pipeline.catalog import Metric
from pipeline.report.blocks import Block, Bullets, Prose, Section, Stack, Subheading, Tone
from pipeline.report.chart_block import Chart
from pipeline.report.figures import correlation_figure, member_changes, metric_months, process_months, trend_figure
from pipeline.report.numbers import CORRELATION_DIGITS, POINT_DIGITS, correlation_text, joined, month_text
from pipeline.report.quarter import QuarterReport
from pipeline.report.relations import (
    POOLED,
    SHOWN_FIRST,
    correlation_rows,
    count_verdicts,
    of_scope,
    pairs_tested,
    scope_label,
    trend_metric,
    verdict_words,
)
from pipeline.report.sentences import relations_sentence
from pipeline.report.table_block import Column, Mark, Table
from pipeline.stats import xmr_signals
from pipeline.stats.words import verdict_name

TONES: dict[str, Tone] = {
    "evidence": "good",
    "clue": "info",
    "none": "neutral",
    "insufficient": "neutral",
    "coupled": "neutral",
}


def show_relations(report: QuarterReport) -> Stack:
    """Show what was checked, what was left out, and every verdict with its numbers."""
    texts = report.texts
    blocks: list[Block] = [Section("relations", texts("relations.title"), relations_sentence(report))]
    if report.tables["relationships"].empty:
        return Stack((*blocks, Prose((texts("relations.nothing"),))))
    blocks.append(Prose((_counts(report), texts("relations.meaning_none"))))
    claims = _claims(report)
    if claims:
        blocks.append(Bullets(claims))
    blocks += [_verdict_table(report), Bullets(_left_out(report))]
    return Stack(tuple(blocks))


def show_trends(report: QuarterReport) -> Stack:
    """Show a chart a group: process points above one of its results, on one month axis."""
    texts = report.texts
    chosen = [(group, trend_metric(report, group)) for group in report.groups]
    charts = [_trend_chart(report, group, metric) for group, metric in chosen if metric is not None]
    return Stack((Subheading(texts("trend.title")), Prose((texts("trend.intro"),)), *charts))


def show_correlations(report: QuarterReport) -> Stack:
    """Show a chart a group: the correlation of its points with each of its results, with intervals."""
    texts = report.texts
    charts = [_correlation_chart(report, group) for group in report.groups if len(of_scope(report, group))]
    return Stack((Subheading(texts("correlation.title")), Prose((texts("correlation.intro"),)), *charts))


def _counts(report: QuarterReport) -> str:
    table = report.tables["relationships"]
    return report.texts("relations.counts", rows=len(table), tested=pairs_tested(report), **count_verdicts(report))


def _verdict_table(report: QuarterReport) -> Table:
    texts = report.texts
    rows = []
    for scope in (*report.groups, POOLED):
        for name, row in of_scope(report, scope).to_dict("index").items():
            verdict = str(row["verdict"])
            rows.append(
                {
                    "scope": Mark(scope_label(scope, report), group=report.colour_of(scope)),
                    "metric": report.label(report.catalog.metrics[str(name)]),
                    "verdict": Mark(verdict_name(verdict, texts), TONES[verdict]),
                    "basis": _basis(row, report),
                }
            )
    columns = (
        Column("scope", texts("relations.scope")),
        Column("metric", texts("column.metric")),
        Column("verdict", texts("relations.verdict")),
        Column("basis", texts("relations.basis")),
    )
    return Table(pd.DataFrame(rows), columns, caption=texts("relations.table"), note=texts("relations.table_note"))


def _claims(report: QuarterReport) -> tuple[str, ...]:
    """Return every clue and every piece of evidence in its full sentence."""
    table = report.tables["relationships"]
    rows = table[table["verdict"].isin(SHOWN_FIRST)].sort_values("p_max_t", kind="stable")
    return tuple(
        report.texts(
            "relations.claim",
            scope=scope_label(str(row["scope"]), report),
            metric=report.label(report.catalog.metrics[str(row["metric"])]),
            words=verdict_words(row, report),
        )
        for row in rows.to_dict("records")
    )


def _basis(row: Mapping[Any, Any], report: QuarterReport) -> str:
    """Return the numbers behind a verdict, or why there are none."""
    if pd.isna(row["r"]):
        return verdict_words(row, report)
    names = {"r": "r", "low": "ci_low", "high": "ci_high", "smallest": "smallest_r"}
    numbers = {name: correlation_text(row[column]) for name, column in names.items()}
    return report.texts("relations.numbers", n=int(row["n_months"]), **numbers)


def _left_out(report: QuarterReport) -> tuple[str, ...]:
    """Return what was not correlated, and why: the total, results a group does not own, results within the points."""
    texts = report.texts
    correlated = [metric.metric for metric in report.catalog.metrics.values() if metric.is_correlated]
    foreign = sum(not report.bureau.owns(group, metric) for group in report.groups for metric in correlated)
    lines = [texts("relations.without_total"), texts("relations.without_foreign", count=foreign)]
    coupled = report.tables["relationships"].query("verdict == 'coupled'")["metric"].nunique()
    lines.append(texts("relations.without_coupled", count=coupled))
    return tuple(lines)


def _trend_chart(report: QuarterReport, group: str, metric: Metric) -> Chart:
    texts, label = report.texts, report.label(metric)
    points, values = (
        xmr_signals(process_months(report, group)),
        xmr_signals(metric_months(report, group, metric.metric)),
    )
    frame = pd.DataFrame(
        {
            "month": [month_text(month, texts) for month in points.index],
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
        id=f"chart-trend-{report.groups.index(group) + 1}",
        figure=trend_figure(report, group, metric),
        title=title,
        summary=_trend_summary(report, group, metric, points, values),
        table=Table(frame, columns, caption=title),
        table_label=texts("chart.view_data"),
        how_to_read=texts("trend.how_to_read"),
    )


def _trend_summary(
    report: QuarterReport, group: str, metric: Metric, points: pd.DataFrame, values: pd.DataFrame
) -> str:
    texts = report.texts
    signals = [int((track.loc[track.index.isin(report.months), "signal"] != "").sum()) for track in (points, values)]
    first = texts("trend.summary", points=signals[0], results=signals[1], metric=report.label(metric))
    row = of_scope(report, group).to_dict("index").get(metric.metric)
    parts = [first]
    if row is not None:
        parts.append(texts("trend.verdict", words=verdict_words(row, report)))
    if member_changes(report, group):
        parts.append(texts("trend.members_changed"))
    return joined(parts, texts)


def _signal_words(pair: tuple[str, str], report: QuarterReport) -> str:
    names = ("trend.of_points", "trend.of_result")
    found = [
        report.texts(name, signal=report.texts(f"stats.xmr.{signal}"))
        for name, signal in zip(names, pair, strict=True)
        if signal
    ]
    return joined(found, report.texts)


def _verdict_marks(verdicts: Iterable[str], report: QuarterReport) -> list[Any]:
    return [Mark(verdict_name(verdict, report.texts), TONES[verdict]) for verdict in verdicts]


def _correlation_chart(report: QuarterReport, group: str) -> Chart:
    texts, rows = report.texts, correlation_rows(report, group)
    own = of_scope(report, group)
    frame = rows.assign(
        n=own["n_months"].to_numpy(),
        verdict=_verdict_marks(own["verdict"], report),
    )
    columns = (
        Column("label", texts("column.metric")),
        Column("raw_r", texts("chart.raw"), digits=CORRELATION_DIGITS),
        Column("r", texts("chart.adjusted"), digits=CORRELATION_DIGITS),
        Column("ci_low", texts("correlation.low"), digits=CORRELATION_DIGITS),
        Column("ci_high", texts("correlation.high"), digits=CORRELATION_DIGITS),
        Column("pooled_r", texts("chart.pooled"), digits=CORRELATION_DIGITS),
        Column("n", texts("correlation.months"), digits=0),
        Column("verdict", texts("relations.verdict")),
    )
    title = texts("correlation.chart_title", group=group)
    counts = own["verdict"].value_counts()
    summary = texts(
        "correlation.summary",
        group=group,
        all=len(own),
        evidence=int(counts.get("evidence", 0)),
        clue=int(counts.get("clue", 0)),
        months=int(own["n_months"].max()),
    )
    return Chart(
        id=f"chart-correlation-{report.groups.index(group) + 1}",
        figure=correlation_figure(report, group),
        title=title,
        summary=summary,
        table=Table(frame, columns, caption=title),
        table_label=texts("chart.view_data"),
        how_to_read=texts("correlation.how_to_read"),
    )
