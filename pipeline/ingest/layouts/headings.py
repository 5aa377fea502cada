"""What the headings within a table say of the rows below them: whose they are, and of which month or year."""

import re
from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline import periods
from pipeline.catalog import Column
from pipeline.ingest.cells.columns import Cells, ColumnFault, ColumnHints, ConvertedColumn, Words
from pipeline.ingest.cells.values import convert_column
from pipeline.ingest.files.grids import Row
from pipeline.ingest.layouts.context import GROUP, MAX_TITLE, find_group, finders
from pipeline.ingest.layouts.findings import Recognised
from pipeline.ingest.layouts.headers import MONTH
from pipeline.ingest.layouts.rows import ClassifiedRows
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.wordforms import header_form

MAX_NAME = 12  # characters of a group with its number (一、营销管理党小组); a longer text is a sentence
_YEAR_FIRST = re.compile(r"(?:\(?(?:[一二三四五六七八九十]{1,2}|\d)[)、.]+)?\(?(?:19|20)\d{2}年")
YEARLESS = frozenset({"date", "month"})  # dtypes whose cells may lack their year: 1.8, 2月


def with_group_headings(
    sheet: Recognised, classified: ClassifiedRows, group_names: Mapping[str, str]
) -> ClassifiedRows:
    """Return the rows of a table without a column of groups, those as headings that hold nothing but a group's name."""
    if GROUP not in sheet.kind.context or GROUP in sheet.columns.values():
        return classified
    first = min(sheet.columns, default=-1)
    lone = {row: _lone_text(sheet.grid.rows[row], first) for row in classified.of("data")}
    found = {row: text for row, text in lone.items() if text and find_group(text, group_names) is not None}
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

    ``headings``: row of the sheet -> text. What the surroundings say of the whole sheet holds for the rows above the
    first heading. Rows that neither gives a value lack it, which is told.
    """
    spoken = _spoken(headings, words)
    for name in result.sheet.kind.context:
        if name in result.values or not result.rows:
            continue
        found = {}
        for row, text in spoken.items():
            year = periods.find_year(text) or result.context.year
            value = finders(year, group_names)[name](text)
            if value is not None or _says_other(name, text, words):
                found[row] = value
        if any(value is not None for value in found.values()) or (found and name == MONTH):
            _fill(result, name, found)


def _says_other(name: str, text: str, words: Words) -> bool:
    """Tell whether a heading without a value for a column says that none before it holds: a unit that is no group
    (物流股), or several months (1-10月).
    """
    if name == MONTH:
        return periods.speaks_of_months(text)
    return name == GROUP and header_form(text).endswith(tuple(words["unit_ending"]))


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
    starts: Sequence[tuple[int, int]],
) -> ConvertedColumn:
    """Return the values of a column whose bare days and months take their year from the heading above them.

    ``starts`` are those of `years_below`.
    """
    if not starts or column.dtype not in YEARLESS:
        return convert_column(cells, column, hints, words, factor)
    result = ConvertedColumn([])
    edges = [(0, hints.default_year), *starts, (len(cells), None)]
    for (first, year), (stop, _) in pairwise(edges):
        part = convert_column(cells[first:stop], column, replace(hints, default_year=year), words, factor)
        result.values += part.values
        result.faults += [ColumnFault(first + fault.position, *fault[1:]) for fault in part.faults]
    return result


def years_below(rows: Sequence[int], headings: Mapping[int, str], words: Words) -> list[tuple[int, int]]:
    """Return (position of the first row below it, year) of every heading that begins with a year: 一、2018年结转."""
    spoken = sorted(_spoken(headings, words).items())
    named = ((row, periods.find_year(text)) for row, text in spoken if _YEAR_FIRST.match(text))
    return [(bisect(rows, row), year) for row, year in named if year is not None]


def _spoken(headings: Mapping[int, str], words: Words) -> dict[int, str]:
    """Return the headings that may speak of the rows below: none of those above (以上为1月), of a day or an essay."""
    above = tuple(words["rows_above"])
    return {
        row: text
        for row, text in headings.items()
        if len(text) <= MAX_TITLE and not text.lstrip("(").startswith(above) and not periods.names_day(text)
    }
