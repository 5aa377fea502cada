"""The pages in Firefox: everything is drawn, nothing is said or fetched, and what can be chosen is followed."""

from pathlib import Path

import pytest

from tests.browser.firefox import Firefox
from tests.browser.inspector import PAGE_FACTS
from tests.browser.published import PAGES, Published

pytestmark = pytest.mark.browser

WIDTHS = (1440, 390)
FOLDS = "[...document.querySelectorAll('details.fold')].filter(fold => fold.open).length"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_whole(firefox: Firefox, published: Published, name: str) -> None:
    for width in WIDTHS:
        firefox.open(published.page(name), width)
        seen = firefox.evaluate(f"({PAGE_FACTS})()")
        assert seen["drawn"] == seen["declared"]
        assert (seen["overflow"], firefox.messages(), firefox.requests()) == (0, [], [])


def test_a_fold_opens_by_a_click(firefox: Firefox, published: Published) -> None:
    firefox.open(published.page("report"), 1440)
    assert firefox.evaluate(FOLDS) == 0
    firefox.evaluate("document.querySelector('details.fold summary').click()")
    assert firefox.evaluate(FOLDS) == 1


def test_the_choice_is_followed_by_keyboard(firefox: Firefox, published: Published) -> None:
    firefox.open(published.page("report"), 1440)
    rows = "[...document.querySelectorAll('tr[data-group]')].filter(row => !row.hidden).length"
    before = firefox.evaluate(rows)
    firefox.evaluate("document.querySelector('.choices select[name=group]').focus()")
    firefox.press("\ue015")  # the arrow down
    firefox.wait_for("location.hash.includes('group=')")
    assert 0 < firefox.evaluate(rows) < before
    firefox.evaluate("document.querySelector('.choices .show-all').click()")
    assert firefox.evaluate(rows) == before
    assert firefox.messages() == []


def test_a_fault_is_noticed(firefox: Firefox, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<!doctype html><title>x</title><img src='http://192.0.2.1/x.png'><script>console.error('broken')</script>",
        encoding="utf-8",
    )
    firefox.open(page, 390)
    assert firefox.messages() == ["error: broken"]
    assert firefox.requests() == ["https://192.0.2.1/x.png"]  # Firefox asks the safe address first
