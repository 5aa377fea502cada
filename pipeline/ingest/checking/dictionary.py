"""The last guard behind the checks of cells: what leaves reading is what the data dictionary says."""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.catalog import Catalog
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.schema import FailingValue, TableError, find_failing_values


def guard_inputs(
    tables: Mapping[str, pd.DataFrame], sheets: Sequence[SheetRows], catalog: Catalog
) -> dict[str, pd.DataFrame]:
    """Return input tables without the rows that the dictionary does not allow; the rest of each table stays.

    Every such row is turned down in the ledger of its sheet, with a fault at its cell. ``tables`` must have been built
    from ``sheets``. What is in no single row raises `TableError`.
    """
    return {name: _guard_input(frame, name, sheets, catalog) for name, frame in tables.items()}


def guard_derived(frame: pd.DataFrame, table: str, catalog: Catalog) -> pd.DataFrame:
    """Return a table that was computed and not read; raises `TableError` for a value that no workbook can mend."""
    failing = find_failing_values(frame, table, catalog)
    if failing:
        raise TableError(f"table {table!r}: " + "; ".join(_told(value) for value in failing))
    return frame


def _guard_input(frame: pd.DataFrame, table: str, sheets: Sequence[SheetRows], catalog: Catalog) -> pd.DataFrame:
    failing = find_failing_values(frame, table, catalog)
    if not failing:
        return frame
    origins = [(rows, position) for rows in sheets if rows.sheet.kind.table == table for position in rows.kept()]
    sources = {row: origins[row] for row in dict.fromkeys(map(_row_number, failing))}
    for value in failing:
        rows, position = sources[_row_number(value)]
        if value.column not in rows.columns:
            raise TableError(f"table {table!r}: {_told(value)}")  # derived on reading, and not for the sender to mend
        rows.fault("against_dictionary", value.column, position, value.expected, value.seen)
        rows.rejected.add(position)
    return frame.drop(index=list(sources)).reset_index(drop=True)


def _row_number(value: FailingValue) -> int:
    return int(str(value.row))


def _told(value: FailingValue) -> str:
    return f"row {value.row}: column {value.column!r}: expected {value.expected}, saw {value.seen!r}"
