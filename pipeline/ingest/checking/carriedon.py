"""Matters that are written down again once more is known of them: ledgers handed in anew each month with all that is in
them so far, open matters carried over to the next sheet.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain

import pandas as pd

from pipeline.catalog import Catalog
from pipeline.ingest.cells.columns import Value, Words
from pipeline.ingest.checking.copies import name_from, originals_first
from pipeline.ingest.checking.kinship import Found, Signature, signatures_of
from pipeline.ingest.checking.numberings import MAX_DIGITS, TELLING
from pipeline.ingest.checking.references import period_column
from pipeline.ingest.checking.timeliness import check_period, stated_period
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.wordforms import cell_text, compact

CLOSED = "closed_on"  # a table with this column is a ledger of matters that are open and then closed
# What is filled in as a matter goes on; every other column says which matter it is, and what stands in both must agree.
OUTCOMES = (CLOSED, "status", "result", "transferred", "satisfaction", "remedy")
REMARK = "note"  # may be reworded at any time

OUTSIDE = "outside_period"

MAX_ALIKE = 20  # rows of one sheet without a key; more are told apart by a column that nobody reads

Pair = tuple[Found, Found]  # a row, and the one that is the same matter further on
Key = tuple[int, int]  # of a row: its sheet and its position
Claim = tuple[int, Key]  # a sheet, and the row that stands for one of its rows


def leave_carried_on(sheets: Sequence[SheetRows], catalog: Catalog, words: Words) -> None:
    """Turn down the rows of matters that another sheet carries on: it says all that they say, and how they went on.

    Counted by its first row a matter that was closed would be open for ever, and in a table without a key it would be
    two; so it is where each sheet numbers its matters anew. Where a sheet carries on one row of another, it also stands
    for those that are equal in both. In any table, a row of an earlier month that stands again, equal, on the sheet of
    a later one is one. One warning a sheet says so; what only one of the two has stays.
    """
    by_table: dict[str, list[SheetRows]] = {}
    for rows in originals_first(sheets, words):
        by_table.setdefault(rows.sheet.kind.table, []).append(rows)
    for table, found in by_table.items():
        matters = [rows for rows in found if CLOSED in rows.columns]
        pairs = list(_handed_in_anew(found, words))
        if len(matters) > 1 or (matters and catalog.tables[table].key):
            pairs += _find_carried_on(matters, catalog.tables[table].key, words)
        _tell(pairs)
        _withdraw_outside(pairs, words)


def _find_carried_on(sheets: Sequence[SheetRows], key: Sequence[str], words: Words) -> list[Pair]:
    pairs: list[Pair] = []
    carried: defaultdict[int, dict[int, SheetRows]] = defaultdict(dict)  # sheet -> sheets that carry it on
    found: list[tuple[list[Found], Sequence[str]]] = []
    for unasked in [(), key] if key else [()]:
        matters = [(rows, unasked) for rows in _rows_by_matter(sheets, unasked).values() if len(rows) > 1]
        new = [pair for rows, _ in matters for pair in _carried_on(rows, bool(key) and not unasked, words)]
        for (rows, position), (later, _) in new:
            rows.carried_on.add(position)
            carried[id(rows)][id(later)] = later
        pairs += new
        found += matters
    for matter, unasked in found:
        pairs += _equal_rows(matter, carried, unasked)
    return pairs


def _handed_in_anew(sheets: Sequence[SheetRows], words: Words) -> Iterator[Pair]:
    """Yield the rows that stand, equal, on the sheet of a later month, outside whose month they lie.

    The last such sheet counts. It must have rows of its own month: one that is nothing but an older sheet under a new
    name was copied and not filled in. Only open matters may be all that there is to carry over.
    """
    later = [rows for rows in sheets if rows.faulty.of_code(OUTSIDE)]
    if not later:
        return
    ends = {id(rows): stated_period(rows, words).last_day for rows in sheets}
    carried = {id(rows): _rows_of_before(rows, words) for rows in later}
    found: defaultdict[Signature, list[Found]] = defaultdict(list)
    for rows in sheets:
        names = [name for name in rows.columns if name != REMARK]
        for position, signature in signatures_of(rows, names).items():
            found[(*names, *signature)].append((rows, position))
    for equal in found.values():
        if len(equal) > 1:
            yield from _from_month_to_month(equal, ends, carried)


def _rows_of_before(rows: SheetRows, words: Words) -> set[int]:
    """Return the positions of a sheet's rows that lie before its stated period, where it has others too."""
    name = period_column(rows.columns.values())
    stated = stated_period(rows, words)
    if name is None or stated.last_day is None or (stated.month is None and stated.quarter is None):
        return set()
    kept = rows.kept()
    dated = [(position, rows.values[name][position]) for position in kept]
    before = {
        position
        for position, value in dated
        if isinstance(value, date | pd.Period) and not stated.holds(value) and _last_day(value) < stated.last_day
    }
    is_open = CLOSED in rows.columns and not any(rows.values[CLOSED][position] for position in kept)
    return before if is_open or len(before) < len(kept) else set()


