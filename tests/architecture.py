"""Rules about the shape of the code.

Each function lists what breaks a rule under a folder, so that the rules can be tested themselves.
"""

import ast
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

# A room imports only from itself and from the rooms before it.
ROOMS = (
    "texts",
    "spreadsheets",
    "catalog",
    "periods",
    "parameters",
    "ingest",
    "points",
    "panel",
    "stats",
    "charts",
    "report",
    "runs",
    "cli",
    "__main__",
)
# The two largest rooms have rooms of their own, and the same rule inside.
REPORT_ROOMS = (
    "page",
    "material",
    "quarterly",
    "appendix",
    "annual",
    "board",
    "library",
    "province",
    "secretary",
    "workbook",
)
RUNS_ROOMS = (
    "records",
    "processes",
    "publishing",
    "notebooks",
    "workbooks",
    "quarter",
    "batch",
    "cluster",
)
MAX_MODULE_LINES = 400
MAX_FUNCTION_LINES = 70
MAX_CELL_LINES = 12

TEXT_SUFFIXES = {".py", ".po", ".j2", ".css", ".js", ".csv", ".json", ".html"}
NAMESPACES = (  # identifiers that look like addresses and are never fetched
    "http://www.w3.org/",
    "http://schemas.openxmlformats.org/",
    "http://schemas.microsoft.com/",
    "http://purl.oclc.org/ooxml/",
    "http://purl.org/dc/",
)


