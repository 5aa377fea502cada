"""What sheet name, title and file name say about a whole sheet: its month, quarter, year, group or session."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import pandas as pd

from pipeline import periods
from pipeline.catalog import Column
from pipeline.ingest.cells.columns import Words
from pipeline.ingest.layouts.headers import POINTS
from pipeline.ingest.layouts.recognise import Recognised
from pipeline.ingest.monthspans import find_span
from pipeline.ingest.wordforms import compact

MAX_TITLE = 60  # characters; a longer text above the header is an instruction, and the months in it are examples
GROUP = "party_group"
# kinds of results whose title and file may name who wrote them; only a sheet that is called like a unit is of that unit
OF_UNITS = frozenset({"sales", "shelf", "inspections"})
_BARE_DAY = re.compile(r"\d{1,2}月\d{1,2}[日号]")
Found = TypeVar("Found")


@dataclass(frozen=True)
class SheetContext:
    """Column -> value for what the surroundings say, columns on which they disagree, and the year for bare months.

    ``conflicts`` maps a column to what was said: (where, value) pairs. ``sources`` says of each value where it was
    found first: in the name of the ``sheet``, a ``title`` or the name of the ``file``.
    """

    values: Mapping[str, object]
    conflicts: Mapping[str, tuple[tuple[str, object], ...]]
    year: int | None
    sources: Mapping[str, str] = field(default_factory=dict)


def find_context(sheet: Recognised, group_names: Mapping[str, str]) -> SheetContext:
    """Ask the sheet name first, then the titles, then the file name; ``group_names``: compact name or alias -> group.

    The first answer counts; a different answer further out is a conflict and gives no value at all. Titles that differ
    among themselves say nothing where a name does, and are a conflict where none does. A group's results are those of a
    sheet that is called like the group, and nothing more.
    """
    year = find_sheet_year(sheet)
    find = finders(year, group_names)
    values: dict[str, object] = {}
    conflicts: dict[str, tuple[tuple[str, object], ...]] = {}
    sources: dict[str, str] = {}
    for column in (name for name in sheet.kind.context if name in find):
        if column == GROUP and sheet.kind.kind in OF_UNITS:
            if (unit := group_names.get(compact(sheet.names.sheet))) is not None:
                sources[column], values[column] = "sheet", unit
            continue
        said = [
            (place, found)
            for place, found in (
                ("sheet", find[column](sheet.names.sheet)),
                ("title", _from_titles(sheet, find[column])),
                ("file", find[column](sheet.names.stem)),
            )
            if found is not None
        ]
        said = said or [("title", found) for found in _said_by_titles(sheet, find[column])]
        if len({found for _, found in said}) == 1:
            sources[column], values[column] = said[0]
        elif said:
            conflicts[column] = tuple(said)
    return SheetContext(values, conflicts, year, sources)


def finders(year: int | None, group_names: Mapping[str, str]) -> Mapping[str, Callable[[str], object | None]]:
    """Return column -> how a text is searched for its value; ``year`` belongs to bare months and days."""
    return {
        "month": lambda text: periods.find_month(text, year),
        "quarter": lambda text: periods.find_quarter(text, year),
        "year": periods.find_year,
        "session_on": lambda text: _find_day(text, year),
        GROUP: lambda text: find_group(text, group_names),
    }


def _find_day(text: str, year: int | None) -> object | None:
    """Return the one day that a text names, a bare one (第1期 1月15日) with the year of its surroundings."""
    bare = set(_BARE_DAY.findall(text))
    found = periods.find_date(text)
    if found is not None or year is None or len(bare) != 1:
        return found
    try:
        return periods.parse_date(bare.pop(), year)
    except periods.PeriodError:
        return None


def title_of_several_months(sheet: Recognised, columns: Iterable[Column], words: Words) -> str:
    """Return the title of a table of amounts that speaks of several months while no header says 本月; "" for any other.

    Its amounts may be those of the month that its sheet or file names, or of all months so far.
    """
    has_amounts = any(column.required and column.unit not in ("", POINTS) for column in columns)
    is_told = any(word in path for word in words["this_period"] for _, path in sheet.header.named)
    if not has_amounts or is_told:
        return ""
    titles = [title for title in sheet.titles if len(title) <= MAX_TITLE]
    names_month = any(periods.find_month(title, periods.ANY_YEAR) is not None for title in titles)
    return next((title for title in titles if periods.speaks_of_months(title) or _is_quarter(title, names_month)), "")


def _is_quarter(title: str, names_month: bool) -> bool:
    """Tell whether a title is nothing but a quarter; beside one that names the month it only says when that is."""
    return not names_month and periods.is_period(title) and periods.find_quarter(title, periods.ANY_YEAR) is not None


def find_sheet_year(sheet: Recognised) -> int | None:
    """Return the year that the sheet name, a title, the file name or a folder gives to bare months, in this order."""
    return _first(
        periods.find_year(sheet.names.sheet),
        _from_titles(sheet, periods.find_year),
        periods.find_year(sheet.names.stem),
        periods.find_year(sheet.names.folders),
    )


def find_sheet_month(sheet: Recognised) -> object | None:
    """Return the month that the sheet name, a title or the file name speaks of, whether or not the kind asks for it."""
    year = find_sheet_year(sheet)

    def find(text: str) -> object | None:
        return periods.find_month(text, year)

    return _first(find(sheet.names.sheet), _from_titles(sheet, find), find(sheet.names.stem))


def find_sheet_quarter(sheet: Recognised) -> pd.Period | None:
    """Return the quarter that the sheet name, a title or the file name speaks of."""
    year = find_sheet_year(sheet)

    def find(text: str) -> pd.Period | None:
        return periods.find_quarter(text, year)

    return _first(find(sheet.names.sheet), _from_titles(sheet, find), find(sheet.names.stem))


def find_sheet_span(sheet: Recognised) -> tuple[pd.Period, pd.Period] | None:
    """Return the first and the last of the months that the sheet name, a title or the file name speaks of: 上半年."""
    year = find_sheet_year(sheet)

    def find(text: str) -> tuple[pd.Period, pd.Period] | None:
        return find_span(text, year)

    return _first(find(sheet.names.sheet), _from_titles(sheet, find), find(sheet.names.stem))


def sheet_month_number(sheet: Recognised) -> int | None:
    """Return the number of the month that the sheet's surroundings name, whether or not they name its year."""
    month = find_sheet_month(sheet)
    return month.month if isinstance(month, pd.Period) else None


