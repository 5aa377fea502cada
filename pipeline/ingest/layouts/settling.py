"""What a whole sheet says of its rows: which of two columns is of their month; once its cells are read, their month and
group, and what contradicts.
"""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from pipeline import periods
from pipeline.ingest.cells.columns import Value
from pipeline.ingest.layouts.context import (
    GROUP,
    MAX_TITLE,
    OF_UNITS,
    find_sheet_month,
    finders,
    title_of_several_months,
)
from pipeline.ingest.layouts.findings import Finding, Recognised
from pipeline.ingest.layouts.headers import MONTH, NUMBER_DTYPES
from pipeline.ingest.layouts.plannedrows import CODE as PLANNED
from pipeline.ingest.layouts.reasons import RowReason
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.layouts.unused import filled_cells_of, unread_columns
from pipeline.ingest.layouts.yearcolumns import NO_YEAR, years_beside
from pipeline.ingest.vocabulary import Vocabulary
from pipeline.ingest.wordforms import compact

QUARTER = "quarter"
A_DAY = "2019-01-05"  # an example
BAD_MONTH = "bad_month"


def fill_from_context(result: SheetRows, vocabulary: Vocabulary) -> None:
    """Fill the columns that the sheet does not hold: from its surroundings where they speak, else missing."""
    sheet, count = result.sheet, len(result.rows)
    for name, column in vocabulary.columns_of(result.sheet.kind).items():
        if name in result.values:
            continue
        value: Value = result.context.values.get(name) or _word_around(result, name, vocabulary)
        result.values[name] = _of_their_years(result, value, vocabulary) if name == MONTH else [value] * count
        spoken = title_of_several_months(sheet, result.columns.values(), vocabulary.words) if name == "month" else ""
        if (
            (value is not None and not spoken)
            or not column.required
            or name in sheet.lacking
            or any(name == doubled for doubled, _ in result.sheet.doubled)
        ):
            continue
        if not result.rows:
            continue  # nobody filled it in yet
        said = result.context.conflicts.get(name)
        if value is not None:
            result.sheet_fault("context_conflict", f"{spoken} ≠ {value}", about=(column,))
        elif name == MONTH and (sums := _title_of_sums(sheet)):
            result.sheet_fault("only_to_date", sums, about=(column,))
        elif said:
            seen = " ≠ ".join(str(value) for _, value in said)
            result.sheet_fault("context_conflict", seen, about=(column,))
        elif name == GROUP and sheet.kind.kind in OF_UNITS:  # no title would do
            header = sheet.header
            seen = ", ".join(header.label(number) for number, _ in header.named)
            result.sheet_fault("missing_column", seen, place=(header.bottom, header.named[0][0]), about=(column,))
        elif bare := _text_without_year(sheet, name):
            result.sheet_fault("context_without_year", bare, about=(column,))
        else:
            details = (("example", A_DAY),) if column.dtype == "date" else ()
            result.sheet_fault("context_missing", result.sheet.names.sheet, about=(column,), details=details)
        result.reject_all()


def _text_without_year(sheet: Recognised, name: str) -> str:
    """Return the name or the title that speaks of a month or a quarter and leaves out its year; "" where none does."""
    if name not in (MONTH, QUARTER):
        return ""
    find = finders(periods.ANY_YEAR, {})[name]
    texts = (sheet.names.sheet, *sheet.titles, *sheet.outer_titles, sheet.names.stem)
    return next((text for text in texts if len(text) <= MAX_TITLE and find(text) is not None), "")


def _word_around(result: SheetRows, name: str, vocabulary: Vocabulary) -> str | None:
    """Return the one known word that the name of the sheet, a title or the name of the file holds in place of a column:
    主题党日活动台账. Where a column that nobody reads holds such words, it says what each row is.
    """
    spellings = vocabulary.catalog.wordings_of(result.sheet.kind.table).get(name, {})
    if name not in result.sheet.kind.context or not spellings:
        return None
    known = {compact(spelling): word for spelling, word in spellings.items()}
    for number in unread_columns(result, vocabulary):
        if any(isinstance(cell, str) and compact(cell) in known for cell in filled_cells_of(result, number)):
            return None
    sheet = result.sheet
    for texts in ((sheet.names.sheet,), sheet.titles or sheet.outer_titles, (sheet.names.stem,)):
        said = {word for text in texts if len(text) <= MAX_TITLE for word in _words_in(compact(text), known)}
        if said:
            return said.pop() if len(said) == 1 else None
    return None


def _words_in(text: str, known: Mapping[str, str]) -> list[str]:
    """Return the known words that a text holds; one within a longer one is not meant."""
    found = []
    for spelling in sorted(known, key=len, reverse=True):
        if spelling in text:
            found.append(known[spelling])
            text = text.replace(spelling, " ")
    return found


