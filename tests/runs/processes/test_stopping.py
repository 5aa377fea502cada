"""Being asked to stop: it is told at once, the second request waits for nobody, a third ends the program."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.runs.cluster.jobs import BUSY_SECONDS
from pipeline.runs.processes import stopping
from pipeline.runs.processes.forks import Fork
from pipeline.runs.processes.stopping import STOPPED, stopping_when_asked

ROOT = Path(__file__).resolve().parents[3]
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals are sent")


@pytest.fixture
def hung_up_is_heard() -> Iterator[None]:
    """``nohup pytest`` lets the request of a closed window be ignored."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@POSIX
@pytest.mark.usefixtures("hung_up_is_heard")
@pytest.mark.parametrize("name", stopping.REQUESTS)
def test_every_request_is_told_at_once_and_ends_the_body(name: str) -> None:
    number = getattr(signal, name)
    before = signal.getsignal(number)
    told: list[int] = []
    seen: list[int] = []
    with stopping_when_asked(told.append):
        for asked in (number, signal.SIGINT):
            try:
                signal.raise_signal(asked)
            except KeyboardInterrupt:
                seen = list(told)
    assert (seen, told) == ([1, 2], [1, 2])
    assert signal.getsignal(number) is before


@POSIX
def test_a_third_request_ends_the_program_as_it_stands() -> None:
    program = (
        "import signal\n"
        "from pipeline.runs.processes.stopping import stopping_when_asked\n"
        "with stopping_when_asked(lambda heard: print(heard, flush=True)):\n"
        "    for _ in range(3):\n"
        "        try: signal.raise_signal(signal.SIGTERM)\n"
        "        except KeyboardInterrupt: pass\n"
        "    print('never')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (STOPPED, "1\n2\n", "")


@POSIX
def test_what_the_caller_lets_be_ignored_stays_ignored() -> None:
    """``nohup ronghe batch`` goes on when the window is closed."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stopping_when_asked(lambda _: pytest.fail("it was heard")):
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_beside_the_main_thread_nothing_is_changed() -> None:
    seen: list[object] = []

    def run() -> None:
        with stopping_when_asked(lambda _: None):
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert seen == [signal.getsignal(signal.SIGINT)]


def test_everybody_waits_longer_than_those_below_may_take() -> None:
    waiting = (
        stopping.PROCESS_SECONDS,
        stopping.NOTEBOOKS_SECONDS,
        stopping.REPORT_SECONDS,
        stopping.WORKER_SECONDS,
        stopping.CLUSTER_SECONDS,
        BUSY_SECONDS,
    )
    assert sorted(set(waiting)) == list(waiting)
    assert stopping.WORKER_REQUESTS * stopping.WORKER_SECONDS < stopping.CLUSTER_SECONDS


def deaf(pipe: object) -> None:
    """Say that it works, and hear no request to stop."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pipe.send_bytes(b"at work")  # type: ignore[attr-defined]
    time.sleep(600)


@POSIX
def test_a_second_request_while_others_clear_away_ends_them_all() -> None:
    """None was left to itself: the program would wait for it at its end, without a word."""
    forks = [Fork(deaf), Fork(deaf)]
    for fork in forks:
        assert fork.receive(60) == b"at work"
    begun = time.monotonic()
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        Fork.stop(forks, seconds=60)
    timer.join()
    assert time.monotonic() - begun < 30
    for fork in forks:
        with pytest.raises(ProcessLookupError):
            os.kill(fork.pid, 0)
