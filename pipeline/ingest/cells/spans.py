"""A first and a last day in one cell: 2022.2.8-2022.2.18, 4月6日至15日, 8月1日—8月20日（20天）."""

import re
from datetime import date

from pipeline import periods
from pipeline.ingest.files.grids import Cell
from pipeline.ingest.wordforms import plain

FIRST, LAST = "from_on", "to_on"  # columns of the dictionary that one cell may fill together
_BETWEEN = re.compile(r"\s*(?:[-—–―~]+|至|到)\s*")
_LENGTH = re.compile(
    r"\s*\(?(?:共|计|合计)?\d+(?:\.\d+)?个?(?:工作)?[天日]\)?$"
)  # behind the last day: （11天）, 共3天
_DAY = re.compile(r"(\d{1,2})[日号]?")  # of the month of the first one


def split_span(cell: Cell, default_year: int | None) -> tuple[date, date] | None:
    """Return the first and last day in one text; ``None`` for any other cell, a single day too."""
    if not isinstance(cell, str):
        return None
    text = plain(cell)
    for whole in (text, _LENGTH.sub("", text)):
        for between in _BETWEEN.finditer(whole):
            first = _day(whole[: between.start()], default_year)
            last = first and _last_day(whole[between.end() :], first)
            if first and last:
                return first, last
    return None


def _last_day(text: str, first: date) -> date | None:
    """Return the last day of a span; what it does not say is as in the first one, or of the next year."""
    if found := _DAY.fullmatch(text):
        return _day(f"{first.year}-{first.month}-{found[1]}", None)
    last = _day(text, first.year)
    return _day(text, first.year + 1) if last and last < first else last


def _day(text: str, default_year: int | None) -> date | None:
    try:
        return periods.parse_date(text, default_year)
    except periods.PeriodError:
        return None
