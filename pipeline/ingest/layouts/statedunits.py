"""In which unit a column of a sheet is, and the fault of one whose unit cannot be told or is the wrong one."""

from collections.abc import Mapping

from pipeline.catalog import Column, Unit
from pipeline.ingest.checking.reconcile import is_additive
from pipeline.ingest.files.grids import Cell, CellError
from pipeline.ingest.layouts.rows import cell_at
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.layouts.units import is_ratio, is_unit, state_their_units, unit_factor
from pipeline.ingest.layouts.unitwords import hear
from pipeline.ingest.vocabulary import Vocabulary
from pipeline.ingest.wordforms import brackets_of

AROUND = ("note", "title", "unrecognised")  # classes of rows that may say something of the table
SEEN_CHARACTERS = 40  # enough to recognise a note
LIST_SEPARATOR = " ≠ "


def factor_of_column(
    result: SheetRows, column: Column, number: int, vocabulary: Vocabulary, defaults: Mapping[str, Unit]
) -> float | None:
    """Return the factor to the dictionary's unit; where no unit is stated note it once and turn all rows down.

    ``defaults``: wanted unit -> unit of numbers that state none, as the bureau's settings say.
    """
    sheet = result.sheet
    labels = sheet.header.labels[number]
    near = (*sheet.titles, *_notes(result))
    factor = unit_factor(column.unit, labels, near, defaults, vocabulary, sheet.outer_titles)
    if is_additive(column) and any(is_ratio(label, vocabulary) for label in labels):
        factor = None  # 元/箱 over what should be a sum of money
    elif factor is None and state_their_units(_cells(result, column), column.unit, vocabulary):
        return 1.0
    if factor is None:
        if result.rows and not any(fault.code == "unit_missing" for fault in result.faults):
            wanted = vocabulary.catalog.units[column.unit]
            family = [unit.label for unit in vocabulary.catalog.units.values() if unit.family == wanted.family]
            place = (sheet.header.bottom, number)
            said = [text for text in (*near, *sheet.outer_titles) if hear(text, vocabulary).speaks_of(wanted.family)]
            details = (("said", LIST_SEPARATOR.join(text[:SEEN_CHARACTERS] for text in dict.fromkeys(said))),)
            seen = sheet.header.label(number)
            result.sheet_fault("unit_missing", seen, " / ".join(family), place, (column,), details if said else ())
        result.reject_all()
    return factor


def _notes(result: SheetRows) -> list[str]:
    """Return the texts below the header that are no cells of the table: notes, signatures, headings, lone texts."""
    sheet, found = result.sheet, [*result.sheet.notes]
    for row, class_ in result.classes.items():
        if row > sheet.header.bottom:
            cells = sheet.grid.rows[row]
            if class_ in AROUND or sum(cell is not None for cell in cells) == 1:
                found += [cell for cell in cells if isinstance(cell, str)]
    return found


def is_no_percentage(result: SheetRows, column: Column, number: int, vocabulary: Vocabulary) -> bool:
    """Tell, and note, whether the header of a percentage states another unit: 同比(箱) and 同比(百分点) are none."""
    header = result.sheet.header
    brackets = [stated for label in header.labels[number] for stated in brackets_of(label)]
    if not any(is_unit(stated, vocabulary) for stated in brackets):
        return False
    result.sheet_fault("wrong_unit", header.label(number), place=(header.bottom, number), about=(column,))
    return True


def _cells(result: SheetRows, column: Column) -> list[Cell | CellError]:
    return [cell_at(result.sheet.grid, *place) for place in result.places[column.column]]
