"""Where text becomes markup, and where it becomes a cell: rules about the code that makes them, one function a rule.

Each lists the places that break it, so that the rules can be tested themselves.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ESCAPING = "pipeline.report.page.escaping"
LAYER = "pipeline/report/page/escaping.py"
CLEANING = "pipeline.spreadsheets.cleaning"
MARKUP = re.compile(r"(?<!\(\?P)<[/!]?[a-zA-Z]")
MAKERS = frozenset({"to_html", "_repr_html_", "Markup", "to_csv"})
# Attributes of blocks that hold words, a bureau's among them
WORDS = frozenset(
    ["title", "text", "label", "lead", "note", "summary", "caption", "unit", "term", "name", "badge", "how_to_read"]
)


def own_escaping(root: Path) -> list[str]:
    """Places outside the one layer that escape HTML by themselves, or let a library make HTML or cells of data."""
    found = []
    for name, tree in _modules(root):
        for node in ast.walk(tree):
            line = getattr(node, "lineno", 0)
            called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            attribute = node.attr if isinstance(node, ast.Attribute) else ""
            if (called == "html.escape" and name != LAYER) or called in MAKERS or attribute in MAKERS:
                found.append(f"{name}:{line} {called or attribute}")
    return found


def unescaped_markup(root: Path, allowed: frozenset[str]) -> list[str]:
    """Markup with values in it in a module that takes nothing from the layer, or with words that did not pass it."""
    found = []
    for name, tree in _modules(root):
        has_layer = any(isinstance(node, ast.ImportFrom) and _is_layer(node) for node in ast.walk(tree))
        for node in ast.walk(tree):
            if not isinstance(node, ast.JoinedStr):
                continue
            values = [part.value for part in node.values if isinstance(part, ast.FormattedValue)]
            if not values or not MARKUP.search("".join(_constants(node))):
                continue
            if not has_layer and name not in allowed:
                found.append(f"{name}:{node.lineno} markup without the layer")
            found += [
                f"{name}:{node.lineno} {ast.unparse(value)} as it is"
                for value in values
                if isinstance(value, ast.Attribute) and value.attr in WORDS
            ]
    return found


def _is_layer(imported: ast.ImportFrom) -> bool:
    """Tell whether a module takes what escapes HTML, or the XML of workbooks."""
    names = {alias.name for alias in imported.names}
    return imported.module == ESCAPING or (imported.module == CLEANING and "xml_text" in names)


def own_cells(root: Path, allowed: frozenset[str]) -> list[str]:
    """Modules that put values into cells, or write csv, besides those that are known to clean them."""
    found = []
    for name, tree in _modules(root):
        for node in ast.walk(tree):
            is_cell = isinstance(node, ast.Assign) and any(_is_cell_value(target) for target in node.targets)
            is_csv = isinstance(node, ast.Call) and ast.unparse(node.func) in ("csv.writer", "csv.DictWriter")
            if (is_cell or is_csv) and name not in allowed:
                found.append(f"{name}:{getattr(node, 'lineno', 0)}")
    return found


def _is_cell_value(target: ast.expr) -> bool:
    parts = target.elts if isinstance(target, ast.Tuple) else [target]
    return any(
        isinstance(part, ast.Attribute) and part.attr == "value" and "self" not in ast.unparse(part) for part in parts
    )


def _constants(node: ast.JoinedStr) -> Iterator[str]:
    for part in node.values:
        if isinstance(part, ast.Constant):
            yield str(part.value)


def _modules(root: Path) -> Iterator[tuple[str, ast.Module]]:
    for path in sorted((root / "pipeline").rglob("*.py")):
        yield path.relative_to(root).as_posix(), ast.parse(path.read_text(encoding="utf-8"))
