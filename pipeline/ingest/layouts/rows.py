"""What each row of a recognised sheet is: title, header, data, total or note."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.ingest.files.grids import Cell, CellError, Grid, Row
from pipeline.ingest.layouts.recognise import Recognised
from pipeline.ingest.vocabulary import DROP, Vocabulary
from pipeline.ingest.wordforms import compact, header_form

RowClass = Literal["title", "header", "data", "total", "note", "unrecognised"]
KEY_DTYPES = frozenset({"text", "identifier", "date", "month", "party_group", "member"})
MAX_TOTAL_LABEL = 12  # characters; a longer text that ends in 合计 is a sentence


@dataclass(frozen=True)
class ClassifiedRows:
    """Row number (from 0) -> class for every non-empty row; ``among`` are the data rows that a 其中 introduces.

    ``labels`` holds the label of each total row, ``headings`` the text of each section's heading below the header.
    """

    classes: Mapping[int, RowClass]
    labels: Mapping[int, str]
    among: frozenset[int]
    headings: Mapping[int, str]

    def of(self, wanted: RowClass) -> list[int]:
        """Return the rows of one class, in order."""
        return [row for row, class_ in self.classes.items() if class_ == wanted]


def classify_rows(sheet: Recognised, vocabulary: Vocabulary) -> ClassifiedRows:
    """Tell every row of a sheet by the texts at its left and by which columns of the table it fills."""
    judge = _Judge(sheet, vocabulary)
    classes: dict[int, RowClass] = {}
    labels: dict[int, str] = {}
    headings: dict[int, str] = {}
    among = set()
    for number, row in enumerate(sheet.grid.rows):
        filled = [(column, cell) for column, cell in enumerate(row) if cell is not None]
        if not filled:
            continue
        if number < sheet.header.top:
            classes[number] = "note" if judge.is_footer(filled) else "title"
        elif number <= sheet.header.bottom:
            classes[number] = "header"
        else:
            classes[number] = judge.class_of(filled, row, number)
            label = judge.label(filled)
            if classes[number] == "total":
                labels[number] = label
            elif classes[number] == "data" and judge.is_among(label):
                among.add(number)
            elif classes[number] == "title":
                headings[number] = label
    return ClassifiedRows(_close(classes), labels, frozenset(among), headings)


def merged_anchors(sheet: Recognised) -> Mapping[tuple[int, int], tuple[int, int]]:
    """Return (row, column) -> the first cell of its range for cells that a range merged downwards covers."""
    anchors: dict[tuple[int, int], tuple[int, int]] = {}
    for first_row, column, last_row, _ in sheet.grid.merges:
        if last_row > first_row > sheet.header.bottom and column in sheet.columns:
            covered = range(first_row + 1, min(last_row + 1, len(sheet.grid.rows)))
            anchors |= {(row, column): (first_row, column) for row in covered}
    return anchors


def cell_at(grid: Grid, row: int, column: int) -> Cell | CellError:
    """Return one cell; ``None`` beyond the end of a row."""
    cells = grid.rows[row]
    return cells[column] if column < len(cells) else None


class _Judge:
    """The words and columns by which the rows of one sheet are told apart."""

    def __init__(self, sheet: Recognised, vocabulary: Vocabulary) -> None:
        self._words = vocabulary.words
        self._mapped = {column for column, name in sheet.columns.items() if name != DROP}
        columns = vocabulary.columns_of(sheet.kind)
        self._keys = [
            number
            for number, name in sheet.columns.items()
            if name in columns and columns[name].required and columns[name].dtype in KEY_DTYPES
        ]
        self._wide = {(row, column) for row, column, _, last in sheet.grid.merges if last > column}
        self._headers = [_form(sheet.grid.rows[row]) for row in range(sheet.header.top, sheet.header.bottom + 1)]

    def class_of(self, filled: Sequence[tuple[int, Cell | CellError]], row: Row, row_number: int) -> RowClass:
        """Return the class of one row below the header; one prepared and never filled in (5, 无, —) is a note."""
        if len(filled) > 1 and _form(row) in self._headers:
            return "header"
        if self.is_footer(filled):
            return "note"
        label = self.label(filled)
        mapped = [column for column, _ in filled if column in self._mapped]
        if self._is_total(label) and not self._has_all_keys(filled):
            return "total"
        if self.is_among(label) and len(filled) == 1:
            return "note"
        if self._is_heading(filled, row_number, mapped):
            return "title"
        if not mapped and len(filled) > 1:
            return "unrecognised"
        return "data" if any(not self._is_empty(cell) for column, cell in filled if column in self._mapped) else "note"

    def label(self, filled: Sequence[tuple[int, Cell | CellError]]) -> str:
        """Return the first of the two leftmost cells that is a total word or begins with 其中; else the first text."""
        texts = [compact(cell) for _, cell in filled[:2] if isinstance(cell, str)]
        speaking = [text for text in texts if text in self._words["total"] or self.is_among(text)]
        return (speaking or texts or [""])[0]

    def is_among(self, label: str) -> bool:
        """Tell whether a label begins with 其中."""
        return any(label.startswith(word) for word in self._words["among"])

    def is_footer(self, filled: Sequence[tuple[int, Cell | CellError]]) -> bool:
        """Tell whether a row starts like a note or a signature line: 注：…, 制表人：…, 支部书记签字：…"""
        first = filled[0][1]
        if not isinstance(first, str):
            return False
        text = compact(first)
        words = self._words["footer"]
        speaks = any(f"{text}:".startswith(word) for word in words) or (
            ":" in text and any(word in text for word in words)
        )
        return speaks and (":" in text or not self._has_all_keys(filled))

    def _is_heading(
        self, filled: Sequence[tuple[int, Cell | CellError]], row_number: int, mapped: Sequence[int]
    ) -> bool:
        """Tell whether a row is the heading of a section: one text outside the table's columns, or merged over some."""
        column, cell = filled[0]
        return len(filled) == 1 and isinstance(cell, str) and (not mapped or (row_number, column) in self._wide)

    def _is_empty(self, cell: Cell | CellError) -> bool:
        return isinstance(cell, str) and compact(cell) in self._words["empty"]

    def _is_total(self, label: str) -> bool:
        """Tell whether a label is that of a total: 合计, 一季度小计, 合计(箱), 合计：2起."""
        words = self._words["total"]
        bare = header_form(label).partition(":")[0]
        return bare in words or (len(bare) <= MAX_TOTAL_LABEL and any(bare.endswith(word) for word in words))

    def _has_all_keys(self, filled: Sequence[tuple[int, Cell | CellError]]) -> bool:
        """Tell whether every key column holds something other than a total word: no total row looks like that."""
        held = {column for column, cell in filled if not (isinstance(cell, str) and self._is_total(compact(cell)))}
        return bool(self._keys) and held.issuperset(self._keys)


def _form(row: Row) -> tuple[str, ...]:
    return tuple(compact(cell) if isinstance(cell, str) else "" for cell in row)


def _close(classes: dict[int, RowClass]) -> dict[int, RowClass]:
    """Turn headings after the last row of the table into notes: nothing stands under them."""
    body = [row for row, class_ in classes.items() if class_ in ("data", "total")]
    last = body[-1] if body else max(classes, default=0)
    return {row: "note" if class_ == "title" and row > last else class_ for row, class_ in classes.items()}
