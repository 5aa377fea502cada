"""The rows of one sheet between recognition and the finished tables: values, faults, and what was turned down."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Literal

import pandas as pd

from pipeline.catalog import Column
from pipeline.ingest.cells.columns import Value
from pipeline.ingest.faults import Fault, MoreFaults
from pipeline.ingest.files.grids import Cell, CellError, Grid
from pipeline.ingest.layouts.context import GROUP, SheetContext
from pipeline.ingest.layouts.faultycells import FaultRegister, with_rest
from pipeline.ingest.layouts.findings import Place, Recognised
from pipeline.ingest.layouts.rows import RowClass, cell_at
from pipeline.ingest.ledger import SheetLedger
from pipeline.ingest.wordforms import cell_text

Outcome = Literal["used", "rejected", "title", "header", "total", "note", "unrecognised"]
PRECEDENCE: Sequence[Outcome] = ("used", "rejected", "total", "header", "title", "note", "unrecognised")
AROUND: Sequence[RowClass] = ("note", "title", "unrecognised")  # rows that may say something of the table


@dataclass(frozen=True)
class PrintedTotal:
    """One number of a total row in the dictionary's unit, and what its rows come to (``None``: unknown)."""

    row: int
    number: int  # of the sheet's column, from 0: the columns of a matrix all fill the same one of the table
    label: str
    column: str
    printed: float
    computed: float | None


