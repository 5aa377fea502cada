"""The forest plots of section 5: how closely points and results move together, and how sure that is."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.catalog import Metric
from pipeline.report.material.marks import BY_GROUP, verdict_mark
from pipeline.report.material.numbers import correlation_text, joined
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.material.relations import claim_label, interval_words, scope_label, verdict_words
from pipeline.report.page.blocks import ForFacet, PageLink, Prose, Stack, Subheading
from pipeline.report.page.chart_block import Chart
from pipeline.report.page.facets import Facet
from pipeline.report.page.files import APPENDIX_FILE
from pipeline.report.page.table_block import Column, Table, filled_columns
from pipeline.report.quarterly.forests import between_groups, forest_figure, forest_metrics, rows_of_metric
from pipeline.stats.aligned import POOLED
from pipeline.stats.words import verdict_name


def show_correlations(report: QuarterReport) -> Stack:
    """Show a forest plot a metric of which anything could be judged, and the way to the analyst's appendix."""
    texts, metrics = report.texts, forest_metrics(report)
    link = PageLink(texts("forest.to_appendix"), APPENDIX_FILE)
    if not metrics:
        return Stack((Subheading(texts("forest.title")), Prose((texts("forest.nothing"),)), link))
    charts = [ForFacet(_forest(report, metric), Facet(metric=metric.metric)) for metric in metrics]
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
        how_to_read=texts("forest.read_one"),
        is_half=True,
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
    cells = [_cells(report, scope, row) for scope, row in rows.items()]
    r, groups = between_groups(report, metric.metric)
    if r is not None:
        label = texts("forest.between_in_table", count=groups)
        cells.append({"scope": label, "own": correlation_text(r)})
    columns = (
        Column("scope", texts("forest.scope")),
        Column("verdict", texts("relations.verdict")),
        Column("n", texts("forest.months"), digits=0),
        Column("lag", texts("forest.lag_of_evidence"), digits=0),
        Column("own", texts("forest.column_own")),
        Column("shrunk", texts("forest.column_shrunk")),
    )
    frame = pd.DataFrame(cells, columns=[*(column.name for column in columns), "group"])
    return Table(frame, filled_columns(frame, columns), caption=title, keys=BY_GROUP)


def _cells(report: QuarterReport, scope: str, row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return one row of the table; a lag stands there with evidence only.

    The mean that groups are moved towards is the appendix's: with few groups its interval spans nearly everything.
    """
    verdict = str(row["verdict"])
    shrunk = None if scope == POOLED else interval_words(report, row, "r_shrunk", "shrunk_low", "shrunk_high")
    return {
        "scope": scope_label(scope, report),
        "group": "" if scope == POOLED else scope,
        "verdict": verdict_mark(verdict, verdict_name(verdict, report.texts)),
        "lag": row["lag"] if verdict == "evidence" else None,
        "n": row["n_months"],
        "own": interval_words(report, row, "r", "ci_low", "ci_high"),
        "shrunk": shrunk,
    }
