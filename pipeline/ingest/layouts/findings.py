"""What recognition finds on a sheet: tables of a known kind, tables that lack a column, and layouts laid out anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Literal

from pipeline.catalog import Kind
from pipeline.ingest.files.grids import Grid
from pipeline.ingest.layouts.headers import Header
from pipeline.ingest.layouts.pairs import Pair
from pipeline.ingest.vocabulary import DROP

Place = tuple[int, int]  # row and column of a cell, from 0
AroundClass = Literal["title", "header", "note", "unrecognised"]  # what a row without data may be


@dataclass(frozen=True)
class SheetNames:
    """Where a sheet stands: the path of its file relative to the folder read, and the sheet's name."""

    file: str
    sheet: str

    @cached_property
    def stem(self) -> str:
        """Return the file name without its ending."""
        return PurePosixPath(self.file).stem

    @cached_property
    def folders(self) -> str:
        """Return the folders above the file."""
        return str(PurePosixPath(self.file).parent)


@dataclass(frozen=True)
class Recognised:
    """A table of a known kind: its header and, by column number, the columns of the dictionary that it holds.

    ``grid`` is the whole sheet, or the sheet with every cell outside the table's region emptied, so that addresses stay
    right. ``doubled`` lists columns that two headers claim equally well: (column name, numbers); ``seconds`` those that
    are read where the first of them is empty. ``titles`` are the texts above the header, ``outer_titles`` those of the
    sheet, which also serve the tables further down.
    """

    kind: Kind
    names: SheetNames
    grid: Grid
    header: Header
    columns: Mapping[int, str]
    doubled: tuple[tuple[str, tuple[int, ...]], ...]
    titles: tuple[str, ...]
    outer_titles: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()  # texts below the table that a plain table laid out anew no longer holds
    pairs: tuple[Pair, ...] = ()  # columns that labels above the table supply: 姓名：张三
    is_matrix: bool = False  # rows and columns are both values: 评价小组＼被评小组
    relaid: "Relaid | None" = None
    lacking: tuple[str, ...] = ()  # amounts that another sheet of the bureau holds for the same rows
    seconds: tuple[tuple[str, tuple[int, ...]], ...] = ()

    @property
    def found(self) -> frozenset[str]:
        """Return the columns of the dictionary that headers and labels above them name, doubled ones too."""
        table = self if self.relaid is None else self.relaid.table
        beside = {pair.column for pair in self.pairs} | {name for name, _ in self.doubled}
        return frozenset(table.columns.values()) - {DROP} | beside

    @property
    def is_form(self) -> bool:
        """Tell whether the sheet is a form, or several: labels with their values, not a table."""
        return self.relaid is not None and self.relaid.unused is not None


@dataclass(frozen=True)
class MonthSum:
    """A sum over months in a table with months across: its cell, the column of the table that it sums, the cells of the
    months, and whether it says nothing as long as one of them is empty.
    """

    place: Place
    column: str
    parts: tuple[Place, ...]
    needs_all: bool


@dataclass(frozen=True)
class Relaid:
    """A form, or a table with months across, as the plain table that it stands for.

    ``table`` has a grid of its own with one header row; ``cells`` maps each of its cells to the real one and ``covers``
    each of its rows to the real rows behind it. ``classes`` says what the real rows without data are. ``unused`` are
    the cells of a form that are neither label nor value, ``None`` for any other table; ``unread`` are cells under a
    header of any table that speaks of no row of it. ``sums`` are those of months in its rows.
    """

    table: Recognised
    cells: Mapping[Place, Place]
    covers: Mapping[int, tuple[int, ...]]
    classes: Mapping[int, AroundClass]
    unused: Sequence[Place] | None = None
    unread: Sequence[Place] = ()
    sums: Sequence[MonthSum] = ()


@dataclass(frozen=True)
class AlmostRecognised:
    """A table that speaks for a kind but lacks columns without which no row can be used.

    ``nearest`` maps a missing column to the number of the unclaimed header that looks most like it, ``table`` is what
    would be read were nothing missing.
    """

    kind: Kind
    grid: Grid
    header: Header
    missing: tuple[str, ...]
    table: Recognised
    nearest: Mapping[str, int]


Finding = Recognised | AlmostRecognised
