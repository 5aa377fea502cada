"""The period library of a hand-made bureau as a manager opens it: values, comparison, links, phone, without scripts."""

import json
import math
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pandas as pd
import pytest

from pipeline.catalog import load_catalog
from pipeline.ingest.store import read_table
from pipeline.report.library.compare_words import difference_text, item_label, notes, remark, value_text
from pipeline.report.library.comparing import Sides, difference, in_parts, items_of
from pipeline.report.library.page import render_library
from pipeline.report.material.numbers import quarter_text
from pipeline.report.page.table_block import format_number
from tests.browser.inspector import OpenPage, inspect_page, print_page
from tests.report.library_material import QUARTERS, entry, library_of
from tests.report.sample_material import GROUPS, sample_report

TABLES = "() => [...document.querySelectorAll('.compare-tables .table-block')].filter((block) => !block.hidden)"
READ_TABLES = (
    f"{TABLES[6:]}.map((block) => [...block.querySelectorAll('tr')]"
    ".map((row) => [...row.cells].map((cell) => cell.textContent.trim())))"
)
READ_CHART_TABLE = (
    "[...document.querySelectorAll('#%s tr')].map((row) => [...row.cells].map((cell) => cell.textContent.trim()))"
)
PAIRS = (  # group number and quarter, of either side
    ((1, "2021Q4"), (3, "2021Q4")),
    ((3, "2021Q4"), (1, "2021Q4")),
    ((1, "2021Q4"), (2, "2020Q3")),
    ((2, "2021Q1"), (2, "2020Q1")),
    ((1, "2021Q1"), (3, "2019Q1")),
    ((3, "2018Q4"), (3, "2021Q4")),
    ((2, "2021Q2"), (2, "2021Q1")),
)
SPRING = "#compare;left=1:2021Q1;right=1:2020Q1;show=volume_xiang"


def texts_of(lang: str) -> Any:
    return sample_report(lang).texts


