"""Rows that say that they do not count: 作废 beside a case, 活动取消 beside a meeting, a line through them."""

import re
from collections.abc import Iterator, Sequence

from pipeline.catalog import Catalog
from pipeline.ingest.cells.columns import Words
from pipeline.ingest.checking.checks import ENDS
from pipeline.ingest.files.grids import cell_address
from pipeline.ingest.layouts.findings import Place
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.wordforms import cell_text, compact

MAX_CELLS = 5  # that are named of one sheet; whoever looks at these sees the others
MAX_WORD = 20  # characters with padding; a longer text explains something
STRUCK, ENDED = "struck_row", "struck_ended_row"  # codes of the faults
LEFT = "left_on"  # of a roster, in which a line through who has left is customary
_PARTS = re.compile(r"[,;。、()]")  # 重复登记，作废 says both, in half-width form


def note_void_rows(rows: SheetRows, words: Words) -> None:
    """Note, once for each sheet, the rows in which a remark says that they are void; they are used all the same."""
    if rows.sheet.relaid is None:
        _tell(rows, "void_row", list(_void_cells(rows, words)))


def leave_out_struck_rows(rows: SheetRows, catalog: Catalog, words: Words) -> None:
    """Turn down the rows that are crossed out from their first filled cell to the last; told once for each sheet.

    Whoever strikes a whole row through takes it back, whatever else is wrong with it. Only where it says that it ended
    (a member who left, a matter that was closed, a pledge that was kept) may the line say no more than that: such a row
    counts, and of a matter that is told. Settings and rosters are asked before they are used, and again when names have
    been resolved in them.
    """
    struck = frozenset(rows.sheet.grid.struck_rows)
    if not struck:
        return
    crossed = {
        position
        for position, row in enumerate(rows.rows)
        if struck.issuperset(rows.spans[position] if rows.spans else (row,))
    }
    ended = {position for position in crossed if _has_ended(rows, position, catalog, words)}
    rows.forgive(crossed - ended)
    rows.rejected |= crossed - ended
    if not any(fault.code in (STRUCK, ENDED) for fault in rows.faults):
        _tell(rows, STRUCK, _begin(rows, crossed - ended))
        _tell(rows, ENDED, _begin(rows, ended - rows.rejected if LEFT not in rows.columns else set()))


def _has_ended(rows: SheetRows, position: int, catalog: Catalog, words: Words) -> bool:
    """Tell whether a row says that its matter was closed or its member left: by a day, by 已结 in its place or by what
    became of it (已兑现).
    """
    ends = [name for name in ENDS if name in rows.columns and not rows.columns[name].required]
    nothing = words["empty"] | words["unfinished"]
    written = (rows.cell(name, position) for name in ends)
    matters = (one for one in catalog.matters.values() if one.table == rows.sheet.kind.table and one.status)
    return (
        any(rows.values[name][position] is not None for name in ends)
        or any(isinstance(cell, str) and compact(cell) not in nothing for cell in written)
        or any(rows.values[one.status][position] in catalog.words_of(one.done_words) for one in matters)
    )


def _begin(rows: SheetRows, positions: set[int]) -> list[Place]:
    """Return the first filled cell of each row."""
    numbers = dict.fromkeys(rows.rows[position] for position in sorted(positions))
    cells = ((row, enumerate(rows.sheet.grid.rows[row])) for row in numbers)
    return [(row, next(number for number, cell in found if cell is not None)) for row, found in cells]


def _tell(rows: SheetRows, code: str, places: Sequence[Place]) -> None:
    """Note the rows of a sheet that are void, the first cell of each in ``places``."""
    if not places:
        return
    cells = [cell_address(*place) for place in places[:MAX_CELLS]] + ["…"] * (len(places) > MAX_CELLS)
    details = (("count", str(len(places))), ("cells", ", ".join(cells)))
    row, column = places[0]
    rows.sheet_fault(code, cell_text(rows.sheet.grid.rows[row][column]), place=(row, column), details=details)


def _void_cells(rows: SheetRows, words: Words) -> Iterator[Place]:
    """Yield the first cell of each used row that says that it is void.

    Only a remark may say 取消: in a column that is read it is a value of the row.
    """
    known: dict[str, bool] = {}
    of_remarks = {number for number, name in rows.sheet.columns.items() if name == "note"}
    read = rows.sheet.columns.keys() - of_remarks
    for row in dict.fromkeys(rows.rows[position] for position in rows.kept()):
        for number, cell in enumerate(rows.sheet.grid.rows[row]):
            if cell.__class__ is not str or len(cell) > MAX_WORD:
                continue
            if cell not in known:
                known[cell] = not words["void"].isdisjoint(_PARTS.split(compact(cell)))
            if known[cell] and (number not in read or any(word in compact(cell) for word in words["void_anywhere"])):
                yield row, number
                break
