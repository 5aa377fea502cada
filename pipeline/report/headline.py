"""What stands around and above the sections: title, banner, footer, and the key figures of the quarter."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.report.blocks import KeyFigure, KeyFigures
from pipeline.report.exporter import PageFrame
from pipeline.report.noise import MonthlyNoise, monthly_noise
from pipeline.report.numbers import (
    POINT_DIGITS,
    RATE_DIGITS,
    date_text,
    metric_value,
    points_text,
    quantity,
    quarter_text,
    rate_text,
)
from pipeline.report.quarter import QuarterReport
from pipeline.report.table_block import MISSING, format_number
from pipeline.report.totals import bureau_total, completeness, months_of_points


def page_frame(report: QuarterReport) -> PageFrame:
    """Return the frame of the managers' page; the footer is fixed but for n."""
    texts = report.texts
    versions = sorted({rule.version for rule in report.rules()})
    return PageFrame(
        lang=texts.lang,
        title=texts("report.title", bureau=report.bureau.name, quarter=quarter_text(report.quarter, texts)),
        subtitle=texts(
            "report.subtitle",
            branch=report.bureau.branch,
            day=date_text(report.as_of, texts),
            version="/".join(versions),
        ),
        banner=texts("report.synthetic") if report.bureau.is_synthetic else None,
        footer=texts("report.footer", months=months_of_points(report), groups=len(report.groups)),
    )


def key_figures(report: QuarterReport) -> tuple[KeyFigures, KeyFigures]:
    """Return a row of one card a group, and a row of plan, cases, overdue matters and completeness."""
    standings = report.of_quarter("standings_by_group_quarter").set_index("party_group").to_dict("index")
    noise = monthly_noise(report.tables["points_by_group_month"], months_per_mean=len(report.months))
    groups = [_group_card(report, group, standings[group], noise) for group in report.groups if group in standings]
    cards = (_plan_card, _cases_card, _overdue_card, _completeness_card)
    return KeyFigures(tuple(groups)), KeyFigures(tuple(card(report) for card in cards))


def _group_card(report: QuarterReport, group: str, standing: Mapping[Any, Any], noise: MonthlyNoise) -> KeyFigure:
    texts, change = report.texts, standing["change_points"]
    if pd.isna(change):
        note = texts("key.no_last_quarter")
    else:
        key = "key.change" if noise.is_clear(change) else "key.change_within_noise"
        note = texts(key, change=points_text(change, texts, signed=True))
    points = standing["points_mean"]
    value = MISSING if pd.isna(points) else format_number(points, POINT_DIGITS)
    return KeyFigure(label=group, value=value, unit=texts("unit.points"), note=note, group=report.colour_of(group))


def _plan_card(report: QuarterReport) -> KeyFigure:
    texts, metric = report.texts, report.catalog.metrics["volume_xiang"]
    total = bureau_total(report, metric.metric)
    note = texts(
        "key.plan_note",
        value=metric_value(total.value, metric, report.catalog, texts),
        plan=metric_value(total.target, metric, report.catalog, texts),
    )
    value = MISSING if total.attained_pct is None else format_number(total.attained_pct, RATE_DIGITS)
    return KeyFigure(label=texts("key.plan"), value=value, unit="%", note=note)


def _cases_card(report: QuarterReport) -> KeyFigure:
    texts, metric = report.texts, report.catalog.metrics["cases_filed"]
    total = bureau_total(report, metric.metric)
    value = MISSING if total.value is None else format_number(total.value, metric.decimals)
    note = texts("key.no_last_year")
    if total.last_year is not None:
        note = texts("key.last_year", value=metric_value(total.last_year, metric, report.catalog, texts))
    return KeyFigure(label=texts("key.cases"), value=value, unit=texts("unit.cases"), note=note)


def _overdue_card(report: QuarterReport) -> KeyFigure:
    texts, overdue = report.texts, report.tables["overdue"]
    note = texts("key.overdue_none")
    if len(overdue):
        note = texts("key.overdue_longest", longest=quantity(int(overdue["days_overdue_d"].max()), "d", 0, texts))
    return KeyFigure(label=texts("key.overdue"), value=str(len(overdue)), unit=texts("unit.items"), note=note)


def _completeness_card(report: QuarterReport) -> KeyFigure:
    texts, handed_in = report.texts, completeness(report)
    note = texts("key.completeness_note", due=handed_in.due, submitted=handed_in.submitted)
    value = rate_text(handed_in.submitted_pct, texts).removesuffix("%")
    return KeyFigure(label=texts("key.completeness"), value=value, unit="%", note=note)
