"""Which rows a subtotal names: 专卖股小计 and 1月小计 at the end of a ledger sum rows that stand anywhere above."""

from collections.abc import Iterator
from datetime import date
from functools import cached_property

import pandas as pd

from pipeline import periods
from pipeline.ingest.cells.columns import Words
from pipeline.ingest.layouts.rows import cell_at
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.wordforms import brackets_of, compact, header_form

DATED = frozenset({"date", "month"})
NAMING = frozenset({"party_group", "member", "subject", "text"})


class NamedRows:
    """The rows of one sheet by what a total may be called after: read once, as a long ledger has hundreds of totals."""

    def __init__(self, result: SheetRows, words: Words) -> None:
        self._result = result
        self._totals = sorted(words["total"], key=len, reverse=True)
        self._found: dict[str, list[int]] = {}

    def name_of(self, row: int, label: str) -> str | None:
        """Return the group, person, text or month with rows of data that the total in ``row`` is called after."""
        return next((name for name in self._names(row, label) if self.rows_of(name)), None)

    def rows_of(self, name: str) -> list[int]:
        """Return the rows of a name, which may be none."""
        if name not in self._found:
            positions = self._of_month(name) or self._by_text.get(name, [])
            self._found[name] = list(dict.fromkeys(self._result.rows[position] for position in positions))
        return self._found[name]

    def _names(self, row: int, label: str) -> Iterator[str]:
        """Yield what a total is called after: 专卖股 of 专卖股小计 and of 小计(专卖股), and what stands beside 小计."""
        bare, columns = header_form(label).partition(":")[0], self._result.columns
        yield from (bare.removesuffix(word) for word in self._totals if bare.endswith(word) and bare != word)
        yield from brackets_of(label)
        for number, name in self._result.sheet.columns.items():
            cell = cell_at(self._result.sheet.grid, row, number)
            if name in columns and columns[name].dtype in NAMING | DATED and isinstance(cell, str):
                yield compact(cell)

    def _of_month(self, name: str) -> list[int]:
        """Return the positions dated in the month or quarter that a name is; of any year where it states none."""
        if not periods.is_period(name):
            return []
        year = periods.find_year(name)
        found = periods.find_month(name, periods.ANY_YEAR) or periods.find_quarter(name, periods.ANY_YEAR)
        if found is None:
            return []
        months = range(found.start_time.month, found.end_time.month + 1)
        return sorted(
            position
            for (of_year, month), positions in self._by_month.items()
            if month in months and year in (None, of_year)
            for position in positions
        )

    @cached_property
    def _by_text(self) -> dict[str, list[int]]:
        """The positions by every text of the columns that a total may be called after."""
        result = self._result
        columns = [column for column in result.places if result.columns[column].dtype in NAMING]
        found: dict[str, list[int]] = {}
        for position in range(len(result.rows)):
            cells = (result.cell(column, position) for column in columns)
            for name in dict.fromkeys(compact(cell) for cell in cells if isinstance(cell, str)):
                found.setdefault(name, []).append(position)
        return found

    @cached_property
    def _by_month(self) -> dict[tuple[int, int], list[int]]:
        """The positions by the year and month of their day."""
        columns = self._result.columns
        column = next((name for name, one in columns.items() if one.required and one.dtype in DATED), None)
        found: dict[tuple[int, int], list[int]] = {}
        for position, value in enumerate(self._result.values[column] if column is not None else ()):
            if isinstance(value, date | pd.Period):
                found.setdefault((value.year, value.month), []).append(position)
        return found
