"""Merged ranges that a sheet can have, out of those that a file declares."""

from collections.abc import Iterable

from pipeline.ingest.files.grids import MergedRange
from pipeline.ingest.files.row_limits import SHEET_COLUMNS, SHEET_ROWS


def true_merges(ranges: Iterable[MergedRange]) -> tuple[MergedRange, ...]:
    """Return, cut at the ends of a sheet, the ranges of more than one cell that begin before they end, each once.

    What else a file declares is damage, and no program shows it as merged.
    """
    cut = (
        (top, left, min(bottom, SHEET_ROWS - 1), min(right, SHEET_COLUMNS - 1)) for top, left, bottom, right in ranges
    )
    whole = (merged for merged in cut if merged[0] <= merged[2] and merged[1] <= merged[3] and merged[:2] != merged[2:])
    return tuple(dict.fromkeys(whole))


def merged_cells(merged: MergedRange) -> int:
    """Return how many cells a range takes."""
    top, left, bottom, right = merged
    return (bottom - top + 1) * (right - left + 1)
