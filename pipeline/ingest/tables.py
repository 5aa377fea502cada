"""The used rows of all sheets, put together into the tables of the data dictionary."""

from collections.abc import Sequence

import pandas as pd
from pandas.api.extensions import ExtensionArray

from pipeline.catalog import Catalog
from pipeline.ingest.files.grids import cell_address
from pipeline.ingest.layouts.context import GROUP
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.schema import empty_table, to_dictionary, typed_array


def build_tables(sheets: Sequence[SheetRows], catalog: Catalog) -> dict[str, pd.DataFrame]:
    """Return every input table; those of no sheet are empty but have all their columns."""
    by_table: dict[str, list[SheetRows]] = {}
    for rows in sheets:
        by_table.setdefault(rows.sheet.kind.table, []).append(rows)
    inputs = [table.table for table in catalog.tables.values() if table.stage == "input"]
    return {name: _table(name, by_table.get(name, []), catalog) for name in inputs}


def _table(name: str, sheets: Sequence[SheetRows], catalog: Catalog) -> pd.DataFrame:
    kept = [(rows, positions) for rows in sheets if (positions := rows.kept())]
    if not kept:
        return empty_table(name, catalog)
    columns = [column for column in catalog.columns_of(name) if column.table == name]
    data: dict[str, ExtensionArray] = {}
    for column in columns:
        values = [rows.values[column.column][position] for rows, positions in kept for position in positions]
        data[column.column] = typed_array(values, column.dtype)
    data["source_file"] = typed_array([rows.file for rows, positions in kept for _ in positions], "text")
    sheet_names = [rows.sheet.names.sheet for rows, positions in kept for _ in positions]
    data["source_sheet"] = typed_array(sheet_names, "text")
    numbers = [rows.rows[position] + 1 for rows, positions in kept for position in positions]
    data["source_row"] = typed_array(numbers, "integer")
    cells = [cell for rows, positions in kept for cell in _own_cells(rows, positions)]
    data["source_cell"] = typed_array(cells, "text")
    return to_dictionary(pd.DataFrame(data), name, catalog)


def _own_cells(rows: SheetRows, positions: Sequence[int]) -> list[str]:
    """Return the first cell of each row that one of its values was read from: where a point's trail leads to."""
    places = list(zip(*(rows.places[name] for name in rows.columns if name in rows.places), strict=True))
    addresses = []
    for position in positions:
        row, own = rows.rows[position], places[position] if places else ()
        in_row = [place for place in own if place[0] == row]
        addresses.append(cell_address(*min(in_row or own, default=(row, 0))))
    return addresses


def build_printed_totals(sheets: Sequence[SheetRows], catalog: Catalog) -> pd.DataFrame:
    """Return the table ``printed_totals``: one row per number of a total row."""
    records = [
        {
            "kind": rows.sheet.kind.kind,
            GROUP: rows.group,
            "month": rows.month,
            "label": total.label,
            "column": total.column,
            "cell": cell_address(total.row, total.number),
            "printed": total.printed,
            "computed": total.computed,
            "source_file": rows.file,
            "source_sheet": rows.sheet.names.sheet,
            "source_row": total.row + 1,
            "source_cell": cell_address(total.row, total.number),
        }
        for rows in sheets
        for total in rows.totals
    ]
    if not records:
        return empty_table("printed_totals", catalog)
    names = [column.column for column in catalog.columns_of("printed_totals")]
    return to_dictionary(pd.DataFrame(records, columns=names), "printed_totals", catalog)
