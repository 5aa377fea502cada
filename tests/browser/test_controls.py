"""Every control is clicked and every link followed, on every page: nothing breaks, is said or is fetched."""

from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from tests.browser.inspector import UNFOLD, OpenPage
from tests.browser.published import PAGES, Published
from tests.report.html_rules import parsed

pytestmark = pytest.mark.browser

VALUES_OF_A_LIST = 3
SETTLED_MS = 1500  # longer than a smooth scroll
IN_ONE_LANGUAGE = pytest.mark.parametrize("published", ["zh"], indirect=True)  # words change nothing in what is tried
CHART_BUTTONS = 4  # zoom, move, reset, picture: what plotly_bundle.chart_config leaves of plotly's own
# Clicks every link within the page and tells which one left the address or the reader somewhere else
FOLLOW_LINKS = """async () => {
  const lost = [];
  for (const link of document.querySelectorAll("a[href^='#']")) {
    const place = link.hash.slice(1).split(';')[0];
    link.click();
    await new Promise((resolve) => { setTimeout(resolve); }); // the page hears of the new address
    const { top, height } = document.getElementById(place).getBoundingClientRect();
    const isThere = height > 0 && top < innerHeight && location.hash.slice(1).split(';')[0] === place;
    if (!isThere) lost.push(`${link.textContent.trim()} -> ${place}`);
  }
  return lost;
}"""
# Opens and closes every fold that a reader can see, by its summary where that is what lies at its place
FOLD = """() => {
  const stuck = [];
  for (const fold of document.querySelectorAll('details.fold')) {
    const summary = fold.querySelector(':scope > summary');
    if (!summary.checkVisibility({ checkVisibilityCSS: true })) continue; // within another, or about what is not chosen
    for (const isOpen of [true, false]) {
      summary.scrollIntoView({ block: 'center', behavior: 'instant' });
      const { left, top, height } = summary.getBoundingClientRect();
      const isThere = summary.contains(document.elementFromPoint(left + 8, top + height / 2));
      summary.click();
      if (!isThere || fold.open !== isOpen) stuck.push(summary.textContent.trim());
    }
  }
  return stuck;
}"""
# Presses a button if it is what lies at its own place. All in one turn of the page's loop: a chart that is drawn anew
# after the button before it makes its buttons anew, and a press of the mouse in between would hit none
PRESS = """button => {
  button.scrollIntoView({ block: 'center', behavior: 'instant' });
  const { left, top, width, height } = button.getBoundingClientRect();
  const isThere = button.contains(document.elementFromPoint(left + width / 2, top + height / 2));
  button.click();
  return isThere;
}"""


def links_of(page: Path) -> list[str]:
    """Where the links of a page lead, each place once, in reading order."""
    document, _ = parsed(page.read_text(encoding="utf-8"))
    return list(dict.fromkeys(target for link in document.iter("a") if (target := link.get("href")) is not None))


@cache
def places_of(page: Path) -> frozenset[str]:
    """The ids of a page."""
    document, _ = parsed(page.read_text(encoding="utf-8"))
    return frozenset(name for element in document.iter() if (name := element.get("id")) is not None)


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_somewhere(published: Published, name: str) -> None:
    page = published.page(name)
    links = links_of(page)
    assert links
    dead = []
    for link in links:
        file, _, anchor = link.partition("#")
        target = page.parent / unquote(file) if file else page
        if not target.is_file():
            dead.append(f"{link}: no such file beside {page.name}")
        elif anchor and anchor.partition(";")[0] not in places_of(target):
            dead.append(f"{link}: no such place")
    assert dead == []


@IN_ONE_LANGUAGE
@pytest.mark.parametrize("name", PAGES)
def test_links_to_other_pages_open_them(chromium: Any, published: Published, name: str) -> None:
    page = published.page(name)
    others = [link for link in links_of(page) if link.partition("#")[0].endswith(".html")]
    with OpenPage(chromium, page) as opened:
        for link in others:
            opened.page.locator(f'a[href="{link}"]').first.evaluate("link => link.click()")
            opened.page.wait_for_url(f"**/{link.removeprefix('../')}", wait_until="load")
            assert opened.page.locator("h1").inner_text().strip()
            opened.page.go_back(wait_until="load")
        seen = opened.inspection
        assert (seen.console, seen.requests) == ([], [])


