"""One process for each task: what ends with it, and that none is left."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.runs.processes.forks import ONE_THREAD
from pipeline.runs.processes.stopping import stopping_when_asked
from pipeline.runs.processes.workers import Lost, default_workers, run_each

WAIT_SECONDS = 60.0  # for a process to start on a busy machine


def double(number: int) -> int:
    return 2 * number


def end_badly(number: int) -> int:
    if number == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def leave_behind(is_killed: bool) -> str:
    """Leave a temporary file; return the folder."""
    left = Path(tempfile.mkdtemp())
    (left.parent / "told").write_text(str(left), encoding="utf-8")
    if is_killed:
        os.kill(os.getpid(), signal.SIGKILL)
    return str(left)


def threads(_: int) -> set[str]:
    return {os.environ[name] for name in ONE_THREAD}


def sleep_long(folder: Path) -> None:
    """Say who is at work, and clear it away when asked to stop."""
    told = folder / f"{os.getpid()}.working"
    told.touch()
    try:
        time.sleep(600)
    finally:
        told.unlink()
        (folder / f"{os.getpid()}.cleared").touch()


def test_every_job_is_done_once_and_comes_with_its_result() -> None:
    assert sorted(run_each(double, [3, 1, 2], workers=2)) == [(1, 2), (2, 4), (3, 6)]


def test_one_at_a_time_they_are_done_in_order() -> None:
    assert [job for job, _ in run_each(double, [3, 1, 2], workers=1)] == [3, 1, 2]


def test_a_process_that_is_killed_takes_its_own_result_alone() -> None:
    found = dict(run_each(end_badly, [0, 1, 2], workers=2))
    assert found == {0: 0, 1: Lost(-signal.SIGKILL), 2: 2}


def test_temporary_files_go_with_the_process_that_left_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    found = dict(run_each(leave_behind, [False, True], workers=1))
    assert Path(found[False]).is_relative_to(tmp_path)  # type: ignore[arg-type]
    assert found[True] == Lost(-signal.SIGKILL)
    assert list(tmp_path.glob("ronghe-*")) == []


def test_every_process_counts_with_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ONE_THREAD:
        monkeypatch.delenv(name, raising=False)
    assert [result for _, result in run_each(threads, [0, 1], workers=2)] == [{"1"}, {"1"}]
    assert not ONE_THREAD.keys() & os.environ.keys()


SLEEP_LONG = """
import sys
from pathlib import Path
from pipeline.runs.processes.workers import run_each
from tests.runs.processes.test_workers import sleep_long
list(run_each(sleep_long, [Path(sys.argv[1])], 1))
"""


def test_processes_end_when_the_program_that_started_them_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SLEEP_LONG, str(tmp_path)]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, env=environment, cwd=Path(__file__).resolve().parents[3]) as program:
        wait_for(lambda: list(tmp_path.glob("*.working")))
        program.kill()
    wait_for(lambda: list(tmp_path.glob("*.cleared")))
    (pid,) = [int(path.stem) for path in tmp_path.glob("*.cleared")]
    wait_for(lambda: not Path(f"/proc/{pid}").exists())
    assert list(tmp_path.glob("ronghe-*")) == []


def wait_for(is_so: Callable[[], object]) -> None:
    until = time.monotonic() + WAIT_SECONDS
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_leaving_early_asks_the_workers_to_stop_and_waits_for_them(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        _stop_when_working(tmp_path)
    assert not list(tmp_path.glob("*.working"))
    cleared = [int(path.stem) for path in tmp_path.glob("*.cleared")]
    assert len(cleared) == 2
    assert not [pid for pid in cleared if Path(f"/proc/{pid}").exists()]


def _stop_when_working(folder: Path) -> None:
    """Send this process a request to end as soon as two workers are at work."""

    def alarm(_number: int, _frame: object) -> None:
        if len(list(folder.glob("*.working"))) < 2:
            signal.setitimer(signal.ITIMER_REAL, 0.1)
        else:
            os.kill(os.getpid(), signal.SIGTERM)

    before = signal.signal(signal.SIGALRM, alarm)
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    try:
        with stopping_when_asked(lambda _: None):
            results: Iterator[object] = run_each(sleep_long, [folder, folder, folder], workers=2)
            list(results)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_there_are_never_more_workers_than_bureaus() -> None:
    assert default_workers(1) == 1
    assert 1 <= default_workers(1000) <= (os.cpu_count() or 1)