def _title_of_sums(sheet: Recognised) -> str:
    """Return the name or the title of a sheet that speaks of several months (2019年1-3月); "" where none does."""
    texts = (sheet.names.sheet, *sheet.titles, *sheet.outer_titles, sheet.names.stem)
    return next((text for text in texts if len(text) <= MAX_TITLE and periods.speaks_of_months(text)), "")


def _of_their_years(result: SheetRows, month: Value, vocabulary: Vocabulary) -> list[Value]:
    """Return the month of a sheet for each row; where a column says another year of a row, it is that year's. A row
    without a year below another one than the sheet's is of no year that anybody knows, and is turned down.
    """
    years = years_beside(result.sheet, result.rows, vocabulary.words)
    if not years or not isinstance(month, pd.Period):
        return [month] * len(result.rows)
    values, last = list[Value](), month.year
    for position, year in enumerate(years):
        last = year or last
        if year is None and last != month.year:
            values.append(None)
            result.fault(BAD_MONTH, MONTH, position, seen=f"{NO_YEAR}{month.month}月")
            result.rejected.add(position)
        else:
            values.append(pd.Period(year=last, month=month.month, freq="M"))
    return values


def leave_out_other_months(result: SheetRows) -> None:
    """Leave out, and tell, a column whose header names another month than that of its rows, or the last of another
    year so far: 9月销量 and 1-9月累计 in October. Where no row can do without it, none is used.
    """
    named = {
        number: label
        for number, name in result.sheet.columns.items()
        if name in result.columns
        and result.columns[name].dtype in NUMBER_DTYPES
        and _month_of(label := result.sheet.header.label(number), periods.ANY_YEAR) is not None
    }
    months = {value for value in result.values.get(MONTH, ()) if isinstance(value, pd.Period)} if named else set()
    for number, label in named.items():
        if all(_month_of(label, month.year) == month for month in months):
            continue
        name, place = result.sheet.columns[number], (result.sheet.header.bottom, number)
        column = result.columns[name]
        if column.required:
            seen = " ≠ ".join((label, *sorted(map(str, months))[:1]))
            result.sheet_fault("context_conflict", seen, place=place, about=(result.columns[MONTH],))
            result.reject_all()
            return
        result.values[name] = [None] * len(result.rows)
        result.sheet_fault("unused_column", label, column.label_zh, place, (column,))


def with_columns_of_own_month(sheet: Finding) -> Finding:
    """Return a sheet whose headers of several months claim one column (9月销量, 10月销量) with the one of its month."""
    if not isinstance(sheet, Recognised) or not sheet.doubled:
        return sheet
    month = find_sheet_month(sheet)
    if not isinstance(month, pd.Period):
        return sheet
    columns, doubled = dict(sheet.columns), []
    for name, numbers in sheet.doubled:
        months = {number: _month_of(sheet.header.label(number), month.year) for number in numbers}
        own = [number for number in numbers if months[number] == month]
        if len(own) == 1 and None not in months.values():
            columns[own[0]] = name
        else:
            doubled.append((name, numbers))
    return replace(sheet, columns=columns, doubled=tuple(doubled))


def _month_of(label: str, year: int) -> pd.Period | None:
    """Return the month that a header names, the last one of a year so far; one without a year is of ``year``."""
    to_date = periods.find_to_date(label)
    return periods.find_month(to_date[0] if to_date else label, year)


def note_other_year(result: SheetRows) -> None:
    """Note a sheet whose name or title gives its months another year than the file's name: one of them is old."""
    sheet, year = result.sheet, result.context.year
    of_file = periods.find_year(sheet.names.stem)
    is_dated = sheet.kind.cadence != "once" and bool(result.rows)
    conflicts = [  # titles that name two groups above a column of groups leave nothing open
        name
        for name, said in result.context.conflicts.items()
        if name not in result.places or any(where != "title" for where, _ in said)
    ]
    if is_dated and None not in (year, of_file) and year != of_file and not conflicts:
        result.sheet_fault("year_conflict", f"{year} ≠ {of_file}")


def note_planned(result: SheetRows, reasons: Mapping[int, RowReason]) -> None:
    """Tell once, at its first row, what a heading, a title or the name of the sheet announces and that is no record."""
    announced: dict[RowReason, list[int]] = {}
    for row, reason in reasons.items():
        if reason.code == PLANNED:
            announced.setdefault(reason, []).append(row)
    for reason, rows in announced.items():
        column = next(number for number, cell in enumerate(result.sheet.grid.rows[rows[0]]) if cell is not None)
        details = (("first", str(rows[0] + 1)), ("last", str(rows[-1] + 1)), ("count", str(len(rows))))
        result.sheet_fault("planned_rows", reason.word, place=(rows[0], column), details=details)
