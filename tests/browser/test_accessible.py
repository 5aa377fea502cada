"""axe-core finds no violation: every page, both languages, light and dark, wide and on a phone, every fold open.

A look takes up to a quarter of a minute, so every pair of width and light is looked at in one language.
"""

from pathlib import Path
from typing import Any

import pytest

from tests.browser.axe import violations, violations_in
from tests.browser.inspector import OpenPage
from tests.browser.published import PAGES, Published

pytestmark = pytest.mark.browser

LOOKS = {  # width, and in what light one after the other; another language changes neither colours nor places
    "zh": ((1440, ("light", "dark")), (390, ("light",))),
    "en": ((390, ("dark",)),),
}
PAGE_WITH_FAULTS = """<!doctype html><html lang="zh-CN"><title>页</title><main><h1>页</h1><img src="data:,">
<p style="color: #ccc; background: #fff">浅色的字</p><table><tbody>{rows}</tbody></table></main>"""


@pytest.mark.parametrize("name", PAGES)
def test_no_violation(chromium: Any, published: Published, name: str) -> None:
    for width, lights in LOOKS[published.lang]:
        is_dark = lights[0] == "dark"
        with OpenPage(chromium, published.page(name), width=width, dark=is_dark, bypass_csp=True) as opened:
            found = violations_in(opened.page, *lights)
        assert not found, "\n".join([f"{name} at {width} px:", *found])


def test_a_fault_of_the_dark_is_found_in_a_page_that_was_light(chromium: Any, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    dark = "<style>@media (prefers-color-scheme: dark) { p { color: #333 !important; background: #222 !important } }"
    faulty = PAGE_WITH_FAULTS.replace("#ccc", "#000").replace('<img src="data:,">', "").replace("{rows}", "")
    page.write_text(faulty.replace("<main>", f"{dark}</style><main>"), encoding="utf-8")
    with OpenPage(chromium, page, bypass_csp=True) as opened:
        (found,) = violations_in(opened.page, "light", "dark")
    assert found.startswith("dark: color-contrast ")


def test_the_largest_page_has_none_with_all_of_its_rows(chromium: Any, published: Published) -> None:
    if published.lang != "zh":
        pytest.skip("once is enough: the other language has the same rows")
    with OpenPage(chromium, published.page("report"), bypass_csp=True) as opened:
        assert violations(opened.page, is_thinned=False) == []


def test_a_fault_is_found_in_a_thinned_page_too(chromium: Any, tmp_path: Path) -> None:
    rows = (
        "<tr><th scope='row'>甲</th><td>1</td></tr>" * 3
        + "<tr><th scope='row'>乙</th><td style='color:#ddd'>很浅的字</td></tr>"
    )
    page = tmp_path / "page.html"
    page.write_text(PAGE_WITH_FAULTS.replace("{rows}", rows), encoding="utf-8")
    with OpenPage(chromium, page, bypass_csp=True) as opened:
        found = violations(opened.page)
        assert opened.page.locator("tr").count() == 2
    assert sorted({line.partition(" ")[0] for line in found}) == ["color-contrast", "image-alt"]
    assert sum(line.startswith("color-contrast") for line in found) == 2
