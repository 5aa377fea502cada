"""Comparing a published folder with its manifest, and that with the log of publications. Imports nothing heavy."""

from dataclasses import dataclass
from pathlib import Path

from pipeline.parameters import ParameterError
from pipeline.runs.manifest import Damage, Manifest, find_damage
from pipeline.runs.places import MANIFEST, Workspace
from pipeline.runs.publications import PUBLICATIONS, History, Publication, digest_of, read_history


@dataclass(frozen=True)
class Verdict:
    """What was found; ``tables_checked`` is False when the tables stand elsewhere, as after the folder was copied.

    ``damage`` names the manifest (``other_than_logged``, ``not_logged``) and lines of the log (``broken_line``) too.
    ``log`` is None where there was none to compare with; ``published`` is what it says of the folder.
    """

    files: int
    damage: tuple[Damage, ...]
    tables_checked: bool
    log: Path | None
    published: Publication | None


def verify(
    folder: Path, workspace: Workspace, *, processed: Path | None = None, publications: Path | None = None
) -> Verdict:
    """Check every published file of ``folder``, its tables and its line in the log of publications.

    Tables and log are looked for below the root ``processed``, or where they stand in this project; the log is
    ``publications`` where that is given. Raises `ParameterError` when there is no manifest, or no log where one was
    named, and `BadManifest` when the manifest cannot be read.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise ParameterError("manifest.missing", folder=folder)
    manifest = Manifest.read(path)
    damage = list(find_damage(folder, manifest.published))
    tables = _tables_of(folder.resolve(), manifest, workspace, processed)
    if tables is not None:
        shown = manifest.basis.parameters.processed_dir
        damage += [Damage(f"{shown}/{entry.path}", entry.fault) for entry in find_damage(tables, manifest.tables)]
    log = _log_of(tables, publications)
    history = read_history(log) if log else None
    published = _of(folder.resolve(), manifest, history)
    if log and history:
        damage += [Damage(f"{log.name}:{number}", "broken_line") for number in history.broken]
        damage += _against_log(path, published)
    files = len(manifest.published) + (len(manifest.tables) if tables else 0)
    return Verdict(files, tuple(damage), tables is not None, log, published)


def _tables_of(folder: Path, manifest: Manifest, workspace: Workspace, processed: Path | None) -> Path | None:
    parameters = manifest.basis.parameters
    bureau, quarter = folder.parent.name, folder.name
    if processed is not None:
        return processed / bureau / quarter
    if folder == (workspace.figures / bureau / quarter).resolve():
        return workspace.processed / bureau / quarter  # not where the manifest says: that may be what was altered
    at_home = (workspace.notebooks / parameters.figures_dir).resolve() == folder
    return workspace.notebooks / parameters.processed_dir if at_home else None


def _log_of(tables: Path | None, publications: Path | None) -> Path | None:
    if publications is not None:
        if not publications.is_file():
            raise ParameterError("publications.missing", file=publications)
        return publications
    beside = tables.parent / PUBLICATIONS if tables else None
    return beside if beside and beside.is_file() else None


def _of(folder: Path, manifest: Manifest, history: History | None) -> Publication | None:
    """Return the last publication of the quarter: of the bureau that the folder is named for, or the manifest names."""
    if history is None:
        return None
    then = Path(manifest.basis.parameters.figures_dir)
    return history.last_of(folder.parent.name, folder.name) or history.last_of(then.parent.name, then.name)


def _against_log(manifest: Path, published: Publication | None) -> list[Damage]:
    if published is None:
        return [Damage(MANIFEST, "not_logged")]
    return [] if digest_of(manifest) == published.manifest else [Damage(MANIFEST, "other_than_logged")]
