"""The cells of a form that are neither a label nor its value: whatever is written there is not used, and told."""

from collections.abc import Collection, Iterator, Sequence

from pipeline.ingest.files.grids import Cell, CellError, Grid
from pipeline.ingest.layouts.findings import Place
from pipeline.ingest.layouts.headers import first_cells
from pipeline.ingest.layouts.rowwords import RowWords
from pipeline.ingest.layouts.smalltables import holds_amounts
from pipeline.ingest.wordforms import compact

Filled = Sequence[tuple[int, Cell | CellError]]


def leftover_cells(
    grid: Grid, labels: Collection[Place], beside: Collection[Place], below: Collection[Place], words: RowWords
) -> Iterator[Place]:
    """Yield the filled cells of a form that are accounted for by nothing: those from its first label on, and numbers
    that stand above it as no title does.

    ``labels`` are the places of all known labels; ``beside`` and ``below`` those of values right of their label and
    under it. A text in a column of labels or with a colon at its end is a label that is not known, and the cell beside
    it is its value; so are the cells under a text in a row of labels. Lines of one text, notes and signatures are none
    of the form's business.
    """
    first = min((row for row, _ in labels), default=0)
    for row in filter(lambda row: holds_amounts(grid.rows[row]), range(first)):
        yield from ((row, column) for column, _ in first_cells(grid.rows[row]))
    known = {*labels, *beside, *below}
    label_columns = {column for _, column in labels}
    value_columns = {column for _, column in beside}
    label_rows = {row for row, _ in labels} - {row for row, _ in beside}
    for row in range(first, len(grid.rows)):
        filled = first_cells(grid.rows[row])
        if _is_line(filled, words):
            continue
        is_answer = is_unknown = False  # the cell is the value of an unknown label; the row has such a label
        for column, cell in filled:
            place = (row, column)
            if place in known or is_answer or (is_unknown and column in value_columns):
                is_answer = False
            elif isinstance(cell, str) and row in label_rows:
                known.add((row + 1, column))
            elif isinstance(cell, str) and (column in label_columns or ":" in compact(cell)):
                is_answer = is_unknown = True
            else:
                yield place


def _is_line(filled: Filled, words: RowWords) -> bool:
    """Tell whether a row is empty, one text, or a note or line of signatures."""
    if not filled:
        return True
    first = filled[0][1]
    return isinstance(first, str) and (len(filled) == 1 or words.is_note(compact(first)))
