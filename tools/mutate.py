"""Mutation check: break the statistics in one small place at a time, and see whether a test fails.

    python -m tools.mutate                        every module of pipeline/stats
    python -m tools.mutate xmr fisher             some of them
    python -m tools.mutate --fail-under 85        exit status 1 below this share of noticed faults

Each mutant runs in a fork of a process that holds numpy, pandas and scipy already, and meets only the tests that
execute its line, those of the module's own file first. mutmut 3 changes functions only, and here most thresholds are
constants of a module; cosmic-ray starts Python anew for each of 1,500 mutants. Needs a system that can fork.
"""

import argparse
import gc
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import resource
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from tools.mutants import Mutant, find_mutants, mutated

SOURCE, TESTS = Path("pipeline/stats"), Path("tests/stats")
SLOWER_THAN_ALL_TESTS = 3  # a mutant that takes so many times longer than the tests that it meets never ends
LEAST_SECONDS = 20  # for starting to run and for a busy machine
LONGEST_SECONDS = 2.0  # the simulations of false claims and coverage take longer; they cost much and add little here
MEMORY_BYTES = 6 * 2**30  # a mutant that asks for more ends with a MemoryError
PRELOADED = ("numpy", "pandas", "scipy.optimize", "scipy.stats", "hypothesis", "lunardate", "pytest")  # slow to import
SURVIVED, NOTICED = 0, 1
QUIET = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:unraisableexception"]  # the last would collect garbage twice


@dataclass(frozen=True)
class Baseline:
    """What a run of all tests without a mutant has shown, tests in their order: ``lines`` maps a test to the lines that
    it executes, by file; ``seconds`` to its time.
    """

    lines: dict[str, dict[str, list[int]]]
    seconds: dict[str, float]


@dataclass(frozen=True)
class Outcome:
    """``end`` is "noticed", "survived", "endless" (noticed too) or "untested" (no test executes the line)."""

    path: Path
    mutant: Mutant
    end: str


class Recorder:
    """A pytest plugin: the time of each test and the lines of ``folder`` that it executes."""

    def __init__(self, folder: Path) -> None:
        self.folder = str(folder.resolve())
        self.lines: dict[str, dict[str, list[int]]] = {}
        self.seconds: dict[str, float] = {}
        self._seen: set[tuple[str, int]] = set()

    def pytest_runtest_protocol(self) -> None:
        """Start to watch; pytest calls this before a test's fixtures."""
        self._seen = set()
        self._began = time.perf_counter()
        sys.settrace(self._enter)

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """Write down what was seen; pytest calls this after the last fixture is taken down."""
        sys.settrace(None)
        self.seconds[nodeid] = time.perf_counter() - self._began
        files: dict[str, list[int]] = {}
        for file, line in sorted(self._seen):
            files.setdefault(file, []).append(line)
        self.lines[nodeid] = files

    def _enter(self, frame: FrameType, _event: str, _argument: object) -> Any:
        return self._line if frame.f_code.co_filename.startswith(self.folder) else None

    def _line(self, frame: FrameType, _event: str, _argument: object) -> Any:
        self._seen.add((frame.f_code.co_filename, frame.f_lineno))
        return self._line


class Chosen:
    """A pytest plugin: only these tests, in this order."""

    def __init__(self, tests: list[str]) -> None:
        self.place = {test: place for place, test in enumerate(tests)}

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Drop the other tests and sort the rest."""
        items[:] = sorted(
            (item for item in items if item.nodeid in self.place), key=lambda item: self.place[item.nodeid]
        )


class MutatedModule(importlib.abc.MetaPathFinder):
    """Finds one module, and gives its code with one change."""

    def __init__(self, name: str, path: Path, code: CodeType) -> None:
        self.name, self.path, self.code = name, path, code

    def find_spec(
        self,
        fullname: str,
        path: object,  # noqa: ARG002
        target: object = None,  # noqa: ARG002
    ) -> importlib.machinery.ModuleSpec | None:
        """Return the changed module for its name, nothing for others."""
        if fullname != self.name:
            return None
        return importlib.util.spec_from_file_location(
            fullname, self.path, loader=_Loader(fullname, str(self.path), self.code)
        )


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, fullname: str, path: str, code: CodeType) -> None:
        super().__init__(fullname, path)
        self._code = code

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002
        return self._code


def run_baseline(source: Path, tests: Path) -> Baseline:
    """Run all tests once in a fork; raises `RuntimeError` when one fails without any mutant."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "baseline.json"
        status = os.waitstatus_to_exitcode(os.waitpid(_fork(lambda: _write_baseline(source, tests, report)), 0)[1])
        if status != SURVIVED:
            raise RuntimeError(f"the tests in {tests} fail without a mutant: run them first")
        return Baseline(**json.loads(report.read_text(encoding="utf-8")))


