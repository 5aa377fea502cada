"""Sections of the secretary's page: leave, complaints and deductions, corrections, overdue matters with their owner."""

from typing import Any

import pandas as pd

from pipeline.points.attendance import EXCUSED
from pipeline.points.members import ON_LEAVE
from pipeline.points.schemes import VETO, is_deduction
from pipeline.report.material.marks import group_marks
from pipeline.report.material.numbers import POINT_DIGITS, date_text, listed, month_text, short_month_text
from pipeline.report.material.source_places import places_text
from pipeline.report.page.blocks import Block, Prose, Section, Stack
from pipeline.report.page.table_block import Column, Table, filled_columns, is_missing
from pipeline.report.secretary.view import SecretaryReport


def show_leave(report: SecretaryReport) -> Stack:
    """Show the leave of the year, and what it took out of the denominators: months, and meetings that were missed."""
    texts = report.texts
    kinds = [word.word for word in report.catalog.words if word.class_ == "leave_approved"]
    lead = texts("secretary.leave_lead", kinds=listed(kinds, texts))
    blocks: list[Block] = [Section("leave", texts("secretary.leave_title"), lead)]
    leaves = report.tables["leaves"]
    leaves = leaves[leaves["to_on"] >= report.quarters[0].start_time]
    if leaves.empty:
        blocks.append(Prose((texts("secretary.no_leave"),)))
    else:
        blocks.append(_leaves(report, leaves))
    left_out = _left_out(report)
    blocks.append(left_out if left_out is not None else Prose((texts("secretary.nothing_left_out"),)))
    return Stack(tuple(blocks))


def _leaves(report: SecretaryReport, leaves: pd.DataFrame) -> Table:
    texts, approved = report.texts, report.catalog.words_of("leave_approved")
    ordered = leaves.sort_values(["from_on", "member"], kind="stable")
    frame = ordered.assign(
        group=_groups(report, ordered["party_group"]),
        first=_days(report, ordered["from_on"]),
        last=_days(report, ordered["to_on"]),
        days=(ordered["to_on"] - ordered["from_on"]).dt.days + 1,
        counts=[
            texts("secretary.left_out" if kind in approved else "secretary.stays") for kind in ordered["leave_type"]
        ],
    )
    columns = (
        Column("member", texts("secretary.member")),
        Column("group", texts("column.party_group")),
        Column("leave_type", texts("secretary.leave_type")),
        Column("first", texts("secretary.first_day")),
        Column("last", texts("secretary.last_day")),
        Column("days", texts("secretary.days"), digits=0),
        Column("counts", texts("secretary.denominator")),
        Column("approved_by", texts("secretary.approved_by")),
        Column("note", texts("secretary.note")),
    )
    return Table(frame, filled_columns(frame, columns), caption=texts("secretary.leave_table", year=report.year))


def _left_out(report: SecretaryReport) -> Table | None:
    """Return which months and meetings of the year left the denominators; None where there are none."""
    texts = report.texts
    months = report.of_year("points_by_member_month")
    months = months[months["state"] == ON_LEAVE]
    meetings = report.tables["attendances"]
    since, until = report.quarters[0].start_time, report.quarter.end_time
    meetings = meetings[(meetings["presence"] == EXCUSED) & meetings["held_on"].between(since, until)]
    rows = []
    for member in report.members:
        own, missed = months[months["member"] == member], meetings[meetings["member"] == member]
        if len(own) or len(missed):
            rows.append(
                {
                    "member": member,
                    "months": listed((short_month_text(month, texts) for month in sorted(own["month"])), texts) or None,
                    "meetings": listed(
                        (
                            texts("secretary.missed", kind=kind, day=date_text(day.date(), texts))
                            for kind, day in zip(missed["activity_type"], missed["held_on"], strict=True)
                        ),
                        texts,
                    )
                    or None,
                }
            )
    if not rows:
        return None
    columns = (
        Column("member", texts("secretary.member")),
        Column("months", texts("secretary.months_left_out")),
        Column("meetings", texts("secretary.meetings_left_out")),
    )
    return Table(pd.DataFrame(rows), columns, caption=texts("secretary.left_out_table", year=report.year))


