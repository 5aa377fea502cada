"""Columns that a sheet fills and nobody reads, although one that its kind knows is lacking."""

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache

from pipeline.catalog import Catalog, Column, Kind
from pipeline.ingest.cells.columns import Cells, ColumnHints
from pipeline.ingest.cells.values import convert_column
from pipeline.ingest.layouts.rows import cell_at
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.layouts.units import is_unit
from pipeline.ingest.vocabulary import DROP, LEVEL, Vocabulary
from pipeline.ingest.wordforms import brackets_of, compact

MIN_SIMILARITY = 0.8  # 应到会数 is 应到人数 or another; 立案日期 and 结案日期 (0.75) are two things
ASIDES = ("sequence", "aside", "derived")  # classes of headers that never are a column of the dictionary
_NAME = re.compile(r"[a-z_][a-z0-9_]*")  # a column in an expression of measures.csv: expected-excused_count


def note_unused(result: SheetRows, vocabulary: Vocabulary) -> None:
    """Note every filled column that nobody reads and that may be one which the sheet lacks; it is not guessed.

    It may be one by its header, which nearly is known; where the sheet lacks a column that points or metrics are made
    of, it may be that one by what it holds, whatever it is called.
    """
    sheet = result.sheet
    free = _unread(result, vocabulary)
    if not free:
        return
    held = {DROP, *sheet.found, *sheet.columns.values(), *(name for name, _ in sheet.doubled)}
    wanted = {form: name for form, name in vocabulary.forms[sheet.kind.kind].items() if name not in held}
    lacking = [result.columns[name] for name in feeding_columns(sheet.kind, vocabulary) if name not in held]
    may_be = _may_be(result, free, lacking, vocabulary)
    for number, path in free.items():
        endings = (path, path.rpartition(LEVEL)[2])
        near = next(
            (found[0] for form in endings if (found := get_close_matches(form, wanted, 1, MIN_SIMILARITY))), None
        )
        if near:
            _tell(result, number, near, (result.columns[wanted[near]],))
        elif may_be[number]:
            _tell(result, number, " / ".join(column.label_zh for column in may_be[number]), tuple(may_be[number]))


def _tell(result: SheetRows, number: int, expected: str, about: tuple[Column, ...]) -> None:
    header = result.sheet.header
    result.sheet_fault("unused_column", header.label(number), expected, (header.bottom, number), about)


def _unread(result: SheetRows, vocabulary: Vocabulary) -> dict[int, str]:
    """Return number -> path of the columns that have a header, hold something in a row of data and are not read."""
    sheet = result.sheet
    claimed = {*sheet.columns, *(number for _, numbers in sheet.doubled for number in numbers)}
    sequence = vocabulary.words["sequence"]
    free = [(number, path) for number, path in sheet.header.named if number not in claimed and path not in sequence]
    return {
        number: path
        for number, path in free
        if any(cell_at(sheet.grid, row, number) is not None for row in result.rows)
    }


@lru_cache
def feeding_columns(kind: Kind, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the optional columns of a kind that a measure or the closing of a matter is made of, by its headers."""
    optional = vocabulary.named_columns[kind.kind] - vocabulary.required(kind) - set(kind.context)
    feeding = _fed_by(kind.table, vocabulary.catalog)
    return tuple(name for name in vocabulary.columns_of(kind) if name in optional & feeding)


def _fed_by(table: str, catalog: Catalog) -> set[str]:
    measures = [measure for measure in catalog.measures.values() if measure.table == table]
    of_measures = (text for one in measures for text in (one.period, one.value, one.base, one.filter))
    closing = {matter.closed for matter in catalog.matters.values() if matter.table == table}
    return {name for text in of_measures for name in _NAME.findall(text)} | closing


def _may_be(
    result: SheetRows, free: Mapping[int, str], lacking: Sequence[Column], vocabulary: Vocabulary
) -> dict[int, list[Column]]:
    """Return, for each unread column, those of the lacking columns whose values it may hold.

    Where no column holds days, each of texts may be the lacking one of days: 已落实 in place of the day is no day.
    """
    aside = frozenset().union(*(vocabulary.words[name] for name in ASIDES))
    candidates = {number: path for number, path in free.items() if path.rpartition(LEVEL)[2] not in aside}
    texts = [number for number in candidates if _holds_text(result, number, vocabulary)]
    found: dict[int, list[Column]] = {number: [] for number in free}
    for column in lacking:
        fitting = [number for number, path in candidates.items() if _fits(result, number, path, column, vocabulary)]
        for number in fitting or (texts if column.dtype == "date" else ()):
            found[number].append(column)
    return found


def _holds_text(result: SheetRows, number: int, vocabulary: Vocabulary) -> bool:
    """Tell whether a column holds words: no number, no mark for "nothing", nor what is counted in a unit."""
    labels = result.sheet.header.labels[number]
    if any(is_unit(bracket, vocabulary) for label in labels for bracket in brackets_of(label)):
        return False
    cells = (cell_at(result.sheet.grid, row, number) for row in result.rows)
    texts = {compact(cell) for cell in cells if isinstance(cell, str)}
    return any(not text.isnumeric() for text in texts - vocabulary.words["empty"])


def _fits(result: SheetRows, number: int, path: str, column: Column, vocabulary: Vocabulary) -> bool:
    """Tell whether an unread column may be ``column``, by the unit of its header and by what its cells hold."""
    grid, labels = result.sheet.grid, result.sheet.header.labels[number]
    stated = [vocabulary.units[unit] for label in labels for unit in brackets_of(label) if unit in vocabulary.units]
    own = vocabulary.catalog.units.get(column.unit)
    if any(own is None or unit.family != own.family for unit in stated):
        return False
    if column.unit and _is_another_amount(result.sheet.kind.kind, path, column, vocabulary):
        return False
    cells = [cell_at(grid, row, number) for row in result.rows]
    return _holds(cells, column, result.context.year, vocabulary)


def _is_another_amount(kind: str, path: str, column: Column, vocabulary: Vocabulary) -> bool:
    """Tell whether a header speaks of a plan, a sum or another time, and no header of the lacking column does."""
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
