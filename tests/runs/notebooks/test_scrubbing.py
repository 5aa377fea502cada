"""A published notebook holds no path of the computer and no clock."""

import json
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from pipeline.parameters import RunParameters
from pipeline.runs.notebooks.scrubbing import scrub, write_notebook

HOME = Path("/home/王芳/ronghe")
USED = RunParameters(
    bureau_dir="/srv/党建/江州县局",
    processed_dir=f"{HOME}/data/processed/江州县局/.2021Q4.building",
    figures_dir=f"{HOME}/figures/江州县局/.2021Q4.building",
)
PUBLIC = RunParameters(
    bureau_dir="江州县局", processed_dir="../data/processed/江州县局/2021Q4", figures_dir="../figures/江州县局/2021Q4"
)


def executed() -> nbformat.NotebookNode:
    injected = new_code_cell(
        f'# Parameters\nbureau_dir = "{USED.bureau_dir}"', metadata={"tags": ["injected-parameters"]}
    )
    shown = new_output("execute_result", {"text/html": f"<p>{USED.processed_dir}/panel.parquet</p>"}, execution_count=2)
    stream = new_output("stream", text=f"{HOME}/pipeline/points/x.py:3: Warning")
    cell = new_code_cell("x", outputs=[shown, stream], metadata={"papermill": {"start_time": "2026-01-01"}, "tags": []})
    cell.metadata["execution"] = {"iopub.status.busy": "2026-01-01"}
    notebook = new_notebook(cells=[new_markdown_cell("# 1"), injected, cell])
    notebook.metadata["papermill"] = {"input_path": f"{HOME}/notebooks/1.ipynb"}
    return notebook


def test_paths_and_times_are_gone() -> None:
    text = nbformat.writes(scrub(executed(), USED, PUBLIC, HOME))
    for secret in ("王芳", "/srv", "/home", ".building", "papermill", "2026-01-01"):
        assert secret not in text
    assert "../data/processed/江州县局/2021Q4/panel.parquet" in text
    assert "./pipeline/points/x.py:3: Warning" in text


def test_the_parameters_cell_says_what_an_analyst_would_write() -> None:
    (_, injected, _) = scrub(executed(), USED, PUBLIC, HOME).cells
    values: dict[str, str] = {}
    exec(injected.source, values)
    assert {name: values[name] for name in PUBLIC.to_mapping()} == PUBLIC.to_mapping()


def test_the_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_notebook(scrub(executed(), USED, PUBLIC, HOME), tmp_path / name / "1.ipynb")
    assert (tmp_path / "a/1.ipynb").read_bytes() == (tmp_path / "b/1.ipynb").read_bytes()


def test_windows_paths_are_found_in_every_spelling() -> None:
    used = RunParameters(bureau_dir="C:\\Users\\王芳\\县局", processed_dir="C:\\p", figures_dir="C:\\f")
    cell = new_code_cell("x", outputs=[new_output("stream", text="C:\\Users\\王芳\\县局 C:/Users/王芳/县局")])
    cell.outputs.append(new_output("stream", text=repr("C:\\Users\\王芳\\县局")))
    clean = scrub(new_notebook(cells=[cell]), used, PUBLIC, Path("/nowhere/at/all"))
    assert "王芳" not in json.dumps(clean, ensure_ascii=False)


def test_the_executed_notebook_itself_stays_as_it_is() -> None:
    notebook = executed()
    before = nbformat.writes(notebook)
    scrub(notebook, USED, PUBLIC, HOME)
    assert nbformat.writes(notebook) == before
