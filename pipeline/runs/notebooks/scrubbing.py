"""Executed notebooks as they may be published: what was shown, without a path of this computer and without a clock."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from pipeline.parameters import RunParameters
from pipeline.runs.notebooks.injected import INJECTED_TAG

CLOCKED = ("papermill", "execution")  # metadata in which papermill and nbclient keep paths, copies and times


def scrub(notebook: NotebookNode, used: RunParameters, public: RunParameters, home: Path) -> NotebookNode:
    """Return a copy of an executed notebook that names the ``public`` parameters wherever the ``used`` ones stood.

    Any other path below ``home``, the project's folder, is shortened to what follows it. The same run gives the same
    copy, byte for byte.
    """
    names = {
        str(value): public.to_mapping()[name] for name, value in used.to_mapping().items() if name.endswith("_dir")
    }
    replacements = _spellings({**names, str(home): "."})
    clean: NotebookNode = nbformat.from_dict(_replace(dict(notebook), replacements))
    clean.metadata = _without_clock(clean.metadata)
    for number, cell in enumerate(clean.cells, start=1):
        cell.metadata = _without_clock(cell.metadata)
        cell.id = f"cell-{number}"  # papermill gives its own cell a random one
        if INJECTED_TAG in cell.metadata.get("tags", []):
            cell.source = _parameters_cell(public)
    return clean


def write_notebook(notebook: NotebookNode, path: Path) -> None:
    """Write a notebook."""
    nbformat.validate(notebook)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8", newline="\n")


def _parameters_cell(parameters: RunParameters) -> str:
    lines = (f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in parameters.to_mapping().items())
    return "\n".join(["# Parameters", *lines])


def _spellings(names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return every way a path is written, longest first: as it is, with slashes, with doubled backslashes."""
    pairs = {
        spelling: public
        for path, public in names.items()
        for spelling in (path, path.replace("\\", "/"), path.replace("\\", "\\\\"))
    }
    return sorted(pairs.items(), key=lambda pair: -len(pair[0]))


def _replace(value: Any, replacements: list[tuple[str, str]]) -> Any:
    if isinstance(value, str):
        for path, public in replacements:
            value = value.replace(path, public)
        return value
    if isinstance(value, Mapping):
        return {_replace(key, replacements): _replace(part, replacements) for key, part in value.items()}
    if isinstance(value, list):
        return [_replace(part, replacements) for part in value]
    return value


def _without_clock(metadata: NotebookNode) -> NotebookNode:
    return NotebookNode({key: value for key, value in metadata.items() if key not in CLOCKED})
