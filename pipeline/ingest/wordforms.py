"""Written forms brought together: half-width, without padding, and headers without their brackets."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from pipeline.ingest.files.grids import Cell, CellError

REMEMBERED = 2**14  # texts; recognition asks for the form of a cell many times, and the next file holds the same words
LONGEST_REMEMBERED = 64  # characters; longer texts are sentences, and seldom the same twice
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
_MINUS_SIGN, _HYPHEN = "−", "‐"  # NFKC keeps them apart from "-"
PIVOT_SUM = "求和项:"  # how a pivot table calls the sum of a column
_QUESTION_NUMBER = re.compile(r"^\d{1,2}[、.](?=[^\d、.])(?!月)")  # 1.5 is a day, and 1、2月 are months
_MARKS = re.compile(r"[*＊※†‡¹²³⁰⁴-⁹①-⑳]+")  # of footnotes; NFKC makes a digit of ¹
_DOTS = str.maketrans("•・‧●", "····")  # spellings of the dot in names such as 阿卜杜·某


def plain(text: str) -> str:
    """Return text in half-width form (NFKC) without white space around it."""
    if not text.isascii():
        if not unicodedata.is_normalized("NFKC", text):  # nearly all are, and stay the one object that they were
            text = unicodedata.normalize("NFKC", text)
        text = text.replace(_MINUS_SIGN, "-").replace(_HYPHEN, "-")
    return text.strip()


def compact(text: str) -> str:
    """Return text in half-width form without any white space: 合　计 is 合计."""
    return _short_compact(text) if len(text) <= LONGEST_REMEMBERED else "".join(plain(text).split())


@lru_cache(maxsize=REMEMBERED)
def _short_compact(text: str) -> str:
    return "".join(plain(text).split())


@lru_cache(maxsize=REMEMBERED)
def header_form(text: str) -> str:
    """Return a header as synonyms.csv writes it: compact, without bracketed parts, marks of footnotes, a last colon.

    落实决议(30) is 落实决议, and so are 落实决议¹ and 落实决议：; a pivot table's 求和项:销量 is 销量, and a
    questionnaire's 1、您的姓名 is 您的姓名. Whether a bracket makes another amount of a column, as in 销量(累计), is
    told once the column is known.
    """
    form = _BRACKETED.sub("", compact(_MARKS.sub("", text))).rstrip(":").removeprefix(PIVOT_SUM)
    return _QUESTION_NUMBER.sub("", form)


def brackets_of(text: str) -> tuple[str, ...]:
    """Return what stands in round or square brackets, compact: 真烟（条） gives ("条",)."""
    return tuple(part[1:-1] for part in _BRACKETED.findall(compact(text)))


def person_form(text: str) -> str:
    """Return a person's name without inner blanks and with one kind of dot: 张 三 is 张三."""
    return compact(text).translate(_DOTS)


def cell_text(cell: Cell | CellError) -> str:
    """Return a cell as a person would read it out: 3.0 is 3, midnight is left off a date, empty is ""."""
    if cell is None:
        return ""
    if isinstance(cell, CellError):
        return cell.code
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:  # beyond 15 digits a float is not exact
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell)
