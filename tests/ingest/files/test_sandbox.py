import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
import weakref
from pathlib import Path

import pytest

from pipeline.ingest.files.childprocess import GOODBYE_SECONDS, ChildProcess
from pipeline.ingest.files.sandbox import WORKER, Reader
from tests.raw_files import xlsx_bytes

ROW = '<row r="1"><c r="A1"><v>{}</v></c></row>'


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(xlsx_bytes(ROW.format(1)))
    return path


def change_worker(folder: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Have every worker run ``code`` before it starts."""
    (folder / "sitecustomize.py").write_text(textwrap.dedent(code), encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(folder))


def reading_does(statement: str) -> str:
    return f"""
    import os
    import pipeline.ingest.files.workbooks as workbooks
    read_file = workbooks.read_file
    class PanicException(BaseException):
        pass
    def fake(path):
        if path.stem == "bad":
            {statement}
        return read_file(path)
    workbooks.read_file = fake
    """


def test_one_worker_reads_many_files(workbook: Path, tmp_path: Path) -> None:
    other = tmp_path / "cut.xlsx"
    other.write_bytes(b"PK\x03\x04")
    with Reader() as reader:
        files = [reader.read(path) for path in (workbook, other, workbook)]
    assert [file.status for file in files] == ["read", "refused", "read"]
    assert files[0].grids[0].rows == ((1,),)
    assert files[0].path == workbook


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("os.abort()", "crashed"),
        ("raise PanicException", "crashed"),
        ("raise ValueError", "crashed"),
        ("bytearray(10**12)", "memory"),
        ("os.write(2, b'memory allocation of 17 bytes failed'); os.abort()", "memory"),
    ],
)
def test_a_file_that_kills_the_worker_is_refused_alone(
    statement: str, code: str, workbook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(b"abc")
    change_worker(tmp_path, monkeypatch, reading_does(statement))
    with Reader() as reader:
        refused, after = reader.read(bad), reader.read(workbook)
    assert (refused.status, refused.reason and refused.reason.code) == ("refused", code)
    assert refused.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert after.status == "read"


def test_the_next_file_is_given_to_the_worker_before_the_one_before_is_handed_out(
    workbook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths, told = [workbook.with_name(f"{number}.xlsx") for number in range(3)], []
    for path in paths:
        path.write_bytes(workbook.read_bytes())
    send = ChildProcess.send

    def send_and_note(worker: ChildProcess, message: bytes, wall_seconds: float) -> None:
        told.append(message)
        send(worker, message, wall_seconds)

    monkeypatch.setattr(ChildProcess, "send", send_and_note)
    with Reader() as reader:
        given = [(file.path, len(told)) for file in reader.read_each(paths)]
    assert given == list(zip(paths, (2, 3, 3), strict=True))


def test_grids_are_let_go_before_those_of_the_next_file_come(workbook: Path) -> None:
    with Reader() as reader:
        files = reader.read_each([workbook, workbook])
        first = weakref.ref(next(files))
        assert first() is None


def test_an_answer_that_nobody_took_is_not_taken_for_another_file(workbook: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.xlsx"
    other.write_bytes(xlsx_bytes(ROW.format(2)))
    with Reader() as reader:
        next(reader.read_each([workbook, workbook]))
        assert reader.read(other).grids[0].rows == ((2,),)


@pytest.mark.skipif(sys.platform == "win32", reason="the system limits no processor time")
def test_what_a_worker_does_after_its_answer_is_no_file_s_fault(
    workbook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_worker(
        tmp_path,
        monkeypatch,
        """
        import gc, time
        import pipeline.ingest.files.limits as limits
        limits.CPU_SECONDS = 1
        def burn():
            end = time.process_time() + 1.5
            while time.process_time() < end:
                pass
        gc.collect = burn
        """,
    )
    with Reader() as reader:
        assert [file.status for file in reader.read_each([workbook] * 3)] == ["read"] * 3
        os.kill(reader._worker.pid, signal.SIGKILL)
        reader._worker.exit_status()
        assert reader.read(workbook).status == "read"


def test_a_process_that_takes_no_message_in_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change_worker(tmp_path, monkeypatch, "import time; time.sleep(60)")
    process = ChildProcess(WORKER)
    assert process.ask(b"x" * 1_000_000, 0.5) is None
    assert process.timed_out
    process.end()


def test_a_worker_that_dies_ahead_costs_only_its_own_file(
    workbook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(b"abc")
    change_worker(tmp_path, monkeypatch, reading_does("os.abort()"))
    order = [bad, workbook, bad, bad, workbook]
    with Reader() as reader:
        files = list(reader.read_each(order))
    assert [file.path for file in files] == order
    assert [file.status for file in files] == ["refused", "read", "refused", "refused", "read"]


def test_who_leaves_off_with_an_answer_outstanding_leaves_no_worker_and_waits_for_none(
    workbook: Path, tmp_path: Path
) -> None:
    large = tmp_path / "large.xlsx"
    large.write_bytes(xlsx_bytes("".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 30_000))))
    with Reader() as reader:
        assert next(reader.read_each([workbook, large, workbook])).path == workbook
        process = reader._worker._process
        time.sleep(1.0)  # until it waits for somebody to take its answer, which a pipe does not hold
        began = time.monotonic()
    assert process.poll() is not None
    assert time.monotonic() - began < GOODBYE_SECONDS


def test_a_file_that_takes_too_long_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change_worker(tmp_path, monkeypatch, reading_does("import time; time.sleep(60)"))
    with Reader(wall_seconds=0.5) as reader:
        file = reader.read(tmp_path / "bad.xlsx")
    assert file.reason is not None
    assert (file.reason.code, file.sha256) == ("timeout", "")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes cannot be watched there without a thread")
def test_no_thread_is_needed(workbook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that finds no memory to begin with is waited for for ever."""

    def fail(_: threading.Thread) -> None:
        raise MemoryError

    change_worker(tmp_path, monkeypatch, reading_does("import time; time.sleep(60)"))
    monkeypatch.setattr(threading.Thread, "start", fail)
    with Reader(wall_seconds=3) as reader:  # also where something else keeps the machine busy
        files = [reader.read(path) for path in (tmp_path / "bad.xlsx", workbook)]
    assert [file.status for file in files] == ["refused", "read"]


@pytest.mark.skipif(sys.platform == "win32", reason="the system limits no processor time")
def test_processor_time_is_limited_for_each_file_anew(
    workbook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    burn = "import time; end = time.process_time() + float(path.suffix[1:].replace('_', '.'))\n" + " " * 12
    burn += "while time.process_time() < end: pass"
    limit = "import pipeline.ingest.files.limits as limits; limits.CPU_SECONDS = 1"
    change_worker(tmp_path, monkeypatch, limit + textwrap.dedent(reading_does(burn)))
    with Reader() as reader:
        files = [reader.read(tmp_path / name) for name in ("bad.0_6", "bad.0_6", "bad.0_6", "bad.5")]
    assert [file.reason and file.reason.code for file in files] == ["unreadable", "unreadable", "unreadable", "timeout"]


def test_no_worker_is_left_behind(workbook: Path) -> None:
    processes = []

    def read_until_interrupted() -> None:
        with Reader() as reader:
            reader.read(workbook)
            processes.append(reader._worker)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_until_interrupted()
    assert processes[0].exit_status() == 0


@pytest.mark.skipif(sys.platform == "win32", reason="signals and /proc")
def test_a_killed_parent_leaves_no_worker(workbook: Path) -> None:
    script = f"""
    import os, signal
    from pathlib import Path
    from pipeline.ingest.files.sandbox import Reader
    reader = Reader()
    reader.read(Path({str(workbook)!r}))
    print(reader._worker.pid, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
    """
    parent = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, check=False, cwd=Path(__file__).parents[3]
    )
    worker = int(parent.stdout)
    for _ in range(100):
        if not is_running(worker):
            return
        time.sleep(0.02)
    pytest.fail(f"the worker {worker} still runs")


def is_running(process: int) -> bool:
    """A zombie, which nobody has waited for yet, runs no more."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_what_lies_in_the_current_folder_is_no_module(
    workbook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(3)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with Reader() as reader:
        assert reader.read(workbook).status == "read"


def test_a_worker_loads_nothing_heavy() -> None:
    """What takes memory of the worker is not there for the file, and what takes time delays the first one."""
    heavy = {"numpy", "pandas", "pyarrow"}
    code = f"import sys, pipeline.ingest.files.worker; print({heavy} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True, cwd=Path(__file__).parents[3]
    )
    assert done.stdout.strip() == "set()"
