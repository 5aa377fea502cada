"""Header blocks: one to four rows whose levels are joined into one path a column, with merged cells filled."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from pipeline import periods
from pipeline.ingest.files.grids import Cell, CellError, Grid, MergedRange, Row
from pipeline.ingest.vocabulary import LEVEL, Vocabulary
from pipeline.ingest.wordforms import REMEMBERED, cell_text, header_form, plain

MAX_LEVELS = 4  # the deepest headers seen in published workbooks
MAX_ROWS_ABOVE = 60  # non-empty rows that are searched for a header: titles and an essay of instructions stand above it
MAX_HEADER = 40  # characters; a longer text is a sentence and no header
MAX_COLUMNS = 256  # filled cells of a row that are looked at: more than any table has, fewer than a page of drawings
MAX_AMOUNT = 8  # characters of a level such as 去年同期 or 1-3月累计; a longer text may be a title
GROUP_DTYPE = "party_group"
MONTH = "month"
NUMBER_DTYPES = frozenset({"number", "integer", "pct"})
POINTS = "points"  # the unit of scores: 计划完成 over 销量 is still the score of the volume
SEVERAL_MONTHS = re.compile(r"\d{1,2}月?[-~至到—–]\d{1,2}月")  # 1-3月: an amount over several months
_REST_OF_AMOUNT = re.compile(
    r"[第一二三四\d年月]|至今|完成|情况|实绩|实际"
)  # 2021年第四季度, 年初至今, 1-10月累计完成情况
_TITLE = re.compile(r"(?:表|报|账|册|单|统计|汇总)$")  # 年度计划表

MergesByRow = Mapping[int, Sequence[MergedRange]]  # first row -> the ranges that begin there


@dataclass(frozen=True)
class Header:
    """A header block in rows ``top`` to ``bottom`` (from 0, both included).

    ``paths[j]`` is the path of column j, header forms joined by "/", empty for a column without one; ``labels[j]``
    holds the same levels as written, half-width, so that units in brackets can be read.
    """

    top: int
    bottom: int
    paths: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]

    def label(self, column: int) -> str:
        """Return the path of a column as written."""
        return LEVEL.join(self.labels[column])

    @cached_property
    def named(self) -> tuple[tuple[int, str], ...]:
        """Return (column number, path) of the columns that have one: a sheet may declare 16,384."""
        return tuple((number, path) for number, path in enumerate(self.paths) if path)


def header_candidates(grid: Grid, vocabulary: Vocabulary) -> Iterator[Header]:
    """Yield every block that starts on a row with a known header level, or on the level above it, from one level to as
    many as may be.
    """
    merges = merges_by_row(grid)
    searched = 0
    tops = set()
    for top, row in enumerate(grid.rows):
        if not any(cell is not None for cell in row):
            continue
        searched += 1
        if searched > MAX_ROWS_ABOVE:
            return
        first = _top_level(grid, top, merges, vocabulary) if known_levels(row, vocabulary) else None
        if first is not None and first not in tops:
            tops.add(first)
            for header in blocks_from(grid, first, merges):
                yield with_unit_row(grid, header, vocabulary)


def _top_level(grid: Grid, row: int, merges: MergesByRow, vocabulary: Vocabulary) -> int:
    """Return the first row of the header that ``row`` is a level of: it reaches as far up as cells are merged down into
    it, and over a row that says which amount stands below (计划, 去年同期, 1-3月), which is a level itself.
    """
    for above in range(max(0, row - MAX_LEVELS + 1), row):
        if any(last_row >= row for _, _, last_row, _ in merges.get(above, ())):
            return above
    return _top_level(grid, row - 1, merges, vocabulary) if _has_level_above(grid, row, merges, vocabulary) else row


def _has_level_above(grid: Grid, row: int, merges: MergesByRow, vocabulary: Vocabulary) -> bool:
    """Tell whether the row above ``row`` says which amounts stand below.

    A title stands over the first column, and what stands at its right says whose or of when the table is: 2021年销售
    月报 | 第四季度. So a text there is a level beside another one only, or where it spans columns of numbers. A period
    that stands all alone over a single column is that of the sheet.
    """
    below = [number for number, _ in first_cells(grid.rows[row])]
    filled = {} if row == 0 else dict(first_cells(grid.rows[row - 1]))
    over = {number: cell for number in below if isinstance(cell := filled.get(number), str)}
    beside = pairwise(filled.items())
    years = {number for (number, label), (_, text) in beside if _asks_for_year(label, text, vocabulary)}
    named = {number for number, text in over.items() if names_amount(text, vocabulary)} - years
    if len(filled) == len(named) == 1 and periods.is_period(over[min(named)]) and not merges.get(row - 1):
        return False
    first = below[0]
    if not named or first not in over or _spans_numbers(grid, row, first, merges):
        return bool(named)
    if len(header_form(over[first])) > MAX_AMOUNT:
        named -= {first}
    return len(named) > 1 or any(_says_amount(over[number], vocabulary) for number in sorted(named - {first}))


def _asks_for_year(label: Cell | CellError, beside: Cell | CellError, vocabulary: Vocabulary) -> bool:
    """Tell whether a cell asks for the year that stands beside it: 年度 | 2021年, above the table of a card."""
    is_label = isinstance(label, str) and header_form(label) in vocabulary.words["year_column"]
    return is_label and (periods.is_period(beside) if isinstance(beside, str) else isinstance(beside, int | float))


def _spans_numbers(grid: Grid, row: int, first: int, merges: MergesByRow) -> bool:
    """Tell whether the cell above ``row`` in column ``first`` is merged over several columns that all hold numbers."""
    last = max((right for _, left, _, right in merges.get(row - 1, ()) if left == first), default=first)
    below = grid.rows[row + 1 : row + MAX_LEVELS]
    columns = [[cells[number] for cells in below if number < len(cells)] for number in range(first, last + 1)]
    return last > first and all(any(isinstance(cell, int | float) for cell in cells) for cells in columns)


def names_amount(text: str, vocabulary: Vocabulary) -> bool:
    """Tell whether a text is a level of a header that says which amount stands below it: 本月, 计划, 1-3月, 三季度.

    A title holds such words as well (2021年第四季度卷烟销售月报), and so does what says who filled it in: a text that
    is no short name of an amount is a level only where nothing but a known level is left without those words.
    """
    form = header_form(text)
    if ":" in form or len(form) > MAX_HEADER:
        return False
    if _says_amount(text, vocabulary):
        return True
    rest = _amounts_and_periods(vocabulary).sub("", form)
    return rest != form and (rest in vocabulary.levels or not _REST_OF_AMOUNT.sub("", rest))


def _says_amount(text: str, vocabulary: Vocabulary) -> bool:
    """Tell whether a short text names an amount or the month itself: 计划, 去年同期, 1-3月."""
    form = header_form(text)
    if len(form) > MAX_AMOUNT or ":" in form or _TITLE.search(form):
        return False
    words = vocabulary.words["other_amount"] | vocabulary.words["this_period"]
    return any(word in form for word in words) or SEVERAL_MONTHS.search(form) is not None


@lru_cache(maxsize=4)  # few vocabularies live at a time
def _amounts_and_periods(vocabulary: Vocabulary) -> re.Pattern[str]:
    words = frozenset().union(*(vocabulary.words[name] for name in ("other_amount", "sum_period", "this_period")))
    return re.compile("|".join((SEVERAL_MONTHS.pattern, *sorted(map(re.escape, words), key=len, reverse=True))))


def known_levels(row: Row, vocabulary: Vocabulary) -> int:
    """Return how many cells of a row are a level of a header that the catalog knows."""
    return sum(isinstance(cell, str) and is_level(cell, vocabulary) for _, cell in first_cells(row))


def first_cells(row: Row) -> Sequence[tuple[int, Cell | CellError]]:
    """Return the filled cells of a row with their columns, as many as a table may have."""
    return [(number, cell) for number, cell in enumerate(row) if cell is not None][:MAX_COLUMNS]


def is_level(text: str, vocabulary: Vocabulary) -> bool:
    """Tell whether a text is a level of a known header."""
    return len(text) <= MAX_HEADER and header_form(text) in vocabulary.levels


def merges_by_row(grid: Grid) -> MergesByRow:
    """Return the merged ranges by their first row, so that a header block asks only for its own."""
    found: dict[int, list[MergedRange]] = {}
    for merged in grid.merges:
        found.setdefault(merged[0], []).append(merged)
    return found


def blocks_from(grid: Grid, top: int, merges: MergesByRow) -> Iterator[Header]:
    """Yield the blocks of one to four rows that start at ``top``; merged cells say how deep they reach at least."""
    first = max(_depth_by_merges(len(grid.rows[top]), merges.get(top, ())), 2 if _goes_on_below(grid, top) else 1)
    for depth in range(first, MAX_LEVELS + 1):
        bottom = top + depth - 1
        if bottom >= len(grid.rows) or not any(cell is not None for cell in grid.rows[bottom]):
            return
        yield read_block(grid, top, bottom, merges)


def with_unit_row(grid: Grid, header: Header, vocabulary: Vocabulary) -> Header:
    """Return a header with the row right below it, where that names nothing but units: 箱 | % | 万元.

    The units become bracketed levels, as if they stood in brackets behind the names above them.
    """
    row = header.bottom + 1
    cells = first_cells(grid.rows[row]) if row < len(grid.rows) else []
    units = {number: plain(cell).strip("()") for number, cell in cells if isinstance(cell, str)}
    if not units or len(units) < len(cells) or not all(_is_unit(text, vocabulary) for text in units.values()):
        return header
    if any(number >= len(header.paths) or not header.paths[number] for number in units):
        return header
    labels = tuple(
        (*levels, f"({units[number]})") if number in units else levels for number, levels in enumerate(header.labels)
    )
    return Header(header.top, row, header.paths, labels)


def _is_unit(text: str, vocabulary: Vocabulary) -> bool:
    amount, _, per = text.partition("/")
    known = vocabulary.units.keys() | vocabulary.words["counted_in"]
    return amount in known and (not per or per in known)


def read_block(grid: Grid, top: int, bottom: int, merges: MergesByRow | None = None) -> Header:
    """Read the rows from ``top`` to ``bottom`` as one header; ``merges`` are those of the grid, where known."""
    merges = merges_by_row(grid) if merges is None else merges
    width = max(len(row) for row in grid.rows[top : bottom + 1])
    levels = [_level_texts(grid, row, width) for row in range(top, bottom + 1)]
    for row in range(top, bottom + 1):
        _fill_merges(levels, merges.get(row, ()), top, bottom, width)
    _fill_right(levels, width)
    columns = [_path_and_labels(column) for column in zip(*levels, strict=True)]
    return Header(top, bottom, tuple(path for path, _ in columns), tuple(labels for _, labels in columns))


@lru_cache(maxsize=REMEMBERED)
def _path_and_labels(levels: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Return the path of a column and its labels, from what stands in its cells."""
    kept = _distinct(levels)
    return LEVEL.join(filter(None, map(header_form, kept))), tuple(map(plain, kept))


