"""A frozen quarter: the shipped bureau's workbooks by hash, and every derived table as text that a diff can show.

Numbers have 12 significant digits: on one machine tables are the same to the last bit (tests/determinism), but another
processor may add up a matrix in another order, which moves the 15th or 16th, and more of them in what is left of a
difference of like numbers. Numbers that differ by a thousand-millionth of their size or less are the same.
"""

import csv
import hashlib
import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.catalog import Catalog
from pipeline.runs.records.fingerprints import hash_folder

QUARTER = "2021Q4"
MONTHS = ("2021-10", "2021-11", "2021-12")
FROZEN = Path(__file__).with_name(QUARTER)
INPUTS, OTHER_MONTHS = "inputs", "other_months"
SIGNIFICANT = 12
TOLERANCE = 1e-9  # the largest between two processors so far: 7e-12, in the difference of two like numbers
DECIMAL = re.compile(r"-?\d+(\.\d+)?(e[-+]\d+)?")  # as `write_value` writes a float
LARGE: Mapping[str, str] = {  # tables that are kept whole for the quarter, by hash for each other month: their column
    "measures_by_group_month": "month",
    "member_points_trail": "month",
    "points_audit": "period",
    "points_by_group_month_item": "month",
    "points_by_member_month_item": "month",
    "points_trail": "month",
    "printed_totals": "month",
}

Row = tuple[str, ...]


@dataclass(frozen=True)
class Text:
    """A table as text: the names of its columns, those that name a row (none: its place does), and its rows."""

    name: str
    columns: Row
    key: Row
    rows: tuple[Row, ...]

    def named(self) -> dict[str, Row]:
        """Return the rows by what names them; several of one name are numbered."""
        places = [self.columns.index(column) for column in self.key if column in self.columns]
        found: dict[str, Row] = {}
        for number, row in enumerate(self.rows, start=1):
            name = ", ".join(f"{self.columns[place]}={row[place]}" for place in places) or f"row {number}"
            while name in found:
                name += "'"
            found[name] = row
        return found


def derived(catalog: Catalog) -> dict[str, Row]:
    """Return every table that is computed, with the columns of its key."""
    return {name: tuple(table.key) for name, table in catalog.tables.items() if table.stage not in ("input", "across")}


def read_tables(folder: Path, bureau: Path, catalog: Catalog) -> Iterator[Text]:
    """Yield what is frozen of a published quarter: the inputs, every derived table, the hashes of the large ones."""
    files = tuple((file.path, file.sha256) for file in hash_folder(bureau))
    yield Text(INPUTS, ("path", "sha256"), ("path",), files)
    others: list[Row] = []
    for name, key in derived(catalog).items():
        frame = pd.read_parquet(folder / f"{name}.parquet")
        rows = [tuple(map(write_value, row)) for row in frame.itertuples(index=False, name=None)]
        columns = tuple(map(str, frame.columns))
        if name in LARGE:
            rows, hashes = _cut(rows, columns.index(LARGE[name]))
            others += [(name, month, value) for month, value in hashes.items()]
        yield Text(name, columns, key, tuple(rows))
    yield Text(OTHER_MONTHS, ("table", "month", "sha256"), ("table", "month"), tuple(others))


def _cut(rows: Sequence[Row], place: int) -> tuple[list[Row], dict[str, str]]:
    """Return the rows of the quarter, and a hash over those of each other month (or quarter, or year)."""
    kept = (*MONTHS, QUARTER)
    others: dict[str, list[Row]] = {}
    for row in rows:
        if row[place] not in kept:
            others.setdefault(row[place], []).append(row)
    hashes = {month: _hash(_csv(some)) for month, some in sorted(others.items())}
    return [row for row in rows if row[place] in kept], hashes


def write_value(value: Any) -> str:
    """Return a cell as text; nothing for what is missing."""
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float):
        return f"{value + 0.0:.{SIGNIFICANT}g}"  # + 0.0: no minus before a zero
    if isinstance(value, pd.Timestamp | date):
        return value.isoformat()[:10]
    return str(value)


def freeze(tables: Sequence[Text], folder: Path) -> None:
    """Write tables as csv files, in place of all that are there."""
    folder.mkdir(exist_ok=True)
    for path in sorted(folder.glob("*.csv")):
        path.unlink()
    for table in tables:
        path = folder / f"{table.name}.csv"
        path.write_text(_csv([table.columns, *table.rows]), encoding="utf-8", newline="\n")


def digest(folder: Path = FROZEN) -> str:
    """Return one hash over the frozen files, which CHANGELOG.md names: 16 digits of a SHA-256."""
    parts = [f"{path.name} {_hash(path.read_text(encoding='utf-8'))}\n" for path in sorted(folder.glob("*.csv"))]
    return _hash("".join(parts))[:16]


def differences(tables: Sequence[Text], folder: Path = FROZEN) -> list[str]:
    """Return every number that is not as it was frozen: table, row, column, old and new."""
    found = []
    for table in tables:
        path = folder / f"{table.name}.csv"
        if not path.is_file():
            found.append(f"{table.name}: a new table, not frozen yet")
            continue
        columns, *rows = map(tuple, csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
        found += _differences(Text(table.name, columns, table.key, tuple(rows)), table)
    known = {f"{table.name}.csv" for table in tables}
    gone = [path.stem for path in sorted(folder.glob("*.csv")) if path.name not in known]
    return found + [f"{name}: a frozen table that is no longer made" for name in gone]


def _differences(old: Text, new: Text) -> list[str]:
    if old.columns != new.columns:
        lost = [f"{old.name}: column {column} is gone" for column in old.columns if column not in new.columns]
        added = [f"{old.name}: column {column} is new" for column in new.columns if column not in old.columns]
        return lost + added or [f"{old.name}: the columns stand in another order"]
    before, after = old.named(), new.named()
    found = [f"{old.name}, {name}: this row is gone" for name in before if name not in after]
    found += [f"{old.name}, {name}: this row is new" for name in after if name not in before]
    for name in before:
        cells = zip(old.columns, before[name], after.get(name, before[name]), strict=True)
        changed = ((column, was, now) for column, was, now in cells if not is_same(was, now))
        found += [f"{old.name}, {name}, {column}: was {was}, is {now}" for column, was, now in changed]
    if not found and list(before) != list(after):
        return [f"{old.name}: the rows stand in another order"]
    return found


def is_same(was: str, now: str) -> bool:
    """Tell whether two cells say the same: numbers but for `TOLERANCE`, anything else letter by letter."""
    if was == now:
        return True
    if not (DECIMAL.fullmatch(was) and DECIMAL.fullmatch(now)):
        return False
    return math.isclose(float(was), float(now), rel_tol=TOLERANCE)


def _csv(rows: Sequence[Row]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
