"""What the pages of managers need of a reading: who must not be named, which rows were used, what became of files.

The input tables themselves stay unread: of each only the columns with names, and those that say where a row came from.
"""

from collections.abc import Sequence
from pathlib import Path

from pipeline.catalog import Catalog
from pipeline.ingest.bureau import Reading
from pipeline.ingest.lazy_tables import TablesOnDemand
from pipeline.ingest.store import TABLE, load_bureau, load_ledger, not_made_yet, read_columns, read_table, tables_of
from pipeline.report.material.findings import ROW_PLACE
from pipeline.report.material.privacy import name_columns


def load_lean_reading(folder: Path, catalog: Catalog) -> Reading:
    """Read what `pipeline.ingest.store.save_reading` wrote, the tables cut down to names and places of rows.

    Raises `NotMadeYet` when a part is missing.
    """
    names = name_columns(catalog)
    tables = {}
    for table in tables_of(catalog):
        known = {column.column for column in catalog.columns_of(table)}
        wanted = [*names.get(table, ()), *ROW_PLACE]
        tables[table] = read_columns(table, folder, [name for name in dict.fromkeys(wanted) if name in known])
    files, issues = load_ledger(folder)
    return Reading(load_bureau(folder), tables, files, issues)


def open_tables(names: Sequence[str], folder: Path, catalog: Catalog) -> TablesOnDemand:
    """Return tables of the data dictionary from the files of a folder, each read when it is looked at.

    Raises `NotMadeYet` for one that is missing.

    All are opened at once. A notebook is run again when a table changes that it has opened, and with it are made pages
    and a workbook that look at others of its tables than it does.
    """
    for name in names:
        try:
            (folder / f"{name}{TABLE}").open("rb").close()
        except FileNotFoundError:
            raise not_made_yet(folder / f"{name}{TABLE}") from None
    return TablesOnDemand(names, lambda name: read_table(name, folder, catalog))