def modules(root: Path, package: str = "pipeline") -> dict[str, Path]:
    """Every module of a package by its dotted name."""
    found = {}
    for path in sorted((root / package).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def _tree(source: str) -> ast.Module:
    """The syntax of a module, parsed once for all rules."""
    return ast.parse(source)


def _imported_names(path: Path, name: str) -> Iterator[str]:
    """Absolute dotted names that a module imports; for ``from a import b`` both ``a`` and ``a.b``."""
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    for node in ast.walk(_tree(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            yield source
            yield from (f"{source}.{alias.name}" for alias in node.names)


def import_graph(root: Path) -> dict[str, set[str]]:
    """Which modules of the package each module imports, itself left out."""
    known = modules(root)
    return {
        name: {seen for seen in _imported_names(path, name) if seen in known} - {name} for name, path in known.items()
    }


def _room(module: str, house: str = "pipeline") -> str | None:
    """The room of a house in which a module is; None for the house itself and for what is outside it."""
    return module.removeprefix(f"{house}.").split(".")[0] if module.startswith(f"{house}.") else None


def against_the_order(root: Path, rooms: tuple[str, ...] = ROOMS, house: str = "pipeline") -> list[str]:
    """Imports from a room below, and modules of ``house`` in a room that is not in the list."""
    place = {room: number for number, room in enumerate(rooms)}
    broken = []
    for module, imported in import_graph(root).items():
        here = _room(module, house)
        inside = [other for other in sorted(imported) if _room(other, house) is not None]
        if module == house:
            broken += [f"{module} imports {other}" for other in inside]
        elif here is not None and here not in place:
            broken.append(f"{module} is in no room of the list")
        elif here is not None:
            places = [(other, place.get(_room(other, house) or "", len(rooms))) for other in inside]
            broken += [f"{module} imports {other}" for other, number in places if number > place[here]]
    return broken


def cycles(root: Path) -> list[str]:
    """One circle of modules that import each other, or nothing."""
    # `from package.module import x` names the package too, and the package its modules: only the module counts
    graph = {
        name: {other for other in imported if not name.startswith(f"{other}.")}
        for name, imported in import_graph(root).items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        return [" -> ".join(circle.args[1])]
    return []


def outside_their_room(root: Path, owners: Mapping[str, frozenset[str]]) -> list[str]:
    """Imports of a library by a room that does not own it."""
    broken = []
    for module, path in modules(root).items():
        for library in sorted({seen.split(".")[0] for seen in _imported_names(path, module)} & owners.keys()):
            if _room(module) not in owners[library]:
                broken.append(f"{module} imports {library}")
    return broken


def forbidden_imports(root: Path, room: str, libraries: frozenset[str]) -> list[str]:
    """Imports of any of ``libraries`` by a module of ``room``."""
    return [
        f"{module} imports {library}"
        for module, path in modules(root).items()
        if _room(module) == room
        for library in sorted({seen.split(".")[0] for seen in _imported_names(path, module)} & libraries)
    ]


def too_long(root: Path) -> list[str]:
    """Modules and functions over their limits."""
    broken = []
    for module, path in modules(root).items():
        source = path.read_text(encoding="utf-8")
        lines = len(source.splitlines())
        if lines > MAX_MODULE_LINES:
            broken.append(f"{module}: {lines} lines")
        for node in ast.walk(_tree(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > MAX_FUNCTION_LINES:
                    broken.append(f"{module}.{node.name}: {length} lines")
    return broken


def loops_over_sets(root: Path) -> list[str]:
    """Loops whose order differs from run to run: over a set, so that sums are rounded one way today, another tomorrow.

    Seen is a set that is written in the loop itself; sets in variables are caught by running under several hash seeds.
    A set made from a set has no order to lose.
    """
    return [
        f"{module}:{looped.lineno}"
        for module, path in modules(root).items()
        for node in ast.walk(_tree(path.read_text(encoding="utf-8")))
        for looped in _looped_over(node)
        if _is_a_set(looped)
    ]


def _looped_over(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.For(iter=looped):
            return [looped]
        case ast.ListComp() | ast.GeneratorExp() | ast.DictComp():
            return [part.iter for part in node.generators]
    return []


def _is_a_set(node: ast.expr) -> bool:
    match node:
        case ast.Set() | ast.SetComp() | ast.Call(func=ast.Name(id="set" | "frozenset")):
            return True
        case ast.Call(func=ast.Name(id="list" | "tuple" | "enumerate" | "reversed"), args=[inside, *_]):
            return _is_a_set(inside)
        case ast.BinOp(op=ast.BitAnd() | ast.BitOr() | ast.Sub() | ast.BitXor(), left=left, right=right):
            keys = isinstance(left, ast.Call) and isinstance(left.func, ast.Attribute) and left.func.attr == "keys"
            return keys or _is_a_set(left) or _is_a_set(right)
    return False


def swallowed_errors(root: Path) -> list[str]:
    """Handlers of every exception that do nothing."""
    return [
        f"{module}:{node.lineno}"
        for module, path in modules(root).items()
        for node in ast.walk(_tree(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler) and _catches_everything(node) and _does_nothing(node)
    ]


def _catches_everything(handler: ast.ExceptHandler) -> bool:
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(
        kind is None or (isinstance(kind, ast.Name) and kind.id in {"Exception", "BaseException"}) for kind in caught
    )


def _does_nothing(handler: ast.ExceptHandler) -> bool:
    return all(
        isinstance(line, ast.Pass | ast.Continue)
        or (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant))
        for line in handler.body
    )


def addresses(root: Path) -> list[str]:
    """Addresses in code, templates, styles, scripts, texts and data of the package, XML namespaces aside."""
    broken = []
    for path in sorted((root / "pipeline").rglob("*")):
        if path.suffix in TEXT_SUFFIXES:
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
                for address in re.findall(r"https?://[^\s\"'<>`)]+", line):
                    if not address.startswith(NAMESPACES):
                        broken.append(f"{path.relative_to(root).as_posix()}:{number}: {address}")
    return broken


def untidy_cells(notebook: Path) -> list[str]:
    """Code cells with an output, a run number, a definition or too many lines."""
    broken = []
    for number, cell in enumerate(json.loads(notebook.read_text(encoding="utf-8"))["cells"], start=1):
        if cell["cell_type"] != "code":
            continue
        place = f"{notebook.name} cell {number}"
        source = "".join(cell["source"])
        if cell["outputs"] or cell["execution_count"] is not None:
            broken.append(f"{place}: has outputs")
        if len(source.splitlines()) > MAX_CELL_LINES:
            broken.append(f"{place}: {len(source.splitlines())} lines")
        definitions = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
        if any(isinstance(node, definitions) for node in ast.walk(_tree(source))):
            broken.append(f"{place}: defines something")
    return broken
