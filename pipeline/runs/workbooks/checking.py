"""``ronghe check``: reading workbooks without making anything of them."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.catalog import load_catalog
from pipeline.ingest.faults import ROWS, UNUSED_CELLS, Fault, to_issues
from pipeline.ingest.files.placing import in_one_step
from pipeline.ingest.ledger import FileLedger, Issue
from pipeline.ingest.reading import find_faults
from pipeline.ingest.store import ledger_to_json
from pipeline.parameters import ParameterError, nearest_beside
from pipeline.runs.publishing.publications import check_outside
from pipeline.runs.records.manifest import RowCounts
from pipeline.spreadsheets.cleaning import plain_json
from pipeline.texts import Texts


@dataclass(frozen=True)
class Checked:
    """What was read, and what was wrong with it; ``issues`` are the ``faults`` in the reader's language."""

    files: tuple[FileLedger, ...]
    issues: tuple[Issue, ...]
    faults: tuple[Fault, ...] = ()

    @property
    def rows(self) -> RowCounts:
        """Non-empty rows of all sheets by what became of them."""
        return RowCounts.of(self.files)

    @property
    def unknown(self) -> int:
        """Files that were read and hold nothing but sheets of no known kind."""
        return sum(_is_unknown(file) for file in self.files)

    def count(self, status: str) -> int:
        """Return how many files are ``read``, ``refused`` or ``skipped``."""
        return sum(file.status == status for file in self.files)

    @property
    def exit_status(self) -> int:
        """0 when clean, 1 with rejected rows, refused files or cells that could not be used."""
        has_errors = any(issue.severity == "error" for issue in self.issues)
        return 1 if self.rows.rejected or self.count("refused") or has_errors else 0


def check(paths: Sequence[Path], texts: Texts) -> Checked:
    """Read files and folders; raises `ParameterError` naming the first path that does not exist."""
    for path in paths:
        if not path.exists():
            alike = nearest_beside(path)
            if alike:
                raise ParameterError("parameter.path_misspelt", seen=path, nearest=alike)
            raise ParameterError("parameter.path_missing", seen=path)
    files, faults = find_faults(paths, load_catalog(), texts)
    return Checked(files, to_issues(faults, texts), faults)


def check_targets(places: Sequence[Path], json_file: Path | None, returned: Path | None) -> None:
    """Raise `ParameterError` where results cannot be written, or copies would be read as workbooks the next time.

    ``json_file`` and ``returned`` are the options of the same name, ``None`` when not given; nothing is read before.
    """
    if json_file is not None and json_file.is_dir():
        raise ParameterError("cli.json_is_folder", path=json_file)
    if json_file is not None and not json_file.absolute().parent.is_dir():
        raise ParameterError("cli.no_json_folder", folder=json_file.parent)
    if json_file is not None:
        check_outside(json_file, [place for place in places if place.is_dir()])
    if returned is None:
        return
    if returned.exists() and not returned.is_dir():
        raise ParameterError("cli.returned_is_file", path=returned)
    for place in places:
        folder = place if place.is_dir() else place.parent
        is_inside = returned.resolve().is_relative_to(folder.resolve())
        if is_inside and (place.is_dir() or returned.resolve() == folder.resolve()):
            raise ParameterError("cli.returned_inside", folder=returned, place=folder)


def check_lines(checked: Checked, texts: Texts) -> Iterator[str]:
    """Tell file by file what was left out and what is wrong, then the counts; a message does not name its place."""
    issues: dict[str, list[Issue]] = {file.path: [] for file in checked.files}
    for issue in checked.issues:
        if issue.file in issues:
            issues[issue.file].append(issue)
        else:  # about a workbook that is not there: the roster
            yield _issue_line(issue, texts)
    told = _told_rows(checked.faults)
    for file in checked.files:
        if file.status == "refused" or not issues[file.path]:  # the issue of a copy says why, and what to do
            yield from _left_out(file, texts)
        yield from _unknown_sheets(file, told, texts)
        for issue in issues[file.path]:
            yield _issue_line(issue, texts)
    if not any(file.status in ("read", "refused") for file in checked.files):
        yield texts("cli.no_workbook")
    yield texts(
        "cli.checked",
        read=checked.count("read"),
        unknown=checked.unknown,
        refused=checked.count("refused"),
        skipped=checked.count("skipped"),
        issues=len(checked.issues),
    )
    yield texts("run.rows", **asdict(checked.rows))


def _issue_line(issue: Issue, texts: Texts) -> str:
    where = " › ".join(part for part in (issue.file, issue.sheet, issue.cell) if part)
    return texts(f"cli.issue_{issue.severity}", where=where, message=issue.message)


def _left_out(file: FileLedger, texts: Texts) -> Iterator[str]:
    """Say why nothing was read: the file was refused or skipped, or holds nothing."""
    if file.status == "refused":
        yield texts("run.refused", path=file.path, reason=file.reason)
    elif file.status == "skipped":
        yield texts("cli.file_skipped", path=file.path, reason=file.reason)
    elif not any(sheet.physical for sheet in file.sheets):
        yield texts("cli.file_blank", path=file.path)


def _told_rows(faults: Sequence[Fault]) -> Mapping[tuple[str, str | None], int]:
    """Return (file, sheet) -> how many unrecognised rows are told by the places of their cells."""
    told: Counter[tuple[str, str | None]] = Counter()
    for fault in faults:
        if fault.code == UNUSED_CELLS:
            told[fault.file, fault.sheet] += int(dict(fault.details)[ROWS])
    return told


def _unknown_sheets(file: FileLedger, told: Mapping[tuple[str, str | None], int], texts: Texts) -> Iterator[str]:
    """Say which sheets are of no known kind, in one line a file; rows that an issue has ``told`` are not repeated."""
    untold = {sheet.name: sheet.unrecognised - told.get((file.path, sheet.name), 0) for sheet in file.sheets}
    unknown = [name for name, rows in untold.items() if rows > 0]
    rows = sum(untold[name] for name in unknown)
    if _is_unknown(file):
        yield texts("cli.file_unknown", path=file.path, rows=rows)
    elif rows:
        sheets = texts("place.separator").join(unknown)
        yield texts("cli.sheets_unknown", path=file.path, sheets=sheets, rows=rows)


def _is_unknown(file: FileLedger) -> bool:
    rows = RowCounts.of([file])
    return rows.physical > 0 and rows.physical == rows.unrecognised


def write_json(checked: Checked, path: Path) -> None:
    """Write the JSON of the contract."""
    content = ledger_to_json(checked.files, checked.issues)
    text = plain_json(json.dumps(content, ensure_ascii=False, indent=1))
    if path.exists() and not path.is_file():  # a pipe, or the terminal
        path.write_text(text + "\n", encoding="utf-8")
        return
    with in_one_step(path.resolve()) as part:
        part.write_text(text + "\n", encoding="utf-8", newline="\n")
