"""Days against the period that a sheet states: rows dated outside it, and workbooks filed after their deadline."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pandas as pd

from pipeline import periods
from pipeline.ingest.cells.columns import Words
from pipeline.ingest.checking.checks import has_no_year
from pipeline.ingest.checking.references import period_column
from pipeline.ingest.layouts.context import MAX_TITLE
from pipeline.ingest.layouts.findings import Place
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.layouts.yearcolumns import has_year_column
from pipeline.ingest.wordforms import compact

PERIODS_OF_A_KEY = ("month", "quarter", "year")  # columns of a key by which a table is a statement of its period
MAX_SINGLE = 3  # more rows, none of which lies inside, show that the period is wrongly stated: one fault says so


@dataclass(frozen=True)
class StatedPeriod:
    """What sheet name, title or file name say of a sheet's time; ``month`` (1 to 12) may stand without its year."""

    year: int | None
    month: int | None
    quarter: int | None

    def holds(self, value: date | pd.Period) -> bool:
        """Tell whether a day, month or quarter lies in what is stated; what nobody states holds everything."""
        if isinstance(value, pd.Period) and value.freqstr.startswith("Q"):
            return self.year in (None, value.year) and self.quarter in (None, value.quarter)
        return self.year in (None, value.year) and self.month in (None, value.month)

    @property
    def last_day(self) -> date | None:
        """Return the last day of the period; ``None`` without a year."""
        if self.year is None:
            return None
        month = self.month or (3 * self.quarter if self.quarter else 12)
        return pd.Period(year=self.year, month=month, freq="M").end_time.date()

    def __str__(self) -> str:
        part = f"{self.month:02d}" if self.month else f"Q{self.quarter}" if self.quarter else ""
        return "-".join(filter(None, (str(self.year or ""), part)))


def check_period(rows: SheetRows, words: Words, besides: Collection[int] = ()) -> None:
    """Note rows dated outside the month or year that their sheet, title or file states; they are used all the same. The
    positions ``besides`` are older for a reason that is known.

    Only the column that says when a row happened counts, not the day on which it was closed; or the heading above it,
    where there is no such column. A day or month whose year a column 年度 says is of that year, whatever the sheet is
    called. A sheet none of whose rows lies inside has its name or title wrong, and is told once.
    """
    name = period_column(rows.columns.values())
    if rows.sheet.kind.cadence == "once" or name is None or name not in rows.values:
        return
    stated = stated_period(rows, words)
    kept = [position for position in rows.kept() if position not in besides]
    values = rows.values[name]
    of_any_year = replace(stated, year=None)
    dated = {
        position
        for position in (kept if has_year_column(rows.sheet, words) else ())
        if name not in rows.places or has_no_year(rows.cell(name, position))
    }
    outside = [
        position
        for position in kept
        if isinstance(value := values[position], date | pd.Period)
        and not (of_any_year if position in dated else stated).holds(value)
    ]
    if len(outside) == len(kept) > MAX_SINGLE:
        outside = outside[:1]
    if name in rows.places:
        for position in outside:
            rows.fault("outside_period", name, position, str(stated))
    elif outside:
        first, *alike = outside  # a heading speaks for many rows
        rows.fault("outside_period", name, first, str(stated), str(values[first]), alike)


def check_lateness(rows: SheetRows, words: Words) -> None:
    """Note a filing date in a title or a footer that lies after the deadline of the sheet's period."""
    days = rows.sheet.kind.due_days
    last = _last_day(rows, words)
    if days is None or last is None:
        return
    deadline = last + timedelta(days=days)
    for place, filed in _filing_dates(rows, words["filed_on"]):
        if filed > deadline:
            rows.sheet_fault("late_report", filed.isoformat(), f"≤ {deadline.isoformat()}", place)
            return


def stated_period(rows: SheetRows, words: Words) -> StatedPeriod:
    """Return the period that a sheet states: the sheet name goes before the titles, these before the file name.

    A single day (截至2019年12月31日, 20190115) and the end of a span state no period, and a range (1-3月) no month.
    """
    names = rows.sheet.names
    titles = [title for title in rows.sheet.titles if len(title) <= MAX_TITLE]
    places = [
        [text for text in texts if periods.find_date(text) is None and not any(word in text for word in words["as_of"])]
        for texts in ([names.sheet], [_without_filing(title, words) for title in titles], [names.stem])
    ]
    year = _first(places, periods.find_year)
    month = _first(places, lambda text: getattr(periods.find_month(text, year or periods.ANY_YEAR), "month", None))
    quarter = None if month else _first(places, lambda text: _quarter(text, year))
    return StatedPeriod(year, month, quarter)


def _last_day(rows: SheetRows, words: Words) -> date | None:
    """Return the last day of the period that a workbook is about: stated, or for a statement its last row's."""
    stated = stated_period(rows, words)
    name = period_column(rows.columns.values())
    if stated.month or stated.quarter or name is None or name not in rows.places or not _is_statement(rows):
        return stated.last_day
    found = {value for position in rows.kept() if isinstance(value := rows.values[name][position], pd.Period)}
    return max((value.end_time.date() for value in found), default=stated.last_day)


def _is_statement(rows: SheetRows) -> bool:
    return any(column.required and column.dtype in PERIODS_OF_A_KEY for column in rows.columns.values())


def _quarter(text: str, year: int | None) -> int | None:
    found = periods.find_quarter(text, year or periods.ANY_YEAR)
    return None if found is None else int(found.quarter)


def _first(places: Iterable[Iterable[str]], find: Callable[[str], int | None]) -> int | None:
    """Return what the first place that says anything says; ``None`` where its texts disagree."""
    for texts in places:
        found = {value for text in texts if (value := find(text)) is not None}
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def _filing_dates(rows: SheetRows, labels: frozenset[str]) -> Iterator[tuple[Place, date]]:
    """Yield every filing date of a sheet with the cell that holds it: behind its label, or in the next filled cell."""
    grid = rows.sheet.grid
    for number, class_ in rows.classes.items():
        if class_ not in ("title", "note"):
            continue
        filled = [(column, cell) for column, cell in enumerate(grid.rows[number]) if cell is not None]
        for (column, cell), following in zip(filled, [*filled[1:], None], strict=True):
            behind = _behind_label(cell, labels)
            if behind is None:
                continue
            if found := _day(behind):
                yield (number, column), found
            elif not behind and following is not None and (found := _day(following[1])):
                yield (number, following[0]), found


def _behind_label(cell: object, labels: frozenset[str]) -> str | None:
    """Return what a text says behind a label of filing dates; ``None`` for a cell without one."""
    text = compact(cell) if isinstance(cell, str) else ""
    label = next((label for label in labels if label in text), None)
    return None if label is None else text.partition(label)[2].lstrip(":")


def _without_filing(title: str, words: Words) -> str:
    text = compact(title)
    label = next((label for label in words["filed_on"] if label in text), None)
    return text if label is None else text.partition(label)[0]


def _day(cell: object) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    return periods.find_date(cell) if isinstance(cell, str) else None
