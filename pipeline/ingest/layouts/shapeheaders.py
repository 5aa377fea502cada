"""Where the tables of any sheet begin and which of their rows are headers: words above columns of numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.ingest.layouts.headers import MAX_LEVELS
from pipeline.ingest.layouts.rowwords import RowWords
from pipeline.ingest.layouts.shapelines import Line

MIN_WIDTH = 2  # a row of a table fills at least two columns; one that fills a single one is a text


def split_tables(lines: Sequence[Line], words: RowWords) -> list[Sequence[Line]]:
    """Cut the rows of a sheet where a further table begins below one that is complete, its titles included."""
    starts = [0]
    table = _Growing()
    for index, line in enumerate(lines):
        if table.has_body and not is_aside(line):
            titles = _titles_before(lines, index, words)
            if _begins_numbers(lines, index, table, titles < index) or _begins_texts(lines, index, table, titles):
                starts.append(titles)
                table = _Growing()
        table.add(line)
    return [lines[start:end] for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]


@dataclass
class _Growing:
    """What is known of a table while its rows are gone through."""

    texts: set[tuple[tuple[int, str], ...]] = field(default_factory=set)
    wide: int = 0  # rows of several cells
    has_numbers: bool = False

    @property
    def has_body(self) -> bool:
        """Tell whether there are rows below the header already."""
        return self.has_numbers or self.wide > MIN_WIDTH

    def add(self, line: Line) -> None:
        """Take one more row in."""
        if not is_aside(line):
            self.wide += 1
            self.has_numbers = self.has_numbers or bool(line.numbers)
            self.texts.add(line.texts)


def number_columns(lines: Sequence[Line]) -> frozenset[int]:
    """Return the columns in which the body below a header holds numbers more often than words."""
    first = _first_numbers(lines)
    if first is None:
        return frozenset()
    balance: dict[int, int] = {}
    for line in lines[first:]:
        for column, _, kind in line.cells:
            balance[column] = balance.get(column, 0) + (1 if kind != "word" else -1)
    return frozenset(column for column, count in balance.items() if count > 0)


def find_header(lines: Sequence[Line], numbers: frozenset[int]) -> range | None:
    """Return the positions of a table's header rows; ``None`` when its first row holds data or it is no table.

    A row belongs to the header as long as it has words where the rows below have numbers; without any numbers the
    first row is the header, with as many rows as its merged cells reach down.
    """
    first = _first_numbers(lines)
    end = len(lines) if first is None else first
    top = next((index for index in range(end) if _may_head(lines, index, end, numbers)), None)
    if top is None or (first is None and not any(line.width >= MIN_WIDTH for line in lines[top + 1 :])):
        return None
    bottom = top
    while bottom + 1 < end and bottom + 1 < top + MAX_LEVELS and _continues(lines, top, bottom, numbers):
        bottom += 1
    if top > 0 and bottom + 1 - top < MAX_LEVELS and _is_group_row(lines[top - 1], lines[top]):
        top -= 1
    return range(top, bottom + 1)


def is_aside(line: Line) -> bool:
    """Tell whether a row is no row of a table: one text, or captions with a colon."""
    return line.is_speech or line.is_caption or line.width < MIN_WIDTH


def _first_numbers(lines: Sequence[Line]) -> int | None:
    """Return the position of the first row of numbers with a label; years alone may be a header."""
    for index, line in enumerate(lines):
        if line.width < MIN_WIDTH or not (line.numbers or line.years):
            continue
        if line.numbers or not _are_headings(lines, index):
            return index
    return None


def _are_headings(lines: Sequence[Line], index: int) -> bool:
    """Tell whether the years of a row stand above numbers: each another one, and other numbers below."""
    line = lines[index]
    years = [text for column, text, _ in line.cells if column in line.years]
    below = lines[index + 1 : index + 1 + MAX_LEVELS]
    is_alone = len(years) == 1 and any(not is_aside(lines[earlier]) for earlier in range(index))
    return len(set(years)) == len(years) and not is_alone and any(other.values & line.years for other in below)


def _may_head(lines: Sequence[Line], index: int, end: int, numbers: frozenset[int]) -> bool:
    """Tell whether a row and those directly below it have words over at least half of the numbers."""
    line = lines[index]
    if is_aside(line):
        return False
    below = 1
    named = line.words | line.years
    while index + below < min(end, index + MAX_LEVELS) and not lines[index + below].follows_gap:
        named |= lines[index + below].words | lines[index + below].years
        below += 1
    spanned = {column for first, last in line.spans.items() for column in range(first, last + 1) if first in named}
    return len((named | spanned) & numbers) * 2 >= len(numbers)


def _continues(lines: Sequence[Line], top: int, bottom: int, numbers: frozenset[int]) -> bool:
    """Tell whether the row after ``bottom`` is one more level of the header."""
    line = lines[bottom + 1]
    reached = any(line.number in range(*_reach(above)) for above in lines[top : bottom + 1])
    if reached or not numbers:
        return reached
    if line.follows_gap or line.is_caption or line.values & numbers:
        return False
    above = frozenset().union(*(upper.words | upper.years for upper in lines[top : bottom + 1]))
    is_units = line.is_speech and len(line.cells) == 1 and line.column > min(above) and line.column in numbers
    if line.is_speech and not is_units:
        return False
    named = (line.words | line.years) & numbers
    is_labelled = line.column == min(above) and line.text not in {upper.text for upper in lines[top : bottom + 1]}
    return named == numbers and len(numbers) >= MIN_WIDTH if is_labelled else bool(named)


def _reach(line: Line) -> tuple[int, int]:
    """Return the rows that the merged cells of a header row show to belong to it: (first, end)."""
    parted = [first for first, last in line.spans.items() if last > first]
    fills_all = len(parted) == 1 and len(line.cells) == 1
    depth = max(line.depth, 2 if parted and not fills_all else 1)
    return line.number, line.number + depth


def _is_group_row(line: Line, top: Line) -> bool:
    """Tell whether the row above a header is a level of it: one text merged over columns right of the first."""
    is_over = line.is_speech and line.column > top.column and line.spans.get(line.column, 0) > line.column
    return is_over and not top.follows_gap


def _titles_before(lines: Sequence[Line], index: int, words: RowWords) -> int:
    """Return the position of the first of the titles directly above a row; the row's own where there are none."""
    while (
        index > 0
        and not lines[index].follows_gap
        and is_aside(lines[index - 1])
        and not words.is_note(lines[index - 1].text)
    ):
        index -= 1
    return index


