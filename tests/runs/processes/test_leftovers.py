"""However a report ends, no process of it goes on and no temporary folder stays, and the last good report stands."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.generator import generate_bureau
from tests.processes import command_line, descendants

ROOT = Path(__file__).resolve().parents[3]
QUARTER = "2021Q4"
SECONDS = 300.0  # for a step to come on a busy machine
POINTS_STEP = "[3/"  # of the progress: the second notebook is at work


@dataclass
class Running:
    """A report at work, in a folder for temporary files of its own."""

    program: subprocess.Popen[str]
    temporary: Path
    seen: set[int]

    def wait_for(self, words: str) -> None:
        """Read what it tells until a line begins with ``words``."""
        assert self.program.stdout is not None
        for line in self.program.stdout:
            self.seen |= set(descendants(self.program.pid))
            if line.startswith(words):
                return
        raise AssertionError(f"it ended before {words}")

    def child(self, name: bytes) -> int:
        """Return the youngest process below it whose own program is ``name``."""
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            found = [pid for pid in descendants(self.program.pid) if name in command_line(pid)]
            if len(found) > 1:
                return found[-1]
            time.sleep(0.05)
        raise AssertionError("no process of it")

    def end(self, *, is_clean: bool = True) -> tuple[int, str]:
        """Wait for its end, and for that of everything it started; return its status and what it said last.

        ``is_clean``: no temporary file may be left either.
        """
        self.seen |= set(descendants(self.program.pid))
        out, errors = self.program.communicate(timeout=SECONDS)
        until = time.monotonic() + 30
        while any(command_line(pid) for pid in self.seen) and time.monotonic() < until:
            time.sleep(0.1)
        left = {pid: command_line(pid) for pid in self.seen if command_line(pid)}
        assert left == {}
        assert not is_clean or list(self.temporary.iterdir()) == []
        return self.program.returncode, out + errors


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("raw") / "示例县"
    generate_bureau(folder, first="2021-07", last="2021-12", seed=6, mistakes="none")
    return folder


@pytest.fixture
def start(bureau: Path, tmp_path: Path) -> Iterator[Callable[..., Running]]:
    started: list[subprocess.Popen[str]] = []

    def run(*options: str) -> Running:
        temporary = tmp_path / "temporary"
        temporary.mkdir(exist_ok=True)
        command = ("report", "--bureau", str(bureau), "--quarter", QUARTER)
        places = ("--processed", str(tmp_path / "processed"), "--figures", str(tmp_path / "figures"))
        ignored = signal.signal(signal.SIGHUP, signal.SIG_DFL)  # by who runs the tests with nohup, and so by the child
        program = subprocess.Popen(
            [sys.executable, "-m", "pipeline", *command, *places, *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            cwd=ROOT,
            start_new_session=True,  # a group of its own, as in a terminal
            env={**os.environ, "TMPDIR": str(temporary), "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"},
        )
        signal.signal(signal.SIGHUP, ignored)
        started.append(program)
        return Running(program, temporary, set())

    yield run
    for program in started:
        if program.poll() is None:
            program.kill()
            program.wait()


def published(folder: Path) -> dict[str, bytes]:
    files = (
        path for path in folder.rglob("*") if path.is_file() and path.name != ".lock" and "cache" not in path.parts
    )
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def stop_by_ctrl_c(running: Running) -> None:
    running.program.send_signal(signal.SIGINT)


def kill_a_child(running: Running) -> None:
    os.kill(running.child(b"forkserver"), signal.SIGKILL)


def test_a_report_that_ends_well_leaves_nothing_and_neither_do_those_that_do_not(
    start: Callable[..., Running], tmp_path: Path
) -> None:
    """One test, since each report takes seconds: a good one first, which the others must leave as it is."""
    status, told = start().end()
    assert status == 0, told
    good = published(tmp_path)
    assert f"figures/示例县/{QUARTER}/report.html" in good
    for happens, expected in ((stop_by_ctrl_c, 3), (kill_a_child, 3)):
        running = start("--force")
        running.wait_for(POINTS_STEP)
        happens(running)
        status, told = running.end()
        assert status == expected, (happens.__name__, told)
        assert "Traceback" not in told, happens.__name__
        assert published(tmp_path) == good, happens.__name__


@pytest.mark.parametrize("seconds", [0.0, 0.4, 2.0])
def test_ctrl_c_in_the_first_seconds_is_told_in_a_sentence(
    seconds: float, start: Callable[..., Running], tmp_path: Path
) -> None:
    """A terminal sends it to every process that was started: the server too, while it imports."""
    running = start()
    running.wait_for("[1/")
    time.sleep(seconds)
    os.killpg(running.program.pid, signal.SIGINT)
    status, told = running.end()
    assert status == 3, told
    assert "Traceback" not in told


@pytest.mark.parametrize("presses", [1, 2, 3])
def test_ctrl_c_is_answered_at_once_and_pressing_again_shows_no_traceback(
    presses: int, start: Callable[..., Running], tmp_path: Path
) -> None:
    """However often: nothing goes on, and what a third one left goes with the next run."""
    running = start("--lang", "en")
    running.wait_for(POINTS_STEP)
    assert running.program.stderr is not None
    for _ in range(presses):
        running.program.send_signal(signal.SIGINT)
        time.sleep(0.02)
    assert running.program.stderr.readline().startswith("Stopping: ")
    status, told = running.end(is_clean=presses == 1)  # the second one does not wait for the clearing away
    assert status in ((3,) if presses == 1 else (3, 130, -signal.SIGINT)), told  # it may come at the very end
    assert "Traceback" not in told
    if presses > 1:
        assert start().end()[0] == 0  # and has taken away what was left


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_request_to_end_is_heard(start: Callable[..., Running], tmp_path: Path, name: str) -> None:
    """A shut-down, and a window that is closed."""
    running = start()
    running.wait_for(POINTS_STEP)
    running.program.send_signal(getattr(signal, name))
    status, told = running.end()
    assert status == 3, told
    assert [path.name for path in tmp_path.rglob(".*.building")] == []


def test_a_sudden_end_leaves_no_process_and_its_files_go_with_the_next_run(
    start: Callable[..., Running],
) -> None:
    running = start()
    running.wait_for(POINTS_STEP)
    running.seen |= set(descendants(running.program.pid))
    running.program.kill()
    running.program.wait()
    until = time.monotonic() + 30
    while any(command_line(pid) for pid in running.seen) and time.monotonic() < until:
        time.sleep(0.1)
    assert [pid for pid in running.seen if command_line(pid)] == []
    assert list(running.temporary.iterdir()) != []
    status, told = start().end()
    assert status == 0, told  # and `end` has found nothing left
