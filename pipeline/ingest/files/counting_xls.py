"""The second reader for xls (BIFF5, BIFF8, WPS et): xlrd, which shares nothing with calamine."""

import io
import struct
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import xlrd
import xlrd.biffh
from xlrd.compdoc import CompDocError
from xlrd.sheet import Sheet

from pipeline.ingest.files.cell_styles import NUMBER_FORMATS
from pipeline.ingest.files.counting import Position, SheetCount, add_columns
from pipeline.ingest.files.grids import is_blank
from pipeline.ingest.files.refusals import Refused

EMPTY_TYPES = (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK)
DAMAGE = (
    xlrd.XLRDError,
    CompDocError,
    AssertionError,
    struct.error,
    LookupError,
    ValueError,
    TypeError,
    RecursionError,
)
"""What xlrd lets escape on broken files: it checks by `assert` and by running out of bytes."""
BOF, EOF, ROW, COLUMNS = 0x0809, 0x000A, 0x0208, 0x007D  # record types of BIFF5 and BIFF8, [MS-XLS] 2.3
NUMBER, SHORT_NUMBER, SHORT_NUMBERS, FORMULA = 0x0203, 0x027E, 0x00BD, 0x0006
TEXT, SHARED_TEXT, RICH_TEXT, TRUTH_OR_ERROR = 0x0204, 0x00FD, 0x00D6, 0x0205
TAKEN, NUMBERS = frozenset({ROW, COLUMNS, FORMULA}), frozenset({NUMBER, SHORT_NUMBER, SHORT_NUMBERS})
OTHERS = frozenset({TEXT, SHARED_TEXT, RICH_TEXT, TRUTH_OR_ERROR})
FONT, FONT_OPTIONS, STRUCK = 0x0031, 6, 0x08  # with its head of 4 bytes; fStrikeOut, [MS-XLS] 2.4.122
NO_FONT = 4  # an index that no font has, [MS-XLS] 2.5.129
ROW_OPTIONS = 12  # bytes from the start of a ROW record to its options, [MS-XLS] 2.4.221
HIDDEN = 0x20  # fDyZero
COLUMN_OPTIONS, HIDDEN_COLUMN = 8, 0x01  # fHidden of a COLINFO record, [MS-XLS] 2.4.53
NO_NUMBER = b"\xff\xff"  # ends the value of a formula that is text, an error or a truth value, [MS-XLS] 2.5.133
EMPTY_TEXT = 3  # starts it where that is an empty text, or nothing at all


def count_xls_rows(data: bytes) -> tuple[SheetCount, ...]:
    """Count the non-empty rows of every worksheet, in workbook order; chart and macro sheets have none.

    A full sheet of this format is no larger than what can be laid out. The format has no word for a formula without a
    stored value: programs that do not calculate write an empty text for each, so that only a workbook whose formulas
    all have that is taken for one of theirs (others write 0, which nothing tells from a result). Raises `Refused`:
    encrypted, damaged.
    """
    try:
        book = xlrd.open_workbook(file_contents=data, logfile=io.StringIO(), on_demand=True, ragged_rows=True)
        styles = _Styles(*_number_styles(book), _struck_styles(book))
        sheets = [book.sheet_by_name(name) for name in book.sheet_names()]
        records = [_read_records(sheet.book.mem, sheet._position, styles) for sheet in sheets]
        is_calculated = any(found.has_result for found in records)
        counts = (_count_sheet(sheet, found, is_calculated) for sheet, found in zip(sheets, records, strict=True))
        return tuple(replace(count, from_1904=bool(book.datemode)) for count in counts)
    except DAMAGE as error:
        if isinstance(error, xlrd.XLRDError) and "encrypted" in str(error):  # xlrd has no class of its own for it
            raise Refused("encrypted") from error
        raise Refused("damaged") from error


def _number_styles(book: xlrd.Book) -> tuple[frozenset[int], frozenset[int]]:
    """Return the indices of the cell formats that show a number as percent, and of those that shift its point."""
    formats = (None if style.is_style else book.format_map.get(style.format_key) for style in book.xf_list)
    codes = [(code.format_str if code else None) or "" for code in formats]  # xlrd does not know all built-in formats
    percent, shifted = ([index for index, code in enumerate(codes) if is_so(code)] for is_so in NUMBER_FORMATS)
    return frozenset(percent), frozenset(shifted)


