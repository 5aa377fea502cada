"""A further table of no known kind below a table: 党小组 | 加分次数 | 合计分 under a ledger of points.

Read as rows of the table above, each of its cells would be told as a fault of its own.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise

from pipeline.ingest.files.grids import Grid, Row
from pipeline.ingest.layouts.headers import MAX_HEADER, is_level
from pipeline.ingest.layouts.numberings import numbers_columns
from pipeline.ingest.vocabulary import Vocabulary
from pipeline.ingest.wordforms import compact

MIN_AMOUNTS = 2  # numbers of a row above a header; one may stand beside its label: 应到人数 | 16
MIN_HEADERS = 2  # cells of its header; one text is a heading or a remark
_COUNT = re.compile(r"\d|[一二三四五六七八九十元][年月日]")  # a number or a day, or part of one
_DAY = re.compile(r"\d\s*[-./年月]\s*\d|[一二三四五六七八九十]月")  # a day as it is written; 3 and 95% are none


@dataclass(frozen=True)
class NeededColumns:
    """The columns without which a row of the table above is none, and all those of days and numbers.

    ``dated`` are the required ones of days; ``texts`` maps all others to the words that the catalog knows there.
    """

    required: Sequence[int]
    counted: Sequence[int]
    dated: Sequence[int]
    texts: Mapping[int, frozenset[str]]
    is_empty: Callable[[str], bool]  # nothing, or the same as above

    def are_filled(self, row: Row) -> bool:
        """Tell whether a row may be one of the table: nothing is lacking, and no word stands in place of a number."""
        cells = {number: row[number] if number < len(row) else None for number in self.required}
        return None not in cells.values() and not any(self._is_word(cells.get(number)) for number in self.counted)

    def may_be_record(self, row: Row) -> bool:
        """Tell whether a row above the header looks like one that belongs below it; a title in the first column is
        none, nor is 填报日期：2019-11-05.
        """
        if sum(cell is not None for cell in row) < MIN_HEADERS:
            return False
        needed = (row[number] for number in self.required if number < len(row))
        is_labelled = any(isinstance(cell, str) and ":" in compact(cell) for cell in needed)
        is_numbering = numbers_columns([cell for cell in row if cell is not None])
        return bool(self.counted) and not is_labelled and not is_numbering and self.are_filled(row)

    def hold_words(self, row: Row) -> bool:
        """Tell whether a word stands where the table above has a day or a number."""
        return any(self._is_word(row[number]) for number in self.counted if number < len(row))

    def hold_day(self, row: Row) -> bool:
        """Tell whether a day stands where the table above needs one."""
        cells = [row[number] for number in self.dated if number < len(row)]
        return any(isinstance(cell, date) or (isinstance(cell, str) and bool(_DAY.search(cell))) for cell in cells)

    def _is_word(self, cell: object) -> bool:
        return isinstance(cell, str) and not _COUNT.search(cell) and not self.is_empty(cell)


def holds_amounts(row: Row) -> bool:
    """Tell whether a row above a header holds several bare numbers, which no title does: 2019 | 年 | 10 | 月 apart, and
    numbers of the columns (栏次 | 1 | 2 | 3).
    """
    is_date = any(isinstance(cell, str) and cell.strip() in ("年", "月", "日") for cell in row)
    numbers = [cell for cell in row if isinstance(cell, float | int)]
    is_numbering = all(later == before + 1 for before, later in pairwise(numbers))
    return len(numbers) >= MIN_AMOUNTS and not is_date and not is_numbering


def find_small_tables(
    grid: Grid, classes: Mapping[int, str], odd: Collection[int], needed: NeededColumns, vocabulary: Vocabulary
) -> set[int]:
    """Return the rows that belong to further tables below the first row of data.

    ``classes`` are those of all filled rows, ``odd`` the rows that may begin a further table.

    Such a table begins with a header where the table above has days or numbers. It follows on an empty row or on a
    total, or a row follows that is none of the table above either: a single record with a word in place of its day
    stays a record, so that the day is told. Behind an empty row a row that lacks what the table above needs may begin
    it as well. It ends before the next row that fills what the table above needs; only where it stands apart and has a
    header over all of that, it goes on up to an empty row or to a row with a day.
    """
    found: set[int] = set()
    numbers = list(classes)
    own = _OwnValues(grid, classes, needed)
    for index, row in enumerate(numbers if needed.counted else ()):
        if row not in odd or row in found or classes[row] != "data" or needed.are_filled(grid.rows[row]):
            continue
        has_words = needed.hold_words(grid.rows[row])
        is_apart = index > 0 and (numbers[index - 1] < row - 1 or classes[numbers[index - 1]] in ("total", "note"))
        if index and (has_words or is_apart) and _is_header(grid.rows[row], vocabulary) and not own.stand_in(row):
            following = numbers[index + 1 :]
            rows = list(_rows_of(grid, classes, following, row, needed, is_apart=is_apart and has_words))
            if rows:
                found.update((row, *rows))
    return found


@dataclass(frozen=True)
class _OwnValues:
    """The texts that the table above has in its columns: a header of another table has none of them there."""

    grid: Grid
    classes: Mapping[int, str]
    needed: NeededColumns

    def stand_in(self, row: int) -> bool:
        """Tell whether a row holds, in a column of texts, what another record holds there or the catalog knows."""
        return any(text in self._of_columns[number] for number, text in self._texts(row))

    @cached_property
    def _of_columns(self) -> Mapping[int, set[str]]:
        found = {number: set(known) for number, known in self.needed.texts.items()}
        for row, class_ in self.classes.items():
            if class_ == "data" and self.needed.are_filled(self.grid.rows[row]):
                for number, text in self._texts(row):
                    found[number].add(text)
        return found

    def _texts(self, row: int) -> Iterator[tuple[int, str]]:
        cells = self.grid.rows[row]
        for number in self.needed.texts:
            if number < len(cells) and isinstance(cell := cells[number], str) and not self.needed.is_empty(cell):
                yield number, compact(cell)


def _rows_of(
    grid: Grid,
    classes: Mapping[int, str],
    following: Sequence[int],
    header: int,
    needed: NeededColumns,
    *,
    is_apart: bool,
) -> Iterator[int]:
    """Yield the rows below the header of a further table that belong to it."""
    named = {number for number, cell in enumerate(grid.rows[header]) if cell is not None}
    goes_on = is_apart and named.issuperset(needed.required)
    before = header
    for row in following:
        cells = grid.rows[row]
        is_own = needed.are_filled(cells) and (not goes_on or before < row - 1 or needed.hold_day(cells))
        if classes[row] in ("header", "title") or is_own:
            return
        if classes[row] in ("data", "total", "unrecognised"):
            yield row
        before = row


def _is_header(row: Row, vocabulary: Vocabulary) -> bool:
    """Tell whether a row holds nothing but short words, and begins with 序号 or with a level of a header.

    Any other of them may be one in a record: 学习 and 特色活动 are.
    """
    cells = [cell for cell in row if cell is not None]
    texts = [cell for cell in cells if isinstance(cell, str) and len(cell) <= MAX_HEADER and not _COUNT.search(cell)]
    if not len(cells) == len(texts) >= MIN_HEADERS:
        return False
    return compact(texts[0]) in vocabulary.words["sequence"] or is_level(texts[0], vocabulary)
