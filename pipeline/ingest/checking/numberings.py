"""Matters that are numbered anew, 1, 2, 3 on every sheet, for every month or group: such a number alone names none."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.catalog import Catalog
from pipeline.ingest.cells.columns import Words
from pipeline.ingest.checking.copies import originals_first
from pipeline.ingest.checking.references import period_column
from pipeline.ingest.layouts.context import GROUP
from pipeline.ingest.layouts.sheetrows import SheetRows

MAX_DIGITS = 4  # of a number that is counted; 2019001 is the name of one matter
FIRST = 1
TELLING = 10  # characters that are not the same by chance: a sentence, and no cause of cases


@dataclass(frozen=True)
class _Matter:
    """What stands under a number: when, whose and what is said of it, and the number by which it is known."""

    day: object
    group: object
    said: tuple[object, ...]
    number: str

    def is_same(self, other: "_Matter", least: int) -> bool:
        """Tell whether two matters of one number are one, perhaps edited: of one day and group, or in the same words.

        Fewer characters than ``least`` may be the same by chance: 无证运输. The same words and another group are the
        same matter of two groups.
        """
        says_the_same = self.said == other.said and sum(len(str(part or "")) for part in self.said) >= least
        return self.group == other.group and (self.day == other.day or says_the_same)

    @property
    def full_number(self) -> str:
        """Return the number with the day and the group of its matter."""
        return f"{self.number}({self.day} {self.group})"


# number as written -> the matters that have it, and by what they are known
Known = dict[str, list[tuple[_Matter, str]]]


def tell_numberings_apart(sheets: Sequence[SheetRows], catalog: Catalog, words: Words) -> None:
    """Add day and group to numbers that begin again at 1 for other matters, and to those that several groups share: by
    its number alone, the February of a ledger is a copy of its January.

    A numbering that mostly names the matters of an earlier one is a copy, and gets the numbers of the original.
    """
    by_table: dict[str, list[SheetRows]] = {}
    for rows in originals_first(sheets, words):
        by_table.setdefault(rows.sheet.kind.table, []).append(rows)
    for table, found in by_table.items():
        key = catalog.tables[table].key
        known: Known = {}
        for rows in found if len(key) == 1 else ():
            if rows.columns[key[0]].dtype == "identifier" and GROUP in rows.values:
                for run in _numberings(rows, key[0]):
                    _settle(rows, key[0], run, known)


def _settle(rows: SheetRows, key: str, run: Sequence[int], known: Known) -> None:
    """Give one numbering its final numbers, and add its matters to the known ones."""
    matters = {position: _matter(rows, key, position) for position in run}
    shared = [position for position in run if matters[position].number in known]
    same = {position: _known_as(matters[position], known, TELLING) for position in shared}
    is_new = 2 * sum(number is None for number in same.values()) > len(shared)
    is_full = is_new or any(number not in (None, matters[position].number) for position, number in same.items())
    if not is_new:
        same = {position: _known_as(matters[position], known, 1) for position in shared}
    for position, matter in matters.items():
        others = known.setdefault(matter.number, [])
        is_shared = any(other.group != matter.group for other, _ in others)
        own = matter.full_number if is_full or is_shared else matter.number
        final = same.get(position) or own
        rows.values[key][position] = final
        others.append((matter, final))


def _known_as(matter: _Matter, known: Known, least: int) -> str | None:
    """Return by what number a matter is known already; ``None`` where it is not."""
    return next((number for other, number in known[matter.number] if other.is_same(matter, least)), None)


def _matter(rows: SheetRows, key: str, position: int) -> _Matter:
    day = period_column(rows.columns.values())
    said = [name for name, column in rows.columns.items() if column.dtype == "text" and name in rows.places]
    return _Matter(
        day=None if day is None else rows.values[day][position],
        group=rows.values[GROUP][position],
        said=tuple(rows.values[name][position] for name in said if name != key),
        number=str(rows.values[key][position]),
    )


def _numberings(rows: SheetRows, key: str) -> Iterator[list[int]]:
    """Yield the positions of every numbering of a sheet: numbers that rise from 1 on, each once for a group."""
    run: list[int] = []
    last, groups = 0, set[object]()
    for position in rows.kept():
        number, group = _counted(rows.values[key][position]), rows.values[GROUP][position]
        goes_on = number is not None and run and (number > last or (number == last and group not in groups))
        if not goes_on:
            if run:
                yield run
            run = []
        if goes_on or number == FIRST:
            groups = {group} | (groups if goes_on and number == last else set())
            last = number or last
            run.append(position)
    if run:
        yield run


def _counted(value: object) -> int | None:
    text = str(value)
    return int(text) if text.isdecimal() and len(text) <= MAX_DIGITS else None
