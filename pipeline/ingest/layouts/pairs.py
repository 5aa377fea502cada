"""Labels with their values: 姓名：张三 in one cell, or 姓名 and 张三 in two."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.catalog import Kind
from pipeline.ingest.files.grids import Cell, CellError, Grid
from pipeline.ingest.layouts.headers import MAX_HEADER, MAX_ROWS_ABOVE, is_level
from pipeline.ingest.vocabulary import DROP, Vocabulary
from pipeline.ingest.wordforms import compact, header_form, plain

MAX_PAIRS = 120  # characters of a cell; a longer text is an essay
# a label, a colon, and what stands before the next label: 党小组：营销管理    姓名：张 三
_PAIR = re.compile(r"([^\s:;；,，]+(?: [^\s:;；,，]+)?)\s*:\s*([^:]*?)\s*(?=[\s;；,，][^\s:;；,，]+\s*:|$)")


@dataclass(frozen=True)
class Pair:
    """A label that names a column, and its value: ``place`` is the value's cell, ``label_place`` the label's.

    Where both stand in one cell the places are the same and ``value`` is the text behind the colon.
    """

    column: str
    label: str
    label_place: tuple[int, int]
    place: tuple[int, int]
    value: Cell | CellError


def pairs_in(grid: Grid, stop: int, kind: Kind, vocabulary: Vocabulary, start: int = 0) -> list[Pair]:
    """Return the labels with a value in the rows from ``start`` until before ``stop``, each column once, the nearest
    to ``stop`` last; only the last rows above a header are searched.
    """
    found: dict[str, Pair] = {}
    for row in range(max(start, stop - MAX_ROWS_ABOVE), stop):
        for pair in row_pairs(grid, row, kind, vocabulary):
            found.pop(pair.column, None)
            found[pair.column] = pair
    return list(found.values())


def row_pairs(grid: Grid, row: int, kind: Kind, vocabulary: Vocabulary) -> Iterator[Pair]:
    """Yield the labels of one row that have their value in the same cell or in the next filled one."""
    filled = [(number, cell) for number, cell in enumerate(grid.rows[row]) if cell is not None]
    for position, (number, cell) in enumerate(filled):
        if not isinstance(cell, str) or len(cell) > MAX_PAIRS:
            continue
        for label, value in spoken_pairs(cell, vocabulary):
            column = label_column(label, kind, vocabulary)
            if column is not None:
                yield Pair(column, label, (row, number), (row, number), value)
        name = label_column(cell, kind, vocabulary)
        if name is None or position + 1 == len(filled):
            continue
        next_number, value_cell = filled[position + 1]
        if not _is_label(value_cell, kind, vocabulary):
            yield Pair(name, plain(cell), (row, number), (row, next_number), value_cell)


def label_column(text: str, kind: Kind, vocabulary: Vocabulary) -> str | None:
    """Return the column that a label names, 姓 名： or 姓名; ``None`` for any other text and for data never kept."""
    if len(text) > MAX_HEADER:
        return None
    name = vocabulary.headers.get(header_form(text).rstrip(":"), {}).get(kind.kind)
    return None if name == DROP else name


def spoken_pairs(cell: str, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """Yield every known label and its value inside one cell; 单位：箱 states a unit and is no pair."""
    if len(cell) > MAX_PAIRS or not (":" in cell or "：" in cell):
        return
    for found in _PAIR.finditer(plain(cell)):
        label, value = found[1], found[2].strip()
        is_unit = any(part in vocabulary.units for part in re.split("[、,，/和]", compact(value)))
        if value and not is_unit and is_level(label, vocabulary):
            yield label, value


def _is_label(cell: Cell | CellError, kind: Kind, vocabulary: Vocabulary) -> bool:
    if not isinstance(cell, str):
        return False
    labels = (cell, *(label for label, _ in spoken_pairs(cell, vocabulary)))
    return any(label_column(label, kind, vocabulary) is not None for label in labels)
