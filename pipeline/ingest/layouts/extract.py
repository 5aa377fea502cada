"""A recognised sheet to typed values: one list a column, and every cell that could not be taken over as a fault."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.catalog import Column, Unit
from pipeline.ingest.cells.amounts import SCALED_DECIMALS, are_fractions
from pipeline.ingest.cells.columns import Cells, ColumnFault, ColumnHints, Value
from pipeline.ingest.checking.reconcile import NumberColumn, is_additive, reconcile_totals, shown_number
from pipeline.ingest.faults import Fault
from pipeline.ingest.files.grids import Grid, cell_address
from pipeline.ingest.layouts.context import SheetContext, find_context, sheet_month_number
from pipeline.ingest.layouts.dittos import dittos_in, dittos_of_a_column
from pipeline.ingest.layouts.findings import Place, Recognised
from pipeline.ingest.layouts.furtherparts import with_further_parts
from pipeline.ingest.layouts.grouptotals import with_lone_groups
from pipeline.ingest.layouts.headings import (
    TimeBelow,
    convert_below_headings,
    fill_from_headings,
    times_below,
    with_group_headings,
    without_empty_columns,
)
from pipeline.ingest.layouts.places import ColumnPlaces
from pipeline.ingest.layouts.relaid import extract_relaid
from pipeline.ingest.layouts.rows import KEY_DTYPES, ClassifiedRows, cell_at, classify_rows, merged_anchors
from pipeline.ingest.layouts.scoring import span_of
from pipeline.ingest.layouts.settling import (
    fill_from_context,
    leave_out_other_months,
    note_other_year,
    note_planned,
)
from pipeline.ingest.layouts.sharedamounts import leave_out_shared
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.layouts.statedunits import factor_of_column, is_no_percentage, note_left_out
from pipeline.ingest.layouts.twocolumns import second_where_empty
from pipeline.ingest.layouts.units import own_units
from pipeline.ingest.layouts.unused import note_unused
from pipeline.ingest.vocabulary import DROP, SCORE_DTYPE, Vocabulary
from pipeline.ingest.wordforms import cell_text, compact, header_form

MONTH_MEANS_FIRST_DAY = "memberships"  # a roster says 2018.11 for a day that nobody wrote down (data dictionary)
MISSING_VALUE = "missing_value"
KIND_ENDINGS = ("类型", "类别", "渠道", "来源", "环节")  # of headers above kinds, and not above yes and no
PERCENT_SIGNS = ("%", "％")


@dataclass(frozen=True)
class Surroundings:
    """What a sheet needs to know beyond itself.

    ``group_names``: compact name or alias -> group; ``units``: unit of the dictionary -> unit of numbers that state
    none.
    """

    group_names: Mapping[str, str]
    units: Mapping[str, Unit]
    is_text_file: bool = False


def extract_sheet(sheet: Recognised, vocabulary: Vocabulary, surroundings: Surroundings) -> SheetRows:
    """Return the rows of one sheet; values taken from the surroundings stand in every row."""
    if sheet.relaid is not None or sheet.pairs:
        return extract_relaid(sheet, vocabulary, lambda table: _extract_table(table, vocabulary, surroundings))
    if sheet.is_matrix:
        return _extract_matrix(sheet, vocabulary, surroundings)
    return _extract_table(sheet, vocabulary, surroundings)


def _extract_table(sheet: Recognised, vocabulary: Vocabulary, surroundings: Surroundings) -> SheetRows:
    classified = classify_rows(sheet, vocabulary)
    whole, sheet = sheet, without_empty_columns(sheet, classified, surroundings.group_names, vocabulary.words)
    classified = _with_groups(sheet, classified, surroundings.group_names, vocabulary)
    context = find_context(sheet, surroundings.group_names)
    rows = classified.of("data")
    numbers = {name: number for number, name in sheet.columns.items() if name != DROP}
    numbers |= span_of(sheet.header, sheet.columns, sheet.kind, vocabulary)
    columns = vocabulary.columns_of(sheet.kind)
    merged = _places(sheet, rows, numbers)
    placed = dict(merged)
    places: dict[str, Sequence[Place]] = dict(merged)
    result = SheetRows(sheet, columns, classified.classes, rows, {}, places, context, classified.among)
    times = times_below(sheet, rows, classified.headings, surroundings.group_names, vocabulary.words)
    dangling, signs = {}, frozenset(vocabulary.catalog.words_of("ditto"))
    for name in numbers:
        placed[name], dangling[name] = dittos_of_a_column(placed[name], sheet.grid, signs)
    seconds = second_where_empty(placed, sheet, vocabulary.words, signs)
    places |= placed | seconds
    cells_of = _cells_of(sheet.grid, placed, seconds)
    hints_of = {name: _hints(sheet, number, context, surroundings) for name, number in numbers.items()}
    hints_of |= {
        name: replace(hints_of[name], shown_as_percent=_shown_as_percent(sheet.grid, placed[name]))
        for name in numbers
        if columns[name].dtype == "pct"
    }
    beside = _fractions_beside(cells_of, hints_of, columns, vocabulary)
    number_columns, without_unit = [], []
    key, has_totals = vocabulary.catalog.tables[sheet.kind.table].key, bool(classified.of("total"))
    for name, number in numbers.items():
        column, cells = columns[name], cells_of[name]
        if column.dtype == "pct" and is_no_percentage(result, column, number, vocabulary):
            cells = [None] * len(rows)
        factor = factor_of_column(result, column, number, vocabulary, surroundings.units)
        if factor is None and not column.required:
            cells = [None] * len(rows)
            without_unit.append(number)
        hints = replace(
            hints_of[name], has_fractions_beside=beside, own_units=own_units(column.unit, factor or 1.0, vocabulary)
        )
        bad = _convert(result, column, cells, hints, vocabulary, factor or 1.0, dangling[name], times)
        bad |= leave_out_shared(result, column, merged[name], key)
        if factor is not None and is_additive(column) and has_totals:
            values = dict(zip(rows, result.values[name], strict=True))
            faulty = {rows[position] for position in bad}
            number_columns.append(NumberColumn(name, number, values, faulty, factor, hints.own_units))
    note_left_out(result, without_unit, vocabulary)
    _fold_lone_texts(result)
    fill_from_headings(result, classified.headings, surroundings.group_names, vocabulary.words)
    fill_from_context(result, vocabulary)
    result.sheet = whole
    leave_out_other_months(result)
    note_other_year(result)
    note_planned(result, classified.reasons)
    _break_down(result)
    _check_doubled(result, vocabulary)
    note_unused(result, vocabulary)
    reconcile_totals(result, classified, number_columns, vocabulary.words)
    return result


def _with_groups(
    sheet: Recognised, classified: ClassifiedRows, group_names: Mapping[str, str], vocabulary: Vocabulary
) -> ClassifiedRows:
    """Return the rows of a table with what only the names of the groups tell: parts of one, a total, a heading."""
    classified = with_further_parts(sheet, classified, group_names, vocabulary)
    classified = with_lone_groups(sheet, classified, group_names, vocabulary)
    return with_group_headings(sheet, classified, group_names, vocabulary.words)


def _cells_of(
    grid: Grid, placed: Mapping[str, ColumnPlaces], seconds: Mapping[str, Sequence[Place]]
) -> dict[str, Cells]:
    """Return the cells of each column, those in a second column for it among them."""
    firsts = {name: found.cells(grid) for name, found in placed.items()}
    return {**firsts, **{name: [cell_at(grid, *place) for place in found] for name, found in seconds.items()}}


def _places(sheet: Recognised, rows: Sequence[int], numbers: Mapping[str, int]) -> dict[str, ColumnPlaces]:
    """Return where each column's values stand; a cell that a range merged downwards covers stands at its first cell."""
    anchors: dict[int, dict[int, int]] = {}
    for (row, number), (first_row, _) in merged_anchors(sheet).items():
        anchors.setdefault(number, {})[row] = first_row
    return {name: ColumnPlaces(rows, number, anchors.get(number, {})) for name, number in numbers.items()}


