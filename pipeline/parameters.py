"""`RunParameters`: the one typed contract of a run.

The notebooks' parameters cells, the command line and the manifest all come from it. It is checked before any kernel
starts, and importing it costs nothing, so that a run without work ends at once.
"""

import difflib
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Self

from pipeline.texts import LANGUAGES, Texts

QUARTER_FORM = "2021Q4"
_QUARTER = re.compile(r"(?:19|20)[0-9]{2}Q[1-4]")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_CHINESE_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
MONTHS_OF_A_QUARTER, QUARTERS_OF_A_YEAR = 3, 4
LONGEST_NUMBER = 4  # digits that are looked at for a month: Python itself refuses to read thousands of them
HIDDEN = (".", "~$")  # of Unix and LibreOffice; of Excel and WPS
SIMILAR = 0.5  # difflib's ratio from which a name is worth suggesting: one or two typing errors in a short word


class SpokenError(Exception):
    """Raised to end a command with one paragraph in the reader's language: the key of a text and its values."""

    exit_status = 3  # failed, nothing published (architecture.md); an error that means less says so

    def __init__(self, key: str, /, **values: object) -> None:
        super().__init__(key)  # what pickle makes it from again, in another process
        self.key = key
        self.values = values

    def __str__(self) -> str:
        return f"{self.key} {self.values}"

    def tell(self, texts: Texts) -> str:
        """Return the paragraph."""
        return texts(self.key, **self.values)


class ParameterError(SpokenError):
    """Raised when a parameter is wrong; its text says what was seen, what was expected, and the nearest valid value."""

    exit_status = 2  # wrong usage


class NoSuchQuarter(ParameterError):
    """Raised when a bureau has no data of the quarter that was asked for."""


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
    raise ParameterError("parameter.bad_quarter", seen=quarter, nearest=_nearest_quarter(quarter))


def normalise_quarter(quarter: str) -> str:
    """Return 2021Q4 for what differs from it in case, width or outer spaces (2021q4, ２０２１Ｑ４); the rest as it is.

    Anything else, such as 2021-4, may be a month: it is left for `check_quarter` to ask about.
    """
    plain = unicodedata.normalize("NFKC", quarter).strip().upper()
    return plain if _QUARTER.fullmatch(plain) else quarter


def check_quarter_known(quarter: str, known: Iterable[str]) -> None:
    """Raise `NoSuchQuarter` unless ``quarter`` is one of those with data."""
    known = sorted(known)
    if not known:
        raise NoSuchQuarter("parameter.no_quarter_at_all", seen=quarter)
    if quarter not in known:
        closest = min(known, key=lambda other: abs(_count_quarters(other) - _count_quarters(quarter)))
        raise NoSuchQuarter(
            "parameter.quarter_without_data", seen=quarter, nearest=closest, first=known[0], last=known[-1]
        )


def check_bureau(folder: Path) -> None:
    """Raise `ParameterError` unless ``folder`` is a folder with a name of its own; names the nearest one beside it."""
    if _is(Path.is_dir, folder):
        if not folder.resolve().name:
            raise ParameterError("parameter.bureau_is_root", seen=folder)
        return
    if _is(Path.is_file, folder):
        raise ParameterError("parameter.bureau_is_file", seen=folder, nearest=folder.parent)
    alike = nearest_beside(folder, only_folders=True)
    if alike:
        raise ParameterError("parameter.bureau_misspelt", seen=folder, nearest=alike)
    raise ParameterError("parameter.bureau_missing", seen=folder.absolute())  # where it was looked for


def nearest_beside(path: Path, *, only_folders: bool = False) -> Path | None:
    """Return what stands in the same folder under a name most like that of ``path``; None when nothing is alike.

    Hidden files and the lock files of spreadsheet programs are nobody's wish.
    """
    home = path.parent
    entries = sorted(home.iterdir()) if _is(Path.is_dir, home) else []
    names = [entry.name for entry in entries if entry.is_dir() or not only_folders]
    wanted = [name for name in names if not name.startswith(HIDDEN)]
    alike = difflib.get_close_matches(path.name, wanted, n=1, cutoff=SIMILAR)
    return home / alike[0] if alike else None


def _nearest_quarter(seen: str) -> str:
    """Return the valid quarter that ``seen`` most likely means; what it does not say is taken from `QUARTER_FORM`.

    One digit beside the year is a quarter (2021-4, 4季度2021), two are a month (2021-10); 5 to 9 become 4.
    """
    plain = unicodedata.normalize("NFKC", seen).translate(_CHINESE_DIGITS)
    year = _YEAR.search(plain)
    numbers = re.findall(r"[0-9]+", _YEAR.sub(" ", plain, count=1))
    if not numbers:
        number = int(QUARTER_FORM[-1])
    elif len(numbers[-1]) == 1:
        number = int(numbers[-1])
    else:
        number = math.ceil(int(numbers[-1][:LONGEST_NUMBER]) / MONTHS_OF_A_QUARTER)
    return f"{year[0] if year else QUARTER_FORM[:4]}Q{min(max(number, 1), QUARTERS_OF_A_YEAR)}"


def _is(kind: Callable[[Path], bool], path: Path) -> bool:
    """Tell whether a path is a folder (or a file); one that no disk could hold, such as a name too long, is neither."""
    try:
        return kind(path)
    except (OSError, ValueError):
        return False


def _fold(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().replace("-", "_")


def _count_quarters(quarter: str) -> int:
    return int(quarter[:4]) * 4 + int(quarter[5])
