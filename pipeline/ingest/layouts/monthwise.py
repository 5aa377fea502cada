"""Tables with the months across: groups or members down, 1月 … 12月 above, one block for each metric or one for all."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline import periods
from pipeline.catalog import Kind
from pipeline.ingest.files.grids import Cell, CellError, Grid
from pipeline.ingest.layouts.findings import AroundClass, MonthSum, Place, Recognised, SheetNames
from pipeline.ingest.layouts.headers import (
    MONTH,
    NUMBER_DTYPES,
    Header,
    merges_by_row,
)
from pipeline.ingest.layouts.matching import match_columns
from pipeline.ingest.layouts.monthheaders import filled_cells, month_headers, month_text, spoken_month, year_alone
from pipeline.ingest.layouts.monthsums import SumColumn, find_sum_columns, find_sums_to_date
from pipeline.ingest.layouts.relaid import LaidColumn, LaidRow, lay_out, rows_of
from pipeline.ingest.layouts.rows import cell_at
from pipeline.ingest.layouts.scoring import speaks_for, spoken_text
from pipeline.ingest.layouts.yearcolumns import NO_YEAR
from pipeline.ingest.vocabulary import DROP, Vocabulary
from pipeline.ingest.wordforms import cell_text, compact, header_form, plain

MAX_ROWS = 1000  # non-empty rows; years of months across are kept for a few groups and not for a register
MIN_FOUND = 3  # columns that show a kind which no name speaks for


@dataclass(frozen=True)
class _Metric:
    """What a number is: a column of the table, by the header or title that says so."""

    column: str
    label: str
    place: Place


@dataclass(frozen=True)
class _MonthColumn:
    """A column of numbers: its month, the cell of that, and the metric that another level of the header names.

    ``is_to_date`` marks the sum of all months until this one: 1-10月累计.
    """

    month: str
    place: Place
    metric: _Metric | None
    is_to_date: bool


@dataclass
class _Entry:
    """The values of one group (or member, or whatever the keys are) in one month."""

    keys: Mapping[str, Place]
    month: Place
    values: dict[str, Place] = field(default_factory=dict)


@dataclass
class _Sheet:
    """What was collected of one kind."""

    kind: Kind
    keys: dict[str, LaidColumn] = field(default_factory=dict)
    metrics: dict[str, LaidColumn] = field(default_factory=dict)
    entries: dict[tuple[str, tuple[str, ...], int], _Entry] = field(default_factory=dict)  # by (month, keys, repeats)
    headers: set[int] = field(default_factory=set)
    titles: set[int] = field(default_factory=set)
    months: set[int] = field(default_factory=set)  # columns of numbers
    unread: list[Place] = field(default_factory=list)  # sums until a month that has no column
    sums: list[MonthSum] = field(default_factory=list)


def recognise_monthwise(grid: Grid, names: SheetNames, vocabulary: Vocabulary) -> Recognised | None:
    """Return a sheet with months across as the table of one row a month and group; ``None`` for any other sheet.

    What the numbers are is said by a header level above or below the months, by a text in the row (指标), by the
    heading of the block, or by the sheet's title.
    """
    if grid.physical_rows > MAX_ROWS:
        return None
    merges = merges_by_row(grid)
    headers = list(month_headers(grid, merges, vocabulary))
    if not headers:
        return None
    titles = tuple(cell for row in grid.rows[: headers[0].top] for cell in row if isinstance(cell, str))
    if _is_report_of_a_month(headers, (names.sheet, *titles, names.stem), vocabulary):
        return None
    spoken = spoken_text((*titles, *_headings(grid, headers)), names)
    best: _Sheet | None = None
    for kind in vocabulary.catalog.kinds.values():
        if MONTH not in vocabulary.columns_of(kind) or kind.layout != "table":
            continue
        is_named = speaks_for(kind, spoken)
        found = _Reader(grid, kind, vocabulary, names).read(headers)
        count = len(found.keys) + len(found.metrics) + 1
        missing = vocabulary.stated_together(kind) - {MONTH, *found.keys, *found.metrics, *kind.context}
        is_kind = found.metrics and not missing and (is_named or count >= MIN_FOUND)
        if is_kind and (best is None or count > len(best.keys) + len(best.metrics) + 1):
            best = found
    return None if best is None else _laid_out(grid, best, names, headers[0], titles)


def _is_report_of_a_month(headers: Sequence[Header], told: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Tell whether a sheet is the report of one month, that shows another one beside it: 2020年9月销量 | 2021年9月销量.

    Its headers say what their numbers are, and its names or titles one month: the other column is a comparison.
    """
    labels = [label for header in headers for levels in header.labels for label in levels]
    spoken = [found for label in labels if (found := spoken_month(label, vocabulary))]
    months = {month for text in told if (month := periods.find_month(text, periods.ANY_YEAR)) is not None}
    return len({month.month for month in months}) == 1 and all(rest for _, rest in spoken)


