"""What a result depends on, as hashes: the input files, the code, the packages. Imports nothing heavy."""

import hashlib
import os
import platform
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path, PurePath, PurePosixPath
from typing import TypeVar

from pipeline.ingest.files.loading import is_elsewhere
from pipeline.ingest.ledger import shown_name
from pipeline.parameters import SpokenError
from pipeline.runs.records.places import LOCK_FILE_PREFIXES, NOTEBOOKS, Workspace

DISTRIBUTION = "ronghe"
PART_BYTES = 2**20
_NAME = re.compile(r"[A-Za-z0-9._-]+")
Hashed = TypeVar("Hashed")


class NotInstalled(SpokenError):
    """Raised when the package's own metadata are missing, so that the packages it runs on cannot be named."""


@dataclass(frozen=True)
class FileHash:
    """One file by content; ``path`` is relative to the folder that was listed, with forward slashes."""

    path: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class InputHash:
    """One workbook of a bureau; two that differ in ``path`` alone are the same.

    In a manifest, which is published, ``path`` has names of persons masked. What tells that the same content lies under
    another name is ``name``, the SHA-256 of path and content together: who does not have the workbook cannot try names
    until one fits. What cannot be read, and what a cloud would first have to fetch, has an empty ``sha256``.
    """

    path: str = field(compare=False)
    sha256: str
    bytes: int
    name: str


def hash_inputs(bureau: Path) -> tuple[InputHash, ...]:
    """Return every workbook of a bureau, as `hash_folder` lists files."""
    return tuple(_of_each(bureau, hash_input))


def hash_input(path: Path, bureau: Path) -> InputHash:
    """Return the hashes of one workbook; of a link, those of the path that it holds. Raises `FileNotFoundError`."""
    name, status = shown_name(path.relative_to(bureau)), path.lstat()
    content, named = hashlib.sha256(), hashlib.sha256(name.encode() + b"\0")
    try:
        if is_elsewhere(status):
            raise PermissionError("nothing is fetched")
        for part in _parts_of(path):
            content.update(part)
            named.update(part)
    except FileNotFoundError:
        raise
    except OSError:  # the reader says which, and why
        return InputHash(name, "", status.st_size, "")
    return InputHash(name, content.hexdigest(), status.st_size, named.hexdigest())


def _parts_of(path: Path) -> Iterator[bytes]:
    if path.is_symlink():
        yield os.fsencode(path.readlink())
        return
    with path.open("rb") as stream:
        while part := stream.read(PART_BYTES):
            yield part


def hash_folder(folder: Path) -> tuple[FileHash, ...]:
    """Return every file below ``folder`` in order of path; none when the folder is missing.

    Hidden files and the lock files of spreadsheet programs are left out: they come and go while a workbook is open.
    So is a file that goes between being listed and being read.
    """
    return tuple(_of_each(folder, hash_file))


def _of_each(folder: Path, hash_one: Callable[[Path, Path], Hashed]) -> Iterator[Hashed]:
    for path in list_inputs(folder):
        with suppress(FileNotFoundError):  # as if it had gone a moment earlier
            yield hash_one(path, folder)


def list_inputs(folder: Path) -> list[Path]:
    """Return the files that `hash_folder` looks into, and links to anything, in order of path."""
    return [Path(path) for name, path in sorted(_files_below(os.fspath(folder))) if not is_passing(PurePosixPath(name))]


def _files_below(folder: str, before: str = "") -> Iterator[tuple[str, str]]:
    """Yield name (from ``folder``, with forward slashes) and path of every file below ``folder``, and of every link,
    which is not followed; nothing of what may not be listed.

    As `Path.rglob`, which takes several times as long.
    """
    try:
        entries = list(os.scandir(folder))
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return
    for entry in entries:
        if entry.is_symlink() or entry.is_file():
            yield before + entry.name, entry.path
        elif entry.is_dir():
            yield from _files_below(entry.path, f"{before}{entry.name}/")


def hash_file(path: Path, folder: Path) -> FileHash:
    """Return the hash of one file below ``folder``; of a link, that of the path that it holds: it is not followed."""
    if path.is_symlink():
        target = os.fsencode(path.readlink())
        return FileHash(shown_name(path.relative_to(folder)), hashlib.sha256(target).hexdigest(), len(target))
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256")
    return FileHash(shown_name(path.relative_to(folder)), digest.hexdigest(), path.stat().st_size)


def fingerprint_code(workspace: Workspace) -> str:
    """Return one SHA-256 over the package and the notebooks that a report runs."""
    notebooks = [(f"notebooks/{name}.ipynb", workspace.notebook(name)) for name in NOTEBOOKS]
    return _digest([*_package_files(workspace), *notebooks])


def fingerprint_package(workspace: Workspace) -> str:
    """Return one SHA-256 over the package alone: code, catalogs, texts and templates."""
    return _digest(_package_files(workspace))


def _package_files(workspace: Workspace) -> list[tuple[str, Path]]:
    files = _files_below(os.fspath(workspace.root / "pipeline"), "pipeline/")
    own = ((name, Path(path)) for name, path in files if "/__pycache__/" not in name)
    return [(name, path) for name, path in own if path.is_file()]  # no link to nowhere, as an editor leaves it


def _digest(named: Iterable[tuple[str, Path]]) -> str:
    digest = hashlib.sha256()
    for name, path in sorted(named):
        digest.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def package_versions() -> dict[str, str]:
    """Return the version of Python and of every package that the project names as its own requirement."""
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in _requirements()}}


def _requirements() -> Iterable[str]:
    """Return the names of the run-time requirements, in order."""
    try:
        lines = metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError as error:
        raise NotInstalled("run.not_installed") from error
    names = [found[0].lower() for line in lines if "extra ==" not in line and (found := _NAME.match(line))]
    return sorted(names)


def is_passing(path: PurePath) -> bool:
    """Tell whether a file, named relative to its folder, is hidden or the lock file of a spreadsheet program."""
    return any(part.startswith(".") for part in path.parts) or path.name.startswith(LOCK_FILE_PREFIXES)
