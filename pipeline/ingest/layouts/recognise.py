"""Which kind of workbook a sheet is: every kind is scored by its headers and its names, and the best one is taken."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from pipeline.catalog import Kind
from pipeline.ingest.files.grids import Grid
from pipeline.ingest.layouts.headers import MAX_ROWS_ABOVE, Header, header_candidates, kinds_named, match_columns
from pipeline.ingest.vocabulary import DROP, Vocabulary
from pipeline.ingest.wordforms import compact, header_form

# A sheet whose name, title or file name speaks for a kind needs less proof from its headers than one that does not.
NAMED_MIN_COLUMNS = 2
NAMED_MIN_SHARE = 0.3
UNNAMED_MIN_COLUMNS = 3
UNNAMED_MIN_SHARE = 0.6
UNNAMED_MIN_OF_KIND = 0.5  # of the kind's columns: 姓名, 总分, 排名 alone are any school's list
ALMOST_MIN_COLUMNS = 3  # fewer do not show what a sheet was meant to be


@dataclass(frozen=True)
class SheetNames:
    """Where a sheet stands: the path of its file relative to the folder read, and the sheet's name."""

    file: str
    sheet: str

    @property
    def stem(self) -> str:
        """Return the file name without its ending."""
        return PurePosixPath(self.file).stem

    @property
    def folders(self) -> str:
        """Return the folders above the file."""
        return str(PurePosixPath(self.file).parent)


@dataclass(frozen=True)
class Recognised:
    """A sheet of a known kind: its header and, by column number, the columns of the dictionary that it holds.

    ``doubled`` lists columns that two headers claim equally well: (column name, numbers). ``titles`` are the texts
    above the header.
    """

    kind: Kind
    names: SheetNames
    grid: Grid
    header: Header
    columns: Mapping[int, str]
    doubled: tuple[tuple[str, tuple[int, ...]], ...]
    titles: tuple[str, ...]


@dataclass(frozen=True)
class AlmostRecognised:
    """A sheet that speaks for a kind but lacks columns without which no row can be used."""

    kind: Kind
    header: Header
    missing: tuple[str, ...]


@dataclass(frozen=True)
class _Candidate:
    kind: Kind
    header: Header
    columns: Mapping[int, str]
    doubled: tuple[tuple[str, tuple[int, ...]], ...]
    missing: tuple[str, ...]
    share: float  # of the headers that this kind knows
    coverage: float  # of the kind's columns that the sheet holds
    is_named: bool

    @property
    def rank(self) -> tuple[bool, float, int, int]:
        """Order candidates: complete ones first, then by known headers and names, then the smaller block."""
        bonus = 0.5 if self.is_named else 0.0
        depth = self.header.bottom - self.header.top
        return (not self.missing, self.share + bonus, len(self.columns), -depth)

    @property
    def is_convincing(self) -> bool:
        found = len(set(self.columns.values()) - {DROP})
        if self.is_named:
            return found >= NAMED_MIN_COLUMNS and self.share >= NAMED_MIN_SHARE
        return found >= UNNAMED_MIN_COLUMNS and self.share >= UNNAMED_MIN_SHARE and self.coverage >= UNNAMED_MIN_OF_KIND


def recognise(grid: Grid, names: SheetNames, vocabulary: Vocabulary) -> Recognised | AlmostRecognised | None:
    """Return what a sheet is; ``None`` when it is of no known kind."""
    matrix = _recognise_matrix(grid, names, vocabulary)
    if matrix is not None:
        return matrix
    candidates = [
        _score(kind, header, grid, names, vocabulary)
        for header in header_candidates(grid, vocabulary)
        for kind in (vocabulary.catalog.kinds[name] for name in sorted(kinds_named(header, vocabulary)))
        if kind.layout == "table"
    ]
    convincing = [candidate for candidate in candidates if candidate.is_convincing]
    if not convincing:
        return None
    best = max(convincing, key=lambda candidate: candidate.rank)
    if not best.missing:
        titles = titles_above(grid, best.header.top)
        return Recognised(best.kind, names, grid, best.header, best.columns, best.doubled, titles)
    if best.is_named and len(set(best.columns.values()) - {DROP}) >= ALMOST_MIN_COLUMNS:
        return AlmostRecognised(best.kind, best.header, best.missing)
    return None


