"""The comparison of bureaus: points, and metrics against target. One row a bureau by name: never a ranking."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.report.material.numbers import POINT_DIGITS, RATE_DIGITS
from pipeline.report.page.blocks import Block, Prose, Section, Stack, Subheading
from pipeline.report.page.table_block import Column, Mark, Table, is_missing
from pipeline.report.province.sections import is_apart, is_lacking, is_unequal, reported_rows
from pipeline.report.province.tables import is_additive, planned_metrics
from pipeline.report.province.view import METRICS, ProvinceReport


def show_comparison(report: ProvinceReport) -> Stack:
    """Show every reported bureau in two tables."""
    texts, rows = report.texts, reported_rows(report)
    blocks: tuple[Block, ...] = (
        Section("comparison", texts("province.comparison_title"), texts("province.comparison_lead")),
        Subheading(texts("province.points_title")),
        Prose((texts("province.points_how"),)),
        _points_table(report, rows),
        Subheading(texts("province.metrics_title")),
        _metrics_table(report, rows),
    )
    return Stack(blocks)


def _points_table(report: ProvinceReport, rows: pd.DataFrame) -> Table:
    texts = report.texts
    frame = rows.assign(apart=[_apart_mark(row, report) for row in _with_apart(rows).to_dict("records")])
    columns = (
        Column("bureau", texts("province.bureau")),
        Column("group_count", texts("province.groups"), digits=0),
        Column("points_mean", texts("province.points_mean"), digits=POINT_DIGITS),
        Column("points_low", texts("province.points_low"), digits=POINT_DIGITS),
        Column("points_high", texts("province.points_high"), digits=POINT_DIGITS),
        Column("apart", texts("province.apart")),
        Column("change_points", texts("province.change"), digits=POINT_DIGITS, signed=True),
        Column("share_pct", texts("province.share"), digits=RATE_DIGITS, unit=texts("unit.pct")),
        *([Column("lacking_groups", texts("province.lacking"), digits=0)] if is_lacking(rows).any() else []),
        Column("overdue_count", texts("province.overdue"), digits=0),
        Column("report", texts("province.report")),
    )
    return Table(frame, columns, texts("province.points_table"), texts("province.points_note"), is_grid=True)


def _with_apart(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[["scored_groups", "clear_gap_points"]].assign(is_apart=is_apart(rows), is_unequal=is_unequal(rows))


def _apart_mark(row: Mapping[Any, Any], report: ProvinceReport) -> Any:
    """Return whether the groups of one bureau stand apart, in words; one group alone is compared with none."""
    if is_missing(row["scored_groups"]) or int(row["scored_groups"]) < 2:
        return Mark(report.texts("province.apart_one"), "muted")
    if row["is_unequal"]:
        return Mark(report.texts("province.apart_lacking"), "muted")
    if is_missing(row["clear_gap_points"]):
        return Mark(report.texts("province.apart_unknown"), "muted")
    return Mark(
        report.texts("province.apart_yes" if row["is_apart"] else "province.apart_no"),
        "info" if row["is_apart"] else "muted",
    )


def _metrics_table(report: ProvinceReport, rows: pd.DataFrame) -> Table:
    """Return what each bureau reached of its targets: of the sum where there is one, else by how many groups."""
    texts = report.texts
    records = {(row["bureau"], row["metric"]): row for row in report.tables[METRICS].to_dict("records")}
    frame = rows[["bureau"]]
    columns = [Column("bureau", texts("province.bureau"))]
    for metric in planned_metrics(report.catalog):
        label = report.label(metric)
        own = [records.get((name, metric.metric), {}) for name in rows["name"]]
        if is_additive(metric, report.catalog):
            shown = [record.get("attained_pct") for record in own]
            columns.append(
                Column(metric.metric, texts("province.of_plan", metric=label), RATE_DIGITS, texts("unit.pct"))
            )
        else:
            shown = [_groups_on_target(record) for record in own]
            columns.append(Column(metric.metric, texts("province.groups_on_target", metric=label)))
        frame = frame.assign(**{metric.metric: pd.Series(shown, index=frame.index, dtype="object")})
    return Table(frame, tuple(columns), texts("province.metrics_table"), texts("province.metrics_note"), is_grid=True)


def _groups_on_target(record: Mapping[Any, Any]) -> str | None:
    """Return ``2 / 3``: groups on target, of the groups that own the metric and have a value for every month."""
    known = record.get("known_groups")
    return f"{record['attained_groups']} / {known}" if known else None
