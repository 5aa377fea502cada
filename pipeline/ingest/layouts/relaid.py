"""Forms and other layouts as the plain table that they stand for, and what was read from it back at the real cells."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.ingest.faults import Fault
from pipeline.ingest.files.grids import Cell, CellError, Grid, cell_address
from pipeline.ingest.layouts.findings import AroundClass, MonthSum, Place, Recognised, Relaid
from pipeline.ingest.layouts.headers import Header
from pipeline.ingest.layouts.monthsums import check_month_sums
from pipeline.ingest.layouts.rows import RowClass, classify_rows
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.vocabulary import Vocabulary
from pipeline.ingest.wordforms import header_form, plain

STRENGTH: Sequence[RowClass] = ("unrecognised", "note", "title", "header", "total", "data")  # the later one is kept


@dataclass(frozen=True)
class LaidColumn:
    """One column of the plain table: its name in the dictionary, its header as written and the header's real cell."""

    name: str
    label: str
    place: Place


@dataclass(frozen=True)
class LaidRow:
    """One row of the plain table: a cell and its real place for each column, and the real rows that it comes from."""

    cells: tuple[Cell | CellError, ...]
    places: tuple[Place, ...]
    covers: tuple[int, ...]


def lay_out(
    sheet: Recognised,
    columns: Sequence[LaidColumn],
    rows: Sequence[LaidRow],
    classes: Mapping[int, AroundClass],
    unused: Sequence[Place] | None = None,
    unread: Sequence[Place] = (),
    sums: Sequence[MonthSum] = (),
) -> Recognised:
    """Return ``sheet`` with the plain table of ``columns`` and ``rows``.

    ``classes`` are those of its real rows without data, ``unused``, ``unread`` and ``sums`` as in `Relaid`.
    """
    places = {(0, number): column.place for number, column in enumerate(columns)}
    places |= {(row, number): place for row, laid in enumerate(rows, 1) for number, place in enumerate(laid.places)}
    labels = tuple((plain(column.label),) for column in columns)
    struck = frozenset(sheet.grid.struck_rows)
    grid = Grid(
        sheet.grid.name,
        sheet.grid.visible,
        (tuple(column.label for column in columns), *(laid.cells for laid in rows)),
        (),
        len(rows) + 1,
        *_marks(sheet.grid, places),
        from_1904=sheet.grid.from_1904,
        struck_rows=tuple(row for row, laid in enumerate(rows, 1) if laid.covers and struck.issuperset(laid.covers)),
    )
    table = replace(
        sheet,
        grid=grid,
        header=Header(0, 0, tuple(header_form(column.label) for column in columns), labels),
        columns={number: column.name for number, column in enumerate(columns)},
        notes=tuple(
            cell for row in classes if classes[row] == "note" for cell in sheet.grid.rows[row] if isinstance(cell, str)
        ),
    )
    covers = {row: laid.covers for row, laid in enumerate(rows, 1)}
    return replace(sheet, relaid=Relaid(table, places, covers, classes, unused, unread, sums))


def lay_pairs_beside(sheet: Recognised, vocabulary: Vocabulary) -> Relaid:
    """Return the table with a further column for each label above it: every row of data holds the label's value."""
    width = max((len(row) for row in sheet.grid.rows), default=0)
    data = classify_rows(sheet, vocabulary).of("data")
    values = tuple(pair.value for pair in sheet.pairs)
    rows = list(sheet.grid.rows)
    for row in data:
        rows[row] = (*rows[row], *(None,) * (width - len(rows[row])), *values)
    places = {(row, width + extra): pair.place for row in data for extra, pair in enumerate(sheet.pairs)}
    places |= {(sheet.header.bottom, width + extra): pair.label_place for extra, pair in enumerate(sheet.pairs)}
    formulas, hidden, percent = _marks(sheet.grid, places)
    blank = width - len(sheet.header.paths)
    header = replace(
        sheet.header,
        paths=(*sheet.header.paths, *("",) * blank, *(header_form(pair.label) for pair in sheet.pairs)),
        labels=(*sheet.header.labels, *((),) * blank, *((plain(pair.label),) for pair in sheet.pairs)),
    )
    grid = replace(
        sheet.grid,
        rows=tuple(rows),
        formulas_without_value=(*sheet.grid.formulas_without_value, *formulas),
        hidden_rows=hidden,
        percent_cells=(*sheet.grid.percent_cells, *percent),
    )
    columns = {**sheet.columns, **{width + extra: pair.column for extra, pair in enumerate(sheet.pairs)}}
    return Relaid(replace(sheet, grid=grid, header=header, columns=columns, pairs=()), places, {}, {})


def extract_relaid(
    sheet: Recognised, vocabulary: Vocabulary, extract_table: Callable[[Recognised], SheetRows]
) -> SheetRows:
    """Read a sheet through its plain table, and return rows, places, faults and totals at the real cells."""
    relaid = sheet.relaid or lay_pairs_beside(sheet, vocabulary)
    result = extract_table(relaid.table)

    def real(place: Place) -> Place:
        return relaid.cells.get(place, place)

    def covered(row: int) -> tuple[int, ...]:
        return relaid.covers.get(row, (row,))

    real_rows = replace(
        result,
        sheet=sheet,
        classes=_real_classes(result.classes, relaid, sheet),
        rows=[covered(row)[0] for row in result.rows],
        places={name: [real(place) for place in places] for name, places in result.places.items()},
        among=frozenset(real_row for row in result.among for real_row in covered(row)),
        faults=[_at_real_cell(fault, real, covered) for fault in result.faults],
        totals=[
            replace(total, row=real((total.row, total.number))[0], number=real((total.row, total.number))[1])
            for total in result.totals
        ],
        spans=[covered(row) for row in result.rows],
    )
    check_month_sums(real_rows, relaid.sums)
    return real_rows


def _real_classes(classes: Mapping[int, RowClass], relaid: Relaid, sheet: Recognised) -> dict[int, RowClass]:
    """Return the class of every real row, in order; a row that is two things is the stronger of them."""
    found: dict[int, RowClass] = dict(relaid.classes)
    is_own_header = sheet.relaid is not None  # the one header row of a plain table is no row of the sheet
    for row, class_ in classes.items():
        if is_own_header and row == relaid.table.header.bottom:
            continue
        for real_row in relaid.covers.get(row, (row,)):
            found[real_row] = max(found.get(real_row, class_), class_, key=STRENGTH.index)
    return dict(sorted(found.items()))


def _at_real_cell(fault: Fault, real: Callable[[Place], Place], covered: Callable[[int], tuple[int, ...]]) -> Fault:
    if fault.row is None:
        return fault
    if fault.column is None:
        return replace(fault, row=covered(fault.row)[0])
    row, column = real((fault.row, fault.column))
    return replace(fault, row=row, column=column)


def _marks(
    grid: Grid, places: Mapping[Place, Place]
) -> tuple[tuple[str, ...], tuple[int, ...], tuple[tuple[int, int], ...]]:
    """Return what a grid notes about single cells, for the cells of the plain table: formulas without a value, no
    hidden rows (they are told of the real sheet), cells shown as percent.
    """
    formulas, percent = set(grid.formulas_without_value), set(grid.percent_cells)
    without_value = tuple(cell_address(*laid) for laid, place in places.items() if cell_address(*place) in formulas)
    return without_value, (), tuple(laid for laid, place in places.items() if place in percent)


def rows_of(places: Iterable[Place]) -> tuple[int, ...]:
    """Return the rows of cells, each once and in order."""
    return tuple(sorted({row for row, _ in places}))
