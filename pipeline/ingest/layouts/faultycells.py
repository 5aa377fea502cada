"""The cells of a table that are faulty, all of them remembered and few of them told: a flood of faults has one cause.

The first `MAX_TOLD` faults of one code in one column are told one by one. Of the others the positions are kept, one
byte a row, so that every check still knows each of them; the first of them is told for all, and says how many they are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress, count

from pipeline.ingest.faults import Fault, MoreFaults
from pipeline.ingest.layouts.findings import Place

MAX_TOLD = 200  # faults of one code in one column; whoever has to mend more does not go from cell to cell

Spot = tuple[str, str]  # the code of a fault and the column of the dictionary that it stands in


@dataclass
class FaultyCells:
    """The faults of one code in one column: ``flags[i]`` is 1 where position i has one; ``told`` cells are told."""

    flags: bytearray
    told: int = 0
    last: tuple[int, int | None] | None = None

    @property
    def is_flood(self) -> bool:
        """Tell whether one of the told faults stands for the rest: the first beyond `MAX_TOLD`."""
        return self.told > MAX_TOLD

    def clear(self) -> None:
        """Take all faults back."""
        self.flags, self.told, self.last = bytearray(len(self.flags)), 0, None

    def tell(self, place: tuple[int, int | None]) -> None:
        """Count one more told cell; positions that share a merged cell have one fault together."""
        if place != self.last:
            self.told += 1
            self.last = place


class FaultRegister(dict[Spot, FaultyCells]):
    """The faulty cells of one table, by code and column."""

    def note(self, spot: Spot, position: int, height: int) -> FaultyCells:
        """Remember a fault, and return all of its sort; ``height`` is the number of the table's positions."""
        cells = self.get(spot)
        if cells is None:
            cells = self[spot] = FaultyCells(bytearray(height))
        cells.flags[position] = 1
        return cells

    def of_code(self, code: str) -> set[int]:
        """Return the positions with a fault of a code in any column."""
        return _positions(cells for (found, _), cells in self.items() if found == code)

    def of_column(self, name: str) -> set[int]:
        """Return the positions with a fault of any code in a column."""
        return _positions(cells for (_, found), cells in self.items() if found == name)

    def at(self, position: int) -> list[Spot]:
        """Return what is wrong at one position."""
        return [spot for spot, cells in self.items() if cells.flags[position]]

    def forget(self, position: int) -> None:
        """Take the faults of one position back."""
        for cells in self.values():
            cells.flags[position] = 0


def _positions(found: Iterable[FaultyCells]) -> set[int]:
    return {position for cells in found for position in compress(count(), cells.flags)}


def with_rest(
    faults: Sequence[Fault], register: FaultRegister, rows: Sequence[int], places: Mapping[str, Sequence[Place]]
) -> list[Fault]:
    """Return the told faults of a table; where one of them stands for more, it says for how many and in which rows.

    ``rows`` and ``places`` are those of `SheetRows`: the row, and by column the cell, behind each position.
    """
    told: dict[Spot, list[int]] = {}
    for number, fault in enumerate(faults):
        if fault.row is not None and len(fault.about) == 1:
            told.setdefault((fault.code, fault.about[0].column), []).append(number)
    complete = list(faults)
    for spot, cells in register.items():
        if not cells.is_flood or spot not in told:
            continue
        where = places[spot[1]] if spot[1] in places else [(row, None) for row in rows]
        numbers = told[spot]
        rest = set(compress(where, cells.flags)) - {(faults[number].row, faults[number].column) for number in numbers}
        if rest:
            of_rows = [row for row, _ in rest]
            more = MoreFaults(len(rest), min(of_rows), max(of_rows))
            complete[numbers[-1]] = replace(faults[numbers[-1]], more=more)
    return complete
