"""Tables that are read when they are looked at."""

from pathlib import Path
from typing import IO, Any

import pandas as pd
import pytest

from pipeline.catalog import load_catalog
from pipeline.ingest.lazy_tables import LazyTables
from pipeline.ingest.schema import empty_table
from pipeline.ingest.store import write_table
from pipeline.report.material.inputs import open_tables

NAMES = ("overdue", "restatements")


def test_each_table_is_made_once_and_only_when_it_is_looked_at() -> None:
    made: list[str] = []

    def make(name: str) -> pd.DataFrame:
        made.append(name)
        return pd.DataFrame({"name": [name]})

    tables = LazyTables(NAMES, make)
    assert ("overdue" in tables, "panel" in tables, list(tables), len(tables)) == (True, False, [*NAMES], 2)
    assert made == []
    assert tables["overdue"] is tables["overdue"]
    assert made == ["overdue"]
    with pytest.raises(KeyError, match="panel"):
        tables["panel"]


def test_every_table_is_opened_and_a_missing_one_refused_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog = load_catalog()
    for name in NAMES:
        write_table(empty_table(name, catalog), name, tmp_path, catalog)
    opened: list[str] = []
    plain_open = Path.open

    def noting_open(path: Path, *args: Any, **kwargs: Any) -> IO[Any]:
        opened.append(path.stem)
        return plain_open(path, *args, **kwargs)

    monkeypatch.setattr(Path, "open", noting_open)
    tables = open_tables(NAMES, tmp_path, catalog)
    assert opened == [*NAMES]
    assert list(tables["overdue"].columns) == [column.column for column in catalog.columns_of("overdue")]
    with pytest.raises(FileNotFoundError):
        open_tables((*NAMES, "panel"), tmp_path, catalog)
