"""Rows that the rule book counts: what a row must say to be counted, and entries of other points than the rule's."""

import re
from collections.abc import Collection, Iterable, Mapping

from pipeline.catalog import Catalog, Column, Measure, Rule
from pipeline.ingest.itemcodes import POINTS_LEDGER, ledger_codes
from pipeline.ingest.layouts.rows import cell_at
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.layouts.unused import closing_days
from pipeline.ingest.wordforms import compact

_TAKEN_AWAY = re.compile(r"-([a-z_][a-z0-9_]*)")  # in the sums of measures.csv: expected-excused_count
_ADDED = re.compile(r"(?:^|\+)([a-z_][a-z0-9_]*)")
_OTHER_OPERATORS = ("!=", "<=", ">")  # of measures.csv: what these ask of a row may well be empty
POINTS, ITEM = "points", "item"
_MATTER_ENDS = frozenset({"closed_on"})
OUTCOMES = ("status", "result")  # columns of the dictionary that say what became of a matter


def settle_nothing(rows: SheetRows, catalog: Catalog) -> None:
    """Put 0 where a column that measures take away from another is there and says nothing: no offence, nobody on leave.

    A sheet without the column says nothing of them, nor does a cell that could not be read.
    """
    table = rows.sheet.kind.table
    taken = {name for measure in catalog.measures.values() if measure.table == table for name in _taken_away(measure)}
    for name in sorted(taken & rows.places.keys()):
        faulty = rows.faulty.of_column(name)
        values = enumerate(rows.values[name])
        rows.values[name] = [0 if value is None and place not in faulty else value for place, value in values]


def added_columns(measure: Measure) -> list[str]:
    """Return the columns that a measure adds up: market_inspections and courier_inspections."""
    return _ADDED.findall(measure.value)


def _taken_away(measure: Measure) -> list[str]:
    return _TAKEN_AWAY.findall(measure.value)


def note_uncounted(rows: SheetRows, rules: Collection[Rule], catalog: Catalog) -> None:
    """Note rows that an item would count but for a cell that says nothing: whether there is a record, how many came.

    Told once for each column of a sheet. 无 is an answer; a number may be missing in any way, but a sheet that counts
    nobody at all has a rate without a base, which the pages say. What is wrong with a whole column is told already.
    """
    lacking: dict[str, dict[int, list[str]]] = {}
    said = _said_of_columns(rows)
    for measure, items in _items_by_measure(rules, catalog).items():
        if measure.table == rows.sheet.kind.table and measure.filter:
            asked, needed = _terms_of(measure, rows.columns)
            for name in needed if _are_kept(rows, needed) else ():
                for position in _lacking(rows, asked, name):
                    lacking.setdefault(name, {}).setdefault(position, []).extend(items)
    for name, found in _kept_without_a_day(rows, rules, catalog).items():
        lacking.setdefault(name, {}).update(found)
    for name, found in lacking.items():
        first, *others = sorted(found)
        labels = dict.fromkeys(item for position in (first, *others) for item in found[position])
        if name not in said:
            rows.fault("not_counted", name, first, " / ".join(labels), alike=others)


def note_never_closed(sheets: Iterable[SheetRows], catalog: Catalog) -> None:
    """Note a ledger that has no column for the day on which its matters are closed: none ever is, whatever was done.

    Where a column says what became of each, those said to be closed are told (`note_uncounted`). A card of one matter
    may be without the day until there is one; several cards of which none has a place for it are a ledger.
    """
    cards: dict[str, list[SheetRows]] = {}
    for rows in sheets:
        table, found = rows.sheet.kind.table, rows.sheet.found
        says_what_became = any(matter.table == table and matter.status in found for matter in catalog.matters.values())
        if not rows.kept() or says_what_became:
            continue
        if rows.sheet.is_form and len(rows.rows) == 1:
            cards.setdefault(table, []).append(rows)
        else:
            _tell_never_closed(rows, found, catalog)
    for of_table in cards.values():
        if len(of_table) > 1:
            _tell_never_closed(of_table[0], frozenset().union(*(rows.sheet.found for rows in of_table)), catalog)


def _tell_never_closed(rows: SheetRows, found: Collection[str], catalog: Catalog) -> None:
    for name in sorted(closing_days(rows.sheet.kind.table, catalog) - {*found} - _said_of_columns(rows)):
        column = rows.columns[name]
        rows.sheet_fault("never_closed", rows.sheet.names.sheet, column.label_zh, about=(column,))


def note_part_lacking(sheets: Iterable[SheetRows], catalog: Catalog) -> None:
    """Note a sheet without a column of what is added to an amount that each of its rows must have, once for the like
    sheets of a file: 市场与寄递检查 are then those of the market alone.
    """
    told: set[tuple[str, str, tuple[str, ...]]] = set()
    for rows in sheets:
        known = rows.sheet.found | _said_of_columns(rows) | rows.joined_columns
        for measure in catalog.measures.values():
            names = added_columns(measure) if measure.table == rows.sheet.kind.table else []
            lacking = tuple(name for name in names if name not in known)
            key = (rows.file, measure.measure, lacking)
            is_needed = any(rows.columns[name].required for name in names)
            if lacking and is_needed and rows.kept() and key not in told:
                told.add(key)
                about = tuple(rows.columns[name] for name in lacking)
                labels = " / ".join(column.label_zh for column in about)
                rows.sheet_fault("part_lacking", measure.label_zh, labels, about=about)


