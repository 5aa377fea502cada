"""The log of what was published: who, when, from which files, rules and versions. Imports nothing heavy.

One line of JSON a publication, appended and never changed; each holds the SHA-256 of the line before it and that of the
manifest, which holds those of every file. Whoever keeps a copy elsewhere can tell afterwards whether a published
folder, its manifest, or the log itself was altered.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Self

from pipeline.runs.durable import sync_folder
from pipeline.runs.locks import waiting_for
from pipeline.runs.logbook import account
from pipeline.runs.manifest import Manifest
from pipeline.runs.places import MANIFEST, Target

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
    files: int  # workbooks
    rules: tuple[str, ...]  # versions of the rule book
    code: str
    packages: str  # hash over names and versions
    exit_status: int

    @classmethod
    def of(cls, target: Target) -> Self:
        """Return what a folder that is about to be published says of itself."""
        path = target.building / MANIFEST
        manifest = Manifest.read(path)
        basis = manifest.basis
        return cls(
            at=manifest.run_at,
            by=account(),
            bureau=target.final.parent.name,
            quarter=basis.parameters.quarter,
            lang=basis.parameters.lang,
            manifest=digest_of(path),
            inputs=_digest([[file.name, file.sha256] for file in basis.inputs]),
            files=len(basis.inputs),
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
    """A log as it was read: what it holds of whole lines, and the numbers of lines that do not follow from the one
    before, or are none.
    """

    publications: tuple[Publication, ...]
    broken: tuple[int, ...]

    def last_of(self, bureau: str, quarter: str) -> Publication | None:
        """Return the last publication of a quarter."""
        found = [one for one in self.publications if (one.bureau, one.quarter) == (bureau, quarter)]
        return found[-1] if found else None


def digest_of(path: Path) -> str:
    """Return the hash of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def record(publication: Publication, log: Path) -> None:
    """Append a publication to ``log``, unless its last line about that quarter says so already; raises `OSError`.

    The line has reached the disk when this returns. Bureaus may share a log.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with _holding(log):
        lines = log.read_bytes().splitlines(keepends=True) if log.exists() else []
        if _read(lines).last_of(publication.bureau, publication.quarter) == publication:
            return  # a run that died had come so far
        before = _hash_of(lines[-1]) if lines else FIRST
        text = json.dumps({**asdict(publication), PREVIOUS: before}, ensure_ascii=False) + "\n"
        is_torn = bool(lines) and not lines[-1].endswith(b"\n")  # by a run that lost its power here
        with log.open("ab") as stream:
            stream.write(b"\n" * is_torn + text.encode())
            stream.flush()
            os.fsync(stream.fileno())
    sync_folder(log.parent)


def read_history(log: Path) -> History:
    """Read a log; raises `OSError` where there is none."""
    return _read(log.read_bytes().splitlines(keepends=True))


def _read(lines: list[bytes]) -> History:
    found, broken, before = [], [], FIRST
    for number, line in enumerate(lines, start=1):
        try:
            entry = json.loads(line)
            found.append(Publication.restore(entry))
            if entry[PREVIOUS] != before:
                broken.append(number)
        except (ValueError, KeyError, TypeError):
            broken.append(number)
        before = _hash_of(line)
    return History(tuple(found), tuple(broken))


def _hash_of(line: bytes) -> str:
    return hashlib.sha256(line.removesuffix(b"\n")).hexdigest()


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


@contextmanager
def _holding(log: Path) -> Iterator[None]:
    with waiting_for(log.with_name(f".{log.name}.lock")):
        yield