def _from_titles(sheet: Recognised, find: Callable[[str], Found | None]) -> Found | None:
    """Return the one thing that the titles of a table say; ``None`` also where they say several."""
    found = _said_by_titles(sheet, find)
    return found[0] if len(found) == 1 else None


def _said_by_titles(sheet: Recognised, find: Callable[[str], Found | None]) -> list[Found]:
    """Return what the titles right above a table say; where they say nothing, what those of the whole sheet say."""
    for titles in (sheet.titles, sheet.outer_titles):
        values = (find(title) for title in titles if len(title) <= MAX_TITLE)
        if found := list(dict.fromkeys(value for value in values if value is not None)):
            return found
    return []


def _first(*found: Found | None) -> Found | None:
    return next((value for value in found if value is not None), None)


def find_group(text: str, group_names: Mapping[str, str]) -> str | None:
    """Return the one group that a text names, by its longest name: 专卖综合组 also holds the alias 专卖."""
    found, _ = split_groups(text, group_names)
    return found.pop() if len(found) == 1 else None


def split_groups(text: str, group_names: Mapping[str, str]) -> tuple[set[str], str]:
    """Return the groups that a text names and the text without their names, compact."""
    rest = compact(text)
    held = [name for name in group_names if name and name in rest]  # one or two of what may be hundreds
    found = set()
    for name in sorted(held, key=len, reverse=True):
        if name in rest:
            found.add(group_names[name])
            rest = rest.replace(name, " ")
    return found, rest
