"""What the headings within a table say of the rows below them: whose they are, and of which month or year."""

import re
from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import pandas as pd

from pipeline import periods
from pipeline.catalog import Column, Kind
from pipeline.ingest.cells.columns import Cells, ColumnFault, ColumnHints, ConvertedColumn, Words
from pipeline.ingest.cells.values import convert_column
from pipeline.ingest.files.grids import Cell, CellError, Row
from pipeline.ingest.layouts.context import GROUP, MAX_TITLE, find_context, finders, sheet_month_number, split_groups
from pipeline.ingest.layouts.findings import Recognised
from pipeline.ingest.layouts.headers import MONTH
from pipeline.ingest.layouts.rows import ClassifiedRows, cell_at
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.layouts.yearcolumns import years_beside
from pipeline.ingest.wordforms import brackets_of, compact, header_form

MAX_NAME = 12  # characters of a group with its number (一、营销管理党小组); a longer text is a sentence
_NUMBERING = r"第?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)、.]*"
_NUMBERED = re.compile(r"^第?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)、.]+")
_PUNCTUATION = r"[、,.:;\s—–~-]"
_COUNT = r"共?\d+[人名条项件个次户]"
_LABELLED = r"(?:组长|负责人|单位):?[^:]{1,4}"  # at the end of a heading: 组长：张三, 单位：箱
YEARLESS = frozenset({"date", "month"})  # dtypes whose cells may lack their year: 1.8, 2月


class TimeBelow(NamedTuple):
    """What holds from the row of data at ``start`` on: a year in place of the sheet's, and the month of days alone.

    ``year_above`` is the year that a column of years says above its empty cells, of which nobody knows whether they
    mean it or that of the sheet.
    """

    start: int
    year: int | None
    month: int | None
    year_above: int | None = None

    def year_of(self, sheet_year: int | None) -> int | None:
        """Return the year of bare days and months; ``None`` where it cannot be known."""
        return self.year or (sheet_year if self.year_above in (None, sheet_year) else None)


@dataclass(frozen=True)
class _Speech:
    """Tells a heading that is nothing but a group or a time from one that only mentions it."""

    group_names: Mapping[str, str]
    words: Words
    kind: Kind

    def find(self, column: str, text: str, year: int | None = None) -> object | None:
        """Return what a heading names, or mentions, of a column."""
        find = finders(year, self.group_names).get(column)
        return None if find is None else find(text)

    def says(self, column: str, text: str) -> bool:
        """Tell whether a heading that names a value of a column holds nothing else: 一、营销管理党小组（5人）, 2月份.

        What stands in brackets beside the value is an aside; 与专卖综合联合开展 and 1月份问题的整改 only mention it.
        """
        asides = [aside for aside in brackets_of(text) if self.find(column, aside, periods.ANY_YEAR) is not None]
        return all(self._is_bare(part) for part in (header_form(text), *asides))

    def ends(self, column: str, text: str) -> bool:
        """Tell whether a heading without a value for a column says that none before it holds: several months (1-10月),
        a unit that is no group (物流股), the whole branch, two groups at once, or 其他.
        """
        if column == MONTH:
            return periods.speaks_of_months(text)
        form = _NUMBERED.sub("", header_form(text))
        branch = [word for word in self.words["whole_branch"] if form.startswith(word)]
        is_of_all = any(self._is_bare(form.removeprefix(word)) for word in branch)
        is_other = is_of_all or form in self.words["heading_rest"]
        is_several = len(split_groups(text, self.group_names)[0]) > 1
        return column == GROUP and (is_other or is_several or form.endswith(tuple(self.words["unit_ending"])))

    def _is_bare(self, text: str) -> bool:
        _, rest = split_groups(periods.without_periods(text), self.group_names)
        known = {*self.words["heading_word"], *self.words["unit_ending"], *self.kind.name_words}
        words = "|".join(map(re.escape, sorted(known)))
        return re.fullmatch(rf"(?:{_NUMBERING})?(?:{words}|{_PUNCTUATION}|{_COUNT})*(?:{_LABELLED})?", rest) is not None


