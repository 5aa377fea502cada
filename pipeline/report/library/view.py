"""What the period library is written from: every published quarter of one bureau, as managers may see it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from pipeline.catalog import Catalog, Metric, load_catalog
from pipeline.ingest.store import load_bureau, read_table
from pipeline.periods import months_of, parse_quarter
from pipeline.report.material.base import PageMaterial
from pipeline.report.material.lacking import ITEMS
from pipeline.report.material.membership import TURNOVER
from pipeline.report.material.moves import UNREADABLE
from pipeline.report.material.privacy import managers_view
from pipeline.report.material.published import PublishedQuarter
from pipeline.texts import Texts, load_texts

# Aggregates only: no table here has a row for one person or one matter
LIBRARY_TABLES = (
    "board",
    "measures_by_group_month",
    "metrics_by_group_quarter",
    "panel",
    "points_by_group_month",
    "points_by_group_month_category",
    "relationships",
    "restatements",
    "standings_by_group_quarter",
    "submissions",
    TURNOVER,
)
# Refusals that only the tables themselves tell
OTHER_TABLES = "other_tables"  # whole, but not those of this version
NO_POINTS = "no_points"


@dataclass(frozen=True)
class Shelf:
    """One published quarter: what its manifest tells, and its tables; ``material`` is None where they are not shown."""

    entry: PublishedQuarter
    material: PageMaterial | None

    @property
    def quarter(self) -> pd.Period:
        """The quarter."""
        return parse_quarter(self.entry.quarter)


@dataclass(frozen=True)
class Library:
    """All quarters of a bureau, the newest first; ``folder`` is the name of the bureau's folder."""

    folder: str
    shelves: tuple[Shelf, ...]
    texts: Texts
    catalog: Catalog

    @property
    def newest(self) -> PageMaterial | None:
        """The newest quarter that can be shown: what it says of earlier quarters is how they are seen today.

        It alone holds `lacking.ITEMS`, which tells which points lack a ledger.
        """
        return next((shelf.material for shelf in self.shelves if shelf.material), None)

    @property
    def readable(self) -> tuple[tuple[PublishedQuarter, PageMaterial], ...]:
        """The quarters that can be shown, the newest first."""
        return tuple((shelf.entry, shelf.material) for shelf in self.shelves if shelf.material)


def load_library(entries: Sequence[PublishedQuarter], processed: Path, folder: str) -> Library:
    """Read the tables of every readable quarter from ``processed`` (the bureau's folder of tables).

    A quarter whose tables cannot be read gets a refusal and stays in the list. The language is that of the latest run.
    """
    texts, catalog = load_texts(latest_language(entries)), load_catalog()
    shelves: list[Shelf] = []
    for entry in sorted(entries, key=lambda entry: entry.quarter, reverse=True):
        is_newest = not any(shelf.material for shelf in shelves)
        names = (*LIBRARY_TABLES, ITEMS) if is_newest else LIBRARY_TABLES
        shelves.append(_shelf(entry, processed / entry.quarter, names, texts, catalog))
    return Library(folder, tuple(shelves), texts, catalog)


def latest_language(entries: Sequence[PublishedQuarter]) -> str:
    """Return the language of the latest run; Chinese, the managers' own, where no manifest tells of one."""
    known = [entry for entry in entries if entry.run_at]
    return max(known, key=lambda entry: (entry.run_at, entry.quarter)).lang if known else "zh"


def quarters_known(material: PageMaterial) -> list[pd.Period]:
    """Return the quarters that have standings, in order."""
    return sorted(material.tables["standings_by_group_quarter"]["quarter"].unique())


def owners_of(metric: Metric, material: PageMaterial) -> list[str]:
    """Return the groups that ``metric`` may be shown for, in the bureau's order."""
    return [group for group in material.groups if material.bureau.owns(group, metric.metric)]


def owned_metrics(material: PageMaterial) -> list[Metric]:
    """Return the metrics that at least one group owns, in the catalog's order."""
    return [metric for metric in material.catalog.metrics.values() if owners_of(metric, material)]


def _shelf(entry: PublishedQuarter, folder: Path, names: Sequence[str], texts: Texts, catalog: Catalog) -> Shelf:
    if not entry.is_readable:
        return Shelf(entry, None)
    quarter = parse_quarter(entry.quarter)
    try:
        bureau = load_bureau(folder)
        tables = {name: read_table(name, folder, catalog) for name in names}
    except UNREADABLE:
        return Shelf(replace(entry, refusal=OTHER_TABLES), None)
    views = {name: _until(managers_view(frame, name, catalog), quarter) for name, frame in tables.items()}
    if views["standings_by_group_quarter"].empty:
        return Shelf(replace(entry, refusal=NO_POINTS), None)
    return Shelf(entry, PageMaterial(quarter, texts, catalog, bureau, views))


def _until(frame: pd.DataFrame, quarter: pd.Period) -> pd.DataFrame:
    """Return the rows up to the end of ``quarter``: a page of one quarter knows nothing of later ones."""
    if "quarter" in frame:
        return frame[frame["quarter"] <= quarter].reset_index(drop=True)
    if "month" in frame:
        return frame[frame["month"] <= months_of(quarter)[-1]].reset_index(drop=True)
    return frame
