"""Labels with their values: 姓名：张三 in one cell, or 姓名 and 张三 in two."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.catalog import Kind
from pipeline.ingest.files.grids import Cell, CellError, Grid
from pipeline.ingest.layouts.headers import MAX_HEADER, MAX_ROWS_ABOVE, is_level
from pipeline.ingest.layouts.matching import bracket_means_another
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


class PairsAbove:
    """The labels with a value above the headers of one sheet; a row is read once, for every kind and header."""

    def __init__(self, grid: Grid, vocabulary: Vocabulary) -> None:
        self._grid, self._vocabulary = grid, vocabulary
        self._read = 0  # rows so far
        self._labelled: list[tuple[int, Mapping[str, Sequence[Pair]]]] = []  # (row, kind -> its labels)

    def of(self, kind: Kind, stop: int) -> list[Pair]:
        """Return the labels of one kind in the rows before ``stop``, each column once, the nearest to ``stop`` last;
        only the last rows above a header are searched.
        """
        for row in range(self._read, stop):
            if labels := _row_pairs(self._grid, row, self._vocabulary):
                self._labelled.append((row, labels))
        self._read = max(self._read, stop)
        found: dict[str, Pair] = {}
        for row, labels in self._labelled:
            if stop - MAX_ROWS_ABOVE <= row < stop:
                for pair in labels.get(kind.kind, ()):
                    found.pop(pair.column, None)
                    found[pair.column] = pair
        return list(found.values())


def _row_pairs(grid: Grid, row: int, vocabulary: Vocabulary) -> Mapping[str, Sequence[Pair]]:
    """Return, kind by kind, the labels of one row that have their value in the same cell or in the next filled one."""
    found: dict[str, list[Pair]] = {}
    filled = [(number, cell) for number, cell in enumerate(grid.rows[row]) if cell is not None]
    for position, (number, cell) in enumerate(filled):
        if not isinstance(cell, str) or len(cell) > MAX_PAIRS:
            continue
        for label, value in spoken_pairs(cell, vocabulary):
            for kind, column in _columns_named(label, vocabulary).items():
                found.setdefault(kind, []).append(Pair(column, label, (row, number), (row, number), value))
        names = _columns_named(cell, vocabulary)
        if not names or position + 1 == len(filled):
            continue
        next_number, value_cell = filled[position + 1]
        if _is_level_of_amounts(value_cell, vocabulary):
            continue
        answers = names.keys() - _kinds_labelled(value_cell, vocabulary)
        for kind, column in names.items():
            if kind in answers:
                pair = Pair(column, plain(cell), (row, number), (row, next_number), value_cell)
                found.setdefault(kind, []).append(pair)
    return found


def _is_level_of_amounts(cell: Cell | CellError, vocabulary: Vocabulary) -> bool:
    """Tell whether a cell beside a label is a level of a header above amounts: 累计 right of 单位 is no unit."""
    words = vocabulary.words
    return isinstance(cell, str) and compact(cell) in words["this_period"] | words["sum_period"] | words["total"]


def _columns_named(text: str, vocabulary: Vocabulary) -> Mapping[str, str]:
    """Return kind -> column that a label names, 姓 名： or 姓名; none for any other text and for data never kept."""
    if len(text) > MAX_HEADER:
        return {}
    form = header_form(text).rstrip(":")
    return {
        kind: column
        for kind, column in vocabulary.headers.get(form, {}).items()
        if column != DROP and not bracket_means_another(text, form, column, kind, vocabulary)
    }


def _kinds_labelled(cell: Cell | CellError, vocabulary: Vocabulary) -> set[str]:
    """Return the kinds that know a cell, or a part of it before a colon, as a label."""
    if not isinstance(cell, str):
        return set()
    labels = (cell, *(label for label, _ in spoken_pairs(cell, vocabulary)))
    return {kind for label in labels for kind in _columns_named(label, vocabulary)}


def spoken_pairs(cell: str, vocabulary: Vocabulary) -> Sequence[tuple[str, str]]:
    """Return every known label and its value inside one cell; 单位：箱 states a unit and is no pair."""
    if len(cell) > MAX_PAIRS or not (":" in cell or "：" in cell):
        return ()
    pairs = ((found[1], found[2].strip()) for found in _PAIR.finditer(plain(cell)))
    return [
        (label, value)
        for label, value in pairs
        if value and not _states_unit(value, vocabulary) and is_level(label, vocabulary)
    ]


def _states_unit(value: str, vocabulary: Vocabulary) -> bool:
    return any(part in vocabulary.units for part in re.split("[、,，/和]", compact(value)))
