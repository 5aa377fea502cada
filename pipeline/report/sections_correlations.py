"""The forest plots of section 5: how closely points and results move together, and how sure that is."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.catalog import Metric
from pipeline.report.blocks import PageLink, Prose, Stack, Subheading
from pipeline.report.chart_block import Chart
from pipeline.report.forests import between_groups, forest_figure, forest_metrics, rows_of_metric
from pipeline.report.marks import verdict_mark
from pipeline.report.numbers import CORRELATION_DIGITS, joined
from pipeline.report.page_files import APPENDIX_FILE
from pipeline.report.quarter import QuarterReport
from pipeline.report.relations import POOLED, claim_label, scope_label, verdict_words
from pipeline.report.table_block import Column, Table
from pipeline.stats.words import verdict_name

NUMBERS = ("r", "ci_low", "ci_high", "r_shrunk", "shrunk_low", "shrunk_high")


def show_correlations(report: QuarterReport) -> Stack:
    """Show a forest plot a metric of which anything could be judged, and the way to the analyst's appendix."""
    texts, metrics = report.texts, forest_metrics(report)
    link = PageLink(texts("forest.to_appendix"), APPENDIX_FILE)
    if not metrics:
        return Stack((Subheading(texts("forest.title")), Prose((texts("forest.nothing"),)), link))
    charts = [_forest(report, metric) for metric in metrics]
    intro = Prose((texts("forest.intro"), texts("forest.how_to_read")))
    return Stack((Subheading(texts("forest.title")), intro, *charts, link))


def _forest(report: QuarterReport, metric: Metric) -> Chart:
    texts, rows = report.texts, rows_of_metric(report, metric.metric)
    title = texts("forest.chart_title", metric=report.label(metric))
    return Chart(
        id=f"chart-forest-{metric.metric.replace('_', '-')}",
        figure=forest_figure(report, metric.metric),
        title=title,
        summary=_summary(report, metric, rows),
        table=_table(report, metric, rows, title),
        table_label=texts("chart.view_data"),
    )


def _summary(report: QuarterReport, metric: Metric, rows: Mapping[str, Mapping[Any, Any]]) -> str:
    """Say the verdict on all groups together, and how many groups came out how; a single owner speaks for itself."""
    texts = report.texts
    chosen = POOLED if POOLED in rows else next(iter(rows))
    label = claim_label(chosen, metric.metric, report)
    words = texts("forest.summary", scope=label, words=verdict_words(rows[chosen], report))
    r, groups = between_groups(report, metric.metric)
    return words if r is None else joined((words, texts("forest.between_words", count=groups)), texts)


def _table(report: QuarterReport, metric: Metric, rows: Mapping[str, Mapping[Any, Any]], title: str) -> Table:
    texts = report.texts
    frame = pd.DataFrame(
        [
            {
                "scope": scope_label(scope, report),
                "verdict": verdict_mark(str(row["verdict"]), verdict_name(str(row["verdict"]), texts)),
                "lag": row["lag"] if row["verdict"] == "evidence" else None,
                "n": row["n_months"],
                **{name: row[name] for name in NUMBERS},
            }
            for scope, row in rows.items()
        ]
    )
    r, _ = between_groups(report, metric.metric)
    if r is not None:
        between = {"scope": texts("forest.between_label"), "verdict": None, "lag": None, "n": None, "r": r}
        frame = pd.concat([frame, pd.DataFrame([between])], ignore_index=True)
    columns = (
        Column("scope", texts("forest.scope")),
        Column("verdict", texts("relations.verdict")),
        Column("n", texts("forest.months"), digits=0),
        Column("lag", texts("forest.lag_of_evidence"), digits=0),
        *(Column(name, texts(f"forest.column_{name}"), digits=CORRELATION_DIGITS) for name in NUMBERS),
    )
    return Table(frame, columns, caption=title)
