"""Sections of the secretary's page: members' months and stars, by quarter and year, with the reason for having none."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.points.members import ON_LEAVE, SCORED, SHORT_STAY
from pipeline.points.stars import TOO_FEW_MONTHS, most_stars
from pipeline.report.material.numbers import POINT_DIGITS, listed, short_month_text
from pipeline.report.material.weighing import SCORE_DIGITS
from pipeline.report.page.blocks import Block, Bullets, Prose, Section, Stack
from pipeline.report.page.table_block import Column, Mark, Table, format_number, is_missing
from pipeline.report.secretary.view import SecretaryReport

Months = Mapping[tuple[str, pd.Period], Mapping[Any, Any]]


def show_secretary_summary(report: SecretaryReport) -> Stack:
    """Show in a few sentences how many members were rated, who has the most stars, and what needs the secretary."""
    texts = report.texts
    stars = report.in_order(report.of_quarter("stars_by_member_quarter"))
    most = most_stars(report.bureau)
    best = stars.loc[(stars["stars"] == most).fillna(False).astype(bool), "member"]
    without = stars[stars["reason"].notna()]
    lines = [
        texts("secretary.rated", members=len(stars), rated=int((stars["month_count"] > 0).sum())),
        texts("secretary.most_stars", stars=most, count=len(best), names=listed(best, texts))
        if len(best)
        else texts("secretary.nobody_most_stars", stars=most),
    ]
    for reason, own in without.groupby("reason"):
        lines.append(
            texts(
                "secretary.without_stars",
                reason=texts(f"secretary.reason_{reason}"),
                count=len(own),
                names=listed(own["member"], texts),
            )
        )
    lines.append(
        texts(
            "secretary.to_do",
            overdue=len(report.tables["overdue"]),
            findings=len(report.tables["roster_findings"]),
            duties=len(report.tables["duties_without_owner"]),
        )
    )
    return Stack((Section("summary", texts("secretary.summary_title")), Bullets(tuple(lines))))


def show_member_quarter(report: SecretaryReport) -> Stack:
    """Show every member's three months, mean and stars, a table a group."""
    texts, months = report.texts, _months(report)
    stars = report.of_quarter("stars_by_member_quarter")
    blocks: list[Block] = [Section("quarter", texts("secretary.quarter_title"), texts("secretary.quarter_lead"))]
    columns = (
        Column("member", texts("secretary.member")),
        *(Column(str(month), short_month_text(month, texts), digits=POINT_DIGITS) for month in report.months),
        Column("points_mean", texts("secretary.mean"), digits=SCORE_DIGITS),
        Column("shown_stars", texts("secretary.stars")),
        Column("note", texts("secretary.note")),
    )
    for group, own in report.by_group(stars):
        rows = [_quarter_row(report, row, months) for row in own.to_dict("records")]
        blocks.append(Table(pd.DataFrame(rows, dtype="object"), columns, _caption(group, own, report), is_grid=True))
    return Stack((*blocks, Prose(_rules_of_months(report))))


def show_member_year(report: SecretaryReport) -> Stack:
    """Show every member's months of the year so far, mean and stars of the year, a table a group."""
    texts, months = report.texts, _months(report)
    stars = report.of_year("stars_by_member_year")
    section = Section("year", texts("secretary.year_title", year=report.year), texts("secretary.year_lead"))
    blocks: list[Block] = [section]
    columns = (
        Column("member", texts("secretary.member")),
        *(Column(str(month), short_month_text(month, texts), digits=POINT_DIGITS) for month in report.year_months),
        Column("points_mean", texts("secretary.mean"), digits=SCORE_DIGITS),
        Column("month_count", texts("secretary.months"), digits=0),
        Column("shown_stars", texts("secretary.stars")),
        Column("note", texts("secretary.note")),
    )
    for group, own in report.by_group(stars):
        rows = [_year_row(report, row, months) for row in own.to_dict("records")]
        blocks.append(Table(pd.DataFrame(rows, dtype="object"), columns, _caption(group, own, report), is_grid=True))
    return Stack(tuple(blocks))


