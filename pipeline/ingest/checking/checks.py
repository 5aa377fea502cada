"""What rows contradict: an end before its beginning, a member in two groups at once, a code that no rule scores."""

from collections.abc import Collection, Iterable
from datetime import date
from itertools import pairwise

from pipeline.catalog import Catalog, Rule
from pipeline.ingest.checking.references import period_column
from pipeline.ingest.layouts.sheetrows import SheetRows

ENDS = ("closed_on", "left_on", "to_on")  # columns of the data dictionary that end what the row's date began
DUE = "due_on"  # until when the matter should have ended; a wrong one leaves the matter as it is

POINTS_LEDGER = "points_ledger"
SUBJECT_LEDGERS = (POINTS_LEDGER, "corrections")  # whose rows name an item of the rule book
ABOUT_ITEM = "about_item"
ITEM_CLAUSE = "item="  # the clause of a measure's filter (measures.csv) that says which rows of the ledger it takes

STAY = ("member", "party_group", "joined_on", "left_on")


def check_date_order(rows: SheetRows) -> None:
    """Take out an end before its beginning: one of the two is wrong, and an unfinished matter claims the least; where
    the end is required, the row is turned down. A deadline before its beginning is noted and stays.

    Where the beginning lies outside the period of its sheet, it is the wrong one, and `check_period` has said so.
    """
    start = period_column(rows.columns.values())
    ends = [name for name in (*ENDS, DUE) if name in rows.columns and name in rows.places]
    if start is None:
        return
    doubted = rows.faulty.of_code("outside_period")
    for name in ends:
        values = rows.values[name]
        for position, (began, ended) in enumerate(zip(rows.values[start], values, strict=True)):
            if position in doubted:
                continue
            if not (isinstance(began, date) and isinstance(ended, date) and ended < began):
                continue
            rows.fault("due_before_start" if name == DUE else "date_order", name, position, f"≥ {began.isoformat()}")
            if name != DUE:
                values[position] = None
                if rows.columns[name].required:
                    rows.rejected.add(position)


def check_memberships(rosters: Iterable[SheetRows]) -> None:
    """Note every member without a group, and every stay that begins before the member's last one ended; on days of
    both the later one counts.

    Two that begin on one day have the same key, and `reject_repeated_keys` turns the second one down.
    """
    stays: dict[object, list[tuple[date, date, str, SheetRows, int]]] = {}
    for rows in rosters:
        for position in rows.kept():
            member, group, joined, left = (rows.values[name][position] for name in STAY)
            if group is None:
                if not rows.faulty.at(position):
                    rows.fault("unassigned_member", "party_group", position)
                continue
            if isinstance(joined, date):
                end = left if isinstance(left, date) else date.max
                stays.setdefault(member, []).append((joined, end, str(group), rows, position))
    for found in stays.values():
        found.sort(key=lambda stay: stay[0])
        for (began, end, group, _, _), (joined, _, _, rows, position) in pairwise(found):
            if began < joined < end:
                until = "" if end == date.max else end.isoformat()
                rows.fault("overlapping_membership", "joined_on", position, f"{group} {began} … {until}".rstrip())


def ledger_items(rules: Iterable[Rule], catalog: Catalog) -> frozenset[str]:
    """Return the codes of the points ledger that any version of the rules takes points from.

    Every other item is scored from the ledgers of the work itself. What counts is the code that the rule's measure
    selects, as scoring does, and not the code that a bureau gave to its rule.
    """
    names = {name for rule in rules for name in (rule.measure, rule.target) if name}
    measures = [catalog.measures[name] for name in names]
    clauses = [clause for found in measures if found.table == POINTS_LEDGER for clause in found.filter.split(";")]
    return frozenset(clause.removeprefix(ITEM_CLAUSE) for clause in clauses if clause.startswith(ITEM_CLAUSE))


def scored_items(rules: Iterable[Rule]) -> frozenset[str]:
    """Return every item code of any version of the rules: what a correction may be about."""
    return frozenset(rule.item for rule in rules)


def check_items(rows: SheetRows, ledger: Collection[str], scored: Collection[str]) -> None:
    """Turn down rows whose code counts for nothing: in a points ledger one that is none of ``ledger``, in corrections
    and as the item concerned one that is none of ``scored``.
    """
    table = rows.sheet.kind.table
    if table not in SUBJECT_LEDGERS:
        return
    _check_codes(rows, "item", ledger if table == POINTS_LEDGER else scored)
    if ABOUT_ITEM in rows.columns:
        _check_codes(rows, ABOUT_ITEM, scored)


def _check_codes(rows: SheetRows, name: str, known: Collection[str]) -> None:
    for position, item in enumerate(rows.values[name]):
        if item is not None and item not in known:
            rows.fault("unknown_item", name, position, " / ".join(sorted(known)))
            rows.rejected.add(position)
