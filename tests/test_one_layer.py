"""Text becomes HTML and cells in one layer each, and each rule notices when it is broken."""

from pathlib import Path

import pytest

from tests import one_layer

ROOT = Path(__file__).resolve().parent.parent
# Markup whose values are no words: numbers and formats in charts, style sheets of ours, a digest in a comment
WITHOUT_WORDS = frozenset(
    {
        *(f"pipeline/charts/{name}.py" for name in ("forest", "library", "months", "scatter", "topics", "trends")),
        "pipeline/report/page/notebook_style.py",
        "pipeline/runs/quarter/library.py",
    }
)
# `cells.write_text` for texts; the others put numbers and days into cells, or go through it or `csv_text`
CELL_WRITERS = frozenset(
    {
        "pipeline/spreadsheets/cells.py",
        "pipeline/spreadsheets/tables.py",
        "pipeline/ingest/returned/gridcopy.py",
        "pipeline/ingest/templates/sheets.py",
        "pipeline/ingest/store.py",
    }
)


def test_one_module_escapes_html() -> None:
    assert one_layer.own_escaping(ROOT) == []


def test_no_words_become_markup_past_it() -> None:
    assert one_layer.unescaped_markup(ROOT, WITHOUT_WORDS) == []


def test_few_modules_write_cells() -> None:
    assert one_layer.own_cells(ROOT, CELL_WRITERS) == []


@pytest.mark.parametrize(
    ("code", "broken"),
    [
        ("import html\nx = html.escape(y)", "pipeline/report/a.py:2 html.escape"),
        ("x = frame.to_html()", "pipeline/report/a.py:1 to_html"),
        ("x = f'<b>{y}</b>'", "pipeline/report/a.py:1 markup without the layer"),
        (
            "from pipeline.report.page.escaping import safe_text\nx = f'<b>{y.title}</b>'",
            "pipeline/report/a.py:2 y.title as it is",
        ),
        ("cell.value = text", "pipeline/report/a.py:1"),
        ("import csv\ncsv.writer(stream)", "pipeline/report/a.py:2"),
    ],
)
def test_what_goes_past_a_layer_is_noticed(tmp_path: Path, code: str, broken: str) -> None:
    path = tmp_path / "pipeline" / "report" / "a.py"
    path.parent.mkdir(parents=True)
    path.write_text(code, encoding="utf-8")
    none: frozenset[str] = frozenset()
    found = one_layer.own_escaping(tmp_path) + one_layer.unescaped_markup(tmp_path, none)
    assert broken in found + one_layer.own_cells(tmp_path, none)
