"""Columns that a sheet fills and nobody reads, although one that its kind knows is lacking."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice

from pipeline import periods
from pipeline.catalog import Catalog, Column, Kind
from pipeline.ingest.cells.columns import Cells, ColumnHints
from pipeline.ingest.cells.values import convert_column
from pipeline.ingest.files.grids import Cell, CellError
from pipeline.ingest.layouts.matching import match_columns
from pipeline.ingest.layouts.rows import cell_at
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.layouts.units import is_unit
from pipeline.ingest.vocabulary import DROP, LEVEL, Vocabulary
from pipeline.ingest.wordforms import brackets_of, compact

MIN_SIMILARITY = 0.8  # 应到会数 is 应到人数 or another; 立案日期 and 结案日期 (0.75) are two things
MAX_CANDIDATES = 3  # unread columns that are named: of more, most are anything but the lacking one
MAX_LOOKED_AT = 200  # filled cells of a column, of a hundred thousand
ASIDES = ("sequence", "aside", "derived")  # classes of headers that never are a column of the dictionary
_HELD_AGAINST = re.compile(r"([a-z_]+)(?:<=|>)")  # a day and its term: closed_on<=due_on
_NAME = re.compile(r"[a-z_][a-z0-9_]*")  # a column in an expression of measures.csv: expected-excused_count


def note_unused(result: SheetRows, vocabulary: Vocabulary) -> None:
    """Note every filled column that nobody reads and that may be one which the sheet lacks; it is not guessed.

    It may be one by its header, which nearly is known; where the sheet lacks a column that points or metrics are made
    of, it may be that one by what it holds, whatever it is called. Where too many may be it, their names say nothing,
    and the lacking column alone is told; a day of closing is told later, by what its lack does to the rows.
    """
    sheet = result.sheet
    free = unread_columns(result, vocabulary)
    if not free:
        return
    for number, column in _second_columns(result, free, vocabulary).items():
        del free[number]
        _tell_second(result, number, column, vocabulary)
    held = {DROP, *sheet.found, *sheet.columns.values(), *(name for name, _ in sheet.doubled)}
    wanted = {form: name for form, name in vocabulary.forms[sheet.kind.kind].items() if name not in held}
    near = {number: found for number, path in free.items() if (found := _nearly(path, wanted))}
    for number, form in near.items():
        _tell(result, [number], form, result.columns[wanted[form]])
    others = {number: path for number, path in free.items() if number not in near}
    lacking = [result.columns[name] for name in feeding_columns(sheet.kind, vocabulary) if name not in held]
    unnamed, closing = [], closing_days(sheet.kind.table, vocabulary.catalog)
    for column, numbers in _may_be(result, others, lacking, vocabulary):
        if len(numbers) <= MAX_CANDIDATES:
            _tell(result, numbers, column.label_zh, column)
        elif column.column not in closing:
            unnamed.append(column)
    if unnamed:
        labels = " / ".join(column.label_zh for column in unnamed)
        result.sheet_fault("lacking_column", sheet.names.sheet, labels, about=tuple(unnamed))


def _nearly(path: str, wanted: Mapping[str, str]) -> str | None:
    """Return the header of a lacking column that a header is nearly written like.

    One whose last level is just such a header was turned down for what stands above it or in its brackets: 同期 below
    销售额 is no 同期 of the volume.
    """
    endings = (path, path.rpartition(LEVEL)[2])
    if endings[1] in wanted:
        return None
    return next((found[0] for form in endings if (found := get_close_matches(form, wanted, 1, MIN_SIMILARITY))), None)


def _second_columns(result: SheetRows, free: Iterable[int], vocabulary: Vocabulary) -> dict[int, Column]:
    """Return number -> column of the filled columns whose header is another name of one that is read: 主题 is, and
    活动内容 stands beside it.
    """
    sheet = result.sheet
    matches = match_columns(sheet.header, vocabulary).get(sheet.kind.kind, {})
    read = set(sheet.columns.values()) - {DROP}
    return {
        number: result.columns[matches[number][0]]
        for number in free
        if number in matches and matches[number][0] in read
    }


def _tell_second(result: SheetRows, number: int, column: Column, vocabulary: Vocabulary) -> None:
    """Note what such a column holds where the one that is read is empty."""
    grid, header = result.sheet.grid, result.sheet.header
    own = next(place for place, name in result.sheet.columns.items() if name == column.column)
    empties = {None, *vocabulary.words["empty"]}
    rows = [row for row in result.rows if cell_at(grid, row, own) in empties]
    lost = [row for row in rows if cell_at(grid, row, number) not in empties]
    if lost:
        place = (lost[0], number)
        result.sheet_fault("second_column", header.label(number), header.label(own), place, (column,))


def _tell(result: SheetRows, numbers: Sequence[int], expected: str, about: Column) -> None:
    header = result.sheet.header
    seen = " / ".join(header.label(number) for number in numbers)
    result.sheet_fault("unused_column", seen, expected, (header.bottom, numbers[0]), (about,))


def unread_columns(result: SheetRows, vocabulary: Vocabulary) -> dict[int, str]:
    """Return number -> path of the columns that have a header, hold something in a row of data and are not read."""
    sheet = result.sheet
    several = (*sheet.doubled, *sheet.seconds)
    claimed = {*sheet.columns, *(number for _, numbers in several for number in numbers)}
    said = vocabulary.words["sequence"] | vocabulary.words["year_column"]  # a year says which month its row means
    free = [(number, path) for number, path in sheet.header.named if number not in claimed and path not in said]
    return {
        number: path
        for number, path in free
        if any(cell_at(sheet.grid, row, number) is not None for row in result.rows)
    }


@lru_cache
def feeding_columns(kind: Kind, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the optional columns of a kind that a measure or the closing of a matter is made of, by its headers."""
    optional = vocabulary.named_columns[kind.kind] - vocabulary.required(kind) - set(kind.context)
    feeding = measured_columns(kind.table, vocabulary.catalog) | closing_days(kind.table, vocabulary.catalog)
    return tuple(name for name in vocabulary.columns_of(kind) if name in optional & feeding)


