"""Where the values of a table stand on its sheet, computed and not listed: a long table has millions of cells."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from operator import itemgetter
from typing import overload

from pipeline.ingest.files.grids import Cell, CellError, Grid
from pipeline.ingest.layouts.findings import Place


@dataclass(frozen=True)
class ColumnPlaces(Sequence[Place]):
    """Where the values of one column of a table stand: in the rows ``rows`` of the sheet's column ``number``.

    ``anchors`` maps rows that a merged range covers to the first row of the range.
    """

    rows: Sequence[int]
    number: int
    anchors: Mapping[int, int]

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, position: int) -> Place: ...

    @overload
    def __getitem__(self, position: slice) -> list[Place]: ...

    def __getitem__(self, position: int | slice) -> Place | list[Place]:
        if isinstance(position, slice):
            return [(self.anchors.get(row, row), self.number) for row in self.rows[position]]
        row = self.rows[position]
        return self.anchors.get(row, row), self.number

    def __iter__(self) -> Iterator[Place]:
        rows = (self.anchors.get(row, row) for row in self.rows) if self.anchors else self.rows
        return zip(rows, repeat(self.number), strict=False)

    def cells(self, grid: Grid) -> list[Cell | CellError]:
        """Return what stands there."""
        numbers = [self.anchors.get(row, row) for row in self.rows] if self.anchors else self.rows
        rows = [grid.rows[number] for number in numbers]
        try:
            return list(map(itemgetter(self.number), rows))
        except IndexError:  # a row that ends early
            return [cells[self.number] if self.number < len(cells) else None for cells in rows]