def without_empty_columns(
    sheet: Recognised, classified: ClassifiedRows, group_names: Mapping[str, str], words: Words
) -> Recognised:
    """Return a sheet without its columns that hold nothing in any row while headings or the surroundings name what
    belongs there: a 党小组 that nobody filled in, below 一、营销管理党小组.
    """
    first = min(sheet.columns, default=-1)
    rows = [row for row in classified.of("data") if not _lone_text(sheet.grid.rows[row], first)]
    empty = words["empty"]
    unfilled = {
        name: number
        for number, name in sheet.columns.items()
        if name in sheet.kind.context
        and rows
        and all(_is_nothing(cell_at(sheet.grid, row, number), empty) for row in rows)
    }
    if not unfilled:
        return sheet
    rest = replace(sheet, columns={n: name for n, name in sheet.columns.items() if name not in unfilled})
    headings = with_group_headings(rest, classified, group_names, words).headings
    speech, context = _Speech(group_names, words, sheet.kind), find_context(sheet, group_names)
    year = context.year or periods.ANY_YEAR
    said = {
        name
        for name in unfilled
        if name in context.values
        or any(speech.find(name, text, year) is not None and speech.says(name, text) for text in headings.values())
    }
    return replace(sheet, columns={n: name for n, name in sheet.columns.items() if name not in said})


def _is_nothing(cell: Cell | CellError, empty: frozenset[str]) -> bool:
    return cell is None or (isinstance(cell, str) and compact(cell) in empty)


def with_group_headings(
    sheet: Recognised, classified: ClassifiedRows, group_names: Mapping[str, str], words: Words
) -> ClassifiedRows:
    """Return the rows of a table without a column of groups, those as headings that hold nothing but a group's name; or
    nothing but what ends the rows of one, where there is any.
    """
    if GROUP not in sheet.kind.context or GROUP in sheet.columns.values():
        return classified
    speech = _Speech(group_names, words, sheet.kind)
    first = min(sheet.columns, default=-1)
    lone = {row: _lone_text(sheet.grid.rows[row], first) for row in classified.of("data")}
    found = {
        row: text
        for row, text in lone.items()
        if text and speech.find(GROUP, text) is not None and speech.says(GROUP, text)
    }
    if found or classified.headings:
        found |= {row: text for row, text in lone.items() if text and speech.ends(GROUP, text)}
    headings = dict(sorted({**classified.headings, **found}.items()))
    return replace(classified, classes={**classified.classes, **dict.fromkeys(found, "title")}, headings=headings)


def _lone_text(row: Row, last: int) -> str:
    """Return a short text that stands alone in its row, in column ``last`` or before; "" for any other row."""
    if any(cell is not None for cell in row[last + 1 :]):
        return ""
    filled = [cell for cell in row[: last + 1] if cell is not None]
    is_lone = len(filled) == 1 and isinstance(filled[0], str)
    return text if is_lone and len(text := header_form(str(filled[0]))) <= MAX_NAME else ""


def fill_from_headings(
    result: SheetRows, headings: Mapping[int, str], group_names: Mapping[str, str], words: Words
) -> None:
    """Give every row the group, month or quarter of the nearest heading above it, where the sheet has no such column.

    ``headings``: row of the sheet -> text. Only one that is nothing but a value gives it. What the surroundings say of
    the whole sheet holds for the rows above the first such heading. Rows that neither gives a value lack it, which is
    told.
    """
    speech = _Speech(group_names, words, result.sheet.kind)
    spoken = _spoken(headings, words)
    years = _years(spoken, speech)
    for name in result.sheet.kind.context:
        if name in result.values or not result.rows:
            continue
        found: dict[int, object] = {}
        held = whole = result.context.values.get(name)
        for row, text in spoken.items():
            value = speech.find(name, text, years[row] or result.context.year)
            if value is not None and speech.says(name, text):
                found[row] = held = value
            elif speech.ends(name, text) if value is None else held not in (whole, value):
                found[row] = held = None  # what held before ends; a mention is no more than a doubt about it
        if any(value is not None for value in found.values()) or (found and name == MONTH):
            _fill(result, name, found)


def _fill(result: SheetRows, name: str, found: Mapping[int, object]) -> None:
    """Fill a column from its headings; those that say no single value of it are ``None``."""
    starts = sorted(found)
    values = [result.context.values.get(name), *(found[row] for row in starts)]
    result.values[name] = [values[bisect(starts, row)] for row in result.rows]
    for position, value in enumerate(result.values[name]):
        if value is None and result.columns[name].required:
            result.fault("missing_value", name, position)
            result.rejected.add(position)


