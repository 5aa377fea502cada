"""Open Packaging: finding the workbook and the sheets of an xlsx, xlsm or xlsb by their relations."""

import posixpath
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import unquote

from pipeline.ingest.files.archives import part_name, read_member
from pipeline.ingest.files.markup import read_elements
from pipeline.ingest.files.refusals import Refused

ROOT = ""


@dataclass(frozen=True)
class Relation:
    """A relation to the part ``target``; ``kind`` is the last word of its type, such as "worksheet"."""

    kind: str
    target: str


def find_member(archive: zipfile.ZipFile, name: str) -> str | None:
    """Return the member with this part name, without regard to case, as Open Packaging asks, and to backslashes."""
    wanted = name.lower()
    return next((entry for entry in archive.namelist() if part_name(entry) == wanted), None)


def read_part(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return the bytes of a part; raises `Refused` (zip_incomplete) when it is not there."""
    return read_member(archive, find_member(archive, name) or name)


def read_relations(archive: zipfile.ZipFile, part: str) -> dict[str, Relation]:
    """Return the relations of a part by id; an empty mapping when it has none. `ROOT` stands for the package itself."""
    folder, name = posixpath.split(part)
    source = posixpath.join(folder, "_rels", f"{name}.rels")
    member = find_member(archive, source)
    if member is None:
        return {}
    relations: dict[str, Relation] = {}

    def visit(element: str, attributes: dict[str, str]) -> None:
        if element == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            relations[attributes.get("Id", "")] = Relation(kind, _resolve(folder, attributes.get("Target", "")))

    read_elements(BytesIO(archive.read(member)), source, visit)
    return relations


def find_workbook(archive: zipfile.ZipFile) -> str | None:
    """Return the main part of a package by the relation of its root, or None when it names none."""
    return target_of_kind(read_relations(archive, ROOT), "officeDocument")


def target_of_kind(relations: Mapping[str, Relation], kind: str) -> str | None:
    """Return the target of the first relation of a kind, or None."""
    return next((relation.target for relation in relations.values() if relation.kind == kind), None)


def require_workbook(archive: zipfile.ZipFile) -> str:
    """Return the main part of a package; raises `Refused` (zip_incomplete) when it names none."""
    workbook = find_workbook(archive)
    if workbook is None:
        raise Refused("zip_incomplete", member="_rels/.rels")
    return workbook


def require_own_part(relation: Relation, sheet: str, taken: set[str]) -> None:
    """Take note that a sheet has a part; raises `Refused` (shared_part) when another sheet has the same.

    No program writes that, and a small file would be thousands of large sheets.
    """
    if relation.target.lower() in taken:
        raise Refused("shared_part", sheet=sheet, member=relation.target)
    taken.add(relation.target.lower())


def _resolve(folder: str, target: str) -> str:
    """Return the part that a target names, seen from the folder of its source; absolute targets start at the root."""
    path = unquote(target.replace("\\", "/"))
    return posixpath.normpath(posixpath.join("/", folder, path)).lstrip("/")
