"""What stands around and above the sections: title, banner, footer, and the key figures of the quarter."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import pandas as pd

from pipeline.report.material.base import kept
from pipeline.report.material.gaps import few_months_text, gap_text, points_gaps_of, unused_rows_text
from pipeline.report.material.membership import others_since_last_quarter, partly_scored
from pipeline.report.material.noise import MonthlyNoise
from pipeline.report.material.numbers import (
    POINT_DIGITS,
    RATE_DIGITS,
    date_text,
    joined,
    listed,
    metric_value,
    points_text,
    quarter_text,
    rate_text,
    short_month_text,
)
from pipeline.report.material.overdue import MATTERS, longest_overdue, matter_gap_text, matter_gaps
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.material.ranking import changes_of_points, ranking_of
from pipeline.report.material.totals import bureau_total, completeness, months_of_points
from pipeline.report.page.blocks import KeyFigure, KeyFigures, Tone
from pipeline.report.page.facets import Choices, Facet
from pipeline.report.page.files import REPORT_FILE
from pipeline.report.page.frame import PageFrame
from pipeline.report.page.links import page_links
from pipeline.report.page.table_block import MISSING, format_number
from pipeline.report.quarterly.small_trends import points_trend, total_trend
from pipeline.texts import Texts

SUM_DIGITS = 12  # enough to compare two pages by eye; the manifest holds the whole sums


@kept
def page_frame(report: QuarterReport) -> PageFrame:
    """Return the frame of the managers' page; the footer is fixed but for n."""
    texts, quarter = report.texts, quarter_text(report.quarter, report.texts)
    versions = "/".join(report.rule_versions)
    known_up_to = texts("report.subtitle", day=date_text(report.as_of, texts), version=versions)
    bureau, branch = report.bureau.name.strip(), report.bureau.branch.strip()
    return PageFrame(
        lang=texts.lang,
        title=(
            texts("report.title", bureau=bureau, quarter=quarter)
            if bureau
            else texts("report.title_without_bureau", quarter=quarter)
        ),
        subtitle=texts("report.subtitle_of_branch", branch=branch, rest=known_up_to) if branch else known_up_to,
        banner=texts("report.synthetic") if report.bureau.is_synthetic else None,
        footer=texts("report.footer", months=months_of_points(report), groups=len(report.groups)),
        choices=page_choices(report),
        provenance=provenance(report),
        links=page_links(REPORT_FILE, texts),
    )


def page_choices(report: QuarterReport) -> Choices:
    """Return what a reader may choose: every group, every metric that a group owns, every quarter with points."""
    owned = [
        metric
        for name, metric in report.catalog.metrics.items()
        if any(report.bureau.owns(group, name) for group in report.groups)
    ]
    months = report.tables["points_by_group_month"]["month"]
    quarters = sorted({month.asfreq("Q") for month in months})
    return Choices(
        groups=report.groups,
        metrics=tuple((metric.metric, report.label(metric)) for metric in owned),
        quarters=tuple((str(quarter), quarter_text(quarter, report.texts)) for quarter in quarters),
    )


def provenance(report: QuarterReport) -> tuple[str, ...]:
    """Return what the page was made from, a fact each: workbooks and their common sum, rows, rule book, definitions."""
    texts, sums = report.texts, sorted(file.sha256 for file in report.files)
    used = sum(sheet.used for file in report.files for sheet in file.sheets)
    inputs = sha256("".join(sums).encode("ascii")).hexdigest()
    return (
        texts("provenance.inputs", files=len(sums), sum=inputs[:SUM_DIGITS]),
        texts("provenance.rows", rows=f"{used:,}"),
        texts("provenance.rules", versions="/".join(report.rule_versions) or MISSING),
        texts("provenance.catalog", sum=report.catalog.fingerprint[:SUM_DIGITS]),
    )


def key_figures(report: QuarterReport) -> tuple[KeyFigures, KeyFigures]:
    """Return a row of one card a group, and a row of plan, cases, overdue matters and completeness."""
    standings = report.of_quarter("standings_by_group_quarter").set_index("party_group").to_dict("index")
    noise = ranking_of(report).months
    groups = [_group_card(report, group, standings[group], noise) for group in report.groups if group in standings]
    cards = (_plan_card, _cases_card, _overdue_card, _completeness_card)
    return KeyFigures(tuple(groups)), KeyFigures(tuple(card(report) for card in cards))