def note_other_points(rows: SheetRows, rules: Collection[Rule], catalog: Catalog) -> None:
    """Note entries of the points ledger with other points than the rule gives for one: every entry counts as one."""
    if rows.sheet.kind.table != POINTS_LEDGER:
        return
    worth: dict[str, list[float]] = {}
    for rule in rules:
        measure = catalog.measures[rule.measure]
        if rule.scheme == "each" and measure.aggregate == "count":
            for code in ledger_codes(measure, rules):
                worth.setdefault(code, []).append(1.0 if rule.points is None else rule.points)
    for position in rows.kept():
        item, points = (rows.values[name][position] for name in (ITEM, POINTS))
        allowed = dict.fromkeys(worth.get(str(item), ()))
        if allowed and points not in allowed:
            rows.fault("other_points", POINTS, position, " / ".join(f"{each:g}" for each in allowed))


def _said_of_columns(rows: SheetRows) -> set[str]:
    """Return the columns of which as a whole something is told already."""
    of_columns = (fault for fault in rows.faults if (fault.row or 0) <= rows.sheet.header.bottom)
    return {column.column for fault in of_columns for column in fault.about}


def _items_by_measure(rules: Iterable[Rule], catalog: Catalog) -> Mapping[Measure, list[str]]:
    """Return each measure that reads rows for a rule -> the items that it is for."""
    found: dict[Measure, list[str]] = {}
    for rule in rules:
        for leaf in catalog.leaf_measures(rule.measure):
            found.setdefault(catalog.measures[leaf], []).append(f"{rule.item} {rule.label_zh}")
    return found


def _kept_without_a_day(rows: SheetRows, rules: Iterable[Rule], catalog: Catalog) -> dict[str, dict[int, list[str]]]:
    """Return, for the day on which matters are closed, the rows that say that they are and not when, and the items."""
    table = rows.sheet.kind.table
    found: dict[str, dict[int, list[str]]] = {}
    for closed in sorted(_MATTER_ENDS & rows.columns.keys()):
        counted = _items_by_measure(rules, catalog).items()
        held = [own for one, own in counted if one.table == table and closed in one.filter]
        items = [item for own in held for item in own]
        places = [place for place in _lacking(rows, {}, closed) if _says_ended(rows, place, catalog)] if items else []
        if places:
            found[closed] = dict.fromkeys(places, items)
    return found


def _says_ended(rows: SheetRows, position: int, catalog: Catalog) -> bool:
    """Tell whether a row says that its matter has ended: in its column of a status or a result, or in one that nobody
    reads and that is called so (办理情况, 是否办结).
    """
    ended = catalog.words_of("pledge_kept") | catalog.words_of("ended")
    if any(rows.values[name][position] in ended for name in OUTCOMES if name in rows.columns):
        return True
    words = ended - catalog.words_of("yes")  # √ under 走访情况 says nothing of an end
    called = catalog.words_of("outcome_header")
    unread = ((number, path) for number, path in rows.sheet.header.named if number not in rows.sheet.columns)
    spoken = [number for number, path in unread if any(word in path for word in called)]
    cells = (cell_at(rows.sheet.grid, rows.rows[position], number) for number in spoken)
    return any(isinstance(cell, str) and compact(cell) in words for cell in cells)


def _terms_of(measure: Measure, columns: Mapping[str, Column]) -> tuple[dict[str, str], list[str]]:
    """Return which words a measure asks for by column, and the columns without which it does not count such a row."""
    clauses = [clause for clause in measure.filter.split(";") if not any(sign in clause for sign in _OTHER_OPERATORS)]
    asked = dict(clause.split("=", 1) for clause in clauses)
    needed = [name for name in asked if columns[name].dtype == "boolean"]
    if measure.aggregate == "sum":
        needed += added_columns(measure)
    return {name: word for name, word in asked.items() if name not in needed}, needed


def _are_kept(rows: SheetRows, needed: Collection[str]) -> bool:
    """Tell whether a sheet must say what a measure needs: it has some such column, or an answer is asked for."""
    kept = {name for name, column in rows.columns.items() if column.dtype == "integer"} & rows.places.keys()
    return bool(kept) or any(rows.columns[name].dtype == "boolean" for name in needed)


def _lacking(rows: SheetRows, asked: Mapping[str, str], name: str) -> list[int]:
    """Return the positions of the rows that say what is asked for and nothing in the column ``name``."""
    told = rows.faulty.of_column(name)
    is_answer = rows.columns[name].dtype == "boolean"
    return [
        position
        for position in rows.kept()
        if position not in told
        and rows.values[name][position] is None
        and all(rows.values[column][position] == word for column, word in asked.items())
        and not (is_answer and rows.cell(name, position) is not None)
    ]
