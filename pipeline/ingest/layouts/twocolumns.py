"""Two columns for one thing: the one that holds something is read, and of texts the second where the first is empty."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import time

from pipeline import periods
from pipeline.catalog import Column
from pipeline.ingest.cells.columns import ColumnHints, Value, Words
from pipeline.ingest.cells.days import is_part_of_day
from pipeline.ingest.cells.values import convert_column
from pipeline.ingest.files.grids import Cell, CellError, Grid, Row
from pipeline.ingest.layouts.context import find_sheet_year
from pipeline.ingest.layouts.dittos import dittos_of_a_column
from pipeline.ingest.layouts.findings import Finding, Place, Recognised
from pipeline.ingest.layouts.headers import NUMBER_DTYPES
from pipeline.ingest.layouts.places import ColumnPlaces
from pipeline.ingest.layouts.rows import classify_rows
from pipeline.ingest.vocabulary import LEVEL, Vocabulary
from pipeline.ingest.wordforms import compact

FULL = "full_points"
MAX_ROWS = 20_000  # of which two columns are compared; a longer ledger with two of a kind is told as before


def with_filled_columns(sheet: Finding, vocabulary: Vocabulary) -> Finding:
    """Return a sheet whose headers claim a column twice with the one column that holds values of it, where only one
    does (日期 beside 时间 with 15:00, an empty 完成时间 beside 办结日期); or, of days and names, with both, where no
    row says two different things. Totals and notes below the rows say neither.
    """
    if not isinstance(sheet, Recognised) or not sheet.doubled or len(sheet.grid.rows) > MAX_ROWS:
        return sheet
    known = vocabulary.columns_of(sheet.kind)
    rows = [sheet.grid.rows[row] for row in classify_rows(sheet, vocabulary).of("data")]
    hints = ColumnHints(default_year=find_sheet_year(sheet) or periods.ANY_YEAR)
    columns, doubled, seconds = dict(sheet.columns), [], list(sheet.seconds)
    for name, numbers in sheet.doubled:
        values = {number: _values(rows, number, known[name], hints, vocabulary.words) for number in numbers}
        full = _full_points(sheet, numbers, known, vocabulary)
        if full is not None:
            columns |= {full: FULL, next(number for number in numbers if number != full): name}
            continue
        holding = [number for number in numbers if any(value is not None for value in values[number])]
        silent = all(_says_nothing(rows, n, vocabulary.words) for n in numbers if n not in holding)
        is_mixed = len(holding) > 1 and known[name].dtype not in NUMBER_DTYPES
        if len(holding) < 2 and silent:
            columns[(holding or numbers)[0]] = name
        elif is_mixed and silent and _agree([values[number] for number in holding]):
            columns[holding[0]] = name
            seconds.append((name, tuple(holding[1:])))
        else:
            doubled.append((name, numbers))
    return replace(sheet, columns=columns, doubled=tuple(doubled), seconds=tuple(seconds))


def _full_points(
    sheet: Recognised, numbers: Sequence[int], known: Mapping[str, Column], vocabulary: Vocabulary
) -> int | None:
    """Return which of two columns of points says what may be got: 分值 beside 得分. Alone it is what was got."""
    if FULL not in known or FULL in sheet.found or len(numbers) != 2:
        return None
    words = vocabulary.words["full_marks"]
    found = [number for number in numbers if sheet.header.paths[number].rpartition(LEVEL)[2] in words]
    return found[0] if len(found) == 1 else None


def _values(rows: Sequence[Row], number: int, column: Column, hints: ColumnHints, words: Words) -> Sequence[Value]:
    """Return what the cells of a column are as values of ``column``; whatever is none of those is nothing."""
    cells = [row[number] if number < len(row) else None for row in rows]
    return convert_column(cells, column, hints, words).values


def _says_nothing(rows: Sequence[Row], number: int, words: Words) -> bool:
    """Tell whether a column is empty, or holds nothing but times of day; any other text may be a column of its own."""
    cells = (row[number] for row in rows if number < len(row))
    return all(
        cell is None
        or isinstance(cell, time)
        or (isinstance(cell, str) and (compact(cell) in words["empty"] or is_part_of_day(cell)))
        for cell in cells
    )


def _agree(columns: Sequence[Sequence[Value]]) -> bool:
    """Tell whether no row holds two different values."""
    return all(len({value for value in row if value is not None}) < 2 for row in zip(*columns, strict=True))


def second_where_empty(
    places: Mapping[str, ColumnPlaces], sheet: Recognised, words: Words, signs: frozenset[str]
) -> dict[str, Sequence[Place]]:
    """Return the places of the columns of which a row reads the second cell, since the first holds nothing."""
    empty = words["empty"]
    found: dict[str, Sequence[Place]] = {}
    for name, numbers in sheet.seconds:
        own: list[Place] = list(places[name])
        for number in numbers:
            further, _ = dittos_of_a_column(replace(places[name], number=number, anchors={}), sheet.grid, signs)
            for position, (first, second) in enumerate(zip(own, further, strict=True)):
                if _is_nothing(sheet.grid, first, empty) and not _is_nothing(sheet.grid, second, empty):
                    own[position] = second
        if own != list(places[name]):
            found[name] = own
    return found


def _is_nothing(grid: Grid, place: Place, empty: frozenset[str]) -> bool:
    row, number = place
    cell: Cell | CellError = grid.rows[row][number] if number < len(grid.rows[row]) else None
    return cell is None or (isinstance(cell, str) and cell.strip() in empty)
