"""Forms: sheets of labels with their values to the right or below, which give one row of a table for each form."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.catalog import Kind
from pipeline.ingest.files.grids import Cell, CellError, Grid
from pipeline.ingest.layouts.findings import AroundClass, Place, Recognised, SheetNames
from pipeline.ingest.layouts.formcells import leftover_cells
from pipeline.ingest.layouts.headers import Header, first_cells, is_level, names_amount
from pipeline.ingest.layouts.matching import bracket_means_another
from pipeline.ingest.layouts.pairs import spoken_pairs
from pipeline.ingest.layouts.relaid import LaidColumn, LaidRow, lay_out
from pipeline.ingest.layouts.rows import cell_at
from pipeline.ingest.layouts.rowwords import RowWords
from pipeline.ingest.layouts.scoring import NAME_BONUS, is_convincing, speaks_for, spoken_text
from pipeline.ingest.layouts.turned import fits_as_well, holds_amounts, is_explained
from pipeline.ingest.vocabulary import DROP, Vocabulary
from pipeline.ingest.wordforms import compact, header_form

MAX_FORM_ROWS = 400  # non-empty rows; more are a ledger, or a year of forms that nobody keeps on one sheet
MIN_LABELS = 3  # labels that show a form; two are the name and the date on any sheet
MIN_FOLLOWING = 2  # filled cells under the values of a form that are a further row of a table; one is a signature


@dataclass(frozen=True)
class _Spot:
    """A label on the sheet: its form, its cell, and the cell and text of its value (``None``: nothing is there)."""

    form: str
    label: str
    place: Place
    value_place: Place
    value: Cell | CellError
    is_below: bool = False


@dataclass(frozen=True)
class _Form:
    """The forms of one kind on a sheet: for each of them column -> label."""

    kind: Kind
    blocks: Sequence[Mapping[str, _Spot]]
    share: float
    is_named: bool
    explaining: frozenset[Place] = frozenset()  # cells beside it that explain how to fill it in

    @property
    def found(self) -> frozenset[str]:
        return frozenset(column for block in self.blocks for column in block)

    @property
    def rank(self) -> tuple[float, int]:
        return self.share + (NAME_BONUS if self.is_named else 0.0), len(self.found)


def recognise_form(
    grid: Grid, names: SheetNames, vocabulary: Vocabulary, *, beside_only: bool = False
) -> Recognised | None:
    """Return a sheet that is one form, or several forms of one kind, as the table of which each form is a row.

    Its labels are scored like the headers of a table; ``None`` unless every required column has a label or may come
    from the surroundings. ``beside_only`` passes over forms whose values stand below their labels, as they do in the
    header and first row of any table.
    """
    if grid.physical_rows > MAX_FORM_ROWS:
        return None
    spots = _without_headers(_find_labels(grid, vocabulary), grid, vocabulary.words["sequence"])
    if beside_only and _are_below(spots):
        return None
    kinds = {kind for spot in spots for kind in vocabulary.headers.get(spot.form, {})}
    if not kinds:
        return None
    spoken = spoken_text((cell for row in grid.rows for cell in row if isinstance(cell, str)), names)
    forms = [
        form
        for kind in (vocabulary.catalog.kinds[name] for name in sorted(kinds))
        if (form := _read_form(kind, spots, spoken, vocabulary)) is not None
    ]
    best = max(forms, key=lambda form: form.rank, default=None)
    if best is None or _is_over_rows(grid, best, spots) or _names_rows(grid, best, spots):
        return None
    whole = _with_columns_beside(grid, best, spots, vocabulary)
    return _laid_out(grid, whole, names, spots, vocabulary)


def _is_over_rows(grid: Grid, form: _Form, spots: Sequence[_Spot]) -> bool:
    """Tell whether a row of data follows the values below their labels: then the labels are the header of a table, and
    as a form the table would lose every row but its first.
    """
    labelled = {spot.place[0] for spot in spots}
    for block in form.blocks:
        below: dict[int, set[int]] = {}
        for spot in block.values():
            if spot.is_below and spot.value is not None:
                below.setdefault(spot.value_place[0], set()).add(spot.value_place[1])
        for row, columns in below.items():
            if row + 1 < len(grid.rows) and row + 1 not in labelled:
                filled = sum(cell_at(grid, row + 1, column) is not None for column in columns)
                if filled >= MIN_FOLLOWING and 2 * filled >= len(columns):
                    return True
    return False


def _names_rows(grid: Grid, form: _Form, spots: Sequence[_Spot]) -> bool:
    """Tell whether texts below one label name the rows in which others stand: 单位 over 城区 | 销量 | 700. Such labels
    are of a table, whose rows would be lost but for one.
    """
    labels = {spot.place for spot in spots}
    for block in form.blocks:
        own = {spot.place for spot in block.values()}
        answers = {spot.value_place for spot in block.values()}
        for row, number in own:
            left = (row, number - 1)
            names = number > 0 and isinstance(cell_at(grid, *left), str) and left not in labels | answers
            if names and any(above < row and column == number - 1 for above, column in own):
                return True
    return False


def _find_labels(grid: Grid, vocabulary: Vocabulary) -> list[_Spot]:
    """Return every text on the sheet that is a known header, with its value, row by row."""
    ends = {(row, column): (last_row, last_column) for row, column, last_row, last_column in grid.merges}
    texts = {cell for cells in grid.rows for cell in cells if isinstance(cell, str)}
    known = {text for text in texts if is_level(text.rstrip(":： "), vocabulary)}
    labels = {
        (row, number): cell
        for row, cells in enumerate(grid.rows)
        if not known.isdisjoint(cells)
        for number, cell in first_cells(cells)
        if isinstance(cell, str) and cell in known
    }
    places = {
        place: ((place[0], last_column + 1), (last_row + 1, place[1]))
        for place in labels
        for last_row, last_column in [ends.get(place, place)]
    }
    answers = {right for place, (right, _) in places.items() if _answers(labels.get(right), labels[place], vocabulary)}
    labels = {place: cell for place, cell in labels.items() if place not in answers}
    spots = []
    for (row, number), cell in labels.items():
        right, below = places[row, number]
        form = header_form(cell.rstrip(":： "))
        beside = cell_at(grid, *right)
        under = cell_at(grid, *below) if below[0] < len(grid.rows) else None
        if beside is not None and right not in labels:
            spots.append(_Spot(form, cell, (row, number), right, beside))
        elif under is not None and below not in labels:
            if _is_lower_level(grid, row, number, vocabulary):
                continue
            spots.append(_Spot(form, cell, (row, number), below, under, is_below=True))
        else:
            spots.append(_Spot(form, cell, (row, number), right, None))
    inside = {text: pairs for text in texts if (pairs := spoken_pairs(text, vocabulary))}
    return sorted((*spots, *_inside_cells(grid, inside)), key=lambda spot: spot.place)


def _without_headers(spots: Sequence[_Spot], grid: Grid, sequence: Collection[str]) -> list[_Spot]:
    """Return labels without those in the header of a list that goes on at its side: 序号 | 姓名 | 签到 | 序号 | 姓名.

    There the text beside a label is the next header, and no value.
    """
    headers = {
        row
        for row in {spot.place[0] for spot in spots}
        if sum(isinstance(cell, str) and header_form(cell) in sequence for cell in grid.rows[row]) > 1
    }
    return [spot for spot in spots if spot.place[0] not in headers]


def _answers(text: str | None, label: str, vocabulary: Vocabulary) -> bool:
    """Tell whether a text beside a label is its value although it is a label elsewhere: 党内职务 | 组长, or a level of
    one: 活动类型 | 特色活动.

    A label beside another one is of the same kind of workbook as that one.
    """
    if text is None:
        return False
    kinds = vocabulary.kinds_of_levels
    one, other = (kinds.get(header_form(found.rstrip(":： ")), frozenset()) for found in (label, text))
    return bool(one) and bool(other) and not one & other


def _is_lower_level(grid: Grid, row: int, number: int, vocabulary: Vocabulary) -> bool:
    """Tell whether a text over a value is the lower level of a table's header, under 计划 or 去年同期, and no label."""
    left = grid.rows[row - 1][: number + 1] if row else ()
    over = next((cell for cell in reversed(left) if cell is not None), None)
    return isinstance(over, str) and names_amount(over, vocabulary)


