"""Columns of days, months, quarters and years, through `pipeline.periods`."""

import re
from calendar import monthrange
from dataclasses import replace
from datetime import date, time, timedelta

import pandas as pd

from pipeline import periods
from pipeline.catalog import Column
from pipeline.ingest.cells.columns import CellFault, Cells, ColumnHints, ConvertedColumn, Words, convert_each
from pipeline.ingest.cells.impossible import MONTHS, nearest_days, nearest_months
from pipeline.ingest.cells.spans import FIRST, LAST, split_span
from pipeline.ingest.files.grids import Cell
from pipeline.ingest.wordforms import plain

YEARS = range(2000, 2101)  # as the data dictionary bounds every date
_DECIMAL = re.compile(r"\d{1,4}\.\d{1,2}")
_CHINESE_DAY = re.compile(r"(?:(?<=月)|^)[一二三四五六七八九十]{1,3}(?=[日号])")
_CHINESE_DAYS = {
    tens + ones: str(10 * ten + one)
    for ten, tens in enumerate(["", "十", "二十", "三十"])
    for one, ones in enumerate(["", *"一二三四五六七八九"])
}
_LINE_END = re.compile(r"(?<=[-./年月])[\r\n]+(?=\d)|(?<=\d)[\r\n]+(?=[-./年月日号])")  # of a narrow cell: 2021-⏎03-28
_OTHER_DOTS = re.compile(r"(?<=\d)\s*[、。,\\]\s*(?=\d)")  # 2019、1、5
_HOURS = r"\d{1,2}(?:[:时点]\d{0,2}分?)?"
_WEEKDAY = r"(?:\(?(?:星期|周)[一二三四五六日天]\)?)?"
_PART_OF_DAY = re.compile(
    rf"\s*{_WEEKDAY}\s*\(?(?:上午|下午|中午|晚上|晚|早上|全天|半天)?(?:{_HOURS}(?:[-—~至到]+{_HOURS})?)?\)?"
)
_LONE_DAY = re.compile(r"(\d{1,2})[日号]")  # 5日, of the month that a heading or the sheet names
_DAY_OR_DAYS = re.compile(r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})日")
DECEMBER = 12
DUE = "due_on"  # a column of days until when: 6月30日前 is that day; 6月, 6月底, 二季度 and 年底 are the last day
_UNTIL = re.compile(r"(?:之前|以前|前)$")
_YEAR = r"(?:(?P<year>(?:19|20)\d{2})年度?)?"
_MONTH_END = re.compile(rf"{_YEAR}(?P<month>\d{{1,2}})月份?(?P<part>[底末内]|[上中下]旬)?")
_SPAN_END = re.compile(rf"{_YEAR}(?P<span>全年|年[底末内]|[上下]半年|第?[一二三四1-4]季度)?[底末内]?")
_SPANS = ("年", "年度", "月", "月份", "季", "季度")  # 年底, 6月内 and 6月中旬 are clear
_LAST_DAYS = {"上旬": 10, "中旬": 20}  # of a third of a month; the last third ends with it
_LAST_MONTHS = {"上": 6, "一": 3, "1": 3, "二": 6, "2": 6, "三": 9, "3": 9}  # of 上半年 and quarters; else December
_CLOSED = "(?:办结|完成|结案|兑现|销号|落实)"  # 1月20日已办结, 已于1月20日办结, 已办结(1月20日)
_CLOSED_ON = re.compile(rf"(?:已?于)?(\d.*?[\d日号])已?{_CLOSED}|已?{_CLOSED}\((\d.*[\d日号])\)")
_DAY_THEN_HOURS = re.compile(r"(.*(?:[日号]|\d{4}[./-]\d{1,2}[./-]\d{1,2}(?!\d)))(.*)")


def convert_dates(cells: Cells, column: Column, hints: ColumnHints, words: Words) -> ConvertedColumn:
    """Return days; a bare one (1.8) takes its year from the hints. Where none need be, 未办结 is none yet."""
    empties = words["empty"] if column.required else words["empty"] | words["unfinished"]
    if column.column == DUE:
        return convert_each(cells, lambda cell: _parse_due(cell, hints), empties)
    if column.column in (FIRST, LAST):
        return convert_each(cells, lambda cell: _parse_date(_end_of_span(cell, column, hints), hints), empties)
    if not column.required:
        return convert_each(cells, lambda cell: _parse_date(_day_of_closing(cell), hints), empties)
    return convert_each(cells, lambda cell: _parse_date(cell, hints), empties)


def is_part_of_day(text: str) -> bool:
    """Tell whether a text is nothing but a time of day: 15:00, 下午3点, 9:00-11:00."""
    return _PART_OF_DAY.fullmatch(plain(text)) is not None


def convert_months(cells: Cells, column: Column, hints: ColumnHints, words: Words) -> ConvertedColumn:
    """Return monthly periods; a bare one (1月) takes its year from the hints."""
    del column
    return convert_each(cells, lambda cell: _parse_month(cell, hints), words["empty"])


def convert_quarters(cells: Cells, column: Column, hints: ColumnHints, words: Words) -> ConvertedColumn:
    """Return quarterly periods; a bare one (一季度) takes its year from the hints."""
    del column
    return convert_each(cells, lambda cell: _parse_quarter(cell, hints), words["empty"])


def convert_years(cells: Cells, column: Column, hints: ColumnHints, words: Words) -> ConvertedColumn:
    """Return years: 2021, 2021年, 2021年度."""
    del column, hints
    return convert_each(cells, _parse_year, words["empty"])


