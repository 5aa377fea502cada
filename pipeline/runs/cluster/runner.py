"""A batch on a cluster: the jobs of `run_batch` done by Dask workers, the results yielded as they come (`Runner`).

Only small records travel: a job names where to read and write, and its result is a line. Nothing of Dask is imported
unless a scheduler was named.
"""

import importlib.util
import logging
import re
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from pipeline.parameters import ParameterError, SpokenError
from pipeline.runs.processes.stopping import CLUSTER_SECONDS
from pipeline.runs.processes.workers import Lost
from pipeline.texts import Texts

if TYPE_CHECKING:
    from distributed import Client, Future

    from pipeline.runs.cluster.stores import Store

EXTRA = ("dask", "distributed", "fsspec")  # what the extra `cluster` installs
TLS = "tls://"
ADDRESS = re.compile(r"(?:[a-z]+://)?[^/\s]+:\d+/?")  # tcp://host:8786; Dask takes one without tcp:// too
CONNECT_SECONDS = 10.0
FIRST_WORKER_SECONDS = 60.0
LOOK_SECONDS = 5.0  # between two looks at who is there, while no result comes
KILLED = object()  # stands for a result
RETRIES = 2  # of a job whose worker could not even begin it


class ExtraMissing(ParameterError):
    """Raised when the packages of the extra ``cluster`` are not installed."""


class NoScheduler(SpokenError):
    """Raised when there is no scheduler at an address, or no worker behind it."""


class ClusterLost(SpokenError):
    """Raised when the scheduler is gone in mid-run: what was published so far stands, whole."""


def check_extra() -> None:
    """Raise `ExtraMissing` when a cluster or an address was asked for, and the packages are not here."""
    missing = [name for name in EXTRA if importlib.util.find_spec(name) is None]
    if missing:
        raise ExtraMissing("cluster.no_extra", packages=" ".join(missing))


@contextmanager
def connected(
    address: str,
    folders: tuple[Path, Sequence[Path]] | None,
    texts: Texts,
    say: Callable[[str], None],
    stores: "Sequence[Store]" = (),
) -> Iterator["Cluster"]:
    """Give the cluster behind the scheduler at ``address``, every worker of it checked, and leave it as it was.

    ``folders`` are the one that is read and those that are written to, where they are shared and not at ``stores``;
    ``say`` tells a line. Raises `ExtraMissing`, `NoScheduler` and
    `WorkersUnfit`.
    """
    check_extra()
    from pipeline.runs.cluster.checks import check_workers, for_late_comers, mark
    from pipeline.runs.cluster.jobs import Attendant
    from pipeline.runs.cluster.kit import describe_kit

    client = _connect(address)
    try:
        _wait_for_a_worker(client, address, texts, say)
        with ExitStack() as marks:  # for as long as a worker may join
            kit, shared = describe_kit(), mark(*folders, marks) if folders else None
            with _asking(address):
                check_workers(client, shared, stores)
                cluster = Cluster(client, address, texts, say, kit)
                client.register_plugin(Attendant(kit, for_late_comers(shared), stores), name=cluster.attendant)
            try:
                yield cluster
            finally:
                if client.status == "running":
                    with suppress(OSError):  # the scheduler cannot be reached, and nobody has noticed yet
                        client.unregister_worker_plugin(cluster.attendant)
    finally:
        client.close()


@dataclass(frozen=True)
class _Sent:
    job: Any
    future: "Future[Any]"
    is_last_try: bool