def _write_baseline(source: Path, tests: Path, report: Path) -> int:
    recorder = Recorder(source)
    status = _pytest([*QUIET, str(tests)], recorder)
    report.write_text(json.dumps({"lines": recorder.lines, "seconds": recorder.seconds}), encoding="utf-8")
    return status


def tests_that_meet(mutant: Mutant, path: Path, baseline: Baseline, longest: float) -> list[str]:
    """Return the tests that execute the mutant's lines, those of the module's own file first, then the fastest; none of
    another file that takes more than ``longest`` seconds. What is executed when the module is loaded, constants above
    all, meets every test, those that use the module first.
    """
    file = str(path.resolve())
    lines = set(range(mutant.first_line, mutant.last_line + 1))
    if mutant.at_import:
        meeting = list(baseline.lines)
    else:
        meeting = [test for test, files in baseline.lines.items() if not lines.isdisjoint(files.get(file, ()))]
    quick = [test for test in meeting if _is_own(test, path) or baseline.seconds[test] <= longest]
    return sorted(quick, key=lambda test: _nearness(test, path, baseline))


def _nearness(test: str, path: Path, baseline: Baseline) -> tuple[bool, bool, float]:
    return not _is_own(test, path), str(path.resolve()) not in baseline.lines[test], baseline.seconds[test]


def _is_own(test: str, path: Path) -> bool:
    return Path(test.partition("::")[0]).name == f"test_{path.name}"


def run_mutants(
    paths: list[Path], baseline: Baseline, workers: int, longest: float, patience: float
) -> Iterator[Outcome]:
    """Run every mutant of the modules, ``workers`` at a time, and yield their outcomes as they end."""
    running: dict[int, tuple[Path, Mutant]] = {}
    for path in paths:
        source = path.read_text(encoding="utf-8")
        for mutant in find_mutants(source):
            tests = tests_that_meet(mutant, path, baseline, longest)
            if not tests:
                yield Outcome(path, mutant, "untested")
                continue
            if len(running) == workers:
                yield _next_outcome(running)
            seconds = patience + SLOWER_THAN_ALL_TESTS * sum(baseline.seconds[test] for test in tests)
            running[_fork(_trial(path, source, mutant, tests, seconds))] = (path, mutant)
    while running:
        yield _next_outcome(running)


def _trial(path: Path, source: str, mutant: Mutant, tests: list[str], seconds: float) -> Callable[[], int]:
    def trial() -> int:
        signal.setitimer(signal.ITIMER_REAL, seconds)  # without a handler it ends the process, even inside C code
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        code = compile(mutated(source, mutant), str(path.resolve()), "exec")
        sys.meta_path.insert(0, MutatedModule(".".join(path.with_suffix("").parts), path.resolve(), code))
        own = [test for test in tests if _is_own(test, path)]
        others = [test for test in tests if not _is_own(test, path)]
        return NOTICED if any(_notices(part) for part in (own, others)) else SURVIVED

    return trial


def _notices(tests: list[str]) -> bool:
    """Run some tests; a file is collected only when one of its tests is among them."""
    files = list(dict.fromkeys(test.partition("::")[0] for test in tests))
    return bool(tests) and _pytest([*QUIET, *files], Chosen(tests)) == NOTICED


