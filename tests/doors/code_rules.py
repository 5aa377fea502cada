"""What no code of ours does: run text as code, or make objects of bytes that could be anybody's.

Each function lists what breaks a rule under a folder, so that the rules can be tested themselves.
"""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

RUNS_TEXT = frozenset({"eval", "exec", "compile", "__import__", "execfile"})
UNPACKS = frozenset({"dill", "cloudpickle", "joblib", "marshal", "pickle", "shelve", "yaml", "jsonpickle"})
UNPACKS_BY_NAME = frozenset({"read_pickle", "to_pickle", "import_module", "run_module", "run_path", "from_string"})
COMPUTES_TEXT = frozenset({"eval", "query"})  # of pandas
RISKY_ARGUMENTS = frozenset({"allow_pickle", "shell"})
READS_ENVIRONMENT = frozenset({"environ", "getenv", "environb"})


def _calls(tree: ast.AST) -> Iterator[tuple[ast.Call, str, bool]]:
    """Yield every call with the last part of the called name, and whether it is a method or a function of a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node, node.func.id, False
            elif isinstance(node.func, ast.Attribute):
                yield node, node.func.attr, True


def runs_text(tree: ast.AST) -> list[str]:
    """Calls of the built-in functions that run text, of methods that load a module or a pickle by a name, and of those
    of a table that compute a text which is not written in the code.
    """
    return [
        f"{name} at line {call.lineno}"
        for call, name, is_method in _calls(tree)
        if (not is_method and name in RUNS_TEXT)
        or name in UNPACKS_BY_NAME
        or (is_method and name in COMPUTES_TEXT and not isinstance(call.args[0] if call.args else None, ast.Constant))
    ]


def unpacks(tree: ast.AST) -> list[str]:
    """Imports of modules that make any object of bytes."""
    found = []
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        found += [f"{name} at line {node.lineno}" for name in names if name.split(".")[0] in UNPACKS]  # type: ignore[attr-defined]
    return found


def risky_arguments(tree: ast.AST) -> list[str]:
    """Arguments that let a library unpickle, or a shell read a command."""
    return [
        f"{keyword.arg} at line {call.lineno}"
        for call, _, _ in _calls(tree)
        for keyword in call.keywords
        if keyword.arg in RISKY_ARGUMENTS and not (isinstance(keyword.value, ast.Constant) and not keyword.value.value)
    ]


def environment(tree: ast.AST) -> list[str]:
    """Looks at the environment."""
    return [
        f"{node.attr} at line {node.lineno}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in READS_ENVIRONMENT
    ]


RULES = {"runs_text": runs_text, "unpacks": unpacks, "risky_arguments": risky_arguments, "environment": environment}


def broken(root: Path, rule: str, excused: Mapping[str, str]) -> list[str]:
    """Return where modules of the package break a rule, but for those that are ``excused``: path -> why."""
    found = []
    for path in sorted((root / "pipeline").rglob("*.py")):
        name = path.relative_to(root).as_posix()
        if name not in excused:
            found += [f"{name}: {one}" for one in RULES[rule](ast.parse(path.read_text(encoding="utf-8")))]
    return found


def unused_excuses(root: Path, rule: str, excused: Mapping[str, str]) -> list[str]:
    """Return the excuses of modules that no longer need one."""
    return [name for name in excused if not RULES[rule](ast.parse((root / name).read_text(encoding="utf-8")))]
