"""Two numbers of a row that cannot both be right: what one of them comes to for each of the other is impossible."""

from dataclasses import replace

from pipeline.catalog import Catalog, RowRatio
from pipeline.ingest.layouts.sheetrows import SheetRows


def reject_impossible_ratios(rows: SheetRows, catalog: Catalog) -> None:
    """Turn down rows whose sales value does not fit their volume: which of the two is wrong nobody can know."""
    for ratio in catalog.row_ratios:
        if ratio.table == rows.sheet.kind.table and {ratio.value, ratio.base} <= rows.held:
            _reject(rows, ratio)


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
