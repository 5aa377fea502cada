"""Rows that say of themselves to be several: a number of times beside a visit, several shops in one cell."""

import re
from collections.abc import Collection, Iterator

from pipeline.catalog import Catalog, Rule
from pipeline.ingest.files.grids import Cell, CellError
from pipeline.ingest.layouts.findings import Place
from pipeline.ingest.layouts.rows import cell_at
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.wordforms import cell_text, compact, header_form

_TIMES = re.compile(r".*(?:次数|篇数)")
_NUMBER = re.compile(r"(\d+)(?:次|篇|户次)?")
_LISTED = re.compile(r"[、,;/\r\n]")  # no blank: 4521 2510 0123 is one number
_AND_MORE = re.compile(r".*等\d+[户家个].*")


def note_counted_once(rows: SheetRows, rules: Collection[Rule], catalog: Catalog) -> None:
    """Note, once for each sheet, rows that count as one although they say that they are several.

    Only in ledgers whose rows a rule counts, one by one and whatever stands in them.
    """
    measures = (catalog.measures[leaf] for rule in rules for leaf in catalog.leaf_measures(rule.measure))
    counted = {measure.table for measure in measures if measure.aggregate == "count"}
    if rows.sheet.kind.table not in counted:
        return
    found = sorted([*_times(rows), *_lists(rows, catalog)])
    if found:
        (place, seen), count = found[0], len({row for (row, _), _ in found})
        rows.sheet_fault("counted_once", seen, str(count), place=place)


def _times(rows: SheetRows) -> Iterator[tuple[Place, str]]:
    """Yield the cells of unread columns called 次数 that hold more than one."""
    header = rows.sheet.header
    unread = [number for number, path in header.named if number not in rows.sheet.columns]
    for number in (number for number in unread if _TIMES.fullmatch(header_form(header.labels[number][-1]))):
        for position in rows.kept():
            cell = cell_at(rows.sheet.grid, rows.rows[position], number)
            if _number(cell) > 1:
                yield (rows.rows[position], number), f"{header.label(number)} {cell_text(cell)}"


def _number(cell: Cell | CellError) -> int:
    found = _NUMBER.fullmatch(compact(cell_text(cell)))
    return int(found[1]) if found else 0


def _lists(rows: SheetRows, catalog: Catalog) -> Iterator[tuple[Place, str]]:
    """Yield the cells of numbers of shops, which are no key of the table, that list several."""
    keys = catalog.tables[rows.sheet.kind.table].key
    names = [name for name, column in rows.columns.items() if column.dtype == "identifier" and name not in keys]
    for name in (name for name in names if name in rows.places):
        for position in rows.kept():
            value, place = rows.values[name][position], rows.place(name, position)
            if isinstance(value, str) and place is not None and _are_several(value):
                yield place, value


def _are_several(text: str) -> bool:
    """Tell whether a text lists numbers (450001、450002), or says of how many it is: 450003等5户.

    The numbers of shops are of one length: 2019-001/002 is one.
    """
    parts = [compact(part) for part in _LISTED.split(text) if compact(part)]
    are_numbers = all(any(character.isdigit() for character in part) for part in parts)
    is_list = len(parts) > 1 and are_numbers and len({len(part) for part in parts}) == 1
    return is_list or _AND_MORE.fullmatch(text) is not None
