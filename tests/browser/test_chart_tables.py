"""The table behind every chart says what the published tables say, to all the digits that it shows."""

from typing import Any

import pytest

from tests.browser.chart_tables import Checks, Expected, charts_of
from tests.browser.inspector import OpenPage
from tests.browser.published import Published
from tests.report.html_rules import parsed, text_of

pytestmark = pytest.mark.browser

PAGES_OF_A_QUARTER = ("report", "appendix", "annual")  # the library has a test of its own


@pytest.mark.parametrize("name", PAGES_OF_A_QUARTER)
def test_every_number_is_that_of_its_table(published: Published, name: str) -> None:
    checks = Checks(published.tables, published.lang)
    charts = charts_of(published.page(name))
    assert charts
    compared = {chart.id: checks.expected(chart) for chart in charts}
    assert [chart for chart, cells in compared.items() if not cells] == []
    assert [cell for cells in compared.values() for cell in cells if not cell.agrees] == []


@pytest.mark.parametrize("published", ["zh"], indirect=True)  # other words are shown in the same way
@pytest.mark.parametrize("name", PAGES_OF_A_QUARTER)
def test_a_reader_sees_that_table(chromium: Any, published: Published, name: str) -> None:
    page = published.page(name)
    document, _ = parsed(page.read_text(encoding="utf-8"))
    written = {
        str(figure.get("id")): [text_of(cell) for row in figure.iter("tr") for cell in row]
        for figure in document.iter("figure")
    }
    with OpenPage(chromium, page) as opened:
        for chart, cells in written.items():
            figure = opened.page.locator(f"#{chart}")
            if not figure.locator("summary").is_visible():
                figure.evaluate("figure => { for (let at = figure; at; at = at.parentElement) at.open = true; }")
            figure.locator("details.fold > summary").click()
            assert figure.locator("table").is_visible()
            shown = figure.locator("th, td").all_inner_texts()
            assert [" ".join(cell.split()) for cell in shown] == cells


@pytest.mark.parametrize(
    ("seen", "value", "agrees"),
    [
        ("12,345.7", 12345.65, True),
        ("12,345.7", 12345.64, False),
        ("−0.3", -0.25, True),
        ("—", float("nan"), True),
        ("—", 1.0, False),
        ("0", float("nan"), False),
        ("x", 1.0, False),
        (1.0000001, 1.0, True),
        (1.001, 1.0, False),
        (float("nan"), float("nan"), True),
    ],
)
def test_a_difference_is_noticed(seen: str | float, value: float, agrees: bool) -> None:
    assert Expected("here", seen, value).agrees is agrees
