"""What is being read stays where it is while a page opens: a slow phone shows the text a second before the rest."""

from typing import Any

import pytest

from tests.browser.inspector import OpenPage
from tests.browser.published import Published

pytestmark = pytest.mark.browser

PHONE = 390  # px
SLOWER = 4  # times: what Chromium's own tools take for a phone of the middle class
SHIFT_AT_MOST = 0.1  # what Web Vitals call a good page (Cumulative Layout Shift): shares of the screen moved, summed
WATCH = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts.push(entry.value);
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.parametrize("name", ["report", "appendix", "annual", "library"])
def test_nothing_jumps_while_a_phone_opens_the_page(chromium: Any, published: Published, name: str) -> None:
    with OpenPage(chromium, published.page(name), width=PHONE, wait_for_charts=False) as opened:
        page = opened.page
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.add_init_script(WATCH)
        page.reload()
        page.wait_for_selector("html[data-charts=done]")
        assert sum(page.evaluate("window.shifts")) <= SHIFT_AT_MOST
