"""The report of the sample bureau as a manager opens it: wide, on a phone, in the dark and on paper, without a network.

One long test a language, since making the report takes longer than looking at it.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline.catalog import load_catalog
from pipeline.ingest.reading import read_bureau
from pipeline.texts import load_texts
from tests.browser.inspector import inspect_page, print_page
from tests.leaks import find_leaks, private_words

QUARTER = "2021Q4"
CHARTS_AT_LEAST = 6  # a forest plot, and in the appendix a lag profile, for each of six results
BYTES_AT_MOST = 2_500_000  # a page that goes through a chat


def make_report(repository: Path, home: Path, lang: str) -> Path:
    """Run the main job on the sample bureau into ``home``; return the published folder."""
    places = ["--figures", str(home / "figures"), "--processed", str(home / "processed")]
    sample = repository / "data" / "raw" / "sample"
    command = [
        sys.executable,
        "-m",
        "pipeline",
        "report",
        "--bureau",
        str(sample),
        "--quarter",
        QUARTER,
        "--lang",
        lang,
    ]
    made = subprocess.run(
        [*command, *places],
        cwd=repository,
        env={**os.environ, "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert made.returncode == 1, made.stderr  # the sample holds planted mistakes: published, with rejected rows
    return home / "figures" / "sample" / QUARTER


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_report_opens_anywhere(chromium: Any, repository: Path, tmp_path: Path, lang: str) -> None:
    folder = make_report(repository, tmp_path, lang)
    page = folder / "report.html"
    assert page.stat().st_size <= BYTES_AT_MOST
    shots = Path(os.environ.get("RONGHE_SCREENSHOTS", tmp_path))
    shots.mkdir(parents=True, exist_ok=True)
    for opened in (page, folder / "appendix.html"):
        check_page(chromium, opened, shots, lang)
    check_no_member_is_named(repository, folder)


def check_page(chromium: Any, page: Path, shots: Path, lang: str) -> None:
    """Open a page wide, on a phone and in the dark, and print it: every chart is drawn, nothing cut off or fetched."""
    for width, dark in ((1440, False), (390, False), (1440, True), (390, True)):
        shot = shots / f"{page.stem}_{lang}_{width}{'_dark' if dark else ''}.png"
        seen = inspect_page(chromium, page, width, dark=dark, screenshot=shot)
        assert seen.charts_declared >= CHARTS_AT_LEAST
        assert seen.charts_drawn == seen.charts_declared
        assert (seen.overflow_px, seen.console, seen.requests, seen.chart_links) == (0, [], [], 0)
    printed = print_page(chromium, page, shots / f"{page.stem}_{lang}.pdf")
    assert printed.charts_drawn == printed.charts_declared
    assert (printed.console, printed.requests) == ([], [])


def check_no_member_is_named(repository: Path, folder: Path) -> None:
    """Search every published file, unpacked where it is packed, for members, phones, retailers and operators."""
    raw = repository / "data" / "raw" / "sample"
    words = private_words(read_bureau(raw, load_catalog(), load_texts("zh")), raw)
    assert len(words) > 100
    assert find_leaks(folder, words) == []
