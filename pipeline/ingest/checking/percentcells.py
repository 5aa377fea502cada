"""Numbers that their cells show as percent, in columns that hold no percentages: 0.95 that everybody reads as 95%."""

from pipeline.ingest.layouts.sheetrows import SheetRows

NOT_PERCENT = frozenset({"number", "integer"})


def reject_percentages(rows: SheetRows) -> None:
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
