"""Comparing a published folder with its manifest, and that with the log of publications. Imports nothing heavy."""

from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.parameters import ParameterError
from pipeline.runs.publishing.folders import JOURNAL
from pipeline.runs.publishing.publications import PUBLICATIONS, History, Publication, digest_of, read_history
from pipeline.runs.records.manifest import Damage, Manifest, find_damage
from pipeline.runs.records.places import MANIFEST, Workspace


@dataclass(frozen=True)
class Verdict:
    """What was found; ``tables_checked`` is False when the tables stand elsewhere, as after the folder was copied.

    ``damage`` names the manifest (``other_than_logged``, ``not_logged``) and lines of the log (``broken_line``,
    ``other_line``) too. ``log`` is None where there was none to compare with; ``published`` is what it says of the
    folder, and ``replaced`` the later publication of the same quarter, if there is one. ``is_unfinished`` tells that a
    run has died while it published.
    """

    files: int
    damage: tuple[Damage, ...]
    tables_checked: bool
    log: Path | None
    published: Publication | None
    replaced: Publication | None
    is_unfinished: bool


def verify(
    folder: Path, workspace: Workspace, *, processed: Path | None = None, publications: Path | None = None
) -> Verdict:
    """Check every published file of ``folder``, its tables and its line in the log of publications.

    Tables and log are looked for below the root ``processed``, or where they stand in this project; the log is
    ``publications`` where that is given. Raises `ParameterError` when there is no manifest, or no tables or log where
    they were named, and `BadManifest` when the manifest cannot be read.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise ParameterError("manifest.missing", folder=folder)
    manifest, place = Manifest.read(path), folder.resolve()
    damage = list(find_damage(folder, manifest.published))
    tables = _tables_of(place, manifest, workspace, processed)
    if tables is not None:
        damage += [Damage(str(tables / entry.path), entry.fault) for entry in find_damage(tables, manifest.tables)]
    log = _log_of(tables, publications)
    history = read_history(log) if log else None
    published = history.of_manifest(digest_of(path)) if history else None
    last = _last_of(place, manifest, history)
    if log and history:
        damage += [Damage(f"{log.name}:{number}", "broken_line") for number in history.broken]
        damage += _against_log(folder, log, published, last)
    return Verdict(
        files=len(manifest.published) + (len(manifest.tables) if tables else 0),
        damage=tuple(damage),
        tables_checked=tables is not None,
        log=log,
        published=published,
        replaced=last if published and last != published else None,
        is_unfinished=(place.parent / JOURNAL).exists(),
    )


def _tables_of(folder: Path, manifest: Manifest, workspace: Workspace, processed: Path | None) -> Path | None:
    """Return the folder of the tables: by the place of the pages, not by what the manifest says, which may be altered;
    only for a copy that lies under other names does that count.
    """
    then = Path(manifest.basis.parameters.processed_dir)
    names = ((folder.parent.name, folder.name), (then.parent.name, then.name))
    if processed is not None:
        found = next((processed / bureau / quarter for bureau, quarter in names if _is_there(processed, bureau)), None)
        if found is None:
            raise ParameterError("publications.no_tables", folder=processed, bureau=then.parent.name)
        return found
    if folder == (workspace.figures / folder.parent.name / folder.name).resolve():
        return workspace.processed / folder.parent.name / folder.name
    at_home = (workspace.notebooks / manifest.basis.parameters.figures_dir).resolve() == folder
    return (workspace.notebooks / then).resolve() if at_home else None


def _is_there(processed: Path, bureau: str) -> bool:
    return bool(bureau) and (processed / bureau).is_dir()


def _log_of(tables: Path | None, publications: Path | None) -> Path | None:
    if publications is not None:
        if not publications.is_file():
            raise ParameterError("publications.missing", file=publications)
        return publications
    beside = tables.parent / PUBLICATIONS if tables else None
    return beside if beside and beside.is_file() else None


def _last_of(folder: Path, manifest: Manifest, history: History | None) -> Publication | None:
    """Return the last publication of the quarter: of the bureau that the folder is named for, or the manifest names."""
    if history is None:
        return None
    then = Path(manifest.basis.parameters.figures_dir)
    return history.last_of(folder.parent.name, folder.name) or history.last_of(then.parent.name, then.name)


def _against_log(folder: Path, log: Path, published: Publication | None, last: Publication | None) -> list[Damage]:
    if published is None:
        return [Damage(MANIFEST, "other_than_logged" if last else "not_logged")]
    as_it_says = replace(Publication.of(folder), by=published.by, bureau=published.bureau)
    return [] if as_it_says == published else [Damage(f"{log.name} {published.at}", "other_line")]
