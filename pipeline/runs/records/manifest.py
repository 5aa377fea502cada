"""The manifest of a published report: what it was made from, by what, and what was published. Imports nothing heavy."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Self

from pipeline.ingest.ledger import FileLedger
from pipeline.parameters import ParameterError, RunParameters, SpokenError
from pipeline.report.material.published import Changes, Move, Rerun
from pipeline.runs.records.fingerprints import FileHash, InputHash, hash_folder
from pipeline.runs.records.places import MANIFEST
from pipeline.spreadsheets.cleaning import plain_json

FORMAT = 3  # raise it when a field changes its meaning: an older manifest then counts as none
OPERATING_SYSTEM_FILES = frozenset({"Thumbs.db", "desktop.ini"})  # appear by themselves when a folder is looked at


class BadManifest(SpokenError):
    """Raised when a manifest cannot be read as one."""


@dataclass(frozen=True)
class Basis:
    """Everything that a result depends on: two runs with the same basis publish the same."""

    parameters: RunParameters
    inputs: tuple[InputHash, ...]
    code: str
    packages: Mapping[str, str]

    def masked(self, masks: Mapping[str, str]) -> Self:
        """Return the same basis with ``masks`` (by path) in place of paths that name a person."""
        inputs = tuple(replace(file, path=masks.get(file.path, file.path)) for file in self.inputs)
        return replace(self, inputs=inputs)


@dataclass(frozen=True)
class RowCounts:
    """Non-empty rows by what became of them: the other five add up to ``physical``."""

    physical: int
    used: int  # data
    total: int  # totals and subtotals, compared with the rows above them
    layout: int  # titles, headers and notes
    unrecognised: int  # of sheets of no known kind
    rejected: int

    @classmethod
    def of(cls, files: Iterable[FileLedger]) -> Self:
        """Count the rows of all sheets of ``files``."""
        sheets = [sheet for file in files for sheet in file.sheets]
        return cls(
            physical=sum(sheet.physical for sheet in sheets),
            used=sum(sheet.used for sheet in sheets),
            total=sum(sheet.total for sheet in sheets),
            layout=sum(sheet.title + sheet.header + sheet.note for sheet in sheets),
            unrecognised=sum(sheet.unrecognised for sheet in sheets),
            rejected=sum(sheet.rejected for sheet in sheets),
        )


@dataclass(frozen=True)
class Findings:
    """What a run found while reading, as far as the manifest tells it; files and issues are counts."""

    is_synthetic: bool
    quarters: tuple[str, ...]  # with data, in order
    latest_quarter: str | None  # the last with results for all of its months
    rule_versions: tuple[str, ...]
    files_read: int
    refusals: tuple[str, ...]  # one sentence a refused file: which, and why
    files_skipped: int
    rows: RowCounts
    errors: int  # issues by which a row, a cell or a file could not be used
    warnings: int
    without_contents: tuple[str, ...] = ()  # one sentence a workbook that is here by its name only

    @property
    def exit_status(self) -> int:
        """0 when clean, 1 with rejected rows, refused files or cells that could not be used."""
        return 1 if self.rows.rejected or self.refusals or self.errors else 0


@dataclass(frozen=True)
class FilesUsed:
    """The files in the folder of the tables that a notebook has read, and those that it has written."""

    read: tuple[str, ...]
    written: tuple[str, ...]


@dataclass(frozen=True)
class Manifest:
    """One published report."""

    basis: Basis
    findings: Findings
    changes: Changes
    published: tuple[FileHash, ...]  # in the folder of the manifest itself, which is left out
    tables: tuple[FileHash, ...]  # in the folder of the tables
    run_at: str  # the only clock of a report, UTC in ISO form
    exit_status: int
    notebooks: Mapping[str, FilesUsed] = field(default_factory=dict)  # those of which it is known
    format: int = FORMAT

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a manifest; raises `BadManifest` when it is none, and `FileNotFoundError`."""
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            if record["format"] != FORMAT:
                raise ValueError(f"format {record['format']}")
            return cls(**{part.name: _restore(part.name, record[part.name]) for part in fields(cls)})
        except (ValueError, KeyError, TypeError, AttributeError, ParameterError) as error:
            raise BadManifest("manifest.unreadable", path=path, reason=error) from error

    def write(self, path: Path) -> None:
        """Write the manifest."""
        text = plain_json(json.dumps(asdict(self), ensure_ascii=False, indent=1))
        path.write_text(text + "\n", encoding="utf-8", newline="\n")


