"""Every sentence that a person reads, in Chinese and English.

The sentences live in gettext catalogs beside this module, one domain a room (``ingest.zh.po``, ``ingest.en.po`` ...);
a message is named by a dotted key and carries ``{named}`` placeholders.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

LANGUAGES = ("zh", "en")  # Chinese first: the managers' language (domain.md)
# One entry of a catalog; a text may go on in quotes on the lines that follow
_ENTRY = re.compile(r"""^msgid ((?:"[^\n]*"\n)+)msgstr ((?:"[^\n]*"(?:\n|\Z))+)""", re.MULTILINE)
_SPOKEN = re.compile(r"^[^#\n]", re.MULTILINE)  # a line that is neither empty nor a comment


class MissingText(KeyError):
    """Raised when a key has no sentence in the chosen language."""


@dataclass(frozen=True)
class Texts:
    """All messages of one language; call it with a key and the values of its placeholders."""

    lang: str
    messages: Mapping[str, str]

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the sentence ``key`` with its placeholders filled; raises `MissingText` for an unknown key."""
        if key not in self.messages:
            raise MissingText(f"no text {key!r} in language {self.lang!r}: add it to pipeline/texts/*.{self.lang}.po")
        return self.messages[key].format(**values)

    def has(self, key: str) -> bool:
        """Tell whether ``key`` has a sentence."""
        return key in self.messages


@cache
def load_texts(lang: str) -> Texts:
    """Read every domain of one language (``zh`` or ``en``); a key defined twice raises `ValueError`."""
    if lang not in LANGUAGES:
        raise ValueError(f"unknown language {lang!r}: expected one of {', '.join(LANGUAGES)}")
    messages: dict[str, str] = {}
    for file in sorted(resources.files(__package__).iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(f".{lang}.po"):
            continue
        add_entries(file.name, file.read_text(encoding="utf-8"), messages)
    return Texts(lang=lang, messages=messages)


def add_entries(name: str, catalog: str, messages: dict[str, str]) -> None:
    """Add key and sentence of every entry of a catalog, but its head, to ``messages``.

    Raises `ValueError` naming the file for a key that is there already, and for what is no entry.

    Of gettext's format, what our catalogs use: ``msgid`` and ``msgstr``. babel reads all of it, and takes ten times as
    long, which every program of ours would wait for; a test compares the two.
    """
    if _SPOKEN.search(_ENTRY.sub("", catalog)):
        raise ValueError(f"{name}: expected nothing but msgid and msgstr, each with a text in quotes")
    for lines in _ENTRY.findall(catalog):
        try:
            key, sentence = map(_unquoted, lines)
        except ValueError as error:
            raise ValueError(f"{name}: expected a text in quotes, with JSON's escapes, not {lines}") from error
        if key in messages:
            raise ValueError(f"{name}: the key {key!r} is defined twice")
        if key:
            messages[key] = sentence


def _unquoted(lines: str) -> str:
    """Return the text in the quotes; of gettext's escapes those that JSON has too."""
    return "".join(json.loads(line) for line in lines.split("\n") if line)
