"""Tasks in warm processes: results, errors and progress come back; however it ends, no process is left."""

import io
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from pipeline.parameters import NoSuchQuarter, SpokenError
from pipeline.runs.processes.forks import ONE_THREAD, fork_context, one_thread
from pipeline.runs.processes.tasks import Task, copied_beforehand, in_fork, in_forks
from pipeline.runs.records.failures import RunFailed, TaskDied
from pipeline.runs.records.progress import ERASE_LINE, Progress
from pipeline.runs.records.steps import STEPS
from pipeline.texts import load_texts
from tests.processes import command_line, descendants

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def progress() -> Progress:
    return Progress.silent(load_texts("en"))


def left_over() -> list[int]:
    """Return the processes below this one that are neither the server nor the tracker of the standard library."""
    return [pid for pid in descendants(os.getpid()) if b"multiprocessing" not in command_line(pid)]


def double(number: int, progress: Progress) -> int:
    with progress.step(STEPS[number]):  # one each: they run at the same time
        progress.say(f"twice {number}")
    return 2 * number


def nested(progress: Progress) -> tuple[int, int]:
    return os.getpid(), in_fork(whoami, progress=progress)


def whoami(_: Progress) -> int:
    return os.getpid()


def linger(_: Progress) -> None:
    print(os.getpid(), flush=True)
    time.sleep(60)


def note(folder: Path, name: str, seconds: float, _: Progress) -> list[str]:
    """Return which names have been noted in a folder, and after a while note one more."""
    noted = sorted(path.name for path in folder.iterdir())
    time.sleep(seconds)
    (folder / name).touch()
    return noted


def hand_over_and_wait_for(path: Path, seconds: float, progress: Progress) -> bool:
    """Tell whether a file has come within some seconds after having handed over."""
    progress.hand_over()
    until = time.monotonic() + seconds
    while not path.exists() and time.monotonic() < until:
        time.sleep(0.02)
    return path.exists()


def hand_over_and_fail(path: Path, progress: Progress) -> None:
    hand_over_and_wait_for(path, 20.0, progress)
    raise ValueError("broken")


def note_and_nap(path: Path, _: Progress) -> None:
    path.touch()
    time.sleep(60)


def threads(_: Progress) -> list[str | None]:
    return [os.environ.get(name) for name in ONE_THREAD]


def loaded(_: Progress) -> bool:
    return "pandas" in sys.modules


def fail(error: BaseException, _: Progress) -> None:
    raise error


def fail_in_a_step(progress: Progress) -> None:
    with progress.step("page"):
        raise ValueError("broken")


def die(number: int, _: Progress) -> None:
    os.kill(os.getpid(), number)


def sleep(seconds: float, _: Progress) -> None:
    time.sleep(seconds)


def test_results_come_in_order_and_progress_is_told_here() -> None:
    log = io.StringIO()
    told = Progress(log, load_texts("en"), 3)
    assert in_forks([Task(double, (number,)) for number in (3, 1, 2)], 2, told) == [6, 2, 4]
    lines = log.getvalue().splitlines()
    assert sorted(line for line in lines if line.startswith("twice")) == ["twice 1", "twice 2", "twice 3"]
    assert len(lines) == 9


@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_a_task_begins_when_those_before_it_have_come_so_far(at_once: int, progress: Progress, tmp_path: Path) -> None:
    tasks = [
        Task(note, (tmp_path, "a", 0.2)),
        Task(note, (tmp_path, "b", 0.0), after=(0,)),
        Task(note, (tmp_path, "c", 0.0), after=(0, 1)),
    ]
    assert in_forks(tasks, at_once, progress) == [[], ["a"], ["a", "b"]]


def test_what_waits_for_a_part_of_a_task_begins_before_it_has_ended(progress: Progress, tmp_path: Path) -> None:
    tasks = [Task(hand_over_and_wait_for, (tmp_path / "b", 20.0)), Task(note, (tmp_path, "b", 0.0), after=(0,))]
    assert in_forks(tasks, 2, progress) == [True, []]
    (tmp_path / "b").unlink()
    tasks[0] = Task(hand_over_and_wait_for, (tmp_path / "b", 0.1))
    assert in_forks(tasks, 1, progress) == [False, []], "there is room for one: it waits for the end all the same"


