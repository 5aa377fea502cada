"""What sheet name, title and file name say about a whole sheet: its month, quarter, year, group or session."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from pipeline import periods
from pipeline.ingest.layouts.recognise import Recognised
from pipeline.ingest.wordforms import compact

MAX_TITLE = 60  # characters; a longer text above the header is an instruction, and the months in it are examples
GROUP = "party_group"


@dataclass(frozen=True)
class SheetContext:
    """Column -> value for what the surroundings say, columns on which they disagree, and the year for bare months.

    ``conflicts`` maps a column to what was said: (where, value) pairs.
    """

    values: Mapping[str, object]
    conflicts: Mapping[str, tuple[tuple[str, object], ...]]
    year: int | None


def find_context(sheet: Recognised, group_names: Mapping[str, str]) -> SheetContext:
    """Ask the sheet name first, then the titles, then the file name; ``group_names``: compact name or alias -> group.

    The first answer counts; a different answer further out is a conflict and gives no value at all.
    """
    titles = [title for title in sheet.titles if len(title) <= MAX_TITLE]
    year = find_sheet_year(sheet)
    finders: Mapping[str, Callable[[str], object | None]] = {
        "month": lambda text: periods.find_month(text, year),
        "quarter": lambda text: periods.find_quarter(text, year),
        "year": periods.find_year,
        "session_on": periods.find_date,
        GROUP: lambda text: find_group(text, group_names),
    }
    values: dict[str, object] = {}
    conflicts: dict[str, tuple[tuple[str, object], ...]] = {}
    for column in sheet.kind.context:
        said = [
            (place, found)
            for place, texts in (("sheet", [sheet.names.sheet]), ("title", titles), ("file", [sheet.names.stem]))
            if (found := _single(map(finders[column], texts))) is not None
        ]
        if len({found for _, found in said}) == 1:
            values[column] = said[0][1]
        elif said:
            conflicts[column] = tuple(said)
    return SheetContext(values, conflicts, year)


def find_sheet_year(sheet: Recognised) -> int | None:
    """Return the year that the sheet name, a title, the file name or a folder gives to bare months, in this order."""
    titles = [title for title in sheet.titles if len(title) <= MAX_TITLE]
    for texts in ([sheet.names.sheet], titles, [sheet.names.stem], [sheet.names.folders]):
        year = _single(periods.find_year(text) for text in texts)
        if isinstance(year, int):
            return year
    return None


def find_sheet_month(sheet: Recognised) -> object | None:
    """Return the month that the sheet name, a title or the file name speaks of, whether or not the kind asks for it."""
    year = find_sheet_year(sheet)
    titles = [title for title in sheet.titles if len(title) <= MAX_TITLE]
    for texts in ([sheet.names.sheet], titles, [sheet.names.stem]):
        month = _single(periods.find_month(text, year) for text in texts)
        if month is not None:
            return month
    return None


def find_group(text: str, group_names: Mapping[str, str]) -> str | None:
    """Return the one group that a text names, by its longest name: 专卖综合组 also holds the alias 专卖."""
    rest = compact(text)
    found = set()
    for name in sorted(group_names, key=len, reverse=True):
        if name and name in rest:
            found.add(group_names[name])
            rest = rest.replace(name, " ")
    return found.pop() if len(found) == 1 else None


def _single(found: Iterable[object | None]) -> object | None:
    """Return the one thing that several texts say; ``None`` when they say nothing, or different things."""
    said = {value for value in found if value is not None}
    return said.pop() if len(said) == 1 else None
