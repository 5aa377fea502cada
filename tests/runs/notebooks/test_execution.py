"""Notebooks run in a kernel of this Python; what goes wrong in one names notebook, cell and reason."""

import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

import pipeline
from pipeline.parameters import RunParameters
from pipeline.runs.notebooks.execution import execute
from pipeline.runs.records.failures import RunFailed


def write(path: Path, *cells: str) -> Path:
    parameters = new_code_cell('quarter = "2018Q1"', metadata={"tags": ["parameters"]})
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=[parameters, *map(new_code_cell, cells)]), path)
    return path


@pytest.mark.process
def test_parameters_folder_and_python_reach_the_cells(tmp_path: Path) -> None:
    cell = "import sys\nfrom pathlib import Path\nprint(quarter, Path.cwd().name, sys.executable)"
    path = write(tmp_path / "县局 {a}" / "1_x.ipynb", cell)
    before = path.read_bytes()
    notebook = execute(path, RunParameters(quarter="2020Q2")).notebook
    assert notebook.cells[-1].outputs[0].text.split("\n")[0] == f"2020Q2 县局 {{a}} {sys.executable}"
    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir()] == ["1_x.ipynb"]


@pytest.mark.process
@pytest.mark.parametrize("in_kernel", [False, True])
def test_cells_import_the_code_of_this_process(in_kernel: bool, tmp_path: Path) -> None:
    path = write(tmp_path / "1_x.ipynb", "import pipeline\nprint(pipeline.__file__)")
    printed = execute(path, RunParameters(), in_kernel=in_kernel).notebook.cells[-1].outputs[0].text
    assert Path(printed.strip()) == Path(pipeline.__file__)


@pytest.mark.process
def test_a_kernel_and_our_own_process_give_the_same(tmp_path: Path) -> None:
    path = write(tmp_path / "1_x.ipynb", "import pandas as pd\nprint(quarter)\npd.DataFrame({'季度': [quarter] * 70})")
    ours, kernels = (execute(path, RunParameters(), in_kernel=choice).notebook for choice in (False, True))
    assert [cell.get("outputs") for cell in ours.cells] == [cell.get("outputs") for cell in kernels.cells]


@pytest.mark.process
def test_an_error_names_notebook_cell_and_reason(tmp_path: Path) -> None:
    path = write(tmp_path / "2_points.ipynb", "x = 1", "\nraise ValueError('no ledger\\nat all')")
    with pytest.raises(RunFailed) as caught:
        execute(path, RunParameters())
    assert caught.value.values == {
        "notebook": "2_points",
        "cell": 3,  # as JupyterLab shows it: without the cell that papermill adds
        "line": "raise ValueError('no ledger\\nat all')",
        "error": "ValueError",
        "reason": "no ledger at all",
    }
    assert "ValueError" in caught.value.trace


@pytest.mark.process
def test_a_kernel_that_dies_is_a_failure(tmp_path: Path) -> None:
    path = write(tmp_path / "3_panel.ipynb", "import os\nos._exit(9)")
    with pytest.raises(RunFailed) as caught:
        execute(path, RunParameters())
    assert caught.value.key == "run.kernel_died"
    assert caught.value.values == {"notebook": "3_panel", "cell": 2, "line": "import os"}  # as JupyterLab counts