class Cluster:
    """The workers of a cluster, each with one job at a time: a `Runner`."""

    def __init__(
        self, client: "Client", address: str, texts: Texts, say: Callable[[str], None], kit: Mapping[str, str]
    ) -> None:
        self._client, self._address, self._texts, self._say, self._kit = client, address, texts, say, kit
        self._done: SimpleQueue[Future[Any]] = SimpleQueue()
        self._seen_workers, self._looked_at = self.workers, time.monotonic()  # at the last look
        self.attendant = f"ronghe-{uuid.uuid4().hex}"  # this batch's alone, where two share a cluster

    @property
    def workers(self) -> int:
        """How many workers there are now."""
        with _asking(self._address):
            return len(self._client.nthreads())

    def __call__(self, task: Callable[[Any], Any], jobs: Sequence[Any], workers: int) -> Iterator[tuple[Any, Any]]:
        """See `run_each`; ``workers`` is whatever the cluster has at the time.

        A job is sent when there is a worker for it, so that the client and the scheduler hold few, and a job that ends
        its worker takes no other with it. When it has ended several it is tried once more after all others, alone,
        and is then lost.
        """
        del workers
        waiting, suspects = deque(jobs), deque[Any]()
        running: dict[Any, _Sent] = {}
        try:
            self._send(task, waiting, suspects, running)
            while running or waiting:
                future = self._next()
                sent = running.pop(future.key) if future else None
                result = self._result(future) if future else None
                if sent and result is KILLED and not sent.is_last_try:
                    suspects.append(sent.job)
                    sent = None
                self._send(task, waiting, suspects, running)  # before anybody takes time over the result
                if sent:
                    yield sent.job, Lost(1, self._texts("cluster.lost")) if result is KILLED else result
        finally:
            with suppress(OSError):  # whatever there was is gone with the scheduler
                self._stop(running)

    def _send(
        self, task: Callable[[Any], Any], waiting: deque[Any], suspects: deque[Any], running: "dict[Any, _Sent]"
    ) -> None:
        """Send a job for every worker that has none; a suspect when nothing else is left, and it alone."""
        from pipeline.runs.cluster.jobs import do_job

        is_last_try = not waiting and not running
        jobs, at_once = (suspects, 1) if is_last_try else (waiting, self.workers)
        while jobs and len(running) < at_once:
            job, key = jobs.popleft(), f"{self.attendant}-{uuid.uuid4().hex}"
            with _asking(self._address):
                future = self._client.submit(do_job, self.attendant, task, job, key=key, pure=False, retries=RETRIES)
            running[key] = _Sent(job, future, is_last_try)
            future.add_done_callback(self._done.put)

    def _next(self) -> "Future[Any] | None":
        """Return a job that has ended; None when none has in the time between two looks at who is there."""
        try:
            future: Future[Any] | None = self._done.get(timeout=LOOK_SECONDS)
        except Empty:
            if self._client.status != "running":
                raise ClusterLost("cluster.scheduler_lost", address=self._address) from None
            future = None
        if future is None or time.monotonic() - self._looked_at >= LOOK_SECONDS:
            self._tell_losses()
        return future

    def _tell_losses(self) -> None:
        """Tell of workers that went since the last look: of a machine that fell silent they do not come back."""
        before, self._seen_workers = self._seen_workers, self.workers
        self._looked_at = time.monotonic()
        if self._seen_workers < before:
            key = "cluster.fewer_workers" if self._seen_workers else "cluster.no_workers_left"
            self._say(self._texts(key, count=self._seen_workers, before=before))

    def _result(self, future: "Future[Any]") -> Any:
        """Return what came of a job; `KILLED` when its workers ended, one after the other."""
        from distributed import KilledWorker

        from pipeline.runs.cluster.checks import Machine, check_machine

        if future.status != "finished":
            error = future.exception() if future.status == "error" else None
            if isinstance(error, KilledWorker):
                return KILLED
            if error is None:
                raise ClusterLost("cluster.scheduler_lost", address=self._address)
            return Lost(1, self._texts("cluster.not_begun", error=f"{type(error).__name__}: {error}"))
        result = future.result()
        if isinstance(result, Machine):
            self._say(self._texts("cluster.stopped"))
            check_machine(result.address, result, self._kit)  # raises: the worker has judged by the same
        return result

    def _stop(self, running: "dict[Any, _Sent]") -> None:
        """Cancel what runs and wait until the workers have cleared it away."""
        from pipeline.runs.cluster.jobs import count_jobs

        if not running or self._client.status != "running":
            return
        self._client.cancel([sent.future for sent in running.values()], force=True)
        until = time.monotonic() + CLUSTER_SECONDS
        while time.monotonic() < until:
            if not any(self._client.run(count_jobs, self.attendant, on_error="ignore").values()):
                return
            time.sleep(0.2)


@contextmanager
def _asking(address: str) -> Iterator[None]:
    """Turn what Dask raises where a connection broke or fell silent into the paragraph for it."""
    try:
        yield
    except OSError as error:
        raise ClusterLost("cluster.scheduler_lost", address=address) from error


def _connect(address: str) -> "Client":
    import dask
    from distributed import Client, Security

    if not ADDRESS.fullmatch(address):
        raise ParameterError("cluster.no_address", seen=address)
    if address.startswith(TLS) and Security().tls_ca_file is None:  # type: ignore[attr-defined]
        raise NoScheduler("cluster.no_certificates", address=address)
    if not address.startswith(TLS) and dask.config.get("distributed.comm.require-encryption"):
        raise NoScheduler("cluster.needs_tls", address=address)
    for name in ("distributed", "distributed.client"):  # Dask gives the latter a level of its own
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what it has to say is told here, in a paragraph
    try:
        return Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:  # nobody there; no address
        raise NoScheduler("cluster.no_scheduler", address=address, reason=f"{type(error).__name__}: {error}") from error


def _wait_for_a_worker(client: "Client", address: str, texts: Texts, say: Callable[[str], None]) -> None:
    if not client.nthreads():
        say(texts("cluster.waiting", seconds=int(FIRST_WORKER_SECONDS)))
    try:
        client.wait_for_workers(1, timeout=FIRST_WORKER_SECONDS)
    except TimeoutError as error:
        raise NoScheduler("cluster.no_workers", address=address) from error
