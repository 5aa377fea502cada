"""Section: are the results on plan, and against last year with the festivals aligned?"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.catalog import Metric
from pipeline.report.material.base import kept
from pipeline.report.material.festivals import FIRST_QUARTER, festival_note, january_and_february
from pipeline.report.material.figures import attained_rows, attainment_figure, metric_months
from pipeline.report.material.gaps import months_missing, unused_rows_text
from pipeline.report.material.marks import group_marks
from pipeline.report.material.membership import groups_in, other_members, regrouped, scored_months
from pipeline.report.material.numbers import (
    RATE_DIGITS,
    listed,
    metric_change,
    metric_value,
    month_text,
    printed_change,
    quantity,
    rate_text,
    short_month_text,
)
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.material.results import results_of_group, results_of_quarter
from pipeline.report.page.blocks import About, Block, Bullets, Footnote, Footnotes, ForFacet, Notice, Section, Stack
from pipeline.report.page.chart_block import Chart
from pipeline.report.page.facets import Facet, RowKeys
from pipeline.report.page.table_block import MISSING, Column, Noted, Table
from pipeline.report.quarterly.sentences import results_sentence
from pipeline.texts import Texts

BY_CODE = RowKeys(metric="code")
NUMBER_CELL = 0  # the cells are text with their unit; digits only set them to the right


def show_metrics(report: QuarterReport) -> Stack:
    """Show one table a group with the metrics that it owns, and how far targets were attained."""
    texts = report.texts
    blocks: list[Block] = [Section("metrics", texts("metrics.title"), results_sentence(report))]
    note = festival_note(report) if results_of_quarter(report)["last_year"].notna().any() else None
    if note:
        blocks.append(Notice(texts("festival.title"), note))
    blocks += [ForFacet(block, Facet(group)) for group in report.groups for block in _group_blocks(report, group)]
    chart = _attainment(report)
    if chart is not None:
        blocks.append(chart)
    return Stack((*blocks, _definitions(report)))


@kept
def _note_numbers(report: QuarterReport) -> Mapping[str, int]:
    """Return the number of the footnote of every metric that any group owns, in their order."""
    shown = dict.fromkeys(results_of_quarter(report)["metric"].tolist())
    return {metric: number for number, metric in enumerate(shown, start=1)}


def _definitions(report: QuarterReport) -> Footnotes:
    """Return what every shown metric means, as the footnotes of the tables."""
    metrics = [report.catalog.metrics[name] for name in _note_numbers(report)]
    notes = (
        Footnote(
            _note_id(metric.metric),
            report.label(metric),
            metric.definition_en if report.texts.lang == "en" else metric.definition_zh,
            Facet(metric=metric.metric),
        )
        for metric in metrics
    )
    return Footnotes(report.texts("defence.definitions"), tuple(notes))


def _note_id(metric: str) -> str:
    return f"note-{metric.replace('_', '-')}"


def _group_blocks(report: QuarterReport, group: str) -> list[Block]:
    rows = results_of_group(report, group)
    if rows.empty:
        return []
    if group not in groups_in(report, report.months):
        return [Bullets((report.texts("metrics.without_members", group=group), *_counted_nowhere(report, group)))]
    blocks: list[Block] = [_metric_table(report, group, rows)]
    if report.quarter.quarter == FIRST_QUARTER and scored_months(report)[group].issuperset(report.months[:2]):
        blocks.append(_two_month_table(report, group))
    notes = _notes(report, group, rows)
    return [*blocks, Bullets(notes)] if notes else blocks


def _metric_table(report: QuarterReport, group: str, rows: pd.DataFrame) -> Table:
    texts, catalog = report.texts, report.catalog
    metrics = [catalog.metrics[name] for name in rows.index]
    frame = pd.DataFrame(
        {
            "metric": [
                Noted(label, _note_numbers(report)[str(name)], _note_id(str(name)))
                for name, label in rows["label"].items()
            ],
            "code": rows.index.to_numpy(),
            **{
                name: [
                    metric_value(value, metric, catalog, texts)
                    for metric, value in zip(metrics, rows[name], strict=True)
                ]
                for name in ("value", "target", "last_year")
            },
            "attained": [rate_text(value, texts) for value in rows["attained_pct"]],
            "change": [_change(catalog.metrics[str(name)], row, texts) for name, row in rows.to_dict("index").items()],
        }
    )
    columns = (
        Column("metric", texts("column.metric")),
        Column("value", texts("metrics.value"), NUMBER_CELL),
        Column("target", texts("metrics.target"), NUMBER_CELL),
        Column("attained", texts("metrics.attained"), NUMBER_CELL),
        Column("last_year", texts("metrics.last_year"), NUMBER_CELL),
        Column("change", texts("metrics.change"), NUMBER_CELL),
    )
    unknown = rows["value"].isna().to_numpy()
    frame["value"] = [
        _why_no_value(report, group, metric) if is_unknown else text
        for metric, text, is_unknown in zip(metrics, frame["value"], unknown, strict=True)
    ]
    told = tuple(column for column in columns if not (frame[column.name] == MISSING).all())
    return Table(frame, told, caption=texts("metrics.table", group=group), keys=BY_CODE)


def _why_no_value(report: QuarterReport, group: str, metric: Metric) -> str:
    """Return the words that stand where a metric has no value: no data, or data of months in which nothing was due."""
    return report.texts("metrics.no_data" if months_missing(report, group, metric) else "metrics.nothing_due")


def _change(metric: Metric, row: Mapping[Any, Any], texts: Texts) -> str:
    """Return the change as text; none for heavy-tailed amounts, where one large case decides it."""
    if metric.unit == "pct":
        return metric_change(printed_change(row["value"], row["last_year"], metric.decimals), metric, texts)
    return MISSING if metric.has_heavy_tail else metric_change(row["change"], metric, texts)


def _two_month_table(report: QuarterReport, group: str) -> Table:
    """Return January and February together: the Spring Festival moves between them, and only their sum compares."""
    texts, catalog = report.texts, report.catalog
    rows = []
    for metric in report.metrics_of(group):
        both = january_and_february(report, group, metric)
        rows.append(
            {
                "metric": report.label(metric),
                "code": metric.metric,
                "value": metric_value(both.value, metric, catalog, texts),
                "last_year": metric_value(both.last_year, metric, catalog, texts),
            }
        )
    columns = (
        Column("metric", texts("column.metric")),
        Column("value", texts("metrics.two_months_now"), NUMBER_CELL),
        Column("last_year", texts("metrics.two_months_before"), NUMBER_CELL),
    )
    return Table(pd.DataFrame(rows), columns, caption=texts("metrics.two_months", group=group), keys=BY_CODE)


def _notes(report: QuarterReport, group: str, rows: pd.DataFrame) -> tuple[str | About, ...]:
    """Return what a reader must know beside the numbers: months missing, no base, one large case."""
    texts = report.texts
    metrics = [report.catalog.metrics[str(name)] for name in rows.index]
    partial: dict[tuple[pd.Period, ...], list[str]] = {}
    for metric in metrics:
        partial.setdefault(months_missing(report, group, metric), []).append(report.label(metric))
    notes: list[str | About] = [
        texts(
            "metrics.partial",
            metrics=listed(labels, texts),
            months=listed((short_month_text(month, texts) for month in months), texts),
        )
        for months, labels in partial.items()
        if 0 < len(months) < len(scored_months(report)[group].intersection(report.months))
    ]
    notes += [*_counted_nowhere(report, group), *_unused_rows_notes(report, metrics)]
    others = other_members(report, group, report.months[0] - 12, report.months[-1])
    if others and rows["last_year"].notna().any():
        notes.append(
            texts("metrics.other_members", months=listed((month_text(month, texts) for month in others), texts))
        )
    moved = regrouped(report, group, report.months[0] - 12, report.months[-1])
    if moved and rows["attained_pct"].notna().any():
        notes.append(texts("metrics.regrouped", months=listed((month_text(month, texts) for month in moved), texts)))
    without_base = [str(label) for label in rows.loc[rows["last_year"] == 0, "label"]]
    if without_base:
        notes.append(texts("metrics.no_base", metrics=listed(without_base, texts)))
    known = [metric for metric, is_known in zip(metrics, rows["value"].notna(), strict=True) if is_known]
    heavy = [metric for metric in known if metric.has_heavy_tail]
    notes += [About(_heavy_tail_note(report, group, metric), Facet(metric=metric.metric)) for metric in heavy]
    return tuple(notes)


def _counted_nowhere(report: QuarterReport, group: str) -> list[str]:
    """Return which results and plans workbooks have for a group in months in which it has no members."""
    texts, rows = report.texts, report.of_quarter("results_without_members")
    own = rows[rows["party_group"] == group]
    if own.empty:
        return []
    months, measures = sorted(own["month"].unique()), set(own["measure"])
    labels = [report.label(measure) for name, measure in report.catalog.measures.items() if name in measures]
    named = listed((short_month_text(month, texts) for month in months), texts)
    return [texts("metrics.counted_nowhere", group=group, months=named, metrics=listed(labels, texts))]


def _unused_rows_notes(report: QuarterReport, metrics: list[Metric]) -> list[str]:
    """Return one line for all metrics whose workbooks had the same number of rows that were not used."""
    texts = report.texts
    found: dict[str, list[str]] = {}
    for metric in metrics:
        found.setdefault(unused_rows_text(report, metric), []).append(report.label(metric))
    return [
        texts("metrics.rows_not_used", metrics=listed(labels, texts), words=words)
        for words, labels in found.items()
        if words
    ]


def _heavy_tail_note(report: QuarterReport, group: str, metric: Metric) -> str:
    months = metric_months(report, group, metric.metric)
    now = months[months.index.isin(report.months)].median()
    before = months[months.index.isin([month - 12 for month in report.months])].median()
    return report.texts(
        "metrics.heavy_tail" if pd.notna(before) else "metrics.heavy_tail_now",
        metric=report.label(metric),
        median=quantity(now, metric.unit, metric.decimals, report.texts),
        last_year=quantity(before, metric.unit, metric.decimals, report.texts),
    )


def _attainment(report: QuarterReport) -> Chart | None:
    texts, figure = report.texts, attainment_figure(report)
    if figure is None:
        return None
    rows = attained_rows(report)
    frame = rows.assign(group=group_marks(report, rows["party_group"]))
    keys = RowKeys(group="party_group", metric="metric")
    columns = (
        Column("label", texts("column.metric")),
        Column("group", texts("column.party_group")),
        Column("attained_pct", texts("metrics.attained"), digits=RATE_DIGITS, unit="%"),
    )
    below = rows[rows["attained_pct"].round(RATE_DIGITS) < 100]
    return Chart(
        id="chart-attainment",
        figure=figure,
        title=texts("metrics.chart_title"),
        summary=texts("metrics.chart_summary", all=len(rows), reached=len(rows) - len(below)),
        table=Table(frame, columns, caption=texts("metrics.chart_title"), keys=keys),
        table_label=texts("chart.view_data"),
        how_to_read=texts("metrics.how_to_read"),
    )
