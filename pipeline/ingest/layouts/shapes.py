"""The tables of a sheet of no known kind: their headers, data, totals, sections and notes, for people to check."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.ingest.files.grids import Grid
from pipeline.ingest.layouts.headers import Header, merges_by_row, read_block
from pipeline.ingest.layouts.rowwords import RowWords
from pipeline.ingest.layouts.shapeheaders import MIN_WIDTH, find_header, is_aside, number_columns, split_tables
from pipeline.ingest.layouts.shapelines import CellReader, Line, read_lines
from pipeline.ingest.layouts.shaperows import ShapeClass, Verdict, judge_lines, judge_texts
from pipeline.ingest.vocabulary import LEVEL, Vocabulary

# Of two tables side by side a row may be the last of one and a note of the other: it is shown as what comes first here.
PRECEDENCE: tuple[ShapeClass, ...] = ("data", "total", "section", "header", "note", "title", "unrecognised")


@dataclass(frozen=True)
class TableShape:
    """One table between two columns (from 0, both included); ``rows``: row number -> (class, reason).

    ``header`` is ``None`` for a table that begins with data. ``numbers`` are the columns that hold numbers.
    """

    left: int
    right: int
    header: Header | None
    numbers: frozenset[int]
    rows: Mapping[int, Verdict]

    def label(self, column: int) -> str:
        """Return the header of a column as written, its levels joined; "" where it has none."""
        if self.header is None or column >= len(self.header.labels):
            return ""
        return LEVEL.join(self.header.labels[column])


@dataclass(frozen=True)
class SheetShape:
    """Every table of a sheet, from the top and then from the left; ``rows`` holds a verdict on every non-empty row."""

    tables: tuple[TableShape, ...]
    rows: Mapping[int, Verdict]

    def of(self, wanted: ShapeClass) -> list[int]:
        """Return the rows of one class, in order."""
        return [row for row, (class_, _) in sorted(self.rows.items()) if class_ == wanted]


def describe_tables(grid: Grid, vocabulary: Vocabulary) -> SheetShape:
    """Find the tables of any sheet by its words, numbers and merged cells; never raises because of what is in it."""
    words = RowWords(vocabulary.words)
    reader = CellReader(vocabulary)
    width = max((len(row) for row in grid.rows), default=0)
    lines = read_lines(grid, reader, range(len(grid.rows)), 0, width - 1)
    tables: list[TableShape] = []
    rows: dict[int, Verdict] = {}
    for part in split_tables(lines, words):
        shape = _shape(grid, part, words)
        if shape is None:
            _add(rows, judge_texts(part, words))
            continue
        beside = _split_columns(grid, shape, part, reader, words)
        for table in beside or [shape]:
            tables.append(table)
            _add(rows, table.rows)
    return SheetShape(tuple(tables), rows)


def _shape(grid: Grid, lines: Sequence[Line], words: RowWords) -> TableShape | None:
    """Return the table among some rows; ``None`` where no two rows fill several columns."""
    if sum(not is_aside(line) for line in lines) < MIN_WIDTH:
        return None
    numbers = number_columns(lines)
    positions = find_header(lines, numbers)
    if positions is None and not numbers:
        return None
    header = None
    if positions is not None:
        rows_of = lines[positions.start].number, lines[positions.stop - 1].number
        header = read_block(grid, *rows_of, merges_by_row(grid))
    filled = [column for line in lines if not is_aside(line) for column, _, _ in line.cells]
    rows = judge_lines(lines, positions, numbers, words)
    return TableShape(min(filled), max(filled), header, numbers, rows)


def _split_columns(
    grid: Grid, shape: TableShape, lines: Sequence[Line], reader: CellReader, words: RowWords
) -> list[TableShape]:
    """Return the tables that stand side by side in one; none where it is a single one."""
    for blocks in (_repeated_headers(shape), _gaps(lines)):
        numbers = [line.number for line in lines]
        parts = [read_lines(grid, reader, numbers, left, right) for left, right in blocks]
        tables = [_shape(grid, part, words) for part in parts]
        complete = [table for table in tables if table is not None and table.header and table.left not in table.numbers]
        if len(complete) == len(tables) > 1:
            return complete
    return []


def _repeated_headers(shape: TableShape) -> list[tuple[int, int]]:
    """Return the columns of tables whose headers repeat each other: 城市 环比 同比 | 城市 环比 同比."""
    labels = [shape.label(column) for column in range(shape.left, shape.right + 1)]
    for period in range(MIN_WIDTH, len(labels) // 2 + 1):
        if len(labels) % period == 0 and all(label == labels[i % period] for i, label in enumerate(labels)):
            return [(left, left + period - 1) for left in range(shape.left, shape.right + 1, period)]
    return []


def _gaps(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Return the columns of tables between which a column stays empty in every row of several cells."""
    filled = sorted({column for line in lines if not is_aside(line) for column, _, _ in line.cells})
    starts = [filled[0], *(column for before, column in pairwise(filled) if column > before + 1)]
    ends = [*(before for before, column in pairwise(filled) if column > before + 1), filled[-1]]
    return list(zip(starts, ends, strict=True))


def _add(rows: dict[int, Verdict], more: Mapping[int, Verdict]) -> None:
    """Keep for every row the verdict that counts most."""
    for row, verdict in more.items():
        if row not in rows or PRECEDENCE.index(verdict[0]) < PRECEDENCE.index(rows[row][0]):
            rows[row] = verdict
