"""Which figures of a quarter moved since its last run: the published tables against those about to replace them."""

from pathlib import Path

import pandas as pd

from pipeline.catalog import Catalog, load_catalog
from pipeline.periods import parse_quarter
from pipeline.report.material.moves import UNREADABLE, moved_figures, read_compared
from pipeline.report.material.published import Move
from pipeline.runs.records.manifest import Manifest
from pipeline.runs.records.places import Target


def figures_moved(tables: Target, quarter: str, before: Manifest | None) -> tuple[Move, ...] | None:
    """Return what the tables in building see differently than the published ones do.

    None for a first report, and where the published tables are gone or are none that this version reads. Raises for
    the tables in building, which must be whole.
    """
    if before is None:
        return None
    catalog = load_catalog()
    old = _read_or_none(tables.final, catalog)
    if old is None:
        return None
    return moved_figures(old, read_compared(tables.building, catalog), parse_quarter(quarter), catalog)


def _read_or_none(folder: Path, catalog: Catalog) -> dict[str, pd.DataFrame] | None:
    try:
        return read_compared(folder, catalog)
    except UNREADABLE:
        return None  # nothing to compare with: the library says that it was not compared
