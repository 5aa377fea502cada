"""Columns of numbers, percentages and durations, as people write them."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from math import isfinite
from statistics import median

from pipeline.catalog import Column
from pipeline.ingest.cells.columns import (
    CellFault,
    Cells,
    ColumnFault,
    ColumnHints,
    ConvertedColumn,
    Value,
    Words,
    convert_each,
)
from pipeline.ingest.files.grids import Cell, CellError
from pipeline.ingest.wordforms import compact, plain

MAX_FRACTION = 2.0  # a rate of 200 % stored as a fraction; above it a whole column cannot be fractions
FAR_BELOW = 0.1  # of the median: between 0.985 and 98.5 lies a factor of 100, between two rates of a column seldom 10
SCALED_DECIMALS = 10  # 0.985 x 100 is 98.5 and not 98.49999999999999
_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)?(?:\.\d*)?(?:[eE][+-]?\d+)?")
# 1 2 may be two numbers, and never is 12; 7, 000, 000 and 98. 5 are one, unless a line ends in them
_SPLIT = re.compile(r"(?<=\d)\s+(?=[\d.,])|(?<=[.,])\s*\n")
_GROUPED = re.compile(r"\D*\d{1,3}(?: \d{3})+(?:\.\d*)?\D*")  # 1 234 567: blanks that mark thousands
_IN_BRACKETS = re.compile(r"\(([^()]+)\)")
_PERCENT_IN_BRACKETS = re.compile(r"\(([^()%]+)%\)")
_ORDINAL = re.compile(r"第(\d+)[名位]?")
_CHINESE_DURATION = re.compile(r"(?:(\d+)(?:小时|时))?(?:(\d+)(?:分钟|分))?(?:(\d+(?:\.\d+)?)秒)?")
_SECONDS = re.compile("[″\"]|''|′′")  # 3'20"
_MINUTES = re.compile("['′’]")
_CLOCK_DURATION = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{1,2})(?:\.\d+)?")


def parse_number(cell: Cell) -> float:
    """Read one cell as a number: full-width, with thousands commas or ¥, in brackets for negative; else `CellFault`."""
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return float(cell)
    if not isinstance(cell, str):
        raise CellFault("bad_number")
    text = _joined(cell).lstrip("¥")
    sign = 1.0
    if found := _IN_BRACKETS.fullmatch(text):
        text, sign = found[1], -1.0
    if not any(character.isdigit() for character in text) or not _NUMBER.fullmatch(text):
        raise CellFault("bad_number")
    number = sign * float(text.replace(",", ""))
    if not isfinite(number):  # 1e999
        raise CellFault("bad_number")
    return number


def number_in(cell: Cell | CellError) -> float | None:
    """Return the number of a cell; ``None`` where it holds none."""
    if cell is None or isinstance(cell, CellError):
        return None
    try:
        return parse_number(cell)
    except CellFault:
        return None


def _joined(text: str) -> str:
    """Return the text of a number without blanks; `CellFault` where they part it otherwise than into thousands."""
    half_width = plain(text)
    if _SPLIT.search(half_width) and not _GROUPED.fullmatch(half_width):
        raise CellFault("bad_number")
    return compact(text)


def convert_numbers(cells: Cells, column: Column, hints: ColumnHints, words: Words) -> ConvertedColumn:
    """Return floats; the word that counts the column's unit may follow: 95分 in points.

    A number with a unit of its own (4万元 under 元) is brought to the unit of the column's bare numbers.
    """
    return convert_each(cells, lambda cell: _parse_amount(cell, column, hints, words), words["empty"], float)


def read_amount(cell: Cell, column: Column, own_units: Mapping[str, float], words: Words) -> tuple[float, float]:
    """Return the number of one cell, with what counts it (9999箱, 5人) or without, and the factor of its own unit;
    `CellFault` where it is none.
    """
    text = _joined(cell) if isinstance(cell, str) else ""
    unit = max((unit for unit in own_units if text.endswith(unit)), key=len, default=None)
    if unit is None:
        return parse_number(_without_counter(cell, column, words)), 1.0
    return parse_number(text.removesuffix(unit)), own_units[unit]


def convert_integers(cells: Cells, column: Column, hints: ColumnHints, words: Words) -> ConvertedColumn:
    """Return whole numbers, also with the word that counts them (5人); 95.5 is a fault."""
    del hints
    return convert_each(cells, lambda cell: _parse_integer(_without_counter(cell, column, words)), words["empty"])


def convert_percentages(cells: Cells, column: Column, hints: ColumnHints, words: Words) -> ConvertedColumn:
    """Return percent: 98.5 for "98.5%", for 98.5 and for 0.985.

    A % in the cell settles it, written or by the cell's format (which stores 98.5 % as 0.985). Bare numbers are judged
    by their column, never one by one: under a % header they are percent; else they are percent when any exceeds
    `MAX_FRACTION`. A column without either sign holds fractions, the way spreadsheets store 98.5 %, when it is a level
    such as a shelf rate; a change such as 同比 (0.5 may be half a percent or half as much again) is written as the
    sheet's other percentages are. Faults (ambiguous_percentage) are what that cannot settle: a change with nothing
    beside it, a change under a % header beside fractions (Excel shows 0.0318 as 3.18%), and a level under a % header of
    which no value exceeds 2. So is a bare number of a level in percent that lies far below the others: 0.985 beside
    98.5. A zero is zero either way.
    """
    parsed = _parse_percentages(cells, column, hints, words)
    bare = {position: value for position, value in enumerate(parsed.values) if isinstance(value, float)}
    scale = _scale_of(list(bare.values()), _is_level(column), hints)
    ambiguous = {position for position, value in bare.items() if value} if scale is None else set()
    if scale == 1.0 and _is_level(column):
        ambiguous = _far_below_the_others(parsed.values, bare)
    for position, value in bare.items():
        parsed.values[position] = round(value * (scale or 1.0), SCALED_DECIMALS)
    for position in ambiguous:
        parsed.values[position] = None
        parsed.faults.append(ColumnFault(position, "ambiguous_percentage"))
    parsed.values = [value.percent if isinstance(value, _Marked) else value for value in parsed.values]
    parsed.faults.sort(key=lambda fault: fault.position)
    return parsed


def are_fractions(cells: Cells, column: Column, hints: ColumnHints, words: Words) -> bool | None:
    """Tell how a level's bare numbers are written, as evidence for changes beside it; ``None`` where nothing tells."""
    if any(cells[position] for position in hints.shown_as_percent):
        return True
    parsed = _parse_percentages(cells, column, hints, words)
    bare = [value for value in parsed.values if isinstance(value, float) and value != 0]
    is_level = _is_level(column)
    scale = _scale_of(bare, is_level, hints) if is_level and bare and not hints.has_percent_header else None
    return None if scale is None else scale != 1.0


