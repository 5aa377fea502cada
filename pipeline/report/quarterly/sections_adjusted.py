"""The scatter charts of section 5: the adjusted months of every group, and once what adjusting does."""

from collections.abc import Mapping
from typing import Any

from pipeline.report.material.numbers import POINT_DIGITS, correlation_text, joined, month_text
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.material.relations import of_scope, verdict_words
from pipeline.report.page.blocks import ForFacet, Prose, Stack, Subheading
from pipeline.report.page.chart_block import Chart
from pipeline.report.page.facets import Facet, RowKeys
from pipeline.report.page.table_block import Column, Table, is_missing
from pipeline.report.quarterly.adjusted import (
    Pair,
    adjusted_months,
    common_reach,
    example_figure,
    example_pair,
    raw_months,
    scatter_figure,
    scatter_pairs,
)
from pipeline.stats.words import verdict_name

SD_DIGITS = 1  # a tenth of a standard deviation: more would be noise


def show_adjusted(report: QuarterReport) -> Stack:
    """Show a scatter chart a group, all on the same scale, and one pair of raw and adjusted months."""
    texts, pairs, example = report.texts, scatter_pairs(report), example_pair(report)
    if not pairs:
        return Stack((Subheading(texts("forest.scatter_title")), Prose((texts("forest.scatter_nothing"),))))
    reach = common_reach(report, pairs)
    charts = [ForFacet(_scatter(report, pair, reach), _facet(pair)) for pair in pairs]
    if example is not None:
        charts.append(ForFacet(_example(report, example), _facet(example)))
    return Stack((Subheading(texts("forest.scatter_title")), Prose((texts("forest.scatter_intro"),)), *charts))


def _facet(pair: Pair) -> Facet:
    return Facet(pair.group, pair.metric.metric)


def _scatter(report: QuarterReport, pair: Pair, reach: float) -> Chart:
    texts, months, label = report.texts, adjusted_months(report, pair), report.label(pair.metric)
    title = texts("forest.scatter_chart_title", group=pair.group, metric=label)
    frame = months.assign(period=months["month"], month=[month_text(month, texts) for month in months["month"]]).iloc[
        ::-1
    ]
    columns = (
        Column("month", texts("column.month")),
        Column("points_sd", texts("forest.column_points_sd"), digits=SD_DIGITS, signed=True),
        Column("result_sd", texts("forest.column_result_sd", metric=label), digits=SD_DIGITS, signed=True),
    )
    return Chart(
        id=f"chart-scatter-{report.numbers[pair.group]}",
        figure=scatter_figure(report, pair, reach),
        title=title,
        summary=_summary(report, pair, len(months)),
        table=Table(frame, columns, caption=title, keys=RowKeys(period="period")),
        table_label=texts("chart.view_data"),
        how_to_read=texts("forest.read_dots"),
        is_half=True,
    )


def _summary(report: QuarterReport, pair: Pair, count: int) -> str:
    """Say what the dots are, and the verdict in a word: its whole sentence stands at the trend chart of the group."""
    texts = report.texts
    dots = texts("forest.dots_later", count=count, lag=pair.lag) if pair.lag else texts("forest.dots", count=count)
    row = _row(report, pair)
    verdict = verdict_name(str(row["verdict"]), texts)
    if is_missing(row["r"]):
        word = texts("relations.without_r", verdict=verdict, n=row["n_months"])
    else:
        word = texts("relations.with_r", verdict=verdict, r=correlation_text(row["r"]))
    return joined((dots, texts("forest.verdict_in_a_word", verdict=word)), texts)


def _row(report: QuarterReport, pair: Pair) -> Mapping[Any, Any]:
    """Return the relationship of a pair, by the names of its columns."""
    return {**of_scope(report, pair.group).to_dict("index")[pair.metric.metric], "metric": pair.metric.metric}


def _example(report: QuarterReport, pair: Pair) -> Chart:
    texts, label = report.texts, report.label(pair.metric)
    row = _row(report, pair)
    both = raw_months(report, pair).merge(adjusted_months(report, pair), on="month")
    frame = both.assign(period=both["month"], month=[month_text(month, texts) for month in both["month"]]).iloc[::-1]
    title = texts("forest.example_title", group=pair.group, metric=label)
    columns = (
        Column("month", texts("column.month")),
        Column("points", texts("chart.process_points"), digits=POINT_DIGITS),
        Column("value", label, digits=pair.metric.decimals, unit=texts(f"unit.{pair.metric.unit}")),
        Column("points_sd", texts("forest.column_points_sd"), digits=SD_DIGITS, signed=True),
        Column("result_sd", texts("forest.column_result_sd", metric=label), digits=SD_DIGITS, signed=True),
    )
    summary = texts("forest.example", raw=correlation_text(row["r_raw"]), adjusted=correlation_text(row["r"]))
    return Chart(
        id="chart-raw-adjusted",
        figure=example_figure(report, pair),
        title=title,
        summary=joined((summary, texts("trend.verdict", words=verdict_words(row, report))), texts),
        table=Table(frame, columns, caption=title, keys=RowKeys(period="period")),
        table_label=texts("chart.view_data"),
        how_to_read=texts("forest.example_how_to_read"),
    )
