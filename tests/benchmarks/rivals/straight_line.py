"""The rival without any notebook: what the cells call, as straight-line Python, in fresh copies of one warm process.

    python -m tests.benchmarks.rivals.straight_line ROOT OUT --quarter 2021Q4 --workers 2

The functions are compiled from the cells of ``notebooks/`` when the process starts, so that they cannot drift from
them: the same calls, in the same order, on the same tables. What a cell shows becomes the outputs of the same pages.
It leaves out what is not computing or a page: executed notebooks, hashes, manifests, locks, publishing, the library.
"""

import argparse
import ast
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display
from nbformat import NotebookNode
from traitlets.config import Config

from pipeline.report.annual.headline import annual_frame
from pipeline.report.annual.view import load_year
from pipeline.report.appendix.frame import appendix_frame
from pipeline.report.board.page import board_frame, export_board
from pipeline.report.board.view import load_board
from pipeline.report.material.quarter import load_quarter
from pipeline.report.page.exporter import export_page
from pipeline.report.page.files import ANNUAL_FILE, APPENDIX_FILE, BOARD_FILE, REPORT_FILE
from pipeline.report.quarterly.headline import page_frame
from pipeline.report.workbook.book import write_workbook

NOTEBOOKS = Path(__file__).resolve().parents[3] / "notebooks"
REPORT, ANNUAL, BOARD = "4_quarterly_report", "5_annual_review", "6_bulletin_board"
PARAMETERS = ("bureau_dir", "quarter", "lang", "processed_dir", "figures_dir")
BEGIN_CELL, SHOW = "_begin_cell", "_show"  # what the compiled functions call besides the cells' own code
WORKBOOK = "report.xlsx"


@dataclass(frozen=True)
class Script:
    """One notebook as a function of its parameters; ``cells`` are its code cells, in order, without their outputs."""

    name: str
    run: Callable[..., None]
    cells: tuple[NotebookNode, ...]


class Shown:
    """Collects what the running cells show, cell by cell, as a notebook keeps it."""

    def __init__(self, shell: InteractiveShell) -> None:
        self._publisher = CapturingDisplayPublisher()
        shell.display_pub = self._publisher
        self._begins: list[int] = []

    def begin_cell(self) -> None:
        """Note that what follows is of the next cell."""
        self._begins.append(len(self._publisher.outputs))

    def show(self, value: object) -> None:
        """Show the last value of a cell, as a notebook does; nothing for None."""
        if value is not None:
            display(value)

    def notebook(self, script: Script) -> NotebookNode:
        """Return the cells of ``script`` with what they showed; the next script begins anew."""
        ends = [*self._begins[1:], len(self._publisher.outputs)]
        cells = [
            nbformat.v4.new_code_cell(
                cell.source, metadata=cell.metadata, outputs=list(map(_output, self._publisher.outputs[begin:end]))
            )
            for cell, begin, end in zip(script.cells, self._begins, ends, strict=True)
        ]
        self._publisher.outputs.clear()
        self._begins.clear()
        return nbformat.v4.new_notebook(cells=cells)


def _output(shown: Mapping[str, Any]) -> NotebookNode:
    return nbformat.v4.new_output("display_data", data=shown["data"], metadata=shown.get("metadata") or {})


def compile_notebook(path: Path) -> Script:
    """Return the code cells of a notebook, the parameters left out, as one function of the parameters."""
    notebook = nbformat.read(path, as_version=4)
    cells = tuple(
        cell
        for cell in notebook.cells
        if cell.cell_type == "code" and "parameters" not in cell.metadata.get("tags", ())
    )
    body = [statement for cell in cells for statement in _statements(cell.source)]
    name = f"run_{path.stem}"
    arguments = ast.arguments([], [ast.arg(arg) for arg in (BEGIN_CELL, SHOW, *PARAMETERS)], None, [], [], None, [])
    module = ast.Module([ast.FunctionDef(name, arguments, body, [], None, None)], [])
    spoken: dict[str, Any] = {}
    exec(compile(ast.fix_missing_locations(module), str(path), "exec"), spoken)  # the cells of this repository
    return Script(path.stem, spoken[name], cells)