def _scale_of(bare: list[float], is_level: bool, hints: ColumnHints) -> float | None:
    """Return 1 for numbers that are percent and 100 for fractions; ``None`` where that cannot be told."""
    is_small = all(abs(value) <= MAX_FRACTION for value in bare)
    if not is_small:
        return 1.0
    if hints.has_percent_header:
        return None if (is_level and any(bare)) or hints.has_fractions_beside else 1.0
    if is_level:
        return 100.0
    return None if hints.has_fractions_beside is None else 100.0 if hints.has_fractions_beside else 1.0


def _far_below_the_others(values: Sequence[Value], bare: Mapping[int, float]) -> set[int]:
    """Return the positions of the numbers in a column of percent that are fractions by the look of the others."""
    percent = [value.percent if isinstance(value, _Marked) else value for value in values]
    present = [value for value in percent if isinstance(value, float)]
    bound = FAR_BELOW * median(present) if present else 0.0
    return {position for position, value in bare.items() if value and abs(value) <= MAX_FRACTION and abs(value) < bound}


def convert_durations(cells: Cells, column: Column, hints: ColumnHints, words: Words) -> ConvertedColumn:
    """Return whole seconds for 3分20秒, 3:20, 0:03:20 and plain numbers of seconds."""
    del column, hints
    return convert_each(cells, _parse_duration, words["empty"])


