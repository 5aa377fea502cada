"""What the table of relationships says, in the shape that charts and sentences need."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.catalog import Metric
from pipeline.report.material.base import kept
from pipeline.report.material.lacking import never_read
from pipeline.report.material.numbers import correlation_text, joined
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.page.table_block import is_missing
from pipeline.stats import VERDICTS, reasons
from pipeline.stats.aligned import POOLED
from pipeline.stats.pairs import FEWEST_MONTHS_POOLED
from pipeline.stats.scopes import FEWEST_GROUPS_POOLED
from pipeline.stats.words import verdict_sentence

EVIDENCE, CLUE = "evidence", "clue"  # verdicts
# Reasons for which a group has no series that could be judged, however many its months are
NO_SERIES = (
    reasons.TOO_FEW_ROWS,
    reasons.ALL_MISSING,
    reasons.CONSTANT,
    reasons.INFINITE_VALUES,
    reasons.DUPLICATE_MONTHS,
)
SHOWN_FIRST = (EVIDENCE, CLUE)  # a chart is drawn of what may be claimed, before what may not


@kept
def of_scope(report: QuarterReport, scope: str) -> pd.DataFrame:
    """Return the relationships of one group, or of all pooled, indexed by metric in the order of the catalog."""
    rows = report.rows_of("relationships", "scope", scope).set_index("metric")
    return rows.reindex([name for name in report.catalog.metrics if name in rows.index])


def relation_of(report: QuarterReport, scope: str, metric: str) -> Mapping[Any, Any] | None:
    """Return one row of the relationships, its fields by name; None where there is none."""
    return _relations_by_metric(report, scope).get(metric)


@kept
def _relations_by_metric(report: QuarterReport, scope: str) -> Mapping[Any, Mapping[Any, Any]]:
    return of_scope(report, scope).to_dict("index")


def count_verdicts(report: QuarterReport) -> Mapping[str, int]:
    """Return how many rows came out with each verdict, none left out."""
    counts = report.tables["relationships"]["verdict"].value_counts()
    return {verdict: int(counts.get(verdict, 0)) for verdict in VERDICTS}


def pairs_tested(report: QuarterReport) -> int:
    """Return how many group-metric pairs and pools were tested together."""
    table = report.tables["relationships"]
    return int(table["n_pairs"].iloc[0]) if len(table) else 0


@kept
def trend_metric(report: QuarterReport, group: str) -> Metric | None:
    """Return the metric to draw below a group's points: one with evidence, else a clue, else the first it owns."""
    owned = report.metrics_of(group, only_correlated=True)
    verdicts = of_scope(report, group)["verdict"]
    for wanted in SHOWN_FIRST:
        for metric in owned:
            if verdicts.get(metric.metric) == wanted:
                return metric
    return owned[0] if owned else None


def verdict_words(row: Mapping[Any, Any], report: QuarterReport) -> str:
    """Return what may be said of one row of the relationships (its fields by name), with its numbers.

    ``row`` may lack scope and metric; with them, a verdict on later months says how many pairs of months it rests on.
    """
    texts, reason = report.texts, "" if pd.isna(row["reason"]) else row["reason"]
    words = verdict_sentence({**row, "reason": reason}).read(texts)
    lag = lag_of(row)
    if not lag or not {"scope", "metric"} <= row.keys():
        return words
    pairs = pairs_of_months(report, str(row["scope"]), str(row["metric"]), lag)
    return joined((words, texts("relations.pairs_of_months", lag=lag, pairs=pairs)), texts)


def dated_r(report: QuarterReport, row: Mapping[Any, Any]) -> str:
    """Return r of a row, and how many months later its results are; without a word on that they are of the same month.

    Every row has its own lag (with evidence the one that stands out), so that an r is not to be read without it. A clue
    has no lag chosen: its r is said to be of the same month, where it need not stand out.
    """
    r, lag = correlation_text(row["r"]), lag_of(row)
    if row.get("verdict") == CLUE:
        return report.texts("relations.r_same_month", r=r)
    return report.texts("relations.r_later", r=r, lag=lag) if lag else r


def lag_of(row: Mapping[Any, Any]) -> int:
    """Return how many months later the results of a row are than its points; 0 where nothing was judged."""
    return 0 if pd.isna(row["lag"]) else int(row["lag"])


def interval_words(report: QuarterReport, row: Mapping[Any, Any], r: str, low: str, high: str) -> str | None:
    """Return r with its interval in brackets, r alone where there is none, None where there is neither."""
    if is_missing(row[r]):
        return None
    if is_missing(row[low]) or is_missing(row[high]):
        return correlation_text(row[r])
    ends = {"low": correlation_text(row[low]), "high": correlation_text(row[high])}
    return report.texts("relations.interval", r=correlation_text(row[r]), **ends)


@kept
def pairs_of_months(report: QuarterReport, scope: str, metric: str, lag: int) -> int:
    """Return how many months have points, and a result ``lag`` months later; summed over its members for the pool."""
    panel, groups = report.tables["panel"], pool_members(report, metric) if scope == POOLED else (scope,)
    own = panel[(panel["metric"] == metric) & panel["party_group"].isin(groups)]
    points = own.dropna(subset=["process_points"])[["party_group", "month"]]
    results = own.dropna(subset=["value"])[["party_group", "month"]]
    return len(points.assign(month=points["month"] + lag).merge(results, on=["party_group", "month"]))


@kept
def never_kept(report: QuarterReport) -> tuple[str, ...]:
    """Return the items of process points without any ledger in any month, where no month is whole for want of them."""
    items = report.tables["points_by_group_month_item"]
    process = [name for name, category in report.catalog.categories.items() if category.is_process]
    if report.tables["points_by_group_month"]["process_points"].notna().any():
        return ()
    labels = report.item_labels()
    never = never_read(items[items["category"].isin(process)])
    return tuple(report.texts("relations.item", item=item, label=labels.get(item, item)) for item in never)


def scope_label(scope: str, report: QuarterReport) -> str:
    """Return the name of a scope: the group's own, or the words for all groups together."""
    return report.texts("stats.scope.pooled") if scope == POOLED else scope


def claim_label(scope: str, metric: str, report: QuarterReport) -> str:
    """Return the name of a scope for one metric; all groups together are those that own it and have the months for it,
    and how many they are.
    """
    label = scope_label(scope, report)
    if scope != POOLED:
        return label
    owners, members = owners_of(metric, report), pool_members(report, metric)
    if len(members) == len(owners):
        return report.texts("relations.pooled_owners", scope=label, count=len(owners))
    return report.texts("relations.pooled_some_owners", scope=label, count=len(members), owners=len(owners))


def owners_of(metric: str, report: QuarterReport) -> tuple[str, ...]:
    """Return the groups that own a metric, in the bureau's order."""
    return tuple(group for group in report.groups if report.bureau.owns(group, metric))


@kept
def pool_members(report: QuarterReport, metric: str) -> tuple[str, ...]:
    """Return the groups that the pool of a metric is made of: those whose series can be judged, and are long enough.

    Every owner where fewer than two are: then the pool says nothing, and why.
    """
    found = {group: relation_of(report, group, metric) for group in owners_of(metric, report)}
    members = tuple(
        group
        for group, row in found.items()
        if row is not None and row["reason"] not in NO_SERIES and row["n_months"] >= FEWEST_MONTHS_POOLED
    )
    return members if len(members) >= FEWEST_GROUPS_POOLED else tuple(found)
