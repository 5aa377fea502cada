"""The report of the sample bureau as a manager opens it: wide, on a phone, in the dark and on paper, without a network.

One long test a language, since making the report takes longer than looking at it.
"""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from pipeline.catalog import load_catalog
from pipeline.ingest.reading import read_bureau
from pipeline.texts import load_texts
from tests.browser.inspector import inspect_page, print_page

QUARTER = "2021Q4"
CHARTS_AT_LEAST = 6  # a trend and a correlation chart for each of three groups
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
    for width, dark in ((1440, False), (390, False), (1440, True), (390, True)):
        shot = shots / f"report_{lang}_{width}{'_dark' if dark else ''}.png"
        seen = inspect_page(chromium, page, width, dark=dark, screenshot=shot)
        assert seen.charts_declared >= CHARTS_AT_LEAST
        assert seen.charts_drawn == seen.charts_declared
        assert (seen.overflow_px, seen.console, seen.requests, seen.chart_links) == (0, [], [], 0)
    printed = print_page(chromium, page, shots / f"report_{lang}.pdf")
    assert printed.charts_drawn == printed.charts_declared
    assert (printed.console, printed.requests) == ([], [])
    check_no_member_is_named(repository, folder)


def check_no_member_is_named(repository: Path, folder: Path) -> None:
    """Search every published file, unpacked where it is an archive, for members, retailers and operators."""
    reading = read_bureau(repository / "data" / "raw" / "sample", load_catalog(), load_texts("zh"))
    private = set(reading.tables["memberships"]["member"]) | set(
        reading.tables["unlicensed_shops"]["operator"].dropna()
    )
    private |= set(reading.tables["guidance_visits"]["retailer_no"])
    assert len(private) > 100
    words = re.compile("|".join(re.escape(name) for name in sorted(private)))
    searched = 0
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.suffix in {".png"}:
            continue
        for name, text in readable_parts(path):
            found = words.search(text)
            assert found is None, f"{path.name} ({name}) names {found[0]}" if found else ""
            searched += 1
    assert searched > len(["report.html", "report.xlsx", "manifest.json"])


def readable_parts(path: Path) -> list[tuple[str, str]]:
    """Return the text of a file, or of every member of a zipped one."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return [(name, archive.read(name).decode("utf-8", "replace")) for name in archive.namelist()]
    return [("text", path.read_text(encoding="utf-8"))]