def _depth_by_merges(width: int, merges: Sequence[MergedRange]) -> int:
    """Return 2 or more when a cell of the row is merged downwards, or over some of its columns; else 1."""
    depth = 1
    for first_row, first_column, last_row, last_column in merges:
        if last_row - first_row < MAX_LEVELS:
            spans_columns = last_column > first_column and last_column - first_column + 1 < width
            depth = max(depth, last_row - first_row + 1, 2 if spans_columns else 1)
    return depth


def _goes_on_below(grid: Grid, top: int) -> bool:
    """Tell whether the next row is a lower level without merged cells: texts only, none under the first header, and
    some under headers left empty.
    """
    header = first_cells(grid.rows[top])
    below = first_cells(grid.rows[top + 1]) if top + 1 < len(grid.rows) else []
    named = {number for number, _ in header}
    if len(below) < 2 or not header or not all(isinstance(cell, str) for _, cell in below):
        return False
    within = {number for number, _ in below if header[0][0] < number}
    return len(within) == len(below) and not within <= named


def _level_texts(grid: Grid, row: int, width: int) -> list[str]:
    cells = grid.rows[row]
    texts = ["" if cell is None else cell if isinstance(cell, str) else cell_text(cell) for cell in cells]
    return texts + [""] * (width - len(texts))


def _fill_merges(levels: list[list[str]], merges: Sequence[MergedRange], top: int, bottom: int, width: int) -> None:
    for first_row, first_column, last_row, last_column in merges:
        text = levels[first_row - top][first_column] if first_column < width else ""
        for row in range(first_row, min(last_row, bottom) + 1):
            for column in range(first_column, min(last_column, width - 1) + 1):
                levels[row - top][column] = text


def _fill_right(levels: list[list[str]], width: int) -> None:
    """Carry an upper level over the empty cells on its right, where a lower level shows that it has several parts.

    Old formats and text files know no merged cells. A column without a lower level (序号) is carried nowhere.
    """
    below = [False] * width
    for depth in range(len(levels) - 2, -1, -1):
        level = levels[depth]
        below = [seen or bool(lower) for seen, lower in zip(below, levels[depth + 1], strict=True)]
        for column in range(1, width):
            if not level[column] and below[column] and below[column - 1]:
                level[column] = level[column - 1]


def _distinct(levels: Sequence[str]) -> list[str]:
    """Return the levels of one column without empty ones and without repeats (a cell merged downwards)."""
    kept: list[str] = []
    for level in levels:
        if level and (not kept or level != kept[-1]):
            kept.append(level)
    return kept
