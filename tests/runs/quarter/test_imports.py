"""What a command loads: a person who asks for help or has nothing to do does not wait for pandas."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.runs.records.places import NOTEBOOKS

ROOT = Path(__file__).resolve().parents[3]
# Each costs a tenth of a second or more
HEAVY = (
    "IPython",
    "dask",
    "ipykernel",
    "jinja2",
    "jsonschema",
    "kaleido",
    "lxml",
    "mistune",
    "nbclient",
    "nbconvert",
    "nbformat",
    "numpy",
    "openpyxl",
    "pandas",
    "papermill",
    "plotly",
    "pyarrow",
    "python_calamine",
    "rfc3987_syntax",
    "scipy",
    "xlrd",
)
# What reading needs, and nothing that draws, counts correlations or runs notebooks
READING = {"lxml", "numpy", "openpyxl", "pandas", "pyarrow", "python_calamine", "scipy", "xlrd"}


def loaded_by(program: str, *arguments: str) -> set[str]:
    """Return which of `HEAVY` a fresh Python has loaded after ``program``."""
    look = f"print(json.dumps([name for name in {HEAVY!r} if sys.modules.get(name)]), file=sys.stderr)"
    tell = f"import atexit, json, sys\natexit.register(lambda: {look})"
    done = subprocess.run(
        [sys.executable, "-c", f"{tell}\n{program}", *arguments],
        capture_output=True,
        cwd=ROOT,
        encoding="utf-8",
        check=False,
    )
    return set(json.loads(done.stderr.splitlines()[-1]))


def command(*words: str) -> str:
    return f"from pipeline.cli import main\nmain({list(words)!r})"


@pytest.mark.parametrize("words", [("--help",), ("report", "--help"), ("batch", "--help"), ("verify", "/nowhere"), ()])
def test_help_and_wrong_usage_load_nothing_heavy(words: tuple[str, ...]) -> None:
    assert loaded_by(command(*words)) == set()


def test_check_loads_what_reads_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert loaded_by(command("check", str(tmp_path))) <= READING


def test_a_wrong_parameter_is_told_before_anything_is_loaded(tmp_path: Path) -> None:
    assert loaded_by(command("report", "--quarter", "2021Q9")) == set()
    assert loaded_by(command("report", "--bureau", str(tmp_path / "none"))) == set()


def test_nothing_is_loaded_before_the_hashes_are_compared(tmp_path: Path) -> None:
    """The comparison is where a run without work ends."""
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from pipeline.runs import quarter\n"
        "from pipeline.runs.records.places import find_workspace\n"
        "from pipeline.runs.records.progress import Progress\n"
        "from pipeline.texts import load_texts\n"
        "def stop(*_, **__): raise SystemExit\n"
        "quarter.in_first = quarter.in_fork = stop\n"
        f"home = Path({str(tmp_path)!r})\n"
        "texts, workspace = load_texts('zh'), find_workspace()\n"
        "request = quarter.Request(workspace.sample, None, 'zh', home / 'p', home / 'f')\n"
        "try: quarter.report_quarter(request, workspace, texts, Progress.silent(texts))\n"
        "except SystemExit: pass\n"
    )
    assert loaded_by(program) == set()


def test_looking_for_the_quarter_waits_for_nothing_that_draws_or_counts() -> None:
    assert loaded_by("import pipeline.runs.quarter.surveying") <= READING - {"scipy"}


def test_what_comes_back_from_the_processes_of_a_report_loads_nothing() -> None:
    assert (
        loaded_by(
            "import pipeline.runs.quarter.assignments, pipeline.runs.records.failures, pipeline.runs.processes.tasks"
        )
        == set()
    )


def test_a_warm_process_has_loaded_everything_that_the_notebooks_import() -> None:
    sources = []
    for name in NOTEBOOKS:
        cells = json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
        code = ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        sources += [part for part in code if part.startswith(("from ", "import "))]
    program = (
        "import sys, pipeline.runs.quarter.warm\n"
        "before = set(sys.modules)\n"
        "lang = 'zh'\n"
        f"for source in {sources!r}:\n"
        "    lines = source.split('\\n\\n')\n"
        "    imports = [part for part in lines if part.startswith(('from ', 'import '))]\n"
        "    exec('\\n'.join(imports), {})\n"
        "print(sorted(name for name in set(sys.modules) - before if name.startswith('pipeline')))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, cwd=ROOT, encoding="utf-8", check=True)
    assert done.stdout.strip() == "[]"


def test_the_grammar_of_addresses_is_not_built() -> None:
    assert "rfc3987_syntax" not in loaded_by("import pipeline.runs.quarter.warm")