def titles_above(grid: Grid, top: int) -> tuple[str, ...]:
    """Return the texts in the rows above ``top``."""
    return tuple(cell for row in grid.rows[:top] for cell in row if isinstance(cell, str))


def _score(kind: Kind, header: Header, grid: Grid, names: SheetNames, vocabulary: Vocabulary) -> _Candidate:
    matches = match_columns(header, kind.kind, vocabulary)
    columns, doubled = _settle(matches)
    sequence = vocabulary.words["sequence"]
    named = [number for number, path in enumerate(header.paths) if path and path not in sequence]
    found = set(columns.values()) - {DROP}
    missing = sorted(vocabulary.required(kind) - found - set(kind.context) - {name for name, _ in doubled})
    return _Candidate(
        kind=kind,
        header=header,
        columns=columns,
        doubled=doubled,
        missing=tuple(missing),
        share=len(matches) / len(named) if named else 0.0,
        coverage=len(found) / len(vocabulary.named_columns[kind.kind]),
        is_named=_speaks_for(kind, titles_above(grid, header.top), names),
    )


def _settle(matches: Mapping[int, tuple[str, int]]) -> tuple[dict[int, str], tuple[tuple[str, tuple[int, ...]], ...]]:
    """Give every column name one column, the one matched over most levels; equally good ones are doubled, not used."""
    by_name: dict[str, list[tuple[int, int]]] = {}
    for number, (name, levels) in matches.items():
        by_name.setdefault(name, []).append((levels, number))
    columns: dict[int, str] = {}
    doubled: list[tuple[str, tuple[int, ...]]] = []
    for name, claims in by_name.items():
        most = max(levels for levels, _ in claims)
        best = [number for levels, number in claims if levels == most]
        if name == DROP:
            columns |= {number: DROP for _, number in claims}
        elif len(best) == 1:
            columns[best[0]] = name
        else:
            doubled.append((name, tuple(best)))
    return columns, tuple(doubled)


def _speaks_for(kind: Kind, titles: tuple[str, ...], names: SheetNames) -> bool:
    spoken = " ".join(compact(text) for text in (names.stem, names.sheet, *titles))
    return any(word in spoken for word in kind.name_words)


def _recognise_matrix(grid: Grid, names: SheetNames, vocabulary: Vocabulary) -> Recognised | None:
    """Find a matrix by its corner, which names both axes: 评价小组＼被评小组 (the rows first, then the columns)."""
    for kind in vocabulary.catalog.kinds.values():
        if kind.layout != "matrix":
            continue
        axes = {form: forms[kind.kind] for form, forms in vocabulary.headers.items() if kind.kind in forms}
        for top, row in enumerate(grid.rows[:MAX_ROWS_ABOVE]):
            for number, cell in enumerate(row):
                if isinstance(cell, str) and len(set(_axes_of(cell, axes))) == len(set(axes.values())):
                    return _matrix(kind, names, grid, (top, number), _axes_of(cell, axes), vocabulary)
    return None


def _axes_of(cell: str, axes: Mapping[str, str]) -> list[str]:
    """Return the axis columns that a corner cell names, in the order in which it names them."""
    form = header_form(cell)
    spoken = re.findall("|".join(re.escape(axis) for axis in sorted(axes, key=len, reverse=True)), form)
    return [axes[axis] for axis in spoken]


def _matrix(
    kind: Kind, names: SheetNames, grid: Grid, corner: tuple[int, int], axes: list[str], vocabulary: Vocabulary
) -> Recognised | None:
    """Return the matrix right of its corner; columns of totals are left out, and without any other it is none."""
    top, left = corner
    row = grid.rows[top]
    labels = tuple((cell,) if isinstance(cell, str) else () for cell in row)
    header = Header(top, top, tuple(header_form(label[0]) if label else "" for label in labels), labels)
    across = [number for number, path in enumerate(header.paths) if number > left and path]
    columns = {number: axes[1] for number in across if header.paths[number] not in vocabulary.words["total"]}
    if not columns:
        return None
    return Recognised(kind, names, grid, header, {left: axes[0], **columns}, (), titles_above(grid, top))