def _shown_as_percent(grid: Grid, places: ColumnPlaces) -> frozenset[int]:
    """Return the positions whose cell is formatted as percent."""
    percent = {(row, number) for row, number in grid.percent_cells if number == places.number}
    if not percent:
        return frozenset()
    return frozenset(position for position, place in enumerate(places) if place in percent)


def _fractions_beside(
    cells_of: Mapping[str, Cells],
    hints_of: Mapping[str, ColumnHints],
    columns: Mapping[str, Column],
    vocabulary: Vocabulary,
) -> bool | None:
    """Tell whether a sheet writes its percentages as fractions; ``None`` where no column tells, or two disagree."""
    told = {
        are_fractions(cells, columns[name], hints_of[name], vocabulary.words)
        for name, cells in cells_of.items()
        if columns[name].dtype == "pct"
    } - {None}
    return told.pop() if len(told) == 1 else None


def _extract_matrix(sheet: Recognised, vocabulary: Vocabulary, surroundings: Surroundings) -> SheetRows:
    """Read a matrix: one row of the table for every cell right of and below the corner; the score is the cell."""
    classified = classify_rows(sheet, vocabulary)
    context = find_context(sheet, surroundings.group_names)
    left = min(sheet.columns)
    down = sheet.columns[left]
    across = [number for number in sorted(sheet.columns) if number != left]
    columns = vocabulary.columns_of(sheet.kind)
    score = next(column for column in columns.values() if column.dtype == SCORE_DTYPE)
    scores = [(row, number) for row in classified.of("data") for number in across]
    places: dict[str, list[Place]] = {
        down: [(row, left) for row, _ in scores],
        sheet.columns[across[0]]: [(sheet.header.bottom, number) for _, number in scores],
        score.column: scores,
    }
    result = SheetRows(sheet, columns, classified.classes, [row for row, _ in scores], {}, places, context)
    hints = _hints(sheet, left, context, surroundings)
    faulty, signs = {}, frozenset(vocabulary.catalog.words_of("ditto"))
    for name, found in places.items():
        cells = [cell_at(sheet.grid, *place) for place in found]
        faulty[name] = _convert(result, columns[name], cells, hints, vocabulary, 1.0, dittos_in(cells, signs))
    fill_from_context(result, vocabulary)
    note_other_year(result)
    whole = _matrix_columns(result, score, across, faulty[score.column])
    rated = sheet.columns[across[0]]
    of_themselves = {
        row
        for row, one, other in zip(scores, result.values[down], result.values[rated], strict=True)
        if _same_group(one, other, surroundings.group_names)
    }
    narrower = [column.without({row for row, number in of_themselves if number == column.number}) for column in whole]
    reconcile_totals(result, classified, whole, vocabulary.words, narrower if of_themselves else ())
    return result