class _Marked:
    """A percentage that carried its sign."""

    def __init__(self, percent: float) -> None:
        self.percent = percent


def _without_counter(cell: Cell, column: Column, words: Words) -> Cell:
    """Take off a word of the class ``counter_<unit>``; cigarettes and money have none: their units differ."""
    if not isinstance(cell, str):
        return cell
    text = _joined(cell)
    if not column.unit and (found := _ORDINAL.fullmatch(text)):  # 第1名
        return found[1]
    fitting = filter(text.endswith, words.get(f"counter_{column.unit}", ()))
    return text.removesuffix(max(fitting, key=len, default=""))  # 210户次 ends in 次 as well


def _parse_amount(cell: Cell, column: Column, hints: ColumnHints, words: Words) -> float:
    number, factor = read_amount(cell, column, hints.own_units, words)
    return number * factor


def _parse_integer(cell: Cell) -> int:
    number = parse_number(cell)
    if not number.is_integer():
        raise CellFault("bad_integer")
    return int(number)


def _parse_percentages(cells: Cells, column: Column, hints: ColumnHints, words: Words) -> ConvertedColumn:
    """Read every cell, those that show a % by their format as if it were written; a change may be told: 下降1.2%."""
    is_change = not _is_level(column)
    parsed = convert_each(
        cells, lambda cell: _parse_percentage(cell, words if is_change else None), words["empty"], float
    )
    for position in hints.shown_as_percent:
        value = parsed.values[position]
        if isinstance(value, float):
            parsed.values[position] = _Marked(round(value * 100.0, SCALED_DECIMALS))
    return parsed


def _is_level(column: Column) -> bool:
    return column.minimum != "" and float(column.minimum) >= 0


def _told_change(text: str, words: Words) -> str:
    """Return a percentage that is told in words with its sign: 增长3.18%, 下降1.15%, ↓1.15%, 持平."""
    if text in words["unchanged"]:
        return "0%"
    for sign, told in (("+", words["increase"]), ("-", words["decrease"])):
        word = next((word for word in told if text.startswith(word)), "")
        if word and text[len(word) : len(word) + 1].isdigit() and text.endswith("%"):
            return sign + text.removeprefix(word)
    return text


def _parse_percentage(cell: Cell, told: Words | None) -> "float | _Marked":
    """Read one percentage; ``told`` are the words by which a change may say its sign."""
    try:
        text = _PERCENT_IN_BRACKETS.sub(r"(\1)%", _joined(cell)) if isinstance(cell, str) else ""
        if text and told is not None:
            text = _told_change(text, told)
        if text.endswith("%"):
            return _Marked(parse_number(text.removesuffix("%")))
        return parse_number(text or cell)
    except CellFault as fault:
        raise CellFault("bad_percentage") from fault


def _parse_duration(cell: Cell) -> int:
    if isinstance(cell, timedelta):
        return round(cell.total_seconds())
    if isinstance(cell, time):
        if cell.hour and not cell.second:
            raise CellFault("bad_duration")  # "3:20" typed for 3 min 20 s is stored as twenty past three
        return cell.hour * 3600 + cell.minute * 60 + cell.second
    if isinstance(cell, date | bool) or cell is None:
        raise CellFault("bad_duration")
    try:
        text = _MINUTES.sub("分", _SECONDS.sub("秒", _joined(cell))) if isinstance(cell, str) else ""
        found = _CHINESE_DURATION.fullmatch(text) or _CLOCK_DURATION.fullmatch(text) if text else None
        if found:
            hours, minutes, seconds = (float(part or 0) for part in found.groups())
            return round(hours * 3600 + minutes * 60 + seconds)
        return round(parse_number(cell))
    except CellFault as fault:
        raise CellFault("bad_duration") from fault
