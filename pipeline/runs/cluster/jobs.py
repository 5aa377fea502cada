"""What happens on a Dask worker: one job at a time, each in a process of its own as on one computer (`run_each`).

The worker itself only waits. Its fork server, which has imported everything, is the warm parent of its reports.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

from distributed import Worker, WorkerPlugin, get_worker

from pipeline.runs.batch.jobs import Done
from pipeline.runs.cluster.checks import Machine, Shared, describe_machine, is_fit
from pipeline.runs.cluster.stores import Store
from pipeline.runs.processes.stopping import WORKER_SECONDS
from pipeline.runs.processes.workers import Lost, run_each

# A job whose worker was lost begins again elsewhere while its first process may still be clearing away, for which it
# has some `WORKER_SECONDS`, or its machine is gone, whose locks a file server gives up after some 90 s.
BUSY_SECONDS = WORKER_SECONDS + 100.0
BUSY_PAUSE_SECONDS = 2.0


class JobStopped(Exception):
    """Raised on a worker whose job nobody waits for any more."""


class Attendant(WorkerPlugin):
    """Stands beside a worker for as long as a batch runs: knows whether it is like the others, and stops its jobs.

    It is made on the client, with the ``kit`` that every worker must have, and sent to each, late comers too.
    """

    def __init__(self, kit: Mapping[str, str], shared: Shared | None, stores: Sequence[Store]) -> None:
        self._kit, self._shared, self._stores = kit, shared, stores
        self._stops: dict[Any, Connection] = {}
        self._is_gone = False
        self.unfit: Machine | None = Machine("—", {}, 0, False, trouble="it was not looked at")

    @property
    def jobs(self) -> int:
        """How many jobs this worker has in hand."""
        return len(self._stops)

    def setup(self, worker: Worker) -> None:
        """Look at the machine, which may have joined after all others were looked at."""
        try:
            machine = describe_machine(self._shared, self._stores, worker)
        except Exception as error:  # noqa: BLE001 - Dask would only log it, and the worker count as fit
            trouble = f"{type(error).__name__}: {error}"
            machine = Machine(worker.address, {}, 0, False, trouble=trouble)
        self.unfit = None if is_fit(machine, self._kit) else machine

    def teardown(self, worker: Worker) -> None:  # noqa: ARG002 - as Dask calls it
        """Stop everything: the worker closes, or the batch is over."""
        self._is_gone = True
        for key in list(self._stops):
            self._stop(key)

    def transition(self, key: Any, start: str, finish: str, **_: Any) -> None:
        """Stop a job that was cancelled: by the client, or because the client is gone."""
        if finish == "released" and start in ("executing", "long-running"):
            self._stop(key)

    @contextmanager
    def stopping(self, key: Any) -> Iterator[Connection]:
        """Give what becomes ready when the job ``key`` is to stop."""
        heard, self._stops[key] = Pipe(duplex=False)
        try:
            if self._is_gone:
                raise JobStopped
            with heard:
                yield heard
        finally:
            self._stop(key)

    def _stop(self, key: Any) -> None:
        stop = self._stops.pop(key, None)
        if stop is not None:
            stop.close()


def do_job(name: str, task: Callable[[Any], Any], job: Any) -> Any:
    """Do ``task`` for ``job`` in a process of its own, on the worker that the attendant ``name`` looks after.

    Returns its result, `Lost`, or the `Machine` that keeps this worker from doing any. Raises `JobStopped`.
    """
    worker = get_worker()
    attendant: Attendant = worker.plugins[name]  # type: ignore[assignment]
    if attendant.unfit is not None:
        return attendant.unfit
    with attendant.stopping(worker.get_current_task()) as stop:
        return _patiently(lambda: _once(task, job, stop), stop)


def count_jobs(name: str, dask_worker: Worker) -> int:
    """Return how many jobs a worker has in hand."""
    attendant = dask_worker.plugins.get(name)
    return attendant.jobs if isinstance(attendant, Attendant) else 0


def _once(task: Callable[[Any], Any], job: Any, stop: Connection) -> Any:
    for _, result in run_each(task, [job], 1, stop):
        return result
    raise JobStopped


def _patiently(make: Callable[[], Any], stop: Connection) -> Any:
    """Return what ``make`` gives, again while a bureau is busy: see `BUSY_SECONDS`."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        result: Done | Lost | Any = make()
        if not (isinstance(result, Done) and result.why == "busy") or time.monotonic() > until:
            return result
        if stop.poll(BUSY_PAUSE_SECONDS):
            raise JobStopped