def _inside_cells(grid: Grid, pairs_of: Mapping[str, Sequence[tuple[str, str]]]) -> Iterator[_Spot]:
    """Yield the labels that share a cell with their value: 姓名：张三; ``pairs_of``: text of a cell -> these."""
    for row, cells in enumerate(grid.rows if pairs_of else ()):
        for number, cell in first_cells(cells):
            for label, value in pairs_of.get(cell, ()) if isinstance(cell, str) else ():
                yield _Spot(header_form(label), label, (row, number), (row, number), value)


def _read_form(kind: Kind, spots: Sequence[_Spot], spoken: str, vocabulary: Vocabulary) -> _Form | None:
    own = [(name, spot) for spot in spots if (name := vocabulary.headers.get(spot.form, {}).get(kind.kind))]
    own = [
        (name, spot)
        for name, spot in own
        if name != DROP and not bracket_means_another(spot.label, spot.form, name, kind.kind, vocabulary)
    ]
    blocks = _blocks(own)
    found = {name for block in blocks for name in block}
    missing = vocabulary.required(kind) - found - set(kind.context)
    if missing or len(found) < MIN_LABELS:
        return None
    is_named = speaks_for(kind, spoken)
    share = len(own) / len(spots)
    coverage = len(found) / len(vocabulary.named_columns[kind.kind])
    if not is_convincing(len(found), share, coverage, is_named=is_named):
        return None
    return _Form(kind, blocks, share, is_named)


