"""One process for each task: what ends with it, and that none is left."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.runs.workers import Lost, default_workers, run_each, stopping_like_ctrl_c

WAIT_SECONDS = 60.0  # for a process to start on a busy machine


def double(number: int) -> int:
    return 2 * number


def end_badly(number: int) -> int:
    if number == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


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
        with stopping_like_ctrl_c():
            results: Iterator[object] = run_each(sleep_long, [folder, folder, folder], workers=2)
            list(results)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_there_are_never_more_workers_than_bureaus() -> None:
    assert default_workers(1) == 1
    assert 1 <= default_workers(1000) <= (os.cpu_count() or 1)
