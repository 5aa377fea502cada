"""Copies of the hand-made quarter with one thing changed."""

from dataclasses import replace

import pandas as pd

from pipeline.report.material.quarter import QuarterReport


def with_table(report: QuarterReport, name: str, frame: pd.DataFrame) -> QuarterReport:
    """The same report with one table replaced."""
    return replace(report, tables={**report.tables, name: frame})


def with_points(report: QuarterReport, **scores: float) -> QuarterReport:
    """The same report with other quarter means, ranked by them."""
    standings = report.tables["standings_by_group_quarter"].copy()
    for rank, (group, score) in enumerate(sorted(scores.items(), key=lambda entry: -entry[1]), start=1):
        here = (standings["quarter"] == report.quarter) & (standings["party_group"] == group)
        standings.loc[here, ["points_mean", "rank"]] = [score, rank]
    return with_table(report, "standings_by_group_quarter", standings)


def with_quarter_scores(report: QuarterReport) -> QuarterReport:
    """The same report, ranked by quarter scores that are close together."""
    standings = report.tables["standings_by_group_quarter"].copy()
    standings["quarter_score"] = standings["points_mean"].rank() / 100 + 80.0
    return with_table(report, "standings_by_group_quarter", standings.assign(rank_basis="quarter_score"))


def with_gap(report: QuarterReport, metric: str, *months: str, group: str | None = None) -> QuarterReport:
    """The same report without the data of one metric in some months, for one group or for all."""
    panel = report.tables["panel"].copy()
    gap = (panel["metric"] == metric) & panel["month"].isin([pd.Period(month, "M") for month in months])
    if group is not None:
        gap &= panel["party_group"] == group
    panel["value"] = panel["value"].mask(gap)
    panel["state"] = panel["state"].mask(gap, "not_submitted")
    return with_table(report, "panel", panel)


def with_state(report: QuarterReport, kind: str, state: str) -> QuarterReport:
    """The same report with every workbook of one kind in another state."""
    submissions = report.tables["submissions"].copy()
    own = submissions["kind"] == kind
    submissions["state"] = submissions["state"].mask(own, state)
    submissions["is_submitted"] = submissions["is_submitted"].mask(own, state == "submitted")
    return with_table(report, "submissions", submissions)
