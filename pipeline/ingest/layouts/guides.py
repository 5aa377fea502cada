"""Sheets that hold no table and are no fault: those that Ronghe itself put in, and those without anything to report.

The list of faults, instructions and the choices of drop-downs come back with the mended workbook. Their rows are notes,
whether or not the sheet is hidden.
"""

from typing import TYPE_CHECKING

from pipeline.ingest.files.grids import Grid
from pipeline.ingest.wordforms import compact

if TYPE_CHECKING:
    from pipeline.ingest.vocabulary import Vocabulary

GUIDE_MARK = "融合 · "
"""How cell A1 of each such sheet begins: a sheet of somebody's own that happens to have the name is read as data."""

MAX_LINES = 3  # title, unit, and that there was nothing


def is_guide(grid: Grid) -> bool:
    """Tell whether a sheet is one that Ronghe wrote for the person who fills in the workbook."""
    first = grid.rows[0][0] if grid.rows and grid.rows[0] else None
    return isinstance(first, str) and first.startswith(GUIDE_MARK)


def is_example(grid: Grid, vocabulary: "Vocabulary") -> bool:
    """Tell whether a sheet is called 填表说明, 样表 and the like: what looks like records there are examples."""
    return compact(grid.name) in vocabulary.words["example_sheet"]


def reports_nothing(grid: Grid, vocabulary: "Vocabulary") -> bool:
    """Tell whether a sheet says, perhaps under a title, only that there was nothing: 本月无案件."""
    cells = [cell for row in grid.rows for cell in row if cell is not None]
    words = tuple(vocabulary.words["nothing"])
    return 1 <= len(cells) <= MAX_LINES and isinstance(cells[-1], str) and compact(cells[-1]).startswith(words)
