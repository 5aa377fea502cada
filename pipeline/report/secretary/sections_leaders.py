"""Sections of the secretary's page: how leaders do their duty, their terms, the roster's findings, posts and duties."""

import pandas as pd

from pipeline.report.material.marks import group_marks
from pipeline.report.material.numbers import POINT_DIGITS, RATE_DIGITS, date_text, quarter_text
from pipeline.report.material.source_places import places_text
from pipeline.report.page.blocks import Block, Bullets, Fold, Prose, Section, Stack
from pipeline.report.page.table_block import MISSING, Column, Table, format_number, is_missing
from pipeline.report.secretary.view import SecretaryReport


def show_leaders(report: SecretaryReport) -> Stack:
    """Show what was said of leaders beside their groups' results, quarter by quarter, and who led when."""
    texts = report.texts
    blocks: list[Block] = [Section("leaders", texts("secretary.leaders_title"), texts("secretary.leaders_lead"))]
    rows = report.of_year("leaders_by_group_quarter").sort_values("quarter", ascending=False, kind="stable")
    if len(rows):
        blocks.append(_evaluation(report, rows))
    duties = report.of_quarter("leader_duties")
    if len(duties):
        blocks.append(Fold(texts("secretary.duties_fold", count=len(duties)), _duties(report, duties)))
    return Stack((*blocks, _terms(report)))


def _evaluation(report: SecretaryReport, rows: pd.DataFrame) -> Table:
    texts = report.texts
    frame = rows.assign(
        when=[quarter_text(quarter, texts) for quarter in rows["quarter"]],
        group=group_marks(report, rows["party_group"]),
    )
    columns = (
        Column("member", texts("secretary.leader")),
        Column("when", texts("secretary.quarter")),
        Column("group", texts("column.party_group")),
        Column("duty_score_pct", texts("secretary.duty_score"), digits=RATE_DIGITS, unit=texts("unit.pct")),
        Column("duty_item_count", texts("secretary.duty_items"), digits=0),
        Column("training_hours_h", texts("secretary.training_hours"), digits=1),
        Column("training_count", texts("secretary.trainings"), digits=0),
        Column("education_count", texts("secretary.education"), digits=0),
        Column("group_points_mean", texts("secretary.group_points"), digits=POINT_DIGITS),
    )
    return Table(
        frame, columns, caption=texts("secretary.leaders_table", year=report.year), note=texts("secretary.leaders_note")
    )


def _duties(report: SecretaryReport, duties: pd.DataFrame) -> Table:
    texts = report.texts
    frame = duties.assign(
        score=[
            texts("secretary.score_of", points=f"{points:g}", full=MISSING if is_missing(full) else f"{full:g}")
            for points, full in zip(duties["points"], duties["full_points"], strict=True)
        ],
        source=[places_text(duties.iloc[[place]], texts) for place in range(len(duties))],
    )
    columns = (
        Column("member", texts("secretary.leader")),
        Column("duty_item", texts("secretary.duty")),
        Column("assessor", texts("secretary.assessor")),
        Column("score", texts("secretary.score")),
        Column("source", texts("secretary.places")),
    )
    return Table(frame, columns, caption=texts("secretary.duties_table"))


def _terms(report: SecretaryReport) -> Block:
    texts, terms = report.texts, report.tables["leader_terms"]
    terms = terms[terms["started_on"] <= report.quarter.end_time]
    if terms.empty:
        return Prose((texts("secretary.no_terms"),))
    places = {group: place for place, group in enumerate(report.groups)}
    terms = terms.assign(place=terms["party_group"].map(places)).sort_values(["place", "started_on"], kind="stable")
    frame = terms.assign(
        group=group_marks(report, terms["party_group"]),
        since=[date_text(day.date(), texts) for day in terms["started_on"]],
        until=[
            texts("year.still") if is_missing(day) or day > report.quarter.end_time else date_text(day.date(), texts)
            for day in terms["ended_on"]
        ],
    )
    columns = (
        Column("group", texts("column.party_group")),
        Column("member", texts("secretary.leader")),
        Column("since", texts("year.since")),
        Column("until", texts("year.until")),
        Column("term", texts("year.term")),
    )
    return Table(frame, columns, caption=texts("secretary.terms_table"))


def show_roster(report: SecretaryReport) -> Stack:
    """Show what is doubtful in the roster, who has which post, and the duties that nobody has."""
    texts = report.texts
    section = Section("roster", texts("secretary.roster_title"), texts("secretary.roster_lead"))
    findings = report.tables["roster_findings"].to_dict("records")
    lines = [
        texts(
            f"secretary.finding_{row['finding']}",
            member=MISSING if is_missing(row["member"]) else row["member"],
            group=MISSING if is_missing(row["party_group"]) else row["party_group"],
            since=MISSING if is_missing(row["since_on"]) else date_text(row["since_on"].date(), texts),
        )
        for row in findings
    ]
    found: Block = Bullets(tuple(lines)) if lines else Prose((texts("secretary.no_findings"),))
    return Stack((section, found, _posts(report), _free_duties(report)))


def _posts(report: SecretaryReport) -> Block:
    """Return who has which post, how often it was done in the quarter, and who has none."""
    texts, rows = report.texts, report.of_quarter("post_duties")
    if rows.empty:
        return Prose((texts("secretary.no_posts"),))
    filled = rows.assign(duty_area=rows["duty_area"].fillna(""), is_pioneer=rows["is_pioneer"].fillna(False))
    held = filled.groupby(["member", "post", "duty_area"], sort=False).agg(
        party_group=("party_group", "last"),
        duty_count=("duty_count", "sum"),
        months=("month", "nunique"),
        is_pioneer=("is_pioneer", "any"),
    )
    ordered = report.in_order(held.reset_index())
    frame = ordered.assign(
        group=[MISSING if is_missing(group) else group_marks(report, [group])[0] for group in ordered["party_group"]],
        duty_area=ordered["duty_area"].replace("", None),
        pioneer=[texts("workbook.yes" if pioneer else "workbook.no") for pioneer in ordered["is_pioneer"]],
    )
    columns = (
        Column("member", texts("secretary.member")),
        Column("group", texts("column.party_group")),
        Column("post", texts("secretary.post")),
        Column("duty_area", texts("secretary.duty_area")),
        Column("duty_count", texts("secretary.times_done"), digits=0),
        Column("months", texts("secretary.months_listed"), digits=0),
        Column("pioneer", texts("secretary.pioneer")),
    )
    return Table(frame, columns, caption=texts("secretary.posts_table"))


def _free_duties(report: SecretaryReport) -> Block:
    texts, rows = report.texts, report.tables["duties_without_owner"]
    if rows.empty:
        return Prose((texts("secretary.no_free_duties"),))
    frame = rows.assign(source=[places_text(rows.iloc[[place]], texts) for place in range(len(rows))])
    columns = (
        Column("duty", texts("secretary.duty")),
        Column("post", texts("secretary.post")),
        Column("standard", texts("secretary.standard")),
        Column("source", texts("secretary.places")),
    )
    return Table(frame, columns, caption=texts("secretary.free_duties", count=format_number(len(rows), 0)))
