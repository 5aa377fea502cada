"""A file on which the making of a copy crashes or hangs harms no other copy."""

import sys
from pathlib import Path

import pytest

from pipeline.ingest.returned import copier as module
from pipeline.ingest.returned.copier import Copier
from tests.hand_made import write_xlsx


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_xlsx(tmp_path / "a.xlsx", {"台账": [["编号"], ["x"]]})


def test_copies_are_made_one_after_the_other_in_one_process(order, source: Path, tmp_path: Path) -> None:
    with Copier() as copier:
        assert copier.make(order(source, tmp_path / "1.xlsx", ("台账", "A2"))) == "made"
        process = copier._process
        assert copier.make(order(source, tmp_path / "2.xlsx", ("台账", "A2"))) == "made"
        assert copier._process is process
    assert process is not None
    assert process.exit_status() == 0
    assert (tmp_path / "1.xlsx").read_bytes() == (tmp_path / "2.xlsx").read_bytes()


def test_a_way_that_does_not_work_leaves_no_file_and_the_process(order, tmp_path: Path, source: Path) -> None:
    (tmp_path / "a.csv").write_text("编号\nx\n", encoding="utf-8")
    with Copier() as copier:
        assert copier.make(order(tmp_path / "a.csv", tmp_path / "1.xlsx", ("a", "A2"))) == "impossible"
        assert copier._process is not None
    assert not (tmp_path / "1.xlsx").exists()


def test_a_crash_is_a_failure_of_one_copy(order, source: Path, tmp_path: Path) -> None:
    with Copier() as copier:
        assert copier.make(order(source, tmp_path / "no such folder" / "1.xlsx", ("台账", "A2"))) == "impossible"
        assert copier.make(order(source, tmp_path / "2.xlsx", ("台账", "A2"))) == "made"


def test_a_hang_is_a_failure_of_one_copy(order, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sleeper.py").write_text("import time\ntime.sleep(60)\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(module, "WORKER", "sleeper")
    with Copier(wall_seconds=0.5) as copier:
        assert copier.make(order(source, tmp_path / "1.xlsx", ("台账", "A2"))) != "made"
        assert copier._process is None


@pytest.mark.skipif(sys.platform == "win32", reason="the system limits no processor time")
def test_an_original_has_less_processor_time(
    order, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = (
        "import time\n"
        "from pipeline.ingest.returned import worker\n"
        "def burn(order, file):\n"
        "    end = time.process_time() + 1\n"
        "    while time.process_time() < end:\n"
        "        pass\n"
        "worker.make_copy, worker.ORIGINAL_CPU_SECONDS = burn, 0.2\n"
        "worker.serve()\n"
    )
    (tmp_path / "burner.py").write_text(script, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(module, "WORKER", "burner")
    with Copier() as copier:
        assert copier.make(order(source, tmp_path / "1.xlsx", ("台账", "A2"), way="plain")) == "exhausted"
        assert copier.make(order(source, tmp_path / "1.xlsx", ("台账", "A2"), way="grid")) == "made"


def test_what_a_library_prints_is_no_answer(
    order, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = (
        "from pipeline.ingest.returned import worker\n"
        "worker.make_copy = lambda order, file: print('52 is out of range', flush=True)\n"
        "worker.serve()\n"
    )
    (tmp_path / "talker.py").write_text(script, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(module, "WORKER", "talker")
    with Copier() as copier:
        assert copier.make(order(source, tmp_path / "1.xlsx", ("台账", "A2"))) == "made"
        assert copier.make(order(source, tmp_path / "2.xlsx", ("台账", "A2"))) == "made"