def _last_day(value: date | pd.Period) -> date:
    return value.end_time.date() if isinstance(value, pd.Period) else value


def _from_month_to_month(
    equal: Sequence[Found], ends: Mapping[int, date | None], carried: Mapping[int, set[int]]
) -> Iterator[Pair]:
    """Yield equal rows of several months with the one that counts, one to one: two visits of a day stay two."""
    by_end: defaultdict[date, list[Found]] = defaultdict(list)
    for found in equal:
        end = ends[id(found[0])]
        if end is not None:
            by_end[end].append(found)
    for end in sorted(by_end)[:-1]:
        for place, (rows, position) in enumerate(by_end[end]):
            after = [later for last in sorted(by_end) if last > end for later in by_end[last][place : place + 1]]
            after = [(other, there) for other, there in after if there in carried.get(id(other), ())]
            if after:
                rows.carried_on.add(position)
                yield (rows, position), after[-1]


def _rows_by_matter(sheets: Iterable[SheetRows], unasked: Sequence[str]) -> dict[Signature, list[Found]]:
    """Return the rows of each matter. A key that is ``unasked`` is one of numbers that begin anew on every sheet; the
    words of a row must then tell what it is of.
    """
    found: dict[Signature, list[Found]] = {}
    for rows in sheets:
        names = [name for name in rows.columns if name not in (*OUTCOMES, REMARK, *unasked)]
        for position, signature in signatures_of(rows, names).items():
            if position not in rows.carried_on and (not unasked or _is_told_by_words(rows, position, unasked, names)):
                found.setdefault((*names, *signature), []).append((rows, position))
    return found


def _is_told_by_words(rows: SheetRows, position: int, key: Sequence[str], names: Iterable[str]) -> bool:
    numbers = [compact(cell_text(rows.cell(name, position))) for name in key]
    said = (rows.values[name][position] for name in names if rows.columns[name].dtype == "text" and name in rows.places)
    return all(number.isdecimal() and len(number) <= MAX_DIGITS for number in numbers) and (
        sum(len(str(text or "")) for text in said) >= TELLING
    )


def _carried_on(matter: Sequence[Found], has_key: bool, words: Words) -> Iterator[Pair]:
    """Yield the rows of a matter that the fullest one carries on.

    Without a key two rows of a sheet are two matters: each row stands for at most one of another sheet, and first for
    one that says the same.
    """
    told = {_key_of(found): _outcomes(*found, words) for found in matter}
    fullest = sorted(matter, key=lambda found: len(told[_key_of(found)]), reverse=True)
    if has_key:
        whole = told[_key_of(fullest[0])]
        yield from ((found, fullest[0]) for found in matter if _is_less(told[_key_of(found)], whole))
        return
    most = max(Counter(id(rows) for rows, _ in matter).values())
    if most > MAX_ALIKE or len({*map(len, told.values())}) == 1:
        return
    taken = _said_alike(matter, told) if most > 1 else set()
    for found in matter:
        for later in fullest:
            claim = (id(found[0]), _key_of(later))
            is_other = later[0] is not found[0] and claim not in taken
            if is_other and _is_less(told[_key_of(found)], told[_key_of(later)]):
                taken.add(claim)
                yield found, later
                break


