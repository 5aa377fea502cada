"""The log of what was published: who, when, from which files, rules and versions. Imports nothing heavy.

One line of JSON a publication, appended and never changed; each holds the SHA-256 of the line before it and that of the
manifest, which holds those of every file. Whoever keeps a copy elsewhere can tell afterwards whether a published
folder, its manifest, or the log itself was altered.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Self

from pipeline.parameters import ParameterError
from pipeline.runs.records.durable import sync_folder
from pipeline.runs.records.locks import waiting_for
from pipeline.runs.records.logbook import account
from pipeline.runs.records.manifest import Manifest
from pipeline.runs.records.places import MANIFEST

PUBLICATIONS = "publications.jsonl"  # beside the tables of a bureau, unless it was told to be elsewhere
FIRST = "0" * 64  # what the first line names as the line before it
PREVIOUS = "previous"


@dataclass(frozen=True)
class Publication:
    """One published report; hashes are SHA-256 in hexadecimal digits."""

    at: str  # as the manifest has it, UTC
    by: str  # account and computer
    bureau: str
    quarter: str
    lang: str
    manifest: str  # hash of the manifest's bytes
    inputs: str  # hash over names and hashes of the workbooks
    files: int  # workbooks that were read
    rules: tuple[str, ...]  # versions of the rule book
    code: str
    packages: str  # hash over names and versions
    exit_status: int

    @classmethod
    def of(cls, folder: Path) -> Self:
        """Return what a folder of pages says of itself, published or about to be."""
        path = folder / MANIFEST
        manifest = Manifest.read(path)
        basis = manifest.basis
        return cls(
            at=manifest.run_at,
            by=account(),
            bureau=folder.parent.name,
            quarter=basis.parameters.quarter,
            lang=basis.parameters.lang,
            manifest=digest_of(path),
            inputs=_digest([[file.name, file.sha256] for file in basis.inputs]),
            files=manifest.findings.files_read,
            rules=manifest.findings.rule_versions,
            code=basis.code,
            packages=_digest(sorted(basis.packages.items())),
            exit_status=manifest.exit_status,
        )

    @classmethod
    def restore(cls, record: dict[str, Any]) -> Self:
        """Return a publication as `asdict` took it apart; raises `ValueError`, `KeyError` and `TypeError`."""
        known = {part.name: record[part.name] for part in fields(cls)}
        return cls(**{**known, "rules": tuple(known["rules"])})


@dataclass(frozen=True)
class History:
    """A log as it was read: what its whole lines hold, and the numbers of those that do not follow from the last."""

    publications: tuple[Publication, ...]
    broken: tuple[int, ...]

    def of_manifest(self, digest: str) -> Publication | None:
        """Return the publication with this manifest, the last or an earlier one."""
        return next((one for one in reversed(self.publications) if one.manifest == digest), None)

    def last_of(self, bureau: str, quarter: str) -> Publication | None:
        """Return the last publication of a quarter."""
        found = [one for one in self.publications if (one.bureau, one.quarter) == (bureau, quarter)]
        return found[-1] if found else None


def digest_of(path: Path) -> str:
    """Return the hash of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def check_log(file: Path, forbidden: Sequence[Path]) -> None:
    """Raise `ParameterError` unless ``file`` can be a log: in a folder that is there, and in none of ``forbidden``.

    What lies in a bureau's folder is a workbook, and what lies with the pages is published; a share that is not
    mounted must not get a second log under its name.
    """
    if file.is_dir() or not file.absolute().parent.is_dir():
        raise ParameterError("publications.no_folder", file=file)
    check_outside(file, forbidden)


def check_outside(file: Path, forbidden: Sequence[Path]) -> None:
    """Raise `ParameterError` where a file or folder would be written into one of ``forbidden``."""
    for folder in forbidden:
        if file.resolve().is_relative_to(folder.resolve()):
            raise ParameterError("publications.inside", file=file, folder=folder)


def record(publication: Publication, logs: Sequence[Path]) -> None:
    """Append a publication to each of ``logs`` whose last line about that quarter is of another; raises `OSError`.

    The lines have reached the disk when this returns; when it raises, no log holds one. The first log is the bureau's
    own; the others may be shared with other bureaus.
    """
    written: list[tuple[Path, int]] = []
    for log in logs:
        try:
            with waiting_for(log.with_name(f".{log.name}.lock")):
                size = log.stat().st_size if log.exists() else 0
                try:
                    _append(publication, log)
                except OSError:
                    _cut(log, size)  # while nobody else may have added to it
                    raise
        except OSError:
            for earlier, before in written:
                _cut(earlier, before)
            raise
        written.append((log, size))


def _cut(log: Path, size: int) -> None:
    """Take back what was added to a log after it had ``size`` bytes."""
    with suppress(OSError):  # a disk that takes nothing is being told already
        os.truncate(log, size)


def _append(publication: Publication, log: Path) -> None:
    lines = log.read_bytes().splitlines(keepends=True) if log.exists() else []
    last = _read(lines).last_of(publication.bureau, publication.quarter)
    if last is not None and last.manifest == publication.manifest:
        return  # a run that died had come so far
    text = json.dumps({**asdict(publication), PREVIOUS: _hash_of(lines[-1]) if lines else FIRST}, ensure_ascii=False)
    is_torn = bool(lines) and not lines[-1].endswith(b"\n")  # by a run that lost its power here
    with log.open("ab") as stream:
        stream.write(b"\n" * is_torn + text.encode() + b"\n")
        stream.flush()
        os.fsync(stream.fileno())
    sync_folder(log.parent)


def read_history(log: Path) -> History:
    """Read a log; raises `OSError` where there is none."""
    return _read(log.read_bytes().splitlines(keepends=True))


def _read(lines: list[bytes]) -> History:
    """Read the lines of a log. One that a power cut has torn off is none, and breaks nothing: the next follows it."""
    found, broken, before = [], [], FIRST
    for number, line in enumerate(lines, start=1):
        try:
            entry = json.loads(line)
            publication = Publication.restore(entry)
            if entry[PREVIOUS] != before:
                broken.append(number)
            found.append(publication)
        except (ValueError, KeyError, TypeError):
            pass
        before = _hash_of(line)
    return History(tuple(found), tuple(broken))


def _hash_of(line: bytes) -> str:
    return hashlib.sha256(line.removesuffix(b"\n")).hexdigest()


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
