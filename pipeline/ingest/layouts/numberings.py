"""Rows that number the columns of a table, as printed forms do below their headers: 甲 | 1 | 2, 栏次 | ① | ②."""

from collections.abc import Sequence
from itertools import dropwhile

from pipeline.ingest.files.grids import Cell, CellError
from pipeline.ingest.wordforms import cell_text, compact

MIN_NUMBERED = 2  # columns
STEMS = ("甲", "乙", "丙", "丁")  # how printed forms call the columns of texts
WORDS = frozenset({*STEMS, "栏次", "行次", "序号", "列次"})


def numbers_columns(cells: Sequence[Cell | CellError], following: Sequence[Cell | CellError] = ()) -> bool:
    """Tell whether the filled cells of a row do nothing but number the columns.

    A row of bare numbers alone may be a record; so one of the words stands before them, or they are written as no
    amount is: (1) or ①. Where the row ``following`` is of 乙, 甲 is a name as well.
    """
    if any(isinstance(cell, str) and compact(cell) in STEMS for cell in following):
        return False
    written = [cell_text(cell).strip() for cell in cells]
    texts = [compact(text).strip("()") for text in written]
    rest = list(dropwhile(lambda text: text in WORDS, texts))
    is_marked = len(rest) < len(texts) or not any(text.isascii() and text.isdigit() for text in written)
    if len(rest) < MIN_NUMBERED or not is_marked:
        return False
    return rest == [str(number) for number in range(1, len(rest) + 1)] or rest == _letters(len(rest))


def _letters(count: int) -> list[str]:
    return [chr(ord("A") + number) for number in range(min(count, 26))]