def read_published(folder: Path) -> Manifest | None:
    """Return the manifest of a published folder; None when there is none that this version understands."""
    path = folder / MANIFEST
    if not path.is_file():
        return None
    try:
        return Manifest.read(path)
    except BadManifest:
        return None  # a damaged or older manifest vouches for nothing: the report is made anew


def compare_files(now: Sequence[FileHash], before: Sequence[FileHash]) -> dict[str, tuple[str, ...]]:
    """Return the paths that are ``changed``, ``added`` and ``removed``, each in order."""
    new = {file.path: file.sha256 for file in now}
    old = {file.path: file.sha256 for file in before}
    return {
        "changed": tuple(path for path in sorted(new.keys() & old.keys()) if new[path] != old[path]),
        "added": tuple(sorted(new.keys() - old.keys())),
        "removed": tuple(sorted(old.keys() - new.keys())),
    }


def compare_inputs(now: Sequence[InputHash], before: Sequence[InputHash]) -> dict[str, tuple[str, ...]]:
    """Return the paths of workbooks that are ``changed``, ``added`` and ``removed``, each in order.

    Two paths that look the same, being masked, count as one workbook.
    """
    return compare_files(_by_path(now), _by_path(before))


def _by_path(files: Sequence[InputHash]) -> list[FileHash]:
    """Return one file for each path, with the hashes of all that bear it."""
    hashes: dict[str, list[str]] = {}
    for file in files:
        hashes.setdefault(file.path, []).append(file.sha256)
    return [FileHash(path, " ".join(sorted(of_path)), 0) for path, of_path in hashes.items()]


def hash_published(folder: Path) -> tuple[FileHash, ...]:
    """Return the files of a published folder, without its manifest and what an operating system puts there."""
    own = {MANIFEST, *OPERATING_SYSTEM_FILES}
    return tuple(file for file in hash_folder(folder) if file.path not in own)


@dataclass(frozen=True)
class Damage:
    """One published file that is not as its manifest says: ``changed``, ``missing`` or ``unlisted``."""

    path: str
    fault: str


def find_damage(folder: Path, listed: Sequence[FileHash]) -> tuple[Damage, ...]:
    """Return every file of ``folder`` that is not as ``listed``."""
    faults = {"changed": "changed", "removed": "missing", "added": "unlisted"}
    found = compare_files(hash_published(folder), listed)
    damage = [Damage(path, fault) for name, fault in faults.items() for path in found[name]]
    return tuple(sorted(damage, key=lambda entry: entry.path))


def _restore(name: str, value: Any) -> Any:
    """Return one field of a manifest as it was before it became JSON."""
    if name == "basis":
        return Basis(
            parameters=RunParameters.from_mapping(value["parameters"]),
            inputs=tuple(InputHash(**record) for record in value["inputs"]),
            code=value["code"],
            packages=value["packages"],
        )
    if name == "findings":
        return Findings(**{**_with_tuples(value), "rows": RowCounts(**value["rows"])})
    if name == "changes":
        moves = None if value["moves"] is None else _restore_moves(value["moves"])
        earlier = tuple(Rerun(run["since"], _restore_moves(run["moves"])) for run in value.get("earlier", ()))
        return Changes(**{**_with_tuples(value), "moves": moves, "earlier": earlier})
    if name == "notebooks":
        return {notebook: FilesUsed(**_with_tuples(used)) for notebook, used in value.items()}
    return _restore_files(value) if name in ("published", "tables") else value


def _restore_moves(records: Sequence[Mapping[str, Any]]) -> tuple[Move, ...]:
    return tuple(Move(**record) for record in records)


def _restore_files(records: Sequence[Mapping[str, Any]]) -> tuple[FileHash, ...]:
    return tuple(FileHash(**record) for record in records)


def _with_tuples(record: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(entry) if isinstance(entry, list) else entry for key, entry in record.items()}