def _group_card(report: QuarterReport, group: str, standing: Mapping[Any, Any], noise: MonthlyNoise) -> KeyFigure:
    texts, change = report.texts, changes_of_points(report).get(group)
    lacking = [gap for gap in points_gaps_of(report) if gap.party_group == group]
    others = others_since_last_quarter(report).get(group, ())
    if change is None:
        note = texts("key.no_last_quarter")
    else:
        note = texts("key.change", change=points_text(change, texts, signed=True))
        if noise.clear_gap is not None and not noise.is_clear(change) and not lacking and not others:
            note = texts("key.change_within_noise", note=note, gap=points_text(noise.clear_gap, texts))
    remarks = []
    if months := partly_scored(report).get(group):
        remarks.append(texts("key.few_months", months=_month_names(months, texts)))
    if lacking:
        remarks.append(texts("key.points_lacking", months=few_months_text(lacking[0].months, texts)))
    if others and change is not None:
        remarks.append(texts("key.other_members", months=_month_names(others, texts)))
    note = joined((texts("key.sentence", note=note), *remarks), texts) if remarks else note
    points = standing["points_mean"]
    value = MISSING if pd.isna(points) else format_number(points, POINT_DIGITS)
    label = texts("key.group_score", group=group, score=texts("standings.points_mean"))
    return KeyFigure(
        label=label,
        value=value,
        unit=texts("unit.points"),
        note=note,
        tone="bad" if lacking else "neutral",
        group=report.colour_of(group),
        trend=points_trend(report, group),
        facet=Facet(group),
        section="standings",
    )


def _month_names(months: Sequence[pd.Period], texts: Texts) -> str:
    return listed((short_month_text(month, texts) for month in months), texts)


def _plan_card(report: QuarterReport) -> KeyFigure:
    texts, metric = report.texts, report.catalog.metrics["volume_xiang"]
    total = bureau_total(report, metric.metric)
    label, unit = texts("key.plan"), texts("unit.pct")
    if total.gaps:
        return KeyFigure(label, MISSING, "", texts("key.lacking", places=gap_text(total.gaps, report.texts)), "bad")
    if total.value is None:
        return KeyFigure(label, MISSING, "", texts("key.nobody_owns"))
    value = metric_value(total.value, metric, report.catalog, texts)
    if total.target_gaps:
        places = gap_text(total.target_gaps, report.texts)
        return KeyFigure(label, MISSING, "", texts("key.plan_lacking", value=value, places=places), "bad")
    note = texts("key.plan_note", value=value, plan=metric_value(total.target, metric, report.catalog, texts))
    note = joined((note, unused_rows_text(report, metric)), texts)
    rate = MISSING if total.attained_pct is None else format_number(total.attained_pct, RATE_DIGITS)
    trend, facet = total_trend(report, metric), Facet(metric=metric.metric)
    return KeyFigure(label, rate, unit, note, trend=trend, facet=facet, section="metrics")


def _cases_card(report: QuarterReport) -> KeyFigure:
    texts, metric = report.texts, report.catalog.metrics["cases_filed"]
    total = bureau_total(report, metric.metric)
    label, unit = texts("key.cases"), texts("unit.cases")
    if total.gaps:
        return KeyFigure(label, MISSING, "", texts("key.lacking", places=gap_text(total.gaps, report.texts)), "bad")
    if total.value is None:
        return KeyFigure(label, MISSING, "", texts("key.nobody_owns"))
    value = format_number(total.value, metric.decimals)
    note = texts("key.no_last_year")
    if total.last_year is not None:
        note = texts("key.last_year", value=metric_value(total.last_year, metric, report.catalog, texts))
    note = joined((note, unused_rows_text(report, metric)), texts)
    trend, facet = total_trend(report, metric), Facet(metric=metric.metric)
    return KeyFigure(label, value, unit, note, trend=trend, facet=facet, section="metrics")


def _overdue_card(report: QuarterReport) -> KeyFigure:
    texts, overdue, gaps = report.texts, report.tables["overdue"], matter_gaps(report)
    lacking = texts("key.lacking", places=matter_gap_text(gaps, report)) if gaps else ""
    value = MISSING if overdue.empty and gaps else str(len(overdue))
    longest = longest_overdue(report)
    matters = listed((report.label(report.catalog.matters[name]) for name in MATTERS), texts)
    note = texts("key.overdue_longest", matters=matters, longest=longest) if longest else ""
    note = joined((note, lacking), texts) if note or lacking else texts("key.overdue_none")
    return KeyFigure(
        texts("key.overdue"), value, texts("unit.items"), note, "bad" if gaps else "neutral", section="overdue"
    )


def _completeness_card(report: QuarterReport) -> KeyFigure:
    texts, handed_in = report.texts, completeness(report)
    note = texts("key.completeness_note", due=handed_in.due, submitted=handed_in.submitted)
    if handed_in.unreadable:
        note = joined((note, texts("key.completeness_unreadable", count=handed_in.unreadable)), texts)
    value = rate_text(handed_in.submitted_pct, texts).removesuffix("%")
    tone: Tone = "bad" if handed_in.unreadable else "neutral"
    return KeyFigure(texts("key.completeness"), value, texts("unit.pct"), note, tone, section="completeness")
