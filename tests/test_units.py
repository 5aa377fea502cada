"""A unit that starts a process fails, whoever starts it; who starts one says so, or stands where that is known."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.units import BENCHMARK, LONGEST, PLACES, TESTS, WITH_PROCESSES, LongestFirst, Thrift

CONFTEST = """
from tests.units import Watch, mark_what_is_no_unit


def pytest_configure(config):
    config.addinivalue_line("markers", "process: starts a process")
    config.pluginmanager.register(Watch())


def pytest_collection_modifyitems(items):
    mark_what_is_no_unit(items)
"""
CASES = """
import multiprocessing
import os
import subprocess
import sys

import pytest


def start():
    subprocess.run([sys.executable, "-c", ""], check=True)


@pytest.fixture
def begun():
    start()


@pytest.fixture
def process_made():
    pass


def test_quiet():
    pass


def test_command():
    start()


def test_fixture(begun):
    pass


def test_quiet_after_another():
    pass


def test_pool():
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        pool.map(abs, [1])


def test_server():
    server = multiprocessing.get_context("forkserver")
    process = server.Process(target=abs, args=(1,))
    process.start()
    process.join()


def test_swallowed():
    try:
        os.system("true")
    except BaseException:
        pass


@pytest.mark.process
def test_told():
    start()


def test_told_by_its_fixture(process_made):
    start()
"""
MARKED = re.compile(r"^@pytest\.mark\.benchmark\n(?:@.*\n)*def test_", re.MULTILINE)


@pytest.mark.process
def test_a_process_in_a_unit_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    (tmp_path / "test_cases.py").write_text(CASES, encoding="utf-8")
    options = ("-rE", "-p", "no:cacheprovider", "--rootdir", str(tmp_path))
    command = [sys.executable, "-m", "pytest", *options, str(tmp_path)]
    done = subprocess.run(command, cwd=TESTS.parent, capture_output=True, encoding="utf-8", check=False)
    failed = set(re.findall(r"^ERROR \S+::(\w+)", done.stdout, re.MULTILINE))
    assert failed == {"test_command", "test_fixture", "test_pool", "test_server", "test_swallowed"}, done.stdout
    assert "9 passed, 5 errors" in done.stdout
    assert "pytest.mark.process" in done.stdout


class Found(pytest.Item):
    """A test that has a place and is never run."""

    def runtest(self) -> None:
        raise NotImplementedError


def test_the_longest_begin_first_and_units_come_last(request: pytest.FixtureRequest) -> None:
    def found(place: str, *marks: str) -> pytest.Item:
        item: pytest.Item = Found.from_parent(request.session, name=place, path=TESTS / place)
        for mark in marks:
            item.add_marker(mark)
        return item

    line = [
        *(found("points/test_work.py"), found("tools/test_mutate.py", "process"), found("test_cli.py")),
        *(found("browser/test_page.py", "process"), found("faults/test_deaths.py", "process")),
    ]
    LongestFirst().pytest_collection_modifyitems(line)
    assert [item.name for item in line] == [
        *("faults/test_deaths.py", "browser/test_page.py", "tools/test_mutate.py"),
        *("points/test_work.py", "test_cli.py"),
    ]


@pytest.mark.parametrize(
    ("wanted", "unread"),
    [
        ("not process and not benchmark", {"browser", "runs/processes/test_forks.py", "benchmarks"}),
        ("not benchmark", {"benchmarks"}),
        ("process and not benchmark", {"benchmarks"}),
        ("benchmark", set()),
        ("", set()),
    ],
)
def test_what_the_marks_leave_out_is_not_even_read(
    wanted: str, unread: set[str], pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pytestconfig.option, "markexpr", wanted)
    places = (
        "browser",
        "runs/processes/test_forks.py",
        "benchmarks",
        "runs",
        "runs/quarter/test_quarter.py",
        "test_units.py",
    )
    assert {place for place in places if Thrift().pytest_ignore_collect(TESTS / place, pytestconfig)} == unread


def test_every_test_of_a_place_that_may_stay_unread_has_its_mark(repository: Path) -> None:
    for place in PLACES[BENCHMARK]:
        for file in (TESTS / place).rglob("test_*.py"):
            text = file.read_text(encoding="utf-8")
            assert len(re.findall(r"^def test_", text, re.MULTILINE)) == len(MARKED.findall(text)), file


@pytest.mark.parametrize("place", [*WITH_PROCESSES, *LONGEST])
def test_a_place_that_is_named_is_there(place: str) -> None:
    assert (TESTS / place).exists()
