"""Every sentence that a person reads, in Chinese and English.

The sentences live in gettext catalogs beside this module, one domain a room (``ingest.zh.po``, ``ingest.en.po`` ...);
a message is named by a dotted key and carries ``{named}`` placeholders.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

LANGUAGES = ("zh", "en")  # Chinese first: the managers' language (domain.md)


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
    from babel.messages.pofile import read_po  # imported here: a run that only compares hashes needs few texts

    if lang not in LANGUAGES:
        raise ValueError(f"unknown language {lang!r}: expected one of {', '.join(LANGUAGES)}")
    messages: dict[str, str] = {}
    for file in sorted(resources.files(__package__).iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(f".{lang}.po"):
            continue
        with file.open("rb") as stream:
            for message in read_po(stream, locale=lang):
                if not message.id:
                    continue
                if message.id in messages:
                    raise ValueError(f"{file.name}:{message.lineno}: the key {message.id!r} is defined twice")
                messages[str(message.id)] = str(message.string)
    return Texts(lang=lang, messages=messages)
