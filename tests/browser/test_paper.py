"""The pages on A4: charts are lines, heads of tables stand on every sheet, nothing scrolls, nothing is cut off."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.browser.inspector import UNFOLD, OpenPage, print_page
from tests.browser.published import PAGES, Published

pytestmark = pytest.mark.browser

LARGEST_PICTURE_PX = 64  # a colour emoji may be one; a chart drawn as one would be ten times that
A4_POINTS = (595, 842)
# Right after the browser has told the page that it is printed: how many charts can be seen, how many stand there
DRAWN_AT_ONCE = """() => {
  dispatchEvent(new Event('beforeprint'));
  const plots = [...document.querySelectorAll('.plot')].filter((plot) => plot.clientWidth);
  return [plots.length, plots.filter((plot) => plot.querySelector('.cartesianlayer .trace')).length];
}"""
MOST_SHEETS = 29  # of the report, which has 23 (26 in English): it was 52 with everything unfolded
A3_POINTS = (1191, 842)  # the board hangs on a wall
LONGEST_HEAD = """() => [...document.querySelectorAll('main table')]
  .reduce((longest, table) => (table.rows.length > longest.rows.length ? table : longest))
  .tHead.textContent.replace(/\\s+/g, '')"""
# Frames that would have to be moved to be read, and what stands outside the sheet
CUT_OFF = """() => {
  const isCutOff = (part) => {
    const mayScroll = /auto|scroll|hidden/.test(getComputedStyle(part).overflowX);
    if (mayScroll && part.scrollWidth > part.clientWidth + 1) return true;
    return part.getBoundingClientRect().right > document.documentElement.clientWidth + 1;
  };
  return [...document.querySelectorAll('main *')]
    .filter((part) => part.getClientRects().length && !part.closest('.plot, .unseen') && isCutOff(part))
    .map((part) => `${part.tagName} ${part.className} ${part.textContent.trim().slice(0, 40)}`);
}"""


# What is read alike and follows each other in a section, and legends that the numbers of an axis run into
SAID_AGAIN = """() => {
  const seen = [...document.querySelectorAll('.how-to-read')].filter((note) => note.getClientRects().length);
  return seen.filter((note, number) => number && note.textContent === seen[number - 1].textContent
    && note.closest('section') === seen[number - 1].closest('section')).map((note) => note.textContent);
}"""
RUN_INTO = """() => [...document.querySelectorAll('.plot')].filter((plot) => {
  const legend = plot.querySelector('.legend');
  if (!legend || !plot.clientWidth) return false;
  const box = legend.getBoundingClientRect();
  return [...plot.querySelectorAll('.xtick text')].some((name) => {
    const other = name.getBoundingClientRect();
    return other.bottom > box.top + 1 && other.top < box.bottom && other.right > box.left && other.left < box.right;
  });
}).map((plot) => plot.getAttribute('aria-labelledby'))"""

# Where every legend stands in its chart, in px
LEGENDS = """() => [...document.querySelectorAll('.plot')]
  .filter((plot) => plot.clientWidth && plot.querySelector('.legend'))
  .map((plot) => Math.round((plot.querySelector('.legend').getBoundingClientRect().top
    - plot.querySelector('.main-svg').getBoundingClientRect().top) / 4))"""  # a px or two of a font do not count


@pytest.fixture(scope="module")
def sheets(chromium: Any, published: Published, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every page as a PDF, printed once."""
    folder = tmp_path_factory.mktemp("paper")
    printed = {name: folder / f"{name}.pdf" for name in PAGES}
    for name, pdf in printed.items():
        seen = print_page(chromium, published.page(name), pdf)
        assert (seen.console, seen.requests, seen.charts_drawn) == ([], [], seen.charts_declared)
    return printed


