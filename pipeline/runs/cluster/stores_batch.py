"""A batch whose places are addresses: `run_batch` works on a sketch of them, and the jobs on copies of one bureau each.

The sketch has the names and sizes of all workbooks and no content. The page across bureaus is made from the manifests
and tables that the bureaus have published, which are copied as each is done.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pipeline.parameters import ParameterError, SpokenError
from pipeline.runs.batch.bureaus import BatchOutcome, BatchRequest, run_batch
from pipeline.runs.batch.jobs import Done, Job, find_latest, report_bureau
from pipeline.runs.batch.progress import BatchProgress
from pipeline.runs.batch.province import PAGE
from pipeline.runs.batch.root import DATA_SET
from pipeline.runs.cluster.stores import BAD_NAME, NOTHING, Listed, Store, StoreFailed, is_safe
from pipeline.runs.cluster.stores_jobs import (
    FIGURES,
    PROCESSED,
    RAW,
    Addresses,
    StoredJob,
    find_stored_latest,
    report_stored,
)
from pipeline.runs.processes.workers import Runner
from pipeline.runs.records.places import MANIFEST
from pipeline.texts import Texts

STORED_TASKS: dict[Callable[[Any], Any], Callable[[StoredJob], Any]] = {
    report_bureau: report_stored,
    find_latest: find_stored_latest,
}


STAND_IN = "unnamed.xlsx"  # for the workbooks of a bureau none of which has a name that can be followed


def run_batch_at(
    addresses: Addresses, request: BatchRequest, texts: Texts, progress: BatchProgress, run: Runner
) -> BatchOutcome:
    """Do what `run_batch` does at ``addresses``, in place of the folders of ``request``; raises what it raises.

    The page of the outcome lay in the sketch, which is gone by then; `page_address` tells where it stands.
    """
    _check_apart(addresses)
    stores = [Store(address) for address in (addresses.root, addresses.processed, addresses.figures)]
    for store in stores:
        progress.say(texts("stores.connecting", address=store.address))
        store.check()
    for store in stores[1:]:
        store.check_writable()
    with TemporaryDirectory(prefix="ronghe-batch-") as folder:
        home = Path(folder).resolve()
        _sketch_bureaus(stores[0], home / RAW)
        here = replace(request, root=home / RAW, processed=home / PROCESSED, figures=home / FIGURES)
        try:
            outcome = run_batch(here, texts, progress, _Carrying(run, addresses, home, texts))
        except SpokenError as error:
            raise _at_addresses(error, addresses, home) from error
        if outcome.page is not None:
            _put_page(stores[2], home / FIGURES)
    return outcome


def _sketch_bureaus(root: Store, folder: Path) -> None:
    """Sketch every bureau's files. One with a name that must not be followed is there with its others, or with a file
    that stands for them: it fails alone, when its own job lists it.
    """
    by_bureau: dict[str, dict[str, Listed]] = {}
    for name, listed in root.all_names().items():
        by_bureau.setdefault(name.split("/")[0], {})[name] = listed
    for bureau, names in by_bureau.items():
        if not is_safe(bureau):
            raise StoreFailed(BAD_NAME, address=root.address, name=bureau)
        for name, listed in names.items():
            with suppress(StoreFailed):
                root.sketch({name: listed} if is_safe(name) else {}, folder)
        if not (folder / bureau).exists():
            root.sketch({f"{bureau}/{STAND_IN}": NOTHING}, folder)


def page_address(path: Path, addresses: Addresses) -> str:
    """Return where the page across bureaus, or the data set beside it, stands."""
    return f"{addresses.figures}/{path.name}"


def _check_apart(addresses: Addresses) -> None:
    """Raise `ParameterError` when results would lie among the workbooks, or with each other."""
    if addresses.processed == addresses.figures:
        raise ParameterError("run.same_folder", folder=addresses.figures)
    for output in (addresses.processed, addresses.figures):
        if f"{addresses.root}/".startswith(f"{output}/"):
            raise ParameterError("batch.root_inside", root=addresses.root, folder=output)
        if output.startswith(f"{addresses.root}/"):
            raise ParameterError("batch.output_inside", root=addresses.root, folder=output)


class _Carrying:
    """A `Runner` that lets another carry the jobs to where the copies are made, and fetches what the page needs."""

    def __init__(self, run: Runner, addresses: Addresses, home: Path, texts: Texts) -> None:
        self._run, self._addresses, self._home, self._texts = run, addresses, home, texts

    def __call__(self, task: Callable[[Any], Any], jobs: Sequence[Job], workers: int) -> Iterator[tuple[Job, Any]]:
        stored = [StoredJob(job, self._addresses) for job in jobs]
        for one, result in self._run(STORED_TASKS[task], stored, workers):
            yield one.job, self._fetched(one.job, result) if isinstance(result, Done) else result

    def _fetched(self, job: Job, done: Done) -> Done:
        """Return what came of a job; a bureau whose results cannot be copied for the page fails alone."""
        try:
            self._fetch(job, done)
        except SpokenError as error:
            failed = replace(done, state="failed", why="system", told=error.tell(self._texts))
            return done if done.state == "failed" else failed
        return done

    def _fetch(self, job: Job, done: Done) -> None:
        """Copy manifests and tables of one bureau; of its pages it is enough to know that they are there."""
        pages, here = Store(self._addresses.figures) / job.name, self._home / FIGURES / job.name
        names = pages.names()
        manifests = [name for name in names if name.endswith(f"/{MANIFEST}")]
        pages.sketch({name: listed for name, listed in names.items() if name not in manifests}, here)
        pages.fetch(manifests, here)
        if done.state in ("published", "unchanged"):
            quarter = str(job.request.quarter)
            tables = Store(self._addresses.processed) / job.name / quarter
            flat = [name for name in tables.names() if "/" not in name]  # without the workbooks that go back
            tables.fetch(flat, self._home / PROCESSED / job.name / quarter)


def _put_page(figures: Store, here: Path) -> None:
    """Copy the data set, and then the page that tells of it."""
    written = [path.relative_to(here).as_posix() for path in sorted((here / DATA_SET).rglob("*")) if path.is_file()]
    figures.put(here, written)
    figures.put(here, [PAGE])


def _at_addresses(error: SpokenError, addresses: Addresses, home: Path) -> SpokenError:
    """Return an error of the same kind whose values name addresses in place of the folders of the sketch."""
    values = {
        name: addresses.in_words(str(value), home) if isinstance(value, Path | str) else value
        for name, value in error.values.items()
    }
    return type(error)(error.key, **values)
