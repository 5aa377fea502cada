"""The notebooks are pages that take the parameters of a run, and nothing else."""

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.parameters import RunParameters
from pipeline.runs.records.places import NOTEBOOKS

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"


def cells(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    return found


def parameters_cell(name: str) -> str:
    (cell,) = [cell for cell in cells(name) if "parameters" in cell["metadata"].get("tags", [])]
    return "".join(cell["source"])


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_its_parameters_are_those_of_a_run(name: str) -> None:
    assigned = {
        statement.targets[0].id: ast.literal_eval(statement.value)
        for statement in ast.parse(parameters_cell(name)).body
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
    }
    defaults = RunParameters().to_mapping()
    assert list(assigned) == list(defaults)
    assert assigned == defaults
    assert all(type(value) is str for value in assigned.values())


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_parameter_has_a_comment(name: str) -> None:
    for line in parameters_cell(name).splitlines():
        _, _, comment = line.partition("  # ")
        assert comment.strip(), line


def test_the_parameters_cells_are_the_same_everywhere() -> None:
    assert len({parameters_cell(name) for name in NOTEBOOKS}) == 1


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_it_begins_by_saying_what_it_takes_does_and_leaves(name: str) -> None:
    first = cells(name)[0]
    text = "".join(first["source"])
    assert first["cell_type"] == "markdown"
    assert text.startswith(f"# {name[0]} ")
    assert all(word in text for word in ("取：", "做：", "留："))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_it_runs_in_any_python(name: str) -> None:
    metadata = json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))["metadata"]
    assert metadata["kernelspec"]["name"] == "python3"
    assert set(metadata) <= {"kernelspec", "language_info"}


def test_every_notebook_of_a_report_is_there() -> None:
    assert {path.stem for path in FOLDER.glob("*.ipynb")} >= set(NOTEBOOKS)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_quarter_that_somebody_writes_otherwise_is_the_same_quarter(name: str) -> None:
    """In JupyterLab nobody checks ``quarter = "2021q4"``: compared as a text, it would show empty tables."""
    code = ["".join(cell["source"]) for cell in cells(name) if cell["cell_type"] == "code"]
    compared = [
        [side for side in (node.left, *node.comparators) if isinstance(side, ast.Name) and side.id == "quarter"]
        for source in code
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Compare)
    ]
    assert [names for names in compared if names] == []
