"""The rows of one sheet between recognition and the finished tables: values, faults, and what was turned down."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from pipeline.catalog import Column
from pipeline.ingest.cells.columns import Value
from pipeline.ingest.faults import Fault
from pipeline.ingest.files.grids import Grid
from pipeline.ingest.layouts.context import GROUP, SheetContext
from pipeline.ingest.layouts.recognise import Recognised
from pipeline.ingest.layouts.rows import RowClass, cell_at
from pipeline.ingest.ledger import SheetLedger
from pipeline.ingest.wordforms import cell_text

Place = tuple[int, int]  # row and column of a cell, from 0


@dataclass(frozen=True)
class PrintedTotal:
    """One number of a total row in the dictionary's unit, and what its rows come to (``None``: unknown)."""

    row: int
    label: str
    column: str
    printed: float
    computed: float | None


@dataclass
class SheetRows:
    """What a recognised sheet gave.

    ``rows[i]`` is the sheet row (from 0) behind position i of every list in ``values``. ``places`` maps a column to the
    cell (row, column) behind each position; a merged range stands by its first cell. A position in ``rejected`` is not
    used; one in ``breakdown`` turned out to break a total down.
    """

    sheet: Recognised
    columns: Mapping[str, Column]
    classes: Mapping[int, RowClass]
    rows: list[int]
    values: dict[str, list[Value]]
    places: Mapping[str, Sequence[Place]]
    context: SheetContext
    among: frozenset[int] = frozenset()
    faults: list[Fault] = field(default_factory=list)
    totals: list[PrintedTotal] = field(default_factory=list)
    rejected: set[int] = field(default_factory=set)
    breakdown: set[int] = field(default_factory=set)

    @property
    def file(self) -> str:
        """Return the path of the file, relative to the folder read."""
        return self.sheet.names.file

    @property
    def group(self) -> str | None:
        """Return the group that the whole sheet belongs to, where its name, title or file says so."""
        group = self.context.values.get(GROUP)
        return None if group is None or GROUP in self.places else str(group)

    @property
    def month(self) -> pd.Period | None:
        """Return the month that the whole sheet belongs to, where its name, title or file says so."""
        month = self.context.values.get("month")
        return month if isinstance(month, pd.Period) and "month" not in self.places else None

    def kept(self) -> list[int]:
        """Return the positions of the rows that are used."""
        return [position for position in range(len(self.rows)) if position not in self.rejected | self.breakdown]

    def fault(self, code: str, name: str, position: int, expected: str = "", seen: str | None = None) -> None:
        """Note a fault in one cell; what was seen is the cell itself unless it is given."""
        row, column = self.places[name][position] if name in self.places else (self.rows[position], None)
        if seen is None:
            seen = "" if column is None else cell_text(cell_at(self.sheet.grid, row, column))
        about = (self.columns[name],)
        self.faults.append(Fault(code, self.file, self.sheet.names.sheet, row, column, seen, expected, about))

    def sheet_fault(
        self,
        code: str,
        seen: str,
        expected: str = "",
        place: tuple[int, int] | None = None,
        about: tuple[Column, ...] = (),
    ) -> None:
        """Note a fault of the whole sheet, at a cell where one shows it."""
        row, column = place or (None, None)
        self.faults.append(Fault(code, self.file, self.sheet.names.sheet, row, column, seen, expected, about))

    def reject_all(self) -> None:
        """Turn every row down."""
        self.rejected.update(range(len(self.rows)))

    def ledger(self) -> SheetLedger:
        """Return the account of every row: a row is used when any of its positions is."""
        grid = self.sheet.grid
        used = {self.rows[position] for position in self.kept()}
        broken_down = {self.rows[position] for position in self.breakdown} - used
        counts = Counter(
            class_ if class_ != "data" else "used" if row in used else "total" if row in broken_down else "rejected"
            for row, class_ in self.classes.items()
        )
        return SheetLedger(name=grid.name, visible=grid.visible, physical=grid.physical_rows, **counts)


def unrecognised_ledger(grid: Grid) -> SheetLedger:
    """Return the account of a sheet of no known kind."""
    return SheetLedger(grid.name, grid.visible, grid.physical_rows, unrecognised=grid.physical_rows)


def all_faults(sheets: Iterable[SheetRows]) -> list[Fault]:
    """Return the faults of sheets in the order of their cells, each once: a merged cell stands for many rows."""
    ordered = (
        fault
        for sheet in sheets
        for fault in sorted(sheet.faults, key=lambda fault: (fault.row or 0, fault.column or 0))
    )
    return list(dict.fromkeys(ordered))
