"""What is a unit: a test of functions, which starts no process, so neither a browser nor a whole report.

`make unit` runs the units alone. Every other test has the mark ``process``: it says so itself, its fixture does by
asking for ``process_made``, or its file or folder is named here. A test without the mark that starts a process fails
in every run, so that the units stay quick.
"""

import functools
import gc
import platform
import sys
from collections.abc import Callable, Iterable, Iterator
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
MARK = "process"
BENCHMARK = "benchmark"
FIXTURE = "process_made"  # a fixture that starts a process for several tests asks for this one
# Folders and files of which (nearly) every test starts processes, or looks at what a process has made
WITH_PROCESSES = (
    "backtests",
    "browser",
    "determinism",
    "faults",
    "soak",
    "doors/test_code_rules.py",
    "doors/test_doors.py",
    "ingest/files/test_cache.py",
    "ingest/files/test_half_copied.py",
    "ingest/files/test_hostile_files.py",
    "ingest/files/test_sandbox.py",
    "ingest/files/test_whole.py",
    "ingest/returned/test_copier.py",
    "ingest/returned/test_corpus.py",
    "ingest/test_corpus.py",
    "ingest/test_fuzz.py",
    "ingest/test_keeping.py",
    "ingest/test_kept_files.py",
    "ingest/test_light_children.py",
    "ingest/test_round_trip.py",
    "report/page/test_drawing.py",
    "runs/cluster/test_cluster.py",
    "runs/notebooks/test_engine.py",
    "runs/processes/test_forks.py",
    "runs/processes/test_leftovers.py",
    "runs/processes/test_scratch.py",
    "runs/processes/test_stopping.py",
    "runs/processes/test_tasks.py",
    "runs/processes/test_workers.py",
    "runs/quarter/test_imports.py",
    "runs/quarter/test_taking_over.py",
    "runs/records/test_locks.py",
    "runs/workbooks/test_returning.py",
    "test_batch_end_to_end.py",
    "test_cluster_end_to_end.py",
    "test_end_to_end.py",
    "test_hash_seeds.py",
    "test_lab.py",
    "test_small_groups.py",
    "tools/test_audit_dependencies.py",
    "tools/test_mutate.py",
)
PLACES = {MARK: WITH_PROCESSES, BENCHMARK: ("benchmarks",)}
# What takes longest begins first, or one process of the tests would be left with it when all others have nothing to do:
# single tests of a minute and more, then those of seconds, and the units at the end, which fill every gap
LONGEST = (
    "faults",
    "test_cluster_end_to_end.py",
    "test_batch_end_to_end.py",
    "test_end_to_end.py",
    "determinism",
    "runs/processes/test_leftovers.py",
    "runs/quarter/test_taking_over.py",
    "ingest/files/test_hostile_files.py",
    "browser",
)
# What Python tells audit hooks, whichever library starts the process (docs: Audit events table)
STARTS = frozenset({"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.exec", "os.system"})
# What tells them nothing, since it asks another process to fork, or starts one by a way of its own
STARTS_UNTOLD: tuple[tuple[object, str], ...] = ((BaseProcess, "start"), (forkserver, "ensure_running"))
UNTOLD = "tests.units.start"


class Watch:
    """Hears of every process that this one starts: by one audit hook for all tests, since none can be taken away."""

    def __init__(self) -> None:
        platform.processor()  # libraries ask for it, and Python starts uname to answer the first time
        self._heard: list[str] = []
        sys.addaudithook(self.hear)
        for owner, name in STARTS_UNTOLD:
            setattr(owner, name, _told(getattr(owner, name)))

    def hear(self, event: str, details: tuple[object, ...]) -> None:
        """Note an event, where it is the start of a process."""
        if event in STARTS or event == UNTOLD:
            self._heard.append(f"{event} {details[:2]!r}"[:300])  # what comes after is the environment, of no interest

    def heard(self) -> list[str]:
        """Return what was started since the last question."""
        heard, self._heard = self._heard, []
        return heard

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Iterator[None]:
        """Fail a unit that has started a process, while it was set up, ran, or was taken down."""
        yield
        if (started := self.heard()) and item.get_closest_marker(MARK) is None:
            pytest.fail(f"a unit starts no process: mark it pytest.mark.{MARK}\n" + "\n".join(started), pytrace=False)


class Thrift:
    """Keeps the way to the first test short, which every process of the tests goes."""

    @pytest.hookimpl(wrapper=True)
    def pytest_collection(self) -> Iterator[None]:
        """Search for cycles again from here on, as `processes.lean` has ended it, but not among all the tests."""
        yield
        gc.freeze()
        gc.enable()

    def pytest_ignore_collect(self, collection_path: Path, config: pytest.Config) -> bool | None:
        """Leave out a place that ``-m`` wants nothing of."""
        wanted = config.option.markexpr.split(" and ")
        unwanted = [place for mark, places in PLACES.items() if f"not {mark}" in wanted for place in places]
        return True if collection_path in {TESTS / place for place in unwanted} else None


class LongestFirst:
    """Puts the tests in line by `LONGEST`; in the order in which they were found where that says nothing."""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Sort, after all others have sorted and left out."""
        items.sort(key=_place_in_line)


def _place_in_line(item: pytest.Item) -> int:
    if item.get_closest_marker(MARK) is None:
        return len(LONGEST) + 1
    places = (place for place, name in enumerate(LONGEST) if item.path.is_relative_to(TESTS / name))
    return next(places, len(LONGEST))


def _told(start: Callable[..., object]) -> Callable[..., object]:
    @functools.wraps(start)
    def tell_and_start(*arguments: object) -> object:
        sys.audit(UNTOLD, start.__name__)
        return start(*arguments)

    return tell_and_start


def mark_what_is_no_unit(items: Iterable[pytest.Item], tests: Path = TESTS) -> None:
    """Give the mark to every test under `WITH_PROCESSES`, and to those that share what a process has made."""
    places = {tests / place for place in WITH_PROCESSES}
    for item in items:
        shares = FIXTURE in getattr(item, "fixturenames", ())
        if shares or not places.isdisjoint((item.path, *item.path.parents)):
            item.add_marker(MARK)