def show_deductions(report: SecretaryReport) -> Stack:
    """Show what the points ledger took away in the year, from groups and members, with its ground."""
    texts = report.texts
    section = Section("deductions", texts("secretary.deductions_title"), texts("secretary.deductions_lead"))
    negative = {rule.item for rule in report.bureau.rules if is_deduction(rule) or rule.scheme == VETO}
    entries = report.of_year("points_ledger")
    entries = entries[(entries["points"] < 0) | entries["item"].isin(negative)]
    if entries.empty:
        return Stack((section, Prose((texts("secretary.no_deductions"),))))
    ordered = entries.sort_values(["month", "source_file", "source_row"], ascending=[False, True, True], kind="stable")
    frame = ordered.assign(
        when=[month_text(month, texts) for month in ordered["month"]],
        group=_groups(report, ordered["party_group"]),
        what=[report.item_name(item) for item in ordered["item"]],
        about=_about(report, ordered["about_item"]),
        taken_down=_days(report, ordered["recorded_on"]),
        whom=_subjects(report, ordered),
        source=_places(report, ordered),
    )
    columns = (
        Column("when", texts("column.month")),
        Column("whom", texts("secretary.subject")),
        Column("group", texts("column.party_group")),
        Column("what", texts("secretary.item_column")),
        Column("points", texts("secretary.points"), digits=POINT_DIGITS, signed=True),
        Column("ground", texts("secretary.ground")),
        Column("about", texts("secretary.about")),
        Column("recorded_by", texts("secretary.recorded_by")),
        Column("taken_down", texts("secretary.recorded_on")),
        Column("source", texts("secretary.places")),
    )
    caption = texts("secretary.deductions_table", year=report.year)
    return Stack((section, Table(frame, filled_columns(frame, columns), caption=caption)))


def show_corrections(report: SecretaryReport) -> Stack:
    """Show the corrections of the year's points, of members and of groups, with their ground and what was applied."""
    texts, rows = report.texts, report.of_year("corrections_applied")
    section = Section("corrections", texts("secretary.corrections_title"), texts("secretary.corrections_lead"))
    if rows.empty:
        return Stack((section, Prose((texts("secretary.no_corrections"),))))
    frame = rows.assign(
        day=_days(report, rows["corrected_on"]),
        whom=_subjects(report, rows),
        group=_groups(report, rows["party_group"]),
        when=[month_text(month, texts) for month in rows["month"]],
        what=[report.item_name(item) for item in rows["item"]],
        source=_places(report, rows),
    )
    columns = (
        Column("day", texts("secretary.corrected_on")),
        Column("whom", texts("secretary.subject")),
        Column("group", texts("column.party_group")),
        Column("when", texts("secretary.month_of_points")),
        Column("what", texts("secretary.item_column")),
        Column("change_points", texts("secretary.correction"), digits=POINT_DIGITS, signed=True),
        Column("applied_points", texts("secretary.applied"), digits=POINT_DIGITS, signed=True),
        Column("ground", texts("secretary.ground")),
        Column("source", texts("secretary.places")),
    )
    caption = texts("secretary.corrections_table", year=report.year)
    return Stack((section, Table(frame, filled_columns(frame, columns), caption=caption)))


def show_owners(report: SecretaryReport) -> Stack:
    """Show every overdue matter with the person in charge, the longest first."""
    texts, rows = report.texts, report.tables["overdue"]
    section = Section("overdue", texts("secretary.overdue_title"), texts("secretary.overdue_lead"))
    if rows.empty:
        return Stack((section, Prose((texts("secretary.no_overdue"),))))
    ordered = rows.sort_values(["days_overdue_d", "number"], ascending=[False, True], kind="stable")
    frame = ordered.assign(
        what=[texts(f"overdue.one_of_{matter}") for matter in ordered["matter"]],
        who=ordered["owner"].replace("", None),
        group=_groups(report, ordered["party_group"]),
        number=ordered["number"].replace("", None),
        topic=ordered["topic"].replace("", None),
        due=_days(report, ordered["due_on"]),
        source=_places(report, ordered),
    )
    columns = (
        Column("what", texts("overdue.matter")),
        Column("who", texts("secretary.owner")),
        Column("group", texts("column.party_group")),
        Column("number", texts("overdue.number")),
        Column("topic", texts("overdue.topic")),
        Column("due", texts("overdue.due")),
        Column("days_overdue_d", texts("overdue.days"), digits=0, unit=texts("unit.d")),
        Column("source", texts("overdue.source")),
    )
    return Stack((section, Table(frame, columns, caption=texts("secretary.overdue_table", count=len(rows)))))


def _about(report: SecretaryReport, items: "pd.Series[str]") -> list[Any]:
    return [None if is_missing(item) else report.item_name(item) for item in items]


def _subjects(report: SecretaryReport, rows: pd.DataFrame) -> list[str]:
    """Return whom entries are about: a member by name, or the group itself."""
    whole = report.texts("secretary.whole_group")
    return [whole if is_missing(member) else str(member) for member in rows["member"]]


def _groups(report: SecretaryReport, groups: "pd.Series[str]") -> list[Any]:
    """Return a coloured mark a group; missing where there is none."""
    return [None if is_missing(group) else group_marks(report, [group])[0] for group in groups]


def _days(report: SecretaryReport, days: "pd.Series[pd.Timestamp]") -> list[Any]:
    return [None if is_missing(day) else date_text(day.date(), report.texts) for day in days]


def _places(report: SecretaryReport, rows: pd.DataFrame) -> list[str]:
    return [places_text(rows.iloc[[place]], report.texts) for place in range(len(rows))]
