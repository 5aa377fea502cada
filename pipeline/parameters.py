"""`RunParameters`: the one typed contract of a run.

The notebooks' parameters cells, the command line and the manifest all come from it. It is checked before any kernel
starts, and importing it costs nothing, so that a run without work ends at once.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Self

from pipeline.texts import LANGUAGES, Texts

QUARTER_FORM = "2021Q4"
_QUARTER = re.compile(r"(?:19|20)\d{2}Q[1-4]")
_QUARTER_PARTS = re.compile(r"((?:19|20)\d{2})\D*([1-4])\D*")  # 2021-Q4, 2021q4, 2021年4季度
SIMILAR = 0.5  # difflib's ratio from which a name is worth suggesting: one or two typing errors in a short word


class SpokenError(Exception):
    """Raised to end a command with one paragraph in the reader's language: the key of a text and its values."""

    def __init__(self, key: str, /, **values: object) -> None:
        super().__init__(f"{key} {values}")
        self.key = key
        self.values = values

    def tell(self, texts: Texts) -> str:
        """Return the paragraph."""
        return texts(self.key, **self.values)


class ParameterError(SpokenError):
    """Raised when a parameter is wrong; its text says what was seen, what was expected, and the nearest valid value."""


@dataclass(frozen=True)
class RunParameters:
    """What one run of the notebooks is about; paths are as seen from the folder of the notebooks, or absolute.

    The defaults are those of the notebooks' parameters cells: the shipped sample bureau and its last quarter.
    """

    bureau_dir: str = "../data/raw/sample"  # the bureau's workbooks: read, never written
    quarter: str = "2021Q4"
    lang: str = "zh"
    processed_dir: str = "../data/processed/sample/2021Q4"  # tables of this bureau and quarter
    figures_dir: str = "../figures/sample/2021Q4"  # what people open, of this bureau and quarter

    @classmethod
    def from_mapping(cls, values: Mapping[str, object]) -> Self:
        """Return the parameters in ``values``; raises `ParameterError` for an unknown name or another type."""
        names = [field.name for field in fields(cls)]
        for name, value in values.items():
            if name not in names:
                raise ParameterError("parameter.unknown_name", seen=name, nearest=nearest(name, names))
            if not isinstance(value, str):
                raise ParameterError("parameter.not_text", name=name, seen=repr(value))
        return cls(**{name: str(value) for name, value in values.items()})

    def to_mapping(self) -> dict[str, str]:
        """Return the parameters by name, in the order of the parameters cells."""
        return asdict(self)

    def check(self, notebooks: Path) -> None:
        """Raise `ParameterError` unless everything that can be known without reading a workbook is right."""
        check_lang(self.lang)
        check_quarter(self.quarter)
        check_bureau(notebooks / self.bureau_dir)


def nearest(seen: str, valid: Iterable[str]) -> str:
    """Return the valid name most like ``seen``; all of them, joined, when none is alike."""
    valid = list(valid)
    folded = {_fold(name): name for name in valid}
    found = difflib.get_close_matches(_fold(seen), folded, n=1, cutoff=SIMILAR)
    return folded[found[0]] if found else ", ".join(valid)


def check_lang(lang: str) -> None:
    """Raise `ParameterError` unless ``lang`` is one of the languages."""
    if lang not in LANGUAGES:
        raise ParameterError("parameter.unknown_lang", seen=lang, valid=", ".join(LANGUAGES))


def check_quarter(quarter: str) -> None:
    """Raise `ParameterError` unless ``quarter`` is written as 2021Q4."""
    if _QUARTER.fullmatch(quarter):
        return
    parts = _QUARTER_PARTS.fullmatch(unicodedata.normalize("NFKC", quarter).strip())
    suggestion = f"{parts[1]}Q{parts[2]}" if parts else QUARTER_FORM
    raise ParameterError("parameter.bad_quarter", seen=quarter, nearest=suggestion)


def check_quarter_known(quarter: str, known: Iterable[str]) -> None:
    """Raise `ParameterError` unless ``quarter`` is one of those with data."""
    known = sorted(known)
    if not known:
        raise ParameterError("parameter.no_quarter_at_all", seen=quarter)
    if quarter not in known:
        closest = min(known, key=lambda other: abs(_count_quarters(other) - _count_quarters(quarter)))
        raise ParameterError(
            "parameter.quarter_without_data", seen=quarter, nearest=closest, first=known[0], last=known[-1]
        )


def check_bureau(folder: Path) -> None:
    """Raise `ParameterError` unless ``folder`` is a folder with a name of its own; names the nearest one beside it."""
    if folder.is_dir():
        if not folder.resolve().name:
            raise ParameterError("parameter.bureau_is_root", seen=folder)
        return
    if folder.is_file():
        raise ParameterError("parameter.bureau_is_file", seen=folder, nearest=folder.parent)
    home = folder.parent
    siblings = sorted(entry.name for entry in home.iterdir() if entry.is_dir()) if home.is_dir() else []
    alike = difflib.get_close_matches(folder.name, siblings, n=1, cutoff=SIMILAR)
    if alike:
        raise ParameterError("parameter.bureau_misspelt", seen=folder, nearest=home / alike[0])
    raise ParameterError("parameter.bureau_missing", seen=folder)


def _fold(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().replace("-", "_")


def _count_quarters(quarter: str) -> int:
    return int(quarter[:4]) * 4 + int(quarter[5])
