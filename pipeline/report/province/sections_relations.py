"""Points and results of many bureaus together: what may still be claimed, and the funnel of each metric."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.catalog import Metric
from pipeline.charts.funnel import funnel_chart
from pipeline.report.material.numbers import CORRELATION_DIGITS, correlation_text, listed
from pipeline.report.page.blocks import Block, Bullets, Fold, Notice, Prose, Section, Stack, Subheading
from pipeline.report.page.chart_block import Chart
from pipeline.report.page.table_block import Column, Table, format_number
from pipeline.report.province.sections import bureau_cell, reported_rows
from pipeline.report.province.view import BUREAUS, FUNNEL, RELATIONSHIPS, ProvinceReport
from pipeline.stats import VERDICTS
from pipeline.stats.aligned import POOLED
from pipeline.stats.funnel import LIMITS, funnel_curve
from pipeline.stats.provinces import FALSE_DISCOVERY_RATE, RESAMPLES_OF_SURVIVORS, SURVIVOR_P
from pipeline.stats.words import NEEDED, verdict_name

FEWEST_IN_FUNNEL = 5  # of fewer bureaus, the mean that the limits stand around is mostly the bureau's own
LISTED_WHOLE = 60  # bureaus behind one chart; of more, those beyond a limit are listed and the data set has the rest
SMALL_COUNT = 10  # an expected number below it is told with a decimal
CHANCE = {name: 1 - share for name, share in LIMITS.items()}  # of lying beyond a limit when all bureaus are alike


def show_relations(report: ProvinceReport) -> Stack:
    """Show what the relations of all bureaus come to, with the limits of saying so."""
    texts = report.texts
    blocks: list[Block] = [
        Section("relations", texts("province.relations_title"), texts("province.relations_lead")),
        *_judgement(report),
        _counts_table(report),
        _verdicts_table(report),
        Subheading(texts("province.funnel_title")),
        *_funnels(report),
    ]
    return Stack(tuple(blocks))


def _judgement(report: ProvinceReport) -> tuple[Block, ...]:
    """Return how the rows were judged and what still stands; with too few months everywhere, that sentence alone."""
    texts = report.texts
    if report.judged.bureaus["p_bureau"].isna().all():
        return (Notice(texts("province.not_judged_title"), texts("province.not_judged", **NEEDED)),)
    return (Prose((_method(report),)), *_claims(report))


def _funnels(report: ProvinceReport) -> list[Block]:
    """Return the funnels with the limits of reading them, and which metrics have too few bureaus for one."""
    texts, counts = report.texts, report.tables[FUNNEL]["metric"].value_counts()
    metrics = [metric for metric in report.catalog.metrics.values() if metric.is_correlated]
    drawn = [metric for metric in metrics if counts.get(metric.metric, 0) >= FEWEST_IN_FUNNEL]
    few = [report.label(metric) for metric in metrics if metric not in drawn]
    blocks: list[Block] = []
    if drawn:
        blocks.append(Bullets(tuple(texts(f"province.funnel_limit_{number}") for number in (1, 2, 3))))
        blocks += [_funnel(report, metric) for metric in drawn]
    if few:
        text = texts("province.funnel_too_few", metrics=listed(few, texts), needed=FEWEST_IN_FUNNEL)
        blocks.append(Notice(texts("province.funnel_too_few_title"), text, "muted"))
    return blocks


def _method(report: ProvinceReport) -> str:
    judged = report.judged
    return report.texts(
        "province.method",
        judged=int(judged.bureaus["p_bureau"].notna().sum()),
        unjudged=judged.unjudged_bureaus,
        selected=int(judged.bureaus["is_selected"].sum()),
        q=FALSE_DISCOVERY_RATE,
        survivor=SURVIVOR_P,
        resamples=RESAMPLES_OF_SURVIVORS,
        without_p=judged.rows_without_p,
    )


def _counts_table(report: ProvinceReport) -> Table:
    """Return how many pairs of each metric came out with each verdict after both levels, none left out."""
    texts, rows = report.texts, report.tables[RELATIONSHIPS]
    counts = pd.crosstab(rows["metric"], rows["province_verdict"]).reindex(columns=list(VERDICTS), fill_value=0)
    names = [name for name in report.catalog.metrics if name in counts.index]
    frame = counts.loc[names].reset_index(drop=True)
    labels = [report.label(report.catalog.metrics[name]) for name in names]
    frame = frame.assign(metric=labels, pairs=frame.sum(axis=1))
    columns = (
        Column("metric", texts("column.metric")),
        Column("pairs", texts("province.pairs"), digits=0),
        *(Column(verdict, verdict_name(verdict, texts), digits=0) for verdict in VERDICTS),
    )
    return Table(frame, columns, texts("province.counts_table"), texts("province.counts_note"), is_grid=True)


def _verdicts_table(report: ProvinceReport) -> Table:
    """Return how many pairs of each bureau came out with each verdict; ``lost`` are evidence in its own report only."""
    texts, rows, relationships = report.texts, reported_rows(report), report.tables[RELATIONSHIPS]
    counts = pd.crosstab(relationships["bureau"], relationships["province_verdict"])
    counts = counts.reindex(index=rows["name"], columns=list(VERDICTS), fill_value=0).reset_index(drop=True)
    lost = relationships[relationships["verdict"] != relationships["province_verdict"]]
    frame = counts.assign(
        bureau=rows["bureau"],
        months=rows["months"],
        pairs=counts.sum(axis=1),
        lost=[int((lost["bureau"] == name).sum()) for name in rows["name"]],
    )
    columns = (
        Column("bureau", texts("province.bureau")),
        Column("months", texts("province.months"), digits=0),
        Column("pairs", texts("province.pairs"), digits=0),
        *(Column(verdict, verdict_name(verdict, texts), digits=0) for verdict in VERDICTS),
        Column("lost", texts("province.lost"), digits=0),
    )
    return Table(frame, columns, texts("province.verdicts_table"), texts("province.verdicts_note"), is_grid=True)


def _claims(report: ProvinceReport) -> tuple[Block, ...]:
    """Return the rows that are still evidence, by name of bureau; folded away where there are many."""
    texts, rows = report.texts, report.tables[RELATIONSHIPS]
    claims = rows[rows["province_verdict"] == "evidence"]
    if claims.empty:
        return (Notice(texts("province.no_claims_title"), texts("province.no_claims")),)
    entries = {entry.name: entry for entry in report.entries}
    frame = pd.DataFrame(
        {
            "bureau": [bureau_cell(entries[name]) for name in claims["bureau"]],
            "metric": [report.label(report.catalog.metrics[name]) for name in claims["metric"]],
            "scope": [texts("stats.scope.pooled") if scope == POOLED else scope for scope in claims["scope"]],
            "estimate": [_estimate(row, report) for row in claims.to_dict("records")],
            "lag": claims["lag"].tolist(),
            "n_months": claims["n_months"].tolist(),
        }
    )
    columns = (
        Column("bureau", texts("province.bureau")),
        Column("metric", texts("column.metric")),
        Column("scope", texts("province.scope")),
        Column("estimate", texts("province.estimate")),
        Column("lag", texts("province.lag"), digits=0),
        Column("n_months", texts("province.months"), digits=0),
    )
    table = Table(frame, columns, texts("province.claims_table"), texts("province.claims_note"))
    return (table,) if len(frame) <= LISTED_WHOLE else (Fold(texts("province.claims_fold", count=len(frame)), table),)


def _estimate(row: Mapping[Any, Any], report: ProvinceReport) -> str:
    numbers = {
        name: correlation_text(row[column]) for name, column in (("r", "r"), ("low", "ci_low"), ("high", "ci_high"))
    }
    return report.texts("province.interval", **numbers)


def _funnel(report: ProvinceReport, metric: Metric) -> Chart:
    """Return the funnel of one metric."""
    texts, every = report.texts, report.tables[FUNNEL]
    rows = every[every["metric"] == metric.metric].reset_index(drop=True)
    label = report.label(metric)
    beyond = {name: int((rows["outside"] == f"outside_{name}").sum()) for name in LIMITS}
    summary = texts(
        "province.funnel_summary",
        bureaus=len(rows),
        without=int((report.tables[BUREAUS]["state"] == "reported").sum()) - len(rows),
        centre=correlation_text(rows["centre"].iloc[0]),
        outside=sum(beyond.values()),
        by_chance=_about(len(rows) * CHANCE["95"]),
        far=beyond["998"],
    )
    return Chart(
        id=f"funnel-{metric.metric.replace('_', '-')}",
        figure=funnel_chart(rows, funnel_curve(rows), texts),
        title=texts("province.funnel_of", metric=label),
        summary=summary,
        table=_funnel_table(report, rows, label),
        table_label=texts("province.funnel_data"),
        how_to_read=texts("province.funnel_how"),
    )


def _about(count: float) -> str:
    """Return an expected number, with a decimal only where it is small."""
    return format_number(count, 1 if count < SMALL_COUNT else 0)


def _funnel_table(report: ProvinceReport, rows: pd.DataFrame, label: str) -> Table:
    texts = report.texts
    is_whole = len(rows) <= LISTED_WHOLE
    shown = rows if is_whole else rows[rows["outside"].fillna("") != ""]
    frame = shown.assign(
        place=[texts(f"province.place_{outside or 'inside'}") for outside in shown["outside"].fillna("")]
    )
    columns = (
        Column("bureau", texts("province.bureau")),
        Column("r", texts("province.r"), digits=CORRELATION_DIGITS),
        Column("n_months", texts("province.months"), digits=0),
        Column("effective_months", texts("province.effective_months"), digits=0),
        Column("place", texts("province.place")),
    )
    note = "" if is_whole else texts("province.funnel_rest", bureaus=len(rows) - len(shown))
    return Table(frame, columns, texts("province.funnel_table", metric=label), note)
