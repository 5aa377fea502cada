"""What is being read stays where it is while a page opens: a slow phone shows the text a second before the rest."""

from pathlib import Path
from typing import Any

import pytest

from tests.browser.inspector import DRAW_TIMEOUT_MS, OpenPage
from tests.browser.published import Published

pytestmark = pytest.mark.browser

PHONE = 390  # px
SLOWER = 4  # times: what Chromium's own tools take for a phone of the middle class; it turns idle rounds to be slow
IN_ENGLISH = ("report",)  # whose longer words break into more lines; what may jump is the same on every page
SHIFT_AT_MOST = 0.1  # what Web Vitals call a good page (Cumulative Layout Shift): shares of the screen moved, summed
WATCH = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts.push(entry.value);
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.parametrize("name", ["report", "appendix", "annual", "library"])
def test_nothing_jumps_while_a_phone_opens_the_page(
    chromium: Any, published: Published, name: str, tmp_path: Path
) -> None:
    if published.lang == "en" and name not in IN_ENGLISH:
        pytest.skip("in Chinese alone")
    before = tmp_path / "before.html"
    before.write_text("<!doctype html>", encoding="utf-8")
    with OpenPage(chromium, before, width=PHONE) as opened:
        page = opened.page
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.add_init_script(WATCH)
        page.goto(published.page(name).resolve().as_uri(), timeout=SLOWER * DRAW_TIMEOUT_MS)
        page.wait_for_selector("html[data-charts=done]", timeout=SLOWER * DRAW_TIMEOUT_MS)
        assert sum(page.evaluate("window.shifts")) <= SHIFT_AT_MOST
