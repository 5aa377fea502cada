"""The appendix: lags, within and between groups, what the adjustment found, constant membership, calibration."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.catalog import Metric
from pipeline.charts import LagProfile, lags_chart
from pipeline.points.composition import TURNOVER_PCT
from pipeline.report.appendix.frame import in_order, pair_label
from pipeline.report.material.marks import BY_GROUP, verdict_mark
from pipeline.report.material.numbers import CORRELATION_DIGITS, joined, listed, month_text
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.material.relations import dated_r, interval_words, scope_label
from pipeline.report.page.blocks import Block, Bullets, Prose, Section, Stack
from pipeline.report.page.chart_block import Chart
from pipeline.report.page.table_block import Column, Table, format_number, is_missing
from pipeline.report.quarterly.forests import estimate_of
from pipeline.stats.aligned import POOLED
from pipeline.stats.repeated import FEWEST_GROUPS_BETWEEN
from pipeline.stats.words import NEEDED, verdict_name

PHI_DIGITS = 2
NOTES = ("abnormal_month", "step", "turnover")  # of adjustment_notes, besides phi


def show_lags(report: QuarterReport) -> Stack:
    """Show a lag profile a metric: r with its interval at every lag, none of them called the best."""
    texts, table = report.texts, report.tables["correlations_by_lag"]
    section = Section("lags", texts("appendix.lags_title"), texts("appendix.lags_lead"))
    found = frozenset(table["metric"])
    charts = [_lags(report, metric) for name, metric in report.catalog.metrics.items() if name in found]
    return Stack((section, *charts) if charts else (section, Prose((texts("forest.nothing"),))))


def _lags(report: QuarterReport, metric: Metric) -> Chart:
    texts, table = report.texts, report.tables["correlations_by_lag"]
    own = in_order(report, table[table["metric"] == metric.metric])
    lags = {"first": int(own["lag"].min()), "last": int(own["lag"].max())}
    title = texts("appendix.lags_chart_title", metric=report.label(metric), **lags)
    columns = (
        Column("scope", texts("forest.scope")),
        Column("lag", texts("appendix.lag"), digits=0),
        Column("r", texts("appendix.adjusted_r"), digits=CORRELATION_DIGITS),
        Column("ci_low", texts("forest.column_ci_low"), digits=CORRELATION_DIGITS),
        Column("ci_high", texts("forest.column_ci_high"), digits=CORRELATION_DIGITS),
        Column("n_months", texts("forest.months"), digits=0),
    )
    frame = own.assign(
        group=own["scope"].where(own["scope"] != POOLED, ""),
        scope=[scope_label(str(scope), report) for scope in own["scope"]],
    )
    return Chart(
        id=f"chart-lags-{metric.metric.replace('_', '-')}",
        figure=lags_chart(_profiles(report, own), texts),
        title=title,
        summary=texts("appendix.lags_summary", first=int(own["n_months"].min()), last=int(own["n_months"].max())),
        table=Table(frame, columns, title, keys=BY_GROUP),
        table_label=texts("chart.view_data"),
        how_to_read=texts("appendix.lags_how_to_read"),
    )


def _profiles(report: QuarterReport, own: pd.DataFrame) -> list[LagProfile]:
    profiles = []
    for scope, rows in own.groupby("scope", sort=False):
        colour = None if scope == POOLED else report.numbers[str(scope)]
        records = rows.to_dict("records")
        estimates = [(int(row["lag"]), estimate_of(row, "r", "ci_low", "ci_high")) for row in records]
        known = [(lag, estimate) for lag, estimate in estimates if estimate is not None]
        profiles.append(LagProfile(scope_label(str(scope), report), colour, known))
    return profiles


def show_within(report: QuarterReport) -> Stack:
    """Show for every metric the correlation within groups beside that between them, and where the two disagree."""
    texts, table = report.texts, report.tables["within_group_by_metric"]
    rows = {str(row["metric"]): row for row in table.to_dict("records")}
    known = [(metric, rows[name]) for name, metric in report.catalog.metrics.items() if name in rows]
    opposite = [report.label(metric) for metric, row in known if _disagrees(row)]
    compared = any(_is_compared(row) for _, row in known)
    lead = texts("appendix.within_agree" if compared else "appendix.within_not_compared")
    if opposite:
        lead = texts("appendix.within_disagree", metrics=listed(opposite, texts))
    section = Section("within", texts("appendix.within_title"), lead)
    if not known:
        return Stack((section, Prose((texts("relations.nothing"),))))
    frame = pd.DataFrame([_within_cells(report, metric, row) for metric, row in known])
    columns = (
        Column("metric", texts("column.metric")),
        Column("within", texts("appendix.within")),
        Column("rows", texts("appendix.rows"), digits=0),
        Column("between", texts("appendix.between"), digits=CORRELATION_DIGITS),
        Column("groups", texts("appendix.groups"), digits=0),
        Column("raw", texts("appendix.without_groups"), digits=CORRELATION_DIGITS),
        Column("simpson", texts("appendix.simpson")),
    )
    table_block = Table(frame, columns, caption=texts("appendix.within_title"), note=texts("appendix.within_note"))
    return Stack((section, Prose((texts("appendix.within_read"),)), table_block))


def _within_cells(report: QuarterReport, metric: Metric, row: Mapping[Any, Any]) -> dict[str, Any]:
    texts = report.texts
    compared = _is_compared(row)
    words = texts("appendix.opposite" if _disagrees(row) else "appendix.same_direction")
    return {
        "metric": report.label(metric),
        "within": interval_words(report, row, "r", "ci_low", "ci_high"),
        "rows": row["n_rows"],
        "between": row["r_between"] if compared else None,
        "groups": row["n_groups"],
        "raw": row["r_raw"],
        "simpson": words if compared else texts("appendix.too_few_groups"),
    }


def _is_compared(row: Mapping[Any, Any]) -> bool:
    """Tell whether a metric has a comparison between groups; two groups always lie on a line."""
    return not is_missing(row["r_between"]) and int(row["n_groups"]) >= FEWEST_GROUPS_BETWEEN


def _disagrees(row: Mapping[Any, Any]) -> bool:
    """Tell whether the groups and their months point in opposite directions."""
    return _is_compared(row) and not is_missing(row["r"]) and bool(row["r"] * row["r_between"] < 0)


def show_adjustment(report: QuarterReport) -> Stack:
    """Show what the adjustment took out besides season, festival and trend."""
    texts, notes = report.texts, report.tables["adjustment_notes"]
    section = Section("adjustment", texts("appendix.adjustment_title"), texts("appendix.adjustment_lead"))
    lines = [_phi(report, row) for row in notes[notes["note"] == "phi"].to_dict("records")]
    for note in NOTES:
        found = [_where(report, row) for row in notes[notes["note"] == note].to_dict("records")]
        if found:
            lines.append(texts(f"appendix.note_{note}", places=listed(found, texts)))
        else:
            lines.append(texts(f"appendix.no_{note}"))
    return Stack((section, Bullets(tuple(lines))))


def _phi(report: QuarterReport, row: Mapping[Any, Any]) -> str:
    texts, value = report.texts, format_number(row["value"], PHI_DIGITS)
    if is_missing(row["group"]):
        return texts("appendix.phi", value=value)
    return texts("appendix.phi_of_group", group=row["group"], value=value)


def _where(report: QuarterReport, row: Mapping[Any, Any]) -> str:
    """Return the month of a note, with its group where it is of one."""
    texts, month = report.texts, row["month"]
    name = texts("appendix.no_month") if is_missing(month) else month_text(month, texts)
    return name if is_missing(row["group"]) else texts("appendix.month_of_group", month=name, group=row["group"])


def show_constant(report: QuarterReport) -> Stack:
    """Show which verdicts are others when only members who stayed the whole time are counted."""
    texts = report.texts
    columns = ["scope", "metric", "verdict", "r", "lag"]
    both = report.tables["relationships"][columns].merge(
        report.tables["relationships_constant"][columns], on=["scope", "metric"], suffixes=("", "_constant")
    )
    changed = in_order(report, both[both["verdict"] != both["verdict_constant"]])
    if both.empty:
        return Stack((Section("constant", texts("appendix.constant_title"), _why_not_compared(report)),))
    key = "appendix.constant_changed" if len(changed) else "appendix.constant_same"
    lead = texts(key, count=len(changed), all=len(both))
    blocks: list[Block] = [Section("constant", texts("appendix.constant_title"), lead)]
    blocks.append(Prose((texts("appendix.constant_read"),)))
    if len(changed):
        blocks.append(_constant_table(report, changed))
    return Stack(tuple(blocks))


def _why_not_compared(report: QuarterReport) -> str:
    """Say why no verdict was computed again: hardly anybody came or went, or nothing can be judged."""
    if report.tables["turnover_by_group_month"]["is_flagged"].any():
        return report.texts("appendix.constant_none")
    return report.texts("appendix.constant_no_turnover", limit=format_number(TURNOVER_PCT, 0))


def _constant_table(report: QuarterReport, changed: pd.DataFrame) -> Table:
    texts = report.texts
    frame = pd.DataFrame(
        {
            "pair": [
                pair_label(report, str(metric), str(scope))
                for metric, scope in zip(changed["metric"], changed["scope"], strict=True)
            ],
            "all": _verdicts(report, changed, ""),
            "constant": _verdicts(report, changed, "_constant"),
        }
    )
    columns = (
        Column("pair", texts("appendix.pair_column")),
        Column("all", texts("appendix.all_members")),
        Column("constant", texts("appendix.constant_members")),
    )
    return Table(frame, columns, caption=texts("appendix.constant_title"))


def _verdicts(report: QuarterReport, rows: pd.DataFrame, suffix: str) -> list[Any]:
    texts, cells = report.texts, []
    for row in rows.to_dict("records"):
        own = {name: row[f"{name}{suffix}"] for name in ("verdict", "r", "lag")}
        words = verdict_name(str(own["verdict"]), texts)
        if not is_missing(own["r"]):
            words = texts("relations.with_r", verdict=words, r=dated_r(report, own))
        cells.append(verdict_mark(str(own["verdict"]), words))
    return cells


def show_method(report: QuarterReport) -> Stack:
    """Say where the method is described and how it was calibrated."""
    texts = report.texts
    section = Section("method", texts("appendix.method_title"))
    return Stack(
        (section, Prose((joined((texts("appendix.method"), texts("appendix.method_limits", **NEEDED)), texts),)))
    )
