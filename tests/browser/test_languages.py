"""A page speaks one language: its headings, its controls, its charts, its numbers and its days."""

import re
from datetime import date
from typing import Any

import pytest

from pipeline.report.material.numbers import date_text
from pipeline.texts import load_texts
from tests.browser.inspector import OpenPage
from tests.browser.published import PAGES, Published
from tests.report.html_rules import parsed, text_of

pytestmark = pytest.mark.browser

BUTTONS = {
    "zh": ["框选放大", "平移", "还原坐标轴", "下载 PNG 图片"],
    "en": ["Zoom", "Pan", "Reset axes", "Download plot as a PNG"],
}
HAN = re.compile("[\u4e00-\u9fff]")
# What stays Chinese on an English page: names from the workbooks, and the units and marks of domain.md
NAMES = re.compile(r"示例\S*|营销管理|专卖综合|驮卢片区|箱|条|万元")
OURS = "h1, h2, h3, caption, summary, button, label, .how-to-read, .chosen, nav a"
NUMBER = re.compile(r"[+−]?\d{1,3}(,\d{3})*(\.\d+)?")


@pytest.mark.parametrize("name", PAGES)
def test_the_page_says_which_language_it_is_in(published: Published, name: str) -> None:
    document, _ = parsed(published.page(name).read_text(encoding="utf-8"))
    assert document.get("lang") == {"zh": "zh-CN", "en": "en"}[published.lang]


@pytest.mark.parametrize("name", [name for name in PAGES if name != "secretary"])  # which is full of members' names
def test_an_english_page_is_english(chromium: Any, published: Published, name: str) -> None:
    if published.lang != "en":
        pytest.skip("of the English pages alone")
    with OpenPage(chromium, published.page(name)) as opened:
        words = opened.page.locator(OURS).evaluate_all("parts => parts.map(part => part.textContent.trim())")
    assert words
    assert [text for text in words if HAN.search(NAMES.sub("", text))] == []


def test_the_charts_have_their_buttons_and_months_in_the_language(chromium: Any, published: Published) -> None:
    with OpenPage(chromium, published.page("report")) as opened:
        buttons = opened.page.locator(".plot:visible").first.locator(".modebar-btn")
        assert [button.get_attribute("data-title") for button in buttons.all()] == BUTTONS[published.lang]
        locale = opened.page.evaluate(
            "Plotly.Plots.graphJson && document.querySelector('.js-plotly-plot')._context.locale"
        )
        assert locale == {"zh": "zh-CN", "en": "en"}[published.lang]
        month = opened.page.evaluate(
            "document.querySelector('.js-plotly-plot')._fullLayout._d3locale.timeFormat('%B')(new Date(2021, 9, 1))"
        )
        assert month == {"zh": "十月", "en": "October"}[published.lang]


@pytest.mark.parametrize("name", ["report", "annual", "appendix"])
def test_numbers_have_separators_and_a_true_minus(published: Published, name: str) -> None:
    document, _ = parsed(published.page(name).read_text(encoding="utf-8"))
    cells = [text_of(cell) for cell in document.iter("td") if "number" in (cell.get("class") or "").split()]
    numbers = [cell.split(" ")[0].rstrip("%") for cell in cells]
    odd = [cell for cell, number in zip(cells, numbers, strict=True) if re.search(r"\d{4,}|-\d", number)]
    assert any(NUMBER.fullmatch(number) for number in numbers)
    assert odd == []


def test_days_are_written_as_the_language_writes_them(published: Published) -> None:
    words = text_of(parsed(published.page("report").read_text(encoding="utf-8"))[0].find("body"))
    assert date_text(date(2021, 12, 31), load_texts(published.lang)) in words