def _is_amount(cell: Cell | CellError) -> bool:
    return isinstance(cell, float | int) or (isinstance(cell, str) and compact(cell).isdecimal())


def _headings(grid: Grid, headers: Sequence[Header]) -> list[str]:
    """Return the texts that stand alone in their row from the first header on."""
    rows = (filled_cells(row) for row in grid.rows[headers[0].top :])
    return [cell for filled in rows if len(filled) == 1 and isinstance(cell := filled[0][1], str)]


class _Reader:
    """Collects the numbers of one kind from every block of a sheet."""

    def __init__(self, grid: Grid, kind: Kind, vocabulary: Vocabulary, names: SheetNames) -> None:
        self._grid, self._kind, self._vocabulary, self._names = grid, kind, vocabulary, names
        columns = vocabulary.columns_of(kind)
        self._metric_names = {name for name, column in columns.items() if column.dtype in NUMBER_DTYPES}
        forms = vocabulary.forms[kind.kind].items()
        self._metric_forms = {form: name for form, name in forms if name in self._metric_names}
        self._anchors = {
            (row, number): (first, number)
            for first, number, last, _ in grid.merges
            for row in range(first, min(last + 1, len(grid.rows)))
        }

    def read(self, headers: Sequence[Header]) -> _Sheet:
        """Return what all blocks together hold of this kind."""
        found = _Sheet(self._kind)
        stops = [header.top for header in headers[1:]] + [len(self._grid.rows)]
        begin = 0
        for header, stop in zip(headers, stops, strict=True):
            found.headers.update(range(header.top, header.bottom + 1))
            self._read_block(found, header, begin, stop)
            begin = header.bottom + 1
        return found

    def _read_block(self, found: _Sheet, header: Header, begin: int, stop: int) -> None:
        months = self._months_of(header)
        found.months.update(months)
        rest = {number: path for number, path in header.named if number not in months}
        own = Header(header.top, header.bottom, tuple(rest.get(n, "") for n in range(len(header.paths))), header.labels)
        matched = {n: name for n, (name, _) in match_columns(own, self._vocabulary).get(self._kind.kind, {}).items()}
        keys = {n: name for n, name in matched.items() if name not in self._metric_names and name != DROP}
        if any(month_text(label) for number in keys for label in header.labels[number]):
            return  # each month has its own column of names: tables side by side
        for number, name in keys.items():
            found.keys.setdefault(name, LaidColumn(name, header.label(number), (header.bottom, number)))
        sums = self._sums_of(header, months, set(rest) - set(matched))
        metric = self._metric_above(header.top, begin)
        free = [number for number in rest if number not in matched]
        dated = [number for number in free if rest[number] in self._vocabulary.words["year_column"]]
        above, stated = None, self._stated_year(header)
        for row in range(header.bottom + 1, stop):
            filled = filled_cells(self._grid.rows[row])
            if len(filled) == 1 and isinstance(filled[0][1], str):
                named = self._metric_in(filled[0][1], (row, filled[0][0]))
                metric = named or metric
                found.titles.update({row} if named else ())
                continue
            by_row = next((m for n in free if (m := self._metric_of_cell(row, n))), None)
            year = next((year for n in dated if (year := self._year_of_cell(row, n))), None)
            above = year or above
            dated_months = _of_year(months, year, is_unknown=year is None and above not in (None, stated))
            self._read_row(found, row, keys, dated_months, by_row or metric, sums)
            found.sums += self._sums_in(row, sums, dated_months, by_row or metric)

    def _stated_year(self, header: Header) -> int | None:
        """Return the year that the name of the sheet, a title or the name of the file gives to bare months."""
        titles = [cell for row in self._grid.rows[: header.top] for cell in row if isinstance(cell, str)]
        texts = (self._names.sheet, *titles, self._names.stem, self._names.folders)
        return next((year for text in texts if (year := periods.find_year(text)) is not None), None)

    def _months_of(self, header: Header) -> dict[int, _MonthColumn]:
        """Return the columns that a level of the header gives a month, alone or with a level that names the metric; the
        sums come last, as they need their month.
        """
        months = {}
        for number, labels in enumerate(header.labels):
            spoken = {
                label: found
                for label in labels
                if (found := periods.find_to_date(label) or spoken_month(label, self._vocabulary))
            }
            if len(spoken) != 1:
                continue
            ((own, (month, rest)),) = spoken.items()
            is_to_date = rest == periods.TO_DATE
            others = [rest] if rest and not is_to_date else [label for label in labels if label != own]
            place = (header.bottom, number)
            named = self._metric_in(others[-1], place, is_whole=True) if others else None
            if not others or named:
                months[number] = _MonthColumn(month, self._place_of(header, number, own), named, is_to_date)
        return dict(sorted(months.items(), key=lambda column: column[1].is_to_date))

    def _sums_of(self, header: Header, months: Mapping[int, _MonthColumn], free: set[int]) -> Mapping[int, SumColumn]:
        """Return the columns that sum the months of one amount, amount by amount."""
        found: dict[int, SumColumn] = {}
        of_metric: dict[str | None, dict[int, int]] = {}
        for number, column in months.items():
            month = periods.find_month(column.month, periods.ANY_YEAR)
            if month is not None and not column.is_to_date:
                of_metric.setdefault(_name(column.metric), {})[number] = month.month
        for name, own in of_metric.items():
            labels = {}
            for number in free:
                *above, label = header.labels[number]
                named = self._metric_in(above[-1], (header.bottom, number), is_whole=True) if above else None
                if _name(named) == name:
                    labels[number] = label
            found |= find_sum_columns(labels, own, self._vocabulary.words)
            found |= find_sums_to_date(
                {
                    number: periods.find_month(column.month, periods.ANY_YEAR)
                    for number, column in months.items()
                    if column.is_to_date and _name(column.metric) == name
                },
                own,
            )
        return found

    def _sums_in(
        self, row: int, sums: Mapping[int, SumColumn], months: Mapping[int, _MonthColumn], of_row: _Metric | None
    ) -> Iterator[MonthSum]:
        for number, column in sums.items():
            metric = months[column.months[0]].metric or of_row
            if metric is not None:
                places = tuple((row, month) for month in column.months)
                yield MonthSum((row, number), metric.column, places, column.is_whole_year)

    def _place_of(self, header: Header, number: int, label: str) -> Place:
        """Return the cell of a column's header that holds a label: its own, or one further left that spans it."""
        for row in range(header.top, header.bottom + 1):
            over = ((row, column) for column in range(number, -1, -1) if cell_at(self._grid, row, column) is not None)
            place = next(over, None)
            if place is not None and plain(cell_text(cell_at(self._grid, *place))) == label:
                return place
        return header.bottom, number

    def _read_row(
        self,
        found: _Sheet,
        row: int,
        keys: Mapping[int, str],
        months: Mapping[int, _MonthColumn],
        of_row: _Metric | None,
        checked: Container[int],
    ) -> None:
        places = {name: self._anchors.get((row, number), (row, number)) for number, name in keys.items()}
        texts = tuple(compact(str(cell_at(self._grid, *place))) for place in places.values())
        if keys and not any(cell_at(self._grid, *place) is not None for place in places.values()):
            return
        own = {column.month for column in months.values() if not column.is_to_date}
        for number, column in months.items():
            named = column.metric or of_row
            metric = self._to_date(named) if named and column.is_to_date else named
            if named is None or cell_at(self._grid, row, number) is None:
                continue
            is_there = not column.is_to_date or (column.month, texts, 0) in found.entries
            if metric is None or not is_there:  # checked with its months, or nowhere to be written
                is_lost = number not in checked and (is_there or column.month not in own)
                found.unread += [(row, number)] if is_lost else []
                continue
            found.metrics.setdefault(metric.column, LaidColumn(metric.column, metric.label, metric.place))
            entry = _entry(found, column.month, texts, metric.column, _Entry(places, column.place))
            entry.values[metric.column] = (row, number)

    def _to_date(self, metric: _Metric) -> _Metric | None:
        """Return what a metric is from January on: 累计销量 of 销量; ``None`` where the table has no such column."""
        forms = [form for form, name in self._metric_forms.items() if name == metric.column]
        names = (self._metric_forms.get(f"{periods.TO_DATE}{form}") for form in forms)
        return next((replace(metric, column=name) for name in names if name), None)

    def _year_of_cell(self, row: int, number: int) -> int | None:
        """Return the year of a row that has a cell for it: 2018年 above 2019年, for the same group."""
        cell = cell_at(self._grid, *self._anchors.get((row, number), (row, number)))
        return year_alone(cell)

    def _metric_of_cell(self, row: int, number: int) -> _Metric | None:
        place = self._anchors.get((row, number), (row, number))
        cell = cell_at(self._grid, *place)
        return self._metric_in(cell, place, is_whole=True) if isinstance(cell, str) else None

    def _metric_above(self, top: int, begin: int) -> _Metric | None:
        """Return the metric that the titles above a block name, the nearest one first; else the sheet or the file."""
        for row in range(top - 1, begin - 1, -1):
            for number, cell in filled_cells(self._grid.rows[row]):
                found = self._metric_in(cell, (row, number)) if isinstance(cell, str) else None
                if found is not None:
                    return found
        texts = (self._names.sheet, self._names.stem)
        return next((found for text in texts if (found := self._metric_in(text, (top, 0)))), None)

    def _metric_in(self, text: str, place: Place, *, is_whole: bool = False) -> _Metric | None:
        """Return the metric whose longest name a text holds, or is."""
        form = header_form(text)
        names = [form] if is_whole else [name for name in self._metric_forms if name in form]
        if not names or names[0] not in self._metric_forms:
            return None
        longest = max(names, key=len)
        return _Metric(self._metric_forms[longest], text, place)