def sizes_of(pdf: bytes) -> list[tuple[int, int]]:
    """The sheets of a PDF: width and height in points, rounded."""
    pages = re.findall(rb"/Type /Page\b(?!s).*?/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf, re.DOTALL)
    return [(round(float(width)), round(float(height))) for width, height in pages]


def pictures_of(pdf: bytes) -> list[tuple[int, int]]:
    """The pictures in a PDF: width and height in pixels."""
    found = re.findall(rb"<<[^>]*/Subtype /Image[^>]*>>", pdf, re.DOTALL)
    measures = [(re.search(rb"/Width (\d+)", each), re.search(rb"/Height (\d+)", each)) for each in found]
    return [(int(width[1]), int(height[1])) for width, height in measures if width and height]


def test_charts_are_lines_and_sheets_are_a4(sheets: dict[str, Path]) -> None:
    counts = {}
    for name, file in sheets.items():
        pdf = file.read_bytes()
        sizes = sizes_of(pdf)
        counts[name] = len(sizes)
        assert set(sizes) == {A3_POINTS if name == "board" else A4_POINTS}, name
        assert [size for size in pictures_of(pdf) if max(size) > LARGEST_PICTURE_PX] == [], name
    print("sheets:", ", ".join(f"{name} {count}" for name, count in counts.items()))
    assert counts["board"] == 1
    assert counts["report"] <= MOST_SHEETS
    assert max(counts.values()) <= 40


def test_the_head_of_a_long_table_stands_on_every_sheet(chromium: Any, published: Published, tmp_path: Path) -> None:
    reader, pdf = shutil.which("pdftotext"), tmp_path / "report.pdf"
    if reader is None:
        pytest.skip("no pdftotext (poppler-utils) to read the sheets")
    with OpenPage(chromium, published.page("report")) as opened:
        opened.page.evaluate(UNFOLD)
        head = opened.page.evaluate(LONGEST_HEAD)
        opened.page.pdf(path=pdf, prefer_css_page_size=True)
    text = subprocess.run([reader, "-layout", str(pdf), "-"], capture_output=True, check=True).stdout.decode("utf-8")
    sheets = [re.sub(r"\s+", "", sheet) for sheet in text.split("\f")]
    assert sum(head in sheet for sheet in sheets) > 1


def test_who_prints_before_all_charts_are_drawn_has_them_on_paper(chromium: Any, published: Published) -> None:
    with OpenPage(chromium, published.page("report"), wait_for_charts=False) as opened:
        opened.page.wait_for_function("window.Plotly && document.querySelector('.plot[data-state=drawn]')")
        asked, drawn = opened.page.evaluate(DRAWN_AT_ONCE)
        assert drawn == asked > 10


@pytest.mark.parametrize("name", [name for name in PAGES if name != "board"])
def test_nothing_scrolls_and_nothing_is_cut_off(chromium: Any, published: Published, name: str) -> None:
    with OpenPage(chromium, published.page(name)) as opened:
        opened.page.set_viewport_size({"width": 688, "height": 1000})  # A4 less two margins of 14 mm
        opened.page.evaluate(UNFOLD)
        opened.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        opened.page.emulate_media(media="print")
        assert opened.page.evaluate(CUT_OFF) == []


@pytest.mark.parametrize("name", ["report", "library", "annual"])
def test_lower_charts_keep_their_legends_apart_and_are_explained_once(
    chromium: Any, published: Published, name: str
) -> None:
    with OpenPage(chromium, published.page(name)) as opened:
        opened.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        opened.page.emulate_media(media="print")
        assert opened.page.evaluate(SAID_AGAIN) == []
        assert opened.page.evaluate(RUN_INTO) == []


@pytest.mark.parametrize("name", ["report", "library"])
def test_after_printing_legends_are_where_they_were(chromium: Any, published: Published, name: str) -> None:
    with OpenPage(chromium, published.page(name)) as opened:
        before = opened.page.evaluate(LEGENDS)
        opened.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert opened.page.evaluate(LEGENDS) != before
        opened.page.evaluate("dispatchEvent(new Event('afterprint'))")
        is_back = f"(before) => JSON.stringify(({LEGENDS})()) === JSON.stringify(before)"
        opened.page.wait_for_function(is_back, arg=before)
        assert opened.page.evaluate(RUN_INTO) == []