def convert_below_headings(
    cells: Cells,
    column: Column,
    hints: ColumnHints,
    words: Words,
    factor: float,
    starts: Sequence[TimeBelow],
) -> ConvertedColumn:
    """Return the values of a column whose bare days and months take their year and month from the heading above them.

    ``starts`` are those of `times_below`.
    """
    if not starts or column.dtype not in YEARLESS:
        return convert_column(cells, column, hints, words, factor)
    result = ConvertedColumn([])
    edges = [TimeBelow(0, None, hints.default_month), *starts, TimeBelow(len(cells), None, None)]
    for time, following in pairwise(edges):
        first, stop = time.start, following.start
        own = replace(hints, default_year=time.year_of(hints.default_year), default_month=time.month)
        part = convert_column(cells[first:stop], column, own, words, factor)
        result.values += part.values
        result.faults += [ColumnFault(first + fault.position, *fault[1:]) for fault in part.faults]
    return result


def times_below(
    sheet: Recognised,
    rows: Sequence[int],
    headings: Mapping[int, str],
    group_names: Mapping[str, str],
    words: Words,
) -> list[TimeBelow]:
    """Return what every heading from the first one on says of bare days and months below it, where any is nothing but a
    year (一、2018年结转) or a month (一月); where a column says the year of each row, what that says.
    """
    if beside := _times_beside(sheet, rows, words):
        return beside
    spoken, speech = _spoken(headings, words), _Speech(group_names, words, sheet.kind)
    years, months = _years(spoken, speech), _months(spoken, speech, sheet)
    if not any(years.values()) and len({sheet_month_number(sheet), *months.values()}) == 1:
        return []
    return [TimeBelow(bisect(rows, row), year, months[row]) for row, year in years.items()]


def _months(spoken: Mapping[int, str], speech: _Speech, sheet: Recognised) -> dict[int, int | None]:
    """Return the number of the month that holds below each heading; several months, or the mention of one, end it."""
    months, held = {}, sheet_month_number(sheet)
    for row, text in spoken.items():
        month = speech.find(MONTH, text, periods.ANY_YEAR)
        if isinstance(month, pd.Period) and speech.says(MONTH, text):
            held = month.month
        elif month is not None or speech.ends(MONTH, text):
            held = None
        months[row] = held
    return months


def _times_beside(sheet: Recognised, rows: Sequence[int], words: Words) -> list[TimeBelow]:
    """Return where a column 年度 that nobody reads begins to say another year."""
    said = years_beside(sheet, rows, words)
    begins = [at for at, year in enumerate(said) if not at or said[at - 1] != year]
    month, found, last = sheet_month_number(sheet), list[TimeBelow](), None
    for at in begins:
        found.append(TimeBelow(at, said[at], month, None if said[at] else last))
        last = said[at] or last
    return found


def _years(spoken: Mapping[int, str], speech: _Speech) -> dict[int, int | None]:
    """Return the year that holds below each heading. One without a year ends it (二、本年新立), unless it is nothing
    but a month or a quarter of it. January behind December is of the next year, December behind January of the last.
    """
    years, held, before = {}, None, 0
    for row, text in spoken.items():
        year, month = speech.find("year", text), speech.find("month", text, periods.ANY_YEAR)
        is_part = year is None and (month or speech.find("quarter", text, periods.ANY_YEAR)) is not None
        number = month.month if isinstance(month, pd.Period) and speech.says("month", text) else 0
        if not (is_part and speech.says("month", text)):
            held = year if isinstance(year, int) and speech.says("year", text) else None
        elif held is not None:
            held += {(12, 1): 1, (1, 12): -1}.get((before, number), 0)
        years[row], before = held, number
    return years


def _spoken(headings: Mapping[int, str], words: Words) -> dict[int, str]:
    """Return the headings that may speak of the rows below: none of those above (以上为1月), of a day or an essay."""
    above = tuple(words["rows_above"])
    return {
        row: text
        for row, text in headings.items()
        if len(text) <= MAX_TITLE and not text.lstrip("(").startswith(above) and not periods.names_day(text)
    }