@IN_ONE_LANGUAGE
@pytest.mark.parametrize("name", PAGES)
def test_every_link_within_the_page_moves_there(chromium: Any, published: Published, name: str) -> None:
    with OpenPage(chromium, published.page(name), width=390) as opened:
        assert opened.page.evaluate(FOLLOW_LINKS) == []
        assert opened.inspection.console == []


@IN_ONE_LANGUAGE
def test_a_phone_comes_to_the_beginning_of_each_section_that_it_unfolds(chromium: Any, published: Published) -> None:
    """Also upwards and moving smoothly, when a browser would rather hold on to what stood below the folded section."""
    top_of = "place => Math.round(document.getElementById(place).getBoundingClientRect().top)"
    with OpenPage(chromium, published.page("report"), width=390) as opened:
        opened.page.emulate_media(reduced_motion="no-preference")
        for place in ("months", "work", "standings", "audit", "metrics"):
            opened.page.locator(".contents summary").click()
            opened.page.locator(f".contents a[href='#{place}']").click()
            opened.page.wait_for_timeout(SETTLED_MS)
            assert 0 <= opened.page.evaluate(top_of, place) < 200, place


@IN_ONE_LANGUAGE
@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [1440, 390])
def test_every_fold_opens_and_closes(chromium: Any, published: Published, name: str, width: int) -> None:
    with OpenPage(chromium, published.page(name), width=width) as opened:
        for toggle in opened.page.locator(".section-toggle:visible").all():  # on a phone
            toggle.click()
            assert toggle.get_attribute("aria-expanded") == "true"
        assert opened.page.evaluate(FOLD) == []
        opened.page.evaluate(UNFOLD)
        seen = opened.look()
        assert (seen.overflow_px, seen.console, seen.requests) == (0, [], [])


@IN_ONE_LANGUAGE
@pytest.mark.parametrize("name", PAGES)
def test_every_button_of_every_chart_works(chromium: Any, published: Published, name: str) -> None:
    with OpenPage(chromium, published.page(name)) as opened:
        for plot in opened.page.locator(".plot:visible").all():
            buttons = plot.locator(".modebar-btn")
            assert buttons.count() == CHART_BUTTONS
            for button in buttons.all()[:-1]:
                assert button.evaluate(PRESS)
            with opened.page.expect_download() as picture:
                assert buttons.last.evaluate(PRESS)
            assert picture.value.suggested_filename.endswith(".png")
        assert opened.inspection.console == []


@IN_ONE_LANGUAGE
@pytest.mark.parametrize("name", PAGES)
def test_every_choice_and_button_can_be_used(chromium: Any, published: Published, name: str) -> None:
    """Some values of every list are chosen, then every button is pressed; the charts are drawn all the time."""
    with OpenPage(chromium, published.page(name)) as opened:
        opened.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        opened.page.evaluate(UNFOLD)
        for field in opened.page.locator("select").all():
            values = field.locator("option").evaluate_all("options => options.map(option => option.value)")
            for value in values[:: max(1, len(values) // VALUES_OF_A_LIST)]:  # each draws every chart anew
                field.select_option(value)
                assert field.input_value() == value
            field.select_option(index=0)
        for button in opened.page.locator("button:visible:not(.all-folds)").all():
            if button.is_enabled():
                button.click()
        for button in opened.page.locator(".all-folds:visible").all():  # hides the buttons within the folds: the last
            button.click()
            assert opened.page.locator("details.fold[open]").count() == 0
            button.click()
        opened.page.wait_for_timeout(200)  # what a click sets off: a note, a file, a chart
        seen = opened.look()
        assert (seen.overflow_px, seen.console, seen.requests) == (0, [], [])
        assert seen.charts_drawn == seen.charts_declared