def _blocks(own: Sequence[tuple[str, _Spot]]) -> list[dict[str, _Spot]]:
    """Divide labels among the forms of a sheet: each form begins where the first label stands again.

    A label belongs to the nearest beginning above and left of it. Where most values stand beside their labels, a text
    below a label is the next one's business, and where most stand below, one beside it.
    """
    if not own:
        return []
    first = own[0][0]
    anchors = [spot.place for name, spot in own if name == first]
    is_below = _are_below([spot for _, spot in own])
    blocks: dict[Place, dict[str, _Spot]] = {anchor: {} for anchor in anchors}
    for name, found in own:
        is_anothers = found.value is not None and found.is_below != is_below and found.place != found.value_place
        spot = replace(found, value_place=found.place, value=None) if is_anothers else found
        row, number = spot.place
        above = [anchor for anchor in anchors if anchor[0] <= row]
        beside = [anchor for anchor in above if anchor[1] <= number]
        block = blocks[max(beside or above)]
        if name not in block or block[name].value is None:
            block[name] = spot
    return list(blocks.values())


def _with_columns_beside(grid: Grid, form: _Form, spots: Sequence[_Spot], vocabulary: Vocabulary) -> _Form:
    """Return the forms of a sheet and, of a table that is turned on its side, every further column as a form.

    Such a table has its labels below each other and one record a column. Columns that explain how to fill the form in
    are words of it.
    """
    width = max(map(len, grid.rows))
    labels = Counter(spot.place[1] for spot in spots)
    found: list[Mapping[str, _Spot]] = []
    explaining: set[Place] = set()
    for block in form.blocks:
        found.append(block)
        beside = {name: spot for name, spot in block.items() if spot.place[1] < spot.value_place[1]}
        columns = {spot.value_place[1] for spot in beside.values()}
        if len(beside) < MIN_LABELS or len(columns) > 1:
            continue
        for number in range(columns.pop() + 1, width):
            if labels[number] > 1:  # of the next form; a single one may be a value that is a label elsewhere: 组长
                break
            moved = {name: _moved(grid, spot, number) for name, spot in beside.items()}
            if _is_record(grid, form.kind, moved, beside, number, vocabulary):
                found.append({**block, **moved})
            else:
                explaining.update(_explaining(grid, moved, number))
    return replace(form, blocks=found, explaining=frozenset(explaining))


def _is_record(
    grid: Grid,
    kind: Kind,
    moved: Mapping[str, _Spot],
    first: Mapping[str, _Spot],
    number: int,
    vocabulary: Vocabulary,
) -> bool:
    """Tell whether a column beside a form is a record: it fills whatever the first one must fill, with such values.

    What is written beside a form here and there is none, nor is a column of explanations, nor what a form's own value
    spans: of a record no more than half may stand in cells that are merged with those of the one before.
    """
    needed = [spot for name, spot in moved.items() if name in vocabulary.required(kind)]
    if not needed or any(spot.value is None for spot in needed) or is_explained(_top_cells(grid, moved, number)):
        return False
    own = [spot.value_place[1] == number for spot in moved.values() if spot.value is not None]
    if 2 * sum(own) < len(own):
        return False
    columns = vocabulary.columns_of(kind)
    values, others = ([(columns[name], spot.value) for name, spot in of.items()] for of in (moved, first))
    return fits_as_well(values, others, vocabulary)


