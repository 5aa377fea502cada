"""What stands around and above the year: title, banner, footer, key figures, and the year in five sentences."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.points.averaged import FEWEST_MEMBERS
from pipeline.report.annual.model_group import model_group_sentence
from pipeline.report.annual.scores import SCORE, change_from_last_year, quarter_mean_noise, year_lacks, year_ranking
from pipeline.report.annual.view import AnnualReport
from pipeline.report.material.gaps import lacking_sentence
from pipeline.report.material.lacking import ITEMS, lacking_months, points_gaps, unequal_groups
from pipeline.report.material.membership import groups_in, last_month, others_by_group, others_sentence
from pipeline.report.material.numbers import date_text, joined, listed, month_text, points_text, quarter_text
from pipeline.report.material.privacy import STARS, is_uncounted
from pipeline.report.material.weighing import SCORE_DIGITS
from pipeline.report.page.blocks import KeyFigure, KeyFigures
from pipeline.report.page.facets import Choices, Facet
from pipeline.report.page.files import ANNUAL_FILE
from pipeline.report.page.frame import PageFrame
from pipeline.report.page.links import page_links
from pipeline.report.page.table_block import MISSING, format_number, is_missing


def annual_frame(report: AnnualReport) -> PageFrame:
    """Return the frame of the year's page."""
    texts, bureau, branch = report.texts, report.bureau.name.strip(), report.bureau.branch.strip()
    versions = "/".join(version for version, _, _ in report.version_spans)
    known_up_to = texts("report.subtitle", day=date_text(report.as_of, texts), version=versions)
    return PageFrame(
        lang=texts.lang,
        title=(
            texts("year.title", bureau=bureau, year=report.year)
            if bureau
            else texts("year.title_without_bureau", year=report.year)
        ),
        subtitle=texts("report.subtitle_of_branch", branch=branch, rest=known_up_to) if branch else known_up_to,
        banner=texts("report.synthetic") if report.bureau.is_synthetic else None,
        footer=texts("year.footer"),
        choices=Choices(report.groups, metrics=(), quarters=()),
        links=page_links(ANNUAL_FILE, texts),
    )


def year_key_figures(report: AnnualReport) -> KeyFigures:
    """Return one card a group: its year score, or the mean of its quarters so far."""
    rows = report.group_rows("annual_by_group_year")
    return KeyFigures(tuple(_card(report, group, row) for group, row in rows.items()))


def _card(report: AnnualReport, group: str, row: Mapping[Any, Any]) -> KeyFigure:
    texts = report.texts
    name = "quarter_mean" if is_missing(row[SCORE]) else SCORE
    value = MISSING if is_missing(row[name]) else format_number(row[name], SCORE_DIGITS)
    note = ""
    ended = last_month(report, group)
    if name != SCORE and report.is_over and ended is not None:
        form = "year.card_ended_without" if is_missing(row[name]) else "year.card_ended"
        note = texts(form, month=month_text(ended, texts))
    elif name != SCORE and report.is_over:
        note = texts("year.card_lacks", lacking=year_lacks(report, group))
    elif name != SCORE:
        note = texts("year.card_so_far", count=row["quarter_count"])
    label = texts("key.group_score", group=group, score=texts(f"year.{name}"))
    return KeyFigure(
        label=label,
        value=value,
        unit=texts("unit.points"),
        note=note,
        group=report.colour_of(group),
        facet=Facet(group),
    )


def year_sentences(report: AnnualReport) -> tuple[str, ...]:
    """Return the year in five sentences: data, standing, change, stars, model group."""
    return (
        data_sentence(report),
        year_standing_sentence(report),
        change_sentence(report),
        stars_sentence(report),
        model_group_sentence(report),
    )


def data_sentence(report: AnnualReport) -> str:
    """Say how many months were scored, how many of them lack a ledger, and which quarters corrections restated."""
    texts, months = report.texts, report.of_year("points_by_group_month")
    first = _scored_sentence(report, months)
    gaps = points_gaps(report.tables[ITEMS], report.groups, report.year_months)
    incomplete = int((~months["is_complete"].astype(bool)).sum())
    if gaps:
        unequal = unequal_groups(report.tables[ITEMS], report.groups, report.year_months)
        second = lacking_sentence(gaps, unequal, texts)
    else:
        second = texts("year.data_incomplete", count=incomplete) if incomplete else texts("year.data_complete")
    restated = report.of_year("restatements")
    restated = restated[restated["correction_count"] > 0]
    third = ""
    if len(restated):
        quarters = listed((quarter_text(quarter, texts) for quarter in sorted(restated["quarter"].unique())), texts)
        third = texts("year.data_restated", count=int(restated["correction_count"].sum()), quarters=quarters)
    return joined((first, second, third), texts)


