"""Sheets that Ronghe itself put into a workbook: the list of faults, instructions, the choices of drop-downs.

They come back with the mended workbook. Their rows are notes, whether or not the sheet is hidden.
"""

from pipeline.ingest.files.grids import Grid

GUIDE_MARK = "融合 · "
"""How cell A1 of each such sheet begins: a sheet of somebody's own that happens to have the name is read as data."""


def is_guide(grid: Grid) -> bool:
    """Tell whether a sheet is one that Ronghe wrote for the person who fills in the workbook."""
    first = grid.rows[0][0] if grid.rows and grid.rows[0] else None
    return isinstance(first, str) and first.startswith(GUIDE_MARK)
