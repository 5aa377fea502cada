"""Two numbers of a row that belong together: what one of them comes to for each of the other may be impossible, and one
may stand alone.
"""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.catalog import Catalog, RowRatio
from pipeline.ingest.layouts.sheetrows import SheetRows


def reject_impossible_ratios(rows: SheetRows, catalog: Catalog) -> None:
    """Turn down rows whose sales value does not fit their volume: which of the two is wrong nobody can know."""
    for ratio in catalog.row_ratios:
        if ratio.table == rows.sheet.kind.table and {ratio.value, ratio.base} <= rows.held:
            _reject(rows, ratio)


def note_lone_amounts(sheets: Sequence[SheetRows], catalog: Catalog) -> None:
    """Note the lack of a value beside its base (销售额 beside 销量): each empty cell; a whole column once a file, where
    other sheets of the bureau hold it.

    Reports that never state sales values are those of volumes, and lack nothing.
    """
    told: set[tuple[str, RowRatio]] = set()
    for ratio in catalog.row_ratios:
        found = [rows for rows in sheets if rows.sheet.kind.table == ratio.table and ratio.base in rows.held]
        is_stated = any(ratio.value in rows.held for rows in found)
        for rows in found if is_stated else ():
            if ratio.value in rows.held:
                _note_empty_cells(rows, ratio)
            elif rows.kept() and (rows.file, ratio) not in told and not _is_told(rows, ratio.value):
                told.add((rows.file, ratio))
                column = rows.columns[ratio.value]
                rows.sheet_fault("lacking_column", rows.sheet.names.sheet, column.label_zh, about=(column,))


def _is_told(rows: SheetRows, name: str) -> bool:
    return any(column.column == name for fault in rows.faults for column in fault.about)


def _note_empty_cells(rows: SheetRows, ratio: RowRatio) -> None:
    """Note the rows with a base and without its value, on this sheet or on the one that was joined to it."""
    is_joined = ratio.value in rows.joined_columns
    alone = []
    for position in rows.kept():
        value, base = (rows.values[name][position] for name in (ratio.value, ratio.base))
        if value is None and base and (is_joined or rows.cell(ratio.value, position) is None):
            alone.append(position)
    if is_joined and alone:
        rows.fault("lone_amount", ratio.value, alone[0], alike=alone[1:])
    elif not is_joined:
        for position in alone:
            rows.fault("lone_amount", ratio.value, position)


def _reject(rows: SheetRows, ratio: RowRatio) -> None:
    """Note every ratio out of bounds at the cell of the value; nothing is said of a base that is nothing or less."""
    wrong = []
    for position in rows.kept():
        value, base = (rows.values[name][position] for name in (ratio.value, ratio.base))
        if not isinstance(value, int | float) or not isinstance(base, int | float) or base <= 0:
            continue
        each = value / base
        if not ratio.minimum <= each <= ratio.maximum:
            expected = f"{ratio.minimum:,.0f} … {ratio.maximum:,.0f} {ratio.unit}"
            rows.fault("impossible_ratio", ratio.value, position, expected, f"{each:,.0f} {ratio.unit}")
            wrong.append(position)
    if wrong:
        rows.rejected.update(wrong)
        _forgive_totals(rows, ratio)


def _forgive_totals(rows: SheetRows, ratio: RowRatio) -> None:
    """Take back what was said of the totals of both columns: a total over a row in doubt cannot be judged."""
    names = (ratio.value, ratio.base)
    rows.faults = [
        fault
        for fault in rows.faults
        if fault.code != "total_mismatch" or not any(column.column in names for column in fault.about)
    ]
    rows.totals = [replace(total, computed=None) if total.column in names else total for total in rows.totals]
