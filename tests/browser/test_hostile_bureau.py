"""Bureaus of hostile names reach pages, workbooks, lists, charts, notebooks and the terminal, and act in none."""

import csv
import json
import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lxml.html
import openpyxl
import pytest

from pipeline.spreadsheets.cleaning import BIDI_CONTROLS, CONTROLS, INVISIBLE
from tests.browser.inspector import UNFOLD, OpenPage
from tests.browser.published import PAGES, SHARED_FOLDER, Published, made_once, make_report
from tests.hostile import BUREAUS, USABLE, Hostile, mark_of
from tests.payloads import as_excel_reads
from tests.report.html_rules import faults_of, parsed, text_of

pytestmark = pytest.mark.browser

MADE = min(int(os.environ.get("RONGHE_HOSTILE_BUREAUS", "1")), BUREAUS)  # all: every payload as the name of a group
UNSEEN = re.compile(f"[{BIDI_CONTROLS}{INVISIBLE}{CONTROLS}\ud800-\udfff]")
MARK = re.compile(r"z\d\dq")
SECONDS_TO_WAIT = 1  # for what a broken page would set off
PLOTS_HOVERED = 12  # of a page with charts of every group
# Elements that no page of ours has, and that the names try to make
FOREIGN = (
    "img, iframe, object, embed, form[action], base, link[href^='http'], animate, [onerror], [onload], [onfocus],"
    "[onmouseover], [ontoggle], [onbegin], [srcdoc], [href^='javascript'], [href^='data:'], [href^='http']"
)
NOTEBOOK_TAGS = frozenset(
    [
        *("div", "p", "span", "a", "h1", "h2", "h3", "h4", "ul", "ol", "li", "dl", "dt", "dd", "strong", "em", "small"),
        *("b", "i", "br", "sup", "sub", "table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th"),
        *("td", "style", "section", "figure", "figcaption", "details", "summary", "button", "abbr", "time"),
        *("svg", "g", "path", "line", "rect", "circle", "polyline", "polygon", "text", "title"),
    ]
)
# plotly.js itself is full of what is searched for
WITHOUT_SCRIPTS = """() => {
  const copy = document.documentElement.cloneNode(true);
  copy.querySelectorAll("script").forEach(script => script.remove());
  return copy.outerHTML;
}"""
LIVE_MIMES = ("text/markdown", "text/latex", "application/javascript", "image/svg+xml")


@pytest.fixture(scope="session", params=range(MADE))
def hostile(request: pytest.FixtureRequest, repository: Path, session_folder: Path) -> Published:
    """The published report of one hostile bureau; what the run said, and what was planted where, lie beside it."""

    def make(home: Path) -> None:
        bureau = Hostile(request.param)
        bureau.write(home / "raw" / "sample")
        told = make_report(repository, home, "zh", home / "raw" / "sample")
        (home / "told.txt").write_text(told, encoding="utf-8", newline="")
        (home / "planted.json").write_text(json.dumps(sorted(bureau.planted)), encoding="utf-8")

    shared = Path(os.environ.get(SHARED_FOLDER, session_folder / "reports"))
    return Published(made_once(shared / f"hostile_{request.param}", make), "zh")


def notebooks_of(hostile: Published) -> list[Path]:
    return sorted((hostile.folder / "notebooks").glob("*.ipynb"))


def planted_in(hostile: Published) -> set[tuple[str, str]]:
    return {(place, name) for place, name in json.loads((hostile.home / "planted.json").read_text(encoding="utf-8"))}


def test_every_payload_is_in_the_bureau(hostile: Published, tell: Callable[[str], None]) -> None:
    planted = planted_in(hostile)
    fields, payloads = {place for place, _ in planted}, {name for _, name in planted}
    returned = len(list((hostile.tables / "returned").glob("*.xlsx")))
    tell(
        f"P7: a bureau with {len(payloads)} payloads in {len(fields)} fields ({len(planted)} pairs): "
        f"{len(PAGES)} pages, {len(notebooks_of(hostile))} notebooks, {returned} returned workbooks looked at"
    )
    assert {name for place, name in planted if place == "memberships.member"} == set(USABLE)
    assert len(fields) > 30
    assert returned > 0


@pytest.mark.parametrize(
    ("name", "width"), [*((name, 1440) for name in PAGES), *((name, 390) for name in ("report", "board"))]
)
def test_a_page_reads_the_names_and_runs_none(chromium: Any, hostile: Published, name: str, width: int) -> None:
    page = hostile.page(name)
    with OpenPage(chromium, page, width=width) as opened:
        dialogs: list[str] = []
        opened.page.on("dialog", lambda dialog: dialog.dismiss())
        opened.page.on("dialog", lambda dialog: dialogs.append(dialog.message))
        opened.page.evaluate(UNFOLD)
        for plot in opened.page.locator(".plot:visible").all()[:PLOTS_HOVERED]:
            plot.hover()
        opened.page.wait_for_timeout(SECONDS_TO_WAIT * 1000)
        assert opened.page.locator(FOREIGN).count() == 0
        assert not UNSEEN.search(opened.page.evaluate(WITHOUT_SCRIPTS))
        seen = opened.look()
        assert (dialogs, seen.console, seen.requests, seen.chart_links) == ([], [], [], 0)
        assert seen.overflow_px <= 0
        assert seen.charts_drawn == seen.charts_declared


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_still_whole(hostile: Published, name: str) -> None:
    page = hostile.page(name).read_text(encoding="utf-8")
    assert faults_of(page) == []
    document, _ = parsed(page)
    for packed in document.iter("script"):
        if packed.get("id") == "plotly-packed":  # its 2 MB hold any four characters, and no name
            packed.text = ""
    words = text_of(document.find("body"))
    groups = {mark_of(payload) for place, payload in planted_in(hostile) if place == "party_groups.party_group"}
    assert len(groups & set(MARK.findall(words))) >= (len(groups) if name in ("report", "annual", "board") else 1)
    is_filled_in = "49{%" in words  # by a template that a name has reached
    assert not is_filled_in
    for script in document.iter("script"):
        if script.get("type") == "application/json":
            json.loads(script.text or "")