@dataclass
class SheetRows:
    """What a recognised sheet gave.

    ``rows[i]`` is the sheet row (from 0) behind position i of every list in ``values``. ``places`` maps a column to the
    cell (row, column) behind each position; a merged range stands by its first cell. A position in ``rejected`` is not
    used; one in ``breakdown`` turned out to break a total down, one in ``prepared`` was never filled in, one in
    ``joined`` is used as part of a row of another sheet, which ``joined_columns`` there came from. ``faults`` are told,
    ``faulty`` knows all.
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
    prepared: set[int] = field(default_factory=set)
    carried_on: set[int] = field(default_factory=set)  # among the rejected: another sheet counts for what was handed in
    joined: dict[int, tuple["SheetRows", int]] = field(default_factory=dict)  # position -> the row it is part of
    joined_columns: frozenset[str] = frozenset()
    faulty: FaultRegister = field(default_factory=FaultRegister)
    spans: Sequence[tuple[int, ...]] = ()  # the sheet rows behind each position, where they are several (a form)

    @property
    def file(self) -> str:
        """Return the path of the file, relative to the folder read."""
        return self.sheet.names.file

    @cached_property
    def texts_below(self) -> tuple[str, ...]:
        """Return the texts below the header that are no cells of the table: notes, signatures, headings, lone texts.

        Every column whose header states no unit asks for them, so that the rows are walked once.
        """
        below = (row for row in self.classes if row > self.sheet.header.bottom)
        cells = (self.sheet.grid.rows[row] for row in below if self.classes[row] in AROUND or self._is_lone(row))
        return (*self.sheet.notes, *(cell for row in cells for cell in row if isinstance(cell, str)))

    def _is_lone(self, row: int) -> bool:
        filled = (True for cell in self.sheet.grid.rows[row] if cell is not None)
        return sum(islice(filled, 2)) == 1

    @property
    def group(self) -> str | None:
        """Return the group that the whole sheet belongs to, where its name, title or file says so."""
        group = self._of_sheet(GROUP)
        return None if group is None else str(group)

    @property
    def month(self) -> pd.Period | None:
        """Return the month that the whole sheet belongs to, where its name, title or file says so."""
        month = self._of_sheet("month")
        return month if isinstance(month, pd.Period) else None

    def _of_sheet(self, name: str) -> object:
        """Return the value that stands once for the whole sheet: around it, or beside a label above its table."""
        if name not in self.places:
            return self.context.values.get(name)
        is_one_cell = name in {pair.column for pair in self.sheet.pairs}
        return self.values[name][0] if is_one_cell and self.rows else None

    @property
    def held(self) -> frozenset[str]:
        """Return the columns whose values stand in cells, of this sheet or of another one that was joined to it."""
        return frozenset(self.places) | self.joined_columns

    def kept(self) -> list[int]:
        """Return the positions of the rows that are used."""
        left_out = self.rejected | self.breakdown | self.prepared | self.joined.keys()
        return [position for position in range(len(self.rows)) if position not in left_out]

    def is_used(self, position: int) -> bool:
        """Tell whether a row is used, not as part of another one."""
        return not any(position in left for left in (self.rejected, self.breakdown, self.prepared, self.joined))

    def handed_in(self) -> list[int]:
        """Return the positions of the rows that are used, here or where another sheet carries them on."""
        return sorted({*self.kept(), *self.carried_on})

    def place(self, name: str, position: int) -> Place | None:
        """Return the cell behind a value; ``None`` where it came from the sheet's surroundings or is derived."""
        return self.places[name][position] if name in self.places else None

    def cell(self, name: str, position: int) -> Cell | CellError:
        """Return what stands in the cell behind a value; ``None`` also where there is no such cell."""
        place = self.place(name, position)
        return None if place is None else cell_at(self.sheet.grid, *place)

    def fault(
        self,
        code: str,
        name: str,
        position: int,
        expected: str | Callable[[], str] = "",
        seen: str | None = None,
        alike: Collection[int] = (),
    ) -> None:
        """Note a fault in one cell; what was seen is the cell itself unless it is given.

        The positions ``alike`` have the same fault, and it is told once for all of them.

        Beyond `faultycells.MAX_TOLD` faults of one code in one column only the position is noted, and ``expected`` is
        not worked out where it is a function.
        """
        of_its_sort = self.faulty.note((code, name), position, len(self.rows))
        for further in alike:
            self.faulty.note((code, name), further, len(self.rows))
        if of_its_sort.is_flood:
            return
        row, column = self._spot(name, position)
        of_its_sort.tell((row, column))
        if seen is None:
            seen = cell_text(self.cell(name, position))
        told = expected if isinstance(expected, str) else expected()
        rest = {spot[0] for other in alike if (spot := self._spot(name, other)) != (row, column)}
        more = MoreFaults(len(rest), min(rest), max(rest)) if rest else None
        sheet = self.sheet.names.sheet
        self.faults.append(Fault(code, self.file, sheet, row, column, seen, told, (self.columns[name],), more=more))

    def _spot(self, name: str, position: int) -> tuple[int, int | None]:
        """Return the cell behind a value; its row where there is no such cell."""
        return self.place(name, position) or (self.rows[position], None)

    def told_faults(self) -> list[Fault]:
        """Return the faults of the sheet; one of a flood says how many cells more it stands for."""
        return with_rest(self.faults, self.faulty, self.rows, self.places)

    def forgive(self, positions: Collection[int]) -> None:
        """Take back every fault in the rows of some positions."""
        rows = {self.rows[position] for position in positions}
        self.faults = [fault for fault in self.faults if fault.row not in rows]
        for position in positions:
            self.faulty.forget(position)

    def withdraw(self, code: str) -> None:
        """Take back what was told under one code."""
        self.faults = [fault for fault in self.faults if fault.code != code]
        for (known, _), cells in self.faulty.items():
            if known == code:
                cells.clear()

    def sheet_fault(
        self,
        code: str,
        seen: str,
        expected: str = "",
        place: tuple[int, int] | None = None,
        about: tuple[Column, ...] = (),
        details: tuple[tuple[str, str], ...] = (),
    ) -> None:
        """Note a fault of the whole sheet, at a cell where one shows it."""
        row, column = place or (None, None)
        sheet = self.sheet.names.sheet
        self.faults.append(Fault(code, self.file, sheet, row, column, seen, expected, about, details=details))

    def reject_all(self) -> None:
        """Turn every row down."""
        self.rejected.update(range(len(self.rows)))

    def outcomes(self) -> dict[int, Outcome]:
        """Return what became of every row of the table's region: a row is used when any of its positions is; one that
        is part of a row of another sheet, when that is.
        """
        parts = [position for position, (whole, there) in self.joined.items() if whole.is_used(there)]
        used = {row for position in (*self.kept(), *parts) for row in self._rows_of(position)}
        told: dict[int, Outcome] = {row: "note" for position in self.prepared for row in self._rows_of(position)}
        told |= {row: "total" for position in self.breakdown for row in self._rows_of(position)}
        outcomes: dict[int, Outcome] = {}
        for row, class_ in self.classes.items():
            if class_ != "data":
                outcomes[row] = class_
            else:
                outcomes[row] = "used" if row in used else told.get(row, "rejected")
        return outcomes

    def _rows_of(self, position: int) -> tuple[int, ...]:
        return self.spans[position] if self.spans else (self.rows[position],)


def sheet_ledger(grid: Grid, tables: Iterable[Mapping[int, Outcome]]) -> SheetLedger:
    """Return the account of a sheet from the outcomes of its tables (row from 0 -> what became of it).

    A row that several tables share, side by side, counts once: as used where any of them uses it, and so on in the
    order of `PRECEDENCE`; one that belongs to none is unrecognised.
    """
    outcomes: dict[int, Outcome] = {}
    for table in tables:
        for row, outcome in table.items():
            outcomes[row] = outcome if row not in outcomes else min(outcomes[row], outcome, key=PRECEDENCE.index)
    counts: Counter[str] = Counter(outcomes.values())
    filled = (number for number, row in enumerate(grid.rows) if any(cell is not None for cell in row))
    counts["unrecognised"] += sum(number not in outcomes for number in filled)
    return SheetLedger(name=grid.name, visible=grid.visible, physical=grid.physical_rows, **counts)


def all_faults(sheets: Iterable[SheetRows]) -> list[Fault]:
    """Return the faults of sheets in the order of their cells, each once: a merged cell stands for many rows."""
    ordered = (
        fault
        for sheet in sheets
        for fault in sorted(sheet.told_faults(), key=lambda fault: (fault.row or 0, fault.column or 0))
    )
    return list(dict.fromkeys(ordered))
