"""Statements whose rows are parts of what one row should hold: a group's month by weeks, by routes or by brands."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice

from pipeline.catalog import Catalog
from pipeline.ingest.cells.columns import Words
from pipeline.ingest.checking.kinship import signatures_of
from pipeline.ingest.layouts.context import GROUP
from pipeline.ingest.layouts.headers import MONTH
from pipeline.ingest.layouts.rows import cell_at
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.vocabulary import LEVEL
from pipeline.ingest.wordforms import cell_text, compact

STATEMENT = (MONTH, GROUP)  # the key of tables that hold one row of amounts for each group and month
MAX_EXAMPLES = 3
MIN_SHARE = 0.25  # of months and groups with several rows; where fewer have them, a row was written twice
FEWEST_NAMELESS = 2  # one group may have been forgotten
ASIDES = ("aside", "sequence", "year_column", "counted_in")  # columns that tell no part of an amount from another one


def reject_part_rows(sheets: Iterable[SheetRows], catalog: Catalog, words: Words) -> None:
    """Turn down all rows of a month and group that stand on one sheet and are told apart by a column that nobody reads
    (周次, 线路, 类别), also where the group is written once above them; once a sheet.

    The first of them would be a part in place of the whole, and whether all together are the whole is not known: 本期
    and 同期 are told apart in the same way. Where few months have several rows the column is of something else
    (联系人), and the second row is one too many. A row that says 合计 there is the whole.
    """
    for rows in sheets:
        if catalog.tables[rows.sheet.kind.table].key == STATEMENT and rows.sheet.relaid is None:
            _reject_parts(rows, words)


def _reject_parts(rows: SheetRows, words: Words) -> None:
    found: defaultdict[object, list[int]] = defaultdict(list)
    for position, signature in signatures_of(rows, STATEMENT).items():
        found[signature].append(position)
    several = [positions for positions in found.values() if len(positions) > 1] + _named_once(rows)
    telling = _telling_columns(rows, words) if several else []
    parts = [
        (positions, number)
        for positions in several
        for number in islice((number for number in telling if _tells_apart(rows, positions, number)), 1)
    ]
    if len(parts) < MIN_SHARE * len(found):
        return
    parts = [part for part in parts if not _keep_whole(rows, *part, words)]
    if not parts:
        return
    rejected = {position for positions, number in parts for position in _alike(rows, positions, number)}
    first, number = parts[0]
    examples = " / ".join(_texts(rows, first[:MAX_EXAMPLES], number))
    rows.rejected.update(rejected)
    label, place = rows.sheet.header.label(number), (rows.rows[first[0]], number)
    about = (rows.columns[GROUP],)
    rows.sheet_fault("part_rows", label, examples, place, about, (("count", str(len(rejected))),))


def _keep_whole(rows: SheetRows, positions: Sequence[int], number: int, words: Words) -> bool:
    """Tell whether one of some rows says that it is all of them (合计); the others then break it down."""
    said = zip(positions, _texts(rows, positions, number), strict=True)
    whole = {position for position, text in said if compact(text) in words["whole_amount"]}
    if len(whole) != 1 or whole & rows.rejected:
        return False
    rows.breakdown.update({*positions} - whole)
    return True


def _named_once(rows: SheetRows) -> list[list[int]]:
    """Return each row whose group stands once above two rows or more that name none, with these: they are turned down
    for want of a group, and the first week alone would be the month.
    """
    kept, found = set(rows.kept()), list[list[int]]()
    is_open = False
    for position, row in enumerate(rows.rows):
        is_next = position > 0 and row == rows.rows[position - 1] + 1
        if position in kept:
            found.append([position])
            is_open = GROUP in rows.places
        elif is_open and is_next and position in rows.rejected and rows.cell(GROUP, position) is None:
            found[-1].append(position)
        else:
            is_open = False
    return [positions for positions in found if len(positions) > FEWEST_NAMELESS]


def _telling_columns(rows: SheetRows, words: Words) -> list[int]:
    aside = frozenset().union(*(words[name] for name in ASIDES))
    named = rows.sheet.header.named
    return [number for number, path in named if number not in rows.sheet.columns and not _is_aside(path, aside)]


def _is_aside(path: str, aside: frozenset[str]) -> bool:
    return path.rpartition(LEVEL)[2] in aside


def _tells_apart(rows: SheetRows, positions: Sequence[int], number: int) -> bool:
    """Tell whether a column holds another word in each of some rows."""
    cells = [cell_at(rows.sheet.grid, rows.rows[position], number) for position in positions]
    return all(isinstance(cell, str) for cell in cells) and len({*map(compact, map(cell_text, cells))}) == len(cells)


def _alike(rows: SheetRows, positions: Sequence[int], number: int) -> list[int]:
    """Return some rows, and those that hold one of their words: the first week of a group that has no other is a part
    as well.
    """
    words = {compact(text) for text in _texts(rows, positions, number)}
    return [position for position in rows.kept() if compact(_texts(rows, [position], number)[0]) in words]


def _texts(rows: SheetRows, positions: Sequence[int], number: int) -> list[str]:
    return [cell_text(cell_at(rows.sheet.grid, rows.rows[position], number)) for position in positions]
