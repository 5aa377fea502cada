"""Running browsers and published pages for the tests of this folder."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.firefox import Firefox, demand_firefox
from tests.browser.inspector import launch_chromium
from tests.browser.published import SHARED_FOLDER, Published, made_once, make_report


@pytest.fixture(scope="session")
def chromium(browser: str) -> Iterator[Any]:
    """A headless Chromium that reaches no network; ``browser`` skips, or fails where a browser is demanded."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra: browser)")
    with sync_api.sync_playwright() as playwright:
        running = launch_chromium(playwright, browser)
        yield running
        running.close()


@pytest.fixture(scope="session", params=["zh", "en"])
def published(request: pytest.FixtureRequest, repository: Path, session_folder: Path) -> Published:
    """The published sample report in one language, made once for all tests."""
    lang = str(request.param)
    shared = Path(os.environ.get(SHARED_FOLDER, session_folder / "reports"))
    return Published(made_once(shared / lang, lambda home: make_report(repository, home, lang)), lang)


@pytest.fixture(scope="session")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """A headless Firefox; skipped without one, a failure where RONGHE_REQUIRE_BROWSER asks for browsers."""
    executable = demand_firefox(bool(os.environ.get("RONGHE_REQUIRE_BROWSER")))
    with Firefox(executable, tmp_path_factory.mktemp("firefox")) as running:
        yield running