def _months(report: SecretaryReport) -> Months:
    rows = report.of_year("points_by_member_month").to_dict("records")
    return {(row["member"], row["month"]): row for row in rows}


def _quarter_row(report: SecretaryReport, row: Mapping[Any, Any], months: Months) -> dict[str, object]:
    texts, notes = report.texts, []
    if row["is_newcomer"]:
        notes.append(texts("secretary.newcomer"))
    notes += _gap_notes(report, row, months, report.months)
    if row["excused_count"]:
        notes.append(texts("secretary.excused", count=row["excused_count"]))
    return _row(report, row, months, report.months, notes)


def _year_row(report: SecretaryReport, row: Mapping[Any, Any], months: Months) -> dict[str, object]:
    notes = _gap_notes(report, row, months, report.year_months)
    return _row(report, row, months, report.year_months, notes)


def _row(
    report: SecretaryReport, row: Mapping[Any, Any], months: Months, shown: list[pd.Period], notes: list[str]
) -> dict[str, object]:
    texts = report.texts
    if is_missing(row["stars"]):
        stars: object = Mark(texts("secretary.no_star"), "bad")
        notes = [_reason(report, row), *notes]
    else:
        stars = texts("secretary.star_count", count=row["stars"])
    return {
        "member": row["member"],
        **{str(month): _month_cell(report, months.get((row["member"], month))) for month in shown},
        "points_mean": row["points_mean"],
        "month_count": row["month_count"],
        "shown_stars": stars,
        "note": texts("list.clauses").join(notes) or None,
    }


def _reason(report: SecretaryReport, row: Mapping[Any, Any]) -> str:
    reason = str(row["reason"])
    if reason != TOO_FEW_MONTHS:
        return report.texts(f"secretary.reason_{reason}")
    least = report.bureau.parameter(report.rules()[0].version, "annual_star_months")
    least_text = format_number(least, 0)
    return report.texts("secretary.too_few_of", count=row["month_count"], least=least_text)


def _month_cell(report: SecretaryReport, month: Mapping[Any, Any] | None) -> object:
    """Return the points of a month, or why it is not scored; missing where the member was in no group."""
    if month is None:
        return None
    if month["state"] != SCORED:
        return Mark(report.texts(f"secretary.state_{month['state']}"), "muted")
    if month["has_veto"]:
        points = format_number(month["total_points"], POINT_DIGITS)
        return Mark(report.texts("secretary.month_with_veto", points=points), "bad")
    return month["total_points"]


def _gap_notes(report: SecretaryReport, row: Mapping[Any, Any], months: Months, shown: list[pd.Period]) -> list[str]:
    """Return which months were left out of the mean, and why."""
    notes = []
    for state in (ON_LEAVE, SHORT_STAY):
        own = [
            month
            for month in shown
            if (known := months.get((row["member"], month))) is not None and known["state"] == state
        ]
        if own:
            named = listed((short_month_text(month, report.texts) for month in own), report.texts)
            notes.append(report.texts(f"secretary.months_{state}", months=named))
    return notes


def _caption(group: str, rows: pd.DataFrame, report: SecretaryReport) -> str:
    return report.texts("secretary.group_caption", group=group, count=len(rows))


def _rules_of_months(report: SecretaryReport) -> tuple[str, ...]:
    """Return how a member's month comes about, with the numbers of the rule book in force."""
    version = report.rules()[0].version
    names = ("member_base_points", "member_earned_cap", "least_month_share", "annual_star_months")
    base, cap, share, months = (report.bureau.parameter(version, name) for name in names)
    stars = report.bureau.terms_of(version, "star")
    bounds = [
        report.texts("secretary.star_bounds", stars=term.name, low=f"{term.lower:g}", high=f"{term.upper:g}")
        for term in sorted(stars, key=lambda term: -(term.lower or 0.0))
        if term.lower is not None and term.upper is not None
    ]
    return (
        report.texts(
            "secretary.rule_of_month",
            version=version,
            base=f"{base:g}",
            cap=f"{cap:g}",
            share=format_number(100 * share, 0),
            months=f"{months:g}",
        ),
        report.texts("secretary.rule_of_stars", bounds=listed(bounds, report.texts)),
    )
