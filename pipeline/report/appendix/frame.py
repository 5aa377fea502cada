"""The analyst's appendix: its frame, and every pair in one table, judged or not."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from pipeline.report.material.quarter import QuarterReport
from pipeline.report.material.relations import scope_label
from pipeline.report.page.files import APPENDIX_FILE
from pipeline.report.page.frame import APPENDIX_PAGE, PageFrame
from pipeline.report.page.links import page_links
from pipeline.report.quarterly.headline import page_choices, page_frame
from pipeline.stats.aligned import POOLED
from pipeline.stats.judgement import SAME_MONTH

PLAIN = ("r", "ci_low", "ci_high", "n_effective")
PLAIN_COLUMNS = ("plain_r", "plain_low", "plain_high", "n_effective")


def appendix_frame(report: QuarterReport) -> PageFrame:
    """Return the frame of the appendix: the managers' one under its own title; its numbers are of all quarters."""
    frame, title = page_frame(report), report.texts("appendix.title", report=page_frame(report).title)
    links = page_links(APPENDIX_FILE, report.texts)
    choices = replace(page_choices(report), quarters=())
    return replace(frame, title=title, page=APPENDIX_PAGE, choices=choices, links=links)


def pair_label(report: QuarterReport, metric: str, scope: str) -> str:
    """Return the name of one pair: its metric and its scope."""
    label = report.label(report.catalog.metrics[metric])
    return report.texts("appendix.pair", metric=label, scope=scope_label(scope, report))


def in_order(report: QuarterReport, rows: pd.DataFrame, scope: str = "scope") -> pd.DataFrame:
    """Return rows by metric in the order of the catalog, then by group in their order, all pooled last."""
    metrics = {name: place for place, name in enumerate(report.catalog.metrics)}
    scopes = {name: place for place, name in enumerate((*report.groups, POOLED))}
    order = pd.DataFrame({"metric": rows["metric"].map(metrics), "scope": rows[scope].map(scopes)})
    return rows.loc[order.sort_values(["metric", "scope"], kind="stable").index]


def every_pair(report: QuarterReport) -> pd.DataFrame:
    """Return one row a metric and scope, whatever its verdict, in the order of the page.

    Columns of ``relationships``; where nothing was judged r, ci_low and ci_high are those of the same month, as far as
    they can be estimated. plain_r, plain_low, plain_high and n_effective are of the plain method in the same month;
    all groups together have only the mean of it.
    """
    table = in_order(report, report.tables["relationships"])
    estimated = _by_pair(report.tables["correlations_by_lag"], "scope", ("r", "ci_low", "ci_high"))
    plain = _by_pair(report.tables["naive_correlations"], "group", PLAIN)
    return pd.DataFrame([_pair(row, estimated, plain) for row in table.to_dict("records")], columns=_columns(table))


def _columns(table: pd.DataFrame) -> list[str]:
    return [*map(str, table.columns), *PLAIN_COLUMNS]


def _pair(
    row: Mapping[Any, Any],
    estimated: Mapping[tuple[str, str], Mapping[str, Any]],
    plain: Mapping[tuple[str, str], Mapping[str, Any]],
) -> dict[str, Any]:
    key = (str(row["scope"]), str(row["metric"]))
    unjudged = estimated.get(key, {}) if pd.isna(row["r"]) else {}
    own = plain.get(key, {"r": row["r_raw"]} if row["scope"] == POOLED else {})
    return {
        **row,
        **unjudged,
        "plain_r": own.get("r"),
        "plain_low": own.get("ci_low"),
        "plain_high": own.get("ci_high"),
        "n_effective": own.get("n_effective"),
    }


def _by_pair(table: pd.DataFrame, scope: str, columns: tuple[str, ...]) -> Mapping[tuple[str, str], Mapping[str, Any]]:
    """Return the same-month rows of a table by scope and metric."""
    rows = table[table["lag"] == SAME_MONTH]
    return {
        (str(row[scope]), str(row["metric"])): {name: row[name] for name in columns} for row in rows.to_dict("records")
    }