def _parse_date(cell: Cell, hints: ColumnHints) -> date:
    seen = _readable(_spelt_plainly(cell), hints, "bad_date")
    if (lone := _LONE_DAY.fullmatch(str(seen))) and hints.default_year and hints.default_month:
        seen = f"{hints.default_year}-{hints.default_month}-{lone[1]}"
    try:
        return periods.parse_date(seen, hints.default_year, _epoch(hints))
    except periods.AmbiguousDate as error:
        raise CellFault("ambiguous_date") from error
    except periods.BareMonth as error:
        raise CellFault("bare_date") from error
    except periods.PeriodError as error:
        if expected := nearest_days(seen, hints.default_year):
            raise CellFault("bad_date", expected) from error
        if not hints.month_means_first_day:
            raise CellFault("bad_date") from error
    month = _parse_month(cell, hints)
    return date(month.year, month.month, 1)


def _day_of_closing(cell: Cell) -> Cell:
    """Return the day in a text that says on which day a matter was closed, and nothing else; any other cell as it is.

    The beginning of a matter has to be there; what need not is when it ended.
    """
    found = _CLOSED_ON.fullmatch(plain(cell)) if isinstance(cell, str) else None
    return cell if found is None else found[1] or found[2]


def closing_day(text: str, year: int | None) -> date | None:
    """Return the day on which a text says that a matter was closed (6月25日完成, 已完成（11.30）) and nothing else.

    ``year`` belongs to a bare day.
    """
    day = _day_of_closing(text)
    try:
        return None if day is text else _parse_date(day, ColumnHints(default_year=year))
    except CellFault:
        return None


def _end_of_span(cell: Cell, column: Column, hints: ColumnHints) -> Cell:
    """Return the first or the last day of a cell that holds both; any other cell as it is."""
    span = split_span(cell, hints.default_year)
    return cell if span is None else span[0] if column.column == FIRST else span[1]


def _parse_due(cell: Cell, hints: ColumnHints) -> date:
    """Return the day until when something is due; 15日 alone may be the 15th, or the number of days that there are."""
    is_either = isinstance(cell, str) and _DAY_OR_DAYS.fullmatch(plain(cell)) is not None
    return _parse_date(_last_day(cell, hints), replace(hints, default_month=None) if is_either else hints)


def _last_day(cell: Cell, hints: ColumnHints) -> Cell:
    """Return the day until when a text says that something is due; any other cell as it is."""
    if not isinstance(cell, str):
        return cell
    text = _UNTIL.sub("", plain(cell)).rstrip()
    if text != plain(cell).rstrip() and text.endswith(_SPANS):
        return cell  # 下半年前, 6月前: whether its first or its last day is meant nobody can tell
    if found := _MONTH_END.fullmatch(text):
        month, part = int(found["month"]), found["part"]
    elif (found := _SPAN_END.fullmatch(text)) and (found["year"] or found["span"]):
        month, part = _LAST_MONTHS.get((found["span"] or "").removeprefix("第")[:1], DECEMBER), None
    else:
        return text
    year = int(found["year"] or hints.default_year or 0)
    if not year or month not in MONTHS:
        return cell
    return date(year, month, _LAST_DAYS.get(part or "", monthrange(year, month)[1]))


def _parse_month(cell: Cell, hints: ColumnHints) -> pd.Period:
    seen = _readable(cell, hints, "bad_month")
    try:
        month = periods.parse_month(seen, hints.default_year, _epoch(hints))
    except periods.AmbiguousMonth as error:
        raise CellFault("ambiguous_month") from error
    except periods.BareMonth as error:
        raise CellFault("bare_month") from error
    except periods.PeriodError as error:
        if expected := nearest_months(seen) or nearest_days(seen, hints.default_year):
            raise CellFault("bad_month", expected) from error
        raise CellFault("bad_month") from error
    if month.year not in YEARS:
        raise CellFault("out_of_range", f"{YEARS[0]} … {YEARS[-1]}")
    return month


def _parse_quarter(cell: Cell, hints: ColumnHints) -> pd.Period:
    found = periods.find_quarter(cell, hints.default_year) if isinstance(cell, str) else None
    if found is None:
        raise CellFault("bad_quarter")
    return found


def _parse_year(cell: Cell) -> int:
    if isinstance(cell, date):
        return cell.year
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        text = str(int(cell)) if float(cell).is_integer() else ""
    else:
        text = plain(cell) if isinstance(cell, str) else ""
    found = re.fullmatch(r"((?:19|20)\d{2})年?度?", text)
    if found is None:
        raise CellFault("bad_year")
    return int(found[1])


def _epoch(hints: ColumnHints) -> date:
    return periods.EXCEL_EPOCH_1904 if hints.from_1904 else periods.EXCEL_EPOCH


def _spelt_plainly(cell: Cell) -> Cell:
    """Return a written day with arabic digits and dots, without hours: 一月八日, 2019、1、5, 1月5日(周六)上午9:00."""
    if not isinstance(cell, str):
        return cell
    text = _CHINESE_DAY.sub(lambda found: _CHINESE_DAYS.get(found[0], found[0]), _LINE_END.sub("", plain(cell)))
    text = _OTHER_DOTS.sub(".", text).rstrip(".。")
    found = _DAY_THEN_HOURS.fullmatch(text)
    return found[1] if found and _PART_OF_DAY.fullmatch(found[2]) else text


def _readable(cell: Cell, hints: ColumnHints, code: str) -> str | float | date:
    """Return a cell that periods can read; in a text file 2019.1 counts as the number that it may have been."""
    if cell is None or isinstance(cell, bool | time | timedelta):
        raise CellFault(code)
    if hints.is_text_file and isinstance(cell, str) and _DECIMAL.fullmatch(plain(cell)):
        return float(plain(cell))
    return cell
