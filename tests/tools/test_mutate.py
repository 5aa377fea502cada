"""The mutation check on a small project of its own: what its tests notice, miss, and never execute."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the mutation check needs a system that can fork")

MODULE = """\
LIMIT = 3


def is_high(value):
    return value > LIMIT


def countdown(value):
    while value > 0:
        value -= 1
    return value


def never_called(value):
    return value + 1
"""
TESTS = """\
from room.numbers import countdown, is_high


def test_high():
    assert is_high(10)
    assert not is_high(3)


def test_countdown():
    assert countdown(2) == 0
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "room").mkdir()
    (tmp_path / "checks").mkdir()
    (tmp_path / "room" / "numbers.py").write_text(MODULE, encoding="utf-8")
    (tmp_path / "checks" / "test_numbers.py").write_text(TESTS, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\npythonpath = .\n", encoding="utf-8")
    return tmp_path


def mutate(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    repository = Path(__file__).resolve().parents[2]
    return subprocess.run(
        [sys.executable, "-m", "tools.mutate", "--source", "room", "--tests", "checks", "--patience", "3", *arguments],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(repository)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_survivors_and_untested_lines_are_named_and_decide_the_exit_status(project):
    run = mutate(project, "numbers", "--fail-under", "100")
    assert run.returncode == 1
    shown = run.stdout
    assert "room/numbers.py:1: survived: 3  ->  4" in shown  # nothing is tested between 3 and 10
    assert "room/numbers.py:1: survived: 3  ->  2" not in shown  # 3 would be high
    assert "room/numbers.py:5:" not in shown
    assert "room/numbers.py:15: untested: value + 1  ->  value - 1" in shown
    module, mutants, noticed, endless, survived, untested, score = shown.splitlines()[-2].split()
    assert (module, untested) == ("all", "4")  # return, +, and 1 up and down
    assert int(mutants) == int(noticed) + int(endless) + int(survived) + int(untested)
    assert int(endless) >= 1  # a countdown that counts up
    assert score == f"{100 * (int(noticed) + int(endless)) / int(mutants):.1f}%"


def test_a_room_whose_faults_are_all_noticed_passes(project):
    (project / "room" / "numbers.py").write_text("def double(value):\n    return value + value\n", "utf-8")
    (project / "checks" / "test_numbers.py").write_text(
        "from room.numbers import double\n\n\ndef test_double():\n    assert double(2) == 4\n", "utf-8"
    )
    assert mutate(project, "--fail-under", "100").returncode == 0


def test_tests_that_fail_by_themselves_prove_nothing(project):
    (project / "checks" / "test_numbers.py").write_text(f"{TESTS}\n\ndef test_wrong():\n    assert False\n", "utf-8")
    failed = mutate(project)
    assert failed.returncode == 1
    assert "fail without a mutant" in failed.stderr


def test_an_unknown_module_is_wrong_usage(project):
    assert mutate(project, "letters").returncode == 2
