"""Files to recognised sheets: what is to be read, in which order, and what each of its sheets is."""

import os
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline import periods
from pipeline.ingest.faults import CONTENTS_MISSING, Fault
from pipeline.ingest.files.grids import WITHOUT_CONTENTS, FileGrids, Grid, Reason, cell_address, column_letters
from pipeline.ingest.files.names import HIDDEN, is_told, missing_workbook
from pipeline.ingest.files.sandbox import Reader
from pipeline.ingest.layouts.findings import AlmostRecognised, Finding, Recognised, SheetNames
from pipeline.ingest.layouts.guides import is_example, is_guide, reports_nothing
from pipeline.ingest.layouts.headers import NUMBER_DTYPES, Header
from pipeline.ingest.layouts.outside import note_outside
from pipeline.ingest.layouts.regions import find_tables
from pipeline.ingest.layouts.rowwords import RowWords
from pipeline.ingest.layouts.sheetrows import Outcome, SheetRows, sheet_ledger
from pipeline.ingest.ledger import FileLedger, SheetLedger, shown_name
from pipeline.ingest.vocabulary import DROP, LEVEL, Vocabulary
from pipeline.texts import Texts

TEXT_CONTAINER = "text"
MAX_SHEETS_TOLD = 3  # more unrecognised sheets of one file have one cause, and one issue
MAX_SHEETS_NAMED = 20


@dataclass(frozen=True)
class OpenSheet:
    """A sheet with at least one table of a known kind, or nearly of one."""

    grid: Grid
    tables: tuple[Finding, ...]


@dataclass
class OpenFile:
    """One file while it is being read. ``sheets`` holds, per sheet, its finished ledger or the tables found on it."""

    path: str
    sha256: str
    status: str
    reason: str | None
    is_text: bool
    sheets: list[SheetLedger | OpenSheet] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    rows: list[SheetRows] = field(default_factory=list)
    is_certain: bool = True  # as `FileGrids.is_certain`
    almost_kind: str | None = None  # what it would be, had its first such sheet the columns it lacks

    @property
    def recognised(self) -> list[Recognised]:
        """Return the tables of a known kind, in order."""
        tables = [table for sheet in self.sheets if isinstance(sheet, OpenSheet) for table in sheet.tables]
        return [table for table in tables if isinstance(table, Recognised)]

    def note_outside(self, words: RowWords) -> None:
        """Add a fault for every sheet with filled cells outside its tables, once all of these are extracted."""
        extracted = {id(rows.sheet): rows for rows in self.rows}
        for sheet in self.sheets:
            if isinstance(sheet, OpenSheet):
                read = [extracted[id(table)] for table in sheet.tables if id(table) in extracted]
                self.faults += note_outside(self.path, sheet.grid, sheet.tables, read, words)

    def skip(self, reason: str, fault: Fault) -> None:
        """Leave the file out for a reason that the analyst is told."""
        self.status, self.reason = "skipped", reason
        self.sheets, self.rows, self.faults = [], [], [fault]

    def refuse(self, reason: str) -> None:
        """Turn the whole file away; nothing of it is used."""
        self.status, self.reason, self.almost_kind = "refused", reason, None
        self.sheets, self.rows, self.faults = [], [], []

    def ledger(self) -> FileLedger:
        """Return the account of the file; its kind is that of the sheet that gave most rows, or that it almost is."""
        outcomes = {id(rows.sheet): rows.outcomes() for rows in self.rows}
        sheets = tuple(sheet if isinstance(sheet, SheetLedger) else _account(sheet, outcomes) for sheet in self.sheets)
        main = max(self.rows, key=lambda rows: len(rows.kept()), default=None)
        kind = self.almost_kind if main is None else main.sheet.kind.kind
        return FileLedger(self.path, self.sha256, self.status, self.reason, kind, sheets)  # type: ignore[arg-type]


