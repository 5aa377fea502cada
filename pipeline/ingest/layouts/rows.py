"""What each row of a recognised sheet is: title, header, data, total or note, and why."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pipeline import periods
from pipeline.ingest.files.grids import Cell, CellError, Grid, Row, cell_address
from pipeline.ingest.layouts.headers import NUMBER_DTYPES
from pipeline.ingest.layouts.numberings import numbers_columns
from pipeline.ingest.layouts.plannedrows import find_planned_rows
from pipeline.ingest.layouts.preparedrows import find_prepared_rows
from pipeline.ingest.layouts.reasons import RowReason
from pipeline.ingest.layouts.recognise import Recognised
from pipeline.ingest.layouts.rowwords import RowWords
from pipeline.ingest.layouts.smalltables import NeededColumns, find_small_tables, holds_amounts
from pipeline.ingest.vocabulary import DROP, Vocabulary
from pipeline.ingest.wordforms import compact

RowClass = Literal["title", "header", "data", "total", "note", "unrecognised"]
KEY_DTYPES = frozenset({"text", "identifier", "date", "month", "party_group", "member", "subject"})

COUNTED = NUMBER_DTYPES | {"date", "month"}  # dtypes of which every value holds a digit, or stands for nothing
PERIODS = frozenset({"month", "quarter", "year"})
MAX_LOOKED_AT = 2000  # rows each of which may begin a further table; of a longer ledger those that lack a key
MAX_TITLE = 20  # characters by which a row may be known to repeat a title; the whole of it is compared then
MIN_LABELS = 2  # texts with a colon at their end in a line to be signed; one may be a name with a slip behind it
MIN_BESIDE = 2  # filled columns beside a note word that may be a record; one is a name or a day beside 审核人：

_LABEL = re.compile(r"[\u4e00-\u9fff]{2,10}:")  # 考核组成员：
_SENTENCE = re.compile(r"[,，。;；!！]")
_DATE_LINE = re.compile(r"(?:\d{4})?年(?:\d{1,2})?月(?:\d{1,2})?日")  # 2021年11月3日, and 年月日 to be written by hand

Filled = Sequence[tuple[int, Cell | CellError]]  # (column, cell) of the cells of a row that hold something


@dataclass(frozen=True)
class ClassifiedRows:
    """Row number (from 0) -> class for every non-empty row; ``among`` are the data rows that a 其中 introduces.

    ``labels`` holds the label of each total row, ``headings`` the text of each section's heading below the header.
    ``reasons`` says of every non-empty row why it is of its class. ``lone`` are data rows called after the total of a
    group: one may stand for the group's row, or sum rows that a total counts already.
    """

    classes: Mapping[int, RowClass]
    labels: Mapping[int, str]
    among: frozenset[int]
    headings: Mapping[int, str]
    reasons: Mapping[int, RowReason] = field(default_factory=dict)
    lone: frozenset[int] = frozenset()

    def of(self, wanted: RowClass) -> list[int]:
        """Return the rows of one class, in order."""
        return [row for row, class_ in self.classes.items() if class_ == wanted]


def classify_rows(sheet: Recognised, vocabulary: Vocabulary) -> ClassifiedRows:
    """Tell every row of a sheet by the texts at its left and by which columns of the table it fills."""
    judge = _Judge(sheet, vocabulary)
    classes: dict[int, RowClass] = {}
    reasons: dict[int, RowReason] = {}
    labels: dict[int, str] = {}
    headings: dict[int, str] = {}
    among = set()
    plain = judge.plain_row
    bottom = sheet.header.bottom
    for number, row in enumerate(sheet.grid.rows):
        if number > bottom + 1 and (reason := plain(row)) is not None:  # nearly all rows of a long table
            classes[number], reasons[number] = "data", reason
            continue
        filled = [(column, cell) for column, cell in enumerate(row) if cell is not None]
        if not filled:
            continue
        class_, reason = judge.judge(filled, row, number)
        classes[number], reasons[number] = class_, reason
        if number > bottom:
            label = judge.label(filled)
            if class_ == "total":
                labels[number] = label
            elif class_ == "data" and judge.words.is_among(label):
                among.add(number)
            elif reason.code == "heading":
                headings[number] = label
    odd = {row for row in classes if len(classes) <= MAX_LOOKED_AT or reasons[row] is not _KEYS}
    for number in find_small_tables(sheet.grid, classes, odd, judge.needed, vocabulary):
        classes[number], reasons[number] = "unrecognised", RowReason("small_table")
        among.discard(number)
    for number, reason in find_planned_rows(sheet, classes, vocabulary).items():
        classes[number], reasons[number] = "note", reason
        among.discard(number)
        labels.pop(number, None)
    anchors, dittos = merged_anchors(sheet), [*map(compact, vocabulary.catalog.words_of("ditto"))]
    for number in find_prepared_rows(sheet.grid, classes, judge.dtypes, anchors, judge.words.is_empty, dittos):
        classes[number], reasons[number] = "note", RowReason("nothing_filled")
    _close(classes, reasons)
    return ClassifiedRows(classes, labels, frozenset(among), headings, reasons)


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
        self._header = sheet.header
        forms = vocabulary.forms[sheet.kind.kind].items()
        self._saying = {form for form, name in forms if name in sheet.kind.context}  # labels that rows may stand below
        self._following = [cell for row in sheet.grid.rows[sheet.header.bottom + 2 :][:1] for cell in row]
        self._mapped = {column for column, name in sheet.columns.items() if name != DROP}
        axis = {min(sheet.columns)} if sheet.is_matrix else set()  # who rates is printed beforehand, and is no value
        self._valued = self._mapped - axis
        columns = vocabulary.columns_of(sheet.kind)
        self.dtypes = {n: columns[name].dtype for n, name in sheet.columns.items() if name in columns}
        together = vocabulary.stated_together(sheet.kind)
        self._required = [n for n in self.dtypes if sheet.columns[n] in together]
        self._keys = [n for n in self._required if self.dtypes[n] in KEY_DTYPES]
        empty = vocabulary.words["empty"].union(map(compact, vocabulary.catalog.words_of("ditto")))
        counted = [n for n, dtype in self.dtypes.items() if dtype in COUNTED and not sheet.is_matrix]
        self.needed = NeededColumns(
            self._required,
            counted,
            [n for n in self._required if self.dtypes[n] == "date"],
            {n: vocabulary.known_words(sheet.kind, sheet.columns[n]) for n in self.dtypes if n not in counted},
            lambda text: compact(text) in empty,
        )
        self._dates = {n for n, dtype in self.dtypes.items() if dtype == "date"}
        self._periods = {n for n, dtype in self.dtypes.items() if dtype in PERIODS}
        self._naming = [n for n in self._keys if self.dtypes[n] == "party_group" or n in self._periods]
        self._counts = any(dtype in NUMBER_DTYPES for dtype in self.dtypes.values())
        self._wide = {(row, column) for row, column, _, last in sheet.grid.merges if last > column}
        self._headers = [_form(sheet.grid.rows[row]) for row in range(sheet.header.top, sheet.header.bottom + 1)]
        spoken = [forms for forms in self._headers if any(forms)]  # a merged range may lead over a row without texts
        shown = [next(column for column, form in enumerate(forms) if form) for forms in spoken]
        repeated = {forms[column] for forms, column in zip(spoken, shown, strict=True)}
        above = [row for row in sheet.grid.rows[: sheet.header.top] if any(_form(row)) and not self._is_lost(row)]
        self._titles = {_whole(row) for row in above}  # printed on every page, as the header is
        repeated |= {next(filter(None, _form(row)))[:MAX_TITLE] for row in above}
        self.words = RowWords(vocabulary.words, repeated)
        self._probe, self._second = [*sorted(self._keys), *sorted(self._mapped - set(self._keys)), -1, -1][:2]
        self._shown = tuple(dict.fromkeys(shown))
        self._furthest = max(self._probe, self._second, *self._shown, *self._keys)
        self._looked_at = tuple(dict.fromkeys((*self._shown, *self._naming)))

    def plain_row(self, row: Row) -> RowReason | None:
        """Return the reason why a row below the header is data, where a look at a few cells is enough.

        Those are the first two cells, those of a month or a group and those by which the row could repeat the header:
        none of them speaks of a total, a note or a heading, and two columns of the table are filled. ``None`` leaves
        the row to `judge`.
        """
        if self._second < 0 or len(row) <= self._furthest:
            return None
        probe = row[self._probe]
        if probe is None or row[self._second] is None:
            return None
        is_plain = self.words.is_plain
        first = True
        for cell in row:
            if cell is not None:
                if cell.__class__ is str and not is_plain(cell):
                    return None
                if not first:
                    break
                first = False
        for column in self._looked_at:
            cell = row[column]
            if cell.__class__ is str and not is_plain(cell):
                return None
        if probe.__class__ is str and not is_plain(probe):
            return None
        for column in self._keys:
            if row[column] is None:
                return _IN_TABLE
        return _KEYS if self._keys else _IN_TABLE

    def judge(self, filled: Filled, row: Row, number: int) -> tuple[RowClass, RowReason]:
        """Return the class of one non-empty row, and why."""
        if number < self._header.top:
            if note := self._footer(filled, number):
                return "note", note
            if self._is_lost(row):
                return "unrecognised", RowReason("no_title")
            return "title", RowReason("above_header")
        if number <= self._header.bottom:
            depth = self._header.bottom - self._header.top + 1
            return "header", RowReason("header_level", level=number - self._header.top + 1, levels=depth)
        if len(filled) > 1 and _form(row) in self._headers:
            return "header", RowReason("header_again")
        if number == self._header.bottom + 1 and numbers_columns([cell for _, cell in filled], self._following):
            return "header", RowReason("numbering")
        if _whole(row) in self._titles:
            return "title", RowReason("title_again")
        return self._spoken(filled, number) or self._by_columns(filled)

    def _is_lost(self, row: Row) -> bool:
        """Tell whether a row above the header is no title, but a record or some of its numbers that nobody reads."""
        return self.needed.may_be_record(row) or holds_amounts(row)

    def _spoken(self, filled: Filled, number: int) -> tuple[RowClass, RowReason] | None:
        """Return the class of a row below the header that says what it is; ``None`` when it does not."""
        if note := self._footer(filled, number) or self._line_of_labels(filled, number):
            return "note", note
        label = self.label(filled)
        if self.words.is_total(label) and not self._has_all_keys(filled) and not self._is_of_texts(label, filled):
            return "total", self._evidence("total_word", label, filled, number)
        if self.words.is_among(label) and len(filled) == 1:
            return "note", self._evidence("among_alone", label, filled, number)
        if self._is_heading(filled, number):
            return "title", self._evidence("heading", label, filled, number)
        if self.words.is_among(label) and self._has_value(filled):
            return "data", self._evidence("among", label, filled, number)
        return None

    def _is_of_texts(self, label: str, filled: Filled) -> bool:
        """Tell whether a whole record of a table without numbers, which nothing could total, is called 城区合计:
        名称对照 may explain it.
        """
        if self._counts or self.words.is_total_word(label):
            return False
        return {*self._required} <= {column for column, cell in filled if not self.words.is_empty(cell)}

    def _by_columns(self, filled: Filled) -> tuple[RowClass, RowReason]:
        """Return the class of a row below the header by the columns of the table that it fills."""
        held = {column for column, _ in filled}
        if len(filled) > 1 and held.isdisjoint(self._mapped):
            return "unrecognised", RowReason("outside_table")
        if not self._has_value(filled):
            return "note", RowReason("nothing_filled")  # one prepared and never filled in: 5, 无, —
        return "data", _KEYS if self._keys and held.issuperset(self._keys) else _IN_TABLE

    def label(self, filled: Filled) -> str:
        """Return the first of the two leftmost cells that is a total word or begins with 其中, else the name of a total
        in place of a group or a month (2021, 3月, 全县合计), else the first text.
        """
        texts = [compact(cell) for _, cell in filled[:2] if isinstance(cell, str)]
        speaking = [text for text in texts if self.words.is_total_word(text) or self.words.is_among(text)]
        return (speaking or self._totals_named(filled) or texts or [""])[0]

    def _totals_named(self, filled: Filled) -> list[str]:
        """Return the names of totals in place of a group or a month; none where the row also names something else."""
        held = {column: cell for column, cell in filled if column in self._keys}
        named = {n: compact(cell) for n, cell in held.items() if n in self._naming and isinstance(cell, str)}
        totals = {n: text for n, text in named.items() if self.words.is_total(text)}
        return [*totals.values()] if held.keys() - totals.keys() <= self._periods else []

    def _footer(self, filled: Filled, number: int) -> RowReason | None:
        """Return why a row is a note or a signature line (注：…, 支部书记签字：…); ``None`` when it is none."""
        column, first = filled[0]
        if not isinstance(first, str):
            return None
        text = compact(first)
        word = self.words.footer_word(text)
        if self._has_all_keys(filled):  # as a record does: only 审核人： in place of a key makes it a note
            is_note = word is not None and ":" in text and self._is_signed(filled)
        else:
            is_note = word is not None or (len(filled) == 1 and self._is_remark(column, text))
        return RowReason("note_word", word or text, cell_address(number, column)) if is_note else None

    def _line_of_labels(self, filled: Filled, number: int) -> RowReason | None:
        """Return why a row is a line to be signed, whatever the words: 支部书记： beside 考核组成员：, or nothing but
        labels with what belongs behind them (考核组成员：张三 | 日期：).
        """
        texts = [compact(cell) for _, cell in filled if isinstance(cell, str)]
        labels = [text for text in texts if text.endswith(":")]
        is_line = len(labels) >= MIN_LABELS and len(texts) == len(filled) and texts[0] in labels
        is_line = is_line and not (2 * len(labels) < len(texts) and self._has_all_keys(filled))
        if not is_line and not (len(texts) == len(filled) and self._are_labelled(texts, filled)):
            return None
        return RowReason("note_word", texts[0], cell_address(number, filled[0][0]))

    def _are_labelled(self, texts: Sequence[str], filled: Filled) -> bool:
        """Tell whether texts of a row that lacks something begin with a label each, or the only one holds several;
        党小组：专卖综合 says whose the rows below are, and is no such line.
        """
        first = _LABEL.match(texts[0])
        if first is None or first[0][:-1] in self._saying or not {*self._required} - {column for column, _ in filled}:
            return False
        count = len(_LABEL.findall(texts[0])) if len(texts) == 1 else sum(map(bool, map(_LABEL.match, texts)))
        return count >= max(MIN_LABELS, len(texts))

    def _is_remark(self, column: int, text: str) -> bool:
        """Tell whether the only text of a row is a sentence at its beginning, or the date under a stamp.

        No record begins so; a sentence further right may go on from the row above, whose rest would be lost unsaid.
        """
        if column not in self._dates and _DATE_LINE.fullmatch(text):
            return True
        return column <= min(self._mapped, default=0) and _SENTENCE.search(text) is not None

    def _is_signed(self, filled: Filled) -> bool:
        """Tell whether a row that begins with a note word and a colon is a note and no record.

        备注：漏登 may stand in the first cell of a record; a line of signatures may fill columns by chance.
        """
        first, empty = filled[0][0], self.words.is_empty
        rest = {column: cell for column, cell in filled[1:] if column in self._mapped and not empty(cell)}
        needed = {*self._keys} - {first} or {*self._required} - {first}
        is_full = len(rest) >= MIN_BESIDE and 2 * len(rest) >= len(self._mapped - {first})
        if not (needed and is_full and needed <= rest.keys()):
            return True
        is_labelled = any(isinstance(cell, str) and self._is_label(compact(cell)) for cell in rest.values())
        return is_labelled or not all(map(self._may_hold, rest, rest.values()))

    def _is_label(self, text: str) -> bool:
        return text.endswith(":") or self.words.footer_word(text) is not None

    def _may_hold(self, column: int, cell: Cell | CellError) -> bool:
        """Tell whether a cell may be a value of its column: in one of numbers, a text without any digit is none."""
        is_text = isinstance(cell, str) and not any(character.isdigit() for character in cell)
        return column in self._keys or column not in self._required or not is_text

    def _is_heading(self, filled: Filled, number: int) -> bool:
        """Tell whether a row is the heading of a section: one text outside the table's columns, or merged over some, or
        nothing but a month or a year at the beginning of the row.
        """
        column, cell = filled[0]
        if len(filled) > 1 or not isinstance(cell, str):
            return False
        if column not in self._mapped or (number, column) in self._wide:
            return True
        return column == min(self._mapped) and column not in self._periods and periods.is_period(cell)

    def _has_value(self, filled: Filled) -> bool:
        """Tell whether a row holds a value; in a table with keys zeros alone are what formulas give in an empty row."""
        nothing = 0 if self._keys and self._valued == self._mapped else None
        return any(
            column in self._valued and cell != nothing and not self.words.is_empty(cell) for column, cell in filled
        )

    def _evidence(self, code: str, label: str, filled: Filled, number: int) -> RowReason:
        column = next(column for column, cell in filled if isinstance(cell, str) and compact(cell) == label)
        return RowReason(code, label, cell_address(number, column))

    def _has_all_keys(self, filled: Filled) -> bool:
        """Tell whether every key column holds something other than a total word: no total row looks like that."""
        words = self.words
        held = {column for column, cell in filled if not (isinstance(cell, str) and words.is_total(compact(cell)))}
        return bool(self._keys) and held.issuperset(self._keys)


_KEYS = RowReason("fills_keys")
_IN_TABLE = RowReason("fills_columns")


def _form(row: Row) -> tuple[str, ...]:
    return tuple(compact(cell) if isinstance(cell, str) else "" for cell in row)


def _whole(row: Row) -> tuple[Cell | CellError, ...]:
    return tuple(compact(cell) if isinstance(cell, str) else cell for cell in row)


def _close(classes: dict[int, RowClass], reasons: dict[int, RowReason]) -> None:
    """Turn headings after the last row of the table into notes: nothing stands under them."""
    for row in reversed(classes):
        if classes[row] in ("data", "total"):
            return
        if classes[row] == "title" and reasons[row].code == "heading":
            classes[row], reasons[row] = "note", RowReason("after_table")
