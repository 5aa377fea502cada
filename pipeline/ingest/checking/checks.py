"""What rows contradict: an end before its beginning, a member in two groups at once, a code that no rule scores."""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from itertools import pairwise

from pipeline.catalog import Catalog
from pipeline.catalog.records import SUBJECT
from pipeline.ingest.cells.columns import Words
from pipeline.ingest.cells.spans import FIRST, LAST
from pipeline.ingest.checking.references import period_column
from pipeline.ingest.files.grids import Cell, CellError
from pipeline.ingest.itemcodes import MEMBER, POINTS_LEDGER, Items
from pipeline.ingest.layouts.context import GROUP
from pipeline.ingest.layouts.rows import cell_at
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.vocabulary import LEVEL
from pipeline.ingest.wordforms import cell_text, compact

ENDS = ("closed_on", "left_on", "to_on")  # columns of the data dictionary that end what the row's date began
DUE = "due_on"  # until when the matter should have ended; a wrong one leaves the matter as it is

SUBJECT_LEDGERS = (POINTS_LEDGER, "corrections")  # whose rows name an item of the rule book
ABOUT_ITEM = "about_item"
ABOUT = ("item", GROUP, MEMBER)  # what a row of theirs is about, and whom

MONTHS_OF_A_YEAR = 12  # a number below 13 in a cell of days is 1.15: no year stands there
SOON = timedelta(days=92)  # a quarter: what was begun in December is ended in January; any later it may be a slip
PUT_OFF = timedelta(days=183)  # half a year, for a deadline: that may be far away, and nothing is closed by it
_DAYS = re.compile(r"(\d+(?:\.\d+)?)(?:个?工作)?[天日]?")
_HAS_YEAR = re.compile(r"\d{4}|\d{2}年")

STAY = ("member", "party_group", "joined_on", "left_on")


def check_spans(rows: SheetRows, words: Words) -> None:
    """Turn down rows with a single day where its first and its last one should stand (请假时间), while a column beside
    says that there are more (天数: 3): which day is the last one is not known.
    """
    first, last = (rows.places.get(name) for name in (FIRST, LAST))
    header = rows.sheet.header
    lengths = [n for n, path in header.named if path.rpartition(LEVEL)[2] in words["span_length"]]
    if not lengths or rows.sheet.relaid is not None or first is None or [*first] != [*(last or ())]:
        return
    for position in rows.kept():
        began, ended = (rows.values[name][position] for name in (FIRST, LAST))
        if began == ended and any(_says_days(rows, position, number) for number in lengths):
            rows.values[LAST][position] = None
            rows.fault("missing_value", LAST, position)
            rows.rejected.add(position)


def _says_days(rows: SheetRows, position: int, number: int) -> bool:
    """Tell whether a cell of a row says that something took more than one day: 3, 3天."""
    found = _DAYS.fullmatch(compact(cell_text(cell_at(rows.sheet.grid, rows.rows[position], number))))
    return found is not None and float(found[1]) > 1


def check_date_order(rows: SheetRows) -> None:
    """Take out an end before its beginning: one of the two is wrong, and an unfinished matter claims the least; where
    the end is required, the row is turned down. A deadline before its beginning is noted and stays. One written without
    its year (1月底前, in December) is of the next year, where that is soon.

    Where the beginning lies outside the period of its sheet, it is the wrong one, and `check_period` has said so. One
    without its year has that of a heading (2018年结转), and what ended soon after ended in the next one.
    """
    start = period_column(rows.columns.values())
    ends = [name for name in (*ENDS, DUE) if name in rows.columns and name in rows.places]
    if start is None:
        return
    doubted = rows.faulty.of_code("outside_period")
    for name in ends:
        values, within = rows.values[name], PUT_OFF if name == DUE else SOON
        for position, (began, ended) in enumerate(zip(rows.values[start], values, strict=True)):
            if not (isinstance(began, date) and isinstance(ended, date) and ended < began):
                continue
            is_doubted = position in doubted
            later = _a_year_later(ended)
            if later is not None and began <= later <= began + within and has_no_year(rows.cell(name, position)):
                if not is_doubted or has_no_year(rows.cell(start, position)):
                    values[position] = later
                continue
            if is_doubted:
                continue
            rows.fault("due_before_start" if name == DUE else "date_order", name, position, f"≥ {began.isoformat()}")
            if name != DUE:
                values[position] = None
                if rows.columns[name].required:
                    rows.rejected.add(position)


def _a_year_later(day: date) -> date | None:
    """Return the same day of the next year; ``None`` for 29 February and beyond the last year there is."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return None


def has_no_year(cell: Cell | CellError) -> bool:
    """Tell whether a day was written without its year: 1月底前, 1.15."""
    if isinstance(cell, float | int):
        return cell < MONTHS_OF_A_YEAR + 1
    return isinstance(cell, str) and _HAS_YEAR.search(compact(cell)) is None


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


def check_items(rows: SheetRows, ledger: Items, scored: Items, catalog: Catalog) -> None:
    """Turn down rows that count for nothing, by their code or by whom they are about.

    A code in a points ledger must be one of ``ledger``, in corrections and as the item concerned one of ``scored``. An
    entry about a member under an item of groups would count nowhere, and so would one about a group under an item of
    members.
    """
    table = rows.sheet.kind.table
    if table not in SUBJECT_LEDGERS:
        return
    known = ledger if table == POINTS_LEDGER else scored
    _check_codes(rows, "item", known)
    if ABOUT_ITEM in rows.columns:
        _check_codes(rows, ABOUT_ITEM, scored)
    labels = {column.column: column.label_zh for column in catalog.columns_of(table)}
    _check_subjects(rows, known, labels)


def _check_codes(rows: SheetRows, name: str, known: Collection[str]) -> None:
    for position, item in enumerate(rows.values[name]):
        if item is not None and item not in known:
            rows.fault("unknown_item", name, position, " / ".join(sorted(known)))
            rows.rejected.add(position)


def _check_subjects(rows: SheetRows, known: Items, labels: Mapping[str, str]) -> None:
    """Turn down what is about somebody of the other sort.

    A subject that could not be resolved is told already, and where names are not resolved at all nobody knows who is
    who. Without a roster whoever is no group still is none.
    """
    if not rows.values.keys() >= {*ABOUT}:
        return
    for position, (item, group, member) in enumerate(zip(*(rows.values[name] for name in ABOUT), strict=True)):
        about = MEMBER if member is not None else GROUP if group is not None else None
        wanted = known.get(str(item))
        if about and wanted and about not in wanted:
            rows.fault("wrong_subject", SUBJECT, position, " / ".join(labels[name] for name in sorted(wanted)))
            rows.rejected.add(position)