def _is_less(own: dict[str, Value], whole: dict[str, Value]) -> bool:
    """Tell whether a row says a part of what another one says of how its matter went on, and nothing else."""
    return len(own) < len(whole) and own.items() <= whole.items()


def _said_alike(matter: Sequence[Found], told: Mapping[Key, dict[str, Value]]) -> set[Claim]:
    """Return the rows that stand for one of another sheet which says the same, each with that sheet."""
    taken: set[Claim] = set()
    for rows, position in matter:
        own, used = told[_key_of((rows, position))], set[int]()
        for other in matter:
            claim, sheet = (id(rows), _key_of(other)), id(other[0])
            if other[0] is not rows and sheet not in used and claim not in taken and told[claim[1]] == own:
                used.add(sheet)
                taken.add(claim)
    return taken


def _key_of(found: Found) -> Key:
    """Return what tells a row from all others."""
    return id(found[0]), found[1]


def _outcomes(rows: SheetRows, position: int, words: Words) -> dict[str, Value]:
    """Return what a row says of how its matter went on; 在办 says nothing."""
    values = {name: rows.values[name][position] for name in OUTCOMES if name in rows.columns}
    return {
        name: value
        for name, value in values.items()
        if value is not None and not (isinstance(value, str) and compact(value) in words["unfinished"])
    }


def _equal_rows(
    matter: Sequence[Found], carried: Mapping[int, dict[int, SheetRows]], unasked: Sequence[str]
) -> Iterator[Pair]:
    """Yield the rows of a matter that stand, equal, on a sheet which carries on others of theirs; one for one."""
    taken: set[Claim] = set()
    for rows, position in matter:
        later = carried.get(id(rows), {}) if position not in rows.carried_on else {}
        for other, there in matter if later else ():
            claim = (id(rows), (id(other), there))
            is_left = id(other) in later and there not in other.carried_on and claim not in taken
            if is_left and _values(rows, position, unasked) == _values(other, there, unasked):
                taken.add(claim)
                rows.carried_on.add(position)
                yield (rows, position), (other, there)
                break


def _values(rows: SheetRows, position: int, unasked: Sequence[str]) -> list[Value]:
    names = [name for name in rows.values if name in rows.columns and name not in (REMARK, *unasked)]
    return [rows.values[name][position] for name in names]


def _tell(pairs: Iterable[Pair]) -> None:
    """Turn the rows down, and say on each sheet how many they are and where they are carried on."""
    by_sheet: defaultdict[int, list[Pair]] = defaultdict(list)
    for pair in pairs:
        by_sheet[id(pair[0][0])].append(pair)
    for found in by_sheet.values():
        rows = found[0][0][0]
        positions = Counter(position for (_, position), _ in found)
        others = sorted({name_from(rows, later) for _, (later, _) in found})
        rows.rejected.update(positions)
        first = min(positions)
        place = rows.place(next(iter(rows.places)), first) or (rows.rows[first], 0)
        rows.sheet_fault("carried_on", str(len(positions)), ", ".join(others), place=place)


def _withdraw_outside(pairs: Iterable[Pair], words: Words) -> None:
    """Take back that a row lies outside the period of its sheet, where the sheet carries an older ledger on; one row
    may have been told for all, and of the others it is said again.
    """
    sheets: dict[int, tuple[SheetRows, set[int]]] = {}
    for rows, position in chain.from_iterable(pairs):
        sheets.setdefault(id(rows), (rows, set()))[1].add(position)
    for rows, positions in sheets.values():
        if any(fault.code == OUTSIDE for fault in rows.faults):
            rows.withdraw(OUTSIDE)
            check_period(rows, words, positions)
