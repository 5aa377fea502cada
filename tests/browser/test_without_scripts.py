"""Where scripts are off a page still shows every table and every sentence, and says what is missing."""

from typing import Any

import pytest

from tests.browser.inspector import OpenPage
from tests.browser.published import PAGES, Published
from tests.report.html_rules import parsed

pytestmark = pytest.mark.browser

# Words that nobody sees, beside those that only help: a chart's place, a control that would do nothing, a mark on paper
UNSEEN_WORDS = """() => {
  const helping = '.skip, .unseen, .plot, [aria-hidden=true], form, .compare-fields, button, script, style, [hidden]';
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const unseen = [];
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (!text.textContent.trim() || text.parentElement.closest(helping)) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    if (!text.parentElement.checkVisibility({ visibilityProperty: true }) || !range.getClientRects().length) {
      unseen.push(text.textContent.trim().slice(0, 60));
    }
  }
  return unseen;
}"""
# Fields and buttons that would do nothing without the page's script
DEAD_CONTROLS = """() => [...document.querySelectorAll('button, select, input, textarea')]
  .filter(control => control.checkVisibility({ visibilityProperty: true }))
  .map(control => control.outerHTML.slice(0, 100))"""
TABLES = """() => [...document.querySelectorAll('table')]
  .map(table => [...table.rows].filter(row => row.getClientRects().length).length)"""


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [1440, 390])
def test_every_table_and_every_sentence_is_there(chromium: Any, published: Published, name: str, width: int) -> None:
    page = published.page(name)
    document, _ = parsed(page.read_text(encoding="utf-8"))
    with OpenPage(chromium, page, width=width, javascript=False) as opened:
        assert opened.page.evaluate(UNSEEN_WORDS) == []
        assert opened.page.evaluate(TABLES) == [len(list(table.iter("tr"))) for table in document.iter("table")]
        assert opened.page.evaluate(DEAD_CONTROLS) == []
        assert opened.page.locator("details:not([open])").count() == 0
        assert opened.look().overflow_px == 0
        if document.find(".//figure[@class='chart']") is not None:
            assert opened.page.locator("noscript .notice").is_visible()
