"""What the forest plots take from the tables: of a metric a row a group, the pooled row, and the one between groups."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from plotly.graph_objects import Figure

from pipeline.catalog import Metric
from pipeline.charts import Estimate, ForestGroup, ForestMean, forest_chart
from pipeline.report.material.numbers import correlation_text
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.material.relations import lag_of, scope_label
from pipeline.report.page.table_block import is_missing
from pipeline.stats.aligned import POOLED
from pipeline.stats.repeated import FEWEST_GROUPS_BETWEEN


def forest_metrics(report: QuarterReport) -> list[Metric]:
    """Return the metrics of which anything was judged, in the order of the catalog."""
    table = report.tables["relationships"]
    judged = frozenset(table.loc[table["r"].notna(), "metric"])
    return [metric for name, metric in report.catalog.metrics.items() if name in judged]


def rows_of_metric(report: QuarterReport, metric: str) -> Mapping[str, Mapping[Any, Any]]:
    """Return the relationships of one metric by scope: groups in their order, then all of them pooled."""
    table = report.tables["relationships"]
    rows: dict[str, Mapping[Any, Any]] = {
        str(row["scope"]): row for row in table[table["metric"] == metric].to_dict("records")
    }
    return {scope: rows[scope] for scope in (*report.groups, POOLED) if scope in rows}


def forest_figure(report: QuarterReport, metric: str) -> Figure:
    """Return the forest plot of one metric."""
    rows = rows_of_metric(report, metric)
    groups = [
        ForestGroup(
            label=row_label(report, row),
            colour=report.numbers[scope],
            own=estimate_of(row, "r", "ci_low", "ci_high"),
            shrunk=estimate_of(row, "r_shrunk", "shrunk_low", "shrunk_high"),
            note=_note(report, row),
        )
        for scope, row in rows.items()
        if scope != POOLED
    ]
    pooled = ForestMean(report.texts("stats.scope.pooled"), None)
    if POOLED in rows:
        row = rows[POOLED]
        pooled = ForestMean(row_label(report, row), estimate_of(row, "r", "ci_low", "ci_high"), _note(report, row))
    return forest_chart(groups, pooled, _between(report, metric), report.texts)


def row_label(report: QuarterReport, row: Mapping[Any, Any]) -> str:
    """Return the name of a row and below it the verdict with r where it was judged; a lag above 0 is named."""
    name = scope_label(str(row["scope"]), report)
    if is_missing(row["r"]):
        return name
    verdict = report.texts(f"forest.verdict.{row['verdict']}")
    said = {"scope": name, "verdict": verdict, "r": correlation_text(row["r"])}
    lag = lag_of(row)
    return report.texts("forest.label_later", lag=lag, **said) if lag else report.texts("forest.label", **said)


def estimate_of(row: Mapping[Any, Any], r: str, low: str, high: str) -> Estimate | None:
    """Return one estimate of a row by the names of its columns; None where there is none."""
    if is_missing(row[r]):
        return None
    ends = (None if is_missing(row[name]) else float(row[name]) for name in (low, high))
    return Estimate(float(row[r]), *ends)


def between_groups(report: QuarterReport, metric: str) -> tuple[float | None, int]:
    """Return the correlation of the groups' means (None with fewer than three of them) and how many there are."""
    table = report.tables["within_group_by_metric"]
    own = table[table["metric"] == metric]
    if own.empty:
        return None, 0
    row = own.iloc[0]
    groups = int(row["n_groups"])
    return (None if groups < FEWEST_GROUPS_BETWEEN or pd.isna(row["r_between"]) else float(row["r_between"])), groups


def _between(report: QuarterReport, metric: str) -> ForestMean:
    texts, (r, groups) = report.texts, between_groups(report, metric)
    if r is None:
        return ForestMean(texts("forest.between_label_plain"), None, texts("forest.too_few_groups", count=groups))
    label = texts("forest.between_label_r", r=correlation_text(r), count=groups)
    return ForestMean(label, Estimate(r))


def _note(report: QuarterReport, row: Mapping[Any, Any]) -> str:
    """Return what stands where a row has no estimate: the verdict and the months."""
    if not is_missing(row["r"]):
        return ""
    verdict = report.texts(f"forest.verdict.{row['verdict']}")
    return report.texts("relations.without_r", verdict=verdict, n=row["n_months"])
