"""Matters that are numbered anew, 1, 2, 3 on every sheet, for every month or group, or 1号, 2号 in every year: such a
number alone names none.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from pipeline.catalog import Catalog
from pipeline.ingest.cells.columns import Words
from pipeline.ingest.checking.checks import DUE
from pipeline.ingest.checking.copies import originals_first
from pipeline.ingest.checking.references import period_column
from pipeline.ingest.layouts.context import GROUP
from pipeline.ingest.layouts.sheetrows import SheetRows

MAX_DIGITS = 4  # of a number that is counted; 2019001 is the name of one matter
FIRST = 1
_COUNTED = re.compile(rf"\D*(\d{{1,{MAX_DIGITS}}})\D*")  # 3, 3号, 甲3; 2019-3 and 烟立〔2019〕3号 say their year
TELLING = 10  # characters that are not the same by chance: a sentence, and no cause of cases


@dataclass(frozen=True)
class _Matter:
    """What stands under a number: when, until when, whose and what is said of it, and the number that it has."""

    day: object
    due: object
    group: object
    said: tuple[object, ...]
    number: str

    @property
    def is_bare(self) -> bool:
        """Tell whether the number is nothing but digits; 3号 and 甲3 are the names of matters within a year."""
        return self.number.isdecimal()

    @property
    def year(self) -> int | None:
        """Return the year of its day."""
        return self.day.year if isinstance(self.day, date) else None

    @property
    def full_number(self) -> str:
        """Return the number with the day and the group of its matter."""
        return f"{self.number}({self.day} {self.group})"

    @property
    def by_day(self) -> tuple[object, ...]:
        """Return what two matters of one day share, however their words were edited."""
        return (self.number, self.group, self.day)

    @property
    def by_words(self) -> tuple[object, ...]:
        """Return what two matters in the same words share; the same words and another group are another matter."""
        return (self.number, self.group, self.said)

    @property
    def is_telling(self) -> bool:
        """Tell whether its words are not those of another matter by chance, as 无证运输 is."""
        return sum(len(str(part or "")) for part in self.said) >= TELLING


@dataclass
class _Known:
    """By what numbers the matters of a table are known; of matters that look alike, the first."""

    groups: dict[str, set[object]] = field(default_factory=dict)  # number as written -> whose matters have it
    years: dict[str, set[int | None]] = field(default_factory=dict)  # number as written -> of which years
    finals: dict[tuple[object, ...], str] = field(default_factory=dict)

    def on_its_day(self, matter: _Matter) -> str | None:
        """Return the number of a matter of the same day; ``None`` where there is none."""
        return self.finals.get(matter.by_day)

    def edited(self, matter: _Matter) -> str | None:
        """Return the number of the same matter, perhaps edited: of one day, or in the same words and due on one day.

        The words alone do not do: what recurs (按月召开党小组会) is the same word for word in every month.
        """
        by_words = (*matter.by_words, matter.due)
        in_words = self.finals.get(by_words) if matter.is_telling and matter.due is not None else None
        return self.on_its_day(matter) or in_words

    def copied(self, matter: _Matter) -> str | None:
        """Return the number of the original of a row of a copy, where the words alone do."""
        return self.on_its_day(matter) or (self.finals.get(matter.by_words) if any(matter.said) else None)

    def add(self, matter: _Matter, final: str) -> None:
        """Add a matter under the number by which it is known from now on."""
        self.groups.setdefault(matter.number, set()).add(matter.group)
        self.years.setdefault(matter.number, set()).add(matter.year)
        for form in (matter.by_day, matter.by_words, (*matter.by_words, matter.due)):
            self.finals.setdefault(form, final)


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
        known = _Known()
        for rows in found if len(key) == 1 else ():
            if rows.columns[key[0]].dtype == "identifier" and GROUP in rows.values:
                for run in _numberings(rows, key[0]):
                    _settle(rows, key[0], run, known)


def _settle(rows: SheetRows, key: str, run: Sequence[int], known: _Known) -> None:
    """Give one numbering its final numbers, and add its matters to the known ones.

    In one that is new the day alone tells which matters are known: some of its matters may recur and be due on one day.
    """
    matters = {position: _matter(rows, key, position) for position in run}
    if any(not matter.is_bare and matter.year in known.years.get(matter.number, ()) for matter in matters.values()):
        for matter in matters.values():
            known.add(matter, matter.number)
        return  # within a year such a number names one matter
    shared = [position for position in run if matters[position].number in known.groups]
    same = {position: known.edited(matters[position]) for position in shared}
    is_new = bool(shared) and 2 * sum(number is not None for number in same.values()) <= len(shared)
    is_full = is_new or any(number not in (None, matters[position].number) for position, number in same.items())
    find = known.on_its_day if is_new else known.copied
    same = {position: find(matters[position]) for position in shared}
    for position, matter in matters.items():
        is_shared = bool(known.groups.get(matter.number, set()) - {matter.group})
        own = matter.full_number if is_full or is_shared else matter.number
        final = same.get(position) or own
        rows.values[key][position] = final
        known.add(matter, final)


def _matter(rows: SheetRows, key: str, position: int) -> _Matter:
    day = period_column(rows.columns.values())
    said = [name for name, column in rows.columns.items() if column.dtype == "text" and name in rows.places]
    return _Matter(
        day=None if day is None else rows.values[day][position],
        due=rows.values[DUE][position] if DUE in rows.values else None,
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
    found = _COUNTED.fullmatch(str(value))
    return int(found[1]) if found else None
