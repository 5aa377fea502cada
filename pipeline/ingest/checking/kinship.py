"""Which sheets may be versions of one another by what they are called, and which rows of them are the same matter."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.catalog import Column
from pipeline.ingest.cells.columns import Words
from pipeline.ingest.checking.timeliness import StatedPeriod, stated_period
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.wordforms import compact

MIN_NAMED_SHARE = 0.25  # files called versions of one another: an edited copy may have lost most of its rows' dates
MIN_PERIOD_SHARE = 0.5  # files that only state one month: two halves of it share nothing, two versions nearly all
MIN_PERIOD_ROWS = 2  # one supplement may be of the day, group and type of a row that is there
IDENTIFYING = ("date", "member")  # dtypes without which equal rows are nothing strange: two awards in one month
_SEPARATORS = r"[-_.()\[\]【】]+"
_DAY = r"(?:19|20)\d{2}(?:\d{4}|[-._年]\d{1,2}[-._月]\d{1,2}日?)"

Found = tuple[SheetRows, int]  # a row: its sheet and its position
Signature = tuple[object, ...]
Counts = Callable[[SheetRows, SheetRows], bool]  # whether the rows of one sheet count for another one


@dataclass(frozen=True)
class Version:
    """A sheet as a version of earlier ones: the row that each of its rows repeats, and what only it has.

    ``left_over`` are the positions of rows that may be altered ones of the earlier sheets: these have rows, too, that
    stand nowhere else. Where all of theirs are repeated, what only the version has was added, and is not among them.
    ``corrected`` are the sheets that it is called a correction of, whether or not it repeats any of their rows.
    """

    repeated: Mapping[int, Found]
    left_over: frozenset[int]
    corrected: Sequence[SheetRows] = ()


def identifying_columns(columns: Iterable[Column]) -> list[str]:
    """Return the columns that tell which matter a row is: the required ones, or all where these name neither
    day nor person.
    """
    found = list(columns)
    required = [column for column in found if column.required]
    is_enough = any(column.dtype in IDENTIFYING for column in required)
    return [column.column for column in (required if is_enough else found)]


def plain_name(name: str, words: Words) -> str:
    """Return the name of a file or a sheet without marks of a copy: 台账-修改2, 台账(最终版) and 副本台账 are 台账."""
    marks, leading = _patterns(words["copy_mark"])
    text = leading.sub("", compact(name).lower())
    while (shorter := marks.sub("", text)) != text:
        text = shorter
    return text or compact(name)  # a file that is called by nothing but a day is no copy of all others of its sort


def is_correction(name: str, words: Words) -> bool:
    """Tell whether a file or a sheet is called a correction of another one: 更正, 1月更正, 活动台账(订正)."""
    text, marks = _bare(name), tuple(words["correction_mark"])
    return text.endswith(marks) or text.startswith(marks)


def _bare(name: str) -> str:
    return re.sub(rf"{_SEPARATORS}|\d+$", "", compact(name))


@lru_cache(maxsize=1)  # the words of one catalog
def _patterns(words: frozenset[str]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what marks a copy at the end of a name and at its beginning."""
    marks = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    at_end = re.compile(rf"(?:\(\d{{1,2}}\)|(?:{marks})\d{{0,2}}(?:\.\d)?|{_DAY}|{_SEPARATORS})$")
    return at_end, re.compile(rf"^(?:{marks}|{_SEPARATORS})+")


