"""What stands under the ROOT of a batch: the folders of bureaus, and what is no bureau's and is said to be left out.

Looks at names and sizes only and imports nothing heavy: a wrong ROOT is told before any workbook is read.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path, PurePath

from pipeline.catalog import Catalog
from pipeline.ingest.files.names import WORKBOOK_SUFFIXES
from pipeline.parameters import HIDDEN, ParameterError, nearest_beside
from pipeline.runs.records.places import MANIFEST

SIGNS_OF_A_BUREAU = frozenset({"roster", "bureau_settings", "party_groups"})  # one of each in a bureau, seldom more
SUFFIXES = WORKBOOK_SUFFIXES - {".txt"}  # of what makes a folder a bureau's; a text is a note more often than a table
QUARTER_PATTERN = "[0-9][0-9][0-9][0-9]Q[1-4]"
DATA_SET = "across_bureaus"  # the folder that `runs.province` writes beside those of the bureaus


@dataclass(frozen=True)
class BureauFolder:
    """One bureau: the name under which it is published, its folder, and the bytes in its workbooks."""

    name: str
    folder: Path
    bytes: int


@dataclass(frozen=True)
class LeftOut:
    """An entry of ROOT that is no bureau; ``why`` is hidden, file or empty (texts batch.left_out_<why>)."""

    name: str
    why: str


@dataclass(frozen=True)
class Root:
    """The bureaus, biggest first: the longest report begins first, so that no worker ends long after the others."""

    bureaus: tuple[BureauFolder, ...]
    left_out: tuple[LeftOut, ...]


def look_into(root: Path, catalog: Catalog, outputs: Sequence[Path]) -> Root:
    """Return the bureaus under ``root``; ``outputs`` are the folders that results are written to.

    Raises `ParameterError` when there is no such folder, when results would lie in it or it in them, when it is a
    bureau itself, when it holds no bureau, and when two bureaus would be published under one name.
    """
    _check_place(root, outputs)
    entries = sorted(root.iterdir(), key=lambda entry: entry.name)
    folders = (entry for entry in entries if entry.is_dir() and not _is_hidden(entry))
    looked = {folder: found for folder in folders if (found := _look(folder, catalog)) is not None}
    left_out = tuple(LeftOut(entry.name, _why_left_out(entry)) for entry in entries if entry not in looked)
    loose = [entry for entry in entries if entry.is_file() and _is_workbook(entry) and not _is_hidden(entry)]
    _check_is_no_bureau(root, _summary(loose, catalog), [found.kinds for found in looked.values()])
    bureaus = [BureauFolder(folder.resolve().name, folder, found.bytes) for folder, found in looked.items()]
    if not bureaus:
        raise ParameterError("batch.no_bureau", root=root)
    _check_names(bureaus)
    return Root(tuple(sorted(bureaus, key=lambda bureau: (-bureau.bytes, bureau.name))), left_out)


def gone(root: Path, figures: Path) -> list[str]:
    """Return the bureaus with a published report below ``figures`` that have no folder under ``root`` any more."""
    there = {_published_name(entry.name) for entry in root.iterdir()}
    published = {path.parent.parent.name for path in figures.glob(f"*/{QUARTER_PATTERN}/{MANIFEST}")}
    return sorted(name for name in published if _published_name(name) not in there)


def _published_name(name: str) -> str:
    """Return what two names have in common that are one on some disk (case, full width)."""
    return unicodedata.normalize("NFKC", name).casefold()


def _check_place(root: Path, outputs: Sequence[Path]) -> None:
    if root.is_file():
        raise ParameterError("batch.root_is_file", root=root, parent=root.parent)
    if not root.is_dir():
        alike = nearest_beside(root, only_folders=True)
        if alike:
            raise ParameterError("batch.root_misspelt", root=root, nearest=alike)
        raise ParameterError("batch.root_missing", root=root)
    here = root.resolve()
    for output in outputs:
        there = output.resolve()
        if here.is_relative_to(there):
            raise ParameterError("batch.root_inside", root=root, folder=output)
        if there.is_relative_to(here):
            raise ParameterError("batch.output_inside", root=root, folder=output)


def _check_is_no_bureau(root: Path, loose: "_Looked | None", folders: Sequence[frozenset[str]]) -> None:
    """Raise `ParameterError` when the workbooks of one bureau lie directly in ``root``, or sorted into folders there.

    The names of the files tell: a roster or settings lie loose in ROOT, or its folders, among them one with a roster
    or settings, have no kind of workbook in common, which two bureaus always have.
    """
    is_sorted = len(folders) > 1 and not any(one & other for one, other in combinations(folders, 2))
    among_folders = frozenset().union(*folders) if is_sorted else frozenset()
    of_loose = loose.kinds if loose else frozenset()
    if (of_loose | among_folders) & SIGNS_OF_A_BUREAU or (loose and not folders):
        raise ParameterError("batch.root_is_bureau", root=root, parent=root.resolve().parent)


def _check_names(bureaus: Sequence[BureauFolder]) -> None:
    """Raise `ParameterError` for names that are one on some disk (case, full width), or that results go by."""
    seen: dict[str, BureauFolder] = {}
    for bureau in bureaus:
        name = _published_name(bureau.name)
        if name == DATA_SET:
            raise ParameterError("batch.reserved_name", folder=bureau.folder)
        if name in seen:
            raise ParameterError("batch.same_name", first=seen[name].folder, second=bureau.folder)
        seen[name] = bureau


def _kinds(paths: Sequence[Path], catalog: Catalog) -> frozenset[str]:
    """Return the kinds of workbooks that the names of files speak of."""
    return frozenset(
        kind.kind
        for kind in catalog.kinds.values()
        if any(word in path.name for path in paths for word in kind.name_words)
    )


@dataclass(frozen=True)
class _Looked:
    """What is kept of workbooks that were looked at: paths of thousands of bureaus would fill the memory of a batch."""

    bytes: int
    kinds: frozenset[str]


def _look(folder: Path, catalog: Catalog) -> _Looked | None:
    return _summary(_workbooks(folder), catalog)


def _summary(paths: Sequence[Path], catalog: Catalog) -> _Looked | None:
    """Return what is kept of workbooks; None where there are none."""
    return _Looked(sum(path.stat().st_size for path in paths), _kinds(paths, catalog)) if paths else None


def _workbooks(folder: Path) -> list[Path]:
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file() and _is_workbook(path))
    return [path for path in paths if not any(part.startswith(HIDDEN) for part in path.relative_to(folder).parts)]


def _is_workbook(path: PurePath) -> bool:
    return path.suffix.lower() in SUFFIXES


def _is_hidden(entry: Path) -> bool:
    return entry.name.startswith(HIDDEN)


def _why_left_out(entry: Path) -> str:
    if _is_hidden(entry):
        return "hidden"
    return "empty" if entry.is_dir() else "file"