def _begins_numbers(lines: Sequence[Line], index: int, table: _Growing, is_title_apart: bool) -> bool:
    """Tell whether a row is the header of a further table: words right above numbers, and not the header again."""
    line = lines[index]
    if line.values or (line.years and not _are_headings(lines, index)):
        return False
    is_again = line.texts in table.texts
    below = next((other for other in lines[index + 1 : index + 1 + MAX_LEVELS] if other.values), None)
    if below is None or (is_again and not is_title_apart):
        return False
    levels = [other for other in lines[index : index + 1 + MAX_LEVELS] if other.number < below.number]
    named = frozenset().union(*(level.words | level.years for level in levels))
    over = named & below.values
    if is_title_apart or line.follows_gap:
        return len(over) * 2 >= len(below.values)
    texts = {text for _, text, _ in line.cells}
    return over == below.values and len(over) >= MIN_WIDTH and len(texts) == len(line.cells)


def _begins_texts(lines: Sequence[Line], index: int, table: _Growing, titles: int) -> bool:
    """Tell whether a row is the header of a further table of texts: under a title that stands apart."""
    if titles == index or not lines[titles].follows_gap or lines[index].values or lines[index].years:
        return False
    if lines[index].texts in table.texts:
        return True
    body = lines[index + 1 : index + 2]
    return table.has_numbers and bool(body) and not body[0].values and not is_aside(body[0])
