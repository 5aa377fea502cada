"""A running browser for the tests of this folder."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.inspector import launch_chromium


@pytest.fixture(scope="session")
def chromium(browser: str) -> Iterator[Any]:
    """A headless Chromium that reaches no network; ``browser`` skips, or fails where a browser is demanded."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra: browser)")
    with sync_api.sync_playwright() as playwright:
        running = launch_chromium(playwright, browser)
        yield running
        running.close()
