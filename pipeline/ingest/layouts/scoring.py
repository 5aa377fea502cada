"""How well a header speaks for each kind of workbook: the headers it knows, the columns it lacks, the names around."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.catalog import Kind
from pipeline.catalog.records import Dtype
from pipeline.ingest.cells.spans import FIRST, LAST
from pipeline.ingest.files.grids import Grid
from pipeline.ingest.layouts.findings import SheetNames
from pipeline.ingest.layouts.headers import GROUP_DTYPE, Header, header_candidates
from pipeline.ingest.layouts.matching import match_columns
from pipeline.ingest.layouts.pairs import Pair, PairsAbove
from pipeline.ingest.vocabulary import DROP, LEVEL, Vocabulary
from pipeline.ingest.wordforms import compact

# A sheet whose name, title or file name speaks for a kind needs less proof from its headers than one that does not.
NAMED_MIN_COLUMNS = 2
NAMED_MIN_SHARE = 0.3
UNNAMED_MIN_COLUMNS = 3
UNNAMED_MIN_SHARE = 0.6
UNNAMED_MIN_OF_KIND = 0.5  # of the kind's columns: 姓名, 总分, 排名 alone are any school's list
# Of these it does no harm to read one of two: 主题 and 活动内容, 客户编码 and 许可证号. Of amounts, days and people the
# other one may be what was meant.
SAME_IN_OTHER_WORDS: frozenset[Dtype] = frozenset({"text", "identifier", "subject", "boolean"})
Numbers = tuple[tuple[str, tuple[int, ...]], ...]  # name of a column -> the columns of a sheet
NAME_BONUS = 0.5  # half of a sheet's headers: a name outweighs a few columns, but not most of them


@dataclass(frozen=True)
class Candidate:
    """One reading of a header: as which kind, with which columns, and what is missing.

    ``pairs`` are the columns that labels above the table supply (姓名：张三); ``share`` is that of the sheet's headers
    which the kind knows, ``coverage`` that of the kind's columns which the sheet holds.
    """

    kind: Kind
    header: Header
    columns: Mapping[int, str]
    doubled: Numbers
    seconds: Numbers
    pairs: tuple[Pair, ...]
    missing: tuple[str, ...]
    share: float
    coverage: float
    is_named: bool

    @property
    def found(self) -> frozenset[str]:
        """Return the columns of the dictionary that headers and labels above them name, doubled ones too."""
        beside = {pair.column for pair in self.pairs} | {name for name, _ in self.doubled}
        return frozenset(self.columns.values()) - {DROP} | beside

    @property
    def score(self) -> float:
        """Return the share of known headers, and what a name adds."""
        return self.share + (NAME_BONUS if self.is_named else 0.0)

    @property
    def rank(self) -> tuple[bool, float, int, int]:
        """Order candidates: complete ones first, then by known headers and names, then the smaller block."""
        depth = self.header.bottom - self.header.top
        return (not self.missing, self.score, len(self.columns), -depth)

    @property
    def is_convincing(self) -> bool:
        """Tell whether headers and names are proof enough of the kind."""
        return is_convincing(len(self.found), self.share, self.coverage, is_named=self.is_named)


def is_convincing(found: int, share: float, coverage: float, *, is_named: bool) -> bool:
    """Tell whether ``found`` columns are proof enough of a kind; see `Candidate` for ``share`` and ``coverage``."""
    if is_named:
        return found >= NAMED_MIN_COLUMNS and share >= NAMED_MIN_SHARE
    return found >= UNNAMED_MIN_COLUMNS and share >= UNNAMED_MIN_SHARE and coverage >= UNNAMED_MIN_OF_KIND


def rank_candidates(grid: Grid, names: SheetNames, vocabulary: Vocabulary) -> list[Candidate]:
    """Return the best reading of a sheet as each kind of table, the likeliest kind first, convincing or not."""
    best: dict[str, Candidate] = {}
    above = _Above(grid, names, vocabulary, ())
    for claim in _claims(header_candidates(grid, vocabulary), above, vocabulary):
        candidate = _score(claim, above, vocabulary)
        known = best.get(candidate.kind.kind)
        if known is None or _order(candidate) > _order(known):
            best[candidate.kind.kind] = candidate
    return sorted(best.values(), key=_order, reverse=True)


def convincing_candidates(
    grid: Grid,
    headers: Iterable[Header],
    names: SheetNames,
    vocabulary: Vocabulary,
    outer_titles: tuple[str, ...] = (),
) -> list[Candidate]:
    """Return every reading of a header for which headers and names are proof enough."""
    above = _Above(grid, names, vocabulary, outer_titles)
    claims = _claims(headers, above, vocabulary)
    scored = (_score(claim, above, vocabulary) for claim in claims if claim.may_convince)
    return [candidate for candidate in scored if candidate.is_convincing]


@dataclass(frozen=True)
class _Claim:
    """A header and a kind that knows some of its columns; ``matches`` and ``share`` as in `Candidate`."""

    kind: Kind
    header: Header
    matches: Mapping[int, tuple[str, int]]
    share: float
    is_named: bool

    @property
    def may_convince(self) -> bool:
        """Tell whether the share of known headers is enough, whatever labels above the table add."""
        return self.share >= (NAMED_MIN_SHARE if self.is_named else UNNAMED_MIN_SHARE)


def _claims(headers: Iterable[Header], above: "_Above", vocabulary: Vocabulary) -> Iterator[_Claim]:
    """Yield every header with every kind that knows one of its columns."""
    sequence = vocabulary.words["sequence"]
    for header in headers:
        named = sum(path not in sequence for _, path in header.named)
        for name, matches in sorted(match_columns(header, vocabulary).items()):
            kind = vocabulary.catalog.kinds[name]
            share = len(matches) / named if named else 0.0
            yield _Claim(kind, header, matches, share, above.names(kind, header.top))


class _Above:
    """What stands above the headers of a sheet and around it: read once, however many headers and kinds there are."""

    def __init__(self, grid: Grid, names: SheetNames, vocabulary: Vocabulary, outer_titles: Sequence[str]) -> None:
        self._grid, self._names, self._outer_titles = grid, names, outer_titles
        self._spoken: dict[int, str] = {}  # first row of a header -> all that is said above it
        self._pairs = PairsAbove(grid, vocabulary)

    def pairs(self, kind: Kind, top: int) -> list[Pair]:
        """Return the columns of a kind that labels above row ``top`` supply."""
        return self._pairs.of(kind, top)

    def names(self, kind: Kind, top: int) -> bool:
        """Tell whether the titles above row ``top`` or the names of the sheet and its file speak for a kind."""
        if top not in self._spoken:
            self._spoken[top] = spoken_text((*titles_above(self._grid, top), *self._outer_titles), self._names)
        return speaks_for(kind, self._spoken[top])


def titles_above(grid: Grid, top: int) -> tuple[str, ...]:
    """Return the texts in the rows above ``top``."""
    return tuple(cell for row in grid.rows[:top] for cell in row if isinstance(cell, str))


def spoken_text(titles: Iterable[str], names: SheetNames) -> str:
    """Return what the file's name, the sheet's name and titles say, in which a kind may look for its words."""
    return " ".join(map(compact, (names.stem, names.sheet, *titles)))


def speaks_for(kind: Kind, spoken: str) -> bool:
    """Tell whether `spoken_text` holds a word that speaks for a kind."""
    return any(word in spoken for word in kind.name_words)


def _order(candidate: Candidate) -> tuple[bool, bool, float, int, int]:
    return (candidate.is_convincing, *candidate.rank)


def _score(claim: _Claim, above: _Above, vocabulary: Vocabulary) -> Candidate:
    kind, header = claim.kind, claim.header
    columns, doubled, seconds = _settle(claim, vocabulary)
    held = {*columns.values(), *(name for name, _ in doubled)}
    held |= {*span_of(header, columns, kind, vocabulary)}
    pairs = tuple(pair for pair in above.pairs(kind, header.top) if pair.column not in held)
    found = set(columns.values()) - {DROP}
    missing = vocabulary.required(kind) - held - {pair.column for pair in pairs} - set(kind.context)
    return Candidate(
        kind=kind,
        header=header,
        columns=columns,
        doubled=doubled,
        seconds=seconds,
        pairs=pairs,
        missing=tuple(sorted(missing)),
        share=claim.share,
        coverage=len(found | {pair.column for pair in pairs}) / len(vocabulary.named_columns[kind.kind]),
        is_named=claim.is_named,
    )


def _settle(claim: _Claim, vocabulary: Vocabulary) -> tuple[dict[int, str], Numbers, Numbers]:
    """Give every column name one column, the one matched over most levels; equally good ones are doubled, not used.

    Of texts and identifiers it is the one that synonyms.csv lists first, and the others are second to it; of groups the
    one whose header says more: 办案部门 beside 部门.
    """
    by_name: dict[str, list[tuple[int, int]]] = {}
    for number, (name, levels) in claim.matches.items():
        by_name.setdefault(name, []).append((levels, number))
    known = vocabulary.columns_of(claim.kind)
    columns: dict[int, str] = {}
    doubled: list[tuple[str, tuple[int, ...]]] = []
    seconds: list[tuple[str, tuple[int, ...]]] = []
    for name, claims in by_name.items():
        if name == DROP:
            columns |= {number: DROP for _, number in claims}
            continue
        most = max(levels for levels, _ in claims)
        best = [number for levels, number in claims if levels == most]
        if len(best) > 1 and known[name].dtype == GROUP_DTYPE:
            best = _fullest(best, claim.header)
        if len(best) > 1 and known[name].dtype in SAME_IN_OTHER_WORDS:
            equal, best = best, _first_listed(best, most, claim, vocabulary)
            if len(best) == 1:
                seconds.append((name, tuple(number for number in equal if number not in best)))
        if len(best) == 1:
            columns[best[0]] = name
        else:
            doubled.append((name, tuple(best)))
    return columns, tuple(doubled), tuple(seconds)


def _fullest(numbers: Sequence[int], header: Header) -> list[int]:
    """Return the column whose header ends in each of the others'; all of them where none does."""
    forms = {number: header.paths[number].rpartition(LEVEL)[2] for number in numbers}
    full = [number for number, form in forms.items() if all(form.endswith(other) for other in forms.values())]
    return full if len(full) == 1 else list(numbers)


def span_of(header: Header, columns: Mapping[int, str], kind: Kind, vocabulary: Vocabulary) -> Mapping[str, int]:
    """Return the last day -> the column that holds it with the first one, where a header says so: 起止时间."""
    names = vocabulary.columns_of(kind)
    if LAST not in names or LAST in columns.values():
        return {}
    words = vocabulary.words["span"]
    firsts = (number for number, name in columns.items() if name == FIRST and number < len(header.paths))
    both = next((number for number in firsts if header.paths[number].rpartition(LEVEL)[2] in words), None)
    return {} if both is None else {LAST: both}


def _first_listed(numbers: Sequence[int], levels: int, claim: _Claim, vocabulary: Vocabulary) -> list[int]:
    """Return the columns whose header, of so many levels, comes first among those of its kind."""
    forms = list(vocabulary.forms[claim.kind.kind])
    places = {}
    for number in numbers:
        ending = LEVEL.join(claim.header.paths[number].split(LEVEL)[-levels:])
        places[number] = forms.index(ending if ending in forms else ending.replace(LEVEL, ""))
    first = min(places.values())
    return [number for number in numbers if places[number] == first]
