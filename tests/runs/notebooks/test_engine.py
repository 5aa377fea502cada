"""The engine gives what a stock kernel gives: outputs, counts, errors, timings, the saved notebook; nothing is left."""

import os
import signal
import subprocess
import sys
import tempfile
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from papermill import execute_notebook
from papermill.engines import papermill_engines
from papermill.exceptions import PapermillExecutionError

from pipeline.runs.notebooks.engine import ENGINE, ForkEngine, _ForkClient
from tests.processes import command_line, descendants

ROOT = Path(__file__).resolve().parents[3]
CELLS = (
    "a = 1",
    "print('seen')\nprint('and more', flush=True)",
    "import sys\nprint('wrong', file=sys.stderr)",
    "a + 41",
    "from IPython.display import HTML, clear_output, display\nhandle = display(HTML('<b>x</b>'), display_id='here')",
    "display(HTML('<i>y</i>'), display_id='here', update=True)",
    "print(1)\nclear_output(wait=True)\nprint(2)",
    "import pandas as pd\npd.DataFrame({f'column number {number}': [1.5, None] for number in range(30)})",
    "import asyncio\nawait asyncio.sleep(0.001)\n3",
    "!echo from a shell",
    "%%capture kept\nprint('captured')",
    "kept.stdout",
    "import plotly.graph_objects as go\ngo.Figure(data=[{'y': [1, 2]}])",
    "try:\n    input('?')\nexcept Exception as error:\n    print(type(error).__name__, error)",
    "import logging\nlogging.warning('noted')",
    "__name__, In[1], Out[4], _",
    "",
    "display({'text/plain': 'none', 'application/json': {'a': [1, None]}}, raw=True)",
)


@pytest.fixture(autouse=True)
def _registered() -> None:
    papermill_engines.register(ENGINE, ForkEngine)


def notebook_of(*cells: str, tags: tuple[str, ...] = ()) -> NotebookNode:
    notebook = new_notebook(cells=[new_markdown_cell("# a page"), *map(new_code_cell, cells)])
    notebook.metadata.kernelspec = {"name": "python3", "language": "python", "display_name": "Python 3"}
    for cell in notebook.cells:
        cell.metadata.tags = list(tags)
    return notebook


def run(notebook: NotebookNode, engine: str | None, target: Path | None = None, **options: Any) -> NotebookNode:
    return execute_notebook(notebook, target, engine_name=engine, progress_bar=False, **options)


def shape(value: Any) -> Any:
    """Return the names of nested metadata, and what is no clock, path or count of seconds."""
    clocks = ("date", "time", "duration", "iopub", "shell", "path")
    if isinstance(value, dict):
        return {key: "…" if any(word in key for word in clocks) else shape(part) for key, part in value.items()}
    return value


@pytest.mark.parametrize("tags", [(), ("raises-exception",)])
def test_a_notebook_is_as_a_kernel_makes_it(tags: tuple[str, ...], tmp_path: Path) -> None:
    cells = CELLS if not tags else (*CELLS, "1 / 0", "def broken(:", "raise SystemExit(2)", "a")
    for name, engine in (("ours", ENGINE), ("theirs", None)):
        with pytest.raises(PapermillExecutionError) if tags else nullcontext():  # which papermill raises at its end
            run(notebook_of(*cells, tags=tags), engine, tmp_path / f"{name}.ipynb")
    ours, theirs = (nbformat.read(tmp_path / f"{name}.ipynb", as_version=4) for name in ("ours", "theirs"))
    for mine, other in zip(ours.cells, theirs.cells, strict=True):
        assert joined(mine.get("outputs", [])) == joined(other.get("outputs", [])), mine.source
        assert mine.get("execution_count") == other.get("execution_count"), mine.source
        assert shape(mine.metadata) == shape(other.metadata), mine.source
    assert shape(ours.metadata) == shape(theirs.metadata)


def left_over() -> list[int]:
    """Return the processes below this one that are neither the server nor the tracker of the standard library."""
    return [pid for pid in descendants(os.getpid()) if b"multiprocessing" not in command_line(pid)]


