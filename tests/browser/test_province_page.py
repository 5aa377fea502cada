"""The page across bureaus in a browser: finding, sorting, the rest of long tables, links; wide, small, on paper."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.report.province.batched import Entry
from pipeline.report.province.page import render_province_page
from pipeline.report.province.view import BUREAUS
from tests.browser.axe import violations_in
from tests.browser.inspector import OpenPage, inspect_page
from tests.browser.published import SHARED_FOLDER
from tests.report.province_many import many_bureaus
from tests.report.province_material import make_province

NAMES = [f"示例{number:02d}县" for number in range(12)]
LATE, FAILED = Entry("迟县", "late"), Entry("败县", "failed", why="busy")
FIRST_ROWS = 50  # find.js
POINTS = "#comparison table >> nth=0"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the page of twelve bureaus in both languages, the pages it leads to, and a page of 120 bureaus."""
    made = tmp_path_factory.mktemp("figures")
    for lang in ("en", "zh"):
        report = make_province(made / ".processed", NAMES, LATE, FAILED, lang=lang)
        (made / f"{lang}.html").write_text(render_province_page(report), encoding="utf-8")
    if shared := os.environ.get(SHARED_FOLDER):  # for the pictures of every page
        kept = Path(shared) / "province" / "province.html"
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(made / "zh.html", kept)
    many = many_bureaus(report, 10)
    (made / "many.html").write_text(render_province_page(many), encoding="utf-8")
    for name in NAMES:
        for page in ("index.html", "2021Q4/report.html"):
            target = made / name / page
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(f"<!doctype html><title>{name}</title>", encoding="utf-8")
    means = report.tables[BUREAUS].dropna(subset=["points_mean"])["points_mean"]
    (made / ".means").write_text("\n".join(f"{mean:.1f}" for mean in means), encoding="utf-8")
    return made


@pytest.fixture
def opened(chromium: Any, folder: Path) -> Iterator[OpenPage]:
    with OpenPage(chromium, folder / "many.html") as page:
        yield page
        seen = page.look()
        assert (seen.console, seen.requests) == ([], [])


def shown(opened: OpenPage, table: str) -> list[str]:
    """Return the names of the bureaus that a table shows."""
    rows = opened.page.locator(f"{table} >> tbody tr:visible th")
    return [text.strip() for text in rows.all_text_contents()]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_opens_anywhere(chromium: Any, folder: Path, tmp_path: Path, lang: str) -> None:
    page = folder / f"{lang}.html"
    for width, dark in ((1440, False), (390, False), (390, True)):
        pdf = tmp_path / "page.pdf" if (width, dark) == (1440, False) else None
        seen = inspect_page(chromium, page, width, dark=dark, pdf=pdf)
        assert seen.charts_drawn == seen.charts_declared > 0
        assert (seen.overflow_px, seen.console, seen.requests, seen.chart_links) == (0, [], [], 0)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_axe_finds_no_violation(chromium: Any, folder: Path, lang: str) -> None:
    for width in (1440, 390):
        with OpenPage(chromium, folder / f"{lang}.html", width=width, bypass_csp=True) as opened:
            assert violations_in(opened.page, "light", "dark") == []


def test_the_table_shows_what_the_tables_hold(chromium: Any, folder: Path) -> None:
    with OpenPage(chromium, folder / "zh.html") as opened:
        cells = opened.page.locator(f"{POINTS} >> tbody tr td:nth-of-type(2)").all_text_contents()
        assert cells == (folder / ".means").read_text(encoding="utf-8").split("\n")
        assert shown(opened, POINTS) == NAMES


def test_every_link_leads_to_a_page(chromium: Any, folder: Path) -> None:
    with OpenPage(chromium, folder / "zh.html") as opened:
        links = opened.page.locator("main table a").evaluate_all("links => [...new Set(links.map((a) => a.href))]")
        assert len(links) == 2 * len(NAMES)
        for address in links:
            opened.page.goto(address)
            assert opened.page.title() in NAMES


def test_a_long_table_shows_its_beginning_until_all_is_asked_for(opened: OpenPage) -> None:
    assert len(shown(opened, POINTS)) == FIRST_ROWS
    more = opened.page.locator("#comparison .show-rest").first
    assert "120" in str(more.text_content())
    more.focus()
    opened.page.keyboard.press("Enter")
    assert len(shown(opened, POINTS)) == 120
    assert not more.is_visible()


def test_a_bureau_is_found_in_all_tables_at_once_also_beyond_the_first_rows(opened: OpenPage) -> None:
    field = opened.page.get_by_role("searchbox")
    field.fill("示例１19")  # full width, as an input method may leave it
    assert shown(opened, POINTS) == ["示例119县"]
    assert shown(opened, "#comparison table >> nth=1") == ["示例119县"]
    field.fill("没有这个")
    assert shown(opened, POINTS) == []
    assert opened.page.get_by_role("status").filter(has_text="没有名称中含有").is_visible()
    field.fill("")
    assert len(shown(opened, POINTS)) == FIRST_ROWS


def test_columns_sort_with_missing_values_last_by_keyboard_too(opened: OpenPage) -> None:
    page = opened.page
    head = page.locator(f"{POINTS} >> thead th").nth(2)
    values = f"{POINTS} >> tbody tr:visible td:nth-of-type(2)"
    head.locator("button").focus()
    page.keyboard.press("Enter")
    rising = [float(text) for text in page.locator(values).all_text_contents()]
    assert rising == sorted(rising)
    assert head.get_attribute("aria-sort") == "ascending"
    page.keyboard.press("Space")
    falling = [float(text) for text in page.locator(values).all_text_contents()]
    assert falling == sorted(falling, reverse=True)
    assert falling[0] > rising[0]
    assert head.get_attribute("aria-sort") == "descending"


def test_nothing_about_relations_can_be_sorted(opened: OpenPage) -> None:
    assert opened.page.locator("#comparison button.sort").count() > 0
    assert opened.page.locator("#relations button.sort").count() == 0


def test_without_scripts_every_row_is_there_and_no_field(chromium: Any, folder: Path) -> None:
    with OpenPage(chromium, folder / "many.html", javascript=False) as opened:
        assert opened.page.locator(f"{POINTS} >> tbody tr").count() == 120
        assert opened.page.locator(f"{POINTS} >> tbody tr:visible").count() == 120
        assert not opened.page.locator(".find-bureau").is_visible()


def test_a_page_of_few_bureaus_has_no_field(chromium: Any, folder: Path, tmp_path: Path) -> None:
    page = tmp_path / "few.html"
    page.write_text(render_province_page(make_province(tmp_path / "processed", NAMES[:3])), encoding="utf-8")
    with OpenPage(chromium, page) as opened:
        assert not opened.page.locator(".find-bureau").is_visible()
        assert shown(opened, POINTS) == NAMES[:3]
        seen = opened.look()
        assert (seen.console, seen.overflow_px, seen.charts_declared) == ([], 0, 0)
