"""The sheet of a template that is filled in: a table with room for rows, or a matrix of the groups."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.ingest.templates.choices import Choices
from pipeline.ingest.templates.forms import Field, Form
from pipeline.ingest.templates.lists import Words
from pipeline.ingest.templates.subject import Subject, Value
from pipeline.ingest.templates.validation import day_validation, validation_of
from pipeline.spreadsheets.cells import write_text
from pipeline.spreadsheets.cleaning import sheet_title, text_width
from pipeline.spreadsheets.tables import DATE_FORMAT
from pipeline.texts import Texts

ROOM = 500  # rows with formats and validation below those that are filled in already
FORMATS = {"date": DATE_FORMAT, "month": "yyyy-mm", "pct": "0.00%", "integer": "0", "year": "0", "number": "General"}
TEXT_FORMAT = "@"  # keeps leading zeros, more than 15 digits, and what looks like a formula
TITLE_ROW, BRANCH_ROW, ABOUT_ROW, HEADER_ROW = 1, 2, 3, 4
NOT_RATED = "/"  # a group does not rate itself
CORNER = "＼"
ROW_HEIGHT = 18  # points; Chinese characters touch the lines of a lower row
MIN_WIDTH, MAX_WIDTH, PADDING = 11, 34, 3  # in half-width characters; eleven hold a date
HEADER_CHARACTERS = 16  # a longer header is wrapped, and does not widen its column
REQUIRED_FILL = PatternFill("solid", start_color="FFFCE4D6")  # orange: must be filled in
OPTIONAL_FILL = PatternFill("solid", start_color="FFDDEBF7")  # blue: may stay empty
_LINE = Side(style="thin", color="FF7F7F7F")
BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


def write_sheet(
    workbook: Workbook, form: Form, subject: Subject, references: Mapping[Words, str], texts: Texts
) -> None:
    """Add the sheet of a form; ``references``: list of words -> the cells that hold it."""
    worksheet = workbook.create_sheet(sheet_title(form.kind.label_zh))
    writer = _Writer(worksheet, form, references, texts)
    width = writer.write_matrix(subject.groups) if form.kind.layout == "matrix" else writer.write_table()
    writer.write_top(subject, width)
    worksheet.sheet_format.defaultRowHeight, worksheet.sheet_format.customHeight = ROW_HEIGHT, True
    worksheet.freeze_panes = f"B{HEADER_ROW + 1}"
    worksheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    worksheet.print_options.gridLines = True
    worksheet.page_setup.orientation, worksheet.page_setup.paperSize = "landscape", worksheet.PAPERSIZE_A4
    worksheet.page_setup.fitToWidth, worksheet.page_setup.fitToHeight = 1, 0
    worksheet.sheet_properties.pageSetUpPr.fitToPage = True


class _Writer:
    """One sheet while it is written."""

    def __init__(self, worksheet: Worksheet, form: Form, references: Mapping[Words, str], texts: Texts) -> None:
        self._worksheet = worksheet
        self._form = form
        self._references = references
        self._texts = texts

    def write_table(self) -> int:
        """Write header, prefilled rows and room for more; return how many columns there are."""
        form = self._form
        last = HEADER_ROW + len(form.rows) + ROOM
        for number, field in enumerate(form.fields, start=1):
            values = [row.get(field.column.column) for row in form.rows]
            self._header(number, field.header, field.column.required)
            for row in range(HEADER_ROW + 1, last + 1):
                self._cell(row, number).number_format = _format(field)
            for row, value in enumerate(values, start=HEADER_ROW + 1):
                _put(self._cell(row, number), value)
            self._widen(number, field, values)
            self._validate_column(number, field, HEADER_ROW + 1, last)
        self._worksheet.row_dimensions[HEADER_ROW].height = 32  # points: two lines
        return len(form.fields)

    def write_matrix(self, groups: Sequence[str]) -> int:
        """Write the groups down and across, and between them room for scores; return how many columns there are."""
        down, across, score = self._form.fields
        self._header(1, f"{down.header}{CORNER}{across.header}", is_required=True)
        validation = self._validation(score, score.choices)
        for number, group in enumerate(groups, start=1):
            self._header(1 + number, group, is_required=True)
            rater = self._cell(HEADER_ROW + number, 1)
            rater.number_format, rater.border = TEXT_FORMAT, BORDER
            write_text(rater, group)
            for other in range(1, len(groups) + 1):
                cell = self._cell(HEADER_ROW + number, 1 + other)
                cell.number_format, cell.border, cell.alignment = "General", BORDER, Alignment(horizontal="center")
                if other == number:
                    write_text(cell, NOT_RATED)
                elif validation is not None:
                    validation.add(cell.coordinate)
        if validation is not None and str(validation.sqref):
            self._worksheet.add_data_validation(validation)
        for number in range(1, len(groups) + 2):
            longest = max((text_width(group) for group in groups), default=0)
            wide = 2 * PADDING + (text_width(f"{down.header}{across.header}") if number == 1 else longest)
            self._worksheet.column_dimensions[get_column_letter(number)].width = min(max(wide, MIN_WIDTH), MAX_WIDTH)
        return len(groups) + 1

    def write_top(self, subject: Subject, width: int) -> None:
        """Write the title and the rows that say who fills it in, for when, on which day, and in which units."""
        texts, form = self._texts, self._form
        title = self._cell(TITLE_ROW, 1)
        write_text(title, f"{subject.bureau.name}{form.kind.label_zh}")
        title.font, title.alignment = Font(bold=True, size=16), Alignment(horizontal="center", vertical="center")
        self._worksheet.row_dimensions[TITLE_ROW].height = 30
        if width > 1:
            self._worksheet.merge_cells(start_row=TITLE_ROW, start_column=1, end_row=TITLE_ROW, end_column=width)
        write_text(self._cell(BRANCH_ROW, 1), texts("templates.made_by", branch=subject.bureau.branch))
        column = 1
        for field in form.stated:
            column = self._stated(column, field)
        column = self._filed_on(column)
        if form.units:
            units = texts("templates.word_separator").join(unit.label for unit in form.units)
            write_text(self._cell(ABOUT_ROW, column), texts("templates.units", units=units))

    def _filed_on(self, column: int) -> int:
        """Write the label of the filing date and the cell for it; return the next free column."""
        write_text(self._cell(ABOUT_ROW, column), self._texts("templates.filed_on"))
        cell = self._cell(ABOUT_ROW, column + 1)
        cell.number_format, cell.fill, cell.border = DATE_FORMAT, OPTIONAL_FILL, BORDER
        cell.alignment = Alignment(horizontal="left")
        self._add(day_validation(self._texts), [cell.coordinate])
        return column + 2

    def _stated(self, column: int, field: Field) -> int:
        """Write a label and a cell that is true of the whole sheet; reading finds it as a text above the header.

        Return the next free column.
        """
        write_text(self._cell(ABOUT_ROW, column), self._texts("templates.stated", header=field.header))
        cell = self._cell(ABOUT_ROW, column + 1)
        cell.number_format, cell.fill, cell.border = TEXT_FORMAT, REQUIRED_FILL, BORDER
        self._validate_column(column + 1, field, ABOUT_ROW, ABOUT_ROW)
        return column + 2

    def _validate_column(self, number: int, field: Field, first: int, last: int) -> None:
        """Validate a column; cells with choices of their own are left out of it and get theirs."""
        letter = get_column_letter(number)
        own: dict[Choices, list[str]] = {}
        for (row, name), choices in self._form.cell_choices.items():
            if name == field.column.column:
                own.setdefault(choices, []).append(f"{letter}{first + row}")
        for choices, cells in own.items():
            self._add(self._validation(field, choices), cells)
        taken = {cell for cells in own.values() for cell in cells}
        room = first + len(self._form.rows) if taken else first
        free = [cell for row in range(first, room) if (cell := f"{letter}{row}") not in taken]
        self._add(self._validation(field, field.choices), [*free, f"{letter}{room}:{letter}{last}"])

    def _validation(self, field: Field, choices: Choices | None) -> DataValidation | None:
        reference = None if choices is None else self._references.get(choices.words)
        return validation_of(field, choices, reference, self._texts)

    def _add(self, validation: DataValidation | None, ranges: Iterable[str]) -> None:
        if validation is not None:
            for cells in ranges:
                validation.add(cells)
            self._worksheet.add_data_validation(validation)

    def _header(self, number: int, text: str, is_required: bool) -> None:
        cell = self._cell(HEADER_ROW, number)
        write_text(cell, text)
        cell.font, cell.fill, cell.border = Font(bold=True), REQUIRED_FILL if is_required else OPTIONAL_FILL, BORDER
        cell.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")

    def _widen(self, number: int, field: Field, values: Sequence[Value]) -> None:
        words = (field.choices.words if field.choices else ()) + tuple(v for v in values if isinstance(v, str))
        longest = max((text_width(text) for text in (field.example, *words)), default=0)
        wide = max(longest, min(text_width(field.header), HEADER_CHARACTERS)) + PADDING
        letter = get_column_letter(number)
        self._worksheet.column_dimensions[letter].width = min(max(wide, MIN_WIDTH), MAX_WIDTH)

    def _cell(self, row: int, column: int) -> Cell:
        cell = self._worksheet.cell(row, column)
        assert isinstance(cell, Cell)  # the title is merged after its text
        return cell


def _format(field: Field) -> str:
    return FORMATS.get(field.column.dtype, TEXT_FORMAT)


def _put(cell: Cell, value: Value) -> None:
    """Write a value that stands already; empty ones leave the cell as it is."""
    if isinstance(value, str):
        write_text(cell, value)
    elif isinstance(value, date | int | float):
        number_format = cell.number_format
        cell.value, cell.number_format = value, number_format  # a date would bring a format of its own