def list_files(folder: Path) -> list[tuple[Path, str]]:
    """Return (path, path relative to the folder, with forward slashes) of every file below it.

    Hidden folders are not entered, and of hidden files only those are listed that stand for a workbook (`is_told`).
    Folders that may not be opened and links, to files, to folders and to nothing, are among them: reading them says why
    they are refused. Linked folders are not entered.
    """
    closed: list[OSError] = []
    listed = []
    for parent, folders, names in os.walk(folder, onerror=closed.append):
        listed += [Path(parent, name) for name in names]
        listed += [path for path in (Path(parent, name) for name in folders) if path.is_symlink()]
    listed += [Path(error.filename) for error in closed if error.filename is not None]
    found = []
    for path in sorted(listed):
        relative = path.relative_to(folder)
        is_wanted = path.is_symlink() or path.is_file() or path.is_dir() or not path.exists()  # no device, no pipe
        is_in_view = not any(part.startswith(HIDDEN) for part in relative.parts[:-1]) and is_told(path.name)
        if is_wanted and is_in_view:
            found.append((path, shown_name(relative)))
    return found


def open_files(
    paths: Iterable[tuple[Path, str]], vocabulary: Vocabulary, texts: Texts, cache: Path | None = None
) -> Iterator[OpenFile]:
    """Read files one after the other and recognise the sheets of each while the next is read.

    Grids of no known kind are let go at once.
    With a folder ``cache`` files that did not change since they were last read are not parsed again.
    """
    listed = list(paths)
    with Reader(cache=cache) as reader:
        files = reader.read_each(path for path, _ in listed)
        for _, name in listed:
            yield _open(name, next(files), vocabulary, texts)


def _open(name: str, grids: FileGrids, vocabulary: Vocabulary, texts: Texts) -> OpenFile:
    reason = None if grids.reason is None else grids.reason.explain(texts)
    file = OpenFile(name, grids.sha256, grids.status, reason, grids.container == TEXT_CONTAINER)
    file.is_certain = grids.is_certain
    file.faults += _missing_contents(name, grids)
    try:
        _recognise_sheets(file, grids, vocabulary)
    except Exception as error:  # noqa: BLE001 - a fault of ours in one file must not cost the others; it is told
        file.refuse(unexpected(error, texts))
    return file


def _missing_contents(name: str, file: FileGrids) -> list[Fault]:
    """Return the fault of a workbook that is here by its name only, unless it stands beside that as it should."""
    if file.reason is None or file.reason.code not in WITHOUT_CONTENTS:
        return []
    wanted = missing_workbook(file.path.name)
    if wanted is not None and file.path.with_name(wanted).exists():
        return []
    return [Fault(CONTENTS_MISSING, name, None, None, None, wanted or file.path.name)]


def unexpected(error: Exception, texts: Texts) -> str:
    """Return why a file was turned away over which this program stumbled: the kind of error and the line of code.

    What the error itself says is left out: it may quote a cell, and reasons are shown to more people than cells are.
    """
    place = traceback.extract_tb(error.__traceback__)[-1]
    told = f"{type(error).__name__}, {Path(place.filename).name}:{place.lineno}"
    return Reason("refused", "unexpected", {"error": told}).explain(texts)


def _recognise_sheets(file: OpenFile, grids: FileGrids, vocabulary: Vocabulary) -> None:
    for grid in grids.grids:
        if grid.is_cut_off:
            file.faults.append(Fault("cut_off", file.path, grid.name, None, None, str(len(grid.rows))))
        if is_guide(grid) or reports_nothing(grid, vocabulary):
            file.sheets.append(SheetLedger(grid.name, grid.visible, grid.physical_rows, note=grid.physical_rows))
            continue
        tables = find_tables(grid, SheetNames(file.path, grid.name), vocabulary)
        if not tables or is_example(grid, vocabulary):
            file.sheets.append(sheet_ledger(grid, []))
            continue
        file.sheets.append(OpenSheet(grid, tables))
        if any(isinstance(table, Recognised) for table in tables):
            file.faults += hidden_faults(file.path, grid, tables)
        for table in tables:
            if isinstance(table, AlmostRecognised):
                file.almost_kind = file.almost_kind or table.kind.kind
                file.faults.append(_missing_column(file.path, table, vocabulary))


def unrecognised_faults(file: OpenFile) -> list[Fault]:
    """Return a fault for every sheet with rows that no kind claims; a bureau keeps its workbooks for a reason.

    A file with more than a few such sheets is told once, with their names.
    """
    sheets = [sheet for sheet in file.sheets if isinstance(sheet, SheetLedger) and sheet.unrecognised]
    if len(sheets) <= MAX_SHEETS_TOLD:
        return [Fault("unrecognised_sheet", file.path, sheet.name, None, None, str(sheet.physical)) for sheet in sheets]
    named = [sheet.name for sheet in sheets[:MAX_SHEETS_NAMED]] + ["…"] * (len(sheets) > MAX_SHEETS_NAMED)
    details = (("count", str(len(sheets))), ("names", ", ".join(named)))
    rows = sum(sheet.physical for sheet in sheets)
    return [Fault("unrecognised_sheet", file.path, None, None, None, str(rows), details=details)]


