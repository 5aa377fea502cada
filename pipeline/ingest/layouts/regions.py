"""Several tables on one sheet, below each other and side by side: the sheet is cut into regions, one table each.

A region is the sheet with every cell outside it emptied, so that all addresses stay right.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.ingest.files.grids import Cell, CellError, Grid, Row, count_non_empty_rows
from pipeline.ingest.layouts.findings import Finding, Recognised, SheetNames
from pipeline.ingest.layouts.forms import recognise_form
from pipeline.ingest.layouts.headers import MAX_COLUMNS, blocks_from, is_level, known_levels, merges_by_row
from pipeline.ingest.layouts.matrices import is_corner
from pipeline.ingest.layouts.monthwise import recognise_monthwise
from pipeline.ingest.layouts.recognise import recognise
from pipeline.ingest.layouts.rows import classify_rows
from pipeline.ingest.layouts.scoring import convincing_candidates
from pipeline.ingest.layouts.settling import with_columns_of_own_month
from pipeline.ingest.layouts.twocolumns import with_filled_columns
from pipeline.ingest.vocabulary import Vocabulary
from pipeline.ingest.wordforms import compact

MAX_STACKED_ROWS = 2000  # rows searched for a further header; a longer sheet is one ledger, and a search costs time
MAX_CUTS = 24  # places where two tables may meet side by side: as many as a screen is wide
HEAD_ROWS = 60  # rows below a header that show whether a part of the sheet is a table of its own
MIN_HEADERS = 2  # known headers in a row that begins a further table
MIN_LEFT_OVER = 2  # known headers that the first table does not use: there may be a second one beside it


def find_tables(grid: Grid, names: SheetNames, vocabulary: Vocabulary) -> tuple[Finding, ...]:
    """Return every table on a sheet, in the order of their rows; none for a sheet of no known kind."""
    monthwise = recognise_monthwise(grid, names, vocabulary)
    if monthwise is not None:
        return (monthwise,)
    whole = recognise(grid, names, vocabulary)
    is_table = isinstance(whole, Recognised)
    form = recognise_form(grid, names, vocabulary, beside_only=is_table)
    if form is not None and _is_form(form, whole, vocabulary):
        return (form,)
    tables = () if whole is None else _Cutter(names, vocabulary, whole).tables(grid)
    return tuple(with_filled_columns(with_columns_of_own_month(table), vocabulary) for table in tables)


def _is_form(form: Recognised, whole: Finding | None, vocabulary: Vocabulary) -> bool:
    """Tell whether a sheet is a form rather than a table: the form explains more, or it holds a value and the table no
    row at all. A header with nothing below it is a ledger that nobody filled in yet.
    """
    if not isinstance(whole, Recognised) or len(form.found) > len(whole.found):
        return True
    if whole.is_matrix or len(form.found) < len(whole.found):
        return False
    if len(whole.pairs) > len(whole.columns):
        return _holds_value(form)  # the last line of a form reads like a header under labels
    return _holds_value(form) and not classify_rows(whole, vocabulary).of("data")


def _holds_value(form: Recognised) -> bool:
    laid = () if form.relaid is None else form.relaid.table.grid.rows[1:]
    return any(cell is not None for row in laid for cell in row)


@dataclass(frozen=True)
class _Cutter:
    """Cuts one sheet; ``whole`` is what the sheet is taken for as long as it is not cut."""

    names: SheetNames
    vocabulary: Vocabulary
    whole: Finding

    def tables(self, grid: Grid) -> Iterator[Finding]:
        """Yield the tables of the sheet: first cut into columns, then each part into rows, then those into columns.

        The best table of a sheet need not be its first: what stands above it is cut off before.
        """
        first = self._first_title(grid, self.whole.header.top, -1)
        above = self._table_above(grid, first)
        if above is not None:
            yield from replace(self, whole=above).tables(above.grid)
            rest = cut_out(grid, rows=(first, len(grid.rows)))
            whole = self._recognise(rest, _titles_of(above))
            if whole is not None:
                yield from replace(self, whole=whole).tables(rest)
            return
        outer = self.whole.outer_titles if isinstance(self.whole, Recognised) else ()
        outer = outer or _titles_of(self.whole)
        for part in self._side_by_side(grid, self.whole, outer):
            for region in self._below_each_other(part, outer):
                if region is self.whole.grid:
                    yield self.whole
                    continue
                own_outer = () if region is grid else outer
                found = recognise(region, self.names, self.vocabulary, own_outer)
                if found is not None:
                    for piece in self._side_by_side(region, found, outer):
                        again = found if piece is region else self._recognise(piece, outer)
                        if again is not None:
                            yield again

    def _table_above(self, grid: Grid, stop: int) -> Finding | None:
        """Return a table with at least one row that stands above row ``stop``; labels with values are none."""
        if stop == 0:
            return None
        found = self._recognise(cut_out(grid, rows=(0, stop)), ())
        if found is None:
            return None
        pairs = self.whole.pairs if isinstance(self.whole, Recognised) else ()
        is_labels = any(found.header.top <= pair.label_place[0] <= found.header.bottom for pair in pairs)
        has_rows = any(any(cell is not None for cell in row) for row in grid.rows[found.header.bottom + 1 : stop])
        return found if has_rows and not is_labels else None

    def _recognise(self, grid: Grid, outer: tuple[str, ...]) -> Finding | None:
        return recognise(grid, self.names, self.vocabulary, outer)

    def _side_by_side(self, grid: Grid, found: Finding, outer: tuple[str, ...]) -> list[Grid]:
        """Cut a grid into columns where what stands left and right of an empty or repeated header are both tables."""
        if not self._may_have_neighbour(found):
            return [grid]
        header = found.header
        head = replace(grid, rows=grid.rows[: header.bottom + HEAD_ROWS])
        width = len(header.paths)
        for cut in _cuts([number for number, _ in header.named], header.paths):
            left = self._recognise(cut_out(head, columns=(0, cut)), outer)
            right = self._recognise(cut_out(head, columns=(cut, width)), outer)
            if isinstance(left, Recognised) and isinstance(right, Recognised) and not left.doubled:
                last = max(map(len, grid.rows))
                rest = cut_out(grid, columns=(cut, last))
                return [cut_out(grid, columns=(0, cut)), *self._side_by_side(rest, right, outer)]
        return [self._without_summary(grid, head, found, outer)]

    def _without_summary(self, grid: Grid, head: Grid, found: Finding, outer: tuple[str, ...]) -> Grid:
        """Return a grid without what stands behind an empty column and claims headers of the table over again.

        A summary beside a ledger (党小组, 件数) is none of it: with it nobody could tell which column is meant, and all
        rows would be lost. Its cells then lie outside every table, which is told.
        """
        if isinstance(found, Recognised) and found.doubled:
            for cut in _behind_gaps([number for number, _ in found.header.named]):
                left = self._recognise(cut_out(head, columns=(0, cut)), outer)
                if isinstance(left, Recognised) and _is_same(left, found):
                    return cut_out(grid, columns=(0, cut))
        return grid

    def _may_have_neighbour(self, found: Finding) -> bool:
        if isinstance(found, Recognised) and found.is_matrix:
            return False
        if len(found.header.named) > MAX_COLUMNS:  # tables beyond all screens; every cut copies the sheet
            return False
        columns = found.columns if isinstance(found, Recognised) else {}
        left_over = sum(
            number not in columns and any(is_level(label, self.vocabulary) for label in found.header.labels[number])
            for number, _ in found.header.named
        )
        return left_over >= MIN_LEFT_OVER

    def _below_each_other(self, grid: Grid, outer: tuple[str, ...]) -> list[Grid]:
        """Cut a grid into rows wherever a further header begins, with the titles right above it."""
        found = self.whole if grid is self.whole.grid else self._recognise(grid, outer)
        if found is None:
            return []
        starts = list(self._starts(grid, found))
        if not starts:
            return [grid]
        edges = [0, *starts, len(grid.rows)]
        return [cut_out(grid, rows=(first, stop)) for first, stop in pairwise(edges)]

    def _starts(self, grid: Grid, found: Finding) -> Iterator[int]:
        """Yield the first row, titles included, of every further table below the first one."""
        merges = merges_by_row(grid)
        header, titles = found.header, _titles_of(found)
        known = {_form(grid.rows[row]) for row in range(header.top, header.bottom + 1)}
        bottom = header.bottom
        for row in range(header.bottom + 1, min(len(grid.rows), MAX_STACKED_ROWS)):
            if row <= bottom or not self._begins_table(grid.rows[row]):
                continue
            first = self._first_title(grid, row, bottom)
            own = tuple(cell for cells in grid.rows[first:row] for cell in cells if isinstance(cell, str))
            if _form(grid.rows[row]) in known and set(own) <= set(titles):
                if _form(grid.rows[row]) == _form(grid.rows[header.top]):
                    bottom = row + header.bottom - header.top
                continue  # the same header again, as it is printed on every page
            head = cut_out(grid, rows=(first, min(len(grid.rows), row + HEAD_ROWS)))
            if any(map(self._is_corner, grid.rows[row])):
                table = self._recognise(head, titles)
                if isinstance(table, Recognised) and table.is_matrix:
                    titles, bottom = own, table.header.bottom
                    yield first
                continue
            headers = blocks_from(head, row, merges)
            found_here = convincing_candidates(head, headers, self.names, self.vocabulary, titles)
            complete = [entry for entry in found_here if not entry.missing]
            if complete:
                best = max(complete, key=lambda entry: entry.rank)
                titles, bottom = own, best.header.bottom
                known = {_form(grid.rows[number]) for number in range(row, bottom + 1)}
                yield first

    def _begins_table(self, row: Row) -> bool:
        """Tell whether a row may be a header: nothing but texts, and either half of them known or a corner first."""
        texts = [cell for cell in row if cell is not None]
        if len(texts) < MIN_HEADERS or any(cell.__class__ is not str for cell in texts):
            return False
        known = known_levels(row, self.vocabulary)
        return (known >= MIN_HEADERS and 2 * known >= len(texts)) or any(self._is_corner(cell) for cell in texts[:2])

    def _is_corner(self, cell: Cell | CellError) -> bool:
        return is_corner(cell, self.vocabulary)

    def _first_title(self, grid: Grid, top: int, after: int) -> int:
        """Return the first row of the titles right above row ``top`` and below row ``after``."""
        first = top
        for row in range(top - 1, after, -1):
            cells = [cell for cell in grid.rows[row] if cell is not None]
            if cells and not self._is_title(cells):
                break
            if cells:
                first = row
        return first

    def _is_title(self, cells: Sequence[object]) -> bool:
        """Tell whether a row reads like a title or like labels with values, and not like a row or a signature."""
        first = cells[0]
        if not isinstance(first, str):
            return False
        text = compact(first)
        words = self.vocabulary.words
        if any(text.startswith(word) for word in words["footer"]) or text.partition(":")[0] in words["total"]:
            return False
        is_label = is_level(text.partition(":")[0], self.vocabulary)
        return is_label or (all(isinstance(cell, str) for cell in cells[1:]) and len(cells) <= MIN_HEADERS)


def cut_out(grid: Grid, rows: tuple[int, int] | None = None, columns: tuple[int, int] | None = None) -> Grid:
    """Return the grid with every cell outside the given rows and columns (first, before which to stop) emptied."""
    first, stop = rows or (0, len(grid.rows))
    left, right = columns or (0, max(map(len, grid.rows), default=0))
    blank: Row = (None,) * left
    kept: list[Row] = [()] * first
    for row in grid.rows[first:stop]:
        kept.append(row if columns is None else (*blank, *row[left:right]) if len(row) > left else ())
    merges = tuple(
        merged for merged in grid.merges if first <= merged[0] < stop and left <= merged[1] < max(right, left + 1)
    )
    percent, shifted = (
        tuple(cell for cell in cells if first <= cell[0] < stop and left <= cell[1] < right)
        for cells in (grid.percent_cells, grid.shifted_cells)
    )
    hidden = tuple(row for row in grid.hidden_rows if first <= row < stop)
    return replace(
        grid,
        rows=tuple(kept),
        merges=merges,
        physical_rows=count_non_empty_rows(kept),
        hidden_rows=hidden,
        struck_rows=tuple(row for row in grid.struck_rows if first <= row < stop),
        percent_cells=percent,
        shifted_cells=shifted,
    )


def _titles_of(found: Finding) -> tuple[str, ...]:
    rows = found.grid.rows[: found.header.top]
    return tuple(cell for row in rows for cell in row if isinstance(cell, str))


def _form(row: Row) -> tuple[str, ...]:
    texts = [compact(cell) if isinstance(cell, str) else "" for cell in row]
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts)


def _cuts(named: Sequence[int], paths: Sequence[str]) -> list[int]:
    """Return the columns at which a second table may begin: behind an empty one, or where the first header is again."""
    if not named:
        return []
    repeats = {number for number in named[1:] if paths[number] == paths[named[0]]}
    return sorted({*_behind_gaps(named)} | repeats)[:MAX_CUTS]


def _is_same(left: Recognised, whole: Recognised) -> bool:
    """Tell whether the left part of a table holds all that the whole table holds, each column once."""
    return not left.doubled and (left.kind, left.found) == (whole.kind, whole.found)


def _behind_gaps(named: Sequence[int]) -> list[int]:
    return [number for before, number in pairwise(named) if number > before + 1][:MAX_CUTS]
