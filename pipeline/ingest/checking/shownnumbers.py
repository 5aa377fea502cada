"""Numbers that their cells show as others: 0.95 that everybody reads as 95%, 21500 that everybody reads as 2.15."""

from pipeline.ingest.layouts.sheetrows import SheetRows

NOT_PERCENT = frozenset({"number", "integer"})


def reject_shown_as_others(rows: SheetRows) -> None:
    """Take out what its cells show as another number than is stored, where nobody can tell which was meant."""
    _reject_percentages(rows)
    _reject_shifted(rows)


def _reject_percentages(rows: SheetRows) -> None:
    """Take out numbers of points, pieces or money whose cells are formatted as percent; a zero is zero either way.

    A score of 0.95 that is shown as 95% may be 95 points or 95 % of the full ones, and never is 0.95.
    """
    percent = rows.sheet.grid.percent_cells
    names = [name for name in rows.places if rows.columns[name].dtype in NOT_PERCENT] if percent else []
    for name in names:
        values = rows.values[name]
        for position, value in enumerate(values):
            if isinstance(value, int | float) and value and rows.place(name, position) in percent:
                rows.fault("bad_number", name, position, seen=f"{100 * float(value):.10g}%")
                values[position] = None
                if rows.columns[name].required:
                    rows.rejected.add(position)


def _reject_shifted(rows: SheetRows) -> None:
    """Take out amounts whose cells shift the decimal point where the column's unit shifts it as well.

    21500 that is shown as 2.15 under 万元 is 2.15 万元 to everybody who looks, and 21500 万元 to who reads the cell. In
    a column of 元 the stored number is what is meant.
    """
    shifted = rows.sheet.grid.shifted_cells
    names = [name for name in rows.places if rows.columns[name].dtype in NOT_PERCENT] if shifted else []
    for name in names:
        values = rows.values[name]
        for position, value in enumerate(values):
            is_other = isinstance(value, int | float) and value != rows.cell(name, position)
            if is_other and rows.place(name, position) in shifted:
                rows.fault("shifted_number", name, position)
                values[position] = None
                if rows.columns[name].required:
                    rows.rejected.add(position)
