"""Matrices: a corner names both axes, the values of one go down and those of the other across."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.catalog import Kind
from pipeline.ingest.files.grids import Cell, CellError, Grid, Row
from pipeline.ingest.layouts.findings import Recognised, SheetNames
from pipeline.ingest.layouts.headers import MAX_ROWS_ABOVE, Header, first_cells
from pipeline.ingest.layouts.scoring import titles_above
from pipeline.ingest.vocabulary import DROP, SCORE_DTYPE, Vocabulary
from pipeline.ingest.wordforms import REMEMBERED, header_form, plain

MAX_CORNER = 30  # characters; a longer text that names both axes is an instruction
_LINE = re.compile(r"[\r\n]+")


def recognise_matrix(grid: Grid, names: SheetNames, vocabulary: Vocabulary) -> Recognised | None:
    """Find a matrix by its corner: 评价小组＼被评小组 names the rows first; two cells may do it, one left, one above.

    In a corner of two lines, as a diagonal line divides it, the upper text names what goes across.
    """
    for kind in vocabulary.axes:
        for corner in _corners(grid, kind, vocabulary):
            found = _matrix(vocabulary.catalog.kinds[kind], names, grid, corner, vocabulary)
            if found is not None:
                return found
    return None


def is_corner(cell: Cell | CellError, vocabulary: Vocabulary) -> bool:
    """Tell whether one cell names both axes of a matrix."""
    if not isinstance(cell, str) or len(cell) > MAX_CORNER:
        return False
    found = (_axes_of(cell, kind, vocabulary) for kind in vocabulary.axes)
    return any(len(named) == 2 and named[0] != named[1] for named in found)


@dataclass(frozen=True)
class _Corner:
    """Where a matrix begins: its header in rows ``top`` to ``bottom``, the column of what goes down, and both axes."""

    top: int
    bottom: int  # the row of what goes across
    left: int
    down: str
    across: str


def _corners(grid: Grid, kind: str, vocabulary: Vocabulary) -> Iterator[_Corner]:
    """Yield everything that looks like a corner: one cell that names both axes, or a cell for each."""
    axes = vocabulary.axes[kind]
    spoken: list[tuple[int, int, str]] = []
    for top, row in enumerate(grid.rows[:MAX_ROWS_ABOVE]):
        for number, cell in first_cells(row):
            if not isinstance(cell, str) or len(cell) > MAX_CORNER:
                continue
            named = _axes_of(cell, kind, vocabulary)
            if len(named) == 2 and named[0] != named[1]:
                down, across = reversed(named) if _LINE.search(cell.strip()) else named
                yield _Corner(top, top, number, down, across)
            elif len(named) == 1 and header_form(cell) in axes:
                spoken.append((top, number, named[0]))
    for down_row, left, down in spoken:
        for above_row, right, across in spoken:
            is_long = _names_score(grid.rows[above_row][right + 1 :], kind, vocabulary)
            if across != down and right > left and above_row in (down_row, down_row - 1) and not is_long:
                yield _Corner(above_row, above_row + 1, left, down, across)


def _names_score(cells: Row, kind: str, vocabulary: Vocabulary) -> bool:
    """Tell whether a row goes on with a header of the scores: 评价小组 | 被评小组 | 评分 is a list."""
    kinds = vocabulary.catalog.kinds
    return any(
        kinds[other].table == kinds[kind].table and vocabulary.columns_of(kinds[other])[name].dtype == SCORE_DTYPE
        for cell in cells
        if isinstance(cell, str)
        for other, name in vocabulary.headers.get(header_form(cell), {}).items()
        if name != DROP
    )


@lru_cache(maxsize=REMEMBERED)
def _axes_of(cell: str, kind: str, vocabulary: Vocabulary) -> Sequence[str]:
    """Return the axis columns that a cell names, in the order in which it names them."""
    form, axes = header_form(cell), vocabulary.axes[kind]
    if not any(axis in form for axis in axes):
        return ()
    pattern = "|".join(re.escape(axis) for axis in sorted(axes, key=len, reverse=True))
    return [axes[axis] for axis in re.findall(pattern, form)]


def _matrix(kind: Kind, names: SheetNames, grid: Grid, corner: _Corner, vocabulary: Vocabulary) -> Recognised | None:
    """Return the matrix right of its corner; columns of totals and ranks are left out, and without any other it is
    none: below the headers 评价小组 | 被评小组 | 评分 of the long form stand names, and no scores.
    """
    if corner.bottom >= len(grid.rows):
        return None
    row = grid.rows[corner.bottom]
    labels = tuple((plain(cell),) if isinstance(cell, str) else () for cell in row)
    paths = tuple(header_form(label[0]) if label else "" for label in labels)
    header = Header(corner.top, corner.bottom, paths, labels)
    aside = vocabulary.words["total"] | vocabulary.words["matrix_aside"]
    across = {
        number: corner.across
        for number, path in header.named
        if number > corner.left and path not in aside and kind.kind not in vocabulary.headers.get(path, {})
    }
    bottom, left = corner.bottom, corner.left
    if not across or not (_has_scores(grid, bottom, across) or _is_prepared(grid, bottom, left, across)):
        return None
    titles = titles_above(grid, header.top)
    return Recognised(kind, names, grid, header, {corner.left: corner.down, **across}, (), titles, is_matrix=True)


def _below(grid: Grid, row: int, number: int) -> Iterator[Cell | CellError]:
    return (cells[number] for cells in grid.rows[row + 1 :] if number < len(cells))


def _has_scores(grid: Grid, row: int, across: Mapping[int, str]) -> bool:
    return any(_is_score(cell) for number in across for cell in _below(grid, row, number))


def _is_prepared(grid: Grid, row: int, left: int, across: Mapping[int, str]) -> bool:
    """Tell whether names go down and nothing but signs for "none" stands beside them: a form not yet filled in."""
    names = [cell for cell in _below(grid, row, left) if isinstance(cell, str)]
    beside = [cell for number in across for cell in _below(grid, row, number) if cell is not None]
    return bool(names) and all(isinstance(cell, str) and len(cell.strip()) == 1 for cell in beside)


def _is_score(cell: Cell | CellError) -> bool:
    """Tell whether a cell may be a score: a number, or text with a digit."""
    if isinstance(cell, str):
        return any(character.isdigit() for character in cell)
    return cell is not None