def _scored_sentence(report: AnnualReport, rows: pd.DataFrame) -> str:
    """Say how many groups were scored in all months of the year so far, and which in fewer, having no members."""
    texts, counts = report.texts, rows.groupby("party_group")["month"].nunique()
    most = rows["month"].nunique()
    fewer = [
        texts("year.data_of_group", group=group, months=counts[group])
        for group in report.groups
        if 0 < counts.get(group, 0) < most
    ]
    values = {"year": report.year, "months": most, "groups": len(counts) - len(fewer)}
    if not fewer:
        return texts("year.data", **values)
    return texts("year.data_fewer", **values, fewer=listed(fewer, texts))


def year_standing_sentence(report: AnnualReport) -> str:
    """Say who stands where in the year, that the gap means nothing, or why nobody is ranked yet."""
    texts, ranking, rows = report.texts, year_ranking(report), report.group_rows("annual_by_group_year")
    if not report.is_over:
        means = [row["quarter_mean"] for row in rows.values() if not is_missing(row["quarter_mean"])]
        if not means:
            return texts("year.no_quarter_yet")
        return texts("year.so_far", low=points_text(min(means), texts), high=points_text(max(means), texts))
    if ranking is None:
        lacking = [group for group, row in rows.items() if is_missing(row[SCORE])]
        ended = [group for group in lacking if group not in groups_in(report, report.months[-1:])]
        key = "year.not_ranked_ended" if ended and ended == lacking else "year.not_ranked"
        return texts(key, groups=listed(lacking, texts)) if lacking else texts("year.one_group")
    low, high = ranking.scores.min(), ranking.scores.max()
    span = {"low": points_text(low, texts), "high": points_text(high, texts)}
    if ranking.lacking:
        return texts("year.standing_lacking", groups=listed(ranking.lacking, texts), **span)
    if ranking.noise.clear_gap is None:
        return texts("year.standing_unknown", **span)
    if not ranking.is_spread_clear:
        return texts("year.standing_not_clear", **span)
    key = "year.standing_clear" if ranking.is_lead_clear else "year.standing_lead_not_clear"
    return texts(key, leaders=listed(ranking.leaders, texts), **span)


def change_sentence(report: AnnualReport) -> str:
    """Say which group's mean of quarters moved most against the year before, and whether the move means anything.

    Groups whose points lack a ledger in one of the two years, or that became others in between, are not compared.
    """
    texts, change = report.texts, change_from_last_year(report)
    if change.empty:
        return texts("year.change_unknown" if report.is_over else "year.change_too_early")
    lacking = {group for group, month in lacking_months(report.tables[ITEMS]) if month.year >= report.year - 1}
    since = pd.Period(year=report.year - 1, month=1, freq="M")
    others = others_by_group(report, change.index, since, report.months[-1])
    compared = change.drop([*lacking, *others], errors="ignore")
    if compared.empty:
        first = texts("year.change_lacking") if lacking.issuperset(change.index) else ""
        return joined((first, others_sentence(others, texts)), texts)
    said = _said_of_change(report, compared)
    said = said if len(compared) == len(change) else texts("summary.of_comparable", sentence=said)
    return joined((said, others_sentence(others, texts)), texts)


def _said_of_change(report: AnnualReport, change: "pd.Series[float]") -> str:
    texts, group, noise = report.texts, str(change.abs().idxmax()), quarter_mean_noise(report)
    said = {"group": group, "change": points_text(change[group], texts, signed=True)}
    if noise.clear_gap is None:
        return texts("year.change_alone", **said)
    key = "year.change_clear" if noise.is_clear(float(change[group])) else "year.change_within_noise"
    return texts(key, **said, gap=points_text(noise.clear_gap, texts))


def stars_sentence(report: AnnualReport) -> str:
    """Say how many members have five stars, of the year where it is over, else of the last quarter."""
    texts = report.texts
    if report.is_over:
        rows = report.group_rows("annual_by_group_year")
        period = texts("year.year", year=report.year)
    else:
        found = report.of_quarter("stars_by_group_quarter").set_index("party_group").to_dict("index")
        rows = {group: found[group] for group in report.groups if group in found}
        period = quarter_text(report.quarter, texts)
    known = {group: int(row[STARS]) for group, row in rows.items() if not is_missing(row[STARS])}
    hidden = [group for group, row in rows.items() if is_uncounted(row)]
    if not known and not hidden:
        return texts("year.stars_unknown")
    parts = listed((texts("year.stars_of_group", group=group, count=count) for group, count in known.items()), texts)
    if not hidden:
        return texts("year.stars", period=period, count=sum(known.values()), parts=parts)
    key = "privacy.stars_partly" if known else "privacy.stars_hidden"  # a sum would give what is left out
    return texts(key, period=period, parts=parts, hidden=listed(hidden, texts), count=FEWEST_MEMBERS)
