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

# Words that say that one thing brings another about. The suite shows what moves together; it never says why.
CAUSAL_WORDS = {
    "zh": re.compile(
        "促进|促使|促成|带动|导致|推动|拉动|引起|引发|造成|使得|致使|因为|由于|归因|归功|得益于|有助于|有利于|有效提升"
        "|影响|带来|助推|助力|赋能|驱动|撬动|改善|提升|提高|增强了|作用于|起作用|见效"
    ),
    "en": re.compile(
        r"\b(caus(e|es|ed|ing|al|ation)|driv(e|es|en|ing)|drove|boost\w*|improv\w*|because|due to|owing to|thanks to"
        r"|leads? to|led to|leading to|result(s|ed|ing)? (in|from)|contribut\w*|promot\w*|foster\w*|effects?"
        r"|impact\w*|affect\w*|influenc\w*|bring(s|ing)? about|brought about|give(s|n)? rise to|stimulat\w*)\b",
        re.IGNORECASE,
    ),
}
# Where such a word may stand, and why; what is allowed is the phrase, never the word alone
ALLOWED_PHRASES = {
    "zh": {
        "不说明谁引起谁": "the denial itself",
        "不受影响": "of files and charts that stay as they are",
        "更正影响": "the name of the list of corrections: what they change in the points is arithmetic",
        "会受春节错位影响": "the calendar, where a comparison of months is warned against",
        "讨论往往正因为指标不好或到了旺季": "the warning that meetings follow results",
    },
    "en": {
        "Correlation is not causation": "the denial itself",
        "says nothing of cause": "the denial itself",
        "does not say which one leads to the other": "the denial itself",
        "are not affected": "of files and charts that stay as they are",
        "in effect": "of a rule book that is in force",
        "because a result is poor or a season begins": "the warning that meetings follow results",
        "while no result improved": "of results alone, whose direction the catalog knows",
    },
}

HAN = re.compile("[\u4e00-\u9fff]")
LATIN = re.compile("[A-Za-z]")
WORD = re.compile("[A-Za-z]{4,}")
PLACEHOLDER = re.compile(r"\{\w*\}")
# No sentences: a code, and units that have no English name (domain.md, section 4)
CODES = {"number.large_money_unit", "quantity.xiang", "quantity.tiao"}

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


def untranslated(catalogs: Catalogs) -> list[str]:
    """Sentences left in the other language: Chinese ones without a Chinese character, English ones mostly of them.

    English may quote what stands in a workbook (党小组); Chinese may be a code, a number or a sign.
    """
    broken = []
    for domain, by_language in catalogs.items():
        for key, sentence in by_language.get("zh", {}).items():
            if not HAN.search(sentence) and WORD.search(PLACEHOLDER.sub("", sentence)) and key not in CODES:
                broken.append(f"{domain}: {key} is not in zh: {sentence}")
        for key, sentence in by_language.get("en", {}).items():
            words = PLACEHOLDER.sub("", sentence)
            if key not in CODES and len(HAN.findall(words)) > len(LATIN.findall(words)):
                broken.append(f"{domain}: {key} is not in en: {sentence}")
    return broken


def causal(catalogs: Catalogs) -> list[str]:
    """Sentences of any domain with a causal word outside the allowed phrases."""
    broken = []
    for domain, by_language in catalogs.items():
        for language in LANGUAGES:
            for key, sentence in by_language.get(language, {}).items():
                rest = re.sub(r"\{\w+[^}]*\}", "", sentence)  # names of placeholders are no words
                for phrase in ALLOWED_PHRASES[language]:
                    rest = rest.replace(phrase, "")
                found = CAUSAL_WORDS[language].search(rest)
                if found:
                    broken.append(f"{domain}.{language}: {key} says {found.group()!r}")
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
