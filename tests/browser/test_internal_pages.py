"""The page of a year and the secretary's page as they open: wide, on a phone, in the dark and on paper."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.catalog import load_catalog
from pipeline.report.annual.headline import annual_frame
from pipeline.report.annual.view import AnnualReport, build_year
from pipeline.report.page.exporter import render_page
from pipeline.report.secretary.page import render_secretary_page
from pipeline.report.secretary.view import build_secretary
from pipeline.texts import load_texts
from tests.browser.inspector import OpenPage, inspect_page
from tests.report.annual.test_annual import SECTIONS
from tests.report.shown import shown
from tests.report.year_material import year_reading, year_tables

QUARTER = "2021Q4"
WIDTHS = ((1440, False), (390, False), (1440, True), (390, True))


def annual_page(lang: str) -> str:
    report: AnnualReport = _built(build_year, lang)
    return render_page(shown(*(section(report) for section in SECTIONS)), annual_frame(report))


def secretary_page(lang: str) -> str:
    return render_secretary_page(_built(build_secretary, lang))


def _built(build: Callable[..., Any], lang: str) -> Any:
    period = pd.Period(QUARTER, "Q-DEC")
    return build(year_reading(), year_tables(QUARTER), period, load_texts(lang), load_catalog())


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("make", [annual_page, secretary_page])
def test_a_page_opens_anywhere(chromium: Any, tmp_path: Path, make: Callable[[str], str], lang: str) -> None:
    page = tmp_path / "page.html"
    page.write_text(make(lang), encoding="utf-8")
    for width, dark in WIDTHS:
        pdf = tmp_path / "page.pdf" if (width, dark) == WIDTHS[0] else None
        seen = inspect_page(chromium, page, width, dark=dark, pdf=pdf)
        assert seen.charts_drawn == seen.charts_declared
        assert (seen.overflow_px, seen.console, seen.requests) == (0, [], [])


def test_the_secretarys_page_is_marked_on_paper_and_prints_what_is_open(chromium: Any, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(secretary_page("zh"), encoding="utf-8")
    with OpenPage(chromium, page) as opened:
        mark = opened.page.locator(".page-mark")
        assert not mark.is_visible()  # on screen the banner says it
        assert opened.page.locator(".banner").is_visible()
        folds = opened.page.locator("details.fold")
        assert opened.page.locator("details.fold[open]").count() == 0
        opened.page.locator("button", has_text="展开全部明细").click()
        assert folds.count() == opened.page.locator("details.fold[open]").count() > 0
        opened.page.wait_for_selector("button:text('收起全部明细')")
        folds.last.locator("summary").click()
        opened.page.emulate_media(media="print")
        opened.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert mark.is_visible()
        assert mark.evaluate("element => getComputedStyle(element).position") == "fixed"  # so on every sheet
        assert folds.first.locator("table").first.is_visible()
        assert not folds.last.is_visible()  # closed: not even its label is printed


def test_a_table_of_many_members_moves_in_its_frame_with_the_names_in_place(chromium: Any, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(secretary_page("zh"), encoding="utf-8")
    with OpenPage(chromium, page, width=390) as opened:
        frame = opened.page.locator("#year .table-frame").first
        name = frame.locator("tbody th").first
        before = name.bounding_box()["x"]
        assert frame.evaluate("element => { element.scrollLeft = 400; return element.scrollLeft; }") > 0
        assert name.bounding_box()["x"] == pytest.approx(before, abs=1)
        assert opened.look().overflow_px == 0
