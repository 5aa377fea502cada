"""Sections of the year: five-star members, what changed the scores, posts and leaders; counts and dates, no names."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.points.averaged import FEWEST_MEMBERS
from pipeline.report.annual.view import AnnualReport
from pipeline.report.material.marks import BY_GROUP, group_marks
from pipeline.report.material.numbers import RATE_DIGITS, date_text, joined, month_text, quarter_text
from pipeline.report.material.privacy import is_uncounted
from pipeline.report.material.restated import correction_table, restatement_table, touched
from pipeline.report.page.blocks import Block, Prose, Section, Stack
from pipeline.report.page.table_block import Column, Mark, Table, is_missing


def show_year_stars(report: AnnualReport) -> Stack:
    """Show how many members have five stars in each group, by quarter and, once it is over, of the year; no names."""
    texts = report.texts
    stars = report.of_year("stars_by_group_quarter")
    counts = _by_quarter(stars)
    years = report.group_rows("annual_by_group_year")
    rows = []
    for group in report.groups:
        own = {str(quarter): _count_of(counts.get((group, quarter)), report) for quarter in report.quarters}
        year = _year_count(years.get(group), report) if report.is_over else None
        rows.append({"group": group_marks(report, [group])[0], **own, "year": year})
    columns = [Column("group", texts("column.party_group"))]
    columns += [Column(str(quarter), texts(f"period.quarter_{quarter.quarter}")) for quarter in report.quarters]
    if report.is_over:
        columns.append(Column("year", texts("year.five_stars_of_year"), digits=0))
    is_whole = not any(map(is_uncounted, (*stars.to_dict("records"), *years.values())))
    why = "" if is_whole else texts("privacy.stars_note", count=FEWEST_MEMBERS)
    note = joined((texts("year.stars_note" if report.is_over else "year.stars_note_so_far"), why), texts)
    table = Table(pd.DataFrame(rows), tuple(columns), caption=texts("year.stars_table"), note=note, keys=BY_GROUP)
    return Stack((Section("stars", texts("year.stars_title"), texts("year.stars_lead")), table))


def _by_quarter(stars: pd.DataFrame) -> dict[tuple[str, pd.Period], Mapping[Any, Any]]:
    return {(row["party_group"], row["quarter"]): row for row in stars.to_dict("records")}


def _count_of(row: Mapping[Any, Any] | None, report: AnnualReport) -> str | None:
    if row is None or is_missing(row["rated_count"]):
        return None
    count = report.texts("privacy.hidden") if is_uncounted(row) else row["five_star_count"]
    return report.texts("year.stars_of_rated", count=count, rated=row["rated_count"])


def _year_count(row: Mapping[Any, Any] | None, report: AnnualReport) -> Any:
    if row is None:
        return None
    return report.texts("privacy.hidden") if is_uncounted(row) else row["five_star_count"]


def show_year_changes(report: AnnualReport) -> Stack:
    """Show which rule book held in which months, and what corrections changed, quarter by quarter."""
    texts, spans = report.texts, report.version_spans
    key = "year.rules_one" if len(spans) == 1 else "year.rules_several"
    versions = [
        texts("year.rules_span", version=version, first=month_text(first, texts), last=month_text(last, texts))
        for version, first, last in spans
    ]
    lead = texts(key, versions=texts("list.clauses").join(versions))
    blocks: list[Block] = [Section("changes", texts("year.changes_title"), lead)]
    restated = touched(report.of_year("restatements"))
    if restated.empty:
        return Stack((*blocks, Prose((texts("year.no_corrections"),))))
    corrections = correction_table(report, report.of_year("corrections_applied"))
    return Stack((*blocks, restatement_table(report, restated), corrections))


def show_year_posts(report: AnnualReport) -> Stack:
    """Show since when each group has had its leader, and how its posts and duty areas were covered; no names."""
    texts = report.texts
    section = Section("posts", texts("year.posts_title"), texts("year.posts_lead"))
    return Stack((section, _leader_terms(report), _posts(report)))


def _leader_terms(report: AnnualReport) -> Table:
    """Return the terms that have a day in the year; a group without one has a row that says so."""
    texts, terms = report.texts, report.tables["leader_terms"]
    first, last = report.quarters[0].start_time, report.quarter.end_time
    rows = []
    for group in report.groups:
        own = terms[terms["party_group"] == group].sort_values("started_on").reset_index(drop=True)
        inside = own[(own["started_on"] <= last) & ~(own["ended_on"] <= first)]
        common = {"group": Mark(group, group=report.colour_of(group)), "post": report.bureau.groups[group].leader_post}
        if inside.empty:
            rows.append({**common, "since": texts("year.no_leader"), "until": None, "term": None})
        for number, term in inside.iterrows():
            ended = term["ended_on"] if not is_missing(term["ended_on"]) and term["ended_on"] <= last else None
            rows.append(
                {
                    **common,
                    "number": int(str(number)) + 1,
                    "since": date_text(term["started_on"].date(), texts),
                    "until": texts("year.still") if ended is None else date_text(ended.date(), texts),
                    "term": None if is_missing(term["term"]) else term["term"],
                }
            )
    columns = [
        Column("group", texts("column.party_group")),
        Column("post", texts("year.leader_post")),
        Column("number", texts("year.leader_number"), digits=0),
        Column("since", texts("year.since")),
        Column("until", texts("year.until")),
        Column("term", texts("year.term")),
    ]
    frame = pd.DataFrame(rows, columns=[column.name for column in columns])
    if frame["term"].isna().all():
        columns.pop()
    return Table(
        frame, tuple(columns), caption=texts("year.leader_table"), note=texts("year.leader_note"), keys=BY_GROUP
    )


def _posts(report: AnnualReport) -> Table:
    texts, rows = report.texts, report.of_year("posts_by_group_quarter")
    places = {group: place for place, group in enumerate(report.groups)}
    rows = rows.assign(place=rows["party_group"].map(places)).sort_values(["place", "quarter"], kind="stable")
    frame = rows.assign(
        group=group_marks(report, rows["party_group"]),
        when=[quarter_text(quarter, texts) for quarter in rows["quarter"]],
        posts=_of(rows, "members_with_post", "member_count"),
        areas=_of(rows, "duty_areas_served", "duty_area_count"),
    )
    columns = (
        Column("group", texts("column.party_group")),
        Column("when", texts("year.quarter")),
        Column("posts", texts("year.with_post")),
        Column("post_coverage_pct", texts("year.coverage"), digits=RATE_DIGITS, unit=texts("unit.pct")),
        Column("areas", texts("year.areas_served")),
        Column("pioneer_post_count", texts("year.pioneers"), digits=0),
        Column("duty_count", texts("year.duties_done"), digits=0),
    )
    return Table(frame, columns, caption=texts("year.posts_table"), keys=BY_GROUP)


def _of(rows: pd.DataFrame, part: str, whole: str) -> list[Any]:
    """Return "part / whole" a row; None where the ledger was not handed in."""
    pairs = zip(rows[part], rows[whole], strict=True)
    return [None if is_missing(one) else f"{one} / {other}" for one, other in pairs]
