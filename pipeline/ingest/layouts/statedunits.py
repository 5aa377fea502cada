"""In which unit a column of a sheet is, and the fault of one whose unit cannot be told or is the wrong one."""

from collections.abc import Iterator, Mapping, Sequence

from pipeline.catalog import Column, Unit
from pipeline.ingest.checking.reconcile import is_additive
from pipeline.ingest.files.grids import Cell, CellError
from pipeline.ingest.layouts.rows import cell_at
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.layouts.units import is_ratio, is_unit, state_their_units, unit_factor, unit_in_header
from pipeline.ingest.layouts.unitwords import hear, of_whole_table
from pipeline.ingest.layouts.unused import measured_columns
from pipeline.ingest.vocabulary import Vocabulary
from pipeline.ingest.wordforms import brackets_of

CONTRADICTED = "unit_contradicted"  # by a note: what is stated above the table is used
SEEN_CHARACTERS = 40  # enough to recognise a note
LIST_SEPARATOR = " ≠ "


def factor_of_column(
    result: SheetRows, column: Column, number: int, vocabulary: Vocabulary, defaults: Mapping[str, Unit]
) -> float | None:
    """Return the factor to the dictionary's unit; where no unit is stated note it once and turn all rows down, but
    for a column that the rows can do without (`note_left_out`).

    A comparison without a unit of its own (同期 beside 销量(箱)) is in that of the amount that it compares.

    ``defaults``: wanted unit -> unit of numbers that state none, as the bureau's settings say.
    """
    sheet = result.sheet
    labels = sheet.header.labels[number]
    notes = _notes(result, vocabulary)
    factor = unit_factor(column.unit, labels, sheet.titles, defaults, vocabulary, sheet.outer_titles, notes)
    if is_additive(column) and any(is_ratio(label, vocabulary) for label in labels):
        factor = None  # 元/箱 over what should be a sum of money
    elif factor is None and state_their_units(_cells(result, column), column.unit, vocabulary):
        return 1.0
    if factor is None:
        factor = _factor_of_compared(result, column, number, vocabulary)
    if factor is None and not _can_be_left_out(column, vocabulary):
        _turn_down(result, column, number, vocabulary)
    elif factor is not None:
        _note_contradictions(result, column, number, factor, vocabulary)
    return factor


def note_left_out(result: SheetRows, numbers: Sequence[int], vocabulary: Vocabulary) -> None:
    """Note, once, the columns that are left out for want of a unit; where that costs all rows it is told already."""
    if not numbers or not result.rows or any(fault.code == "unit_missing" for fault in result.faults):
        return
    header = result.sheet.header
    about = tuple(result.columns[result.sheet.columns[number]] for number in numbers)
    family = dict.fromkeys(label for column in about for label in _family(column, vocabulary))
    seen = " / ".join(map(header.label, numbers))
    result.sheet_fault("column_without_unit", seen, " / ".join(family), (header.bottom, numbers[0]), about)


def _factor_of_compared(result: SheetRows, column: Column, number: int, vocabulary: Vocabulary) -> float | None:
    """Return the factor of the amount that a comparison without any unit in its header is of, by that one's header.

    What a case brings (单箱销售额) is in 元 where the money of a month is in 万元: a quotient is no such comparison.
    """
    labels, units = result.sheet.header.labels, vocabulary.catalog.units
    wanted = units.get(column.unit)
    is_comparison = any(word in label for label in labels[number] for word in vocabulary.words["other_amount"])
    if (
        wanted is None
        or not is_comparison
        or not is_additive(column)
        or unit_in_header(labels[number], wanted, vocabulary) is not None
    ):
        return None
    for other, name in result.sheet.columns.items():
        compared = result.columns.get(name)
        if compared is not None and compared.required and compared.unit == column.unit:
            stated = unit_in_header(labels[other], wanted, vocabulary)
            return None if stated is None else unit_factor(column.unit, labels[other], (), {}, vocabulary)
    return None


def _can_be_left_out(column: Column, vocabulary: Vocabulary) -> bool:
    """Tell whether rows say what they have to without a column, and no measure is made of it."""
    return not column.required and column.column not in measured_columns(column.table, vocabulary.catalog)


def _family(column: Column, vocabulary: Vocabulary) -> list[str]:
    """Return the units that a column may be in."""
    wanted = vocabulary.catalog.units[column.unit]
    return [unit.label for unit in vocabulary.catalog.units.values() if unit.family == wanted.family]


def _turn_down(result: SheetRows, column: Column, number: int, vocabulary: Vocabulary) -> None:
    """Turn every row down, as the unit of a column cannot be told; it is noted once, with what speaks of it."""
    sheet = result.sheet
    if result.rows and not any(fault.code == "unit_missing" for fault in result.faults):
        wanted = vocabulary.catalog.units[column.unit]
        texts = dict.fromkeys((*sheet.titles, *_notes(result, vocabulary), *sheet.outer_titles))
        said = [text for text in texts if hear(text, vocabulary).speaks_of(wanted.family)]
        details = (("said", LIST_SEPARATOR.join(text[:SEEN_CHARACTERS] for text in said)),)
        place, seen = (sheet.header.bottom, number), sheet.header.label(number)
        expected = " / ".join(_family(column, vocabulary))
        result.sheet_fault("unit_missing", seen, expected, place, (column,), details if said else ())
    result.reject_all()


def _note_contradictions(result: SheetRows, column: Column, number: int, factor: float, vocabulary: Vocabulary) -> None:
    """Note, once each, the notes below a table that speak of another unit than the one stated above it, which is used.

    A bracket of the header leaves no doubt, whatever a note says.
    """
    header, used = result.sheet.header, vocabulary.catalog.units.get(column.unit)
    if used is None or unit_in_header(header.labels[number], used, vocabulary) is not None:
        return
    family = [unit for unit in vocabulary.catalog.units.values() if unit.family == used.family]
    label = next((unit.label for unit in family if unit.factor / used.factor == factor), used.label)
    told = {fault.seen for fault in result.faults if fault.code == CONTRADICTED}
    for text in dict.fromkeys(_notes(result, vocabulary)):
        seen = text[:SEEN_CHARACTERS]
        if seen not in told and hear(text, vocabulary).contradicts(used, factor):
            result.sheet_fault(CONTRADICTED, seen, label, (header.bottom, number), (column,))


def _notes(result: SheetRows, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield what the texts below the table say of the whole of it; they are looked for only where they are needed."""
    for text in result.texts_below:
        yield of_whole_table(text, vocabulary)


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
