"""The second reader for xlsb: a walk over the BIFF12 records of each sheet ([MS-XLSB] 2.1.4, 2.3)."""

import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Self

from pipeline.ingest.files.cell_styles import BUILT_IN, NUMBER_FORMATS
from pipeline.ingest.files.counting import Position, SheetCount, add_columns, check_stored_extent
from pipeline.ingest.files.counting_xlsx import MACRO_SHEETS, WORKSHEET
from pipeline.ingest.files.grids import MergedRange, is_blank
from pipeline.ingest.files.packages import (
    read_part,
    read_relations,
    require_own_part,
    require_workbook,
    target_of_kind,
)
from pipeline.ingest.files.refusals import Refused

ROW_HEADER, MERGED_CELLS, SHARED_STRING, SHEET = 0, 176, 19, 156
SHARED = 159  # BrtBeginSst: how many strings cells name, and how many there are
WORKBOOK_PROPERTIES, COLUMNS = 153, 60
CELL_BLANK, CELL_SHARED_STRING = 1, 7
CELL_ERRORS = (3, 11)  # stored, and as the value of a formula
CELL_RICH_TEXT = 62
CELL_TEXTS = (6, 8, CELL_RICH_TEXT)  # inline, the value of a formula, with formats
CELL_NUMBERS = (2, 5, 9)  # short, long, and as the value of a formula
CELLS = (*range(1, 12), CELL_RICH_TEXT)
FORMAT, STYLE, STYLES_START, STYLES_END = 44, 47, 617, 618

HIDDEN_ROW_OFFSET, HIDDEN_ROW_BIT = 11, 0x10  # BrtRowHdr: fDyZero
HIDDEN_COLUMN_OFFSET, HIDDEN_COLUMN_BIT = 16, 0x01  # BrtColInfo: fHidden
FROM_1904_BIT = 0x01  # BrtWbProp: f1904
CELL_STYLE_OFFSET, CELL_VALUE_OFFSET = 4, 8  # after the column; after the style, of three bytes, and a byte of flags
STYLE_MASK = 0xFFFFFF
ERROR_CODES = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


def count_xlsb_rows(data: bytes) -> tuple[SheetCount, ...]:
    """Count the non-empty rows of every worksheet of a binary workbook, in workbook order.

    Formulas without a stored value cannot be told: each is a record that holds one.
    Raises `Refused`: macro_sheet, zip_incomplete, shared_part, damaged, too_wide.
    """
    archive = zipfile.ZipFile(BytesIO(data))
    workbook = require_workbook(archive)
    relations = read_relations(archive, workbook)
    strings = target_of_kind(relations, "sharedStrings")
    try:
        shared = _SharedStrings.of(read_part(archive, strings)) if strings else _SharedStrings()
        styles = target_of_kind(relations, "styles")
        formats = _number_styles(read_part(archive, styles)) if styles else (frozenset[int](), frozenset[int]())
        counts = []
        taken: set[str] = set()
        book = read_part(archive, workbook)
        from_1904 = _counts_from_1904(book)
        for name, relation_id in _listed_sheets(book):
            relation = relations[relation_id]
            if relation.kind in MACRO_SHEETS:
                raise Refused("macro_sheet", sheet=name)
            if relation.kind == WORKSHEET:
                require_own_part(relation, name, taken)
                counts.append(_count_sheet(name, read_part(archive, relation.target), shared, *formats))
    except (struct.error, IndexError, KeyError, UnicodeDecodeError) as error:
        # a record shorter than its fields, or a sheet without its relation
        raise Refused("damaged") from error
    return tuple(replace(count, from_1904=from_1904) for count in counts)


