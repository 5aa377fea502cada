"""One bureau's share of the page across bureaus: aggregates of one quarter from its published tables."""

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline.catalog import Catalog, Metric
from pipeline.ingest.bureau import Bureau
from pipeline.ingest.store import load_bureau, read_table
from pipeline.panel import correlated_results, coupled_metrics, process_points, turnover_months
from pipeline.periods import months_of
from pipeline.report.material.lacking import ITEMS, quarter_gaps, unequal_groups, whole_months
from pipeline.report.material.noise import fewest_months, monthly_noise
from pipeline.report.material.privacy import managers_view
from pipeline.stats import assess
from pipeline.stats.aligned import POOLED
from pipeline.stats.funnel import funnel

ADDITIVE = ("sum", "count")  # aggregates that may be added up over groups
ON_TARGET_PCT = 100.0
SAME_MONTH = 0  # the funnel compares like with like: every bureau at the same lag
LIST_SEPARATOR = ";"


@dataclass(frozen=True)
class OneBureau:
    """What one bureau adds: a row of ``bureaus_by_quarter``, and its rows of the other tables without ``bureau``.

    ``estimates`` are the pooled rows of its ``correlations_by_lag`` for the same month.
    """

    facts: Mapping[str, object]
    groups: pd.DataFrame
    metrics: pd.DataFrame
    group_metrics: pd.DataFrame
    relationships: pd.DataFrame
    estimates: pd.DataFrame


def read_one(folder: Path, quarter: pd.Period, catalog: Catalog) -> OneBureau:
    """Read one bureau's published tables of ``quarter``; raises `NotMadeYet` for a missing one."""

    def table(name: str) -> pd.DataFrame:
        return managers_view(read_table(name, folder, catalog), name, catalog)

    bureau, standings, metrics = (
        load_bureau(folder),
        table("standings_by_group_quarter"),
        table("metrics_by_group_quarter"),
    )
    groups = standings[standings["quarter"] == quarter].drop(columns=["quarter", "rank", "rank_basis"])
    group_metrics = metrics[metrics["quarter"] == quarter].drop(columns="quarter")
    lags = table("correlations_by_lag")
    items, submissions = table(ITEMS), table("submissions")
    lacking = {
        "lacking_groups": len(quarter_gaps({ITEMS: items, "submissions": submissions}, bureau, catalog, quarter)),
        "unequal_groups": len(unequal_groups(items, bureau.groups, months_of(quarter))),
    }
    points = whole_months(table("points_by_group_month"), items)
    there = set(points.loc[points["month"].isin(months_of(quarter)), "party_group"])
    stray = table("results_without_members")
    elsewhere = set(stray.loc[stray["month"].isin(months_of(quarter)), "measure"])
    fewest = fewest_months(table("points_by_group_month"), quarter)
    facts = _facts(bureau, groups, points, submissions, quarter, fewest)
    return OneBureau(
        facts={**facts, **lacking, "group_count": len(there), "overdue_count": len(table("overdue"))},
        groups=groups,
        metrics=_bureau_metrics(group_metrics, bureau, quarter, catalog, there, elsewhere),
        group_metrics=group_metrics,
        relationships=table("relationships"),
        estimates=lags[(lags["scope"] == POOLED) & (lags["lag"] == SAME_MONTH)],
    )


def assess_again(folder: Path, catalog: Catalog, resamples: int) -> pd.DataFrame:
    """Return the relationships of one bureau as notebook 3 finds them, with so many ``resamples``, drawn anew.

    They are drawn from another seed: p values that were below a limit by the luck of the first draw are not so again.
    """
    panel, turnover = (read_table(name, folder, catalog) for name in ("panel", "turnover_by_group_month"))
    return assess(
        process_points(panel),
        correlated_results(panel, catalog),
        coupled=coupled_metrics(load_bureau(folder), catalog),
        turnover=turnover_months(turnover),
        resamples=resamples,
        seed=resamples,
    ).relationships


def funnels(estimates: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """Return the funnels of all metrics that are compared with points, below each other, with a column metric."""
    names = [name for name, metric in catalog.metrics.items() if metric.is_correlated]
    return pd.concat([funnel(estimates, name, SAME_MONTH).assign(metric=name) for name in names], ignore_index=True)


def planned_metrics(catalog: Catalog) -> list[Metric]:
    """Return the metrics that have a plan or target, in the order of the catalog."""
    return [metric for metric in catalog.metrics.values() if metric.target]


def is_additive(metric: Metric, catalog: Catalog) -> bool:
    """Tell whether a metric may be added up over groups."""
    return catalog.measures[metric.measure].aggregate in ADDITIVE


def _facts(
    bureau: Bureau,
    groups: pd.DataFrame,
    points: pd.DataFrame,
    submissions: pd.DataFrame,
    quarter: pd.Period,
    fewest: int,
) -> dict[str, object]:
    months = months_of(quarter)
    until = points[points["month"] <= months[-1]]
    means, states = groups["points_mean"].dropna(), submissions["state"]
    missing = submissions.loc[states == "missing", "kind"]
    return {
        "bureau_name": bureau.name.strip(),
        "scored_groups": len(means),
        "points_mean": means.mean(),
        "points_low": means.min(),
        "points_high": means.max(),
        "change_points": groups["change_points"].mean(skipna=False) if len(groups) else None,
        "clear_gap_points": monthly_noise(until, fewest).clear_gap,
        "months": int(until.loc[until["process_points"].notna(), "month"].nunique()),
        "workbooks_due": len(states),
        "workbooks_submitted": int((states != "missing").sum()),
        "workbooks_unreadable": int((states == "unreadable").sum()),
        "missing_kinds": LIST_SEPARATOR.join(dict.fromkeys(missing)),
    }


def _bureau_metrics(
    group_metrics: pd.DataFrame,
    bureau: Bureau,
    quarter: pd.Period,
    catalog: Catalog,
    there: Collection[str],
    elsewhere: Set[str],
) -> pd.DataFrame:
    """Return one row a metric with a target that any group owns: how many groups own it, know it, have attained it.

    ``there`` are the groups with members in the quarter; ``elsewhere`` the measures that a workbook has in the name of
    a group without any: of these there is no sum.

    ``attained_pct`` is that of the sum over groups, for what may be added up, and only where every owner has a value
    and a target for each month of the quarter; else it is missing. ``change`` from last year likewise, in percent.
    """
    rows = []
    for metric in planned_metrics(catalog):
        owners = sum(bureau.owns(group, metric.metric) for group in there)
        own = group_metrics[(group_metrics["metric"] == metric.metric) & group_metrics["attained_pct"].notna()]
        whole = own[own["month_count"] == len(months_of(quarter))]
        if owners:
            is_known = len(whole) == owners and elsewhere.isdisjoint((metric.measure, metric.target))
            is_total = is_additive(metric, catalog) and is_known
            rows.append(
                {
                    "metric": metric.metric,
                    "owner_count": owners,
                    "known_groups": len(whole),
                    "attained_groups": int((whole["attained_pct"] >= ON_TARGET_PCT).sum()),
                    "attained_pct": _total_attained(whole) if is_total else None,
                }
            )
    names = ["metric", "owner_count", "known_groups", "attained_groups", "attained_pct"]
    return pd.DataFrame(rows, columns=names)


def _total_attained(rows: pd.DataFrame) -> float | None:
    """Return what the groups reached together, in percent of their targets together."""
    target = float(rows["target"].sum())
    return float((rows["attained_pct"] * rows["target"]).sum() / target) if target > 0 else None