class Kin:
    """The sheets of one table read so far, and which of them a further one may be a version of."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._by_name: defaultdict[object, _Rows] = defaultdict(_Rows)
        self._by_file: defaultdict[str, _Rows] = defaultdict(_Rows)
        self._by_period: defaultdict[StatedPeriod, _Rows] = defaultdict(_Rows)

    def add(self, rows: SheetRows) -> None:
        """Keep a sheet for those to come, with the rows that it uses now."""
        for key in self._names(rows):
            self._by_name[key].add(rows)
        self._by_file[rows.file].add(rows)
        self._by_period[stated_period(rows, self._words)].add(rows)

    def version(self, rows: SheetRows) -> Version | None:
        """Return a sheet as a version of earlier ones; ``None`` where it is none."""
        if named := self._named_version(rows):
            return named
        period = stated_period(rows, self._words)
        if period.month is None and period.quarter is None:
            return None
        repeated, sharing = _pair(rows, [(self._by_period[period], _is_of_another_file)])
        smaller = min(len(rows.kept()), sharing)
        is_version = len(repeated) >= max(MIN_PERIOD_ROWS, MIN_PERIOD_SHARE * smaller)
        return Version(repeated, frozenset()) if is_version else None

    def _named_version(self, rows: SheetRows) -> Version | None:
        file, sheet = self._names(rows)
        others: list[tuple[_Rows, Counts]] = [
            (self._by_name[file], _is_of_another_file),
            (self._by_name[sheet], _is_another_sheet),
        ]
        if self._is_nothing_but_a_correction(rows):
            others.append((self._by_file[rows.file], _is_another_sheet))
        corrected = self._corrected(rows, others)
        repeated, sharing = _pair(rows, others)
        kept = frozenset(rows.kept())
        if corrected and not repeated:
            return Version({}, kept, corrected)
        if not repeated or (not corrected and len(repeated) < MIN_NAMED_SHARE * len(kept)):
            return None
        may_be_altered = sharing > len(repeated)
        return Version(repeated, kept - set(repeated) if may_be_altered else frozenset(), corrected)

    def _is_nothing_but_a_correction(self, rows: SheetRows) -> bool:
        name = _bare(rows.sheet.names.sheet)
        return is_correction(name, self._words) and plain_name(name, self._words) == name

    def _corrected(self, rows: SheetRows, others: "Others") -> list[SheetRows]:
        """Return the sheets that a sheet is called a correction of; a ledger of corrections is none of them."""
        names = rows.sheet.names
        is_called = any(is_correction(name, self._words) for name in (names.sheet, names.stem))
        is_ledger = any(mark in word for word in rows.sheet.kind.name_words for mark in self._words["correction_mark"])
        if not is_called or is_ledger:
            return []
        sheets = [other for known, counts in others for other in known.sheets if counts(other, rows)]
        return [other for other in sheets if other.file == rows.file or self._is_of_same_part(other, rows)]

    def _is_of_same_part(self, other: SheetRows, rows: SheetRows) -> bool:
        """Tell whether sheets of two files are called alike or state one period: a corrected file may have grown."""
        one, two = (plain_name(sheet.sheet.names.sheet, self._words) for sheet in (other, rows))
        return one == two or stated_period(other, self._words) == stated_period(rows, self._words)

    def _names(self, rows: SheetRows) -> tuple[object, object]:
        """Return the names by which a sheet is a version of others: of its file, and within its file its own."""
        names = rows.sheet.names
        return plain_name(names.stem, self._words), (rows.file, plain_name(names.sheet, self._words))


class _Rows:
    """The rows of some sheets by all of their values, and by those that identify them."""

    def __init__(self) -> None:
        self.sheets: list[SheetRows] = []
        self._found: tuple[defaultdict[Signature, list[Found]], ...] = (defaultdict(list), defaultdict(list))

    def add(self, rows: SheetRows) -> None:
        self.sheets.append(rows)
        for names, found in zip(_signing(rows), self._found, strict=True):
            for position, signature in signatures_of(rows, names).items():
                found[signature].append((rows, position))

    def like(self, level: int, signature: Signature) -> Sequence[Found]:
        """Return the rows of one signature in the order in which they were added; ``level`` 0 is that of all values."""
        return self._found[level].get(signature, ())


Others = Sequence[tuple[_Rows, Counts]]  # rows, and which of them count for a sheet


def _is_of_another_file(other: SheetRows, rows: SheetRows) -> bool:
    return other.file != rows.file


def _is_another_sheet(other: SheetRows, rows: SheetRows) -> bool:
    return other.sheet.names != rows.sheet.names


def _signing(rows: SheetRows) -> tuple[list[str], list[str]]:
    return list(rows.columns), identifying_columns(rows.columns.values())


def _pair(rows: SheetRows, others: Others) -> tuple[dict[int, Found], int]:
    """Return the row of other sheets that each row repeats, each of them once and equal ones first, and how many rows
    the sheets have that share any.
    """
    pairs: dict[int, Found] = {}
    taken: set[tuple[int, int]] = set()
    for level, names in enumerate(_signing(rows)):
        left: dict[Signature, Iterator[Found]] = {}
        for position, signature in signatures_of(rows, names).items():
            if position in pairs:
                continue
            if signature not in left:
                left[signature] = _candidates(rows, others, level, signature)
            free = (found for found in left[signature] if (id(found[0]), found[1]) not in taken)
            if (found := next(free, None)) is not None:
                pairs[position] = found
                taken.add((id(found[0]), found[1]))
    sharing = {id(other): len(other.kept()) for other, _ in pairs.values()}
    return pairs, sum(sharing.values())


def _candidates(rows: SheetRows, others: Others, level: int, signature: Signature) -> Iterator[Found]:
    for known, counts in others:
        yield from (found for found in known.like(level, signature) if counts(found[0], rows))


def signatures_of(rows: SheetRows, names: Sequence[str]) -> dict[int, Signature]:
    """Return the values of some columns, at least one, for every used row, by position."""
    signatures = list(zip(*(rows.values[name] for name in names), strict=True))
    return {position: signatures[position] for position in rows.kept()}