def _same_group(one: Value, other: Value, group_names: Mapping[str, str]) -> bool:
    """Tell whether two cells name one group: a rating of itself, which the mean of a matrix may leave out."""
    first, second = (compact(str(name)) for name in (one, other))
    return group_names.get(first, first) == group_names.get(second, second)


def _matrix_columns(result: SheetRows, score: Column, across: Iterable[int], bad: set[int]) -> list[NumberColumn]:
    """Return every column of a matrix as numbers, so that its mean row can be checked."""
    found = []
    for number in across:
        positions = [i for i, (_, column) in enumerate(result.places[score.column]) if column == number]
        values = {result.rows[i]: result.values[score.column][i] for i in positions}
        found.append(NumberColumn(score.column, number, values, {result.rows[i] for i in positions if i in bad}, 1.0))
    return found


def _convert(
    result: SheetRows,
    column: Column,
    cells: Cells,
    hints: ColumnHints,
    vocabulary: Vocabulary,
    factor: float,
    dangling: Collection[int] = (),
    times: Sequence[TimeBelow] = (),
) -> set[int]:
    """Convert one column into ``result`` and return the faulty positions; a required column turns their rows down.

    ``dangling`` are the positions of a 同上 with nothing above it, ``times`` those below which another year or
    month holds.
    """
    name = column.column
    converted = convert_below_headings(cells, column, hints, vocabulary.words, factor, times)
    result.values[name] = converted.values
    bad = {fault.position for fault in converted.faults} | set(dangling)
    for fault in converted.faults:
        if fault.position not in dangling:
            result.fault(fault.code, name, fault.position, *_in_unit(result, column, fault, vocabulary))
    for position in dangling:
        result.values[name][position] = None
        result.fault("nothing_above", name, position)
    for position in _uncalculated(result, name, cells):
        bad.add(position)
        result.fault("formula_without_value", name, position)
    if column.required:
        missing = [position for position, value in enumerate(converted.values) if value is None and position not in bad]
        for position in missing:
            result.fault(MISSING_VALUE, name, position)
        bad.update(missing)
        result.rejected |= bad
    return bad