@pytest.fixture(scope="module", params=["zh", "en"])
def library(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The page, with empty pages of its quarters beside it, and its language."""
    lang, home = str(request.param), tmp_path_factory.mktemp("library")
    told = {quarter: entry(quarter, lang=lang) for quarter in QUARTERS}
    page = home / "figures" / "index.html"
    page.parent.mkdir()
    for quarter, known in told.items():
        (page.parent / quarter).mkdir()
        for name in known.pages:
            back = '<!doctype html><meta charset="utf-8"><title>x</title><a href="../index.html">back</a>'
            (page.parent / quarter / name).write_text(back, encoding="utf-8")
    page.write_text(render_library(library_of(home / "processed", entries=told)), encoding="utf-8")
    return page, lang


def table_of(library: tuple[Path, str], name: str) -> pd.DataFrame:
    return read_table(name, library[0].parent.parent / "processed" / "2021Q4", load_catalog())


@cache
def sides_in(lang: str) -> Sides:
    return Sides(sample_report(lang))


def expected_rows(lang: str, left: tuple[str, str], right: tuple[str, str]) -> list[list[str]]:
    """What a comparison must say of two sides (group, quarter), by the words of Python."""
    sides, texts = sides_in(lang), texts_of(lang)
    material = sides.material
    quarters = [pd.Period(quarter, freq="Q-DEC") for _, quarter in (left, right)]
    rows = items_of(material)
    if all(quarter.quarter == 1 for quarter in quarters):
        rows = in_parts(rows)
    mine, other = (sides.side(group, quarter) for (group, _), quarter in zip((left, right), quarters, strict=True))
    has_others = left[0] == right[0] and sides.has_others(left[0], *quarters)
    found = []
    for item in rows:
        pair = mine[item.code], other[item.code]
        if "not_owned" not in (pair[0].state, pair[1].state):
            is_same_season = quarters[0].quarter == quarters[1].quarter
            gap = difference(item, *pair, is_same_season=is_same_season, has_others=has_others)
            words = remark(item, gap, texts, is_same_group=left[0] == right[0])
            values = [value_text(item, value, material) for value in pair]
            found.append([item_label(item, material), *values, difference_text(item, gap, texts), words])
    return found


def read_tables(opened: OpenPage) -> list[list[list[str]]]:
    return opened.page.evaluate(READ_TABLES)


def go(opened: OpenPage, address: str) -> None:
    opened.page.evaluate("(address) => { location.hash = address; }", address)
    opened.page.wait_for_function("(address) => location.hash === address", arg=address)


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, False), (1440, True)])
def test_it_opens_wide_on_a_phone_and_in_the_dark(
    chromium: Any, library: tuple[Path, str], width: int, dark: bool
) -> None:
    seen = inspect_page(chromium, library[0], width, dark=dark)
    assert (seen.overflow_px, seen.console, seen.requests, seen.chart_links) == (0, [], [], 0)
    if width == 1440:  # on a phone sections wait until they are opened
        assert seen.charts_drawn == seen.charts_declared > 8


def test_it_prints(chromium: Any, library: tuple[Path, str], tmp_path: Path) -> None:
    seen = print_page(chromium, library[0], tmp_path / "library.pdf")
    assert (seen.console, seen.requests) == ([], [])


def test_every_link_leads_to_a_file_and_back(chromium: Any, library: tuple[Path, str]) -> None:
    with OpenPage(chromium, library[0], wait_for_charts=False) as opened:
        links = opened.page.evaluate("[...document.querySelectorAll('a')].map((link) => link.getAttribute('href'))")
        outside = [link for link in links if not link.startswith("#")]
        assert len(outside) == 15
        assert [link for link in outside if not (library[0].parent / link).is_file()] == []
        assert all(
            opened.page.evaluate("(id) => !!document.getElementById(id)", link[1:])
            for link in links
            if link.startswith("#")
        )
        opened.page.click("a[href='2021Q3/report.html']")
        opened.page.wait_for_url("**/2021Q3/report.html")
        opened.page.click("a")
        opened.page.wait_for_url("**/index.html")


def test_the_numbers_behind_the_charts_are_those_of_the_tables(chromium: Any, library: tuple[Path, str]) -> None:
    standings = table_of(library, "standings_by_group_quarter").set_index(["party_group", "quarter"])
    metrics = table_of(library, "metrics_by_group_quarter").set_index(["party_group", "quarter", "metric"])["value"]
    months = table_of(library, "points_by_group_month").set_index(["party_group", "month"])
    with OpenPage(chromium, library[0], wait_for_charts=False) as opened:
        quarters = sorted(standings.index.get_level_values("quarter").unique(), reverse=True)
        shown = opened.page.evaluate(READ_CHART_TABLE % "chart-points-quarter")[1:]
        assert shown == [
            [quarter_text(quarter, texts_of(library[1]))]
            + [
                _cell(standings[name], (group, quarter), 1)
                for name in ("points_mean", "process_mean")
                for group in GROUPS
            ]
            for quarter in quarters
        ]
        shown = opened.page.evaluate(READ_CHART_TABLE % "chart-points-month")[1:]
        newest = sorted(months.index.get_level_values("month").unique(), reverse=True)
        assert [row[1:] for row in shown] == [
            [_cell(months[name], (group, month), 1) for name in ("total_points", "process_points") for group in GROUPS]
            for month in newest
        ]
        shown = opened.page.evaluate(READ_CHART_TABLE % "chart-metric-plan-rate-pct")[1:]
        assert [row[1:] for row in shown] == [
            [_cell(metrics, (group, quarter, "plan_rate_pct"), 1) for group in ("营销管理", "驮卢片区")]
            for quarter in quarters
        ]


def _cell(values: "pd.Series[float]", key: tuple[object, ...], digits: int) -> str:
    value = values.get(key)
    return "—" if value is None or math.isnan(value) else format_number(value, digits)


def test_the_script_says_of_the_first_choice_what_stands_there_without_it(
    chromium: Any, library: tuple[Path, str]
) -> None:
    page = library[0]
    static = re.search(r'<div class="compare-tables">.*?</div></div></div>', page.read_text(encoding="utf-8"), re.S)
    assert static
    with OpenPage(chromium, page, javascript=False) as bare:
        assert bare.page.locator(".compare-fields").is_hidden()
        for group in GROUPS:
            assert bare.page.locator(".compare-tables caption", has_text=group).is_visible()
        written = re.findall(r"<t[hd](?: [^>]*)?>(.*?)</t[hd]>", static[0])
    with OpenPage(chromium, page, wait_for_charts=False) as opened:
        tables = read_tables(opened)
        assert [cell for table in tables for row in table for cell in row] == written
        for group, table in zip(GROUPS, tables, strict=True):
            assert table[1:] == expected_rows(library[1], (group, "2021Q4"), (group, "2020Q4"))


def test_any_two_sides_are_compared_as_in_python(chromium: Any, library: tuple[Path, str]) -> None:
    page, lang = library
    with OpenPage(chromium, page, wait_for_charts=False) as opened:
        for left, right in PAIRS:
            go(opened, f"#compare;left={left[0]}:{left[1]};right={right[0]}:{right[1]}")
            named = [(GROUPS[number - 1], quarter) for number, quarter in (left, right)]
            rows = expected_rows(lang, named[0], named[1])
            opened.page.wait_for_function(f"{READ_TABLES}.length === 1")
            (table,) = read_tables(opened)
            assert table[1:] == rows
            said = opened.page.evaluate(
                "[...document.querySelectorAll('.compare-notes li')].map((li) => li.textContent)"
            )
            first, second = (pd.Period(quarter, freq="Q-DEC") for _, quarter in named)
            wanted = list(notes(first, second, texts_of(lang), is_same_group=left[0] == right[0]))
            assert said[: len(wanted)] == wanted
            assert len(said) == len(wanted) + (left[0] != right[0])  # and what only one side owns
        assert opened.inspection.console == []


def test_a_choice_by_keyboard_changes_tables_chart_and_address(chromium: Any, library: tuple[Path, str]) -> None:
    with OpenPage(chromium, library[0]) as opened:
        page = opened.page
        page.focus("select[name='left-group']")
        page.keyboard.press("ArrowDown")  # from every group to the first: the other side follows
        assert page.input_value("select[name='right-group']") == "1"
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
        assert page.input_value("select[name='left-quarter']") == "2021Q3"
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
        assert unquote(page.evaluate("location.hash")) == "#compare;left=1:2021Q3;right=2:2020Q4;show=points_mean"
        (table,) = read_tables(opened)
        assert table[1:] == expected_rows(library[1], (GROUPS[0], "2021Q3"), (GROUPS[1], "2020Q4"))
        lines = page.evaluate("document.querySelector('#chart-compare .drawing').data.map((trace) => trace.name)")
        assert [name.split(" ")[0] for name in lines] == [GROUPS[0], GROUPS[1]]
        page.select_option("select[name='left-group']", "all")
        assert page.input_value("select[name='right-group']") == "all"
        assert len(read_tables(opened)) == len(GROUPS)
        assert opened.inspection.console == []


def test_an_address_opens_its_comparison_with_the_spring_months_together(
    chromium: Any, library: tuple[Path, str]
) -> None:
    with OpenPage(chromium, library[0]) as opened:
        go(opened, SPRING)
        opened.page.wait_for_function("document.querySelector('#chart-compare .drawing').data.length === 2")
        data = opened.page.evaluate("document.querySelector('#chart-compare .drawing').data.map((t) => [t.x, t.y])")
        panel = table_of(library, "panel").set_index(["party_group", "metric", "month"])["value"]
        values = [
            [panel[(GROUPS[0], "volume_xiang", pd.Period(f"{year}-{month:02d}", "M"))] for month in (1, 2, 3)]
            for year in (2021, 2020)
        ]
        for (_, seen), (january, february, march) in zip(data, values, strict=True):
            assert seen == pytest.approx([january + february, march])
        assert data[0][0] == [texts_of(library[1])("library.place_spring"), texts_of(library[1])("library.place_march")]
        rows = opened.page.evaluate(READ_CHART_TABLE % "chart-compare")
        assert [row[1] for row in rows[1:]] == [format_number(value, 1) for value in data[0][1]]
        top = opened.page.evaluate("document.getElementById('compare').getBoundingClientRect().top")
        assert abs(top) < 200  # the page has gone there


def test_an_address_that_offers_nothing_is_left_out(chromium: Any, library: tuple[Path, str]) -> None:
    with OpenPage(chromium, library[0], wait_for_charts=False) as opened:
        before = read_tables(opened)
        for address in ("#compare;left=9:2021Q9;right=:1999Q9;show=<b>", "#compare;left;right=;=", "#;;", "#compare"):
            opened.page.evaluate("(address) => { location.hash = address; }", address)
            opened.page.wait_for_timeout(100)
            assert read_tables(opened) == before
        assert opened.inspection.console == []


def test_the_bar_narrows_the_trends_and_keeps_the_comparison(chromium: Any, library: tuple[Path, str]) -> None:
    with OpenPage(chromium, library[0]) as opened:
        page = opened.page
        go(opened, SPRING)
        page.select_option(".choices select[name='group']", index=3)
        page.wait_for_function("location.hash.includes('group=') && location.hash.includes('left=')")
        heads = page.evaluate(
            "[...document.querySelectorAll('#chart-points-quarter th[scope=col]')]"
            ".filter((cell) => !cell.hidden).map((cell) => cell.textContent)"
        )
        assert len(heads) == 3  # the quarter, total and process points of one group
        assert all(GROUPS[2] in head for head in heads[1:])
        names = page.evaluate("document.querySelector('#chart-points-quarter .drawing').data.map((t) => t.name)")
        assert set(names) == {GROUPS[2]}
        page.select_option(".choices select[name='from']", value="2021Q3")
        shown = page.evaluate(
            "[...document.querySelectorAll('#quarters tbody tr')].filter((row) => !row.hidden).length"
        )
        assert shown == 2
        (table,) = read_tables(opened)
        assert len(table) == 1 + len(expected_rows(library[1], (GROUPS[0], "2021Q1"), (GROUPS[0], "2020Q1")))


def test_a_phone_shows_the_comparison_as_cards_with_labels(chromium: Any, library: tuple[Path, str]) -> None:
    with OpenPage(chromium, library[0], width=390) as opened:
        go(opened, "#compare;left=1:2021Q4;right=3:2021Q3")
        labels = opened.page.evaluate(
            "[...document.querySelectorAll('.compare-tables .table-block:not([hidden]) tbody tr:first-child td')]"
            ".map((cell) => cell.dataset.label)"
        )
        texts = texts_of(library[1])
        assert labels == [
            *_names((1, "2021Q4"), (3, "2021Q3"), texts=texts),
            texts("library.difference"),
            texts("library.remark"),
        ]
        assert opened.page.locator("#chart-compare .drawing .trace").first.is_visible()
        assert opened.look().overflow_px == 0
        assert opened.inspection.console == []


def _names(*sides: tuple[int, str], texts: Any) -> Sequence[str]:
    return [
        texts("library.side_name", group=GROUPS[group - 1], quarter=quarter_text(pd.Period(quarter, "Q"), texts))
        for group, quarter in sides
    ]


def test_the_data_of_the_comparison_stands_in_the_page_as_inert_text(library: tuple[Path, str]) -> None:
    text = library[0].read_text(encoding="utf-8")
    found = re.search(r'data-comparison="([^"]*)"', text)
    assert found
    data = json.loads(found[1].replace("&quot;", '"').replace("&#x27;", "'").replace("&lt;", "<").replace("&amp;", "&"))
    assert data["groups"] == list(GROUPS)
    assert "<" not in found[1]
