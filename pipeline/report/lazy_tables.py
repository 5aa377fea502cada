"""Tables that are made when a page first looks at them: no page looks at all of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd

from pipeline.catalog import Catalog
from pipeline.ingest.store import TABLE, read_table


class LazyTables(Mapping[str, pd.DataFrame]):
    """Tables by name, each made once, by ``make``."""

    def __init__(self, names: Iterable[str], make: Callable[[str], pd.DataFrame]) -> None:
        self._make = make
        self._made: dict[str, pd.DataFrame | None] = dict.fromkeys(names)

    def __getitem__(self, name: str) -> pd.DataFrame:
        table = self._made[name]
        if table is None:
            table = self._made[name] = self._make(name)
        return table

    def __contains__(self, name: object) -> bool:
        return name in self._made

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


def open_tables(names: Sequence[str], folder: Path, catalog: Catalog) -> LazyTables:
    """Return tables of the data dictionary from the files of a folder; raises `FileNotFoundError` for one that lacks.

    All are opened at once. A notebook is run again when a table changes that it has opened, and with it are made pages
    and a workbook that look at others of its tables than it does.
    """
    for name in names:
        (folder / f"{name}{TABLE}").open("rb").close()
    return LazyTables(names, lambda name: read_table(name, folder, catalog))