def _of_year(months: Mapping[int, _MonthColumn], year: int | None, *, is_unknown: bool) -> Mapping[int, _MonthColumn]:
    """Return the columns of months with the year of a row for those that name none.

    One that ``is_unknown``, as the cell is empty below another year than that of the sheet, makes them no months.
    """
    if year is None and not is_unknown:
        return months
    said = NO_YEAR if year is None else f"{year}年"
    return {
        number: column
        if periods.find_year(column.month) is not None
        else replace(column, month=f"{said}{column.month}")
        for number, column in months.items()
    }


def _name(metric: _Metric | None) -> str | None:
    return None if metric is None else metric.column


def _entry(found: _Sheet, month: str, texts: tuple[str, ...], column: str, new: _Entry) -> _Entry:
    """Return the entry of a month and keys that lacks a value for ``column``: a second value is a row of its own."""
    repeats = 0
    while column in found.entries.setdefault((month, texts, repeats), new).values:
        repeats += 1
    return found.entries[month, texts, repeats]


def _laid_out(grid: Grid, found: _Sheet, names: SheetNames, header: Header, titles: tuple[str, ...]) -> Recognised:
    first = next(iter(found.entries.values()))
    month = LaidColumn(MONTH, MONTH, first.month)
    columns = [*found.keys.values(), month, *found.metrics.values()]
    order = list(dict.fromkeys(key[0] for key in found.entries))
    entries = sorted(found.entries.items(), key=lambda entry: order.index(entry[0][0]))
    rows = [_laid_row(grid, text, entry, columns) for (text, *_), entry in entries]
    data = {row for laid in rows for row in laid.covers}
    last = max(data)
    classes: dict[int, AroundClass] = {}
    for number, row in enumerate(grid.rows):
        if number not in data and filled_cells(row):
            is_title = number < header.top or number in found.titles or len(filled_cells(row)) == 1
            is_note = number > last and not any(_is_amount(row[n]) for n in found.months if n < len(row))
            around: AroundClass = "note" if is_note else "title" if is_title else "unrecognised"
            classes[number] = "header" if number in found.headers else around
    sheet = Recognised(found.kind, names, grid, header, {}, (), titles)
    return lay_out(sheet, columns, rows, classes, unread=found.unread, sums=found.sums)


def _laid_row(grid: Grid, month: str, entry: _Entry, columns: Sequence[LaidColumn]) -> LaidRow:
    cells: list[Cell | CellError] = []
    places: list[Place] = []
    anchor = next(iter(entry.values.values()))
    for column in columns:
        place = entry.month if column.name == MONTH else {**entry.keys, **entry.values}.get(column.name, anchor)
        is_there = column.name in entry.keys or column.name in entry.values
        cells.append(month if column.name == MONTH else cell_at(grid, *place) if is_there else None)
        places.append(place)
    return LaidRow(tuple(cells), tuple(places), rows_of(entry.values.values()))
