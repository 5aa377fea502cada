"""Rules about the sentences that people read.

Each function lists what breaks a rule, so that the rules can be tested themselves.
"""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter

from babel.messages.pofile import read_po

LANGUAGES = ("zh", "en")
DATA_SUFFIXES = {".csv", ".json", ".j2", ".html", ".js"}  # words in these name keys too

Catalogs = dict[str, dict[str, dict[str, str]]]  # domain -> language -> key -> sentence


def read_catalogs(folder: Path) -> Catalogs:
    """Every ``<domain>.<language>.po`` of a folder."""
    catalogs: Catalogs = {}
    for path in sorted(folder.glob("*.po")):
        domain, language, _ = path.name.rsplit(".", 2)
        with path.open("rb") as stream:
            sentences = {str(message.id): str(message.string) for message in read_po(stream) if message.id}
        catalogs.setdefault(domain, {})[language] = sentences
    return catalogs


def _placeholders(sentence: str) -> set[str] | None:
    """Names in braces, or None when the braces do not match."""
    try:
        return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}
    except ValueError:
        return None


def mismatches(catalogs: Catalogs) -> list[str]:
    """Keys of one language only, empty sentences, and placeholders that are unnamed or differ between languages."""
    broken = []
    for domain, by_language in catalogs.items():
        keys = {language: set(by_language.get(language, {})) for language in LANGUAGES}
        for key in sorted(keys["zh"] ^ keys["en"]):
            broken.append(f"{domain}: {key} is missing in {'en' if key in keys['zh'] else 'zh'}")
        for key in sorted(keys["zh"] & keys["en"]):
            sentences = [by_language[language][key] for language in LANGUAGES]
            names = [_placeholders(sentence) for sentence in sentences]
            if not all(sentence.strip() for sentence in sentences):
                broken.append(f"{domain}: {key} is empty")
            if any(found is None or any(not name.isidentifier() for name in found) for found in names):
                broken.append(f"{domain}: {key} has a brace that names nothing")
            elif names[0] != names[1]:
                broken.append(f"{domain}: {key} has other placeholders in en than in zh")
    return broken


@dataclass
class Uses:
    """How code and data name keys."""

    called: dict[str, str] = field(default_factory=dict)  # key -> where; written out in a call of texts(...)
    prefixes: set[str] = field(default_factory=set)  # of keys that a call of texts(f"prefix.{...}") puts together
    words: set[str] = field(default_factory=set)  # any other literal that may be a key or the end of one


def find_uses(paths: list[Path]) -> Uses:
    """Look through Python modules, notebooks, templates and data files."""
    uses = Uses()
    for path in paths:
        if path.suffix not in {".py", ".ipynb", *DATA_SUFFIXES}:
            continue
        source = path.read_text(encoding="utf-8")
        if path.suffix == ".py":
            _look_through_python(source, path.name, uses)
        elif path.suffix == ".ipynb":
            cells = (cell for cell in json.loads(source)["cells"] if cell["cell_type"] == "code")
            _look_through_python("\n".join("".join(cell["source"]) for cell in cells), path.name, uses)
        else:
            uses.called |= dict.fromkeys(re.findall(r"""\btexts\(\s*["']([^"']+)["']""", source), path.name)
            uses.words |= set(re.findall(r"[\w.-]+", source))
    return uses


def _look_through_python(source: str, name: str, uses: Uses) -> None:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            uses.words.add(node.value)
    for key in _text_keys(ast.parse(source)):
        if isinstance(key, ast.Constant):
            uses.called[str(key.value)] = f"{name}:{key.lineno}"
        elif isinstance(key, ast.JoinedStr) and isinstance(key.values[0], ast.Constant):
            uses.prefixes.add(str(key.values[0].value))


def _text_keys(tree: ast.AST) -> Iterator[ast.expr]:
    """First arguments of calls of ``texts``, ``self.texts``, ``texts.has`` ...; both branches of a choice."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and re.search(r"\btexts(\.has)?$", ast.unparse(node.func)):
            first = node.args[0]
            yield from (first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,)


def unknown(uses: Uses, keys: set[str]) -> list[str]:
    """Keys that a call names and no catalog has."""
    return [f"{where}: {key}" for key, where in sorted(uses.called.items()) if key not in keys]


def unused(uses: Uses, keys: set[str]) -> list[str]:
    """Keys that nothing names, whole or as prefix and end."""
    named = uses.words | uses.called.keys()
    return sorted(
        key
        for key in keys - named
        if not any(key.startswith(prefix) and key.removeprefix(prefix) in named for prefix in uses.prefixes)
    )