def test_a_notebook_shows_tables_and_texts_only(hostile: Published) -> None:
    """What JupyterLab would render: no markup of a name's, nothing but HTML of ours, no name in any source."""
    for path in notebooks_of(hostile):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            assert not MARK.search("".join(cell["source"]))
            for output in cell.get("outputs", ()):
                data = output.get("data", {})
                assert [mime for mime in LIVE_MIMES if mime in data] == []
                check_markup("".join(data.get("text/html", "")))
                assert not UNSEEN.search("".join(data.get("text/plain", "")) + "".join(output.get("text", "")))


def check_markup(markup: str) -> None:
    if not markup:
        return
    assert not UNSEEN.search(markup)
    for element in lxml.html.fromstring(f"<div>{markup}</div>").iter():
        assert element.tag in NOTEBOOK_TAGS
        assert [name for name in element.attrib if name.startswith("on") or name in ("src", "srcdoc")] == []
        assert re.match(r"$|#|[a-z0-9_]+\.(html|xlsx)", element.get("href", ""))


def test_the_workbook_holds_texts_only(hostile: Published) -> None:
    file = hostile.folder / "report.xlsx"
    cells, texts = check_workbook(file)
    assert any(MARK.search(text) for text in texts)
    outside = [cell.hyperlink.target for cell in cells if cell.hyperlink and cell.hyperlink.target]
    assert [target for target in outside if not re.fullmatch(r"[a-z]+\.html", target)] == []


def check_workbook(file: Path) -> tuple[list[Any], list[str]]:
    """Return cells and texts of a workbook that holds no formula, nothing unseen, nothing that comes from elsewhere."""
    workbook = openpyxl.load_workbook(file)
    cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row]
    filled = [cell for cell in cells if cell.value is not None]
    notes = [cell.comment.text for cell in cells if cell.comment]
    assert [cell.coordinate for cell in filled if cell.data_type == "f"] == []
    texts = [str(cell.value) for cell in filled]
    decoded = [as_excel_reads(text) for text in (*texts, *notes, *workbook.sheetnames)]
    assert [text for text in decoded if UNSEEN.search(text)] == []
    with zipfile.ZipFile(file) as archive:
        assert [name for name in archive.namelist() if "externalLink" in name or "vba" in name.lower()] == []
    return filled, texts


def test_the_list_of_issues_starts_no_formula(hostile: Published) -> None:
    with (hostile.tables / "issues.csv").open(encoding="utf-8-sig", newline="") as stream:
        header, *rows = list(csv.reader(stream))
    assert rows
    assert {len(row) for row in rows} == {len(header)}  # no name ends a cell or a line
    assert [cell for row in rows for cell in row if re.match(r"[\s\u3000]*[=+\-@\uff1d\uff0b\uff0d\uff20]", cell)] == []
    assert [cell for row in rows for cell in row if UNSEEN.search(cell)] == []


def test_files_have_names_of_their_own(hostile: Published) -> None:
    """What is published is named by us; returned workbooks keep their names, which hold nothing that turns or runs."""
    files = [path for root in (hostile.folder.parent, hostile.tables) for path in root.rglob("*") if path.is_file()]
    assert files
    assert [path.name for path in files if UNSEEN.search(path.name)] == []
    ours = [path.name for path in files if path.parent.name != "returned"]
    assert [name for name in ours if not re.fullmatch(r"[A-Za-z0-9_.\-]+", name)] == []


def test_returned_workbooks_hold_no_formula_of_ours(hostile: Published) -> None:
    returned = sorted((hostile.tables / "returned").glob("*.xlsx"))
    assert returned
    for file in returned:
        workbook = openpyxl.load_workbook(file)
        cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row]
        notes = [as_excel_reads(cell.comment.text) for cell in cells if cell.comment]
        assert [note for note in notes if UNSEEN.search(note)] == []
        assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []


def test_the_terminal_is_told_lines_and_no_commands(hostile: Published) -> None:
    told = (hostile.home / "told.txt").read_bytes().decode("utf-8")
    lines = told.split("\n")
    assert any("stolen()" in line for line in lines)  # files with names of that kind are told of
    assert [line for line in lines if UNSEEN.search(line) or "\r" in line or "\t" in line] == []


def test_the_manifest_is_read_as_it_was_written(hostile: Published) -> None:
    text = (hostile.folder / "manifest.json").read_text(encoding="utf-8")
    assert json.loads(text)["exit_status"] == 1
    assert not UNSEEN.search(text)
