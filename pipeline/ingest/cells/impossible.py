"""Days and months in a form that can be read, but that no calendar has: 2020.2.30, 2021年13月."""

import re
from calendar import monthrange
from datetime import date

from pipeline.ingest.files.grids import Cell
from pipeline.ingest.wordforms import cell_text, compact

MONTHS = range(1, 13)
_YEAR = r"((?:19|20)\d{2})"
_DAYS = (re.compile(rf"{_YEAR}[年./-](\d{{1,2}})[月./-](\d{{1,2}})[日号]?"), re.compile(rf"{_YEAR}(\d\d)(\d\d)"))
_BARE_DAY = re.compile(r"(\d{1,2})(?:月|[./-])(\d{1,2})[日号]?")
_MONTH = re.compile(rf"{_YEAR}(?:[年./-](\d{{1,2}})(?:月份?)?|(\d\d))")


def nearest_days(cell: Cell, default_year: int | None) -> str:
    """Return between which days or months a day must lie that the calendar does not have; "" for any other cell."""
    text = compact(cell_text(cell))
    for pattern in _DAYS:
        if found := pattern.fullmatch(text):
            return _range_around(int(found[1]), int(found[2]), int(found[3]))
    bare = _BARE_DAY.fullmatch(text) if isinstance(cell, str) else None  # the number 13.5 need not be a day at all
    return _range_around(default_year, int(bare[1]), int(bare[2])) if bare and default_year else ""


def nearest_months(cell: Cell) -> str:
    """Return between which months a month must lie that the calendar does not have; "" for any other cell."""
    found = _MONTH.fullmatch(compact(cell_text(cell)))
    if found is None or int(found[2] or found[3]) in MONTHS:
        return ""
    return _months_of(int(found[1]))


def _range_around(year: int, month: int, day: int) -> str:
    if month not in MONTHS:
        return _months_of(year)
    last = monthrange(year, month)[1]
    return "" if 1 <= day <= last else f"{date(year, month, 1)} … {date(year, month, last)}"


def _months_of(year: int) -> str:
    return f"{year}-01 … {year}-12"
