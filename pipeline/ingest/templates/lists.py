"""The hidden sheet that the drop-downs of a template take their words from: long lists, quotes and commas are safe."""

from collections.abc import Iterable, Mapping

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter

from pipeline.ingest.layouts.guides import GUIDE_MARK
from pipeline.ingest.templates.forms import Form
from pipeline.spreadsheets.cells import write_text
from pipeline.texts import Texts

FIRST_ROW = 2  # the mark of the sheet stands in the first

Words = tuple[str, ...]


def write_lists(workbook: Workbook, forms: Iterable[Form], texts: Texts) -> Mapping[Words, str]:
    """Add the sheet, where there is anything to choose; return list of words -> reference to its cells."""
    lists = list(dict.fromkeys(words for form in forms for words in _lists_of(form)))
    if not lists:
        return {}
    worksheet = workbook.create_sheet(texts("templates.sheet_choices"))
    worksheet.sheet_state = "hidden"
    _write(worksheet.cell(1, 1), f"{GUIDE_MARK}{texts('templates.choices_title')}")
    references = {}
    for column, words in enumerate(lists, start=1):
        for row, word in enumerate(words, start=FIRST_ROW):
            _write(worksheet.cell(row, column), word)
        letter = get_column_letter(column)
        references[words] = f"'{worksheet.title}'!${letter}${FIRST_ROW}:${letter}${FIRST_ROW + len(words) - 1}"
    return references


def _lists_of(form: Form) -> Iterable[Words]:
    offered = [field.choices for field in (*form.fields, *form.stated)] + list(form.cell_choices.values())
    return (choices.words for choices in offered if choices is not None and choices.words)


def _write(cell: object, text: str) -> None:
    assert isinstance(cell, Cell)  # nothing is merged here
    cell.number_format = "@"  # what is chosen arrives as it stands: neither a formula nor a date
    write_text(cell, text)
