"""A bureau of hostile names reaches every page, the workbook, the lists, the charts and the files' names inert."""

import csv
import json
import os
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.spreadsheets.cleaning import BIDI_CONTROLS
from tests.browser.inspector import UNFOLD, OpenPage
from tests.browser.published import PAGES, SHARED_FOLDER, Published, made_once, make_report
from tests.hostile import GROUPS, write_hostile_bureau
from tests.report.html_rules import faults_of, parsed, text_of

pytestmark = pytest.mark.browser

TURNING = re.compile(f"[{BIDI_CONTROLS}]")
SECONDS_TO_WAIT = 1  # for what a broken page would set off
# Elements that no page of ours has, and that the names try to make
FOREIGN = "img, iframe, object, embed, [onerror], [onload], [href^='javascript']"


@pytest.fixture(scope="session")
def hostile(repository: Path, session_folder: Path) -> Published:
    """The published report of the hostile bureau."""

    def make(home: Path) -> None:
        bureau = home / "raw" / "sample"
        write_hostile_bureau(bureau)
        make_report(repository, home, "zh", bureau)

    shared = Path(os.environ.get(SHARED_FOLDER, session_folder / "reports"))
    return Published(made_once(shared / "hostile", make), "zh")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [1440, 390])
def test_a_page_reads_the_names_and_runs_none(chromium: Any, hostile: Published, name: str, width: int) -> None:
    page = hostile.page(name)
    with OpenPage(chromium, page, width=width) as opened:
        dialogs: list[str] = []
        opened.page.on("dialog", lambda dialog: dialog.dismiss())
        opened.page.on("dialog", lambda dialog: dialogs.append(dialog.message))
        opened.page.evaluate(UNFOLD)
        for plot in opened.page.locator(".plot:visible").all():
            plot.hover()
        opened.page.wait_for_timeout(SECONDS_TO_WAIT * 1000)
        assert opened.page.locator(FOREIGN).count() == 0
        assert not TURNING.search(opened.page.content())
        seen = opened.look()
        assert (dialogs, seen.console, seen.requests, seen.chart_links) == ([], [], [], 0)
        assert seen.overflow_px <= 0
        assert seen.charts_drawn == seen.charts_declared


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_still_whole(hostile: Published, name: str) -> None:
    page = hostile.page(name).read_text(encoding="utf-8")
    assert faults_of(page) == []
    document, _ = parsed(page)
    words = text_of(document.find("body"))
    seen = [group for group in GROUPS.values() if " ".join(TURNING.sub("", group).split()) in words]
    assert len(seen) >= (len(GROUPS) if name == "report" else 1)
    assert "49${x}" not in words  # no template is filled in
    for script in document.iter("script"):
        if script.get("type") == "application/json":
            json.loads(script.text or "")


def test_the_workbook_holds_texts_only(hostile: Published) -> None:
    file = hostile.folder / "report.xlsx"
    workbook = openpyxl.load_workbook(file)
    cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.value is not None]
    texts = [str(cell.value) for cell in cells]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert [text for text in texts if TURNING.search(text)] == []
    assert any(text.startswith("=cmd|") for text in texts)  # a text that begins as a formula does
    outside = [cell.hyperlink.target for cell in cells if cell.hyperlink and cell.hyperlink.target]
    assert [target for target in outside if not re.fullmatch(r"[a-z]+\.html", target)] == []
    with zipfile.ZipFile(file) as archive:
        assert [name for name in archive.namelist() if "externalLink" in name or "vba" in name.lower()] == []


def test_the_list_of_issues_starts_no_formula(hostile: Published) -> None:
    with (hostile.tables / "issues.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert rows
    assert [cell for row in rows for cell in row.values() if re.match(r"[=+\-@\t\r]", str(cell))] == []
    assert [cell for row in rows for cell in row.values() if TURNING.search(str(cell))] == []


def test_files_have_names_of_their_own(hostile: Published) -> None:
    """What is published is named by us; returned workbooks keep their names, which hold nothing that turns or runs."""
    files = [path for root in (hostile.folder.parent, hostile.tables) for path in root.rglob("*") if path.is_file()]
    assert files
    assert [path.name for path in files if TURNING.search(path.name)] == []
    ours = [path.name for path in files if path.parent.name != "returned"]
    assert [name for name in ours if not re.fullmatch(r"[A-Za-z0-9_.\-]+", name)] == []


def test_returned_workbooks_hold_no_formula_of_ours(hostile: Published) -> None:
    returned = sorted((hostile.tables / "returned").glob("*.xlsx"))
    assert returned
    for file in returned:
        for sheet in openpyxl.load_workbook(file):
            notes = [cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment]
            assert [note for note in notes if TURNING.search(note)] == []
            assert [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"] == []
