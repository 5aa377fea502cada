"""Is the cluster fit for a batch? Asked of every worker before anything runs, and told in one paragraph when not."""

import hashlib
import multiprocessing
import os
import time
import uuid
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from distributed import Client, Worker

from pipeline.parameters import SpokenError
from pipeline.runs.cluster.kit import Difference, describe_kit, find_difference, loaded_kit
from pipeline.runs.cluster.stores import Store
from pipeline.runs.records.places import find_workspace

MARK_SECONDS = 7 * 24 * 3600.0  # no batch takes longer (docs/scale.md)
MARK = ".ronghe-"  # how the name of a file begins that shows a worker that it sees the same folder; taken away again


class WorkersUnfit(SpokenError):
    """Raised when a worker is not as it must be; the paragraph names it, what was expected and what to do."""


@dataclass(frozen=True)
class Shared:
    """What a worker must see as the client does: the names in ``root``, and a ``mark`` in each folder of results.

    ``names`` is a digest; None for a worker that joins later, when another bureau may have come. ``checkout`` is where
    the project lies, if one of the folders lies in it: a manifest names those relative to it.
    """

    root: Path
    names: str | None
    marks: tuple[Path, ...]
    checkout: Path | None


@dataclass(frozen=True)
class Machine:
    """What one worker said of itself.

    ``unseen`` is the first folder that is not there the same, ``elsewhere`` where its checkout lies, if that must be
    where the client's is; ``unreached`` is the first address that it cannot list, and why. ``trouble`` is why it could
    not look.
    """

    address: str
    kit: Mapping[str, str]
    threads: int
    is_daemon: bool
    unseen: Path | None = None
    elsewhere: Path | None = None
    unreached: tuple[str, str] | None = None
    trouble: str = ""


def check_workers(client: Client, shared: Shared | None, stores: Sequence[Store]) -> None:
    """Raise `WorkersUnfit` unless every worker has our code and packages, and does one job at a time in a process.

    ``shared`` comes from `mark`: each worker must see the same there. None where all goes through ``stores``: each
    worker must reach them. Raises `OSError` where the scheduler does not answer.
    """
    answers: Mapping[str, Any] = client.run(describe_machine, shared, stores, on_error="return")
    expected = describe_kit()
    for worker in sorted(answers):
        check_machine(worker, answers[worker], expected)
    _check_scheduler(client, str(client.scheduler_info()["address"]), expected)


def for_late_comers(shared: Shared | None) -> Shared | None:
    """Return what a worker that joins later must see: by then another bureau may have come."""
    return shared and replace(shared, names=None)


def _check_scheduler(client: Client, address: str, expected: Mapping[str, str]) -> None:
    """Raise `WorkersUnfit` unless the scheduler, which looks into what it sends on, has our code and packages."""
    try:
        kit: Mapping[str, str] = client.run_on_scheduler(loaded_kit)
    except (ImportError, AttributeError) as error:  # without Ronghe, or with one that knows of no cluster
        raise _silent(address, f"{type(error).__name__}: {error}") from error
    difference = find_difference(expected, kit)
    if difference:
        raise differing(address, difference)


def _silent(worker: str, error: str) -> WorkersUnfit:
    return WorkersUnfit("cluster.no_answer", worker=worker, error=error)


def differing(worker: str, difference: Difference) -> WorkersUnfit:
    """Return the error for a worker with another version of something."""
    key = "cluster.other_code" if difference.what == "ronghe" else "cluster.other_version"
    return WorkersUnfit(
        key, worker=worker, what=difference.what, expected=difference.expected, seen=difference.seen or "—"
    )


def check_machine(worker: str, answer: Machine | BaseException, expected: Mapping[str, str]) -> None:
    """Raise `WorkersUnfit` when ``answer`` is not that of a machine as it must be."""
    if not isinstance(answer, Machine):
        raise _silent(worker, f"{type(answer).__name__}: {answer}")
    if answer.trouble:
        raise _silent(worker, answer.trouble)
    difference = find_difference(expected, answer.kit)
    if difference:
        raise differing(worker, difference)
    if answer.is_daemon:
        raise WorkersUnfit("cluster.daemon", worker=worker)
    if answer.threads != 1:
        raise WorkersUnfit("cluster.threads", worker=worker, threads=answer.threads)
    if answer.unseen:
        raise WorkersUnfit("cluster.unseen", worker=worker, folder=answer.unseen)
    if answer.unreached:
        address, reason = answer.unreached
        raise WorkersUnfit("cluster.unreached", worker=worker, address=address, reason=reason)
    if answer.elsewhere:
        expected_at = find_workspace().root
        raise WorkersUnfit("cluster.elsewhere", worker=worker, expected=expected_at, seen=answer.elsewhere)


def is_fit(machine: Machine, expected: Mapping[str, str]) -> bool:
    """Tell whether `check_machine` has nothing to say."""
    try:
        check_machine(machine.address, machine, expected)
    except WorkersUnfit:
        return False
    return True


def mark(root: Path, outputs: Sequence[Path], marks: ExitStack) -> Shared:
    """Put a mark into every folder of results for as long as ``marks`` is open; clear away those of killed clients."""
    seen = []
    for folder in outputs:
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob(f"{MARK}*"):
            if old.stat().st_mtime < time.time() - MARK_SECONDS:
                old.unlink(missing_ok=True)
        mark = folder / f"{MARK}{uuid.uuid4().hex}"
        mark.touch()
        marks.callback(mark.unlink, missing_ok=True)
        seen.append(mark)
    checkout = find_workspace().root
    is_inside = any(folder.resolve().is_relative_to(checkout) for folder in (root, *outputs))
    return Shared(root, names_in(root), tuple(seen), checkout if is_inside else None)


def names_in(folder: Path) -> str:
    """Return a digest of the names in a folder; "" when it is not there."""
    if not folder.is_dir():
        return ""
    return hashlib.sha256("\0".join(sorted(path.name for path in folder.iterdir())).encode()).hexdigest()


def describe_machine(shared: Shared | None, stores: Sequence[Store], dask_worker: Worker) -> Machine:
    """Answer for one worker; runs there."""
    is_daemon = multiprocessing.current_process().daemon
    unseen = find_unseen(shared) if shared else None
    elsewhere = _find_checkout_elsewhere(shared) if shared else None
    threads, unreached = dask_worker.state.nthreads, _find_unreached(stores)
    return Machine(dask_worker.address, loaded_kit(), threads, is_daemon, unseen, elsewhere, unreached)


def _find_unreached(stores: Sequence[Store]) -> tuple[str, str] | None:
    for store in stores:
        try:
            store.check()
        except SpokenError as error:
            return store.address, str(error.values.get("reason", ""))
    return None


def find_unseen(shared: Shared) -> Path | None:
    """Return the first folder that is not here as the client has it; None when all are."""
    seen = names_in(shared.root)
    if not seen or shared.names not in (None, seen):
        return shared.root
    for mark in shared.marks:
        if not mark.is_file() or not os.access(mark.parent, os.W_OK):
            return mark.parent
    return None


def _find_checkout_elsewhere(shared: Shared) -> Path | None:
    own = find_workspace().root
    return own if shared.checkout and own != shared.checkout else None
