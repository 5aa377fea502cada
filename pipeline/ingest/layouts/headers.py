"""Header blocks: one to four rows whose levels are joined into one path a column, with merged cells filled."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from pipeline.ingest.files.grids import Cell, CellError, Grid, MergedRange, Row
from pipeline.ingest.vocabulary import LEVEL, Vocabulary
from pipeline.ingest.wordforms import cell_text, header_form, plain

MAX_LEVELS = 4  # the deepest headers seen in published workbooks
MAX_ROWS_ABOVE = 60  # non-empty rows that are searched for a header: titles and an essay of instructions stand above it
MAX_HEADER = 40  # characters; a longer text is a sentence and no header
MAX_COLUMNS = 256  # filled cells of a row that are looked at: more than any table has, fewer than a page of drawings

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
    """Yield every block that starts on a row with a known header level, from one level to as many as may be."""
    merges = merges_by_row(grid)
    searched = 0
    for top, row in enumerate(grid.rows):
        if not any(cell is not None for cell in row):
            continue
        searched += 1
        if searched > MAX_ROWS_ABOVE:
            return
        if known_levels(row, vocabulary):
            yield from blocks_from(grid, top, merges)


def known_levels(row: Row, vocabulary: Vocabulary) -> int:
    """Return how many cells of a row are a level of a header that the catalog knows."""
    return sum(isinstance(cell, str) and is_level(cell, vocabulary) for _, cell in first_cells(row))


def first_cells(row: Row) -> list[tuple[int, Cell | CellError]]:
    """Return the filled cells of a row with their columns, as many as a table may have."""
    return list(islice(((number, cell) for number, cell in enumerate(row) if cell is not None), MAX_COLUMNS))


def is_level(text: str, vocabulary: Vocabulary) -> bool:
    """Tell whether a text is a level of a known header."""
    return len(text) <= MAX_HEADER and header_form(text) in vocabulary.levels


def merges_by_row(grid: Grid) -> MergesByRow:
    """Return the merged ranges by their first row, so that a header block asks only for its own."""
    found: dict[int, list[MergedRange]] = {}
    for merged in grid.merges:
        found.setdefault(merged[0], []).append(merged)
    return found


def match_columns(header: Header, kind: str, vocabulary: Vocabulary) -> dict[int, tuple[str, int]]:
    """Return column number -> (column name, levels matched) for one kind.

    A synonym matches the end of a path, so that 本月/销量 is found under any title level; the longest synonym wins.
    """
    found = {}
    for number, path in header.named:
        for levels, ending in _endings(path):
            name = vocabulary.headers.get(ending, {}).get(kind)
            if name is not None:
                found[number] = (name, levels)
                break
    return found


def kinds_named(header: Header, vocabulary: Vocabulary) -> set[str]:
    """Return every kind that knows at least one of the headers."""
    return {
        kind
        for path in {path for _, path in header.named}
        for _, ending in _endings(path)
        for kind in vocabulary.headers.get(ending, {})
    }


def blocks_from(grid: Grid, top: int, merges: MergesByRow) -> Iterator[Header]:
    """Yield the blocks of one to four rows that start at ``top``; merged cells say how deep they reach at least."""
    first = _depth_by_merges(len(grid.rows[top]), merges.get(top, ()))
    for depth in range(first, MAX_LEVELS + 1):
        bottom = top + depth - 1
        if bottom >= len(grid.rows) or not any(cell is not None for cell in grid.rows[bottom]):
            return
        yield read_block(grid, top, bottom, merges)


def read_block(grid: Grid, top: int, bottom: int, merges: MergesByRow | None = None) -> Header:
    """Read the rows from ``top`` to ``bottom`` as one header; ``merges`` are those of the grid, where known."""
    merges = merges_by_row(grid) if merges is None else merges
    width = max(len(row) for row in grid.rows[top : bottom + 1])
    levels = [_level_texts(grid, row, width) for row in range(top, bottom + 1)]
    for row in range(top, bottom + 1):
        _fill_merges(levels, merges.get(row, ()), top, bottom, width)
    _fill_right(levels, width)
    labels = [_distinct([level[column] for level in levels]) for column in range(width)]
    paths = tuple(LEVEL.join(filter(None, map(header_form, column))) for column in labels)
    return Header(top, bottom, paths, tuple(tuple(plain(label) for label in column) for column in labels))


def _endings(path: str) -> Iterator[tuple[int, str]]:
    """Yield (levels, ending) of a path from the whole of it to its last level."""
    levels = path.split(LEVEL)
    for start in range(len(levels)):
        yield len(levels) - start, LEVEL.join(levels[start:])


def _depth_by_merges(width: int, merges: Sequence[MergedRange]) -> int:
    """Return 2 or more when a cell of the row is merged downwards, or over some of its columns; else 1."""
    depth = 1
    for first_row, first_column, last_row, last_column in merges:
        if last_row - first_row < MAX_LEVELS:
            spans_columns = last_column > first_column and last_column - first_column + 1 < width
            depth = max(depth, last_row - first_row + 1, 2 if spans_columns else 1)
    return depth


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


def _distinct(levels: list[str]) -> list[str]:
    """Return the levels of one column without empty ones and without repeats (a cell merged downwards)."""
    kept: list[str] = []
    for level in levels:
        if level and (not kept or level != kept[-1]):
            kept.append(level)
    return kept