def joined(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Return outputs with neighbouring texts of one stream as one: a kernel cuts them by its clock."""
    result: list[NotebookNode] = []
    for output in outputs:
        if result and output.output_type == "stream" and result[-1].get("name") == output.name:
            result[-1] = NotebookNode({**result[-1], "text": result[-1].text + output.text})
        else:
            result.append(output)
    return result


def test_an_error_is_saved_once_and_told_as_papermill_tells_it(tmp_path: Path) -> None:
    texts, saved = {}, {}
    for name, engine in (("ours", ENGINE), ("theirs", None)):
        target = tmp_path / f"{name}.ipynb"
        with pytest.raises(PapermillExecutionError) as caught:
            run(notebook_of("x = 1", "def half():\n    return x / 0\nhalf()", "never = 1"), engine, target)
        texts[name], saved[name] = str(caught.value), nbformat.read(target, as_version=4)
    assert texts["ours"] == texts["theirs"]
    assert [cell.get("outputs") for cell in saved["ours"].cells] == [
        cell.get("outputs") for cell in saved["theirs"].cells
    ]


def test_a_notebook_is_written_twice_however_many_cells_it_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the beginning and at the end by papermill; never for a cell."""
    saves: list[str] = []
    monkeypatch.setattr("papermill.engines.write_ipynb", lambda _notebook, path: saves.append(path))
    monkeypatch.setattr("papermill.execute.write_ipynb", lambda _notebook, path: saves.append(path))
    run(notebook_of(*["1"] * 20), ENGINE, tmp_path / "ours.ipynb")
    assert len(saves) <= 3


def test_what_one_notebook_does_to_its_process_no_other_sees() -> None:
    spoil = "import os, sys, pandas\nos.environ['SPOILT'] = '1'\npandas.SPOILT = True\nsys.path.append('spoilt')"
    run(notebook_of(spoil), ENGINE)
    look = "import os, sys, pandas\nos.environ.get('SPOILT'), hasattr(pandas, 'SPOILT'), 'spoilt' in sys.path"
    [result] = run(notebook_of(look), ENGINE).cells[-1].outputs
    assert result.data["text/plain"] == "(None, False, False)"
    assert "SPOILT" not in os.environ
    assert "spoilt" not in sys.path


def test_a_cell_that_takes_too_long_is_ended_with_its_process() -> None:
    with pytest.raises(CellTimeoutError, match="timed out"):
        run(notebook_of("print('begun')", "while True: pass"), ENGINE, execution_timeout=1)
    assert left_over() == []


@pytest.mark.parametrize("death", ["os._exit(9)", "os.kill(os.getpid(), 9)", "import ctypes; ctypes.string_at(0)"])
def test_a_process_that_dies_is_an_error_and_what_was_shown_is_kept(death: str, tmp_path: Path) -> None:
    target = tmp_path / "ours.ipynb"
    with pytest.raises(DeadKernelError):
        run(notebook_of("import os", f"print('last words', flush=True)\n{death}"), ENGINE, target)
    assert nbformat.read(target, as_version=4).cells[-1].outputs[0].text == "last words\n"


def test_a_process_that_dies_after_its_last_cell_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its outputs are there; which files it has opened is then not known."""
    end = _ForkClient._end

    def die_first(client: _ForkClient) -> dict[str, Any] | None:
        os.kill(client._fork.pid, signal.SIGKILL)
        client._fork.status()
        return end(client)

    monkeypatch.setattr(_ForkClient, "_end", die_first)
    executed = run(notebook_of("print('all')"), ENGINE, watched=str(ROOT))
    assert executed.cells[-1].outputs[0].text == "all\n"
    assert ENGINE not in executed.metadata


def test_what_other_programs_print_is_shown_in_its_place() -> None:
    """A kernel does so too, but not below pytest."""
    source = "import os\nprint('before')\nchild = os.system('echo within; echo wrong >&2')\nprint('after')"
    outputs = run(notebook_of(source), ENGINE).cells[-1].outputs
    assert sorted((output.name, output.text) for output in outputs) == [
        ("stderr", "wrong\n"),
        ("stdout", "before\nafter\nwithin\n"),
    ]


def test_the_files_that_cells_open_below_a_folder_are_told(tmp_path: Path) -> None:
    folder, beside = tmp_path / "tables", tmp_path / "tables beside"
    for place in (folder / "deeper", beside):
        place.mkdir(parents=True)
    (folder / "a.txt").write_text("a", encoding="utf-8")
    (beside / "b.txt").write_text("b", encoding="utf-8")
    cell = (
        "import os\nimport pandas as pd\nfrom pathlib import Path\n"
        f"folder, beside = Path({str(folder)!r}), Path({str(beside)!r})\n"
        "text = (folder / 'a.txt').read_text() + (beside / 'b.txt').read_text()\n"
        "(folder / 'deeper' / 'c.txt').write_text(text)\n"
        "(folder / 'deeper' / 'c.txt').read_text()\n"
        "handle = os.open(folder / 'd.txt', os.O_WRONLY | os.O_CREAT)\n"
        "missing = (folder / 'e.txt').is_file()\n"
    )
    told = run(notebook_of(cell), ENGINE, watched=str(folder)).metadata[ENGINE]
    assert told == {"read": ["a.txt"], "written": ["d.txt", "deeper/c.txt"]}
    assert ENGINE not in run(notebook_of(cell), ENGINE).metadata


def test_what_waits_for_a_cell_is_told_when_that_has_run(tmp_path: Path) -> None:
    cells = [f"from pathlib import Path\nPath({str(tmp_path)!r}, '{name}').touch()" for name in "abc"]
    notebook, seen = notebook_of(*cells), []
    notebook.cells[2].metadata.tags = ["hand-over"]
    run(notebook, ENGINE, handed_over=lambda: seen.append(sorted(path.name for path in tmp_path.iterdir())))
    assert seen == [["a", "b"]]


@pytest.mark.parametrize("tags", [("hand-over",), ("hand-over", "raises-exception")])
def test_a_cell_that_fails_hands_nothing_over(tags: tuple[str, ...]) -> None:
    told: list[str] = []
    with pytest.raises(PapermillExecutionError):  # papermill's own at its end, also where a cell may fail
        run(notebook_of("1 / 0", tags=tags), ENGINE, handed_over=lambda: told.append("over"))
    assert told == []


def test_a_tagged_cell_is_skipped() -> None:
    assert run(notebook_of("1 / 0", tags=("skip-execution",)), ENGINE).cells[-1].outputs == []


def test_papermill_finds_the_engine_by_its_entry_point() -> None:
    from importlib.metadata import entry_points

    [found] = [entry for entry in entry_points(group="papermill.engine") if entry.name == ENGINE]
    engine = found.load()
    assert engine.nb_language(notebook_of("1")) == "python"
    assert engine.execute_notebook.__func__ is not ForkEngine.execute_notebook.__func__  # loads nothing until it runs
    target = "import sys, papermill\nprint('pandas' in sys.modules, 'IPython' in sys.modules)"
    assert fresh_python(target) == "False False"


def test_the_engine_can_be_imported_first() -> None:
    assert (
        fresh_python("from pipeline.runs.notebooks.engine import ForkEngine\nprint(ForkEngine.__name__)")
        == "ForkEngine"
    )


def test_a_script_is_not_run_again_in_the_process_of_the_cells(tmp_path: Path) -> None:
    """A plain script has no guard around its body; the standard library runs it again in processes that it starts."""
    nbformat.write(notebook_of("print('cell')"), tmp_path / "in.ipynb")
    script = tmp_path / "script.py"
    script.write_text(
        "print('once', flush=True)\n"
        "from papermill import execute_notebook\n"
        f"for _ in range(2):\n    execute_notebook({str(tmp_path / 'in.ipynb')!r}, None, engine_name='ronghe')\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, script], capture_output=True, encoding="utf-8", cwd=ROOT, check=True)
    assert done.stdout.split() == ["once"]


@pytest.mark.parametrize("end", ["pass", "while True: pass"])
def test_nothing_that_a_cell_has_started_or_put_aside_stays(
    end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # where no other test puts anything
    source = (
        "import subprocess, tempfile\n"
        "sleeper = subprocess.Popen(['sleep', '301'])\n"
        "folder = tempfile.mkdtemp()\n"
        f"print(sleeper.pid, folder, flush=True)\n{end}"
    )
    notebook = notebook_of(source)
    with suppress(CellTimeoutError):
        notebook = run(notebook, ENGINE, execution_timeout=2)
    before = [pid for pid in descendants(os.getpid()) if b"301" in command_line(pid)]
    assert before == []
    assert [path.name for path in tmp_path.iterdir()] == []


@pytest.mark.parametrize("seconds", [0, -1, None])
def test_no_time_or_less_is_no_limit_as_with_a_kernel(seconds: int | None) -> None:
    assert run(notebook_of("1"), ENGINE, execution_timeout=seconds).cells[-1].outputs[0].data["text/plain"] == "1"


def test_options_of_the_client_reach_it() -> None:
    with pytest.raises(PapermillExecutionError):  # which papermill raises at its end
        run(notebook_of("1 / 0", "print('went on')"), ENGINE, allow_errors=True)


def test_another_language_and_another_system_get_a_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def by_kernel(nb_man: Any, kernel_name: str, **_: Any) -> NotebookNode:
        asked.append(kernel_name)
        return nb_man.nb

    monkeypatch.setattr("papermill.engines.NBClientEngine.execute_managed_notebook", by_kernel)
    monkeypatch.setattr("pipeline.runs.notebooks.engine.can_fork", lambda: False)
    run(notebook_of("1"), ENGINE)
    monkeypatch.undo()
    monkeypatch.setattr("papermill.engines.NBClientEngine.execute_managed_notebook", by_kernel)
    notebook = notebook_of("1")
    notebook.metadata.kernelspec = {"name": "ir", "language": "R", "display_name": "R"}
    run(notebook, ENGINE)
    assert asked == ["python3", "ir"]


def test_a_character_that_is_written_in_two_parts_is_whole() -> None:
    source = "import os, sys\nfor byte in '县'.encode():\n    n = os.write(1, bytes([byte]))\n    sys.stdout.flush()"
    assert "".join(output.text for output in run(notebook_of(source), ENGINE).cells[-1].outputs) == "县"


def fresh_python(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", cwd=ROOT, check=True)
    return done.stdout.strip()
