"""Files to recognised sheets: what is to be read, in which order, and what each of its sheets is."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.ingest.faults import Fault
from pipeline.ingest.files.grids import FileGrids, Grid
from pipeline.ingest.files.sandbox import Reader
from pipeline.ingest.layouts.guides import is_guide
from pipeline.ingest.layouts.headers import Header
from pipeline.ingest.layouts.recognise import AlmostRecognised, Recognised, SheetNames, recognise
from pipeline.ingest.layouts.sheetrows import SheetRows, unrecognised_ledger
from pipeline.ingest.ledger import FileLedger, SheetLedger
from pipeline.ingest.vocabulary import LEVEL, Vocabulary
from pipeline.texts import Texts

TEXT_CONTAINER = "text"


@dataclass
class OpenFile:
    """One file while it is being read. ``sheets`` holds, per sheet, its finished ledger or the recognised sheet."""

    path: str
    sha256: str
    status: str
    reason: str | None
    is_text: bool
    sheets: list[SheetLedger | Recognised] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    rows: list[SheetRows] = field(default_factory=list)
    almost_kind: str | None = None  # what it would be, had its first such sheet the columns it lacks

    @property
    def recognised(self) -> list[Recognised]:
        """Return the sheets of a known kind, in order."""
        return [sheet for sheet in self.sheets if isinstance(sheet, Recognised)]

    def skip(self, reason: str, fault: Fault) -> None:
        """Leave the file out for a reason that the analyst is told."""
        self.status, self.reason = "skipped", reason
        self.sheets, self.rows, self.faults = [], [], [fault]

    def ledger(self) -> FileLedger:
        """Return the account of the file; its kind is that of the sheet that gave most rows, or that it almost is."""
        accounts = {id(rows.sheet): rows.ledger() for rows in self.rows}
        sheets = tuple(accounts[id(sheet)] if isinstance(sheet, Recognised) else sheet for sheet in self.sheets)
        main = max(self.rows, key=lambda rows: len(rows.kept()), default=None)
        kind = self.almost_kind if main is None else main.sheet.kind.kind
        return FileLedger(self.path, self.sha256, self.status, self.reason, kind, sheets)  # type: ignore[arg-type]


def list_files(folder: Path) -> list[tuple[Path, str]]:
    """Return (path, path relative to the folder, with forward slashes) of every file below it, hidden ones left out.

    Folders that may not be opened and links that lead nowhere are among them: reading them says why they are refused.
    Linked folders are not entered.
    """
    closed: list[OSError] = []
    listed = [Path(parent, name) for parent, _, names in os.walk(folder, onerror=closed.append) for name in names]
    listed += [Path(error.filename) for error in closed if error.filename is not None]
    found = []
    for path in sorted(listed):
        relative = path.relative_to(folder)
        is_wanted = path.is_file() or path.is_dir() or not path.exists()  # neither device nor pipe
        if is_wanted and not any(part.startswith(".") for part in relative.parts):
            found.append((path, shown_name(relative)))
    return found


def shown_name(path: Path) -> str:
    """Return a path as text that can be written anywhere: forward slashes, bytes that are no UTF-8 as escapes."""
    return path.as_posix().encode("utf-8", "backslashreplace").decode("utf-8")


def open_files(paths: Iterable[tuple[Path, str]], vocabulary: Vocabulary, texts: Texts) -> Iterator[OpenFile]:
    """Read files one after the other and recognise their sheets; grids of no known kind are let go at once."""
    with Reader() as reader:
        for path, name in paths:
            yield _open(name, reader.read(path), vocabulary, texts)


def _open(name: str, grids: FileGrids, vocabulary: Vocabulary, texts: Texts) -> OpenFile:
    reason = None if grids.reason is None else grids.reason.explain(texts)
    file = OpenFile(name, grids.sha256, grids.status, reason, grids.container == TEXT_CONTAINER)
    for grid in grids.grids:
        if is_guide(grid):
            file.sheets.append(SheetLedger(grid.name, grid.visible, grid.physical_rows, note=grid.physical_rows))
            continue
        found = recognise(grid, SheetNames(name, grid.name), vocabulary)
        if isinstance(found, Recognised):
            file.sheets.append(found)
            file.faults += _hidden_faults(name, grid, found.header)
        elif isinstance(found, AlmostRecognised):
            file.almost_kind = file.almost_kind or found.kind.kind
            file.sheets.append(_almost_ledger(grid, found.header))
            file.faults.append(_missing_column(name, grid, found, vocabulary))
        else:
            file.sheets.append(unrecognised_ledger(grid))
    return file


def unrecognised_faults(file: OpenFile) -> list[Fault]:
    """Return a fault for every sheet with rows that no kind claims; a bureau keeps its workbooks for a reason."""
    return [
        Fault("unrecognised_sheet", file.path, sheet.name, None, None, str(sheet.physical))
        for sheet in file.sheets
        if isinstance(sheet, SheetLedger) and sheet.unrecognised
    ]


def _missing_column(name: str, grid: Grid, almost: AlmostRecognised, vocabulary: Vocabulary) -> Fault:
    """Return the fault of a sheet without a column it needs: which one, and the headers that were seen."""
    columns = vocabulary.columns_of(almost.kind)
    about = tuple(columns[column] for column in almost.missing)
    seen = ", ".join(LEVEL.join(labels) for labels in almost.header.labels if labels)
    return Fault("missing_column", name, grid.name, almost.header.bottom, 0, seen, about=about)


def _almost_ledger(grid: Grid, header: Header) -> SheetLedger:
    filled = [number for number, row in enumerate(grid.rows) if any(cell is not None for cell in row)]
    title = sum(number < header.top for number in filled)
    heads = sum(header.top <= number <= header.bottom for number in filled)
    rejected = len(filled) - title - heads
    return SheetLedger(grid.name, grid.visible, grid.physical_rows, title=title, header=heads, rejected=rejected)


def _hidden_faults(name: str, grid: Grid, header: Header) -> list[Fault]:
    """Return what a person would not see on opening the sheet: it is read all the same, and reported."""
    faults = []
    if not grid.visible:
        faults.append(Fault("hidden_sheet", name, grid.name, None, None, grid.name))
    rows: Sequence[int] = [
        row
        for row in grid.hidden_rows
        if row > header.bottom and row < len(grid.rows) and any(cell is not None for cell in grid.rows[row])
    ]
    if rows:
        seen = ", ".join(str(row + 1) for row in rows)
        faults.append(Fault("hidden_rows", name, grid.name, None, None, seen))
    return faults