def _records(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield type, start and end of each record; both numbers before it are little-endian groups of seven bits."""
    position = 0
    while position < len(data):
        kind = data[position]
        position += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (data[position] & 0x7F) << 7
            position += 1
        size = shift = 0
        more = True
        while more:
            size |= (data[position] & 0x7F) << shift
            more = bool(data[position] & 0x80) and shift < 21
            shift += 7
            position += 1
        yield kind, position, position + size
        position += size


def _wide_string(data: bytes, position: int) -> tuple[str, int]:
    """Return an XLWideString and where it ends; no text when its length is the mark for none."""
    (length,) = struct.unpack_from("<I", data, position)
    start = position + 4
    if length == 0xFFFFFFFF:
        return "", start
    end = start + 2 * length
    if end > len(data):
        raise IndexError(f"a text of {length} characters ends after its part")
    return data[start:end].decode("utf-16-le"), end


def _listed_sheets(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield name and relation id of each sheet as the workbook lists them."""
    for kind, start, _ in _records(data):
        if kind == SHEET:
            relation_id, end = _wide_string(data, start + 8)  # after visibility and number
            yield _wide_string(data, end)[0], relation_id


def _counts_from_1904(data: bytes) -> bool:
    """Tell whether a workbook counts its days from 1904."""
    return any(kind == WORKBOOK_PROPERTIES and bool(data[start] & FROM_1904_BIT) for kind, start, _ in _records(data))


@dataclass(frozen=True)
class _SharedStrings:
    """How many shared strings there are, and which of them are blank."""

    count: int = 0
    blanks: frozenset[int] = frozenset()

    @classmethod
    def of(cls, data: bytes) -> Self:
        """Return what the part of the shared strings holds.

        The first reader makes room for as many as the part declares: more than it has bytes are `Refused` (damaged).
        """
        declared = [struct.unpack_from("<I", data, start + 4)[0] for kind, start, _ in _records(data) if kind == SHARED]
        if any(number > len(data) for number in declared):
            raise Refused("damaged")
        items = (start for kind, start, _ in _records(data) if kind == SHARED_STRING)
        texts = [_wide_string(data, start + 1)[0] for start in items]  # after the flags
        return cls(len(texts), frozenset(index for index, text in enumerate(texts) if is_blank(text)))

    def is_filled(self, index: int) -> bool:
        """Tell whether a string shows anything; raises `IndexError` for one that is not there."""
        if index >= self.count:
            raise IndexError(f"shared string {index} of {self.count}")
        return index not in self.blanks


def _number_styles(data: bytes) -> tuple[frozenset[int], frozenset[int]]:
    """Return the indices of the cell formats that show a number as percent, and of those that shift its point."""
    percent, shifted = {int(number) for number in BUILT_IN}, set[int]()
    styles: list[int] = []
    in_styles = False
    for kind, start, _ in _records(data):
        if kind == FORMAT:
            code, (number,) = _wide_string(data, start + 2)[0], struct.unpack_from("<H", data, start)
            for numbers, is_so in zip((percent, shifted), NUMBER_FORMATS, strict=True):
                numbers.update({number} if is_so(code) else ())
        elif kind in (STYLES_START, STYLES_END):
            in_styles = kind == STYLES_START
        elif kind == STYLE and in_styles:
            styles.append(struct.unpack_from("<H", data, start + 2)[0])  # after the style that it derives from
    found = [[index for index, number in enumerate(styles) if number in numbers] for numbers in (percent, shifted)]
    return frozenset(found[0]), frozenset(found[1])


def _count_sheet(
    name: str, data: bytes, shared: _SharedStrings, percent_styles: frozenset[int], shifted_styles: frozenset[int]
) -> SheetCount:
    """Walk over the records of one sheet."""
    percent: list[Position] = []
    shifted: list[Position] = []
    filled: set[int] = set()
    errors: dict[Position, str] = {}
    hidden: list[int] = []
    columns: list[int] = []
    merges: list[MergedRange] = []
    row = last_row = last_column = 0
    for kind, start, _ in _records(data):
        if kind == ROW_HEADER:
            (row,) = struct.unpack_from("<I", data, start)
            if data[start + HIDDEN_ROW_OFFSET] & HIDDEN_ROW_BIT:
                hidden.append(row)
        elif kind in CELLS and kind != CELL_BLANK:
            (column,) = struct.unpack_from("<I", data, start)
            last_row, last_column = max(last_row, row), max(last_column, column)  # a blank text is laid out as well
            if not _is_filled(kind, data, start + CELL_VALUE_OFFSET, shared):
                continue
            filled.add(row)
            if kind in CELL_NUMBERS:
                (style,) = struct.unpack_from("<I", data, start + CELL_STYLE_OFFSET)
                if style & STYLE_MASK in percent_styles:
                    percent.append((row, column))
                elif style & STYLE_MASK in shifted_styles:
                    shifted.append((row, column))
            elif kind in CELL_ERRORS:
                code = data[start + CELL_VALUE_OFFSET]
                errors[row, column] = ERROR_CODES.get(code, f"#{code}")
        elif kind == COLUMNS and data[start + HIDDEN_COLUMN_OFFSET] & HIDDEN_COLUMN_BIT:
            add_columns(columns, *struct.unpack_from("<II", data, start))
        elif kind == MERGED_CELLS:
            top, bottom, left, right = struct.unpack_from("<4I", data, start)
            merges.append((top, left, bottom, right))
    check_stored_extent(name, last_row + 1, last_column + 1)
    marked = (tuple(percent), tuple(columns), tuple(shifted))
    return SheetCount(name, len(filled), errors, (), tuple(hidden), tuple(merges), *marked)


def _is_filled(kind: int, data: bytes, position: int, shared: _SharedStrings) -> bool:
    """Tell whether the value of a cell record is not blank."""
    if kind == CELL_SHARED_STRING:
        return shared.is_filled(struct.unpack_from("<I", data, position)[0])
    if kind in CELL_TEXTS:
        return not is_blank(
            _wide_string(data, position + (kind == CELL_RICH_TEXT))[0]
        )  # rich text has a byte of flags first
    return True