def _statements(source: str) -> Iterator[ast.stmt]:
    """Yield the statements of one cell; a value at its end is shown."""
    yield ast.Expr(ast.Call(ast.Name(BEGIN_CELL, ast.Load()), [], []))
    statements = ast.parse(source).body
    if statements and isinstance(statements[-1], ast.Expr):
        last = statements.pop()
        assert isinstance(last, ast.Expr)
        statements.append(ast.Expr(ast.Call(ast.Name(SHOW, ast.Load()), [last.value], [])))
    yield from statements


def make_report(scripts: Sequence[Script], parameters: Mapping[str, str], shell: InteractiveShell) -> None:
    """Compute and show everything, then write the pages and the workbook to ``figures_dir``."""
    processed, figures = Path(parameters["processed_dir"]), Path(parameters["figures_dir"])
    processed.mkdir(parents=True)
    figures.mkdir(parents=True)
    shown, notebooks = Shown(shell), {}
    for script in scripts:
        script.run(shown.begin_cell, shown.show, **parameters)
        notebooks[script.name] = shown.notebook(script)
    quarter, lang = parameters["quarter"], parameters["lang"]
    report = load_quarter(str(processed), quarter, lang)
    export_page(notebooks[REPORT], figures / REPORT_FILE, page_frame(report))
    export_page(notebooks[REPORT], figures / APPENDIX_FILE, appendix_frame(report))
    export_page(notebooks[ANNUAL], figures / ANNUAL_FILE, annual_frame(load_year(str(processed), quarter, lang)))
    export_board(notebooks[BOARD], figures / BOARD_FILE, board_frame(load_board(str(processed), lang)))
    write_workbook(report, figures / WORKBOOK)


def warm_shell() -> InteractiveShell:
    """Return IPython's shell, which turns values into HTML here and runs no cell; it keeps no history."""
    shell: InteractiveShell = InteractiveShell.instance(config=Config(HistoryManager={"enabled": False}))
    return shell


def parameters_of(bureau: Path, quarter: str, lang: str, out: Path) -> dict[str, str]:
    """Return the parameters of one bureau's report, whose results go to folders of its own in ``out``."""
    folders = (str(out / name / bureau.name / quarter) for name in ("processed", "figures"))
    return dict(zip(PARAMETERS, (str(bureau.resolve()), quarter, lang, *folders), strict=True))


def in_copies(jobs: Sequence[Callable[[], None]], at_once: int) -> int:
    """Do every job in a fresh copy of this process, ``at_once`` at a time; return how many failed."""
    waiting, running, failed = list(reversed(jobs)), 0, 0
    while waiting or running:
        while waiting and running < at_once:
            _begin(waiting.pop())
            running += 1
        _, status = os.wait()
        running -= 1
        failed += status != 0
    return failed


def _begin(job: Callable[[], None]) -> None:
    if os.fork() == 0:
        status = 1
        try:
            job()
            status = 0
        finally:  # the copy never returns into its parent's code
            if status:
                traceback.print_exc()
            os._exit(status)


def main() -> int:
    """Make the report of every bureau under a folder; the exit status is 1 when one failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--quarter", required=True)
    parser.add_argument("--lang", default="zh")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    scripts = [compile_notebook(path) for path in sorted(NOTEBOOKS.glob("*.ipynb"))]
    _import_all(scripts)
    shell = warm_shell()
    out = options.out.resolve()
    bureaus = sorted(folder for folder in options.root.iterdir() if folder.is_dir())
    jobs = [_job(scripts, parameters_of(bureau, options.quarter, options.lang, out), shell) for bureau in bureaus]
    os.chdir(NOTEBOOKS)
    return int(in_copies(jobs, options.workers) > 0)


def _job(scripts: Sequence[Script], parameters: Mapping[str, str], shell: InteractiveShell) -> Callable[[], None]:
    return lambda: make_report(scripts, parameters, shell)


def _import_all(scripts: Sequence[Script]) -> None:
    """Import what the cells import: a warm parent has done so before the first report."""
    for script in scripts:
        for cell in script.cells:
            imports = [node for node in ast.parse(cell.source).body if isinstance(node, ast.Import | ast.ImportFrom)]
            exec(compile(ast.Module(list(imports), []), script.name, "exec"), {})


if __name__ == "__main__":
    sys.exit(main())
