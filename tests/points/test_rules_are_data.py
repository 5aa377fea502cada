"""No item of the rule book is named in the code: rules are rows, and a bureau may write others."""

import ast
from pathlib import Path

from pipeline.catalog import load_catalog

COMPUTING = ("points", "stats", "panel.py", "ingest/checking", "ingest/rulebook.py", "ingest/rulerows.py")


def _texts(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_no_item_of_the_rule_book_is_named_in_code(repository: Path) -> None:
    items = {rule.item for rule in load_catalog().rules}
    assert len(items) > 25
    # elsewhere A1 may be the address of a cell, and M3 plotly's word for a quarter
    places = [repository / "pipeline" / name for name in COMPUTING]
    modules = [path for place in places for path in (place.rglob("*.py") if place.is_dir() else [place])]
    assert len(modules) > 30
    named = {path.relative_to(repository).as_posix(): sorted(items & _texts(path)) for path in modules}
    assert {path: found for path, found in named.items() if found} == {}
