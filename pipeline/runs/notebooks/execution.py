"""Executing one notebook by papermill: in a warm process of our own, or in a fresh kernel of this very Python."""

import logging
import os
from collections.abc import Callable
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill import execute_notebook
from papermill.engines import papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.execute import raise_for_execution_errors
from traitlets import default

from pipeline.parameters import RunParameters
from pipeline.runs.notebooks.engine import ENGINE, PYTHON, CellProcessDied, CellTookTooLong, tell_nobody
from pipeline.runs.notebooks.registered import Registered
from pipeline.runs.processes.forks import can_fork
from pipeline.runs.records.failures import RunFailed
from pipeline.runs.records.manifest import FilesUsed

KERNEL = "python3"
PACKAGE_PARENT = Path(__file__).resolve().parents[2]
INJECTED_CELLS = 1  # papermill's own cell with the parameters, which a person who opens the notebook does not have
START_SECONDS = 120  # a cold laptop with a virus scanner starts a kernel in about 20 s
CELL_SECONDS = 1800  # no cell of ours runs for minutes; a hanging one must not hang a night's batch
# Nothing of a run is kept in the IPython history of the user, and a kernel says errors only: its warning that traffic
# between two processes of one machine is not encrypted would alarm a reader of our progress lines.
KERNEL_ARGUMENTS = ("--HistoryManager.enabled=False", "--log-level=ERROR")


class OwnKernelManager(AsyncKernelManager):
    """Starts kernels with this process's Python, whatever kernel specifications the user has installed."""

    @default("kernel_spec_manager")
    def _own_kernel_spec_manager(self) -> KernelSpecManager:
        return KernelSpecManager(parent=self, kernel_dirs=[])

    async def start_kernel(self, **kw: Any) -> None:  # type: ignore[override]  # as in AsyncKernelManager itself
        """Start the kernel so that it imports the code of this process, also where another checkout is installed."""
        search_path = [str(PACKAGE_PARENT), *filter(None, [os.environ.get("PYTHONPATH")])]
        await super().start_kernel(**kw, env={**os.environ, "PYTHONPATH": os.pathsep.join(search_path)})


@dataclass(frozen=True)
class Executed:
    """A notebook with its outputs, and which files of the tables' folder it used; None where that is not known."""

    notebook: NotebookNode
    files: FilesUsed | None


def execute(
    path: Path, parameters: RunParameters, *, in_kernel: bool = False, handed_over: Callable[[], None] = tell_nobody
) -> Executed:
    """Run the notebook ``path`` with ``parameters`` and return it with its outputs; nothing is saved on the way.

    The working directory is the notebook's own folder, as in JupyterLab. ``in_kernel`` asks for a Jupyter kernel, which
    is also what a system gets that cannot copy processes; what comes of it is the same, but that ``handed_over``, which
    is called after the cell with the tag ``hand-over``, is not called there. Raises `RunFailed` naming notebook, cell
    and error.
    """
    notebook = nbformat.read(path, as_version=4)
    logging.getLogger("papermill").setLevel(logging.CRITICAL)  # our own lines tell the progress
    is_forked = can_fork() and not in_kernel
    options = _engine(path.parent / parameters.processed_dir, handed_over) if is_forked else _kernel()
    engine = ENGINE if is_forked else None
    # papermill's two halves, one after the other: as one, it turns what was executed into text and throws it away.
    # Given as a node: in a path, papermill would take braces for placeholders
    prepared = execute_notebook(
        notebook,
        None,
        parameters=parameters.to_mapping(),
        engine_name=engine,
        kernel_name=KERNEL,
        language=PYTHON,
        prepare_only=True,
    )
    try:
        with chdir(path.parent):
            executed = papermill_engines.execute_notebook_with_engine(
                engine, prepared, KERNEL, progress_bar=False, execution_timeout=CELL_SECONDS, **options
            )
        raise_for_execution_errors(executed, None)
    except PapermillExecutionError as error:
        raise _failure_in_cell(path.stem, error) from error
    except CellTimeoutError as error:
        raise RunFailed("run.cell_timeout", minutes=CELL_SECONDS // 60, **_place(path.stem, error)) from error
    except DeadKernelError as error:
        raise RunFailed("run.kernel_died", **_place(path.stem, error)) from error
    except RuntimeError as error:  # jupyter_client's word for a kernel that does not start
        raise RunFailed("run.kernel_not_started", notebook=path.stem, reason=_one_line(str(error))) from error
    opened = executed.metadata.pop(ENGINE, None)
    return Executed(executed, FilesUsed(tuple(opened["read"]), tuple(opened["written"])) if opened else None)


def _engine(watched: Path, handed_over: Callable[[], None]) -> dict[str, Any]:
    """Return what papermill is to be told for our own engine."""
    papermill_engines.register(ENGINE, Registered)  # also where the package's entry points are not installed
    return {"watched": str(watched), "handed_over": handed_over}


def _kernel() -> dict[str, Any]:
    """Return what papermill is to be told for a kernel of its own."""
    return {
        "start_timeout": START_SECONDS,
        "kernel_manager_class": OwnKernelManager,
        "shutdown_kernel": "immediate",
        "extra_arguments": list(KERNEL_ARGUMENTS),
    }


def _place(notebook: str, error: Exception) -> dict[str, Any]:
    """Return where a notebook was when its process ended; a kernel does not tell the cell."""
    if isinstance(error, CellProcessDied | CellTookTooLong):
        return {"notebook": notebook, "cell": error.number, "line": _first_line(error.source)}
    return {"notebook": notebook, "cell": "?", "line": "?"}


def _failure_in_cell(notebook: str, error: PapermillExecutionError) -> RunFailed:
    return RunFailed(
        "run.cell_failed",
        trace="\n".join(error.traceback),
        notebook=notebook,
        cell=error.exec_count - INJECTED_CELLS,
        line=_first_line(error.source),
        error=error.ename,
        reason=_one_line(error.evalue),
    )


def _first_line(source: str) -> str:
    return next((line.strip() for line in source.splitlines() if line.strip()), "")


def _one_line(text: str) -> str:
    return " ".join(text.split())
