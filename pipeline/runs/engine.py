"""A papermill engine of our own: each notebook in a fresh copy of a warm process, instead of in a kernel.

Everything around the cells is papermill's and nbclient's own (parameters, timings, errors, the executed notebook); only
the sending of a cell and the receiving of what it shows go to a process of `runs.forks` that runs `runs.cells`. What a
stock kernel has and this has not: widgets' state, and interrupting a cell (a late one is ended with its process).
Registered with papermill as ``ronghe``: ``papermill --engine ronghe in.ipynb out.ipynb``.
"""

import json
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from nbclient.client import timestamp
from nbclient.exceptions import CellExecutionComplete, CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NotebookExecutionManager

from pipeline.runs.cells import OPENED, REPLY, serve_cells
from pipeline.runs.forks import Fork

ENGINE = "ronghe"
ALLOWS_ERRORS_TAG = "raises-exception"  # nbclient's mark of a cell that may fail


class ForkEngine(Engine):  # type: ignore[misc]  # papermill publishes no types
    """papermill's engine that runs cells in a warm process; see the module."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        execution_timeout: int | None = None,
        log_output: bool = False,
        stdout_file: Any = None,
        stderr_file: Any = None,
        watched: str = "",
        **_: Any,
    ) -> NotebookNode:
        """Run every cell of ``nb_man.nb`` and save the notebook once, when all have run or one has failed.

        ``execution_timeout`` are seconds for each cell. With ``watched``, a folder, the notebook's metadata name under
        ``ronghe`` the files below it that its cells have ``read`` and ``written``. Raises nbclient's `DeadKernelError`
        when the process ends and `CellTimeoutError` when a cell takes too long; a cell's own error is in the notebook,
        as papermill has it.
        """
        client = _ForkClient(
            nb_man,
            watched,
            kernel_name=kernel_name,
            timeout=execution_timeout,
            log_output=log_output,
            stdout_file=stdout_file,
            stderr_file=stderr_file,
        )
        target, nb_man.output_path = nb_man.output_path, None  # papermill saves twice a cell
        try:
            return client.execute()
        finally:
            nb_man.output_path = target  # and once more after this


class _ForkClient(PapermillNotebookClient):  # type: ignore[misc]
    """nbclient's client without a kernel."""

    def __init__(self, nb_man: NotebookExecutionManager, watched: str, **settings: Any) -> None:
        super().__init__(nb_man, **settings)
        self._watched = watched

    def execute(self, **_: Any) -> NotebookNode:
        """Run all cells, each as papermill's own client does; the process ends with the last."""
        self.reset_execution_trackers()
        self._fork = Fork(serve_cells, str(Path.cwd()), self._watched)
        try:
            self.papermill_execute_cells()
            if self._watched:
                self.nb.metadata[ENGINE] = self._opened()
        finally:
            self._fork.kill()
        self.nb.metadata["language_info"] = dict(IPythonKernel.language_info)
        return self.nb

    def _opened(self) -> dict[str, Any]:
        """End the process and return which files it has opened."""
        self._fork.pipe.send_bytes(b"")
        content: dict[str, Any] = {}
        with suppress(EOFError):
            while packed := self._fork.receive():
                message = json.loads(packed)
                content = message["content"] if message["msg_type"] == OPENED else content
        return content

    def execute_cell(self, cell: NotebookNode, cell_index: int, *_: Any, **__: Any) -> NotebookNode:
        """Run one cell and put what it shows into it; a cell without code, or with nbclient's tag, is left alone."""
        if cell.cell_type != "code" or not cell.source.strip():
            return cell
        tags = cell.metadata.get("tags", [])
        if self.skip_cells_with_tag in tags:
            return cell
        cell.metadata["execution"], cell.outputs = {}, []
        self.clear_before_next_output = False
        reply = self._run(cell, cell_index)
        if reply["status"] == "error" and not (self.allow_errors or ALLOWS_ERRORS_TAG in tags):
            raise CellExecutionError.from_cell_and_msg(cell, reply)
        return cell

    def _run(self, cell: NotebookNode, cell_index: int) -> dict[str, Any]:
        """Send a cell, take what it shows as it comes, and return the reply."""
        deadline = None if self.timeout is None else time.monotonic() + self.timeout
        reply: dict[str, Any] = {}
        try:
            self._fork.pipe.send_bytes(cell.source.encode())
            while True:
                message = self._next(cell, deadline)
                if message["msg_type"] == REPLY:
                    reply = message["content"]
                    cell.metadata["execution"]["shell.execute_reply"] = timestamp(message)
                else:
                    self.process_message(message, cell, cell_index)
        except CellExecutionComplete:
            return reply
        except (EOFError, BrokenPipeError) as error:
            raise DeadKernelError(f"the process of the cells ended: {self._fork.status()}") from error

    def _next(self, cell: NotebookNode, deadline: float | None) -> dict[str, Any]:
        packed = self._fork.receive(None if deadline is None else max(0.0, deadline - time.monotonic()))
        if packed is None:
            raise CellTimeoutError.error_from_timeout_and_cell("Cell execution timed out", self.timeout, cell)
        message: dict[str, Any] = json.loads(packed)
        message["header"]["date"] = datetime.fromisoformat(message["header"]["date"])
        return message