def _account(sheet: OpenSheet, outcomes: Mapping[int, Mapping[int, Outcome]]) -> SheetLedger:
    """Return the account of one sheet; ``outcomes``: identity of a recognised table -> its rows' outcomes."""
    tables = [
        _almost_outcomes(table) if isinstance(table, AlmostRecognised) else outcomes[id(table)]
        for table in sheet.tables
    ]
    return sheet_ledger(sheet.grid, tables)


def _missing_column(name: str, almost: AlmostRecognised, vocabulary: Vocabulary) -> Fault:
    """Return the fault of a table without a column it needs: which one, the headers that were seen, and beside each
    missing column the header that looks most like it, where one does.
    """
    columns = vocabulary.columns_of(almost.kind)
    header = almost.header
    sums = _sums_to_date(header)
    are_amounts = all(columns[name].dtype in NUMBER_DTYPES for name in almost.missing)
    if sums and are_amounts and not holds_a_month(almost, vocabulary):
        told = " / ".join(header.label(number) for number in sums)
        needed = tuple(columns[name] for name in almost.missing)
        return Fault("only_to_date", name, almost.grid.name, header.bottom, sums[0], told, about=needed)
    seen = ", ".join(LEVEL.join(labels) for labels in header.labels if labels)
    near = ", ".join(
        f"{columns[column].label_zh} ← {header.label(number)} ({cell_address(header.bottom, number)})"
        for column in almost.missing
        if (number := almost.nearest.get(column)) is not None
    )
    about = tuple(columns[column] for column in almost.missing)
    place = min(almost.nearest.values(), default=header.named[0][0])
    details = (("nearest", near),) if near else ()
    return Fault("missing_column", name, almost.grid.name, header.bottom, place, seen, about=about, details=details)


def holds_a_month(almost: AlmostRecognised, vocabulary: Vocabulary) -> bool:
    """Tell whether a table without a column it needs holds another amount it needs, or has no sums so far at all."""
    columns, needed = vocabulary.columns_of(almost.kind), vocabulary.required(almost.kind)
    sums = _sums_to_date(almost.header)
    read = {name for number, name in almost.table.columns.items() if number not in sums and name in needed}
    return not sums or any(columns[name].dtype in NUMBER_DTYPES for name in read)


def _sums_to_date(header: Header) -> list[int]:
    return [number for number, path in header.named if periods.TO_DATE in path or periods.find_to_date(path)]


def _almost_outcomes(almost: AlmostRecognised) -> Mapping[int, Outcome]:
    header = almost.header
    return {
        number: "title" if number < header.top else "header" if number <= header.bottom else "rejected"
        for number, row in enumerate(almost.grid.rows)
        if any(cell is not None for cell in row)
    }


def hidden_faults(name: str, grid: Grid, tables: Sequence[Finding]) -> list[Fault]:
    """Return what a person would not see on opening the sheet: it is read all the same, and reported."""
    faults = []
    header_bottom = min(table.header.bottom for table in tables)
    if not grid.visible:
        faults.append(Fault("hidden_sheet", name, grid.name, None, None, grid.name))
    rows: Sequence[int] = [
        row
        for row in grid.hidden_rows
        if row > header_bottom and row < len(grid.rows) and any(cell is not None for cell in grid.rows[row])
    ]
    if rows:
        seen = ", ".join(str(row + 1) for row in rows)
        faults.append(Fault("hidden_rows", name, grid.name, None, None, seen))
    used = {column for table in tables if isinstance(table, Recognised) for column in _columns_read(table)}
    if columns := used.intersection(grid.hidden_columns):
        seen = ", ".join(map(column_letters, sorted(columns)))
        faults.append(Fault("hidden_columns", name, grid.name, None, None, seen))
    return faults


def _columns_read(table: Recognised) -> set[int]:
    """Return the columns of the sheet that values of a table come from."""
    if table.relaid is not None:
        header = table.relaid.table.header.bottom
        return {column for (row, _), (_, column) in table.relaid.cells.items() if row > header}
    return {number for number, name in table.columns.items() if name != DROP} | {pair.place[1] for pair in table.pairs}
