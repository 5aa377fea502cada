"""Comparing a published folder with its manifest. Imports nothing heavy."""

from dataclasses import dataclass
from pathlib import Path

from pipeline.parameters import ParameterError
from pipeline.runs.manifest import Damage, Manifest, find_damage
from pipeline.runs.places import MANIFEST, Workspace


@dataclass(frozen=True)
class Verdict:
    """What was found; ``tables_checked`` is False when the tables stand elsewhere, as after the folder was copied."""

    files: int
    damage: tuple[Damage, ...]
    tables_checked: bool


def verify(folder: Path, workspace: Workspace) -> Verdict:
    """Check every published file of ``folder``, and its tables where they stand in this project.

    Raises `ParameterError` when there is no manifest, `BadManifest` when it cannot be read.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise ParameterError("manifest.missing", folder=folder)
    manifest = Manifest.read(path)
    damage = list(find_damage(folder, manifest.published))
    files = len(manifest.published)
    parameters = manifest.basis.parameters
    at_home = (workspace.notebooks / parameters.figures_dir).resolve() == folder.resolve()
    if at_home:
        tables = workspace.notebooks / parameters.processed_dir
        damage += [
            Damage(f"{parameters.processed_dir}/{entry.path}", entry.fault)
            for entry in find_damage(tables, manifest.tables)
        ]
        files += len(manifest.tables)
    return Verdict(files, tuple(damage), tables_checked=at_home)
