"""Names of groups and members against the bureau's own: known ones become standard, unknown ones are not guessed."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from functools import partial

import pandas as pd

from pipeline.catalog import Column
from pipeline.catalog.records import SUBJECT
from pipeline.ingest.layouts.context import GROUP
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.wordforms import compact, header_form, person_form

MEMBERSHIPS = "memberships"
MEMBER = "member"
PRESENT = "present"  # how many came
EXCUSED = "excused_count"  # who was on leave
_SOME = re.compile(r"[1-9]")
LISTED = re.compile(r"[、,，;；/\n]+")  # between the names of several members in one cell
LISTED_GROUPS = re.compile(r"[、,，;；/\n和与及]")
LIST_SEPARATOR = "、"
MID_MONTH = 15  # who belongs where on the 15th is counted there for the month (domain.md section 3: under half a month)


@dataclass(frozen=True)
class Membership:
    """One stay of a member in a group, from ``joined_on`` until before ``left_on`` (``None``: until today).

    ``party_group`` is ``None`` where the roster's row could not be used: the member is known, but not where and when.
    """

    party_group: str | None
    joined_on: date
    left_on: date | None

    def meets(self, first: date, last: date) -> bool:
        """Tell whether the stay shares a day with the days from ``first`` to ``last``."""
        return self.joined_on <= last and (self.left_on is None or self.left_on > first)


@dataclass(frozen=True)
class Names:
    """Every name by which a group or a member may be written: compact form -> standard name; and the members' stays.

    ``branch`` are words for everybody at once in place of a group: 全体党员, 各党小组, 党支部; ``everybody`` those for
    every member of the row's group in a list of names.
    """

    groups: Mapping[str, str]
    members: Mapping[str, str]
    stays: Mapping[str, tuple[Membership, ...]]
    branch: frozenset[str] = frozenset()
    everybody: frozenset[str] = frozenset()

    @property
    def has_roster(self) -> bool:
        """Tell whether it is known who the members are; without a roster their names are not checked."""
        return any(stay.party_group is not None for stays in self.stays.values() for stay in stays)


def resolve_names(rows: SheetRows, names: Names) -> None:
    """Put standard names in place of written ones and give tables without a group of their own a column
    ``party_group``.

    Unknown names are faults; in a required column they turn the row down, in another the value becomes missing. So
    does a member who belonged to no group on the row's date, or not to the group that the row names. Without a roster
    the members stay as written, and a group that only they could tell is missing; so it is for a member whose row in
    the roster could not be used, which is a fault of the roster and not of every row that names the member.
    """
    columns = rows.columns
    for column in columns.values():
        if column.dtype == "party_group":
            _resolve_groups(rows, column, names)
    if rows.sheet.kind.table == MEMBERSHIPS:
        return
    if SUBJECT in columns:
        _resolve_subjects(rows, columns[SUBJECT], names)
    members = [column for column in columns.values() if column.dtype == "member"]
    for column in members if names.has_roster else ():
        _resolve_members(rows, column, names)
    for column in columns.values():
        if column.dtype == "member_list":
            _resolve_lists(rows, column, names)
    if members and GROUP not in columns:
        rows.values[GROUP] = _groups_of_members(rows, members[0].column, names)


def names_members(rows: SheetRows) -> bool:
    """Tell whether a sheet, its names resolved, names members: in a column of theirs, or here and there in one that
    may also hold groups or nobody.
    """
    listed = [MEMBER, *(column.column for column in rows.columns.values() if column.dtype == "member_list")]
    is_ledger_of_members = any(column.dtype == "member" for column in rows.columns.values())
    return is_ledger_of_members or any(value is not None for name in listed for value in rows.values.get(name, ()))


def _resolve_subjects(rows: SheetRows, column: Column, names: Names) -> None:
    """Resolve what is a group or a member, and give the table the columns ``party_group`` and ``member``.

    A member's group is that of the row's date, as for every other table of members.
    """
    values = rows.values[SUBJECT]
    groups: list[object] = [names.groups.get(compact(str(value))) if value is not None else None for value in values]
    rows.values[MEMBER] = [value if group is None else None for value, group in zip(values, groups, strict=True)]
    if names.has_roster:
        _resolve_members(rows, replace(column, column=MEMBER), names, of_cell=SUBJECT)
    of_members = _groups_of_members(rows, MEMBER, names)
    rows.values[GROUP] = [group or other for group, other in zip(groups, of_members, strict=True)]
    rows.values[SUBJECT] = [group or member for group, member in zip(groups, rows.values[MEMBER], strict=True)]


def _resolve_lists(rows: SheetRows, column: Column, names: Names) -> None:
    """Put the standard names of several members into one cell, joined by 、; an unknown one is a fault and left out.

    全体党员 are all members of the row's group on its day.
    """
    values = rows.values[column.column]
    spans = _spans(rows)
    for position, written in enumerate(values):
        if written is None:
            continue
        if header_form(str(written)) in names.everybody:
            values[position] = LIST_SEPARATOR.join(_whole_group(rows, position, spans[position], names)) or None
            continue
        people = [person for part in LISTED.split(str(written)) for person in _people(part, names.members)]
        if not names.has_roster:
            values[position] = LIST_SEPARATOR.join(people)
            continue
        for person in people:
            if person not in names.members:
                nearest = partial(_nearest, person, names.members)
                rows.fault("unknown_member", column.column, position, nearest, seen=person)
        known = [names.members[person] for person in people if person in names.members]
        values[position] = LIST_SEPARATOR.join(known) or None


def _whole_group(rows: SheetRows, position: int, span: tuple[date, date] | None, names: Names) -> list[str]:
    """Return every member of a row's group on its day; nobody where fewer came or some were on leave: who stayed away
    is not said then.
    """
    group, present = (rows.values[name][position] if name in rows.values else None for name in (GROUP, PRESENT))
    if group is None or span is None or _is_anybody_excused(rows, position, names):
        return []
    members = [
        member
        for member, stays in names.stays.items()
        if any(stay.party_group == group and stay.meets(*span) for stay in stays)
    ]
    return members if present in (None, len(members)) else []


def _is_anybody_excused(rows: SheetRows, position: int, names: Names) -> bool:
    """Tell whether a row names or counts members on leave, of whatever kind: 李四(事假), 公假1人."""
    written = compact(str(rows.cell(EXCUSED, position) or ""))
    return _SOME.search(written) is not None or any(name in person_form(written) for name in names.members)


def _people(text: str, known: Collection[str]) -> list[str]:
    """Return the names in a text without other signs: blanks part them, but they may also stand within a name."""
    parts = text.split()
    if person_form(text) in known or all(len(part) == 1 for part in parts):
        return [person_form(text)] if parts else []
    return [person_form(part) for part in parts]


def _resolve_groups(rows: SheetRows, column: Column, names: Names) -> None:
    values = rows.values[column.column]
    for position, written in enumerate(values):
        if written is None:
            continue
        standard = names.groups.get(compact(str(written)))
        values[position] = standard
        if standard is not None:
            continue
        if rows.rows[position] in rows.among:
            rows.breakdown.add(position)  # 其中：一类烟 breaks the total down by something other than groups
            continue
        if _are_groups(compact(str(written)), names):
            rows.fault("several_groups", column.column, position, _all_groups(names.groups))
        else:
            nearest = partial(_nearest_group, str(written), names.groups)
            rows.fault("unknown_group", column.column, position, nearest)
        _turn_down(rows, column, position)


def _are_groups(text: str, names: Names) -> bool:
    """Tell whether a text is the branch as a whole or lists groups: 全体党员, or 营销管理、专卖综合."""
    listed = LISTED_GROUPS.split(text)
    return text in names.branch or (len(listed) > 1 and all(part in names.groups for part in listed))


def _resolve_members(rows: SheetRows, column: Column, names: Names, of_cell: str = "") -> None:
    """Resolve a column of members; the cell at fault is that of the column ``of_cell``, where it is another one."""
    cell = of_cell or column.column
    values = rows.values[column.column]
    spans = _spans(rows)
    for position, written in enumerate(values):
        if written is None:
            continue
        standard = names.members.get(person_form(str(written)))
        values[position] = standard
        if standard is None and compact(str(written)) in names.branch:
            rows.fault("several_members", cell, position)
            _turn_down(rows, column, position)
            continue
        if standard is None:
            known = {**names.groups, **names.members} if of_cell else names.members
            nearest = partial(_nearest, person_form(str(written)), known)
            rows.fault("unknown_member", cell, position, nearest)
            _turn_down(rows, column, position)
            continue
        span = spans[position]
        stays = names.stays.get(standard, ())
        group = rows.values[GROUP][position] if column.required and GROUP in rows.columns else None
        fitting = [stay for stay in stays if span is None or stay.meets(*span)]
        if not any(group is None or stay.party_group in (None, group) for stay in fitting):
            values[position] = None
            rows.fault("not_a_member_then", cell, position, _describe(stays))
            _turn_down(rows, column, position)


def _groups_of_members(rows: SheetRows, column: str, names: Names) -> list[object]:
    """Return each row's group: the member's on the day, or on the 15th where only a month is known."""
    groups: list[object] = []
    for member, span in zip(rows.values[column], _spans(rows), strict=True):
        stays = [stay for stay in names.stays.get(str(member), ()) if span is not None and stay.meets(*span)]
        middle = None if span is None else span[0] if span[0] == span[1] else span[0].replace(day=MID_MONTH)
        on_the_day = [stay for stay in stays if middle is not None and stay.meets(middle, middle)]
        found = on_the_day or stays
        groups.append(found[-1].party_group if found else None)
    return groups


def _spans(rows: SheetRows) -> list[tuple[date, date] | None]:
    """Return the first and last day that each row speaks of: its date, or the whole of its month."""
    name = period_column(rows.columns.values())
    if name is None:
        return [None] * len(rows.rows)
    values = rows.values[name]
    spans = {value: _span(value) for value in dict.fromkeys(values)}
    return [spans[value] for value in values]


def period_column(columns: Iterable[Column]) -> str | None:
    """Return the column that says when a row of a table happened: the first required date, month or quarter."""
    return next((c.column for c in columns if c.required and c.dtype in ("date", "month", "quarter")), None)


def _span(value: object) -> tuple[date, date] | None:
    if isinstance(value, pd.Period):
        return value.start_time.date(), value.end_time.date()
    return (value, value) if isinstance(value, date) else None


def _turn_down(rows: SheetRows, column: Column, position: int) -> None:
    if column.required:
        rows.rejected.add(position)


def _nearest(written: str, known: Mapping[str, str]) -> str:
    """Return the known name that looks most like what was written; it is shown, never used."""
    found = get_close_matches(written, known, n=1, cutoff=0.3)
    return known[found[0]] if found else ""


def _nearest_group(written: str, known: Mapping[str, str]) -> str:
    """Return the group that looks most like what was written, or all of them: a bureau has few."""
    return _nearest(compact(written), known) or _all_groups(known)


def _all_groups(known: Mapping[str, str]) -> str:
    return " / ".join(sorted(set(known.values())))


def _describe(stays: Iterable[Membership]) -> str:
    return "; ".join(f"{stay.party_group} {stay.joined_on} … {stay.left_on or ''}".rstrip() for stay in stays)


def memberships_of(sheets: Iterable[SheetRows]) -> Mapping[str, tuple[Membership, ...]]:
    """Return every member's stays in order, from the rows of the rosters (their groups resolved).

    A stay that ends before it begins has no end yet, as `check_date_order` leaves it; a row that was turned down gives
    a stay in no known group at all times.
    """
    stays: dict[str, list[Membership]] = {}
    for rows in sheets:
        for position in range(len(rows.rows)):
            member, group, joined, left = (
                rows.values[name][position] for name in ("member", GROUP, "joined_on", "left_on")
            )
            if member is None:
                continue
            stay = Membership(None, date.min, None)
            if position not in rows.rejected and isinstance(joined, date):
                left_on = left if isinstance(left, date) and left >= joined else None
                stay = Membership(None if group is None else str(group), joined, left_on)
            stays.setdefault(str(member), []).append(stay)
    return {member: tuple(sorted(found, key=lambda stay: stay.joined_on)) for member, found in stays.items()}