def measured_columns(table: str, catalog: Catalog) -> set[str]:
    """Return the columns of a table that some measure is made of."""
    measures = [measure for measure in catalog.measures.values() if measure.table == table]
    texts = (text for one in measures for text in (one.period, one.value, one.base, one.filter))
    return {name for text in texts for name in _NAME.findall(text)}


def closing_days(table: str, catalog: Catalog) -> set[str]:
    """Return the columns of a table that say when a matter was closed: that of a ledger of work, and what a measure
    holds against a term (cases are no such ledger).
    """
    filters = (measure.filter for measure in catalog.measures.values() if measure.table == table)
    held = {name for text in filters for name in _HELD_AGAINST.findall(text)}
    return held | {matter.closed for matter in catalog.matters.values() if matter.table == table and matter.closed}


def _may_be(
    result: SheetRows, free: Mapping[int, str], lacking: Sequence[Column], vocabulary: Vocabulary
) -> Iterator[tuple[Column, list[int]]]:
    """Yield the lacking columns, each with the unread ones whose values it may hold, where there are any.

    Where no column holds days, each of texts may be the lacking one of days: 已落实 in place of the day is no day.
    """
    aside = frozenset().union(*(vocabulary.words[name] for name in ASIDES))
    candidates = {number: path for number, path in free.items() if path.rpartition(LEVEL)[2] not in aside}
    for column in lacking:
        fitting = [number for number, path in candidates.items() if _fits(result, number, path, column, vocabulary)]
        if not fitting and column.dtype == "date":
            fitting = [number for number in candidates if _holds_text(result, number, vocabulary)]
        if fitting:
            yield column, fitting


def filled_cells_of(result: SheetRows, number: int) -> list[Cell | CellError]:
    """Return the first filled cells of a column, enough to tell what it holds."""
    cells = (cell_at(result.sheet.grid, row, number) for row in result.rows)
    return list(islice((cell for cell in cells if cell is not None), MAX_LOOKED_AT))


def _stated_units(result: SheetRows, number: int, vocabulary: Vocabulary) -> list[str]:
    """Return the units in the brackets of a header: 净化率(%), 真烟(条), 走访(户次)."""
    brackets = [bracket for label in result.sheet.header.labels[number] for bracket in brackets_of(label)]
    counted = vocabulary.words["counted_in"]
    return [bracket for bracket in brackets if bracket in counted or is_unit(bracket, vocabulary)]


def _holds_text(result: SheetRows, number: int, vocabulary: Vocabulary) -> bool:
    """Tell whether a column holds words: no number, no mark for "nothing", nor what is counted in a unit."""
    if _stated_units(result, number, vocabulary):
        return False
    texts = {compact(cell) for cell in filled_cells_of(result, number) if isinstance(cell, str)}
    return any(not text.isnumeric() for text in texts - vocabulary.words["empty"])


def _fits(result: SheetRows, number: int, path: str, column: Column, vocabulary: Vocabulary) -> bool:
    """Tell whether an unread column may be ``column``, by the unit of its header and by what its cells hold."""
    if not all(_counts(unit, column, vocabulary) for unit in _stated_units(result, number, vocabulary)):
        return False
    counts = tuple(f"{word}数" for word in vocabulary.words["counted_in"])
    if column.unit in vocabulary.catalog.units and path.endswith(counts):  # 户数 is neither cigarettes nor money
        return False
    if column.unit and _is_another_amount(result.sheet.kind.kind, path, column, vocabulary):
        return False
    return _holds(filled_cells_of(result, number), column, result.context.year, vocabulary)


def _counts(stated: str, column: Column, vocabulary: Vocabulary) -> bool:
    """Tell whether a unit is one of a column's own: 万支 where it counts 箱, 户次 where it counts visits."""
    own, unit = vocabulary.catalog.units.get(column.unit), vocabulary.units.get(stated)
    if own is not None or unit is not None:
        return own is not None and unit is not None and own.family == unit.family
    is_percentage = column.dtype == "pct" and stated == "%"
    return is_percentage or stated in vocabulary.words.get(f"counter_{column.unit}", ())


def _is_another_amount(kind: str, path: str, column: Column, vocabulary: Vocabulary) -> bool:
    """Tell whether a header speaks of a plan, a sum or another time, and no header of the lacking column does; or of a
    month, as none of these does.
    """
    if periods.find_month(path, periods.ANY_YEAR) is not None:
        return True
    others = vocabulary.words["other_amount"]
    own = [form for form, name in vocabulary.forms[kind].items() if name == column.column]
    return any(word in path for word in others) and not any(word in form for form in own for word in others)


def _holds(cells: Cells, column: Column, year: int | None, vocabulary: Vocabulary) -> bool:
    """Tell whether any cell is a value of the column that counts: no day is 无, and nobody was on leave is nothing."""
    if column.dtype == "text":
        topics = {compact(word) for topic in vocabulary.catalog.topics for word in topic.words}
        return any(isinstance(cell, str) and compact(cell) in topics for cell in cells)
    converted = convert_column(cells, column, ColumnHints(default_year=year), vocabulary.words)
    if column.dtype in ("boolean", "leave_count"):
        return any(converted.values)
    return any(value is not None for value in converted.values)