def _in_unit(result: SheetRows, column: Column, fault: ColumnFault, vocabulary: Vocabulary) -> tuple[str, str | None]:
    """Return what is expected of a cell and what is told to be seen: a number that the sheet counts in another unit
    than its range (万元 and 元) is shown in both; ``None`` shows the cell as it is.
    """
    unit, cell = vocabulary.catalog.units.get(column.unit), result.cell(column.column, fault.position)
    if unit is None or fault.number is None or cell == fault.number:
        return fault.expected, None
    number = shown_number(fault.number, SCALED_DECIMALS)
    written = cell_text(cell)
    if compact(written).replace(",", "") == number:
        return fault.expected, None
    return f"{fault.expected} {unit.label}", f"{written} = {number} {unit.label}"


def _uncalculated(result: SheetRows, name: str, cells: Cells) -> list[int]:
    """Return the positions whose cell is a formula that was saved without its value."""
    addresses = set(result.sheet.grid.formulas_without_value)
    if not addresses:
        return []
    places = result.places[name]
    return [i for i, cell in enumerate(cells) if cell is None and cell_address(*places[i]) in addresses]


def _hints(sheet: Recognised, number: int, context: SheetContext, surroundings: Surroundings) -> ColumnHints:
    label = sheet.header.label(number)
    return ColumnHints(
        default_year=context.year,
        default_month=sheet_month_number(sheet),
        has_percent_header=any(sign in label for sign in PERCENT_SIGNS),
        is_text_file=surroundings.is_text_file,
        from_1904=sheet.grid.from_1904,
        month_means_first_day=sheet.kind.table == MONTH_MEANS_FIRST_DAY,
        lists_kinds=header_form(label).endswith(KIND_ENDINGS),
    )


def _fold_lone_texts(result: SheetRows) -> None:
    """Tell a row that holds nothing but one text, which may be a remark, once: what is wrong with that, else the first
    of all that it lacks.
    """
    rows = {row for row in {result.rows[position] for position in result.rejected} if _is_lone_text(result, row)}
    told: dict[int, Fault] = {}
    for fault in result.faults:
        if fault.row in rows and (fault.row not in told or told[fault.row].code == MISSING_VALUE != fault.code):
            told[fault.row] = fault
    result.faults = [fault for fault in result.faults if fault.row not in told or fault is told[fault.row]]


def _is_lone_text(result: SheetRows, row: int) -> bool:
    filled = [cell for cell in result.sheet.grid.rows[row] if cell is not None]
    return len(filled) == 1 and isinstance(filled[0], str)


def _break_down(result: SheetRows) -> None:
    """Leave out what breaks a total down by something other than the table's rows: 其中：女党员 without a date.

    Such a row is no row of the table; what its cells lack is no fault.
    """
    keys = [name for name, column in result.columns.items() if column.required and column.dtype in KEY_DTYPES]
    left_out = {
        position
        for position in (result.rejected if result.among else ())
        if result.rows[position] in result.among
        and result.faulty.at(position)
        and any(result.values[name][position] is None for name in keys)
    }
    if left_out:
        result.forgive(left_out)
        result.rejected -= left_out
        result.breakdown |= left_out


def _check_doubled(result: SheetRows, vocabulary: Vocabulary) -> None:
    """Note columns that two headers claim: which one is meant is not guessed; a required one turns the rows down."""
    columns = vocabulary.columns_of(result.sheet.kind)
    for name, numbers in result.sheet.doubled:
        header = result.sheet.header
        seen = ", ".join(f"{header.label(number)} ({cell_address(header.bottom, number)})" for number in numbers)
        place = (header.bottom, numbers[-1])
        result.sheet_fault("duplicate_column", seen, place=place, about=(columns[name],))
        if columns[name].required:
            result.reject_all()
