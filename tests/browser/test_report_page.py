"""The sample bureau's report as a manager opens it: wide, on a phone, in the dark, on paper; without a network."""

import os
from pathlib import Path
from typing import Any

from pipeline.catalog import load_catalog
from pipeline.ingest.reading import read_bureau
from pipeline.texts import load_texts
from tests.browser.inspector import inspect_page, print_page
from tests.browser.published import Published
from tests.leaks import find_leaks, kept_texts, private_words

CHARTS_AT_LEAST = 6  # a forest plot, and in the appendix a lag profile, for each of six results
LOOKS = {  # width, dark; the other language changes neither colours nor what is drawn
    "zh": ((1440, False), (390, False), (1440, True), (390, True)),
    "en": ((1440, False), (390, True)),
}
BYTES_AT_MOST = 2_500_000  # a page that goes through a chat


def test_the_report_opens_anywhere(chromium: Any, published: Published, repository: Path, tmp_path: Path) -> None:
    assert published.page("report").stat().st_size <= BYTES_AT_MOST
    shots = Path(os.environ.get("RONGHE_SCREENSHOTS", tmp_path))
    shots.mkdir(parents=True, exist_ok=True)
    for name in ("report", "appendix"):
        check_page(chromium, published.page(name), shots, published.lang)
    check_no_member_is_named(repository, published.folder.parent)  # with the library beside it


def check_page(chromium: Any, page: Path, shots: Path, lang: str) -> None:
    """Open a page wide, on a phone and in the dark, and print it: every chart is drawn, nothing cut off or fetched."""
    for width, dark in LOOKS[lang]:
        shot = shots / f"{page.stem}_{lang}_{width}{'_dark' if dark else ''}.png"
        seen = inspect_page(chromium, page, width, dark=dark, screenshot=shot)
        assert seen.charts_declared >= CHARTS_AT_LEAST
        assert seen.charts_drawn == seen.charts_declared
        assert (seen.overflow_px, seen.console, seen.requests, seen.chart_links) == (0, [], [], 0)
    printed = print_page(chromium, page, shots / f"{page.stem}_{lang}.pdf")
    assert printed.charts_drawn == printed.charts_declared
    assert (printed.console, printed.requests) == ([], [])


def check_no_member_is_named(repository: Path, folder: Path) -> None:
    """Search every published file, unpacked where it is packed, for what the data dictionary keeps from managers."""
    raw = repository / "data" / "raw" / "sample"
    reading = read_bureau(raw, load_catalog(), load_texts("zh"))
    words = private_words(reading, raw) | kept_texts(reading, load_catalog())
    assert len(words) > 1000
    assert find_leaks(folder, words) == []
