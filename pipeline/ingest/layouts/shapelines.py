"""The non-empty rows of a part of any sheet, every cell told as a number, a year or words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from pipeline.ingest.files.grids import Cell, CellError, Grid, MergedRange
from pipeline.ingest.vocabulary import Vocabulary
from pipeline.ingest.wordforms import cell_text, compact

CellKind = Literal["number", "mark", "year", "word"]  # a mark stands in place of a number: —, …, (注1)
FIRST_YEAR, LAST_YEAR = 1900, 2100  # whole numbers between them may be years and so stand in a header
FOOTNOTE_MARK = r"\((?:注|\[)?[\d一二三四五六七八九十*]*\]?\)|\[\d+\]"  # (注1), [2]: says where to read on
_BRACKETS = re.compile(r"\([^()]*\)")
_CAPTION = re.compile(r"(?!其中)[^\d:]+:(?!//)")  # 单位：亿元, 填报日期：… above the header; neither 其中：… nor 8:30


@dataclass(frozen=True)
class Line:
    """One non-empty row between two columns of a sheet.

    ``cells`` are (column, compact text, kind) of its cells; ``covered`` the columns of a label that a range merged
    downwards carries into this row. ``spans`` maps a column to the last column of a range merged to the right from it;
    the tallest range that begins in the row is ``depth`` rows high.
    """

    number: int
    cells: tuple[tuple[int, str, CellKind], ...]
    covered: frozenset[int]
    spans: Mapping[int, int]
    depth: int
    follows_gap: bool

    @cached_property
    def values(self) -> frozenset[int]:
        """Columns that hold a number, or a mark in place of one."""
        return self.numbers | self._columns("mark")

    @cached_property
    def numbers(self) -> frozenset[int]:
        """Columns that hold a number."""
        return self._columns("number")

    @cached_property
    def years(self) -> frozenset[int]:
        """Columns that hold what may be a year or a date."""
        return self._columns("year")

    @cached_property
    def words(self) -> frozenset[int]:
        """Columns that hold any other text."""
        return self._columns("word")

    @property
    def width(self) -> int:
        """How many columns are filled, labels carried down included."""
        return len(self.cells) + len(self.covered)

    @property
    def text(self) -> str:
        """The first cell."""
        return self.cells[0][1]

    @property
    def column(self) -> int:
        """The column of the first cell."""
        return self.cells[0][0]

    @cached_property
    def is_speech(self) -> bool:
        """Tell whether the row holds nothing but one text, alone or repeated where merged cells once were."""
        texts = {text for _, text, _ in self.cells}
        return len(texts) == 1 and not self.covered and len(self.words) == len(self.cells)

    @cached_property
    def is_caption(self) -> bool:
        """Tell whether several cells are captions with a colon: 单位：亿元 | 填报日期：2024年5月."""
        return not self.values and any(_CAPTION.match(_BRACKETS.sub("", text)) for _, text, _ in self.cells)

    @property
    def texts(self) -> tuple[tuple[int, str], ...]:
        """Every cell with its column: rows that are equal repeat each other."""
        return tuple((column, text) for column, text, _ in self.cells)

    def _columns(self, kind: CellKind) -> frozenset[int]:
        return frozenset(column for column, _, own in self.cells if own == kind)


class CellReader:
    """Tells numbers, years and words apart; a text is looked at once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        words = vocabulary.words
        counted = {word for name in words if name.startswith("counter_") for word in words[name]}
        units = "|".join(
            re.escape(unit) for unit in sorted({*words["after_number"], *vocabulary.units, *counted}, key=len)[::-1]
        )
        number = r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?<=[\d])"
        self._number = re.compile(
            rf"[(<>≥≤~约]*{number}(?:{units})?\)?(?:-|[*#]+|\(.*\)|{FOOTNOTE_MARK})?", re.IGNORECASE
        )
        self._mark = re.compile(FOOTNOTE_MARK)
        self._absent = words["empty"] | words["no_value"]
        self._known: dict[str, tuple[str, CellKind]] = {}

    def read(self, cell: Cell | CellError) -> tuple[str, CellKind]:
        """Return the compact text of a cell that is not empty, and its kind."""
        if isinstance(cell, str):
            known = self._known.get(cell)
            if known is None:
                text = compact(cell)
                known = self._known[cell] = (text, self._kind_of_text(text))
            return known
        if isinstance(cell, date):
            return cell_text(cell), "year"
        text = cell_text(cell)
        return text, "year" if _is_year(text) else "number"

    def _kind_of_text(self, text: str) -> CellKind:
        if _is_year(text):
            return "year"
        if text in self._absent or self._mark.fullmatch(text):
            return "mark"
        return "number" if self._number.fullmatch(text) else "word"


def read_lines(grid: Grid, reader: CellReader, rows: Sequence[int], left: int, right: int) -> list[Line]:
    """Return the non-empty ones of ``rows`` between two columns (both included)."""
    covered, spans, depths = _merged(grid.merges, grid, left, right)
    lines = []
    last = -2
    for number in rows:
        cells = tuple(
            (column, *reader.read(cell))
            for column, cell in enumerate(grid.rows[number][left : right + 1], start=left)
            if cell is not None
        )
        if cells:
            filled = {column for column, _, _ in cells}
            carried = frozenset(covered.get(number, frozenset()) - filled)
            lines.append(Line(number, cells, carried, spans.get(number, {}), depths.get(number, 1), number != last + 1))
            last = number
    return lines


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isascii() and text.isdigit() and FIRST_YEAR <= int(text) <= LAST_YEAR


def _merged(
    merges: Sequence[MergedRange], grid: Grid, left: int, right: int
) -> tuple[dict[int, set[int]], dict[int, dict[int, int]], dict[int, int]]:
    """Return row -> columns that a filled range covers from above, row -> column -> last column, row -> depth."""
    covered: dict[int, set[int]] = {}
    spans: dict[int, dict[int, int]] = {}
    depths: dict[int, int] = {}
    for top, column, bottom, last in merges:
        if not left <= column <= right or top >= len(grid.rows):
            continue
        if last > column:
            spans.setdefault(top, {})[column] = last
        cells = grid.rows[top]
        depths[top] = max(depths.get(top, 1), bottom - top + 1)
        if column < len(cells) and cells[column] is not None:
            for row in range(top + 1, min(bottom + 1, len(grid.rows))):
                covered.setdefault(row, set()).add(column)
    return covered, spans, depths
