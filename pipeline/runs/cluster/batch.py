"""Where a batch runs and lies: here or on a cluster, in folders or at addresses. Imports nothing heavy, and Dask and
fsspec only when they were asked for.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.catalog import load_catalog
from pipeline.parameters import ParameterError
from pipeline.runs.batch.bureaus import BatchOutcome, BatchRequest, run_batch
from pipeline.runs.batch.progress import BatchProgress
from pipeline.runs.batch.root import look_into
from pipeline.runs.cluster.runner import check_extra, connected
from pipeline.runs.cluster.stores import Store, as_address, is_address
from pipeline.runs.processes.workers import Runner, run_each
from pipeline.texts import Texts


@dataclass(frozen=True)
class Where:
    """The places of a batch as they were asked for, each a path or an address, and the scheduler of a cluster."""

    root: str
    processed: str
    figures: str
    scheduler: str | None = None

    @property
    def is_at_addresses(self) -> bool:
        """Tell whether any place is an address: all are then used as such."""
        return any(is_address(place) for place in (self.root, self.processed, self.figures))


def run_batch_where(
    where: Where, request: BatchRequest, texts: Texts, progress: BatchProgress, shown: Callable[[Path], str]
) -> tuple[BatchOutcome, Callable[[Path], str]]:
    """Run a batch where it was asked for; the folders of ``request`` are those of ``where``, if they are folders.

    Returns the outcome, and how to tell a path of it: as ``shown`` does, or as an address. Raises what `run_batch`
    and `connected` raise.
    """
    if where.scheduler and request.workers is not None:
        raise ParameterError("cluster.workers_given", workers=request.workers)
    if not where.is_at_addresses:
        request = _absolute(request) if where.scheduler else request
        with _runner(where, request, texts, progress) as (run, workers):
            return run_batch(replace(request, workers=workers), texts, progress, run), shown
    if request.publications is not None:
        raise ParameterError("publications.at_address", file=request.publications)
    check_extra()
    from pipeline.runs.cluster.stores_batch import page_address, run_batch_at
    from pipeline.runs.cluster.stores_jobs import Addresses

    addresses = Addresses(as_address(where.root), as_address(where.processed), as_address(where.figures))
    with _runner(where, request, texts, progress) as (run, workers):
        outcome = run_batch_at(addresses, replace(request, workers=workers), texts, progress, run)
    return outcome, lambda path: page_address(path, addresses)


@contextmanager
def _runner(
    where: Where, request: BatchRequest, texts: Texts, progress: BatchProgress
) -> Iterator[tuple[Runner, int | None]]:
    """Give who does the jobs, and how many at a time."""
    if where.scheduler is None:
        yield run_each, request.workers
        return
    folders = None
    if not where.is_at_addresses:
        folders = request.root, (request.processed, request.figures)
        request.check()
        look_into(request.root, load_catalog(), folders[1])  # before anything is written into them
    places = (where.root, where.processed, where.figures) if where.is_at_addresses else ()
    stores = [Store(as_address(place)) for place in places]
    with connected(where.scheduler, folders, texts, progress.say, stores) as cluster:
        yield cluster, cluster.workers


def _absolute(request: BatchRequest) -> BatchRequest:
    """Return a request with the same folders, named so that every machine finds them."""
    return replace(
        request,
        root=request.root.absolute(),
        processed=request.processed.absolute(),
        figures=request.figures.absolute(),
        publications=request.publications and request.publications.absolute(),
    )
