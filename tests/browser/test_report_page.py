"""The sample bureau's report as a manager opens it: wide, on a phone, in the dark; without a network."""

from pathlib import Path
from typing import Any

from pipeline.catalog import load_catalog
from pipeline.ingest.bureau import Reading
from tests.browser.inspector import inspect_page
from tests.browser.published import Published
from tests.leaks import find_leaks, kept_texts, private_words

CHARTS_AT_LEAST = 6  # a forest plot, and in the appendix a lag profile, for each of six results
LOOKS = {  # width, dark, each pair once and more; the other language changes neither colours nor what is drawn
    "zh": ((1440, False), (390, False), (1440, True)),
    "en": ((1440, False), (390, True)),
}
BYTES_AT_MOST = 2_500_000  # a page that goes through a chat


def test_the_report_opens_anywhere(
    chromium: Any, published: Published, repository: Path, shipped_reading: Reading
) -> None:
    assert published.page("report").stat().st_size <= BYTES_AT_MOST
    for name in ("report", "appendix"):
        check_page(chromium, published.page(name), published.lang)
    check_no_member_is_named(repository, shipped_reading, published.folder.parent)  # with the library beside it


def check_page(chromium: Any, page: Path, lang: str) -> None:
    """Open a page wide, on a phone and in the dark: every chart is drawn, nothing cut off or fetched.

    How it is on paper stands in `test_paper.py`.
    """
    for width, dark in LOOKS[lang]:
        seen = inspect_page(chromium, page, width, dark=dark)
        assert seen.charts_declared >= CHARTS_AT_LEAST
        assert seen.charts_drawn == seen.charts_declared
        assert (seen.overflow_px, seen.console, seen.requests, seen.chart_links) == (0, [], [], 0)


def check_no_member_is_named(repository: Path, reading: Reading, folder: Path) -> None:
    """Search every published file, unpacked where it is packed, for what the data dictionary keeps from managers."""
    words = private_words(reading, repository / "data" / "raw" / "sample") | kept_texts(reading, load_catalog())
    assert len(words) > 1000
    assert find_leaks(folder, words) == []
