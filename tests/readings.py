"""Hand-made readings for tests: a few rows a table, typed by the data dictionary."""

from collections.abc import Iterable, Mapping

import pandas as pd

from pipeline.catalog import Catalog, Rule
from pipeline.ingest.bureau import Bureau, Reading
from pipeline.ingest.schema import DTYPES, empty_table

Rows = Iterable[Mapping[str, object]]


def make_bureau(catalog: Catalog, rules: tuple[Rule, ...] | None = None, **attribution: str) -> Bureau:
    """Return the default bureau; ``attribution`` overrides single metrics of 营销管理, e.g. ``cases_filed="own"``."""
    owned = {
        (group.party_group, entry.metric): entry.attribution
        for group in catalog.groups.values()
        for entry in catalog.attribution
        if entry.function == group.function
    }
    owned |= {("营销管理", metric): value for metric, value in attribution.items()}  # type: ignore[misc]
    return Bureau(
        name="示例县局",
        branch="示例党支部",
        is_synthetic=True,
        groups=catalog.groups,
        aliases={},
        attribution=owned,
        rules=catalog.rules if rules is None else rules,
        terms=catalog.terms,
    )


def make_table(name: str, catalog: Catalog, rows: Rows) -> pd.DataFrame:
    """Return ``rows`` as a table typed by the dictionary; columns that are not given are missing."""
    rows = list(rows)
    if not rows:
        return empty_table(name, catalog)
    columns = {column.column: DTYPES[column.dtype] for column in catalog.columns_of(name)}
    place = {"source_file": f"{name}.xlsx", "source_sheet": "Sheet1"}
    listed = [
        {**place, "source_row": number, "source_cell": f"A{number}", **row} for number, row in enumerate(rows, start=3)
    ]
    extra = {key: "str" for row in listed for key in row if key not in columns}
    typed = {**columns, **extra}
    values = {key: [row.get(key) for row in listed] for key in typed}
    return pd.DataFrame({key: pd.Series(values[key], dtype=dtype) for key, dtype in typed.items()})


def make_reading(catalog: Catalog, bureau: Bureau, covered: Mapping[str, Iterable[str]], **rows: Rows) -> Reading:
    """Return a reading with the given rows; ``covered`` maps a kind to the months that it covers."""
    names = [table.table for table in catalog.tables.values() if table.stage == "input"]
    tables = {name: make_table(name, catalog, rows.get(name, ())) for name in [*names, "printed_totals"]}
    coverage = [
        {"kind": kind, "month": month, "party_group": "", "source_file": f"{kind}.xlsx"}
        for kind, months in covered.items()
        for month in months
    ]
    tables["coverage"] = make_table("coverage", catalog, coverage)
    return Reading(bureau=bureau, tables=tables, files=(), issues=())