def test_a_task_that_fails_after_it_has_handed_over_fails_the_whole(progress: Progress, tmp_path: Path) -> None:
    tasks = [Task(hand_over_and_fail, (tmp_path / "b",)), Task(note_and_nap, (tmp_path / "b",), after=(0,))]
    with pytest.raises(ValueError, match="broken"):
        in_forks(tasks, 2, progress)
    assert (tmp_path / "b").exists()
    assert left_over() == []


@pytest.mark.parametrize("after", [(0,), (1,)])
def test_a_task_waits_for_earlier_ones_only(after: tuple[int, ...], progress: Progress) -> None:
    with pytest.raises(ValueError, match="a task waits for itself or a later one"):
        in_forks([Task(double, (1,), after=after), Task(double, (2,))], 2, progress)


def test_a_step_that_fails_in_a_task_takes_its_bar_away() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    with pytest.raises(ValueError, match="broken"):
        in_fork(fail_in_a_step, progress=Progress(terminal, load_texts("en"), 1))
    assert terminal.getvalue().endswith(ERASE_LINE)


def test_a_task_has_everything_loaded_and_one_thread(progress: Progress) -> None:
    assert in_fork(loaded, progress=progress)
    assert in_fork(threads, progress=progress) == ["1"] * len(ONE_THREAD)


def test_a_task_may_give_parts_of_its_work_to_copies_of_itself(progress: Progress) -> None:
    outer, inner = in_fork(nested, progress=progress)
    assert len({outer, inner, os.getpid()}) == 3


