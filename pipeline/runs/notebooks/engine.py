"""A papermill engine of our own: each notebook in a fresh copy of a warm process, instead of in a kernel.

Everything around the cells is papermill's and nbclient's own (parameters, timings, errors, the executed notebook); only
the sending of a cell and the receiving of what it shows go to a process of `runs.forks` that runs `runs.cells`. What a
stock kernel has and this has not: widgets' state, interrupting a cell (a late one is ended with its process), an event
loop that runs while a cell does, and exit functions of cells, which end with their process and all that it has started.
Registered with papermill as ``ronghe``: ``papermill --engine ronghe in.ipynb out.ipynb``.
"""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from nbclient.client import timestamp
from nbclient.exceptions import CellExecutionComplete, CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NBClientEngine, NotebookExecutionManager

from pipeline.runs.notebooks.cells import OPENED, REPLY, serve_cells
from pipeline.runs.notebooks.injected import INJECTED_TAG
from pipeline.runs.processes.forks import Fork, can_fork

ENGINE = "ronghe"
PYTHON = "python"
LAST_WORD_SECONDS = 10.0
ALLOWS_ERRORS_TAG = "raises-exception"  # nbclient's mark of a cell that may fail
HAND_OVER_TAG = "hand-over"  # our mark of the cell after which other notebooks have all that they need of this one


def tell_nobody() -> None:
    """Stands for whoever might be told that a notebook has handed over."""


class ForkEngine(Engine):  # type: ignore[misc]  # papermill publishes no types
    """papermill's engine that runs cells in a warm process; see the module."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        watched: str = "",
        handed_over: Callable[[], None] = tell_nobody,
        **options: Any,
    ) -> NotebookNode:
        """Run every cell of ``nb_man.nb`` and save the notebook once, when all have run or one has failed.

        ``options`` are those of papermill's own engine; ``execution_timeout`` are seconds for each cell. With
        ``watched``, a folder, the notebook's metadata name under ``ronghe`` the files below it that its cells have
        ``read`` and ``written``. ``handed_over`` is called when the cell with the tag ``hand-over`` has
        run. Raises `CellProcessDied` and `CellTookTooLong`; a cell's own error is in the notebook,
        as papermill has it. Where processes cannot be copied, and for a language other than Python, papermill's own
        engine does the work.
        """
        if not can_fork() or nb_man.nb.metadata.get("kernelspec", {}).get("language", PYTHON) != PYTHON:
            return NBClientEngine.execute_managed_notebook(nb_man, kernel_name, **options)
        target, nb_man.output_path = nb_man.output_path, None  # papermill saves twice a cell
        try:
            client = _ForkClient(nb_man, watched, handed_over, kernel_name=kernel_name, **_of_client(options))
            return client.execute()
        finally:
            nb_man.output_path = target  # and once more after this


class CellProcessDied(DeadKernelError):
    """Raised when the process of the cells ended in a cell: ``number`` as JupyterLab counts, and its ``source``."""

    number = 0
    source = ""


class CellTookTooLong(CellTimeoutError):
    """Raised when a cell took longer than it may; see `CellProcessDied`."""

    number = 0
    source = ""


def _of_client(options: dict[str, Any]) -> dict[str, Any]:
    """Return the options that nbclient's client knows; papermill has a name of its own for the time of a cell."""
    timeout = options.get("execution_timeout")
    known = PapermillNotebookClient.class_trait_names()
    return {"timeout": timeout, **{name: value for name, value in options.items() if name in known}}


class _ForkClient(PapermillNotebookClient):  # type: ignore[misc]
    """nbclient's client without a kernel."""

    def __init__(
        self, nb_man: NotebookExecutionManager, watched: str, handed_over: Callable[[], None], **settings: Any
    ) -> None:
        super().__init__(nb_man, **settings)
        self._watched, self._handed_over = watched, handed_over

    def execute(self, **_: Any) -> NotebookNode:
        """Run all cells, each as papermill's own client does; the process ends with the last.

        So does what the cells have started, and their temporary files go, however it ends.
        """
        self.reset_execution_trackers()
        self._fork = Fork(serve_cells, str(Path.cwd()), self._watched)
        try:
            self.papermill_execute_cells()
            opened = self._end()
            if self._watched and opened is not None:
                self.nb.metadata[ENGINE] = opened
        finally:
            self._fork.kill()
        self.nb.metadata["language_info"] = dict(IPythonKernel.language_info)
        return self.nb

    def _end(self) -> dict[str, Any] | None:
        """Ask the process to end; return which files it has opened, None where it does not say so in time."""
        with suppress(EOFError, ConnectionError):  # a thread of a cell may have ended it: then nothing is known
            self._fork.pipe.send_bytes(b"")
            while packed := self._fork.receive(LAST_WORD_SECONDS):
                message: dict[str, Any] = json.loads(packed)
                if message["msg_type"] == OPENED:
                    return dict(message["content"])
        return None

    def execute_cell(self, cell: NotebookNode, cell_index: int, *_: Any, **__: Any) -> NotebookNode:
        """Run one cell and put what it shows into it; a cell without code, or with nbclient's tag, is left alone."""
        if cell.cell_type != "code" or not cell.source.strip():
            return cell
        tags = cell.metadata.get("tags", [])
        if self.skip_cells_with_tag in tags:
            return cell
        cell.metadata["execution"], cell.outputs = {}, []
        self.clear_before_next_output = False
        try:
            reply = self._run(cell, cell_index)
        except (CellProcessDied, CellTookTooLong) as error:
            error.number, error.source = self._number(cell_index), cell.source
            raise
        allows_errors = self.allow_errors or ALLOWS_ERRORS_TAG in tags
        if reply["status"] == "error" and (self.force_raise_errors or not allows_errors):
            raise CellExecutionError.from_cell_and_msg(cell, reply)
        if HAND_OVER_TAG in tags and reply["status"] == "ok":
            self._handed_over()
        return cell

    def _number(self, cell_index: int) -> int:
        """Return the number of a code cell as JupyterLab counts, which has no cell of papermill's."""
        before = self.nb.cells[: cell_index + 1]
        return sum(cell.cell_type == "code" and INJECTED_TAG not in cell.metadata.get("tags", []) for cell in before)

    def _run(self, cell: NotebookNode, cell_index: int) -> dict[str, Any]:
        """Send a cell, take what it shows as it comes, and return the reply."""
        seconds = self._get_timeout(cell)
        deadline = None if seconds is None else time.monotonic() + seconds
        reply: dict[str, Any] = {}
        try:
            self._fork.pipe.send_bytes(cell.source.encode())
            while True:
                packed = self._fork.receive(None if deadline is None else max(0.0, deadline - time.monotonic()))
                if packed is None:
                    raise CellTookTooLong.error_from_timeout_and_cell("Cell execution timed out", seconds, cell)
                message = _unpacked(packed)
                if message["msg_type"] == REPLY:
                    reply = message["content"]
                    cell.metadata["execution"]["shell.execute_reply"] = timestamp(message)
                else:
                    self.process_message(message, cell, cell_index)
        except CellExecutionComplete:
            return reply
        except (EOFError, ConnectionError) as error:
            raise CellProcessDied(f"the process of the cells ended: {self._fork.status()}") from error


def _unpacked(packed: bytes) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(packed)
    message["header"]["date"] = datetime.fromisoformat(message["header"]["date"])
    return message
