"""In which months a group has members, and where so many came or went that what was before was another group."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import pandas as pd

from pipeline.periods import months_of
from pipeline.report.material.base import PageMaterial, kept
from pipeline.report.material.numbers import listed, month_text, short_month_text
from pipeline.texts import Texts

POINTS = "points_by_group_month"  # a row for every group and month that was scored: one with members
TURNOVER = "turnover_by_group_month"


@kept
def scored_months(report: PageMaterial) -> Mapping[str, frozenset[pd.Period]]:
    """Return the months in which each group has members; before and after them it is not there, and lacks nothing.

    Where the roster puts nobody into a group, these are all months.
    """
    rows = report.tables[POINTS]
    found: dict[str, set[pd.Period]] = {group: set() for group in report.groups}
    for group, month in zip(rows["party_group"].tolist(), rows["month"].tolist(), strict=True):
        found.setdefault(group, set()).add(month)
    return {group: frozenset(months) for group, months in found.items()}


def groups_in(report: PageMaterial, months: Collection[pd.Period]) -> tuple[str, ...]:
    """Return the groups with members in any of some months, in the bureau's order."""
    scored = scored_months(report)
    return tuple(group for group in report.groups if not scored[group].isdisjoint(months))


def last_month(report: PageMaterial, group: str) -> pd.Period | None:
    """Return the last month in which a group had members; None where it has some at the end, or never had."""
    months = [month for month in scored_months(report)[group] if month <= report.months[-1]]
    return max(months) if months and max(months) < report.months[-1] else None


@kept
def partly_scored(report: PageMaterial) -> Mapping[str, tuple[pd.Period, ...]]:
    """Return the groups that have members in some months of the quarter and not in all, each with these months."""
    there = {group: tuple(m for m in report.months if m in months) for group, months in scored_months(report).items()}
    return {group: there[group] for group in report.groups if 0 < len(there[group]) < len(report.months)}


def partly_scored_sentence(report: PageMaterial) -> str:
    """Say which groups were scored in few months of the quarter, and in which; "" where none was."""
    texts = report.texts
    parts = [
        texts("gap.group_months", group=group, months=listed((short_month_text(m, texts) for m in months), texts))
        for group, months in partly_scored(report).items()
    ]
    return texts("standings.fewer_months", groups=texts("list.clauses").join(parts)) if parts else ""


def ended_groups(report: PageMaterial) -> tuple[str, ...]:
    """Return the groups that had members and have none in the last month, in the bureau's order."""
    return tuple(group for group in report.groups if last_month(report, group) is not None)


@kept
def grown_at_end(report: PageMaterial, group: str) -> tuple[str, ...]:
    """Return the groups to which members came in the first month in which an ended group had none.

    A merger looks so; who takes a matter over, people decide.
    """
    last, turnover = last_month(report, group), report.tables[TURNOVER]
    if last is None:
        return ()
    came = set(turnover.loc[(turnover["month"] == last + 1) & (turnover["joined_count"] > 0), "party_group"])
    return tuple(other for other in report.groups if other in came)


def ended_text(report: PageMaterial, group: str) -> str:
    """Say since when a group has no members, and which groups grew in that month."""
    texts, last = report.texts, last_month(report, group)
    if last is None:
        return ""
    heirs = grown_at_end(report, group)
    key = "member.ended_into" if heirs else "member.ended"
    return texts(key, group=group, month=month_text(last + 1, texts), heirs=listed(heirs, texts))


@kept
def _turned_over(report: PageMaterial) -> Mapping[str, tuple[pd.Period, ...]]:
    """Return the months in which more than one in five members of a group changed, in order."""
    rows = report.tables[TURNOVER]
    flagged = rows[rows["is_flagged"].astype(bool)].sort_values("month")
    return {str(group): tuple(months) for group, months in flagged.groupby("party_group")["month"]}


def other_members(report: PageMaterial, group: str, since: pd.Period, until: pd.Period) -> tuple[pd.Period, ...]:
    """Return the months after ``since``, up to ``until``, from which on a group is one of other people.

    More than one in five changed: it was merged, divided, or made up anew. What it did before and after is not the
    work of the same people, perhaps not of the same district. Where all have left, nobody does anything afterwards.
    """
    last = max((month for month in scored_months(report)[group] if month <= until), default=since)
    return tuple(month for month in _turned_over(report).get(group, ()) if since < month <= last)


def regrouped(report: PageMaterial, group: str, since: pd.Period, until: pd.Period) -> tuple[pd.Period, ...]:
    """Return those `other_members` months of a group in which another group began or ended: a merger or a division.

    Plans and numbers of shops may then be of another district than the results and visits beside them.
    """
    scored = scored_months(report)
    others = [scored[other] for other in report.groups if other != group]
    return tuple(
        month
        for month in other_members(report, group, since, until)
        if any((month in months) != (month - 1 in months) for months in others)
    )


def others_by_group(
    report: PageMaterial, groups: Iterable[str], since: pd.Period, until: pd.Period
) -> dict[str, tuple[pd.Period, ...]]:
    """Return the groups with `other_members` between two months, each with its months."""
    found = {group: other_members(report, group, since, until) for group in groups}
    return {group: months for group, months in found.items() if months}


def others_since_last_quarter(report: PageMaterial) -> dict[str, tuple[pd.Period, ...]]:
    """Return the groups whose quarter and the one before are of other people, each with its months."""
    there = groups_in(report, report.months)
    return others_by_group(report, there, months_of(report.quarter - 1)[0], report.months[-1])


def others_sentence(changes: Mapping[str, Sequence[pd.Period]], texts: Texts) -> str:
    """Return what cannot be compared since groups are of other people; "" where none is."""
    if not changes:
        return ""
    places = texts("list.clauses").join(
        texts("gap.group_months", group=group, months=listed((month_text(month, texts) for month in months), texts))
        for group, months in changes.items()
    )
    return texts("summary.other_members", places=places)


@kept
def counted_nowhere(report: PageMaterial) -> frozenset[tuple[str, pd.Period, str]]:
    """Return group, month and measure of results that a workbook has for a group without members in the month."""
    rows = report.tables["results_without_members"]
    return frozenset(zip(rows["party_group"], rows["month"], rows["measure"], strict=True))


def is_counted_nowhere(report: PageMaterial, group: str, month: pd.Period, measures: Iterable[str]) -> bool:
    """Tell whether a workbook has any of ``measures`` for a group in a month in which it has no members."""
    return any((group, month, measure) in counted_nowhere(report) for measure in measures)
