"""What tests of any room may ask for."""

import os
import pickle
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import settings

import pipeline.runs.processes.lean  # noqa: F401 - a second of each process of the tests, as of each report; `Thrift` ends it
from pipeline.catalog import load_catalog
from pipeline.ingest.bureau import Reading
from pipeline.ingest.reading import read_bureau
from pipeline.texts import load_texts
from tests.browser.published import made_once
from tests.generator import Truth, generate_bureau
from tests.units import LongestFirst, Thrift, Watch, mark_what_is_no_unit

pd.set_option(
    "mode.string_storage", "python"
)  # as in a report (`pipeline.runs.quarter.warm`); scoring takes a third less
# A slow machine is no failure, and the same commit gives the same verdict twice.
settings.register_profile("ronghe", deadline=None, derandomize=True)
settings.load_profile("ronghe")

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "microsoft-edge", "msedge")


def pytest_configure(config: pytest.Config) -> None:
    """See to it that a test of functions stays one, that no file is read in vain, that the longest begin first."""
    config.pluginmanager.register(Watch())
    config.pluginmanager.register(Thrift())
    config.pluginmanager.register(LongestFirst())
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # by a shell that runs the tests behind &
        signal.signal(signal.SIGINT, signal.default_int_handler)  # what tests start must hear it


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that start processes."""
    mark_what_is_no_unit(items)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder of the checkout."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Print a figure, and append it to the file RONGHE_FIGURES: what a process of several prints, nobody sees."""

    def say(line: str) -> None:
        with capsys.disabled():
            print(f"\n{line}")
        if file := os.environ.get("RONGHE_FIGURES"):
            with Path(file).open("a", encoding="utf-8") as stream:
                stream.write(f"{line}\n")

    return say


@pytest.fixture(scope="session")
def session_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this session of tests share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def process_made() -> None:
    """Whatever asks for this has been made by a process: no test of it is a unit."""


@pytest.fixture(scope="session")
def shipped_reading(repository: Path, session_folder: Path, process_made: None) -> Reading:
    """What is read in the sample bureau's workbooks, in one process for all of this session: not to be changed."""

    def read(home: Path) -> None:
        reading = read_bureau(repository / "data" / "raw" / "sample", load_catalog(), load_texts("zh"))
        (home / "reading.pickle").write_bytes(pickle.dumps(reading))

    home = made_once(session_folder / "shipped_reading", read)
    return pickle.loads((home / "reading.pickle").read_bytes())


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Truth:
    """The shipped sample, made anew: not to be changed."""
    return generate_bureau(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="session")
def browser() -> str:
    """Path of a Chromium or Edge; without one the test is skipped, or fails if RONGHE_REQUIRE_BROWSER is set."""
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    reason = f"no browser on the path (looked for {', '.join(BROWSERS)})"
    if os.environ.get("RONGHE_REQUIRE_BROWSER"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def corpus(repository: Path) -> Path:
    """A folder of foreign workbooks: RONGHE_CORPUS, or shared/corpus beside the checkout; skipped without one."""
    folder = Path(os.environ.get("RONGHE_CORPUS", repository.parent / "shared" / "corpus"))
    if not folder.is_dir():
        pytest.skip("no folder of foreign workbooks: set RONGHE_CORPUS to one to run this test")
    return folder
