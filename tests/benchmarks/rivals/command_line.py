"""The rival from the command line: ``papermill`` on one notebook, then ``jupyter nbconvert --to html``.

Both programs are started as a person starts them; where several reports run at a time, each is a chain of its own.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from tests.benchmarks.speed.clock import run

HERE = Path(__file__).parent
NOTEBOOK = HERE / "quarterly.ipynb"
WITHOUT_GRAMMAR = HERE / "without_grammar"  # a sitecustomize that blocks rfc3987_syntax
PROGRAMS = Path(sys.executable).parent


def environment(*, without_grammar: bool = False) -> dict[str, str]:
    """Return the environment of the rival's programs: this one, with the programs of this Python first."""
    modules = [str(WITHOUT_GRAMMAR), str(HERE)] if without_grammar else [str(HERE)]  # the notebook's own lie beside it
    return {
        **os.environ,
        "PATH": os.pathsep.join([str(PROGRAMS), os.environ.get("PATH", "")]),
        "PYTHONPATH": os.pathsep.join(modules),
    }


def make_report(bureau: Path, quarter: str, out: Path, variables: Mapping[str, str]) -> Path:
    """Make the report of one bureau in ``out`` and return its page.

    Raises `CommandFailed` when a cell or the export fails.
    """
    out.mkdir(parents=True)
    parameters = ["-p", "bureau_dir", str(bureau), "-p", "quarter", quarter]
    executed = out / f"{bureau.name}.ipynb"
    steps: list[list[str | Path]] = [
        [PROGRAMS / "papermill", NOTEBOOK, executed, *parameters, "--no-progress-bar"],
        [PROGRAMS / "jupyter", "nbconvert", "--to", "html", executed],
    ]
    for step in steps:
        run(step, allowed=(0,), cwd=out, variables=variables)
    return executed.with_suffix(".html")


def make_reports(
    bureaus: Sequence[Path], quarter: str, out: Path, *, at_once: int, without_grammar: bool = False
) -> list[Path]:
    """Make the reports of many bureaus, ``at_once`` at a time, and return their pages."""
    variables = environment(without_grammar=without_grammar)
    make = partial(_make_beside, quarter=quarter, out=out, variables=variables)
    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(make, bureaus))


def _make_beside(bureau: Path, quarter: str, out: Path, variables: Mapping[str, str]) -> Path:
    return make_report(bureau, quarter, out / bureau.name, variables)
