"""Grids column by column in packed form: what a worker sends, and what a cache keeps.

Numbers travel as they lie in memory; every other cell once for a whole file, as tagged text (``t无证运输``,
``d2019-01-05``), however many cells hold it. So equal texts and days are one object again after unpacking. It is never
pickle: a stranger's file had a hand in it.
"""

import json
import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from itertools import chain, compress, islice, repeat, zip_longest
from types import NoneType
from typing import Any

from pipeline.ingest.files.grids import Cell, CellError, Grid, Row
from pipeline.ingest.files.limits import MAX_CELLS, MAX_WORDS
from pipeline.ingest.files.refusals import Refused

EMPTY, NUMBER, FLAG, WORD = range(4)  # kinds of cells; a column is a sequence of runs, each of one kind
KINDS: Mapping[type, int] = {
    NoneType: EMPTY,
    float: NUMBER,
    bool: FLAG,
    **dict.fromkeys((str, int, date, datetime, time, timedelta, CellError), WORD),
}
OF_KIND = [bytes(kind == wanted for kind in range(256)) for wanted in range(4)]  # for `bytes.translate`
RUN = re.compile(rb"(.)\1*+", re.DOTALL)
FLAT_FIELDS = (
    "formulas_without_value",
    "hidden_rows",
    "struck_rows",
    "hidden_columns",
)  # of a grid; the others that are tuples hold tuples
CELL_FIELDS = ("rows",)

TO_WORD: Mapping[type, Callable[[Any], str]] = {
    str: lambda cell: f"t{cell}",
    int: lambda cell: f"i{cell}",
    date: lambda cell: f"d{cell.isoformat()}",
    datetime: lambda cell: f"m{cell.isoformat()}",
    time: lambda cell: f"h{cell.isoformat()}",
    timedelta: lambda cell: f"s{cell.days} {cell.seconds} {cell.microseconds}",
    CellError: lambda cell: f"e{cell.code}",
}
FROM_WORD: Mapping[str, Callable[[str], Cell | CellError]] = {
    "t": str,
    "i": int,
    "d": date.fromisoformat,
    "m": datetime.fromisoformat,
    "h": time.fromisoformat,
    "s": lambda text: timedelta(*map(int, text.split())),
    "e": CellError,
}


@dataclass(frozen=True)
class PackedGrids:
    """The grids of one file: ``head`` is JSON, what is known of each sheet and the words; ``cells`` the columns."""

    head: bytes | memoryview
    cells: bytes | memoryview


def pack_grids(grids: Sequence[Grid]) -> PackedGrids:
    """Pack the grids of one file; raises `Refused` (too_many_cells, too_many_words) beyond what a file may cost."""
    cells = sum(len(row) - row.count(None) for grid in grids for row in grid.rows)
    if cells > MAX_CELLS:
        raise Refused("too_many_cells", cells=cells, limit=MAX_CELLS)
    words = _Words()
    parts: list[bytes] = []
    sheets = []
    for grid in grids:
        columns = 0
        for column in zip_longest(*grid.rows):
            parts += _pack_column(column, words)
            columns += 1
            if len(words) > MAX_WORDS:
                raise Refused("too_many_words", limit=MAX_WORDS)
        widths = array("I", map(len, grid.rows))
        parts.append(widths.tobytes())
        known = {item.name: getattr(grid, item.name) for item in fields(Grid) if item.name not in CELL_FIELDS}
        sheets.append([known, columns, len(widths)])
    head = json.dumps([sheets, [TO_WORD[type(cell)](cell) for cell in words]], ensure_ascii=False)
    return PackedGrids(head.encode(errors="surrogatepass"), b"".join(parts))


def unpack_grids(packed: PackedGrids) -> tuple[Grid, ...]:
    """Return the grids that `pack_grids` packed."""
    sheets, words = json.loads(bytes(packed.head))
    cells = [FROM_WORD[word[0]](word[1:]) for word in words]
    store = _Store(memoryview(packed.cells))
    grids = []
    for known, width, height in sheets:
        columns = [_unpack_column(store, cells) for _ in range(width)]
        widths = store.take("I", height)
        fitting: Iterator[Row] = zip(*columns, strict=True) if columns else repeat(())
        rows = tuple(row if len(row) == length else row[:length] for row, length in zip(fitting, widths, strict=False))
        flat = {name: tuple(known[name]) for name in FLAT_FIELDS}
        nested = {name: tuple(map(tuple, known[name])) for name in ("merges", "percent_cells", "shifted_cells")}
        grids.append(Grid(**{**known, **flat, **nested, "rows": rows}))
    return tuple(grids)


class _Words(dict[Cell | CellError, int]):
    """The words of a file in order of their first cell, and the number of each."""

    def __missing__(self, cell: Cell | CellError) -> int:
        self[cell] = number = len(self)
        return number


class _Store:
    """Arrays behind each other in one piece of memory."""

    def __init__(self, memory: memoryview) -> None:
        self._memory = memory
        self._start = 0

    def take(self, code: str, count: int) -> "array[Any]":
        """Return the next ``count`` items of a type code of `array`."""
        items = array(code)
        stop = self._start + count * items.itemsize
        items.frombytes(self._memory[self._start : stop])
        self._start = stop
        return items


def _pack_column(column: Sequence[Cell | CellError], words: _Words) -> Iterator[bytes]:
    """Yield how many runs, numbers, flags and words a column has, then these."""
    kinds = bytes(map(KINDS.__getitem__, map(type, column)))
    runs = [(found.end() - found.start(), kinds[found.start()]) for found in RUN.finditer(kinds)]
    numbers, flags, of_words = (_of_kind(column, kinds, kind) for kind in (NUMBER, FLAG, WORD))
    packed: tuple[array[Any], ...] = (
        array("d", numbers),
        array("B", flags),
        array("I", map(words.__getitem__, of_words)),
    )
    yield array("I", [len(runs), *map(len, packed)]).tobytes()
    yield array("I", chain.from_iterable(runs)).tobytes()
    yield from (items.tobytes() for items in packed)


def _of_kind(column: Sequence[Cell | CellError], kinds: bytes, kind: int) -> Iterable[Any]:
    return compress(column, kinds.translate(OF_KIND[kind])) if kind in kinds else ()


def _unpack_column(store: _Store, words: Sequence[Cell | CellError]) -> list[Cell | CellError]:
    runs, *counts = store.take("I", 4)
    lengths = store.take("I", 2 * runs)
    numbers, flags, coded = (store.take(code, count) for code, count in zip("dBI", counts, strict=True))
    of_kind = (repeat(None), iter(numbers), map(bool, flags), map(words.__getitem__, coded))
    cells: list[Cell | CellError] = []
    for length, kind in zip(lengths[::2], lengths[1::2], strict=True):
        cells += islice(of_kind[kind], length)
    return cells
