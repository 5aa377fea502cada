"""The look of blocks in JupyterLab: taken from the pages' style sheets, kept to outputs, in every notebook once."""

import json
import re
from pathlib import Path

import pytest

from pipeline.report.board.page import BOARD_TEMPLATE
from pipeline.report.page import notebook_style
from pipeline.report.page.frame import REPORT_TEMPLATE
from pipeline.report.page.notebook_style import NoColours, NotebookStyle, show_style
from pipeline.report.page.offline import outside_references

NOTEBOOKS = sorted((Path(__file__).resolve().parents[3] / "notebooks").glob("*.ipynb"))
TEMPLATES = (REPORT_TEMPLATE, BOARD_TEMPLATE)


def sheet(template: str) -> str:
    return show_style(template).html().removeprefix("<style>").removesuffix("</style>")


@pytest.mark.parametrize("template", TEMPLATES)
def test_it_is_one_style_sheet_that_reaches_nothing(template: str) -> None:
    html = show_style(template).html()
    assert outside_references(html) == []
    assert "<" not in sheet(template)  # nothing ends the tag early
    text = re.sub(r"/\*.*?\*/", "", sheet(template), flags=re.DOTALL)
    assert text.count("{") == text.count("}")


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_variable_has_a_value_in_the_notebook(template: str) -> None:
    text = sheet(template)
    head = text.partition(":not(:has(.dataframe)) {")[0] + text.partition("/* What a notebook")[2]
    set_in_rules = set(re.findall(r"(--[\w-]+):", text))
    used = set(re.findall(r"var\((--[\w-]+)\)", (text.partition("/* What a notebook")[2])))
    known = set(re.findall(r"(--[\w-]+):", head))
    shared = {"--ink", "--page", "--text-font"}
    assert used <= known
    assert shared <= known <= set_in_rules


def test_colours_follow_the_theme_of_jupyterlab() -> None:
    light, dark = sheet(REPORT_TEMPLATE).split('[data-jp-theme-light="false"]')[:2]
    assert re.findall(r"--ink: (#\w+)", light) != re.findall(r"--ink: (#\w+)", dark)
    assert set(re.findall(r"(--[\w-]+): #", dark.partition("}")[0])) <= set(re.findall(r"(--[\w-]+):", light))


def test_a_style_sheet_without_colours_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebook_style, "_text", lambda *_: "body { margin: 0; }")
    with pytest.raises(NoColours, match="template"):
        NotebookStyle().html()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_shows_it_once_before_its_first_table_and_off_its_page(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    calls = [number for number, cell in enumerate(cells) if "show_style(" in "".join(cell["source"])]
    shown = [number for number, cell in enumerate(cells) if re.match(r"(show|view)_(?!style)", last_line(cell))]
    assert len(calls) == 1
    assert calls[0] < shown[0]
    assert "analyst" in cells[calls[0]]["metadata"]["tags"]


def last_line(cell: dict) -> str:
    return "".join(cell["source"]).splitlines()[-1] if cell["cell_type"] == "code" else ""
