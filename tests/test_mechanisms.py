"""The table of the founding article's mechanisms in ``docs/mechanisms.md``, cell by cell."""

import ast
import re
from pathlib import Path

import pytest

from pipeline.catalog import Catalog, load_catalog
from tests.mechanisms import COLUMNS, QUOTED, ROOT, read_rows

MECHANISMS = 20  # rows of the founding article's list (domain.md section 2)
PAGES = {
    "report.html": "4_quarterly_report",
    "appendix.html": "4_quarterly_report",
    "annual.html": "5_annual_review",
    "board.html": "6_bulletin_board",
    "secretary": None,
}
SECTION = re.compile(r"""(?:Section|slides_of)\(\s*(?:[a-z.]+,\s*)?["']([a-z][a-z0-9-]*)["']""")


ROWS = read_rows()


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def test_every_mechanism_has_its_row() -> None:
    assert [row["number"] for row in ROWS] == [str(number) for number in range(1, MECHANISMS + 1)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["number"])
def test_no_cell_is_empty_and_each_names_what_is_there(row: dict[str, str], catalog: Catalog) -> None:
    assert all(row.values())
    named = {column: QUOTED.findall(row[column]) for column in COLUMNS[2:]}
    assert all(named.values())
    assert set(named["workbook"]) <= set(catalog.kinds)
    assert set(named["table"]) <= set(catalog.tables)
    for page in named["page"]:
        file, _, section = page.partition("#")
        assert section in _sections(file), f"{file} has no section {section!r}"
    for test in named["test"]:
        path, _, name = test.partition("::")
        assert name in _functions(ROOT / path), test


def test_every_table_of_points_is_in_the_documents_table(catalog: Catalog) -> None:
    """What is computed for a mechanism is shown for it: no derived table of members or groups is forgotten."""
    listed = {table for row in ROWS for table in QUOTED.findall(row["table"])}
    inner = {"printed_totals", "coverage", "submissions", "measures_by_group_month"}  # of the reading and the engine
    derived = {name for name, table in catalog.tables.items() if table.stage not in ("input", "across")}
    assert derived - listed <= inner


def test_the_sample_keeps_every_workbook(catalog: Catalog) -> None:
    """A kind that the documents name is one that the generator writes, and so the shipped sample holds."""
    listed = {kind for row in ROWS for kind in QUOTED.findall(row["workbook"])}
    files = [path.name for path in (ROOT / "data" / "raw" / "sample").rglob("*") if path.is_file()]
    without = [
        kind
        for kind in sorted(listed)
        if not any(word in file for file in files for word in catalog.kinds[kind].name_words)
    ]
    assert without == []


def _sections(page: str) -> set[str]:
    """Return the ids of sections in the modules that a page's notebook calls, or of the secretary's page."""
    folder = ROOT / "pipeline" / "report"
    notebook = PAGES[page]
    if notebook is None:
        modules = set(folder.glob("secretary/sections*.py"))
    else:
        source = (ROOT / "notebooks" / f"{notebook}.ipynb").read_text(encoding="utf-8")
        names = re.findall(r"pipeline\.report\.([a-z_.]+)", source)
        modules = {folder / f"{name.replace('.', '/')}.py" for name in names}
        modules |= {folder / "annual/sections_detail.py"} if page == "annual.html" else set()
    return {found for path in modules if path.exists() for found in SECTION.findall(path.read_text(encoding="utf-8"))}


def _functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