def _next_outcome(running: dict[int, tuple[Path, Mutant]]) -> Outcome:
    process, status = os.waitpid(-1, 0)
    path, mutant = running.pop(process)
    code = os.waitstatus_to_exitcode(status)
    if code == -signal.SIGALRM:
        return Outcome(path, mutant, "endless")
    return Outcome(path, mutant, "survived" if code == SURVIVED else "noticed")


def _fork(work: Callable[[], int]) -> int:
    """Run ``work`` in a fork, silent; its result is the exit status. Return the process id."""
    sys.stdout.flush()
    process = os.fork()
    if process:
        return process
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    status = NOTICED  # whatever ends the work early was noticed
    try:
        status = work()
    finally:
        os._exit(status)


def _pytest(arguments: list[str], plugin: object) -> int:
    import pytest

    return SURVIVED if pytest.main(arguments, plugins=[plugin]) == pytest.ExitCode.OK else NOTICED


def print_score(outcomes: list[Outcome]) -> float:
    """Print the survivors, then a line a module; return the share of mutants that were noticed, in percent."""
    for outcome in sorted(outcomes, key=lambda outcome: (outcome.path, outcome.mutant.line, outcome.mutant.place)):
        if outcome.end in {"survived", "untested"}:
            mutant = outcome.mutant
            print(f"{outcome.path}:{mutant.line}: {outcome.end}: {mutant.was}  ->  {mutant.now}")
    print(f"{'module':<28}{'mutants':>8}{'noticed':>8}{'endless':>8}{'survived':>9}{'untested':>9}{'score':>8}")
    for path in sorted({outcome.path for outcome in outcomes}):
        _print_line(path.stem, [outcome for outcome in outcomes if outcome.path == path])
    return _print_line("all", outcomes)


def _print_line(name: str, outcomes: list[Outcome]) -> float:
    ends = Counter(outcome.end for outcome in outcomes)
    score = 100 * (ends["noticed"] + ends["endless"]) / len(outcomes)
    counts = f"{ends['noticed']:>8}{ends['endless']:>8}{ends['survived']:>9}{ends['untested']:>9}"
    print(f"{name:<28}{len(outcomes):>8}{counts}{score:>7.1f}%")
    return score


def main(arguments: list[str]) -> int:
    """Run the mutants of the named modules, or of all; exit status 1 when the score is under ``--fail-under``."""
    parser = argparse.ArgumentParser(prog="tools.mutate", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("modules", nargs="*", help="names in the source folder, without .py; all by default")
    parser.add_argument("--source", type=Path, default=SOURCE)
    parser.add_argument("--tests", type=Path, default=TESTS)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--longest", type=float, default=LONGEST_SECONDS, help="seconds of a test of another module")
    parser.add_argument("--patience", type=float, default=LEAST_SECONDS, help="least seconds until a mutant is endless")
    parser.add_argument("--fail-under", type=float, default=0.0, help="percent")
    options = parser.parse_args(arguments)
    found = {path.stem: path for path in sorted(options.source.glob("*.py"))}
    if unknown := [name for name in options.modules if name not in found]:
        parser.error(f"no such module in {options.source}: {', '.join(unknown)}")
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # several processes share the cores
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # none is needed, and every fork would import them anew
    began = time.perf_counter()
    for name in PRELOADED:
        importlib.import_module(name)
    baseline = run_baseline(options.source, options.tests)
    print(f"{len(baseline.lines)} tests, {sum(baseline.seconds.values()):.0f} s while watched", flush=True)
    gc.freeze()  # what is here already need not be looked through in every fork
    paths = [found[name] for name in options.modules or found]
    outcomes = []
    for outcome in run_mutants(paths, baseline, options.workers, options.longest, options.patience):
        outcomes.append(outcome)
        if len(outcomes) % 100 == 0:
            print(f"{len(outcomes)} mutants, {time.perf_counter() - began:.0f} s", flush=True)
    if not outcomes:
        parser.error("these modules hold nothing to change")
    score = print_score(outcomes)
    print(f"{time.perf_counter() - began:.0f} s")
    return 1 if score < options.fail_under else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