def _top_cells(grid: Grid, moved: Mapping[str, _Spot], number: int) -> list[Cell | CellError]:
    """Return the cells of a column beside a form until the form's first value."""
    row = min(spot.value_place[0] for spot in moved.values())
    return [cell_at(grid, above, number) for above in range(row + 1)]


def _explaining(grid: Grid, moved: Mapping[str, _Spot], number: int) -> list[Place]:
    """Return the cells of a column beside a form that only explain; none where it may hold values, which are told.

    One under no such heading explains where most labels have a text: what stands beside a few is told.
    """
    rows = [spot.value_place[0] for spot in moved.values()]
    places = [(row, number) for row in range(min(rows), max(rows) + 1)]
    filled = sum(spot.value is not None and spot.value_place[1] == number for spot in moved.values())
    is_whole = 2 * filled > len(moved) or is_explained(_top_cells(grid, moved, number))
    return places if is_whole and not holds_amounts(cell_at(grid, *place) for place in places) else []


def _moved(grid: Grid, spot: _Spot, number: int) -> _Spot:
    """Return a label with its value in another column of its row, or in the cell merged over that: one month of two."""
    row = spot.value_place[0]
    starts = (left for top, left, bottom, right in grid.merges if top == row == bottom and left <= number <= right)
    place = (row, next(starts, number))
    return replace(spot, value_place=place, value=cell_at(grid, *place))


def _are_below(spots: Sequence[_Spot]) -> bool:
    """Tell whether most values stand below their labels."""
    return sum(spot.is_below for spot in spots) * 2 > sum(spot.value is not None for spot in spots)


def _laid_out(grid: Grid, form: _Form, names: SheetNames, spots: Sequence[_Spot], vocabulary: Vocabulary) -> Recognised:
    first = form.blocks[0]
    ordered = {name: spot for block in form.blocks for name, spot in block.items()} | dict(first)
    columns = [LaidColumn(name, spot.label, spot.place) for name, spot in ordered.items()]
    rows = [_laid_row(block, columns) for block in form.blocks]
    classes = _classes(grid, form, rows, vocabulary.words["footer"])
    top = min(spot.place[0] for spot in ordered.values())
    titles = tuple(cell for cells in grid.rows[:top] for cell in cells if isinstance(cell, str))
    sheet = Recognised(form.kind, names, grid, Header(top, top, (), ()), {}, (), titles)
    return lay_out(sheet, columns, rows, classes, _left_over(grid, form, spots, vocabulary))


def _left_over(grid: Grid, form: _Form, spots: Sequence[_Spot], vocabulary: Vocabulary) -> list[Place]:
    """Return the cells that no label accounts for, those of other kinds included."""
    every = [*spots, *(spot for block in form.blocks for spot in block.values())]
    with_value = [spot for spot in every if spot.value_place != spot.place]
    beside = {spot.value_place for spot in with_value if not spot.is_below}
    below = {spot.value_place for spot in with_value if spot.is_below}
    labels = {spot.place for spot in every}
    left = leftover_cells(grid, labels, beside, below, RowWords(vocabulary.words))
    return [place for place in left if place not in form.explaining]


def _laid_row(block: Mapping[str, _Spot], columns: Sequence[LaidColumn]) -> LaidRow:
    anchor = min(spot.place for spot in block.values())
    cells = tuple(block[column.name].value if column.name in block else None for column in columns)
    places = tuple(block[column.name].value_place if column.name in block else anchor for column in columns)
    covers = {spot.value_place[0] for spot in block.values()}
    return LaidRow(cells, places, tuple(sorted(covers)))


def _classes(grid: Grid, form: _Form, rows: Sequence[LaidRow], footers: frozenset[str]) -> dict[int, AroundClass]:
    """Tell what the rows without a value are: labels over values are headers, what stands above a form is a title."""
    data = {row for laid in rows for row in laid.covers}
    labels = {spot.place[0] for block in form.blocks for spot in block.values()} - data
    tops = sorted(min(spot.place for spot in block.values())[0] for block in form.blocks)
    bottoms = sorted(max(laid.covers) for laid in rows)
    classes: dict[int, AroundClass] = {}
    for row, cells in enumerate(grid.rows):
        if row in data or not any(cell is not None for cell in cells):
            continue
        first = next(cell for cell in cells if cell is not None)
        is_footer = isinstance(first, str) and any(compact(first).startswith(word) for word in footers)
        is_title = row < tops[0] or (not is_footer and tops[-1] > row and any(bottom < row for bottom in bottoms))
        classes[row] = "header" if row in labels else "title" if is_title else "note"
    return classes
