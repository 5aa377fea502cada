"""What rows contradict: an end before its beginning, a member in two groups at once."""

from collections.abc import Iterable
from datetime import date
from itertools import pairwise

from pipeline.ingest.references import period_column
from pipeline.ingest.sheetrows import SheetRows

ENDS = ("closed_on", "left_on")  # columns of the data dictionary that end what the row's date began

STAY = ("member", "party_group", "joined_on", "left_on")


def check_date_order(rows: SheetRows) -> None:
    """Take out an end before its beginning: one of the two is wrong, and an unfinished matter claims the least."""
    start = period_column(rows.columns.values())
    ends = [name for name in ENDS if name in rows.columns and name in rows.places]
    if start is None:
        return
    for name in ends:
        values = rows.values[name]
        for position, (began, ended) in enumerate(zip(rows.values[start], values, strict=True)):
            if isinstance(began, date) and isinstance(ended, date) and ended < began:
                rows.fault("date_order", name, position, f"≥ {began.isoformat()}")
                values[position] = None


def check_memberships(rosters: Iterable[SheetRows]) -> None:
    """Note every stay that begins before the member's last one ended; on days of both the later one counts."""
    stays: dict[object, list[tuple[date, date, str, SheetRows, int]]] = {}
    for rows in rosters:
        for position in rows.kept():
            member, group, joined, left = (rows.values[name][position] for name in STAY)
            if isinstance(joined, date):
                end = left if isinstance(left, date) else date.max
                stays.setdefault(member, []).append((joined, end, str(group), rows, position))
    for found in stays.values():
        found.sort(key=lambda stay: stay[0])
        for (began, end, group, _, _), (joined, _, _, rows, position) in pairwise(found):
            if joined < end:
                until = "" if end == date.max else end.isoformat()
                rows.fault("overlapping_membership", "joined_on", position, f"{group} {began} … {until}".rstrip())
