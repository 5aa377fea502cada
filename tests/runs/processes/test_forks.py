"""What is heard of a process that dies, whatever it was doing."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from pipeline.runs.processes.forks import Fork

ROOT = Path(__file__).resolve().parents[3]


def read_nothing(pipe: Connection) -> None:
    pipe.send_bytes(b"begun")
    time.sleep(60)


@pytest.fixture
def fork() -> Iterator[Fork]:
    started = Fork(read_nothing)
    yield started
    started.kill()


def python(*arguments: str, cwd: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run a program in a fresh Python, in the folder ``cwd`` and with these variables besides."""
    environment = {**os.environ, **variables}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, encoding="utf-8", check=False)


@pytest.mark.parametrize("unread", [0, 1])
def test_the_end_of_a_process_is_the_end_of_its_messages(unread: int, fork: Fork) -> None:
    """The system resets the pipe of one that had not read everything, and closes that of any other."""
    assert fork.receive(60) == b"begun"
    for _ in range(unread):
        fork.pipe.send_bytes(b"a cell")
    os.kill(fork.pid, signal.SIGKILL)
    with pytest.raises(EOFError):
        fork.receive(60)
    assert fork.status() == -signal.SIGKILL


def test_a_server_that_ends_while_it_is_asked_for_a_copy_is_a_process_that_died(tmp_path: Path) -> None:
    program = (
        "import os, signal, time\n"
        "from multiprocessing import forkserver\n"
        "from pathlib import Path\n"
        "from pipeline.runs.records.failures import TaskDied\n"
        "from pipeline.runs.processes.forks import starting\n"
        "from pipeline.runs.records.progress import Progress\n"
        "from pipeline.runs.processes.tasks import in_fork\n"
        "from pipeline.texts import load_texts\n"
        "from tests.runs.processes.test_tasks import loaded, whoami\n"
        "progress = Progress.silent(load_texts('zh'))\n"
        "in_fork(whoami, progress=progress)\n"
        "server = forkserver._forkserver._forkserver_pid\n"
        "os.kill(server, signal.SIGSTOP)\n"  # it takes the call, and never answers
        "os.fork() or (time.sleep(1), os.kill(server, signal.SIGKILL), os._exit(0))\n"
        "try:\n"
        "    in_fork(whoami, progress=progress)\n"
        "except TaskDied as died:\n"
        "    print(died.key, in_fork(loaded, progress=progress))\n"
        "print(list(Path(os.environ['TMPDIR']).glob('ronghe-task-*')))\n"
    )
    done = python("-c", program, cwd=ROOT, TMPDIR=str(tmp_path))
    assert done.stdout == "run.task_died True\n[]\n", done.stderr


def test_what_lies_in_the_current_folder_is_no_module_of_the_server_or_its_copies(tmp_path: Path) -> None:
    """The server is started as ``python -c``, which would look there first, where a person keeps workbooks."""
    told, current, script = tmp_path / "told", tmp_path / "workbooks", tmp_path / "bin" / "program.py"
    for folder in (current, script.parent):
        folder.mkdir()
    for name in ("multiprocessing", "selectors", "pandas", "random"):
        (current / f"{name}.py").write_text(f"open({str(told)!r}, 'a').write({name!r})", encoding="utf-8")
    program = (
        "from pipeline.runs.records.progress import Progress\n"
        "from pipeline.runs.processes.tasks import in_first, in_fork\n"
        "from pipeline.texts import load_texts\n"
        "from tests.runs.processes.test_tasks import loaded, whoami\n"
        "progress = Progress.silent(load_texts('zh'))\n"
        "in_first(whoami, progress=progress)\n"
        "print(in_fork(loaded, progress=progress))\n"
    )
    script.write_text(program, encoding="utf-8")
    done = python(str(script), cwd=current, PYTHONPATH=str(ROOT))
    assert done.stdout == "True\n", done.stderr
    assert not told.exists(), told.read_text()