def test_the_first_task_of_a_program_does_not_wait_for_what_gets_warm_meanwhile() -> None:
    program = (
        "from pipeline.runs.records.progress import Progress\n"
        "from pipeline.runs.processes.tasks import in_first, in_fork\n"
        "from pipeline.texts import load_texts\n"
        "from tests.runs.processes.test_tasks import loaded\n"
        "progress = Progress.silent(load_texts('zh'))\n"
        "print([call(loaded, progress=progress) for call in (in_first, in_fork, in_first)])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, cwd=ROOT, encoding="utf-8", check=False)
    assert done.stdout.strip() == "[False, True, True]", done.stderr


def test_what_gets_warm_for_nobody_is_ended() -> None:
    program = (
        "from contextlib import suppress\n"
        "from multiprocessing import forkserver\n"
        "from pathlib import Path\n"
        "from pipeline.runs.processes.forks import until_warm\n"
        "from pipeline.runs.records.progress import Progress\n"
        "from pipeline.runs.processes.tasks import in_first, in_fork\n"
        "from pipeline.texts import load_texts\n"
        "from tests.runs.processes.test_tasks import loaded, whoami\n"
        "progress = Progress.silent(load_texts('zh'))\n"
        "with suppress(ZeroDivisionError), until_warm():\n"
        "    in_first(whoami, progress=progress)\n"
        "    server = forkserver._forkserver._forkserver_pid\n"
        "    1 / 0\n"
        "print(Path(f'/proc/{server}').exists(), in_fork(loaded, progress=progress))\n"
        "with suppress(ZeroDivisionError), until_warm():\n"
        "    server = forkserver._forkserver._forkserver_pid\n"
        "    1 / 0\n"
        "print(Path(f'/proc/{server}').exists())\n"  # it was there before, and others may need it
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, cwd=ROOT, encoding="utf-8", check=False)
    assert done.stdout.split() == ["False", "True", "True"], done.stderr


def test_ctrl_c_while_a_process_is_started_ends_that_process() -> None:
    program = (
        "import os, signal\n"
        "from multiprocessing.process import BaseProcess\n"
        "from pipeline.runs.records.progress import Progress\n"
        "from pipeline.runs.processes.tasks import in_fork\n"
        "from pipeline.texts import load_texts\n"
        "from tests.runs.processes.test_tasks import linger\n"
        "start = BaseProcess.start\n"
        "BaseProcess.start = lambda process: (start(process), os.kill(os.getpid(), signal.SIGINT))\n"
        "try: in_fork(linger, progress=Progress.silent(load_texts('zh')))\n"
        "except KeyboardInterrupt: print('stopped')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, cwd=ROOT, encoding="utf-8", check=False, timeout=30
    )
    assert done.stdout.splitlines()[-1] == "stopped", done.stderr


def test_the_server_ends_with_its_program_and_nobody_waits_for_it(tmp_path: Path) -> None:
    """By itself it would first clear away all that it has imported, which takes half a second."""
    program = (
        "from multiprocessing import forkserver\n"
        "from pipeline.runs.records.progress import Progress\n"
        "from pipeline.runs.processes.tasks import in_fork\n"
        "from pipeline.texts import load_texts\n"
        "from tests.runs.processes.test_tasks import loaded\n"
        "in_fork(loaded, progress=Progress.silent(load_texts('zh')))\n"
        "print(forkserver._forkserver._forkserver_pid)\n"
    )
    with (tmp_path / "told").open("w+", encoding="utf-8") as told:  # a file: the server too holds what is written to
        subprocess.run([sys.executable, "-c", program], stdout=told, cwd=ROOT, check=True)
        told.seek(0)
        assert command_line(int(told.read())) == b""


@pytest.mark.skipif(sys.platform != "linux", reason="the system ends no process with the one that started it")
def test_the_first_process_ends_with_its_program() -> None:
    program = (
        "from pipeline.runs.records.progress import Progress\n"
        "from pipeline.runs.processes.tasks import in_first\n"
        "from pipeline.texts import load_texts\n"
        "from tests.runs.processes.test_tasks import linger\n"
        "in_first(linger, progress=Progress.silent(load_texts('zh')))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, cwd=ROOT, encoding="utf-8"
    ) as running:
        assert running.stdout is not None
        lingering = int(running.stdout.readline())
        running.kill()
    until = time.monotonic() + 20
    while Path(f"/proc/{lingering}").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not Path(f"/proc/{lingering}").exists()


@pytest.mark.parametrize(
    "error",
    [
        ValueError("no"),
        RunFailed("run.cell_failed", trace="where", notebook="1_ingest", cell=3),
        NoSuchQuarter("parameter.no_quarter", seen="2021Q4"),
        PermissionError(13, "Permission denied", "report.html"),
    ],
)
def test_an_error_comes_back_as_it_was_raised(error: Exception, progress: Progress) -> None:
    with pytest.raises(type(error)) as caught:
        in_fork(fail, error, progress=progress)
    assert str(caught.value) == str(error)
    assert "in fail" in caught.value.__notes__[0]
    if isinstance(error, SpokenError):
        assert isinstance(caught.value, SpokenError)
        assert (caught.value.key, caught.value.values) == (error.key, error.values)
    if isinstance(error, OSError):
        assert isinstance(caught.value, OSError)
        assert caught.value.filename == "report.html"
    if isinstance(error, RunFailed):
        assert isinstance(caught.value, RunFailed)
        assert caught.value.trace == "where"


class OfTwoWords(Exception):
    """An error that cannot be made again from its text."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(f"{first} and {second}")


class OfALock(Exception):
    """An error that holds what no other process can have."""

    def __init__(self) -> None:
        super().__init__("held")
        self.lock = threading.Lock()


def fail_by(name: str, _: Progress) -> None:
    raise {"two": OfTwoWords("one", "other"), "lock": OfALock()}[name]


@pytest.mark.parametrize(
    ("name", "error", "reason"), [("two", "OfTwoWords", "one and other"), ("lock", "OfALock", "held")]
)
def test_an_error_that_does_not_travel_keeps_its_words(name: str, error: str, reason: str, progress: Progress) -> None:
    with pytest.raises(RunFailed) as caught:
        in_fork(fail_by, name, progress=progress)
    assert (caught.value.key, caught.value.values) == ("run.task_raised", {"error": error, "reason": reason})
    assert "in fail_by" in caught.value.trace


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_task_that_dies_is_an_error(number: int, progress: Progress) -> None:
    with pytest.raises(TaskDied) as caught:
        in_fork(die, number, progress=progress)
    assert caught.value.values == {"status": -number}


def test_the_first_failure_stops_the_others(progress: Progress) -> None:
    begun = time.monotonic()
    with pytest.raises(ValueError, match="first"):
        in_forks([Task(sleep, (60.0,)), Task(fail, (ValueError("first"),))], 2, progress)
    assert time.monotonic() - begun < 50
    assert left_over() == []


def test_the_environment_is_as_it_was_after_a_process_has_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    with one_thread():
        assert (os.environ["OMP_NUM_THREADS"], os.environ["OPENBLAS_NUM_THREADS"]) == ("3", "1")
    assert os.environ["OMP_NUM_THREADS"] == "3"
    assert "OPENBLAS_NUM_THREADS" not in os.environ


PROGRAM = """
import sys
sys.path.insert(0, {root!r})
from pipeline.runs.records.progress import ERASE_LINE, Progress
from pipeline.runs.processes.tasks import Task, in_forks
from pipeline.texts import load_texts
from tests.runs.processes.test_tasks import nap_in_a_copy
print("begun", flush=True)
in_forks([Task(nap_in_a_copy, ()), Task(nap_in_a_copy, ())], 2, Progress(sys.stdout, load_texts("en"), 9))
"""


def nap_in_a_copy(progress: Progress) -> None:
    in_fork(nap, progress=progress)


def nap(progress: Progress) -> None:
    progress.begin("page")
    time.sleep(60)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_no_process_outlives_the_program(number: int) -> None:
    """Ctrl-C and a sudden end, while two tasks wait for copies of themselves."""
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM.format(root=str(ROOT))], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert program.stdout is not None
    begun = [program.stdout.readline() for _ in range(3)]
    assert all(begun), program.stderr.read() if program.stderr else ""
    below = descendants(program.pid)
    assert len(below) >= 4, "two tasks and their copies"
    program.send_signal(number)
    program.wait(30)
    program.stdout.close()
    until = time.monotonic() + 30
    while any(command_line(pid) for pid in below) and time.monotonic() < until:
        time.sleep(0.1)
    assert [pid for pid in below if command_line(pid)] == []


def whose_copy(_: object) -> tuple[int, str]:
    return os.getppid(), str(fork_context().get_start_method())


def ask_a_copy(_: Progress) -> tuple[int, tuple[int, str], str]:
    """As a job whose store begins threads before its report is made."""
    over = threading.Event()
    waiting = threading.Thread(target=over.wait)
    with copied_beforehand() as do:
        waiting.start()
        found, own = do(whose_copy, None), str(fork_context().get_start_method())
        over.set()
        waiting.join()
    return os.getpid(), found, own


def end_at_once(_: object) -> None:
    os._exit(7)


def test_a_copy_made_beforehand_has_none_of_the_threads_that_began_since(progress: Progress) -> None:
    job, (parent, copies_by), own = in_fork(ask_a_copy, progress=progress)
    assert parent == job, "a copy of the job itself, not of a server that has imported everything anew"
    assert (copies_by, own) == ("fork", "forkserver")
    assert left_over() == []


def test_a_copy_made_beforehand_that_ends_is_told_and_one_that_is_not_needed_goes() -> None:
    with copied_beforehand() as do, pytest.raises(TaskDied):
        do(end_at_once, None)
    with copied_beforehand():
        pass
    with copied_beforehand() as do:
        do(whose_copy, None)
        with pytest.raises(RuntimeError):
            do(whose_copy, None)
    assert left_over() == []