def _struck_styles(book: xlrd.Book) -> frozenset[int]:
    """Return the indices of the cell formats whose letters are struck through.

    xlrd keeps fonts only together with the format of every empty cell; their records stand before those of the sheets.
    """
    stream, position, fonts = book.mem, book.base, list[bool]()
    while position + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, position)
        if kind == EOF:
            break
        if kind == FONT:
            fonts.append(bool(stream[position + FONT_OPTIONS] & STRUCK))
        position += 4 + length
    struck = {index + (index >= NO_FONT) for index, strikes in enumerate(fonts) if strikes}
    return frozenset(
        index for index, style in enumerate(book.xf_list) if not style.is_style and style.font_index in struck
    )


class _Styles(NamedTuple):
    """The indices of the cell formats that matter to what a cell says."""

    percent: frozenset[int]
    shifted: frozenset[int]
    struck: frozenset[int]


@dataclass
class _Records:
    """What the records of a sheet say beside the values of its cells."""

    hidden: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    percent: list[Position] = field(default_factory=list)
    shifted: list[Position] = field(default_factory=list)
    struck: list[Position] = field(default_factory=list)
    without_result: list[Position] = field(default_factory=list)  # formulas
    has_result: bool = False  # some other formula


def _count_sheet(sheet: Sheet, records: _Records, is_calculated: bool) -> SheetCount:
    """Go through the cells that one sheet stores."""
    rows = 0
    errors: dict[Position, str] = {}
    for row in range(sheet.nrows):
        filled = False
        for column, (kind, value) in enumerate(zip(sheet.row_types(row), sheet.row_values(row), strict=True)):
            if kind in EMPTY_TYPES or (kind == xlrd.XL_CELL_TEXT and is_blank(value)):
                continue
            filled = True
            if kind == xlrd.XL_CELL_ERROR:
                errors[row, column] = xlrd.biffh.error_text_from_code.get(value, f"#{value}")
        rows += filled
    formulas = () if is_calculated else tuple(records.without_result)
    hidden, percent = tuple(records.hidden), tuple(records.percent)
    return SheetCount(
        sheet.name,
        rows,
        errors,
        formulas,
        hidden,
        percent_cells=percent,
        hidden_columns=tuple(records.hidden_columns),
        shifted_cells=tuple(records.shifted),
        struck_cells=tuple(records.struck),
    )


def _read_records(stream: bytes, start: int, styles: _Styles) -> _Records:
    """Go through the records from behind a sheet's BOF to its EOF; charts within it have records of their own.

    xlrd tells hidden rows and formats only together with the format of every empty cell, of which a sheet may hold
    millions.
    """
    found = _Records()
    taken = TAKEN | (NUMBERS if any(styles) else frozenset()) | (OTHERS if styles.struck else frozenset())
    depth, position = 1, start
    while depth and position + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, position)
        content = position + 4
        if depth == 1 and kind in taken:
            _take_record(kind, stream[content : content + length], styles, found)
        depth += (kind == BOF) - (kind == EOF)
        position = content + length
    return found


def _take_record(kind: int, record: bytes, styles: _Styles, found: _Records) -> None:
    """Take what a record of a row, columns, a cell or several says; raises `struct.error` when it is cut short."""
    row, column = struct.unpack_from("<HH", record)
    if kind == ROW:
        if len(record) > ROW_OPTIONS and record[ROW_OPTIONS] & HIDDEN:
            found.hidden.append(row)
        return
    if kind == COLUMNS:
        if len(record) > COLUMN_OPTIONS and record[COLUMN_OPTIONS] & HIDDEN_COLUMN:
            add_columns(found.hidden_columns, row, column)  # the first and the last of them
        return
    if kind == FORMULA:
        if record[12:14] == NO_NUMBER and record[6] == EMPTY_TEXT:
            found.without_result.append((row, column))
        else:
            found.has_result = True
    if not any(styles):
        return
    of_cells = [(row, column + place, style) for place, style in enumerate(_styles_in(kind, record))]
    found.struck += [(row, column) for row, column, style in of_cells if style in styles.struck]
    if kind in NUMBERS or (kind == FORMULA and record[12:14] != NO_NUMBER):
        found.percent += [(row, column) for row, column, style in of_cells if style in styles.percent]
        found.shifted += [(row, column) for row, column, style in of_cells if style in styles.shifted]


def _styles_in(kind: int, record: bytes) -> tuple[int, ...]:
    """Return the formats of the cells in a record, which stand side by side."""
    if kind == SHORT_NUMBERS:  # row, first column, style and number of each, last column
        return tuple(style for style, _ in struct.iter_unpack("<Hi", record[4:-2]))
    return struct.unpack_from("<H", record, 4)
