"""Why a sheet was taken for what it is: its tables, the kinds it was weighed against, and a reason for every row."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.ingest.files.grids import Grid
from pipeline.ingest.layouts.findings import Finding, Recognised, Relaid, SheetNames
from pipeline.ingest.layouts.guides import is_guide
from pipeline.ingest.layouts.headers import is_level
from pipeline.ingest.layouts.reasons import RowReason
from pipeline.ingest.layouts.regions import find_tables
from pipeline.ingest.layouts.rows import classify_rows
from pipeline.ingest.layouts.scoring import Candidate, rank_candidates
from pipeline.ingest.layouts.shapes import SheetShape, describe_tables
from pipeline.ingest.vocabulary import DROP, LEVEL, Vocabulary
from pipeline.ingest.wordforms import cell_text, header_form, plain

ExplainedClass = str  # a class of `rows.RowClass` or `shaperows.ShapeClass`, or "rejected"
Explained = tuple[ExplainedClass, RowReason]

# A row that belongs to two tables side by side is shown as what comes first here.
PRECEDENCE = ("data", "rejected", "total", "section", "header", "title", "note", "unrecognised")
HIDDEN = "***"
_PERSONAL = re.compile(
    r"(?<!\d)(?:1\d{2}[- ]?[\d*]{4}[- ]?[\d*]{4}|\d{6}(?:19|20)\d{9}[\dXx])(?!\d)"
)  # mobile, identity


@dataclass(frozen=True)
class SheetExplanation:
    """What a sheet was taken for.

    ``tables`` are those of a known kind or nearly so, ``candidates`` every kind with a header in common, the likeliest
    first; ``shape`` describes a sheet without such a table. ``rows``: row number (from 0) -> (class, reason) of every
    non-empty row. ``personal`` maps a column to the row of its header: what stands below is never shown.
    """

    grid: Grid
    names: SheetNames
    is_guide: bool
    tables: tuple[Finding, ...]
    candidates: tuple[Candidate, ...]
    shape: SheetShape | None
    rows: Mapping[int, Explained]
    personal: Mapping[int, int] = field(default_factory=dict)

    def texts(self, row: int) -> list[str]:
        """Return the cells of a row as they may be shown: without personal data."""
        shown = []
        is_beside = False  # of a label such as 手机号: in a form the number stands right of it
        for column, cell in enumerate(self.grid.rows[row]):
            if cell is None:
                continue
            is_label = self.personal.get(column) == row
            is_hidden = self.personal.get(column, row) < row or (is_beside and not is_label)
            shown.append(HIDDEN if is_hidden and not is_label else mask(plain(cell_text(cell))))
            is_beside = is_label and any(character.isdigit() for character in _right_of(self.grid, row, column))
        return shown


def explain_sheet(grid: Grid, names: SheetNames, vocabulary: Vocabulary) -> SheetExplanation:
    """Recognise a sheet as reading does, and keep every reason; never raises because of what is in it."""
    if is_guide(grid):
        rows = {number: ("note", RowReason("guide")) for number in _filled_rows(grid)}
        return SheetExplanation(grid, names, True, (), (), None, rows)
    tables = find_tables(grid, names, vocabulary)
    candidates = tuple(rank_candidates(grid, names, vocabulary))
    personal = _personal_columns(grid, vocabulary)
    if not tables:
        shape = describe_tables(grid, vocabulary)
        return SheetExplanation(grid, names, False, (), candidates, shape, dict(shape.rows), personal)
    found: dict[int, Explained] = {number: ("unrecognised", RowReason("no_table")) for number in _filled_rows(grid)}
    for table in tables:
        for number, verdict in _rows_of(table, vocabulary).items():
            if PRECEDENCE.index(verdict[0]) <= PRECEDENCE.index(found[number][0]):
                found[number] = verdict
    return SheetExplanation(grid, names, False, tables, candidates, None, found, personal)


def mask(text: str) -> str:
    """Return a text without mobile and identity numbers."""
    return _PERSONAL.sub(HIDDEN, text)


def _filled_rows(grid: Grid) -> list[int]:
    return [number for number, row in enumerate(grid.rows) if any(cell is not None for cell in row)]


def _right_of(grid: Grid, row: int, column: int) -> str:
    """Return the next cell of a row, as text."""
    cells = grid.rows[row]
    return next((cell_text(cell) for cell in cells[column + 1 :] if cell is not None), "")


def _rows_of(table: Finding, vocabulary: Vocabulary) -> dict[int, Explained]:
    if not isinstance(table, Recognised):
        return _rows_of_almost(table.grid, table.header.top, table.header.bottom)
    if table.relaid is not None:
        return _rows_of_relaid(table.relaid, vocabulary)
    classified = classify_rows(table, vocabulary)
    return {row: (class_, classified.reasons[row]) for row, class_ in classified.classes.items()}


def _rows_of_almost(grid: Grid, top: int, bottom: int) -> dict[int, Explained]:
    """Return the rows of a table that lacks a column: nothing below its header can be used."""
    found: dict[int, Explained] = {}
    for row in _filled_rows(grid):
        if row < top:
            found[row] = ("title", RowReason("above_header"))
        elif row <= bottom:
            found[row] = ("header", RowReason("header_level", level=row - top + 1, levels=bottom - top + 1))
        else:
            found[row] = ("rejected", RowReason("column_missing"))
    return found


def _rows_of_relaid(relaid: Relaid, vocabulary: Vocabulary) -> dict[int, Explained]:
    """Return the real rows behind the plain table that a form or a table with months across stands for."""
    found: dict[int, Explained] = {row: (class_, RowReason("laid_out")) for row, class_ in relaid.classes.items()}
    classified = classify_rows(relaid.table, vocabulary)
    for row, class_ in classified.classes.items():
        if row == relaid.table.header.bottom:
            continue  # the header of the plain table is no row of the sheet
        for real in relaid.covers.get(row, (row,)):
            if real not in found or PRECEDENCE.index(class_) < PRECEDENCE.index(found[real][0]):
                found[real] = (class_, RowReason("laid_out") if class_ == "data" else classified.reasons[row])
    return found


def _personal_columns(grid: Grid, vocabulary: Vocabulary) -> dict[int, int]:
    """Return column -> row of the first header that the catalog marks as personal data, of whatever kind."""
    forms = {form.rpartition(LEVEL)[2] for form, kinds in vocabulary.headers.items() if DROP in kinds.values()}
    found: dict[int, int] = {}
    for number, row in enumerate(grid.rows):
        for column, cell in enumerate(row):
            is_header = isinstance(cell, str) and is_level(cell, vocabulary) and header_form(cell) in forms
            if is_header and column not in found:
                found[column] = number
    return found
